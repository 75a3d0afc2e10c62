"""异常: one side raises it, the other answers in time; who raised it may ask again; all of it is in the ledger."""

from datetime import timedelta

import pytest

from songda.courts.models import Person
from songda.engine import hands
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.liaison import irregularities, queries
from songda.liaison.kinds import KINDS, SEVERITIES, answer_within
from songda.liaison.models import Irregularity, Side
from songda.lib import clock
from tests.cast import World


def _raise(world: World, person: Person, kind: str = "papers", severity: str = "normal") -> Irregularity:
    service = world.service()
    with world.here():
        return irregularities.raise_one(queries.of_service(world.read(service)), person, kind, severity, "传票缺第二页")


def _answer(world: World, one: Irregularity, person: Person, outcome: str = "resolved") -> None:
    with world.here():
        item = WorkItem.objects.get(irregularity=one)
        irregularities.answer(item, person, outcome, {"answer": "已补齐重新打印"})


def _now(world: World, one: Irregularity) -> Irregularity:
    with world.here():
        return queries.irregularities().get(id=one.id)


def _facts(world: World, one: Irregularity) -> list[str]:
    with world.here():
        names = Fact.objects.filter(about=one.service_id, name__startswith="irregularity.").order_by("learnt_at", "id")
        return [name.split(".")[1] for name in names.values_list("name", flat=True)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_goes_to_somebody_of_the_other_side_with_a_time(world: World, kind: str) -> None:
    for person, side in ((world.zhou, Side.COURT), (world.an, Side.POST)):
        service = world.service(case_number=f"（2026）川0191民初{'78'[side == Side.POST]}号")
        with world.here():
            about = queries.of_service(world.read(service))
            one = irregularities.raise_one(about, person, kind, "normal", "说明情况")
            assert one.owner == side
            assert one.item.role == KINDS[kind].roles[side]
            assert one.item.due_at == clock.now() + KINDS[kind].answer_within


def test_the_graver_the_sooner() -> None:
    lengths = [answer_within("papers", severity) for severity in ("urgent", "grave", "normal")]
    assert lengths == sorted(lengths)
    assert set(SEVERITIES) == {"urgent", "grave", "normal"}


def test_it_is_a_fact_of_the_service_whose_words_are_kept_apart(world: World) -> None:
    one = _raise(world, world.zhou)
    with world.here():
        fact = Fact.objects.get(about=one.service_id, name="irregularity.raised")
    assert fact.detail["kind"] == "papers"
    assert "缺第二页" not in str(fact.detail)
    assert fact.private == {"words": "传票缺第二页"}


def test_the_other_sides_answer_ends_it_and_is_said_in_the_conversation(world: World) -> None:
    one = _raise(world, world.zhou)
    _answer(world, one, world.an)
    assert _facts(world, one) == ["raised", "answered"]
    with world.here():
        assert list(queries.open_irregularities()) == []
        thread = queries.thread_of(queries.of_service(one.service))
        assert thread is not None
        assert [note.event for note in queries.notes(thread)] == ["raised", "answered"]
        assert queries.answers([_now(world, one)]) == {one.id: "已补齐重新打印"}


def test_who_raised_it_does_not_answer_it(world: World, meng: Person) -> None:
    one = _raise(world, world.an)
    with pytest.raises(ActRefused, match="须由对方答复"):
        _answer(world, one, meng)
    assert _facts(world, one) == ["raised"]


def test_the_raising_side_may_ask_again_and_the_time_runs_anew(world: World) -> None:
    one = _raise(world, world.zhou)
    _answer(world, one, world.an)
    world.later(hours=1)
    with world.here():
        irregularities.reopen(_now(world, one), world.zhou, "补来的仍缺一页")
    again = _now(world, one)
    assert again.turn == 1
    assert again.item.done_at is None
    assert again.item.due_at == clock.now() + KINDS["papers"].answer_within
    assert _facts(world, one) == ["raised", "answered", "reopened"]


def test_it_is_opened_again_only_by_the_raising_side_after_an_answer_with_a_reason(world: World) -> None:
    one = _raise(world, world.zhou)
    with world.here(), pytest.raises(ActRefused, match="尚未答复"):
        irregularities.reopen(_now(world, one), world.zhou, "仍缺一页")
    _answer(world, one, world.an)
    with world.here():
        for person, reason, why in ((world.an, "仍缺一页", "提出异常的一方"), (world.zhou, "", "不认可")):
            with pytest.raises(ActRefused, match=why):
                irregularities.reopen(_now(world, one), person, reason)


def test_it_outlives_its_service(world: World) -> None:
    one = _raise(world, world.zhou)
    service = world.read(one.service)
    world.act(lambda found: irregularities.acts.stop(found, world.an, "原告撤诉"), service)
    with world.here():
        assert Service.objects.get(id=service.id).closed_at is not None
        assert [each.id for each in queries.open_irregularities()] == [one.id]


def test_unanswered_in_time_it_goes_up(world: World, meng: Person) -> None:
    one = _raise(world, world.zhou)
    world.later(hours=5)
    hands.take_up()
    assert _now(world, one).item.escalated_to == "manager"


def test_how_long_answers_take_is_measured(world: World) -> None:
    first = _raise(world, world.zhou)
    world.later(hours=2)
    _answer(world, first, world.an)
    with world.here():
        irregularities.reopen(_now(world, first), world.zhou, "仍缺一页")
    world.later(hours=6)
    with world.here():
        measured = queries.timings()
    assert (measured.answered, measured.open, measured.late, measured.in_time) == (1, 1, 1, 1)
    assert measured.median == timedelta(hours=2)


def test_an_order_as_such_has_no_irregularity(world: World) -> None:
    service = world.service()
    with world.here():
        about = queries.subject("order", service.order_id)
        assert about is not None
        with pytest.raises(ActRefused, match="哪一件"):
            irregularities.raise_one(about, world.zhou, "papers", "normal", "缺页了")


def test_nobody_of_another_court_raises_one_here(world: World) -> None:
    with pytest.raises(ActRefused, match="没有办理业务的角色"):
        _raise(world, world.cheng)
