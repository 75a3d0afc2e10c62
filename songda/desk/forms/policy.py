"""A court's settings as a form: one table of settings with the words people use for them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms

from songda.courts.policy import Policy, Problem
from songda.courts.retention import PERIODS
from songda.gateways import people
from songda.law.facts import NOTICE_MEDIA

RUNGS = {
    "electronic": "电子送达",
    "find": "协查找人",
    "postal": "邮寄送达",
    "field": "上门送达",
    "notice": "公告送达",
}
ACCESS = {
    "link": "仅凭链接",
    "link_and_code": "链接加验证码",
    "link_and_identity": "链接、验证码加证件号码",
}
SOURCES = {code: kind.name for code, kind in people.SOURCES.items()}
NOTICE_IN = NOTICE_MEDIA
APPROVALS = {"phone": "查手机号码", "address": "查地址"}
NUMBER_ON_REQUEST = {
    "each_case": "逐案由法官授权后提供",
    "standing": "在概括批准范围内提供",
    "never": "不提供",
}
CONSENT_BY = {"robot": "机器外呼", "clerk": "人工电话", "both": "先机器外呼，未果转人工"}
ACCOUNT_TURN = {"after": "同等级的电话、邮箱之后", "among": "与电话、邮箱一起按可信度先后", "never": "不使用"}
CUSTODY = {"site": "打印点自行封装交寄", "scan": "逐件扫描核页、封装、交接"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its words, its unit, and its choices where it has any."""

    name: str
    group: str
    label: str
    unit: str = ""
    choices: Mapping[str, str] | None = None
    many: bool = False


SETTINGS = (
    Setting("ladder", "递进方案", "依次采用的方式", choices=RUNGS, many=True),
    Setting("consent_by", "电子送达", "征询同意", choices=CONSENT_BY),
    Setting("contact_within_minutes", "电子送达", "受理后首次联系", "分钟内"),
    Setting("calls", "电子送达", "电话联系次数", "次"),
    Setting("calls_over_days", "电子送达", "分布在", "天内"),
    Setting("calls_a_day", "电子送达", "同一号码每天最多", "次"),
    Setting("calls_from_hour", "电子送达", "打电话不早于", "时"),
    Setting("calls_until_hour", "电子送达", "打电话不晚于", "时"),
    Setting("call_held_minutes", "电子送达", "接手的电话保留", "分钟"),
    Setting("resends", "电子送达", "同一联系方式最多重发", "次"),
    Setting("resend_gap_minutes", "电子送达", "两次重发至少间隔", "分钟"),
    Setting("sms_segments", "电子送达", "一条短信最多计费", "条"),
    Setting("wait_for_opening_days", "电子送达", "等待查阅", "天"),
    Setting("account_turn", "电子送达", "微信等账号", choices=ACCOUNT_TURN),
    Setting("access_level", "电子送达", "查阅文书的验证", choices=ACCESS),
    Setting("law_firm_link", "电子送达", "短信附律师送达软件可用的链接"),
    Setting("access_tries", "电子送达", "验证最多输错", "次"),
    Setting("access_lock_minutes", "电子送达", "输错后锁定", "分钟"),
    Setting("link_valid_days", "电子送达", "链接有效", "天"),
    Setting("inquiry_minutes", "协查找人", "信息平台答复时限", "分钟"),
    Setting("inquiry_sources", "协查找人", "询问哪些平台", choices=SOURCES, many=True),
    Setting("standing_approval", "协查找人", "已概括批准的查询", choices=APPROVALS, many=True),
    Setting("each_case_sources", "协查找人", "须逐案授权的平台", choices=SOURCES, many=True),
    Setting("number_on_request", "协查找人", "平台凭加密值匹配不到、要求证件号码时", choices=NUMBER_ON_REQUEST),
    Setting("authorisation_valid_days", "协查找人", "逐案授权有效", "天"),
    Setting("answers_kept_days", "协查找人", "平台答复保存", "天"),
    Setting("recognise_across_cases", "协查找人", "使用同一人在本院其他案件中已核实的联系方式"),
    Setting("addresses_to_try", "邮寄送达", "最多邮寄几个地址", "个"),
    Setting("mail_custody", "邮寄送达", "打印后交寄", choices=CUSTODY),
    Setting("handover_within_days", "邮寄送达", "扫描交接应在打印后", "天内"),
    Setting("carrier_silence_days", "邮寄送达", "多久没有投递信息即报警", "天"),
    Setting("result_complete_days", "邮寄送达", "妥投后回执应齐全", "天内"),
    Setting("visits", "上门送达", "上门次数", "次"),
    Setting("visit_within_days", "上门送达", "每次上门应在", "天内"),
    Setting("counter_keep_days", "窗口领取", "约定领取的文书保留", "天"),
    Setting("courier_silence_minutes", "上门送达", "投递员过了计划时间多久无报告即报警", "分钟"),
    Setting("notice_in", "公告送达", "公告载体", choices=NOTICE_IN, many=True),
    Setting("approval_within_days", "公告送达", "法官审批", "天内"),
    Setting("notice_first_recheck_day", "公告送达", "公告期间第一次再查，在第", "天"),
    Setting("notice_second_recheck_day", "公告送达", "公告期间第二次再查，在第", "天"),
    Setting("work_item_days", "人工办理", "待办时限", "天"),
    Setting("weekends_are_days_off", "期间", "普通周末算作法定休假日（民事诉讼法第八十五条）"),
    Setting("brief_days_ahead", "每日简报", "提前说开庭、公告期满、上诉期届满", "天"),
    Setting("brief_by_mail", "每日简报", "简报另发邮件（只含件数和链接，不含案件和个人信息）"),
    Setting("sm2", "存证", "检查点加国密签名"),
    Setting("uploads_kept_days", "文件保存（案件办结后，0为永久保存）", "传上来而没有用上的文件保留", "天"),
    *(Setting(one.setting, "文件保存（案件办结后，0为永久保存）", one.label, "年") for one in PERIODS),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def _field(setting: Setting, default: Any) -> forms.Field:
    if setting.many:
        choices = list((setting.choices or {}).items())
        return forms.MultipleChoiceField(
            label=setting.label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
        )
    if setting.choices:
        return forms.ChoiceField(label=setting.label, choices=list(setting.choices.items()))
    if isinstance(default, bool):
        return forms.BooleanField(label=setting.label, required=False)
    return forms.IntegerField(label=setting.label, help_text=setting.unit, min_value=0, max_value=3650)


class PolicyForm(forms.Form):
    """All settings of a court; what the law bars is said at the setting, with the article."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = asdict(Policy())
        self.fields.update({one.name: _field(one, default[one.name]) for one in SETTINGS})

    @staticmethod
    def from_policy(policy: Policy) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(policy).items()}

    def settings(self, current: Policy) -> dict[str, Any]:
        """What to store: what was typed, over what no field here asks about."""
        return self.from_policy(current) | self.cleaned_data

    def refuse(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add_error(
                problem.setting if problem.setting in self.fields else None, f"{problem.why}（{problem.basis}）"
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        groups: dict[str, list[forms.BoundField]] = {}
        for setting in SETTINGS:
            groups.setdefault(setting.group, []).append(self[setting.name])
        return list(groups.items())


def show(policy: Policy) -> list[tuple[str, list[tuple[str, str]]]]:
    """A policy in words, group by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, value in asdict(policy).items():
        if setting := _BY_NAME.get(name):
            groups.setdefault(setting.group, []).append((setting.label, _words(setting, value)))
    return list(groups.items())


def _words(setting: Setting, value: Any) -> str:
    choices = setting.choices or {}
    if isinstance(value, tuple | list):
        joint = " → " if setting.name == "ladder" else "、"
        return joint.join(str(choices.get(one, one)) for one in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return choices.get(value) or f"{value} {setting.unit}".strip()
