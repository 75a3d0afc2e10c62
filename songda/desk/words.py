"""How steps, methods, facts and results are said to court and post: one table each, and no sentence without a fact.

Sent, reached, opened, signed, delivered and effective are different words and stay so. Only an outcome computed from
facts may say that service has taken effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from songda.gateways.people import SOURCES
from songda.gateways.reading import rows
from songda.law import facts as law
from songda.law.situation import ELECTRONIC_ADDRESSES
from songda.methods.plausible import CHECKS
from songda.papers.words import CHANNELS


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a badge (label, tone) and as the sentence of what happens next."""

    label: str
    tone: str
    next: str


STEPS: dict[str, Step] = {
    "accepted": Step("已受理", "info", "平台安排第一种送达方式"),
    "seeking_consent": Step("征询同意", "info", "电话征询是否同意电子送达"),
    "sending": Step("发出通知", "info", "向受送达人发出通知，等服务商回执"),
    "awaiting_opening": Step("等待查阅", "info", "等受送达人查阅；逾期转下一种方式"),
    "finding": Step("协查找人", "info", "等各信息平台答复，取最可信的联系方式"),
    "collecting": Step("等待领取", "info", "等受送达人到窗口领取；逾期转下一种方式"),
    "printing": Step("打印封装", "info", "打印点打印、核页、封装并交寄"),
    "mailing": Step("邮寄途中", "info", "等邮政投递信息；久无信息即报警"),
    "completing": Step("等待回执", "warn", "等回执影像和邮件结案；两者齐全才算数"),
    "visiting": Step("上门送达", "info", "投递员按计划上门"),
    "awaiting_approval": Step("待批公告", "warn", "法官审批公告送达"),
    "publishing": Step("待发公告", "warn", "公告交发布"),
    "noticed": Step("公告期内", "info", "等公告期满"),
    "by_letter": Step("转交或委托", "warn", "书记员办理转交、委托或者域外送达"),
    "needs_decision": Step("等待决定", "warn", "各种方式均已用尽，由法官决定"),
    "withheld": Step("待补正", "warn", "补齐法定要件，或者由法院审查确认"),
    "stopped": Step("已停止", "calm", "不再继续；需要时可以重新开启"),
    "served": Step("送达生效", "effect", "送达回证入卷"),
    "presumed_served": Step("推定生效", "effect", "送达回证入卷；可依法推翻"),
    "deemed_served": Step("视为送达", "effect", "送达回证入卷"),
    "not_served": Step("未能送达", "danger", "由法官决定后续程序"),
}
_UNKNOWN = Step("处理中", "calm", "平台正在安排")


def step(code: str) -> Step:
    return STEPS.get(code, _UNKNOWN)


METHODS: dict[str, str] = {
    "direct": "直接送达",
    "left_in_place": "留置送达",
    "electronic": "电子送达",
    "postal": "邮寄送达",
    "entrusted": "委托送达",
    "forwarded": "转交送达",
    "notice": "公告送达",
    "telephone": "电话送达",
    "field": "上门送达",
    "find": "协查找人",
}

# The seal's words (two lines), and the heading beside it.
RESULTS: dict[str, tuple[str, str]] = {
    "served": ("送达\n生效", "送达已经生效"),
    "presumed_served": ("推定\n生效", "推定送达已经生效"),
    "deemed_served": ("视为\n送达", "依法视为送达"),
    "not_served": ("未能\n送达", "未能送达"),
}


# A result in law that has not passed the check of what must be shown: nobody is told yet.
WITHHELD = ("待\n补正", "法定要件还没有齐全，结果暂不反馈")


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact's name for people, and on whose side it happened (court, post, recipient, machine)."""

    title: str
    side: str


FACTS: dict[str, FactWords] = {
    "order.accepted": FactWords("委托受理", "court"),
    "order.refused": FactWords("委托退回", "court"),
    "address.checked": FactWords("地址核验", "machine"),
    "address.confirmed": FactWords("确认送达地址", "recipient"),
    "inquiry.opened": FactWords("发起协查", "machine"),
    "inquiry.answered": FactWords("信息平台答复", "machine"),
    "inquiry.expired": FactWords("协查超时未答", "machine"),
    "inquiry.closed": FactWords("协查结束", "machine"),
    "inquiry.failed": FactWords("信息平台未能答复", "machine"),
    "inquiry.authority_asked": FactWords("报请协查授权", "machine"),
    "inquiry.authorised": FactWords("协查授权", "court"),
    "inquiry.authority_refused": FactWords("不予协查授权", "court"),
    "inquiry.letter_made": FactWords("制作协查函", "machine"),
    "inquiry.letter_fetched": FactWords("平台调取协查函", "machine"),
    "inquiry.number_wanted": FactWords("平台要求证件号码", "machine"),
    "inquiry.number_given": FactWords("向平台提供证件号码", "machine"),
    "inquiry.number_allowed": FactWords("准许提供证件号码", "court"),
    "inquiry.number_refused": FactWords("不提供证件号码", "court"),
    "recipient.identified": FactWords("补录证件号码", "court"),
    "inquiry.emptied": FactWords("保存期满，清空协查答复", "machine"),
    "contact.recalled": FactWords("调取本院既往已核实的联系方式", "machine"),
    "address.placed": FactWords("确定地址的行政区划", "court"),
    "address.retried": FactWords("决定再次投递同一地址", "court"),
    "notice.paused": FactWords("公告期间查得新线索，暂不认定", "machine"),
    "notice.upheld": FactWords("法官决定公告继续", "court"),
    "notice.withdrawn": FactWords("法官决定停止公告", "court"),
    "call.attempted": FactWords("电话联系", "post"),
    "call.served": FactWords("电话告知", "post"),
    "consent.given": FactWords("同意电子送达", "recipient"),
    "consent.refused": FactWords("不同意电子送达", "recipient"),
    "message.sent": FactWords("通知已发出", "machine"),
    "message.reached": FactWords("通知已到达手机或邮箱", "machine"),
    "message.failed": FactWords("通知未能到达", "machine"),
    "content.available": FactWords("文书已到达特定系统", "machine"),
    "content.opened": FactWords("文书被查阅", "recipient"),
    "recipient.acted": FactWords("受送达人作出回应或诉讼行为", "recipient"),
    "receipt.signed": FactWords("签收", "recipient"),
    "receipt.refused": FactWords("拒绝签收", "recipient"),
    "papers.printed": FactWords("文书已打印", "post"),
    "mail.ordered": FactWords("向邮政下单", "machine"),
    "mail.accepted": FactWords("邮件收寄", "post"),
    "mail.attempt_failed": FactWords("投递未妥投", "post"),
    "mail.held": FactWords("邮件留局待领", "post"),
    "mail.delivered": FactWords("投递员报告妥投", "post"),
    "mail.returned": FactWords("邮件退回", "post"),
    "mail.receipt_scanned": FactWords("收到回执影像", "post"),
    "mail.closed": FactWords("邮件结案", "post"),
    "mail.counted": FactWords("核页相符", "post"),
    "mail.miscounted": FactWords("核页不符", "post"),
    "papers.discarded": FactWords("作废重印", "post"),
    "mail.sealed": FactWords("装封", "post"),
    "mail.handed_over": FactWords("交接邮政", "post"),
    "mail.shelved": FactWords("退件入库", "post"),
    "mail.return_scanned": FactWords("投递局退回信息", "post"),
    "mail.given_back": FactWords("退件交还法院", "post"),
    "mail.looked_up": FactWords("查询邮件下落", "post"),
    "visit.planned": FactWords("安排上门", "post"),
    "visit.failed": FactWords("上门未果", "post"),
    "visit.left_in_place": FactWords("留置文书", "post"),
    "visit.broken_off": FactWords("投递员安全撤离，另行安排上门", "post"),
    "visit.questioned": FactWords("外送报告存疑，提请审查", "post"),
    "collection.appointed": FactWords("通知到庭领取", "court"),
    "refusal.noted": FactWords("在送达回证上注明拒签情况", "court"),
    "slip.printed": FactWords("打印凭条", "court"),
    "submission.received": FactWords("收到当事人提交的材料", "recipient"),
    "notice.drafted": FactWords("拟制公告", "machine"),
    "notice.approved": FactWords("法官批准公告", "court"),
    "notice.refused": FactWords("法官未批准公告", "court"),
    "notice.published": FactWords("公告发布", "court"),
    "notice.expired": FactWords("公告期满", "machine"),
    "service.effective": FactWords("送达生效", "court"),
    "service.rebutted": FactWords("推翻推定送达", "court"),
    "service.corrected": FactWords("更正", "court"),
    "service.stopped": FactWords("停止送达", "court"),
    "service.reopened": FactWords("重新开启", "court"),
    "service.repaired": FactWords("平台故障已排除", "machine"),
    "proof.issued": FactWords("出具送达回证", "machine"),
    "result.filed": FactWords("结果入卷", "court"),
    "rung.skipped": FactWords("跳过一种方式", "court"),
    "work.done": FactWords("办结待办", "court"),
    "work.opened": FactWords("产生待办", "machine"),
    "letter.prepared": FactWords("拟制函件", "machine"),
    "letter.sent": FactWords("函件寄出", "court"),
    "letter.failed": FactWords("函件途径未能送达", "court"),
    "route.chosen": FactWords("决定送达途径", "court"),
    "conformity.accepted": FactWords("法院审查确认", "court"),
    "private.revealed": FactWords("查看个人信息", "court"),
    "contact.added": FactWords("补充联系方式", "court"),
    "courtesy.sent": FactWords("告知信息已发出", "machine"),
    "courtesy.reached": FactWords("告知信息已到达", "machine"),
    "courtesy.failed": FactWords("告知信息未能到达", "machine"),
    "message.asked_again": FactWords("决定重发通知", "post"),
    "recording.added": FactWords("通话录音存卷", "post"),
    "contact.withdrawn": FactWords("停用联系方式", "court"),
    "procedure.converted": FactWords("转为普通程序", "court"),
    "irregularity.raised": FactWords("提出异常", "post"),
    "irregularity.answered": FactWords("答复异常", "post"),
    "irregularity.reopened": FactWords("重新提出异常", "post"),
    "correction.refused": FactWords("不同意更正", "court"),
    "file.kept": FactWords("文件入库", "machine"),
    "file.erased": FactWords("保存期满，删除文件，摘要仍在", "court"),
    "files.held": FactWords("采取文件保留措施", "court"),
    "files.released": FactWords("解除文件保留措施", "court"),
    "indicators.sealed": FactWords("月度指标封存", "machine"),
    "report.made": FactWords("出具统计报告", "machine"),
    "report.downloaded": FactWords("下载统计报告", "machine"),
}


def fact(name: str) -> FactWords:
    """The words of a fact; one this table does not know yet is shown by its own name, never hidden."""
    return FACTS.get(name, FactWords(name, "machine"))


# Values in a fact's detail, as people read them.
DETAIL_NAMES: dict[str, str] = {
    "how": "方式",
    "reason": "原因",
    "because": "退回原因",
    "signer": "签收人",
    "by": "拒收人",
    "via": "场合",
    "channel": "渠道",
    "answered": "接通",
    "witnesses": "见证人数",
    "recorded": "录音录像",
    "refused_by": "拒收人",
    "in": "公告载体",
    "last_day": "领取截止",
    "pronounced": "当庭宣判",
    "what": "材料",
    "source": "来源",
    "ground": "理由",
    "id_number_given": "登记证件号码",
    "pages": "页数",
    "purpose": "目的",
    "authority": "授权",
    "expected": "应有页数",
    "waybill": "邮件号",
    "manifest": "交接清单",
    "shelf": "存放位置",
    "new_scans": "新得信息",
    "signed": "报告签名一致",
    "accuracy_m": "定位误差（米）",
    "skew_seconds": "手机时钟快（秒）",
    "remarks": "核对提示",
}
# The law's own words for the values of a code; what it does not name is shown as it was told.
# Why a try failed: the carrier's reasons by their own table, then what networks and couriers say.
_REASONS = {
    **{row["reason"]: row["name_zh"] for row in rows("failure_reasons.csv")},
    "not_sent": "未能发出",
    "nobody_home": "无人在家",
    "unknown_there": "查无此人",
    "no_lawful_signer": "在场的人依法不能签收",
    "no_such_number": "空号",
    "no_such_address": "邮箱不存在",
    "no_such_account": "没有这个账号",
    "expired": "过期未读",
    "switched_off": "关机",
    "suspended": "停机",
    "unreachable": "无法接通",
    "opted_out": "已退订",
    "rejected": "被拒收",
    "undeliverable": "无法投递",
}
_VALUES: dict[str, Mapping[str, str]] = {
    "signer": law.SIGNERS,
    "by": law.SIGNERS,
    "refused_by": law.SIGNERS,
    "via": {**law.VIAS, "call": "电话"},
    "channel": CHANNELS,
    "source": {code: kind.name for code, kind in SOURCES.items()},
    "reason": {**_REASONS, **law.RETURN_REASONS},
    "because": law.RETURN_REASONS,
    "how": {**law.CONSENT_WAYS, **law.ACTS},
    "ground": law.REBUTTAL_GROUNDS,
    "in": law.NOTICE_MEDIA,
    "address": ELECTRONIC_ADDRESSES,
    "remarks": {code: check.words for code, check in CHECKS.items()},
}
_YES_NO = {True: "是", False: "否"}


def value(key: str, told: object) -> str:
    """One value of a fact's detail, for people."""
    if isinstance(told, bool):
        return _YES_NO[told]
    if isinstance(told, list):
        return "、".join(value(key, one) for one in told)
    return _VALUES.get(key, {}).get(str(told), str(told))


PERIODS: dict[str, str] = {"answer": "答辩期", "appeal": "上诉期", "objection": "异议期", "final": "裁判生效"}

# Why a person may look at what is masked: each choice is kept as a fact with the person on it.
REVEAL_REASONS = (
    "电话联系受送达人",
    "核对身份证件",
    "填写或核对邮件面单",
    "上门送达",
    "办理当事人来访",
    "审查送达情况",
)
