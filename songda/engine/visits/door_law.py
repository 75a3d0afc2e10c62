"""What the law says before a door: who may sign there, and whose refusal lets the papers be left."""

from datetime import datetime

from songda.engine.reading import course
from songda.engine.standing import situation_of
from songda.filing.models import Service
from songda.law.carried import TurnedAway
from songda.law.course import Course as LawCourse
from songda.law.facts import SIGNERS
from songda.law.handing import left_in_place
from songda.law.methods import voiding_bar
from songda.law.signers import why_not_sign
from songda.law.situation import Fact as LawFact
from songda.lib import clock


def bars(service: Service) -> dict[str, dict[str, dict[str, str]]]:
    """Who may not sign these papers and whose refusal does not let them be left here, each with why and the article."""
    known = course(service)
    now = clock.now()
    law = LawCourse(situation_of(known, now), known.calendar)
    sign = {code: voiding_bar(law, "direct", clock.today()) or why_not_sign(law, code, "visit") for code in SIGNERS}
    leave = {code: _leaving_barred(law, code, now) for code in SIGNERS}
    return {
        "sign": {code: {"why": bar.why, "article": bar.article} for code, bar in sign.items() if bar},
        "leave": {code: {"why": away.why, "article": away.article} for code, away in leave.items() if away},
    }


def _leaving_barred(law: LawCourse, code: str, now: datetime) -> TurnedAway | None:
    """What the law would say if the papers were left before a witness and a camera."""
    left = LawFact("visit.left_in_place", now, now, "person", {"refused_by": code, "witnesses": 1, "recorded": True})
    return next((one for one in left_in_place(law, left) if isinstance(one, TurnedAway)), None)
