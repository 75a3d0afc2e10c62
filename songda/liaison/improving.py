"""改进建议: asked, decided with an owner and a day, done, and verified by the side that asked.

Which step follows which, and who takes it, is one table. A request stays in its court; words of it leave only when a
person lets them go and nothing in them names a case (`releasing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from songda.courts.models import Person, Role
from songda.courts.queries import roles_of
from songda.engine.saying import ActRefused, require
from songda.liaison import releasing
from songda.liaison.actions import checked
from songda.liaison.models import Improvement, ImprovementMove, Vote
from songda.liaison.queries import side_of
from songda.lib import clock

Status = Improvement.Status
# Who decides what is taken up: the liaisons of both sides and those who look after them.
DECIDERS = frozenset({Role.MANAGER, Role.COURT_LIAISON, Role.POST_LIAISON, Role.POST_MANAGER})
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a request: from where to where, whose it is, and what it wants to be told."""

    label: str
    before: frozenset[str]
    after: str
    whose: Callable[[Improvement, Person, frozenset[str]], bool]
    wants_words: bool = False
    wants_owner: bool = False


def _decides(_: Improvement, __: Person, held: frozenset[str]) -> bool:
    return bool(held & DECIDERS)


def _does(one: Improvement, person: Person, held: frozenset[str]) -> bool:
    return one.owner_id == person.id or bool(held & DECIDERS)


def _asked(one: Improvement, person: Person, _: frozenset[str]) -> bool:
    """The side that asked; never who did the work."""
    return side_of(person) == one.side and one.owner_id != person.id


STEPS: dict[str, Step] = {
    "accept": Step("采纳", frozenset({Status.SUBMITTED, Status.DECLINED}), Status.ACCEPTED, _decides, wants_owner=True),
    "decline": Step("不采纳", frozenset({Status.SUBMITTED}), Status.DECLINED, _decides, wants_words=True),
    "resubmit": Step("再次提出", frozenset({Status.DECLINED}), Status.SUBMITTED, _asked, wants_words=True),
    "begin": Step("开始办理", frozenset({Status.ACCEPTED}), Status.IN_WORK, _does),
    "finish": Step("办理完成", frozenset({Status.IN_WORK}), Status.DONE, _does, wants_words=True),
    "verify": Step("确认有效", frozenset({Status.DONE}), Status.VERIFIED, _asked),
    "again": Step("没有解决，继续办理", frozenset({Status.DONE}), Status.IN_WORK, _asked, wants_words=True),
}


def submit(court_id: UUID, person: Person, title: str, text: str) -> Improvement:
    """Ask for something to be better. Raises ActRefused for no words."""
    _works_here(court_id, person)
    require(title, "请用一句话写明建议")
    if len(title) > LONGEST_TITLE:
        raise ActRefused(f"标题最多{LONGEST_TITLE}字", "title")
    made = Improvement.objects.create(
        court_id=court_id,
        title=title.strip(),
        text=checked(text),
        asked_by=person,
        side=side_of(person),
        asked_at=clock.now(),
    )
    _moved(made, person, "")
    return made


def _works_here(court_id: UUID, person: Person) -> frozenset[str]:
    held = roles_of(person).get(court_id, frozenset())
    if not held - {Role.AUDITOR}:
        raise ActRefused("您在该院没有办理业务的角色")
    return held


def steps_for(one: Improvement, person: Person) -> dict[str, Step]:
    """The steps this person may take now."""
    held = roles_of(person).get(one.court_id, frozenset())
    if not held - {Role.AUDITOR}:
        return {}
    return {code: step for code, step in STEPS.items() if one.status in step.before and step.whose(one, person, held)}


def move(
    one: Improvement,
    person: Person,
    step: str,
    words: str = "",
    *,
    owner: Person | None = None,
    due_on: date | None = None,
) -> Improvement:
    """Take one step. Raises ActRefused for a step that is not this person's or does not follow, and for what lacks:
    a reason, an owner of the court, a day to come."""
    one = Improvement.objects.select_for_update(of=("self",)).get(id=one.id)
    chosen = steps_for(one, person).get(step)
    if chosen is None:
        raise ActRefused("现在不能这样办理，或者这一步不归您")
    if chosen.wants_words:
        require(words, "请说明情况")
    if chosen.wants_owner:
        one.owner, one.due_on = _owner(one, owner), _day_to_come(due_on)
    one.status = chosen.after
    one.save(update_fields=["status", "owner", "due_on"])
    _moved(one, person, words)
    return one


def _owner(one: Improvement, owner: Person | None) -> Person:
    if owner is None or not roles_of(owner).get(one.court_id, frozenset()) - {Role.AUDITOR}:
        raise ActRefused("请指定本院或者驻院的经办人", "owner")
    return owner


def _day_to_come(due_on: date | None) -> date:
    if due_on is None or due_on < clock.today():
        raise ActRefused("请指定今天或者以后的完成日期", "due_on")
    return due_on


def _moved(one: Improvement, person: Person, words: str) -> None:
    ImprovementMove.objects.create(
        court_id=one.court_id, improvement=one, status=one.status, by=person, at=clock.now(), words=words.strip()
    )


def vote(one: Improvement, person: Person) -> bool:
    """Want the same, or no longer: one voice each, and none for one's own request. True where the voice now counts."""
    _works_here(one.court_id, person)
    if one.asked_by_id == person.id:
        raise ActRefused("自己提出的建议不用附议")
    taken_back, _ = Vote.objects.filter(improvement=one, person=person).delete()
    if taken_back:
        return False
    Vote.objects.create(court_id=one.court_id, improvement=one, person=person, at=clock.now())
    return True


def release(one: Improvement, person: Person, text: str) -> Improvement:
    """Let these words go to the post's managers over courts. Raises ActRefused, with everything found, where a word of
    them names a case or anybody in one."""
    held = _works_here(one.court_id, person)
    if not (held & DECIDERS or one.asked_by_id == person.id):
        raise ActRefused("只有提出人和双方联络人可以共享")
    text = checked(text)
    if len(text) > releasing.LONGEST:
        raise ActRefused(f"共享的文字最多{releasing.LONGEST}字", "text")
    if found := releasing.problems(text):
        raise ActRefused("；".join(str(each) for each in found) + "。案件信息不得离开本院，请改写", "text")
    one.released_text, one.released_by, one.released_at = text, person, clock.now()
    one.save(update_fields=["released_text", "released_by", "released_at"])
    return one


# ---- reading ---------------------------------------------------------------------------------------------------


def improvements(status: str = "") -> QuerySet[Improvement]:
    """Requests at the courts in force, the open ones first, those that most want on top of them."""
    rows = Improvement.objects.select_related("asked_by", "owner").annotate(voices=Count("votes", distinct=True))
    if status in Status.values:
        rows = rows.filter(status=status)
    return rows.order_by("-voices", "-asked_at", "id")


@dataclass(frozen=True, slots=True)
class Released:
    """What a request is beyond its court: the words let go, and how far it is. No name of a person, no case."""

    court: str
    text: str
    status: str
    released_at: object
    due_on: date | None


def released() -> list[Released]:
    """All that was let go at the courts in force, newest first."""
    rows = Improvement.objects.filter(released_at__isnull=False).select_related("court").order_by("-released_at")
    return [
        Released(row.court.short_name, row.released_text, row.get_status_display(), row.released_at, row.due_on)
        for row in rows
    ]
