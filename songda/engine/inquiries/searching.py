"""Having people looked for: inquiries opened, sources asked and heard, answers made facts, inquiries closed in time.

`finding` keeps what is asked and said; here it becomes facts, letters, work items, and services that move. Answers are
handled set-wise: a batch is one transaction a court, and only services to which something new happened are woken.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import structlog
from django.db import transaction

from songda.courts.models import Court
from songda.courts.queries import policy_of
from songda.engine.inquiries import letters
from songda.engine.ladder import Do
from songda.engine.opening import open_work
from songda.engine.standing import Course
from songda.evidence import actions as ledger
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding import keeping, sameness, sources
from songda.finding.actions import Asking
from songda.finding.asking import Desk, heard
from songda.finding.keeping import Kept, Said
from songda.finding.models import Answer, Authorisation, Inquiry, Status
from songda.gateways import people
from songda.gateways.models import Payload
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court

log = structlog.get_logger()
BATCH = 200


# ---- opening ---------------------------------------------------------------------------------------------------


def open_inquiry(course: Course, decision: Do) -> list[Told]:
    """Ask every source at once that may be asked; what needs an authorisation is asked for one. Ways that reached the
    same person in other cases of the court are remembered first."""
    service, policy = course.service, course.policy
    authorisation = sources.authorisation_for(service.party, clock.now())
    plan = sources.plan(policy, decision.asks, authorisation)
    told = _recall(service) if policy.recognise_across_cases and decision.trigger == "first" else []
    told += _begin(service, plan.now, decision.trigger, decision.asks, authorisation, decision.key)
    if plan.after_authority and _may_be_asked_for(course, decision.trigger):
        detail = {"sources": list(plan.after_authority), "asks": list(decision.asks), "key": decision.key}
        told.append(Told("inquiry.authority_asked", clock.now(), detail=detail, key=f"{decision.key}:authority"))
    return told


def _may_be_asked_for(course: Course, trigger: str) -> bool:
    """An authorisation is asked for once: not while a judge considers it, and after a refusal only on new grounds."""
    turns = [fact.name for fact in course.facts if fact.name in _TURNS]
    last = turns[-1] if turns else ""
    return last != "inquiry.authority_asked" and (last != "inquiry.authority_refused" or trigger == "returned")


_TURNS = ("inquiry.authority_asked", "inquiry.authorised", "inquiry.authority_refused")


def _recall(service: Service) -> list[Told]:
    points = sameness.recall(service.party)
    if not points:
        return []
    detail = {"kinds": sorted({one.kind for one in points}), "contacts": [str(one.id) for one in points]}
    return [Told("contact.recalled", clock.now(), detail=detail)]


def _begin(
    service: Service,
    codes: Sequence[str],
    trigger: str,
    asks: Sequence[str],
    authorisation: Authorisation | None,
    key: str,
) -> list[Told]:
    if not codes:
        return _nobody_to_ask(trigger, asks, key)
    by_number = [code for code in codes if authorisation and authorisation.number and code in authorisation.sources]
    inquiry = finding.open_inquiry(
        service,
        Asking(
            trigger=trigger,
            ground=sources.ground_of(service.case.procedure),
            authority=_authority(service, authorisation, codes),
            asks=asks,
            sources=codes,
            within=policy_of(service.court).hours("inquiry_minutes"),
            authorisation=authorisation,
            with_number=by_number,
        ),
    )
    detail = {"inquiry": str(inquiry.id), "sources": list(codes), "trigger": trigger, "asks": list(asks)}
    told = [Told("inquiry.opened", clock.now(), detail=detail, key=key)]
    if wanting := sources.want_letter(codes):
        told.append(letters.write(service, inquiry, wanting))
    return [*told, *(_number_given(inquiry, code) for code in by_number)]


def _number_given(inquiry: Inquiry, code: str) -> Told:
    """Said before the wire is touched: the source is told the ID number, why, and on whose authority."""
    detail = {
        "inquiry": str(inquiry.id),
        "source": code,
        "purpose": _PURPOSE,
        "ground": inquiry.ground,
        "authority": inquiry.authority,
    }
    return Told("inquiry.number_given", clock.now(), detail=detail, key=f"number:{inquiry.id}:{code}")


_PURPOSE = "平台凭加密值匹配不到受送达人，为送达诉讼文书提供证件号码"


def _nobody_to_ask(trigger: str, asks: Sequence[str], key: str) -> list[Told]:
    """No source that may be asked answers this: that is known at once, and nobody waits ten minutes for it."""
    detail = {"inquiry": key, "sources": [], "trigger": trigger, "asks": list(asks)}
    ended = {"inquiry": key, "found": [], "silent": []}
    return [
        Told("inquiry.opened", clock.now(), detail=detail, key=key),
        Told("inquiry.closed", clock.now(), detail=ended, key=f"closed:{key}"),
    ]


def _authority(service: Service, authorisation: Authorisation | None, codes: Iterable[str]) -> str:
    if authorisation and set(codes) & set(authorisation.sources):
        granted = authorisation.granted_at.astimezone(clock.BEIJING)
        return f"{service.court.name}逐案授权 {authorisation.id.hex[-12:]}（{granted:%Y-%m-%d}）"
    return f"{service.court.name}概括授权"


def open_authorised(service: Service, authorisation: Authorisation, key: str) -> list[Told]:
    """The judge has consented: ask the sources that waited for it, with ten minutes of their own."""
    plan = sources.plan(policy_of(service.court), authorisation.asks, authorisation)
    waiting = [code for code in plan.now if code in authorisation.sources]
    trigger = "by_number" if authorisation.number else "authorised"
    return _begin(service, waiting, trigger, authorisation.asks, authorisation, key)


def open_again(service: Service, codes: Sequence[str], asks: Sequence[str], key: str) -> list[Told]:
    """Ask these sources once more, as far as they may be asked: what they lacked has become known."""
    authorisation = sources.authorisation_for(service.party, clock.now())
    plan = sources.plan(policy_of(service.court), asks, authorisation)
    return _begin(service, [code for code in plan.now if code in codes], "by_number", asks, authorisation, key)


# ---- asking and hearing ----------------------------------------------------------------------------------------


def keep(said: Sequence[Said]) -> int:
    """Keep what sources said, a transaction a court. Returns how many answers ended."""
    by_court: dict[UUID, list[Said]] = {}
    for one in said:
        by_court.setdefault(one.court, []).append(one)
    return sum(_keep(court, words) for court, words in by_court.items())


def _keep(court_id: UUID, said: Sequence[Said]) -> int:
    court = Court.objects.get(id=court_id)
    with acting_for(court_id):
        _hold_services(said)
        kept = keeping.keep(court, said)
        closed = keeping.close(keeping.finished([one.answer.inquiry_id for one in kept]))
        ledger.append_many(court_id, [*map(_answered, kept), *_closed(closed)])
        _have_number_decided(kept)
        fruitful = {one.answer.inquiry.service_id for one in kept if any(way.is_new for way in one.learnt)}
        _wake({*fruitful, *(one.service_id for one in closed)})
    return len(kept)


def _hold_services(said: Sequence[Said]) -> None:
    """Whoever changes anything of a service takes it first; many are taken in one order, so that nobody waits in a
    circle."""
    ids = Answer.objects.filter(id__in=[one.answer for one in said]).values("inquiry__service_id")
    list(
        Service.objects.select_for_update(of=("self",), no_key=True).filter(id__in=ids).order_by("id").values_list("id")
    )


def _have_number_decided(kept: Sequence[Kept]) -> None:
    """Somebody decides whether sources may be told the ID number, or finds out what it is: one item an inquiry."""
    wanting = [one.answer for one in kept if one.answer.status == Status.NEEDS_NUMBER]
    for answer in wanting:
        inquiry = answer.inquiry
        kind = "inquiry_number" if inquiry.party.id_number else "inquiry_id"
        reason = f"{sources.name_of(answer.source)}等平台凭加密值匹配不到受送达人，要求提供证件号码"
        if kind == "inquiry_id":
            reason = f"{sources.name_of(answer.source)}等平台须凭证件号码查询，案件中没有登记"
        detail: dict[str, object] = {"inquiry": str(inquiry.id)}
        open_work(inquiry.service, kind, f"number:{inquiry.id}", reason=reason, detail=detail)


def _answered(kept: Kept) -> tuple[UUID, Told]:
    answer = kept.answer
    if answer.status == Status.PLANNED:
        return answer.inquiry.service_id, _number_given(answer.inquiry, answer.source)
    if answer.status == Status.NEEDS_NUMBER:
        wanted = {"inquiry": str(answer.inquiry_id), "source": answer.source, "because": answer.problem}
        key = f"answer:{answer.id}"
        told = Told("inquiry.number_wanted", clock.now(), Speaker.SOURCE, answer.source, wanted, key=key)
        return answer.inquiry.service_id, told
    detail = {
        "inquiry": str(answer.inquiry_id),
        "source": answer.source,
        "found": answer.status == Status.FOUND,
        "failed": answer.status == Status.FAILED,
        "late": answer.late,
        "kinds": sorted({way.point.kind for way in kept.learnt}),
        "new": sorted({way.point.kind for way in kept.learnt if way.is_new}),
        "contacts": [str(way.point.id) for way in kept.learnt],
        "price_fen": answer.price_fen,
    }
    name = "inquiry.failed" if answer.status == Status.FAILED else "inquiry.answered"
    told = Told(name, clock.now(), Speaker.SOURCE, answer.source, detail, key=f"answer:{answer.id}")
    return answer.inquiry.service_id, told


def _closed(inquiries: Iterable[Inquiry]) -> Iterable[tuple[UUID, Told]]:
    """What was closed with what there is, and which sources did not answer in time."""
    for inquiry in inquiries:
        answers = list(inquiry.answers.all())
        found = sorted(one.source for one in answers if one.status == Status.FOUND)
        silent = sorted(one.source for one in answers if one.status not in {Status.FOUND, Status.NOT_FOUND})
        detail = {"inquiry": str(inquiry.id), "found": found, "silent": silent}
        yield inquiry.service_id, Told("inquiry.closed", clock.now(), detail=detail, key=f"closed:{inquiry.id}")
        if silent:
            yield inquiry.service_id, Told("inquiry.expired", clock.now(), detail=detail, key=f"expired:{inquiry.id}")


def _wake(services: Iterable[UUID]) -> None:
    """Let the loop look at these services now; one that is over or stopped stays as it is."""
    Service.objects.filter(id__in=services, closed_at=None).update(due_at=clock.now())


def close_due(limit: int = BATCH) -> int:
    """Close the inquiries whose time is up, with what is there. Returns how many."""
    with for_every_court():
        due = Inquiry.objects.filter(closed_at=None, closes_at__lte=clock.now()).order_by("closes_at")
        rows = list(due.values_list("court_id", "id", "service_id")[:limit])
    by_court: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for court_id, inquiry_id, service_id in rows:
        by_court.setdefault(court_id, []).append((inquiry_id, service_id))
    for court_id, pairs in by_court.items():
        with acting_for(court_id):
            services = [service_id for _, service_id in pairs]
            held = Service.objects.select_for_update(of=("self",), no_key=True).filter(id__in=services)
            list(held.order_by("id").values_list("id"))
            closed = keeping.close([inquiry_id for inquiry_id, _ in pairs])
            ledger.append_many(court_id, _closed(closed))
            _wake({one.service_id for one in closed})
    return len(rows)


def hear(limit: int = BATCH) -> int:
    """Understand callbacks of sources, oldest first. Where a batch cannot be kept, each is tried alone, so that one
    that cannot be understood stands in nobody's way."""
    waiting = Payload.objects.filter(source="people", understood_at=None, problem="").order_by("received_at")
    ids = list(waiting.values_list("id", flat=True)[:limit])
    try:
        _hear(ids)
    except Exception:
        log.exception("callbacks could not be kept together", many=len(ids))
        for one in ids:
            _hear_alone(one)
    return len(ids)


def _hear_alone(payload_id: UUID) -> None:
    try:
        _hear([payload_id])
    except Exception as problem:
        log.exception("callback could not be kept", payload=str(payload_id))
        Payload.objects.filter(id=payload_id).update(problem=type(problem).__name__)


def _hear(ids: Sequence[UUID]) -> None:
    with transaction.atomic():
        held = Payload.objects.select_for_update(skip_locked=True).filter(id__in=ids, understood_at=None)
        payloads = list(held.order_by("received_at"))
        said, unread = _read_all(payloads)
        keep(said)
        understood = [one.id for one in payloads if one.id not in unread]
        Payload.objects.filter(id__in=understood).update(understood_at=clock.now())
        for payload_id, problem in unread.items():
            Payload.objects.filter(id=payload_id).update(problem=problem)


def understand(body: str) -> bool:
    """Keep what one callback says. False where it speaks of nothing we asked of its source; raises ValueError for what
    is no JSON."""
    source, answers = _read(body)
    rows = _rows(one.key for one in answers)
    said = [heard(row, one) for one in answers if (row := _asked(rows, source, one)) is not None]
    keep(said)
    return bool(said)


def _read(body: str) -> tuple[str, list[people.Answer]]:
    """Which source speaks, by what its door was sure of, and what it says. Raises ValueError for what is no JSON."""
    told = json.loads(body)
    return people.speaker_of(told), people.translate_answers(told)


def _asked(rows: Mapping[str, Answer], source: str, one: people.Answer) -> Answer | None:
    """The answer of ours that this speaks of; None where it is nobody's, or another source's."""
    row = rows.get(one.key)
    return row if row is not None and row.source == source else None


def _read_all(payloads: Sequence[Payload]) -> tuple[list[Said], dict[UUID, str]]:
    """What the payloads say of our answers; and why those that say nothing do not."""
    read: dict[UUID, tuple[str, list[people.Answer]]] = {}
    unread: dict[UUID, str] = {}
    for payload in payloads:
        try:
            read[payload.id] = _read(payload.body)
        except ValueError as problem:
            unread[payload.id] = type(problem).__name__
    rows = _rows(one.key for _, answers in read.values() for one in answers)
    said: list[Said] = []
    for payload_id, (source, answers) in read.items():
        ours = [heard(row, one) for one in answers if (row := _asked(rows, source, one)) is not None]
        said += ours
        unread |= {} if ours else {payload_id: "NotOurs"}
    return said, unread


def _rows(keys: Iterable[str]) -> dict[str, Answer]:
    ids = {key for key in keys if _is_id(key)}
    with for_every_court():
        return {str(one.id): one for one in Answer.objects.filter(id__in=ids)}


def _is_id(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True


def keep_said(desk: Desk) -> int:
    """Keep what came back over the wire since the last time."""
    said = desk.said()
    try:
        keep(said)
    except Exception:  # the rows keep their leases and are asked again under the same keys
        log.exception("answers could not be kept", many=len(said))
    desk.publish()
    return len(said)


# ---- cleaning --------------------------------------------------------------------------------------------------


def clean() -> int:
    """Empty what has expired, and give up on answers nobody waits for. Facts say that it was, and why it is gone."""
    with for_every_court():
        keeping.give_up()
        emptied = keeping.expire()
        points = keeping.empty_points()
    by_court: dict[UUID, list[tuple[UUID, Told]]] = {}
    for answer in emptied:
        detail = {
            "inquiry": str(answer.inquiry_id),
            "source": answer.source,
            "because": "保存期限届满（个人信息保护法第十九条）",
        }
        told = Told("inquiry.emptied", clock.now(), detail=detail, key=f"emptied:{answer.id}")
        by_court.setdefault(answer.court_id, []).append((answer.inquiry.service_id, told))
    for court_id, facts in by_court.items():
        with acting_for(court_id):
            ledger.append_many(court_id, facts)
    return len(emptied) + points
