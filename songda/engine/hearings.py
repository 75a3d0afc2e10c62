"""A hearing that comes nearer than the ladder can be climbed raises its hand while there is time to choose.

Parties are to be told three days before the hearing (民事诉讼法第一百三十九条); what counts is whether the present
rung can still end before that.
"""

from datetime import timedelta

from songda.engine.performing import open_work
from songda.engine.standing import Course, Standing
from songda.engine.stations import longest
from songda.lib import clock

NOTICE_BEFORE_HEARING = timedelta(days=3)
# The rung on which each step stands.
_RUNG = {
    "seeking_consent": "electronic",
    "sending": "electronic",
    "awaiting_opening": "electronic",
    "finding": "find",
    "printing": "postal",
    "mailing": "postal",
    "completing": "postal",
    "visiting": "field",
    "awaiting_approval": "notice",
    "publishing": "notice",
    "noticed": "notice",
}


def watch(known: Course, standing: Standing) -> None:
    """Open one work item a rung when what is left until the hearing is shorter than what the rung may take."""
    hearing = known.service.case.hearing_at
    rung = _RUNG.get(standing.step, "")
    if hearing is None or not rung or standing.is_over or hearing <= clock.now():
        return
    left = hearing - NOTICE_BEFORE_HEARING - clock.now()
    if left >= longest(known.policy)[rung]:
        return
    day = f"{hearing.astimezone(clock.BEIJING):%Y年%m月%d日 %H:%M}"
    open_work(
        known.service,
        "hearing_at_risk",
        f"hearing:{hearing:%Y%m%d}:{rung}",
        reason=f"{day}开庭，按现有环节可能来不及送达",
        detail={"rung": rung},
    )
