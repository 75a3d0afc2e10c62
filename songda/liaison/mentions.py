"""Who is meant by an @ in a text: a colleague by name, or everybody of a zone or role at this court."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from songda.courts.models import COURT_ROLES, POST_ROLES, Membership, Role
from songda.liaison.models import Side

# What people write for a role; a zone is called by its counter's name.
WORDS: dict[str, Role] = {
    "窗口": Role.WINDOW,
    "电子": Role.ELECTRONIC,
    "邮寄": Role.MAIL,
    "外送": Role.FIELD,
    "投递员": Role.COURIER,
    "邮政联络人": Role.POST_LIAISON,
    "邮政管理": Role.POST_MANAGER,
    "书记员": Role.CLERK,
    "法官": Role.JUDGE,
    "诉讼服务中心": Role.MANAGER,
    "法院联络人": Role.COURT_LIAISON,
}
LIAISONS: dict[Side, Role] = {Side.COURT: Role.COURT_LIAISON, Side.POST: Role.POST_LIAISON}
_AT = re.compile(r"[@＠]")


def side_of_role(role: str) -> Side | None:
    """On which side of the counter a role works; None for who only looks."""
    if role in COURT_ROLES:
        return Side.COURT
    return Side.POST if role in POST_ROLES else None


@dataclass(frozen=True, slots=True)
class Meant:
    """Who a text calls: people and roles."""

    people: frozenset[UUID]
    roles: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.people or self.roles)


def colleagues(court_id: UUID) -> dict[str, UUID]:
    """Everybody with a role at this court, by name. Who has none is called in vain."""
    rows = Membership.objects.filter(court=court_id, person__is_active=True).exclude(person__organisation="machine")
    return dict(rows.values_list("person__name", "person_id"))


def meant(text: str, people: Mapping[str, UUID]) -> Meant:
    """The longest name or word after each @ counts; what nobody is called means nobody."""
    called = sorted([*people, *WORDS], key=len, reverse=True)
    found = {next((one for one in called if text.startswith(one, match.end())), "") for match in _AT.finditer(text)} - {
        ""
    }
    return Meant(
        frozenset(people[one] for one in found if one in people),
        frozenset(str(WORDS[one]) for one in found if one not in people),
    )
