"""What the mail room is asked: pieces that are silent, miscounted, not handed over, returned or not deliverable."""

from collections.abc import Mapping
from datetime import timedelta

from songda.courts.models import Role
from songda.engine.work.fields import (
    DAY,
    ID_GIVEN,
    NAME,
    NOTED,
    REASON,
    REMARK,
    SIGNER,
    FactOf,
    Field,
    Outcome,
    WorkKind,
)

_INCOMPLETE = WorkKind(
    "邮件结果不完整",
    Role.MAIL,
    DAY,
    "邮件已妥投，但回执影像或者结案信息未到。请向投递局索要并补录。",
    {
        "receipt": Outcome(
            "已补录回执",
            (
                FactOf("mail.receipt_scanned", {}, ("signer", "id_number_given")),
                FactOf("mail.closed"),
            ),
            (SIGNER, NAME, ID_GIVEN, Field("photos", "回执影像", "files"), REMARK),
        ),
        "lost": Outcome("邮件丢失，按未送达处理", (FactOf("mail.returned", {"because": "other"}),), (REASON,)),
        "noted": NOTED,
    },
)

_SILENT = WorkKind(
    "邮件长时间无信息",
    Role.MAIL,
    DAY,
    "投递局已多日没有反馈，请查询邮件下落。",
    {
        "noted": NOTED,
        "lost": Outcome("邮件丢失，按未送达处理", (FactOf("mail.returned", {"because": "other"}),), (REASON,)),
    },
)

_NOT_SENT = WorkKind(
    "未能发出",
    Role.ELECTRONIC,
    timedelta(hours=4),
    "对外发送失败或者结果不明，请核实后重发或者放弃。",
    {
        "again": Outcome("重新发出", fields=(REMARK,), effect="send_again"),
        "abandon": Outcome("放弃该联系方式", fields=(REASON,), effect="withdraw_contact"),
    },
)

_PRINT_FAILED = WorkKind(
    "打印未完成",
    Role.MAIL,
    timedelta(hours=4),
    "打印点报告故障，请排除后重印。",
    {"again": Outcome("故障已排除，重新打印", fields=(REMARK,), effect="print_again")},
)

_MISCOUNTED = WorkKind(
    "核页不符",
    Role.MAIL,
    timedelta(hours=4),
    "清点的页数与应有页数不一致，不得封装。请重新清点；确有缺页、多页的，作废重印。",
    {"again": Outcome("作废重印", fields=(REASON,), effect="print_again")},
)

_HANDOVER_LATE = WorkKind(
    "打印后久未交寄",
    Role.MAIL,
    DAY,
    "文书已经打印，但没有核页、封装、交接。请查明在哪一步，尽快交寄。",
    {"noted": NOTED},
)

_NOT_HANDED_OVER = WorkKind(
    "未经交接即已收寄",
    Role.MAIL,
    DAY,
    "投递局已收寄，但本院要求的核页、封装、扫描交接没有记录。请核实是谁、何时交出的。",
    {"noted": Outcome("已核实", fields=(REASON,))},
)

_RETURN_DISAGREES = WorkKind(
    "退件原因不一致",
    Role.MAIL,
    DAY,
    "退件封面所示的原因与投递局的信息不同。法律后果按已记录的事实计算；确有错误的，请申请更正。",
    {"noted": Outcome("已核实", fields=(REASON,))},
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
        "override": Outcome("确认无误，照此投递", fields=(REASON,), effect="pass_gate"),
        "unusable": Outcome("地址不可用", fields=(REASON,), effect="withdraw_contact"),
    },
)

_UNREAD = WorkKind(
    "投递信息无法识别",
    Role.MAIL,
    DAY,
    "投递局发来未知的信息代码，请人工核对。",
    {"noted": NOTED},
)

KINDS: Mapping[str, WorkKind] = {
    "result_incomplete": _INCOMPLETE,
    "carrier_silent": _SILENT,
    "not_sent": _NOT_SENT,
    "print_failed": _PRINT_FAILED,
    "miscounted": _MISCOUNTED,
    "handover_late": _HANDOVER_LATE,
    "not_handed_over": _NOT_HANDED_OVER,
    "return_disagrees": _RETURN_DISAGREES,
    "address_gate": _GATE,
    "unread_scan": _UNREAD,
}
