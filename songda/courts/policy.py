"""A court's own settings for the ladder: data, with the house's defaults, checked against the law.

The law says what may be done; a policy only says in which order, how long to wait and how often to try. A policy
that would allow what the law bars is refused with the article (see `problems`).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any

from songda.courts.retention import PERIODS, Period

RUNGS = ("electronic", "find", "postal", "field", "notice")
ACCOUNT_TURNS = ("after", "among", "never")
NUMBER_ON_REQUEST = ("standing", "each_case", "never")
ACCESS_LEVELS = ("link", "link_and_code", "link_and_identity")
# A form that a clerk left open may name its files for a day.
FEWEST_UPLOAD_DAYS = 2


@dataclass(frozen=True, slots=True)
class Policy:
    """All of a court's settings. Hours and days are the platform's time."""

    ladder: tuple[str, ...] = RUNGS
    # 电子
    consent_by: str = "robot"  # robot | clerk | both: who calls to ask for consent; both: the robot first, then people
    contact_within_minutes: int = 5
    calls: int = 3
    calls_over_days: int = 2
    calls_a_day: int = 2
    # 只在此时段打电话（北京时间，整点）
    calls_from_hour: int = 8
    calls_until_hour: int = 21
    # 一通电话由谁打，保留多久
    call_held_minutes: int = 10
    # 同一联系方式最多重发几次、两次之间至少隔多久；一条短信最多计费几条
    resends: int = 2
    resend_gap_minutes: int = 120
    sms_segments: int = 5
    wait_for_opening_days: int = 3
    # 账号（微信等）何时使用：after 同等级的电话、邮箱之后 | among 与其一起按可信度先后 | never 不用
    account_turn: str = "after"
    access_level: str = "link_and_code"
    # 短信是否另附律师软件所用的链接
    law_firm_link: bool = False
    access_tries: int = 5
    access_lock_minutes: int = 30
    link_valid_days: int = 30
    # 协查
    inquiry_minutes: int = 10
    inquiry_sources: tuple[str, ...] = (
        "telecom_a",
        "telecom_b",
        "telecom_c",
        "household",
        "market_register",
        "post_addresses",
        "earlier_services",
    )
    # 已概括批准的查询；其余以及下列平台须逐案授权
    standing_approval: tuple[str, ...] = ("phone", "address")
    each_case_sources: tuple[str, ...] = ("household",)
    # 平台凭加密值匹配不到、要求证件号码时：standing 在概括批准范围内提供 | each_case 逐案授权 | never 不提供
    number_on_request: str = "each_case"
    authorisation_valid_days: int = 90
    # 平台答复保存多久；到期清空内容，保留记录
    answers_kept_days: int = 90
    # 同一人在本院其他案件中已核实的联系方式可否使用
    recognise_across_cases: bool = True
    # 邮寄
    carrier_silence_days: int = 5
    result_complete_days: int = 7
    addresses_to_try: int = 2
    # 交寄的保管：site 打印点自行封装交寄；scan 逐件扫描核页、封装、交接
    mail_custody: str = "site"
    handover_within_days: int = 1
    # 外送
    visits: int = 2
    visit_within_days: int = 2
    # 投递员过了计划到达时间多久没有报告即报警
    courier_silence_minutes: int = 60
    # 窗口：约定到窗口领取的，文书保留几天
    counter_keep_days: int = 7
    # 公告
    notice_in: tuple[str, ...] = ("network",)
    approval_within_days: int = 2
    # 公告期间第几天再次协查
    notice_first_recheck_day: int = 10
    notice_second_recheck_day: int = 20
    # 人工
    work_item_days: int = 1
    # 期间：普通周末是否属于法定休假日（民事诉讼法第八十五条）
    weekends_are_days_off: bool = True
    # 每日简报：提前几天说开庭、公告期满、上诉期届满；是否另发邮件（只含件数和链接）
    brief_days_ahead: int = 10
    brief_by_mail: bool = False
    # 存证：检查点是否加国密签名
    sm2: bool = False
    # 投递员、书记员传上来而没有用上的文件，保留多少天
    uploads_kept_days: int = 7
    # 案件全部办结后，各类文件保存多少年；0为永久保存（courts/retention.py）
    keep_copies_years: int = 0
    keep_recordings_years: int = 0
    keep_pictures_years: int = 0
    # 联络留言及附件；0为随卷宗材料
    keep_conversations_years: int = 0
    keep_records_years: int = 0

    def years(self, period: Period) -> int:
        """How long files of this class are kept after the end of their case; 0 for good."""
        return int(getattr(self, period.setting) or getattr(self, period.otherwise, 0))

    def hours(self, name: str) -> timedelta:
        """A setting that counts minutes or days, as a length of time."""
        value = int(getattr(self, name))
        return timedelta(minutes=value) if name.endswith("minutes") else timedelta(days=value)


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that cannot stand: its name, why, and the article or the house rule behind it."""

    setting: str
    why: str
    basis: str


def _order(policy: Policy) -> bool:
    return "notice" not in policy.ladder or policy.ladder[-1] == "notice"


def _kept_long_enough(period: Period) -> Callable[[Policy], bool]:
    return lambda policy: getattr(policy, period.setting) == 0 or getattr(policy, period.setting) >= period.fewest


# setting, holds when, why, basis
_RULES: tuple[tuple[str, Callable[[Policy], bool], str, str], ...] = (
    *(
        (
            one.setting,
            _kept_long_enough(one),
            f"{one.label}至少保存{one.fewest}年；0为永久保存",
            one.because.code,
        )
        for one in PERIODS
    ),
    ("ladder", lambda p: set(p.ladder) <= set(RUNGS), "递进方案含有未知环节", "系统规则"),
    ("ladder", lambda p: len(set(p.ladder)) == len(p.ladder), "递进方案环节重复", "系统规则"),
    ("ladder", _order, "公告送达只能在其他方式无法送达之后", "民事诉讼法第九十五条"),
    (
        "ladder",
        lambda p: "notice" not in p.ladder or {"postal", "field"} & set(p.ladder) != set(),
        "公告之前须有直接或者邮寄送达",
        "民事诉讼法第九十五条",
    ),
    ("access_level", lambda p: p.access_level in ACCESS_LEVELS, "未知的查阅级别", "系统规则"),
    (
        "consent_by",
        lambda p: p.consent_by in {"robot", "clerk", "both"},
        "征询同意的方式只能是机器外呼、人工，或者先机器后人工",
        "系统规则",
    ),
    ("calls", lambda p: 1 <= p.calls <= 10, "电话联系次数须在1至10次之间", "系统规则"),
    ("calls_a_day", lambda p: 1 <= p.calls_a_day <= 5, "每天拨打同一号码须在1至5次之间", "系统规则"),
    (
        "calls_from_hour",
        lambda p: 7 <= p.calls_from_hour < p.calls_until_hour <= 22,
        "打电话的时段须在7时至22时之间，不得扰人休息",
        "民法典第一千零三十三条",
    ),
    (
        "account_turn",
        lambda p: p.account_turn in ACCOUNT_TURNS,
        "账号只能在电话、邮箱之后使用，与其一起按可信度使用，或者不使用",
        "系统规则",
    ),
    (
        "uploads_kept_days",
        lambda p: FEWEST_UPLOAD_DAYS <= p.uploads_kept_days <= 90,
        "没有用上的文件须保留2至90天",
        "个人信息保护法第十九条",
    ),
    ("call_held_minutes", lambda p: 2 <= p.call_held_minutes <= 60, "保留时间须在2至60分钟之间", "系统规则"),
    ("resends", lambda p: 0 <= p.resends <= 5, "重发次数须在0至5次之间", "系统规则"),
    ("resend_gap_minutes", lambda p: 10 <= p.resend_gap_minutes <= 2880, "重发间隔须在10分钟至2天之间", "系统规则"),
    ("sms_segments", lambda p: 1 <= p.sms_segments <= 10, "短信计费条数须在1至10条之间", "系统规则"),
    ("access_tries", lambda p: 3 <= p.access_tries <= 10, "验证次数须在3至10次之间", "系统规则"),
    (
        "inquiry_minutes",
        lambda p: 1 <= p.inquiry_minutes <= 60,
        "协查时限须在1至60分钟之间",
        "系统规则",
    ),
    (
        "number_on_request",
        lambda p: p.number_on_request in NUMBER_ON_REQUEST,
        "平台要求证件号码时，只能是概括批准、逐案授权或者不提供",
        "个人信息保护法第六条",
    ),
    (
        "answers_kept_days",
        lambda p: 1 <= p.answers_kept_days <= 1095,
        "协查答复的保存期限须为实现目的所必要的最短时间，最长三年",
        "个人信息保护法第十九条",
    ),
    (
        "authorisation_valid_days",
        lambda p: 1 <= p.authorisation_valid_days <= 180,
        "协查授权有效期须在1至180天之间",
        "个人信息保护法第三十四条",
    ),
    (
        "notice_second_recheck_day",
        lambda p: 1 <= p.notice_first_recheck_day < p.notice_second_recheck_day <= 60,
        "公告期间两次再查的日子须先后分开，在1至60天之间",
        "系统规则",
    ),
    ("mail_custody", lambda p: p.mail_custody in {"site", "scan"}, "交寄方式只能是打印点自理或者扫描交接", "系统规则"),
    ("handover_within_days", lambda p: 1 <= p.handover_within_days <= 7, "打印后交寄须在1至7天内", "系统规则"),
    ("counter_keep_days", lambda p: 1 <= p.counter_keep_days <= 30, "窗口保留天数须在1至30天之间", "系统规则"),
    ("brief_days_ahead", lambda p: 1 <= p.brief_days_ahead <= 60, "简报提前的天数须在1至60天之间", "系统规则"),
    (
        "courier_silence_minutes",
        lambda p: 15 <= p.courier_silence_minutes <= 480,
        "投递员无报告的报警时限须在15至480分钟之间",
        "系统规则",
    ),
    ("visits", lambda p: 1 <= p.visits <= 5, "上门次数须在1至5次之间", "系统规则"),
    ("addresses_to_try", lambda p: p.addresses_to_try >= 1, "至少邮寄一个地址", "民事诉讼法第九十五条"),
    (
        "notice_in",
        lambda p: bool(p.notice_in) and set(p.notice_in) <= {"board", "dwelling", "newspaper", "network"},
        "公告载体只能是公告栏、住所地、报纸、信息网络",
        "民诉法解释第一百三十八条",
    ),
)


def problems(policy: Policy) -> list[Problem]:
    """Everything that keeps this policy from standing; empty when it may be used."""
    return [Problem(name, why, basis) for name, holds, why, basis in _RULES if not holds(policy)]


class PolicyRefused(ValueError):
    """A policy that cannot stand, with all its problems."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("；".join(f"{one.why}（{one.basis}）" for one in found))
        self.problems = found


_TUPLES = frozenset(one.name for one in fields(Policy) if str(one.type).startswith("tuple"))


def read(data: Mapping[str, Any]) -> Policy:
    """A court's stored settings over the defaults. Raises PolicyRefused for unknown names or what cannot stand."""
    known = {one.name for one in fields(Policy)}
    unknown = [Problem(name, "没有这个设置项", "系统规则") for name in data if name not in known]
    if unknown:
        raise PolicyRefused(unknown)
    said: dict[str, Any] = {name: tuple(value) if name in _TUPLES else value for name, value in data.items()}
    policy = Policy(**said)
    if found := problems(policy):
        raise PolicyRefused(found)
    return policy


def differences(policy: Policy) -> dict[str, Any]:
    """Only what the court has decided differently from the house: what is stored."""
    default = asdict(Policy())
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(policy).items()
        if value != default[name]
    }
