"""窗口: papers handed over or refused at the court's counter, addresses confirmed, papers taken in, slips printed.

Each act holds the services in the order of their ids before anything else, so that two windows never wait for each
other; who comes second finds the papers gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from songda.courts.models import Person
from songda.courts.queries import calendar_of, policy_of, roles_of
from songda.engine import actions, recipient
from songda.engine.acts import Shown
from songda.engine.counter.attending import handed_over, may_sign, on_file
from songda.engine.reading import course, locked
from songda.engine.recipient import Confirmed, Signed
from songda.engine.saying import ActRefused, require, said
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Agent, Service
from songda.finding import actions as finding
from songda.finding.addresses import gate, parse
from songda.finding.models import ContactPoint
from songda.law.course import first_day_at_or_after
from songda.lib import clock
from songda.methods import counter, entering
from songda.methods.actions import keep_exhibit
from songda.methods.electronic import CHANNEL_OF
from songda.methods.models import Attendance, AttendedService, Collection, Exhibit, Paper

# Whose note a refusal at court needs (民诉法解释第一百三十一条).
NOTES_REFUSALS = frozenset({"clerk", "judge"})
# Who confirms an address for the recipient (法发〔2017〕19号第二条: the agent's confirmation is the party's).
CONFIRM = frozenset({"self", "guardian", "legal_representative", "principal", "agent"})


# ---- waiting ----------------------------------------------------------------------------------------------------


def keep_until(service: Service) -> date:
    """The day until which papers wait by the court's policy; one that is a day off moves to the next."""
    days = timedelta(days=policy_of(service.court).counter_keep_days)
    return first_day_at_or_after(clock.today() + days, calendar_of(service.court))


def appoint(service: Service, officer: Person, last_day: date, *, pronounced: bool = False) -> Collection:
    """The recipient is to collect at the counter until the day; nothing else is begun before it has passed. Raises
    ActRefused for a service that is over, a day that is past, and a period told in court by who was not there."""
    service = locked(service.id)
    if service.closed_at is not None:
        raise ActRefused("该送达任务已经结束，不需要约定领取")
    if not clock.today() <= last_day <= clock.today() + timedelta(days=60):
        raise ActRefused("领取期限须在今天以后、六十天以内", "last_day")
    if pronounced and not roles_of(officer).get(service.court_id, frozenset()) & NOTES_REFUSALS:
        raise ActRefused("当庭宣判后的领取期间由审判人员、书记员告知", "pronounced")
    collection = counter.appoint(service, officer, last_day)
    actions.record(service.id, counter.appointed(collection, officer, pronounced=pronounced))
    return collection


# ---- what they do -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What came of a signature: the services signed for, and those another window had handed over before."""

    signed: tuple[Service, ...]
    before: tuple[Service, ...]


def collect(attendance: Attendance, officer: Person, signature: bytes, photos: tuple[Shown, ...] = ()) -> HandedOver:
    """The papers are handed over against the signature drawn on the tablet. Pressed twice, it is one fact; of two
    windows the second is told that the papers are gone. Raises ActRefused where nothing is left to sign for."""
    services = _held(attendance)
    if attendance.ended == Attendance.Ended.COLLECTED:
        return HandedOver(tuple(services), ())
    _is_open(attendance)
    signed, before = [], []
    for service in services:
        known = course(service)
        if handed_over(known) is not None:
            before.append(service)
            continue
        may_sign(known, attendance.signer)
        _sign(attendance, officer, service, signature, photos)
        signed.append(service)
    if not signed:
        raise ActRefused("这些文书刚刚已在另一窗口领取，请核对")
    _end(attendance, Attendance.Ended.COLLECTED)
    return HandedOver(tuple(signed), tuple(before))


def _held(attendance: Attendance) -> list[Service]:
    """The services of the attendance, held in the order of their ids, and the attendance as it is then."""
    ids = sorted(attendance.lines.values_list("service_id", flat=True))
    services = [locked(one) for one in ids]
    attendance.refresh_from_db(fields=["ended", "ended_at"])
    return services


def _is_open(attendance: Attendance) -> None:
    if attendance.ended:
        raise ActRefused(f"本次到访已经办结：{Attendance.Ended(attendance.ended).label}")


def _sign(
    attendance: Attendance, officer: Person, service: Service, signature: bytes, photos: tuple[Shown, ...]
) -> None:
    note = {"signer": attendance.signer, "name": attendance.name}
    drawn = keep_exhibit(service, kind="signature", content=signature, media_type="image/png", note=note)
    seen = [_keep(service, one).sha256 for one in photos]
    # The signature is among the exhibits so that the course shows it.
    told = counter.signed(attendance, officer, drawn.sha256, [drawn.sha256, *seen])
    [kept] = actions.record(service.id, told)
    AttendedService.objects.filter(attendance=attendance, service=service).update(fact=kept.id)
    entering.shut_links(service)


def _keep(service: Service, shown: Shown, note: dict[str, object] | None = None) -> Exhibit:
    return keep_exhibit(service, kind=shown.kind, content=shown.content, media_type=shown.media_type, note=note)


def _end(attendance: Attendance, how: Attendance.Ended) -> None:
    attendance.ended, attendance.ended_at = how, clock.now()
    attendance.save(update_fields=["ended", "ended_at"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How somebody refused: why, who stood by, and what was photographed or filmed."""

    reason: str
    witnesses: str = ""
    account: str = ""
    shown: tuple[Shown, ...] = ()


def refuse(attendance: Attendance, officer: Person, how: Refusal) -> list[Fact]:
    """They refused to sign after being told what follows. A judge or clerk who records it notes it with that; recorded
    by others, the result waits for their note (民诉法解释第一百三十一条)."""
    require(how.reason, "请记明拒签的理由或者当事人的说法")
    services = _held(attendance)
    _is_open(attendance)
    kept: list[Fact] = []
    for service in services:
        if handed_over(course(service)) is not None:
            continue
        seen = [_keep(service, one).sha256 for one in how.shown]
        private = {"reason": how.reason, "witnesses": how.witnesses}
        told = [counter.refused(attendance, officer, seen, {name: one for name, one in private.items() if one})]
        if roles_of(officer).get(service.court_id, frozenset()) & NOTES_REFUSALS:
            note = {"account": how.account or "已当面告知拒签的法律后果，当事人仍拒绝签名"}
            told.append(said(officer, "refusal.noted", {}, note, key=f"counter:{attendance.id}:noted"))
        facts = actions.record(service.id, told)
        AttendedService.objects.filter(attendance=attendance, service=service).update(fact=facts[0].id)
        kept += facts
    if not kept:
        raise ActRefused("这些文书刚刚已在另一窗口领取，请核对")
    _end(attendance, Attendance.Ended.REFUSED)
    return kept


def leave(attendance: Attendance) -> None:
    """They went away without collecting or refusing: nothing is told, and everything goes on as before."""
    _held(attendance)
    _is_open(attendance)
    has_other = Fact.objects.filter(
        about__in=attendance.lines.values("service_id"), learnt_at__gte=attendance.came_at, name="contact.added"
    ).exists()
    _end(attendance, Attendance.Ended.OTHER if has_other else Attendance.Ended.LEFT)


# ---- where they can be reached ----------------------------------------------------------------------------------


def confirm_address(attendance: Attendance, officer: Person, words: Confirmed, signature: bytes) -> Paper:
    """送达地址确认书, filled in with the person and signed on the tablet: contact points of the first rank, the answer
    to electronic service, and the next step of every open service of the case."""
    services = _of_the_case(attendance)
    party = services[0].party
    words = _by_whom(attendance, words)
    number = attendance.id_number if attendance.signer == "self" else party.id_number
    points = finding.learn(party, words.reaches())
    paper = recipient.keep_confirmation(
        services[0], words, Signed(id_number=number, signature=signature, clerk=officer.name)
    )
    if words.receiver and not on_file(party, "named_receiver", words.receiver.name):
        named = words.receiver
        Agent.objects.create(
            court_id=party.court_id, party=party, kind="named_receiver", name=named.name, phone=named.phone
        )
    told = _confirmed(points, paper, words, officer)
    for service in services:
        actions.record(service.id, told)
    return paper


def _by_whom(attendance: Attendance, words: Confirmed) -> Confirmed:
    if attendance.signer not in CONFIRM:
        raise ActRefused("送达地址由当事人本人、法定代理人、单位负责人或者诉讼代理人确认（法发〔2017〕19号第二条）")
    return replace(words, agent=attendance.name) if attendance.signer == "agent" else words


def _of_the_case(attendance: Attendance) -> list[Service]:
    """The recipient's open services of this case, held; where all are over the last, so that what was said is on file
    for the papers to come."""
    services = Service.objects.filter(party=attendance.party_id).order_by("-created_at")
    ids = list(services.filter(closed_at=None).values_list("id", flat=True))
    return [locked(one) for one in sorted(ids or services.values_list("id", flat=True)[:1])]


def _confirmed(points: list[ContactPoint], paper: Paper, words: Confirmed, officer: Person) -> list[Told]:
    """What the confirmation tells, each once for this paper."""
    now, by, key = clock.now(), str(officer.id), f"confirmed:{paper.id}"
    told = [recipient.added(point, paper, Speaker.PERSON, by) for point in points]
    address = next(point for point in points if point.kind == "address")
    passes = gate(parse(address.value)).passes
    checked = {"contact": str(address.id), "passed": True, "overridden": not passes, "paper": str(paper.id)}
    told.append(Told("address.checked", now, Speaker.PERSON, by, checked, key=f"{key}:gate"))
    answer = {"paper": str(paper.id)}
    if words.consent:
        kind = next(kind for kind, way in CHANNEL_OF.items() if way in words.ways)
        answer |= {"how": "stated", "contact": str(next(point.id for point in points if point.kind == kind))}
    name = "consent.given" if words.consent else "consent.refused"
    return [*told, Told(name, now, Speaker.PERSON, by, answer, key=f"{key}:consent")]


def refuse_address(attendance: Attendance, officer: Person, reason: str) -> None:
    """They give no address after being told what follows: noted, with what they said (法释〔2004〕13号第三条)."""
    require(reason, "请记明拒不提供送达地址的经过")
    if attendance.signer not in CONFIRM:
        raise ActRefused("只有当事人一方可以拒绝提供送达地址")
    for service in _of_the_case(attendance):
        told = said(officer, "address.checked", {"refused_to_provide": True}, {"reason": reason})
        actions.record(service.id, told)


# ---- what they bring --------------------------------------------------------------------------------------------


def take_in(service: Service, officer: Person, what: str, brought_by: str, scans: Iterable[Shown]) -> list[Exhibit]:
    """Papers that somebody brought, scanned, kept with the service and told as a fact for the court."""
    service = locked(service.id)
    note: dict[str, object] = {"what": what, "from": brought_by}
    kept = [_keep(service, one, note) for one in scans]
    if kept:
        detail = {"what": what, "exhibits": [one.sha256 for one in kept]}
        private = {"from": brought_by} if brought_by else None
        actions.record(service.id, said(officer, "submission.received", detail, private))
    return kept


# ---- slips ------------------------------------------------------------------------------------------------------


def print_slip(attendance: Attendance, officer: Person) -> Paper:
    """领取凭证 of a collection, made once; each print is a fact."""
    if attendance.ended != Attendance.Ended.COLLECTED:
        raise ActRefused("领取以后才有领取凭证")
    lines = attendance.lines.exclude(fact=None).select_related("service__court", "service__case", "service__party")
    services = [line.service for line in lines.order_by("service__number")]
    for service in sorted(services, key=lambda one: one.id):
        locked(service.id)
    paper = counter.receipt_slip(attendance, services)
    return _note_print(paper, officer)


def print_notice(collection: Collection, officer: Person) -> Paper:
    """领取通知单 of papers that wait; each print is a fact."""
    locked(collection.service_id)
    return _note_print(counter.notice_slip(collection), officer)


def _note_print(paper: Paper, officer: Person) -> Paper:
    before = Fact.objects.filter(about=paper.service_id, name="slip.printed")
    times = sum(one.detail.get("paper") == str(paper.id) for one in before) + 1
    actions.record(paper.service_id, counter.printed(paper, officer, times))
    return paper
