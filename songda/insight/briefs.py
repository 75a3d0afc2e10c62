"""每日简报: what there is to tell a judge or a clerk on a working morning, and the telling of it on time.

What a brief holds is plain data: which services, which work items, which days. The desk has the words. A person's cases
are those they judge and those whose papers they handed over.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from songda.courts.models import Court, Membership, Person, Role
from songda.courts.policy import Policy
from songda.courts.queries import calendar_of, policy_of
from songda.evidence.models import Fact
from songda.filing.models import Case, Service
from songda.filing.queries import finality_of
from songda.gateways import dispatch
from songda.insight.models import Brief
from songda.lib import clock
from songda.lib.calendar import WorkingDays
from songda.lib.ids import uuid7
from songda.lib.tenancy import acting_for
from songda.methods.models import PublicNotice

READY = time(8)
READERS = (Role.JUDGE, Role.CLERK)
# Judgments served longer ago than this are final, or wait for somebody whom the desk shows elsewhere.
_JUDGED_WITHIN = timedelta(days=90)
# What is news, and the facts that make it so.
_FACTS = {
    "effective": ("service.effective",),
    "signed": ("receipt.signed", "mail.delivered"),
    "noticed": ("notice.published",),
    "stopped": ("service.stopped",),
    "corrected": ("service.corrected", "service.rebutted"),
}
NEWS = ("effective", "signed", "failed", "withheld", "noticed", "stopped", "corrected")


# ---- what there is to say --------------------------------------------------------------------------------------


def own(person_id: UUID) -> Q:
    """The services in a person's cases."""
    return Q(case__judge=person_id) | Q(order__handed_over_by=person_id)


def compose(person_id: UUID, roles: frozenset[str], policy: Policy, since: datetime) -> dict[str, Any]:
    """All that a brief says, as plain JSON: news since that moment, and what lies ahead. Call in a court's scope."""
    ahead = timedelta(days=policy.brief_days_ahead)
    services = Service.objects.filter(own(person_id))
    waiting, shared = _waiting(person_id, roles)
    return {
        "days_ahead": policy.brief_days_ahead,
        "news": {what: [str(one) for one in ids] for what, ids in _news(services, since) if ids},
        "waiting": waiting,
        "shared": shared,
        "hearings": _hearings(services, ahead),
        "notices": _notices(person_id, ahead),
        "final": _final(services, since, ahead),
    }


def _news(services: QuerySet[Service], since: datetime) -> Iterator[tuple[str, list[UUID]]]:
    told = _told(services, since)
    was = {"closed_at__gt": since, "closed_at__lte": clock.now()}
    held = {"work_items__kind": "conformity", "work_items__opened_at__gt": since, "step": "withheld"}
    # What was signed for and has taken effect is told once, as what it has come to.
    open_ = set(services.filter(id__in=told.get("signed", ()), closed_at=None).values_list("id", flat=True))
    chosen = {
        **told,
        "signed": [one for one in told.get("signed", ()) if one in open_],
        "failed": list(_ordered(services.filter(result="not_served", **was))),
        "withheld": list(_ordered(services.filter(**held).distinct())),
    }
    for what in NEWS:
        yield what, chosen.get(what, [])


def _ordered(services: QuerySet[Service]) -> QuerySet[Service, UUID]:
    return services.order_by("id").values_list("id", flat=True)


def _told(services: QuerySet[Service], since: datetime) -> dict[str, list[UUID]]:
    """By kind of news, the services of which such a fact was learnt, each once, in the order of learning."""
    kinds = {name: what for what, names in _FACTS.items() for name in names}
    facts = Fact.objects.filter(
        name__in=kinds, learnt_at__gt=since, learnt_at__lte=clock.now(), about__in=services.values("id")
    )
    found: dict[str, dict[UUID, None]] = {}
    for name, about in facts.order_by("learnt_at", "id").values_list("name", "about"):
        found.setdefault(kinds[name], {})[about] = None
    return {what: list(ids) for what, ids in found.items()}


def _waiting(person_id: UUID, roles: frozenset[str]) -> tuple[list[dict[str, Any]], int]:
    """The person's open work items, the nearest limit first; and how many more wait for anybody of their roles."""
    is_open = Q(work_items__done_at=None, work_items__id__isnull=False)
    held = is_open & Q(work_items__owner=person_id)
    free = is_open & Q(work_items__owner=None, work_items__role__in=roles)
    rows: Any = (
        Service.objects.filter(held | (free & own(person_id)))
        .order_by("work_items__due_at", "work_items__id")
        .values("id", *(f"work_items__{name}" for name in ("id", "kind", "due_at", "reason")))
        .distinct()
    )
    waiting = [
        {
            "item": str(row["work_items__id"]),
            "kind": row["work_items__kind"],
            "due_at": row["work_items__due_at"].isoformat(),
            "reason": row["work_items__reason"],
            "service": str(row["id"]),
        }
        for row in rows
    ]
    all_free = Service.objects.filter(free).values("work_items__id").distinct().count()
    mine_free = Service.objects.filter(free & own(person_id)).values("work_items__id").distinct().count()
    return waiting, all_free - mine_free


def _hearings(services: QuerySet[Service], ahead: timedelta) -> list[dict[str, Any]]:
    """Hearings to come whose recipients are not all served: who is not, where they stand and until when."""
    now = clock.now()
    rows = services.filter(closed_at=None, case__hearing_at__gt=now, case__hearing_at__lte=now + ahead)
    found: dict[UUID, dict[str, Any]] = {}
    for one in rows.select_related("case").order_by("case__hearing_at", "number"):
        assert one.case.hearing_at is not None
        case = {"case": str(one.case_id), "at": one.case.hearing_at.isoformat(), "services": []}
        due = one.due_at.isoformat() if one.due_at else None
        found.setdefault(one.case_id, case)["services"].append(
            {"service": str(one.id), "step": one.step, "due_at": due, "waiting_for": one.waiting_for}
        )
    return list(found.values())


def _notices(person_id: UUID, ahead: timedelta) -> list[dict[str, str]]:
    mine = Q(service__case__judge=person_id) | Q(service__order__handed_over_by=person_id)
    today = clock.today()
    rows = PublicNotice.objects.filter(
        mine, withdrawn_at=None, ends_on__gte=today, ends_on__lte=today + ahead, service__step="noticed"
    )
    return [
        {"service": str(one.service_id), "on": one.ends_on.isoformat()}
        for one in rows.order_by("ends_on", "id")
        if one.ends_on
    ]


def _final(services: QuerySet[Service], since: datetime, ahead: timedelta) -> list[dict[str, Any]]:
    """Judgments whose last appeal period ran out since, or runs out in the days ahead (民诉法解释第二百四十四条)."""
    today, from_ = clock.today(), since.astimezone(clock.BEIJING).date()
    judged = services.filter(lines__document__kind="judgment", effective_on__gte=today - _JUDGED_WITHIN)
    found = []
    for case in Case.objects.filter(id__in=judged.values("case_id")).order_by("number"):
        known = finality_of(case)
        if known and known.on and from_ <= known.on <= today + ahead:
            found.append({"case": str(case.id), "on": known.on.isoformat(), "parties": known.parties})
    return sorted(found, key=lambda one: str(one["on"]))


def has_nothing(said: dict[str, Any]) -> bool:
    """Whether there is no news, nothing to do and nothing to watch."""
    return not any(said[part] for part in ("news", "waiting", "hearings", "notices", "final"))


# ---- telling it on time ----------------------------------------------------------------------------------------


def is_working_day(court: Court, day: date) -> bool:
    return not calendar_of(court).is_day_off(day)


def next_morning(court: Court) -> datetime:
    """When the court's next brief comes."""
    day, now = clock.today(), clock.now()
    while not (is_working_day(court, day) and datetime.combine(day, READY, clock.BEIJING) > now):
        day += timedelta(days=1)
    return datetime.combine(day, READY, clock.BEIJING)


def make_due() -> int:
    """Brief every judge and clerk who has not been briefed this working morning. Returns how many."""
    now = clock.now()
    return sum(
        _brief_court(court)
        for court in Court.objects.order_by("code")
        if is_working_day(court, clock.today()) and now >= datetime.combine(clock.today(), READY, clock.BEIJING)
    )


def _brief_court(court: Court) -> int:
    roles: dict[UUID, set[str]] = {}
    held = Membership.objects.filter(court=court, person__is_active=True).exclude(person__organisation="machine")
    for person_id, role in held.values_list("person_id", "role"):
        roles.setdefault(person_id, set()).add(role)
    readers = {person: frozenset(own_) for person, own_ in roles.items() if own_ & set(READERS)}
    with acting_for(court.id):
        told = set(Brief.objects.filter(day=clock.today()).values_list("person_id", flat=True))
    for person_id in sorted(readers.keys() - told):
        with acting_for(court.id):
            make(court, person_id, readers[person_id])
    return len(readers.keys() - told)


def make(court: Court, person_id: UUID, roles: frozenset[str]) -> Brief:
    """The person's brief of today, kept, and sent where the court's policy and the person's address say so."""
    policy, since = policy_of(court), _since(court, person_id)
    brief = Brief(
        id=uuid7(),
        court=court,
        person_id=person_id,
        day=clock.today(),
        since=since,
        made_at=clock.now(),
        said=compose(person_id, roles, policy, since),
    )
    brief.save(force_insert=True)
    if policy.brief_by_mail:
        _send(brief)
    return brief


def _since(court: Court, person_id: UUID) -> datetime:
    """Where the last brief ended; without one, the morning of the working day before."""
    last = Brief.objects.filter(person=person_id).order_by("-made_at").values_list("made_at", flat=True).first()
    return last or datetime.combine(_working_day_before(calendar_of(court), clock.today()), READY, clock.BEIJING)


def _working_day_before(calendar: WorkingDays, day: date) -> date:
    day -= timedelta(days=1)
    while calendar.is_day_off(day):
        day -= timedelta(days=1)
    return day


# ---- by mail ---------------------------------------------------------------------------------------------------


def _send(brief: Brief) -> None:
    to = Person.objects.get(pk=brief.person_id).email
    if to:
        letter = {"to": to, "subject": f"送达每日简报 {brief.day.month}月{brief.day.day}日", "text": letter_of(brief)}
        dispatch.plan(brief.court_id, key=f"brief:{brief.id}", counterparty="brief", about=brief.id, request=letter)


_COUNTED: Sequence[tuple[str, str]] = (
    ("waiting", "{}件待办"),
    ("hearings", "{}件案件临近开庭而未全部送达"),
    ("notices", "{}项公告将要期满"),
    ("final", "{}件案件上诉期届满"),
)


def letter_of(brief: Brief) -> str:
    """The mail: how many of what, and where to read it. Nothing of any case or person."""
    news = sum(len(ids) for ids in brief.said["news"].values())
    parts = [words.format(len(brief.said[part])) for part, words in _COUNTED if brief.said[part]]
    parts += [f"{news}项任务有新的进展"] if news else []
    said = "、".join(parts) if parts else "今天没有需要您办理的事"
    where = f"{settings.SONGDA_PORTAL_URL}/briefs/{brief.day.isoformat()}/"
    return f"今日送达简报：{said}。\n\n登录后查看：{where}\n\n本邮件不含案件和当事人信息，由系统自动发出，请勿回复。\n"
