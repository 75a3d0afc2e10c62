"""Work items as data: what each kind asks of whom, which outcomes it may have, and which facts an outcome tells.

Pages and the API draw their forms from this table; `engine.actions.complete` is the only reader that acts on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from songda.courts.models import Role
from songda.law.facts import SIGNERS


@dataclass(frozen=True, slots=True)
class Field:
    """An input of an outcome. `kind`: text, long_text, yes_no, count, date, moment (past), moment_ahead, choice, files,
    recording."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    # Kept encrypted, apart from what the law reads.
    private: bool = False


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact that an outcome tells: fixed details, and details copied from the inputs."""

    name: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    label: str
    facts: tuple[FactOf, ...] = ()
    fields: tuple[Field, ...] = ()
    # What else happens: a name in engine.effects.EFFECTS.
    effect: str = ""


@dataclass(frozen=True, slots=True)
class WorkKind:
    label: str
    role: Role
    patience: timedelta
    question: str
    outcomes: Mapping[str, Outcome]


def signers(*codes: str) -> dict[str, str]:
    return {code: SIGNERS[code] for code in codes or SIGNERS}


_REASON = Field("reason", "理由", "long_text", private=True)
_REMARK = Field("remark", "备注", "long_text", required=False, private=True)
_SIGNER = Field("signer", "签收人", "choice", choices=signers())
_ID_GIVEN = Field("id_number_given", "已核对并填写证件号码", "yes_no", required=False)
_NAME = Field("name", "签收人姓名", private=True)
_PHOTOS = Field("photos", "照片", "files", required=False)
_RECORDED = Field("recorded", "已拍照、录像记录过程", "yes_no", required=False)
_WITNESSES = Field("witnesses", "见证人人数", "count", required=False)
_REFUSED_BY = Field(
    "refused_by",
    "拒收人",
    "choice",
    choices=signers("self", "co_resident_adult", "legal_representative", "principal", "mail_staff"),
)
_BY = replace(_REFUSED_BY, name="by")
# 民诉法解释第一百三十九条：公告送达起诉状、上诉状副本应当说明要点，送达裁判文书应当说明主要内容。
_GIST = Field("gist", "起诉要点或者裁判主要内容（写入公告）", "long_text", required=False)
_DAY = timedelta(days=1)
_NOTED = Outcome("已处理，继续等待", fields=(_REMARK,))

# What a person takes down of a call. An electronic address said there is the recipient's own giving; confirmed on a
# recorded call it is a confirmed one (在线诉讼规则第三十条、第三十一条).
_ON_TAPE = Field("recorded", "通话已全程录音", "yes_no", required=False)
_RECORDING = Field("recording", "通话录音（wav、mp3、m4a、ogg）", "recording", required=False)
IDENTITY = {
    "id_number": "报出证件号码后四位，与案卷一致",
    "case": "说得出案件的另一方和经过",
    "organisation": "报出单位名称、本人姓名和职务",
}
_HOW_KNOWN = Field("identity", "怎样核对身份", "choice", required=False, choices=IDENTITY)
_CONFIRMED = Field("address_confirmed", "本人在录音中确认用本号码接收电子送达", "yes_no", required=False)
_EMAIL = Field("email", "另报的电子邮箱", required=False, private=True)
_OTHER_PHONE = Field("phone", "另报的手机号码", required=False, private=True)


def _call_came_to(answered: bool, outcome: str, answer: str = "", **more: Any) -> FactOf:  # noqa: FBT001
    """A call as the robot's reports tell it too: what happened on the line, and what was said."""
    fixed = {"answered": answered, "outcome": outcome, **({"answer": answer} if answer else {}), **more}
    return FactOf("call.attempted", fixed, ("again_at", "identity"))


# In the order of the keys 1 to 9.
_CALL = WorkKind(
    "电话征询电子送达",
    Role.ELECTRONIC,
    timedelta(minutes=5),
    "请致电受送达人，说明来意，征询是否同意电子送达。",
    {
        "consented": Outcome(
            "同意电子送达",
            (
                _call_came_to(True, "answered", "agree"),
                FactOf("consent.given", {"how": "stated", "via": "call"}, ("recorded", "address_confirmed")),
            ),
            (_HOW_KNOWN, _ON_TAPE, _CONFIRMED, _OTHER_PHONE, _EMAIL, _RECORDING, _REMARK),
            effect="note_ways",
        ),
        "refused": Outcome(
            "不同意电子送达",
            (_call_came_to(True, "answered", "decline"), FactOf("consent.refused", {"via": "call"}, ("recorded",))),
            (_HOW_KNOWN, _ON_TAPE, _RECORDING, _REMARK),
        ),
        "no_answer": Outcome("无人接听", (_call_came_to(False, "no_answer"),), (_REMARK,)),
        "busy": Outcome("占线、拒接或者关机", (_call_came_to(False, "busy"),), (_REMARK,)),
        "dead_number": Outcome("空号", (_call_came_to(False, "no_such_number"),), (_REMARK,)),
        "call_later": Outcome(
            "约定时间再打",
            (_call_came_to(True, "answered", "call_later"),),
            (Field("again_at", "约定的时间", "moment_ahead"), _HOW_KNOWN, _RECORDING, _REMARK),
        ),
        "new_number": Outcome(
            "接电话的人告知新号码",
            (_call_came_to(True, "answered", "new_number"),),
            (Field("phone", "新的手机号码", private=True), _RECORDING, _REMARK),
            effect="note_ways",
        ),
        "unclear": Outcome(
            "接通，没有表态或者中途挂断", (_call_came_to(True, "answered", "unclear"),), (_RECORDING, _REMARK)
        ),
        "wrong_person": Outcome(
            "不是本人",
            (_call_came_to(True, "answered", "wrong_person", wrong_person=True),),
            (_REMARK,),
            effect="withdraw_contact",
        ),
    },
)

_REPAIR = WorkKind(
    "号码待修复",
    Role.ELECTRONIC,
    timedelta(hours=4),
    "号码打不通或者收不到通知。请核对卷宗，改正抄写错误，或者停用。原来的尝试都保留。",
    {
        "repaired": Outcome(
            "改正号码",
            fields=(Field("phone", "正确的号码", private=True), _REMARK),
            effect="repair_number",
        ),
        "right": Outcome("号码无误，留待以后再试", fields=(_REMARK,)),
        "unusable": Outcome("停用该号码", fields=(_REASON,), effect="set_aside"),
    },
)

_VISIT = WorkKind(
    "上门送达",
    Role.COURIER,
    timedelta(days=2),
    "请按计划时间上门，如实记录经过；拒收的，依法留置并拍照录像或者请见证人到场。",
    {
        "handed_over": Outcome(
            "已签收",
            (FactOf("receipt.signed", {"via": "visit"}, ("signer", "id_number_given")),),
            (_SIGNER, _NAME, _ID_GIVEN, _PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "left_in_place": Outcome(
            "拒收，已留置",
            (FactOf("visit.left_in_place", {}, ("refused_by", "witnesses", "recorded")),),
            (_REFUSED_BY, _WITNESSES, _RECORDED, _PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "refused": Outcome(
            "拒收，未留置",
            (FactOf("receipt.refused", {"via": "visit"}, ("by", "recorded")),),
            (_BY, _RECORDED, _PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "no_lawful_signer": Outcome(
            "在场的人依法不能签收，未交付",
            (FactOf("visit.failed", {"because": "other", "reason": "no_lawful_signer"}),),
            (_PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "wrong_address": Outcome(
            "找不到该地址",
            (FactOf("visit.failed", {"because": "wrong_address", "reason": "wrong_address"}),),
            (_PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "nobody": Outcome(
            "无人在家",
            (FactOf("visit.failed", {"because": "other", "reason": "nobody_home"}),),
            (_PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "moved": Outcome(
            "已搬离",
            (FactOf("visit.failed", {"because": "moved_unreported", "reason": "moved"}),),
            (_PHOTOS, _REMARK),
            effect="end_visit",
        ),
        "unknown_there": Outcome(
            "查无此人",
            (FactOf("visit.failed", {"because": "untraceable", "reason": "unknown_there"}),),
            (_PHOTOS, _REMARK),
            effect="end_visit",
        ),
    },
)

_SAFETY = WorkKind(
    "投递员安全撤离",
    Role.FIELD,
    timedelta(0),
    "投递员已离开现场。请立即电话确认人身安全，必要时报警；再决定这次上门怎样安排。撤离不算一次上门。",
    {
        "again": Outcome("人已平安，另行安排上门", fields=(_REMARK,), effect="visit_again"),
        "escorted": Outcome(
            "人已平安，改由两人以上或者法警陪同",
            fields=(Field("reason", "怎样安排", "long_text", private=True),),
            effect="visit_again",
        ),
    },
)

_COURIER_SILENT = WorkKind(
    "投递员超时未报告",
    Role.FIELD,
    timedelta(minutes=15),
    "投递员在计划到达之后很久没有报告。请立即电话联系；联系不上的，按单位规定派人查找。",
    {
        "reached": Outcome("已联系上，平安", fields=(_REMARK,)),
        "searched": Outcome("联系不上，已派人查找", fields=(_REASON,)),
    },
)

_VISIT_REVIEW = WorkKind(
    "外送报告核对",
    Role.FIELD,
    _DAY,
    "报告中有与计划、位置、时间或者法律不相符的地方。报告已照实记为事实；请向投递员核实。",
    {
        "confirmed": Outcome("核对属实", fields=(_REASON,)),
        "questioned": Outcome("存疑，提请法院审查", (FactOf("visit.questioned"),), (_REASON,)),
    },
)

_APPROVAL = WorkKind(
    "公告送达审批",
    Role.JUDGE,
    timedelta(days=2),
    "请核对其他方式是否已经穷尽，审批公告送达。",
    {
        "approved": Outcome("批准公告送达", fields=(_GIST,), effect="approve_notice"),
        "refused": Outcome("不批准，退回继续查找", (FactOf("notice.refused"),), (_REASON,), effect="look_again"),
    },
)

_AUTHORITY = WorkKind(
    "协查授权",
    Role.JUDGE,
    timedelta(days=2),
    "所列平台须逐案授权方可查询。请审查目的、依据和范围是否必要。",
    {
        "granted": Outcome("授权查询", fields=(_REASON,), effect="grant_inquiry"),
        "refused": Outcome("不予授权", (FactOf("inquiry.authority_refused"),), (_REASON,)),
    },
)

_NUMBER = WorkKind(
    "向平台提供证件号码",
    Role.JUDGE,
    _DAY,
    "平台凭加密值匹配不到受送达人，要求提供证件号码。请审查是否必要；授权后平台即以证件号码再次询问。",
    {
        "granted": Outcome("授权提供", fields=(_REASON,), effect="grant_number"),
        "refused": Outcome("不予提供", (FactOf("inquiry.number_refused"),), (_REASON,)),
    },
)

_IDENTITY = WorkKind(
    "补录证件号码",
    Role.CLERK,
    _DAY,
    "平台须凭证件号码查询，案件中没有登记。请向当事人或者在卷材料查明后补录，平台随即再次询问。",
    {
        "given": Outcome("补录", fields=(Field("id_number", "证件号码", private=True),), effect="give_id_number"),
        "unknown": Outcome("无法查明", (FactOf("inquiry.number_refused"),), (_REASON,)),
    },
)

_NOTICE_FINDING = WorkKind(
    "公告期间发现新线索",
    Role.JUDGE,
    _DAY,
    "公告期间查得新的联系方式或者地址，公告送达暂不认定。请决定是否停止公告、改用新线索送达。",
    {
        "withdraw": Outcome("停止公告，按新线索送达", (FactOf("notice.withdrawn"),), (_REASON,), effect="stop_notice"),
        "uphold": Outcome("新线索不可用，公告继续", (FactOf("notice.upheld"),), (_REASON,), effect="uphold_notice"),
    },
)

_DECIDE = WorkKind(
    "送达方式决定",
    Role.JUDGE,
    timedelta(days=7),
    "各环节均未能送达，请决定下一步。",
    {
        "new_address": Outcome(
            "补充新的地址",
            fields=(Field("address", "地址", private=True),),
            effect="add_address",
        ),
        "new_phone": Outcome("补充新的电话", fields=(Field("phone", "电话", private=True),), effect="add_phone"),
        "entrust": Outcome("委托其他法院送达", (FactOf("route.chosen", {"route": "entrusted"}),), (_REASON,)),
        "converted": Outcome("已转为普通程序", fields=(_REASON,), effect="convert_procedure"),
        "give_up": Outcome("终止送达", (FactOf("service.stopped"),), (_REASON,)),
    },
)

_LETTER = WorkKind(
    "函件送达",
    Role.CLERK,
    timedelta(days=7),
    "请核对并寄出函件，收到回证后登记结果。",
    {
        "signed": Outcome(
            "已收到签收回证",
            (FactOf("receipt.signed", {}, ("signer", "via")),),
            (
                Field("via", "途径", "choice", choices={"forwarded": "转交", "entrusted": "委托"}),
                _SIGNER,
                Field("happened_at", "签收时间", "moment"),
                _REMARK,
            ),
        ),
        "failed": Outcome("未能送达，退回", (FactOf("letter.failed"),), (_REASON,)),
        "sent": Outcome("函件已寄出，等待回证", (FactOf("letter.sent"),), (_REMARK,)),
    },
)

_INCOMPLETE = WorkKind(
    "邮件结果不完整",
    Role.MAIL,
    _DAY,
    "邮件已妥投，但回执影像或者结案信息未到。请向投递局索要并补录。",
    {
        "receipt": Outcome(
            "已补录回执",
            (
                FactOf("mail.receipt_scanned", {}, ("signer", "id_number_given")),
                FactOf("mail.closed"),
            ),
            (_SIGNER, _NAME, _ID_GIVEN, Field("photos", "回执影像", "files"), _REMARK),
        ),
        "lost": Outcome("邮件丢失，按未送达处理", (FactOf("mail.returned", {"because": "other"}),), (_REASON,)),
        "noted": _NOTED,
    },
)

_SILENT = WorkKind(
    "邮件长时间无信息",
    Role.MAIL,
    _DAY,
    "投递局已多日没有反馈，请查询邮件下落。",
    {
        "noted": _NOTED,
        "lost": Outcome("邮件丢失，按未送达处理", (FactOf("mail.returned", {"because": "other"}),), (_REASON,)),
    },
)

_NOT_SENT = WorkKind(
    "未能发出",
    Role.ELECTRONIC,
    timedelta(hours=4),
    "对外发送失败或者结果不明，请核实后重发或者放弃。",
    {
        "again": Outcome("重新发出", fields=(_REMARK,), effect="send_again"),
        "abandon": Outcome("放弃该联系方式", fields=(_REASON,), effect="withdraw_contact"),
    },
)

_PRINT_FAILED = WorkKind(
    "打印未完成",
    Role.MAIL,
    timedelta(hours=4),
    "打印点报告故障，请排除后重印。",
    {"again": Outcome("故障已排除，重新打印", fields=(_REMARK,), effect="print_again")},
)

_MISCOUNTED = WorkKind(
    "核页不符",
    Role.MAIL,
    timedelta(hours=4),
    "清点的页数与应有页数不一致，不得封装。请重新清点；确有缺页、多页的，作废重印。",
    {"again": Outcome("作废重印", fields=(_REASON,), effect="print_again")},
)

_HANDOVER_LATE = WorkKind(
    "打印后久未交寄",
    Role.MAIL,
    _DAY,
    "文书已经打印，但没有核页、封装、交接。请查明在哪一步，尽快交寄。",
    {"noted": _NOTED},
)

_NOT_HANDED_OVER = WorkKind(
    "未经交接即已收寄",
    Role.MAIL,
    _DAY,
    "投递局已收寄，但本院要求的核页、封装、扫描交接没有记录。请核实是谁、何时交出的。",
    {"noted": Outcome("已核实", fields=(_REASON,))},
)

_RETURN_DISAGREES = WorkKind(
    "退件原因不一致",
    Role.MAIL,
    _DAY,
    "退件封面所示的原因与投递局的信息不同。法律后果按已记录的事实计算；确有错误的，请申请更正。",
    {"noted": Outcome("已核实", fields=(_REASON,))},
)

_GATE = WorkKind(
    "地址需要核对",
    Role.MAIL,
    timedelta(hours=4),
    "地址不完整或者有歧义，打印前请核对。",
    {
        "corrected": Outcome(
            "改用更正后的地址", fields=(Field("address", "地址", private=True),), effect="correct_address"
        ),
        "override": Outcome("确认无误，照此投递", fields=(_REASON,), effect="pass_gate"),
        "unusable": Outcome("地址不可用", fields=(_REASON,), effect="withdraw_contact"),
    },
)

_CONFORMITY = WorkKind(
    "反馈合规检查未通过",
    Role.CLERK,
    _DAY,
    "送达结果缺少法定要件，暂不反馈。请补正或者更正。",
    {
        "mended": Outcome("已补正，重新检查", fields=(_REMARK,), effect="check_again"),
        "accepted": Outcome("法院审查后确认", fields=(_REASON,), effect="accept_result"),
    },
)

_REFUSAL_NOTE = WorkKind(
    "注明到院拒签",
    Role.CLERK,
    _DAY,
    "当事人到窗口后拒绝签署送达回证。请审判人员或者书记员核对经过，在送达回证上注明送达情况并签名；注明之前不向外反馈结果。",
    {
        "noted": Outcome(
            "已注明情况并签名",
            (FactOf("refusal.noted"),),
            (Field("account", "注明的情况", "long_text", private=True),),
        ),
    },
)

_ERRAND_FAILED = WorkKind(
    "文书未能生成",
    Role.MANAGER,
    _DAY,
    "后台多次尝试仍未完成。请通知维护人员排除原因，然后再次生成。",
    {"again": Outcome("再次生成", fields=(_REMARK,), effect="plan_again")},
)

_SEALING_LATE = WorkKind(
    "存证延迟",
    Role.MANAGER,
    _DAY,
    "有事实久未封存进账本，期间出具的回证要等它封存。请通知维护人员；恢复后本待办自行办结。",
    {"noted": Outcome("已通知维护人员", fields=(_REMARK,))},
)

_NOT_COUNTED = WorkKind(
    "登记的结果不成立",
    Role.CLERK,
    _DAY,
    "有人登记已经送达，但是缺少法定要件，依法不算送达，也不向法院反馈。请补正、更正，或者按未送达继续。",
    {
        "mended": Outcome("已补正或者更正，重新检查", fields=(_REMARK,), effect="check_again"),
        "noted": Outcome("按未送达继续", fields=(_REMARK,)),
    },
)

_LOOK = WorkKind(
    "超过办理时限",
    Role.MANAGER,
    _DAY,
    "该任务在当前环节停留过久，请督办。",
    {"noted": _NOTED},
)

_UNREAD = WorkKind(
    "投递信息无法识别",
    Role.MAIL,
    _DAY,
    "投递局发来未知的信息代码，请人工核对。",
    {"noted": _NOTED},
)

_HEARING = WorkKind(
    "开庭前可能来不及送达",
    Role.CLERK,
    _DAY,
    "开庭日期临近，请决定加快、改期或者直接转下一环节。",
    {
        "next_rung": Outcome("转下一环节", fields=(_REASON,), effect="skip_rung"),
        "noted": Outcome("已安排，继续等待", fields=(_REMARK,)),
    },
)

_CORRECTION = WorkKind(
    "更正审批",
    Role.JUDGE,
    _DAY,
    "有人申请更正送达记录，请第二人审批。原记录保留可查。",
    {
        "granted": Outcome("同意更正", effect="grant_correction"),
        "refused": Outcome("不同意更正", fields=(_REASON,), effect="refuse_correction"),
    },
)

_ANSWER = Field("answer", "答复", "long_text", private=True)


def _answered(label: str, result: str) -> Outcome:
    told = FactOf("irregularity.answered", {"result": result})
    return Outcome(label, (told,), (_ANSWER,), effect="answer_irregularity")


# Its role and patience are those of the kind of irregularity (songda.liaison.kinds).
_IRREGULARITY = WorkKind(
    "异常待答复",
    Role.COURT_LIAISON,
    _DAY,
    "对方提出异常。请核实、处理并答复；提出人不认可的，可以重新提出。",
    {
        "resolved": _answered("已处理", "resolved"),
        "unfounded": _answered("经核实不属于异常", "unfounded"),
        "impossible": _answered("无法处理，请对方另行安排", "impossible"),
    },
)

WORK: dict[str, WorkKind] = {
    "call": _CALL,
    "number_repair": _REPAIR,
    "visit": _VISIT,
    "safety": _SAFETY,
    "courier_silent": _COURIER_SILENT,
    "visit_review": _VISIT_REVIEW,
    "notice_approval": _APPROVAL,
    "inquiry_authority": _AUTHORITY,
    "inquiry_number": _NUMBER,
    "inquiry_id": _IDENTITY,
    "notice_finding": _NOTICE_FINDING,
    "decide": _DECIDE,
    "letter": _LETTER,
    "result_incomplete": _INCOMPLETE,
    "carrier_silent": _SILENT,
    "not_sent": _NOT_SENT,
    "print_failed": _PRINT_FAILED,
    "miscounted": _MISCOUNTED,
    "handover_late": _HANDOVER_LATE,
    "not_handed_over": _NOT_HANDED_OVER,
    "return_disagrees": _RETURN_DISAGREES,
    "address_gate": _GATE,
    "conformity": _CONFORMITY,
    "not_counted": _NOT_COUNTED,
    "errand_failed": _ERRAND_FAILED,
    "sealing_late": _SEALING_LATE,
    "refusal_note": _REFUSAL_NOTE,
    "overdue": _LOOK,
    "unread_scan": _UNREAD,
    "hearing_at_risk": _HEARING,
    "correction": _CORRECTION,
    "irregularity": _IRREGULARITY,
}
