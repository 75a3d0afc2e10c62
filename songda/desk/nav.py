"""The places of the desk, as a table: what stands in the rail is what the person's roles open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from songda.courts.models import COURT_ROLES, Role
from songda.desk.access import Seat

ANY = frozenset(Role.values)
COURT = frozenset(str(role) for role in COURT_ROLES)
# Who has to do with looking for people: a question is about a person, so not everybody.
FINDING_ROLES = frozenset(
    {
        *(Role.CLERK, Role.JUDGE, Role.MANAGER, Role.AUDITOR),
        *(Role.ELECTRONIC, Role.WINDOW, Role.MAIL, Role.FIELD, Role.POST_MANAGER),
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the rail. `key` follows the letter g on the keyboard; no two places share one."""

    group: str
    label: str
    url: str
    icon: str
    key: str
    roles: frozenset[str] = ANY


PLACES = (
    Place("我的工作", "待办", "desk:work", "work", "w"),
    Place("我的工作", "每日简报", "desk:briefs", "info", "j", frozenset({Role.CLERK, Role.JUDGE})),
    Place("我的工作", "送达委托", "desk:orders", "orders", "o"),
    Place("我的工作", "联络", "desk:liaison", "talk", "l"),
    Place("我的工作", "移交委托", "desk:hand_over", "hand", "h", frozenset({Role.CLERK, Role.JUDGE, Role.MANAGER})),
    Place("我的工作", "审批", "desk:approvals", "approve", "a", frozenset({Role.JUDGE})),
    Place("送达中心", "窗口", "desk:counter", "person", "k", frozenset({Role.WINDOW, Role.CLERK})),
    Place("送达中心", "电话与通知", "desk:calls", "call", "c", frozenset({Role.ELECTRONIC, Role.CLERK, Role.MANAGER})),
    Place("送达中心", "协查找人", "desk:inquiries", "search", "f", FINDING_ROLES),
    Place("送达中心", "邮寄", "desk:mail", "post", "m", frozenset({Role.MAIL, Role.POST_MANAGER})),
    Place("送达中心", "外出送达", "desk:visits", "visit", "v", frozenset({Role.FIELD, Role.COURIER})),
    Place("送达中心", "我的行程", "desk:rounds", "hand", "r", frozenset({Role.COURIER})),
    Place("管理", "看板", "desk:boards", "ledger", "b"),
    Place("管理", "周报月报", "desk:reports", "paper", "t"),
    Place("管理", "送达方案", "desk:policy", "policy", "p", COURT),
    Place("管理", "文件保存", "desk:retention", "inbox", "d", COURT | {str(Role.AUDITOR)}),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as one person sees it on one page."""

    label: str
    href: str
    icon: str
    key: str
    here: bool
    count: int = 0
    late: bool = False


def rail(request: HttpRequest, seat: Seat, counts: dict[str, tuple[int, bool]]) -> list[tuple[str, list[Shown]]]:
    """The rail in its groups. `counts` gives, by url name, how many wait there and whether one is late."""
    groups: dict[str, list[Shown]] = {}
    places = [place for place in PLACES if seat.roles & place.roles]
    here = _here(request.path, [reverse(place.url) for place in places])
    for place in places:
        href = reverse(place.url)
        count, late = counts.get(place.url, (0, False))
        shown = Shown(place.label, href, place.icon, place.key, href == here, count, late)
        groups.setdefault(place.group, []).append(shown)
    return list(groups.items())


def _here(path: str, hrefs: Iterable[str]) -> str:
    """The place a page belongs to: the longest address it begins with."""
    return max((href for href in hrefs if path.startswith(href)), key=len, default="")
