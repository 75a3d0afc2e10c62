"""Which sources may be asked for what about whom, on whose authority, and on which legal ground.

Purpose limits are here: only what is asked for and lacking, only sources that answer it, only those the court's policy
lets be asked. A source or a kind without standing approval needs an authorisation for this party of this case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from songda.courts.policy import Policy
from songda.filing.models import Party
from songda.finding.models import Authorisation
from songda.gateways import people, switchboard
from songda.gateways.people import SourceKind

# A court's power to ask, by procedure; the ground to process personal data is the same for all.
_POWER = {
    "criminal": "《中华人民共和国刑事诉讼法》第五十四条",
    "administrative": "《中华人民共和国行政诉讼法》第四十条",
}
_CIVIL = "《中华人民共和国民事诉讼法》第七十条"
_PRIVACY = "《中华人民共和国个人信息保护法》第十三条第一款第三项、第三十四条"

# Sources that are no platform, as people read them.
_OTHERS = {
    "order": "送达委托",
    "agent": "诉讼代理人",
    "person": "人工补充",
    "recipient": "受送达人本人",
    "own_court": "本院既往案件",
}
KINDS: tuple[str, ...] = ("phone", "address")
ASKED = {"phone": "电话", "address": "地址"}


def ground_of(procedure: str) -> str:
    """The legal ground that every question names."""
    return f"{_POWER.get(procedure, _CIVIL)}；{_PRIVACY}"


def power_of(procedure: str) -> str:
    """The article that lets the court ask, alone: for the letter."""
    return _POWER.get(procedure, _CIVIL)


def kind_of(code: str) -> SourceKind | None:
    """What kind of source is connected under this code; None where none is."""
    kind = switchboard.kind_of(code)
    return people.SOURCES.get(kind) if kind else None


def name_of(code: str) -> str:
    """A source's name as people read it."""
    known = people.SOURCES.get(code) or kind_of(code)
    return known.name if known else _OTHERS.get(code, code)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked now, and who only after a judge's or manager's authorisation."""

    now: tuple[str, ...]
    after_authority: tuple[str, ...]


def may_ask(policy: Policy, code: str, kinds: Iterable[str]) -> bool:
    """Whether the court's standing approval covers asking this source for these kinds."""
    return code not in policy.each_case_sources and set(kinds) <= set(policy.standing_approval)


def plan(policy: Policy, asks: Sequence[str], authorisation: Authorisation | None) -> Plan:
    """The connected sources of the policy that answer any of what is asked, by how they may be asked."""
    wanted = {code: _answers(code, asks) for code in policy.inquiry_sources}
    wanted = {code: kinds for code, kinds in wanted.items() if kinds}
    covered = set(authorisation.sources) if authorisation else set()
    now = tuple(code for code, kinds in wanted.items() if code in covered or may_ask(policy, code, kinds))
    return Plan(now, tuple(code for code in wanted if code not in now))


def _answers(code: str, asks: Iterable[str]) -> list[str]:
    kind = kind_of(code)
    return [one for one in asks if kind and one in kind.answers]


def authorisation_for(party: Party, at: datetime) -> Authorisation | None:
    """The authorisation to ask that is in force for this party, the latest where there are several."""
    return _in_force(party, at).filter(number=False).order_by("-granted_at").first()


def _in_force(party: Party, at: datetime) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(party=party, granted_at__lte=at, expires_at__gt=at)


def may_have_number(policy: Policy, party: Party, code: str, at: datetime) -> bool:
    """Whether this source, which matches no hash of it, may be told the party's ID number: where a judge or manager
    has said so for this party, or the court's policy lets the sources have it that may be asked without one."""
    if policy.number_on_request == "never":
        return False
    if any(code in granted.sources for granted in _in_force(party, at).filter(number=True)):
        return True
    return policy.number_on_request == "standing" and code not in policy.each_case_sources


def want_letter(codes: Iterable[str]) -> list[str]:
    """Those of these sources that want a sealed 协查函."""
    return [code for code in codes if (kind := kind_of(code)) and kind.letter]
