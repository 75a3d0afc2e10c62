"""电话: the calls made to recipients, and the record each leaves for the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from songda.courts.models import Person
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Service
from songda.finding.answering import Tried
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.lasting import took
from songda.methods.actions import keep_paper
from songda.methods.calls import Call
from songda.methods.models import Exhibit, Paper
from songda.methods.queries import enclosures_of, matter_of
from songda.papers.records import CallRecord, Footage, call_record

# What happened on the line and what was said, in the words of the record; the codes are the robot's and the desk's.
ON_THE_LINE = {
    "answered": "接通",
    "no_answer": "无人接听",
    "busy": "占线、拒接或者关机",
    "switched_off": "关机",
    "no_such_number": "空号",
    "suspended": "停机",
    "rejected": "拒接",
    "blocked": "被拦截",
}
SAID = {
    "agree": "同意电子送达",
    "decline": "不同意电子送达",
    "wrong_person": "不是本人",
    "call_later": "约定时间再打",
    "new_number": "告知新号码",
    "hung_up": "中途挂断",
    "unclear": "没有表态",
}
OUTCOMES = {**ON_THE_LINE, **SAID}


def note_call(fact: Fact, point: ContactPoint) -> Call | None:
    """The row of a call that its fact tells; None where it is there already."""
    detail = fact.detail
    by_person = fact.speaker == Speaker.PERSON
    call, is_new = Call.objects.get_or_create(
        court_id=fact.court_id,
        fact_id=fact.id,
        defaults={
            "service_id": fact.about,
            "contact_point": point,
            "item_id": _item_of(fact),
            "person_id": fact.speaker_ref if by_person else None,
            "at": fact.happened_at,
            "answered": bool(detail.get("answered")),
            "outcome": str(detail.get("answer") or detail.get("outcome") or _plainly(fact))[:24],
            "seconds": int(detail.get("seconds") or 0),
            "again_at": detail.get("again_at") or None,
            "recording": _recording(fact),
        },
    )
    return call if is_new else None


def _plainly(fact: Fact) -> str:
    if fact.detail.get("wrong_person"):
        return "wrong_person"
    return "answered" if fact.detail.get("answered") else "no_answer"


def _item_of(fact: Fact) -> UUID | None:
    """The work item whose end told it: its key says so."""
    kind, _, rest = (fact.source_key or "").partition(":")
    return UUID(rest.split(":")[0]) if kind == "work" else None


def _recording(fact: Fact) -> Exhibit | None:
    shown = fact.detail.get("exhibits") or []
    return Exhibit.objects.filter(service_id=fact.about, kind="recording", sha256__in=shown).first()


def tried(point: ContactPoint) -> list[Tried]:
    """The calls made to this number, of whatever service, the latest fifty."""
    rows = Call.objects.filter(contact_point=point).order_by("-at").values_list("at", "answered")[:50]
    return [Tried(at, answered) for at, answered in rows]


def tried_of(points: Iterable[ContactPoint]) -> dict[UUID, list[Tried]]:
    """The same for many numbers, in one query."""
    found: dict[UUID, list[Tried]] = {}
    rows = Call.objects.filter(contact_point__in=list(points)).values_list("contact_point_id", "at", "answered")
    for point_id, at, answered in rows:
        found.setdefault(point_id, []).append(Tried(at, answered))
    return found


# ---- the record --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the caller tells of a call. `serves` makes it 电话送达记录; else it is 电话联系记录."""

    at: datetime
    caller: str
    phone: str
    account: tuple[str, ...]
    identity: str = ""
    reason: str = "征询是否同意电子送达"
    serves: bool = False


def write_record(service: Service, talk: Talk, key: str, recording: Exhibit | None = None) -> Paper:
    """The paper about one call. Where a recording comes later, a new one with its digest replaces the older."""
    made = Paper.objects.filter(service=service, kind="call", superseded_by=None)
    older = made.filter(key__startswith=f"{key}:").first()
    serial = older.title.split()[-1] if older else f"{service.number}-话{made.count() + 1}"
    turn = Paper.objects.filter(service=service, key__startswith=f"{key}:").count() + 1
    paper = CallRecord(
        matter=matter_of(service),
        serial=serial,
        made_at=clock.now(),
        recipient=service.party.name,
        phone=talk.phone,
        called_at=talk.at,
        length=_length(recording),
        answered_by=service.party.name if talk.identity else "未登记",
        identity_checked=talk.identity or "未登记",
        papers=enclosures_of(service),
        reason=talk.reason,
        account=talk.account,
        called_by=talk.caller,
        recording=Footage(name="通话录音", sha256=recording.sha256, length=_length(recording)) if recording else None,
        serves=talk.serves,
    )
    title = f"{'电话送达记录' if talk.serves else '电话联系记录'} {serial}"
    kept = keep_paper(service, kind="call", title=title, key=f"{key}:{turn}", pdf=call_record(paper))
    if older is not None:
        Paper.objects.filter(id=older.id).update(superseded_by=kept)
    return kept


def _length(recording: Exhibit | None) -> str:
    seconds = (recording.note or {}).get("seconds") if recording else None
    return took(timedelta(seconds=seconds)) if seconds else "未计时"


def phone_in_use(service: Service) -> ContactPoint | None:
    """The number called last, else the surest one; None where no number is in use."""
    phones = ContactPoint.objects.filter(party=service.party_id, kind="phone", withdrawn_at=None)
    last = Call.objects.filter(service=service, contact_point__in=phones).order_by("-at").first()
    return last.contact_point if last else phones.order_by("-confidence").first()


def name_of(person: Person | None) -> str:
    """Who called, in words."""
    return person.name if person else "机器外呼"
