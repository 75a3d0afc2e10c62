"""Where a service can stand, as data: the way of service it belongs to and the role that owns it there.

Every step of the ladder has a row, so that no unfinished service is without an owner (`tests/house`).
"""

from dataclasses import dataclass
from datetime import timedelta

from songda.courts.models import Role
from songda.courts.policy import Policy


@dataclass(frozen=True, slots=True)
class Station:
    """A step's method (a code of the law, empty where none is under way) and its owner."""

    method: str
    owner: Role


# The law has a result, but the file does not show yet what must be shown: it is told to nobody.
WITHHELD = "withheld"

STATIONS: dict[str, Station] = {
    "accepted": Station("", Role.ELECTRONIC),
    "collecting": Station("direct", Role.WINDOW),
    "seeking_consent": Station("electronic", Role.ELECTRONIC),
    "sending": Station("electronic", Role.ELECTRONIC),
    "awaiting_opening": Station("electronic", Role.ELECTRONIC),
    "finding": Station("", Role.ELECTRONIC),
    "printing": Station("postal", Role.MAIL),
    "mailing": Station("postal", Role.MAIL),
    "completing": Station("postal", Role.MAIL),
    "visiting": Station("direct", Role.FIELD),
    "awaiting_approval": Station("notice", Role.JUDGE),
    "publishing": Station("notice", Role.CLERK),
    "noticed": Station("notice", Role.CLERK),
    "by_letter": Station("entrusted", Role.CLERK),
    "needs_decision": Station("", Role.JUDGE),
    WITHHELD: Station("", Role.CLERK),
}


def longest(policy: Policy) -> dict[str, timedelta]:
    """How long each rung of the ladder may take under this policy, at most: what a hearing date is held against."""
    days = timedelta(days=1)
    return {
        "electronic": days * (policy.calls_over_days + policy.wait_for_opening_days),
        "find": policy.hours("inquiry_minutes"),
        "postal": days * (policy.carrier_silence_days + policy.result_complete_days),
        "field": days * (policy.visits * policy.visit_within_days),
        "notice": days * (policy.approval_within_days + 30),
    }
