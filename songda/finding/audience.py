"""Whom one speaks to: what calls are answered by, and which words a message takes."""

from datetime import date

from songda.filing.models import Party
from songda.lib import clock

AUDIENCES = {
    "person": "个人",
    "elderly": "老年人",
    "lawyer": "律师",
    "organisation": "单位",
}
# 老年人权益保障法第二条.
ELDERLY_FROM = 60


def audience_of(party: Party, value: str = "") -> str:
    """The audience of a party, reached at `value`: an agent's own number reaches the lawyer, whoever the party is."""
    if value and any(agent.phone == value for agent in party.agents.all() if agent.kind == "agent"):
        return "lawyer"
    if party.kind == "organisation":
        return "organisation"
    born = _born(party.id_number)
    return "elderly" if born and _age(born, clock.today()) >= ELDERLY_FROM else "person"


def _born(id_number: str) -> date | None:
    """The day of birth in a resident identity number of 18 characters; None where there is none."""
    try:
        return date.fromisoformat(id_number[6:14]) if len(id_number) == 18 else None
    except ValueError:
        return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
