"""What couriers and those who look after them are asked."""

from collections.abc import Mapping
from datetime import timedelta

from songda.courts.models import Role
from songda.engine.work.fields import (
    BY,
    DAY,
    ID_GIVEN,
    NAME,
    PHOTOS,
    REASON,
    RECORDED,
    REFUSED_BY,
    REMARK,
    SIGNER,
    WITNESSES,
    FactOf,
    Field,
    Outcome,
    WorkKind,
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
            (SIGNER, NAME, ID_GIVEN, PHOTOS, REMARK),
            effect="end_visit",
        ),
        "left_in_place": Outcome(
            "拒收，已留置",
            (FactOf("visit.left_in_place", {}, ("refused_by", "witnesses", "recorded")),),
            (REFUSED_BY, WITNESSES, RECORDED, PHOTOS, REMARK),
            effect="end_visit",
        ),
        "refused": Outcome(
            "拒收，未留置",
            (FactOf("receipt.refused", {"via": "visit"}, ("by", "recorded")),),
            (BY, RECORDED, PHOTOS, REMARK),
            effect="end_visit",
        ),
        "no_lawful_signer": Outcome(
            "在场的人依法不能签收，未交付",
            (FactOf("visit.failed", {"because": "other", "reason": "no_lawful_signer"}),),
            (PHOTOS, REMARK),
            effect="end_visit",
        ),
        "wrong_address": Outcome(
            "找不到该地址",
            (FactOf("visit.failed", {"because": "wrong_address", "reason": "wrong_address"}),),
            (PHOTOS, REMARK),
            effect="end_visit",
        ),
        "nobody": Outcome(
            "无人在家",
            (FactOf("visit.failed", {"because": "other", "reason": "nobody_home"}),),
            (PHOTOS, REMARK),
            effect="end_visit",
        ),
        "moved": Outcome(
            "已搬离",
            (FactOf("visit.failed", {"because": "moved_unreported", "reason": "moved"}),),
            (PHOTOS, REMARK),
            effect="end_visit",
        ),
        "unknown_there": Outcome(
            "查无此人",
            (FactOf("visit.failed", {"because": "untraceable", "reason": "unknown_there"}),),
            (PHOTOS, REMARK),
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
        "again": Outcome("人已平安，另行安排上门", fields=(REMARK,), effect="visit_again"),
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
        "reached": Outcome("已联系上，平安", fields=(REMARK,)),
        "searched": Outcome("联系不上，已派人查找", fields=(REASON,)),
    },
)

_VISIT_REVIEW = WorkKind(
    "外送报告核对",
    Role.FIELD,
    DAY,
    "报告中有与计划、位置、时间或者法律不相符的地方。报告已照实记为事实；请向投递员核实。",
    {
        "confirmed": Outcome("核对属实", fields=(REASON,)),
        "questioned": Outcome("存疑，提请法院审查", (FactOf("visit.questioned"),), (REASON,)),
    },
)

KINDS: Mapping[str, WorkKind] = {
    "visit": _VISIT,
    "safety": _SAFETY,
    "courier_silent": _COURIER_SILENT,
    "visit_review": _VISIT_REVIEW,
}
