"""What judges and clerks are asked: leave, approval, which way to go on, corrections, what only a court can note."""

from collections.abc import Mapping
from datetime import timedelta

from songda.courts.models import Role
from songda.engine.work.fields import DAY, GIST, REASON, REMARK, SIGNER, FactOf, Field, Outcome, WorkKind

_APPROVAL = WorkKind(
    "公告送达审批",
    Role.JUDGE,
    timedelta(days=2),
    "请核对其他方式是否已经穷尽，审批公告送达。",
    {
        "approved": Outcome("批准公告送达", fields=(GIST,), effect="approve_notice"),
        "refused": Outcome("不批准，退回继续查找", (FactOf("notice.refused"),), (REASON,), effect="look_again"),
    },
)

_AUTHORITY = WorkKind(
    "协查授权",
    Role.JUDGE,
    timedelta(days=2),
    "所列平台须逐案授权方可查询。请审查目的、依据和范围是否必要。",
    {
        "granted": Outcome("授权查询", fields=(REASON,), effect="grant_inquiry"),
        "refused": Outcome("不予授权", (FactOf("inquiry.authority_refused"),), (REASON,)),
    },
)

_NUMBER = WorkKind(
    "向平台提供证件号码",
    Role.JUDGE,
    DAY,
    "平台凭加密值匹配不到受送达人，要求提供证件号码。请审查是否必要；授权后平台即以证件号码再次询问。",
    {
        "granted": Outcome("授权提供", fields=(REASON,), effect="grant_number"),
        "refused": Outcome("不予提供", (FactOf("inquiry.number_refused"),), (REASON,)),
    },
)

_IDENTITY = WorkKind(
    "补录证件号码",
    Role.CLERK,
    DAY,
    "平台须凭证件号码查询，案件中没有登记。请向当事人或者在卷材料查明后补录，平台随即再次询问。",
    {
        "given": Outcome("补录", fields=(Field("id_number", "证件号码", private=True),), effect="give_id_number"),
        "unknown": Outcome("无法查明", (FactOf("inquiry.number_refused"),), (REASON,)),
    },
)

_NOTICE_FINDING = WorkKind(
    "公告期间发现新线索",
    Role.JUDGE,
    DAY,
    "公告期间查得新的联系方式或者地址，公告送达暂不认定。请决定是否停止公告、改用新线索送达。",
    {
        "withdraw": Outcome("停止公告，按新线索送达", (FactOf("notice.withdrawn"),), (REASON,), effect="stop_notice"),
        "uphold": Outcome("新线索不可用，公告继续", (FactOf("notice.upheld"),), (REASON,), effect="uphold_notice"),
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
        "entrust": Outcome("委托其他法院送达", (FactOf("route.chosen", {"route": "entrusted"}),), (REASON,)),
        "converted": Outcome("已转为普通程序", fields=(REASON,), effect="convert_procedure"),
        "give_up": Outcome("终止送达", (FactOf("service.stopped"),), (REASON,)),
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
                SIGNER,
                Field("happened_at", "签收时间", "moment"),
                REMARK,
            ),
        ),
        "failed": Outcome("未能送达，退回", (FactOf("letter.failed"),), (REASON,)),
        "sent": Outcome("函件已寄出，等待回证", (FactOf("letter.sent"),), (REMARK,)),
    },
)

_REFUSAL_NOTE = WorkKind(
    "注明到院拒签",
    Role.CLERK,
    DAY,
    "当事人到窗口后拒绝签署送达回证。请审判人员或者书记员核对经过，在送达回证上注明送达情况并签名；注明之前不向外反馈结果。",
    {
        "noted": Outcome(
            "已注明情况并签名",
            (FactOf("refusal.noted"),),
            (Field("account", "注明的情况", "long_text", private=True),),
        ),
    },
)

_HEARING = WorkKind(
    "开庭前可能来不及送达",
    Role.CLERK,
    DAY,
    "开庭日期临近，请决定加快、改期或者直接转下一环节。",
    {
        "next_rung": Outcome("转下一环节", fields=(REASON,), effect="skip_rung"),
        "noted": Outcome("已安排，继续等待", fields=(REMARK,)),
    },
)

_CORRECTION = WorkKind(
    "更正审批",
    Role.JUDGE,
    DAY,
    "有人申请更正送达记录，请第二人审批。原记录保留可查。",
    {
        "granted": Outcome("同意更正", effect="grant_correction"),
        "refused": Outcome("不同意更正", fields=(REASON,), effect="refuse_correction"),
    },
)

KINDS: Mapping[str, WorkKind] = {
    "notice_approval": _APPROVAL,
    "inquiry_authority": _AUTHORITY,
    "inquiry_number": _NUMBER,
    "inquiry_id": _IDENTITY,
    "notice_finding": _NOTICE_FINDING,
    "decide": _DECIDE,
    "letter": _LETTER,
    "refusal_note": _REFUSAL_NOTE,
    "hearing_at_risk": _HEARING,
    "correction": _CORRECTION,
}
