"""What is asked when a result may not leave, machinery needs a hand, something is late, or the other side complains."""

from collections.abc import Mapping

from songda.courts.models import Role
from songda.engine.work.fields import DAY, NOTED, REASON, REMARK, FactOf, Field, Outcome, WorkKind

_CONFORMITY = WorkKind(
    "反馈合规检查未通过",
    Role.CLERK,
    DAY,
    "送达结果缺少法定要件，暂不反馈。请补正或者更正。",
    {
        "mended": Outcome("已补正，重新检查", fields=(REMARK,), effect="check_again"),
        "accepted": Outcome("法院审查后确认", fields=(REASON,), effect="accept_result"),
    },
)

_ERRAND_FAILED = WorkKind(
    "文书未能生成",
    Role.MANAGER,
    DAY,
    "后台多次尝试仍未完成。请通知维护人员排除原因，然后再次生成。",
    {"again": Outcome("再次生成", fields=(REMARK,), effect="plan_again")},
)

_SEALING_LATE = WorkKind(
    "存证延迟",
    Role.MANAGER,
    DAY,
    "有事实久未封存进账本，期间出具的回证要等它封存。请通知维护人员；恢复后本待办自行办结。",
    {"noted": Outcome("已通知维护人员", fields=(REMARK,))},
)

_NOT_COUNTED = WorkKind(
    "登记的结果不成立",
    Role.CLERK,
    DAY,
    "有人登记已经送达，但是缺少法定要件，依法不算送达，也不向法院反馈。请补正、更正，或者按未送达继续。",
    {
        "mended": Outcome("已补正或者更正，重新检查", fields=(REMARK,), effect="check_again"),
        "noted": Outcome("按未送达继续", fields=(REMARK,)),
    },
)

_LOOK = WorkKind(
    "超过办理时限",
    Role.MANAGER,
    DAY,
    "该任务在当前环节停留过久，请督办。",
    {"noted": NOTED},
)

_ANSWER = Field("answer", "答复", "long_text", private=True)


def _answered(label: str, result: str) -> Outcome:
    told = FactOf("irregularity.answered", {"result": result})
    return Outcome(label, (told,), (_ANSWER,), effect="answer_irregularity")


# Its role and patience are those of the kind of irregularity (songda.liaison.kinds).
_IRREGULARITY = WorkKind(
    "异常待答复",
    Role.COURT_LIAISON,
    DAY,
    "对方提出异常。请核实、处理并答复；提出人不认可的，可以重新提出。",
    {
        "resolved": _answered("已处理", "resolved"),
        "unfounded": _answered("经核实不属于异常", "unfounded"),
        "impossible": _answered("无法处理，请对方另行安排", "impossible"),
    },
)

KINDS: Mapping[str, WorkKind] = {
    "conformity": _CONFORMITY,
    "errand_failed": _ERRAND_FAILED,
    "sealing_late": _SEALING_LATE,
    "not_counted": _NOT_COUNTED,
    "overdue": _LOOK,
    "irregularity": _IRREGULARITY,
}
