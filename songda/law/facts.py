"""The facts the law knows: name, Chinese, ETSI EN 319 522 event, detail keys, and who may say so.

A fact is never refused for what it says, only for what it is not: an unknown name, or a known key with a value
of the wrong kind. Keys not listed here are kept and mean nothing to the law.
"""

from dataclasses import dataclass, field

from .situation import DOCUMENT_KINDS, ELECTRONIC_ADDRESSES

SIGNERS: dict[str, str] = {
    "self": "受送达人本人",
    "legal_representative": "法定代表人",
    "principal": "主要负责人",
    "mail_staff": "负责收件的人",
    "guardian": "法定代理人",
    "agent": "诉讼代理人",
    "named_receiver": "指定的代收人",
    "co_resident_adult": "同住成年家属",
    "opposing_party": "同一案件的对方当事人",
    "other": "其他人",
}
VIAS: dict[str, str] = {
    "electronic": "电子签收",
    "mail": "邮件回执",
    "visit": "上门",
    "window": "到法院窗口",
    "entrusted": "受托法院",
    "forwarded": "转交单位",
}
RETURN_REASONS: dict[str, str] = {
    "wrong_address": "地址不准确",
    "moved_unreported": "迁址未告知",
    "refused": "拒收",
    "untraceable": "查无此人、下落不明",
    "unclaimed": "逾期未领",
    "incomplete_address": "地址不详",
    "other": "其他原因",
}
CONSENT_WAYS: dict[str, str] = {
    "stated": "明确表示同意",
    "agreed_before": "诉讼前约定或者承诺",
    "address_in_pleading": "在诉状中主动提供电子地址",
    "accepted_earlier": "以回复、参加诉讼等方式接受已完成的电子送达",
}
REBUTTAL_GROUNDS: dict[str, str] = {
    "system_fault": "系统错误",
    "not_own_address": "送达地址非本人使用",
    "not_read": "非本人阅知",
    "no_fault": "在送达过程中没有过错",
    "other_arrival_time": "到达日期与发送成功日期不一致",
}
NOTICE_MEDIA: dict[str, str] = {
    "board": "法院公告栏",
    "dwelling": "受送达人住所地",
    "newspaper": "报纸",
    "network": "信息网络",
}
ACTS: dict[str, str] = {"reply": "回复已收悉", "litigation_act": "作出相应诉讼行为"}


@dataclass(frozen=True, slots=True)
class Key:
    """A detail key: `kind` is text, bool, count, date, time or code; `codes` are the values of a code."""

    kind: str
    codes: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class FactKind:
    chinese: str
    etsi: str | None
    by: tuple[str, ...]
    keys: dict[str, Key] = field(default_factory=dict)


def _code(values: dict[str, str], *, required: bool = False) -> Key:
    return Key("code", tuple(values), required)


_TEXT, _BOOL, _COUNT, _DATE, _TIME = Key("text"), Key("bool"), Key("count"), Key("date"), Key("time")
_COURT, _POST, _RECIPIENT, _SYSTEM = "court", "post", "recipient", "platform"
_CARRIER, _SOURCE = "carrier", "information_source"

FACTS: dict[str, FactKind] = {
    "order.accepted": FactKind("受理", "A.1 SubmissionAcceptance", (_SYSTEM, _POST), {"issued_on": _DATE}),
    "order.refused": FactKind("退回委托", "A.2 SubmissionRejection", (_SYSTEM, _POST), {"reason": _TEXT}),
    "address.checked": FactKind("地址核验", None, (_COURT, _POST, _SYSTEM), {"refused_to_provide": _BOOL}),
    "inquiry.opened": FactKind("协查发起", None, (_SYSTEM, _POST)),
    "inquiry.answered": FactKind("协查回复", None, (_SOURCE,), {"found": _BOOL}),
    "inquiry.expired": FactKind("协查超时", None, (_SYSTEM,)),
    "call.attempted": FactKind("电话联系", "C.1 NotificationForAcceptance", (_POST, _COURT), {"answered": _BOOL}),
    "call.served": FactKind("电话送达", None, (_POST, _COURT), {"recorded": _BOOL}),
    "consent.given": FactKind(
        "同意电子送达",
        "C.1 NotificationForAcceptance",
        (_RECIPIENT, _COURT, _POST),
        {"how": _code(CONSENT_WAYS)},
    ),
    "consent.refused": FactKind("不同意电子送达", "C.1 NotificationForAcceptance", (_RECIPIENT, _COURT, _POST)),
    "message.sent": FactKind("通知发出", "C.1 NotificationForAcceptance", (_SYSTEM,), {"channel": _TEXT}),
    "message.reached": FactKind("通知到达", "NotificationDelivered", (_SYSTEM,), {"channel": _TEXT}),
    "message.failed": FactKind("通知失败", "C.2 NotificationFailure", (_SYSTEM,), {"channel": _TEXT}),
    "content.available": FactKind(
        "文书到达特定系统",
        "D.1 ContentConsignment",
        (_SYSTEM,),
        {"address": _code({k: v for k, v in ELECTRONIC_ADDRESSES.items() if k != "none"}), "channel": _TEXT},
    ),
    "content.opened": FactKind(
        "查阅",
        "D.6 ContentAccessTracking",
        (_SYSTEM,),
        {"address": _code({k: v for k, v in ELECTRONIC_ADDRESSES.items() if k != "none"}), "channel": _TEXT},
    ),
    "recipient.acted": FactKind("受送达人回复或者作出诉讼行为", None, (_RECIPIENT, _COURT), {"how": _code(ACTS)}),
    "receipt.signed": FactKind(
        "签收",
        "C.3 + E.1 ContentHandover",
        (_RECIPIENT, _CARRIER, _POST, _COURT),
        {
            "signer": _code(SIGNERS, required=True),
            "via": _code(VIAS, required=True),
            "id_number_given": _BOOL,
            "name": _TEXT,
        },
    ),
    "receipt.refused": FactKind(
        "拒收",
        "C.4 ConsignmentRejection",
        (_CARRIER, _POST, _COURT),
        {"by": _code(SIGNERS, required=True), "via": _code(VIAS, required=True), "recorded": _BOOL, "name": _TEXT},
    ),
    # 审判人员、书记员应当在送达回证上注明送达情况并签名 (民诉法解释第一百三十一条).
    "refusal.noted": FactKind("注明拒签情况", None, (_COURT,)),
    "papers.printed": FactKind("打印", "F.1 RelayToNonERDS", (_POST,)),
    "mail.accepted": FactKind("收寄", "F.1 RelayToNonERDS", (_CARRIER,)),
    "mail.attempt_failed": FactKind("未妥投", "E.2 ContentHandoverFailure", (_CARRIER,), {"reason": _TEXT}),
    "mail.held": FactKind("留局待领", "D.3 ContentConsignment", (_CARRIER,)),
    "mail.delivered": FactKind("妥投", "E.1 ContentHandover", (_CARRIER,), {"signer": _code(SIGNERS)}),
    "mail.returned": FactKind(
        "退回", "D.2 ContentConsignmentFailure", (_CARRIER,), {"because": _code(RETURN_REASONS, required=True)}
    ),
    "mail.receipt_scanned": FactKind("回执影像", "F.3 ReceivedFromNonERDS", (_CARRIER, _POST)),
    "mail.closed": FactKind("邮件结案", "F.3 ReceivedFromNonERDS", (_CARRIER,)),
    "visit.failed": FactKind(
        "上门未果",
        "E.2 ContentHandoverFailure",
        (_POST, _COURT),
        {"because": _code(RETURN_REASONS), "recorded": _BOOL, "reason": _TEXT},
    ),
    "visit.left_in_place": FactKind(
        "留置",
        "E.1 ContentHandover",
        (_POST, _COURT),
        {"refused_by": _code(SIGNERS), "witnesses": _COUNT, "recorded": _BOOL, "name": _TEXT},
    ),
    # `pronounced` false: a day agreed for collecting, not the period told after judgment in open court.
    "collection.appointed": FactKind(
        "指定到法院领取", None, (_COURT,), {"last_day": Key("date", required=True), "pronounced": _BOOL}
    ),
    "notice.approved": FactKind("公告批准", None, (_COURT,)),
    "notice.published": FactKind("公告发布", "D.1 ContentConsignment", (_COURT, _POST), {"in": _code(NOTICE_MEDIA)}),
    "notice.expired": FactKind("公告期满", "C.5 AcceptanceRejectionExpiry", (_SYSTEM,)),
    "service.effective": FactKind("送达生效", None, (_SYSTEM, _COURT)),
    "service.rebutted": FactKind(
        "推翻",
        None,
        (_COURT,),
        {"ground": _code(REBUTTAL_GROUNDS, required=True), "arrived_at": _TIME, "channel": _TEXT},
    ),
    "service.corrected": FactKind("更正", None, (_COURT,), {"voids": _TEXT, "voids_happened_at": _TIME}),
    "proof.issued": FactKind("出具回证", None, (_SYSTEM, _COURT), {"document": _code(DOCUMENT_KINDS)}),
}
