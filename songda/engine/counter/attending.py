"""Who stands at the court's counter: which papers wait for them, in which capacity they may sign, and what shows it.

What somebody may do at the counter is asked of the law before anything is written down: a fact there is made by our own
people, so one that would serve nobody is an act refused with its article, and not a fact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from songda.courts.models import Person
from songda.engine.acts import Shown
from songda.engine.reading import course
from songda.engine.saying import ActRefused
from songda.engine.standing import Course, reckoned, situation_of
from songda.evidence.models import Fact
from songda.filing import identity
from songda.filing.models import Agent, Party, Service
from songda.law.carried import Effect, TurnedAway
from songda.law.course import Course as LawCourse
from songda.law.effect import EFFECTS
from songda.law.explanation import Bar
from songda.law.facts import SIGNERS
from songda.law.handing import is_opposing
from songda.law.situation import Fact as LawFact
from songda.lib import clock, crypto
from songda.methods.actions import keep_exhibit
from songda.methods.counter import CAPACITIES
from songda.methods.models import Attendance, AttendedService

_ADULT = 18


# ---- what the law says ------------------------------------------------------------------------------------------


def weigh(known: Course, name: str, **detail: object) -> Effect | TurnedAway | None:
    """What the law would make of this fact, were it told now."""
    now = clock.now()
    asked = LawCourse(situation_of(known, now), known.calendar)
    return next(iter(EFFECTS[name](asked, LawFact(name, now, now, "person", detail))), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """A capacity as the counter offers it: the paper that shows it, and the bar where the law lets nobody sign so."""

    code: str
    label: str
    shown_by: str
    bar: Bar | None


def choices(known: Course) -> list[Choice]:
    """In which capacities somebody may sign these papers at the counter; those who may not, with the article."""
    is_organisation = known.service.party.kind == "organisation"
    offered = {
        code: one
        for code, one in CAPACITIES.items()
        if one.organisation == is_organisation or (one.on_file and not one.organisation)
    }
    if is_organisation:
        # An organisation does not hold a pen: somebody of it signs, and says who.
        offered.pop("self", None)
    if known.service.party.capacity == "full":
        offered.pop("guardian", None)
    return [Choice(code, SIGNERS[code], one.shown_by, bar_of(known, code)) for code, one in offered.items()]


def bar_of(known: Course, signer: str) -> Bar | None:
    found = weigh(known, "receipt.signed", signer=signer, via="window")
    return Bar(found.why, found.article) if isinstance(found, TurnedAway) else None


def refusal_serves(known: Course, by: str) -> Effect | TurnedAway | None:
    """Whether the refusal of somebody in this capacity, here and now, counts as service."""
    return weigh(known, "receipt.refused", by=by, via="window")


# ---- what waits -------------------------------------------------------------------------------------------------


def services_of(party: Party) -> list[Service]:
    """This person's services at the court, of all their cases: the same identity number, never a name alone."""
    same = Q(id=party.id)
    if party.id_index:
        same |= Q(id_index=party.id_index, kind=party.kind)
    rows = Service.objects.filter(party__in=Party.objects.filter(same))
    return list(rows.select_related("court", "case", "party").order_by("-created_at", "id"))


def handed_over(known: Course) -> Fact | None:
    """The receipt signed at the counter, where one counts."""
    return next(
        (one for one in reckoned(known.facts) if one.name == "receipt.signed" and one.detail.get("via") == "window"),
        None,
    )


# ---- who came ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Who stands at the counter, by the document they showed, and for which papers they came. `authority` is what shows
    that they may sign for the recipient; `special` says that an agent's authority is a special one."""

    signer: str
    name: str
    id_number: str
    services: tuple[UUID, ...]
    authority: Shown | None = None
    special: bool = False


def check_in(party: Party, officer: Person, came: Came) -> Attendance:
    """Take down who came, once the law lets them sign and they have shown who they are. Raises ActRefused, with the
    field and the article, for who may not; then nothing is kept."""
    number = _number(came.id_number)
    knowns = [course(one) for one in _chosen(party, came.services)]
    for known in knowns:
        _is_not_against(known, came.name, number)
        may_sign(known, came.signer)
    check = _is_who_they_say(party, came, number)
    for known in knowns:
        _shows_authority(known.service.party, came, number)
    attendance = Attendance.objects.create(
        court_id=party.court_id,
        party=party,
        officer=officer,
        signer=came.signer,
        name=came.name,
        id_number=number,
        id_index=crypto.blind_index(number, purpose="id"),
        id_check=check,
        authority_sha256=_keep_authority(knowns, came),
        came_at=clock.now(),
    )
    AttendedService.objects.bulk_create(
        AttendedService(court_id=party.court_id, attendance=attendance, service=known.service) for known in knowns
    )
    return attendance


def _number(given: str) -> str:
    try:
        return identity.identify(given, "person").number
    except identity.NotValid as error:
        raise ActRefused(str(error), "id_number") from error


def _chosen(party: Party, wanted: Iterable[UUID]) -> list[Service]:
    ids = set(wanted)
    chosen = [one for one in services_of(party) if one.id in ids]
    if len(chosen) != len(ids) or not chosen:
        raise ActRefused("请选择要办理的送达任务", "services")
    if stopped := [one for one in chosen if one.step == "stopped"]:
        raise ActRefused(f"{stopped[0].case.number}的送达已经停止，不能领取", "services")
    return chosen


def _is_not_against(known: Course, name: str, number: str) -> None:
    """Raises ActRefused for the other side of the case, those who act for it, and the head of an organisation there."""
    index = crypto.blind_index(number, purpose="id")
    for other in known.service.case.parties.all():
        if other.id == known.service.party_id or not _is_opposing(known, other):
            continue
        is_he = other.id_index == index if other.id_index and other.kind != "organisation" else other.name == name
        acts_for = Agent.objects.filter(party=other)
        if is_he or name == other.legal_representative or any(one.name == name for one in acts_for):
            article = (
                "简易程序若干规定第十一条" if known.service.party.kind == "organisation" else "法释〔2004〕13号第七条"
            )
            raise ActRefused(
                f"此人是{known.service.case.number}的对方当事人（{other.role}）或者其代理人、负责人，不得代收（{article}）",
                "name",
            )


def _is_opposing(known: Course, other: Party) -> bool:
    now = clock.now()
    hand = {"signer": "other", "via": "window", "name": other.name}
    asked = LawCourse(situation_of(known, now), known.calendar)
    return is_opposing(asked, LawFact("receipt.signed", now, now, "person", hand))


def may_sign(known: Course, signer: str) -> None:
    """Raises ActRefused, with the article, where the law lets nobody sign these papers in this capacity."""
    if signer not in {one.code for one in choices(known)}:
        raise ActRefused("请选择来人的身份", "signer")
    if bar := bar_of(known, signer):
        raise ActRefused(
            f"{known.service.case.number}：{SIGNERS[signer]}不能签收，{bar.why}（{bar.article}）", "signer"
        )


def _is_who_they_say(party: Party, came: Came, number: str) -> str:
    """How the document compares with the file. Raises ActRefused where it names another person."""
    same_number = party.id_index == crypto.blind_index(number, purpose="id")
    if came.signer != "self":
        if same_number:
            raise ActRefused("证件号码就是受送达人本人的，请选择“受送达人本人”", "signer")
        return str(Attendance.Check.RECORDED)
    if _plain(came.name) != _plain(party.name):
        raise ActRefused("证件上的姓名与案卷登记的受送达人不一致", "name")
    if not party.id_index:
        return str(Attendance.Check.RECORDED)
    if not same_number:
        raise ActRefused("证件号码与案卷登记的受送达人不一致；同名不同人的，不能领取", "id_number")
    return str(Attendance.Check.MATCHED)


def _plain(name: str) -> str:
    return "".join(name.split()).replace("•", "·").replace("・", "·")


def on_file(party: Party, signer: str, name: str) -> bool:
    """Whether the case's file names this person in this capacity already."""
    if signer == "legal_representative":
        return bool(party.legal_representative) and _plain(party.legal_representative) == _plain(name)
    kept = Agent.objects.filter(party=party, kind=signer)
    return any(_plain(one.name) == _plain(name) for one in kept)


def _shows_authority(party: Party, came: Came, number: str) -> None:
    capacity = CAPACITIES[came.signer]
    if capacity.is_himself:
        return
    if came.signer == "co_resident_adult" and _age(number) < _ADULT:
        raise ActRefused("代收的同住家属须已成年（民事诉讼法第八十八条）", "id_number")
    if came.authority is None and not (capacity.on_file and on_file(party, came.signer, came.name)):
        raise ActRefused(f"案卷里没有，请扫描或者拍摄{capacity.shown_by}", "authority")


def _age(number: str) -> int:
    """Full years by a resident identity number; other documents say nothing of age, and their holder counts as grown up
    because the officer has looked at it."""
    if len(number) != 18:
        return _ADULT
    born, today = date(int(number[6:10]), int(number[10:12]), int(number[12:14])), clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _keep_authority(knowns: Iterable[Course], came: Came) -> str:
    if came.authority is None:
        return ""
    note = {"what": CAPACITIES[came.signer].shown_by, "name": came.name, "special": came.special}
    given = came.authority
    kept = [
        keep_exhibit(known.service, kind="authority", content=given.content, media_type=given.media_type, note=note)
        for known in knowns
    ]
    return kept[0].sha256
