"""Work items change hands: taken, given on, called up, handed over whole; each change stays to be read, and none is
ever on nobody's list."""

import pytest

from songda.courts.actions import enrol
from songda.courts.models import Membership, Person
from songda.engine import acts, hands
from songda.engine.models import WorkItem, WorkMove
from songda.engine.performing import open_work
from songda.engine.saying import ActRefused
from songda.lib import clock
from songda.lib.tenancy import acting_for
from tests.cast import PASSWORD, World


def _open(world: World, kind: str = "call", key: str = "test") -> WorkItem:
    service = world.service()
    with world.here():
        return open_work(service, kind, key, reason="测试")


def _now(world: World, item: WorkItem) -> WorkItem:
    with world.here():
        return WorkItem.objects.get(id=item.id)


def _moves(world: World, item: WorkItem) -> list[tuple[str, str]]:
    with world.here():
        return [(one.way, one.reason) for one in WorkMove.objects.filter(item=item).order_by("at", "id")]


def _colleague(world: World, *roles: str) -> Person:
    lin = Person.objects.create_user("lin", PASSWORD, name="林晓", organisation="post")
    enrol(lin, world.court, roles)
    return lin


def test_who_takes_an_item_and_gives_it_on_stays_to_be_read(world: World) -> None:
    item, lin = _open(world), _colleague(world, "electronic")
    with world.here():
        hands.claim(item, world.zhou)
        hands.claim(item, world.zhou)
        hands.pass_on(item, world.zhou, lin, "下午请假")
        hands.pass_on(item, lin, None)
    assert _moves(world, item) == [("claimed", ""), ("passed", "下午请假"), ("returned", "")]


def test_an_item_is_called_up_to_the_manager_of_its_role_with_a_reason(world: World, meng: Person, qin: Person) -> None:
    of_post, of_court = _open(world), None
    service = world.read(of_post.service)
    with world.here():
        of_court = open_work(service, "letter", "letter", reason="测试")
        assert hands.escalate(of_post, world.zhou, "受送达人情绪激动") == "post_manager"
        assert hands.escalate(of_court, world.an, "承办人不在") == "manager"
    assert _now(world, of_post).escalated_to == "post_manager"
    assert _moves(world, of_post) == [("escalated", "受送达人情绪激动")]


def test_who_waits_for_an_item_may_call_it_up_too(world: World, qin: Person) -> None:
    item = _open(world)
    with world.here():
        assert hands.escalate(item, world.an, "开庭在即") == "post_manager"


@pytest.mark.parametrize("reason", ["", " ", "急"])
def test_calling_up_wants_a_reason(world: World, reason: str) -> None:
    item = _open(world)
    with world.here(), pytest.raises(ActRefused, match="说明理由"):
        hands.escalate(item, world.zhou, reason)


def test_an_item_is_called_up_once(world: World) -> None:
    item = _open(world)
    with world.here():
        hands.escalate(item, world.zhou, "受送达人情绪激动")
        with pytest.raises(ActRefused, match="已经上报"):
            hands.escalate(item, world.an, "开庭在即")


def test_nobody_of_another_court_calls_it_up(world: World) -> None:
    item = _open(world)
    with world.here(), pytest.raises(ActRefused, match="没有办理业务的角色"):
        hands.escalate(item, world.cheng, "开庭在即")


def test_who_it_was_called_up_to_may_end_it(world: World, qin: Person) -> None:
    item = _open(world)
    with world.here():
        hands.may(item, qin)
        with pytest.raises(ActRefused):
            hands.may(open_work(item.service, "letter", "letter"), qin)


def test_an_item_past_its_time_is_taken_up_once_and_says_why(world: World, meng: Person, qin: Person) -> None:
    item = _open(world)
    world.later(minutes=10)
    assert hands.take_up() > 0
    found = _now(world, item)
    assert (found.escalated_to, found.escalated_at) == ("post_manager", clock.now())
    assert hands.take_up() == 0
    assert _moves(world, item) == [("escalated", hands.LATE)]


def test_an_item_in_time_stays_where_it_is(world: World) -> None:
    item = _open(world, "decide")
    hands.take_up()
    assert _now(world, item).escalated_at is None


def test_an_item_of_a_role_nobody_holds_goes_up_at_once(world: World, meng: Person) -> None:
    with world.here():
        item = open_work(world.service(), "call", "test", role="post_liaison")
    hands.take_up()
    assert _now(world, item).escalated_to == "manager"
    assert _moves(world, item) == [("escalated", hands.NOBODY)]


def test_where_the_post_has_no_manager_the_court_looks_after_its_items(world: World, meng: Person) -> None:
    assert hands.head_of(world.court.id, "mail") == "manager"


def test_there_is_always_somebody_on_whose_list_an_item_stands(world: World) -> None:
    """Court A has a judge and a clerk only."""
    item = _open(world)
    world.later(minutes=10)
    hands.take_up()
    head = _now(world, item).escalated_to
    assert Membership.objects.filter(court=world.court, role=head, person__is_active=True).exists()


@pytest.mark.parametrize("leaving", ["membership", "account"])
def test_what_somebody_who_left_still_had_goes_back_to_its_role(world: World, leaving: str) -> None:
    item, lin = _open(world), _colleague(world, "electronic")
    with world.here():
        hands.claim(item, lin)
    if leaving == "membership":
        lin.memberships.all().delete()
    else:
        Person.objects.filter(id=lin.id).update(is_active=False)
    hands.take_up()
    assert _now(world, item).owner_id is None
    assert _moves(world, item)[-1] == ("returned", hands.GONE)


def test_everything_somebody_has_is_handed_over_at_once(world: World, qin: Person) -> None:
    lin = _colleague(world, "electronic")
    item = _open(world)
    with world.here():
        parcel = open_work(item.service, "carrier_silent", "carrier_silent:x")
        for one in (item, parcel):
            hands.claim(one, world.zhou)
        done = hands.hand_over(world.court.id, qin, world.zhou, lin, "周岚病假")
    assert (done.passed, done.returned) == (1, 1)
    assert _now(world, item).owner_id == lin.id
    assert _now(world, parcel).owner_id is None, "a colleague who may not do it does not get it"
    assert _moves(world, item)[-1] == ("passed", "周岚病假")


def test_one_hands_over_ones_own_but_not_a_colleagues(world: World) -> None:
    item, lin = _open(world), _colleague(world, "electronic")
    with world.here():
        hands.claim(item, world.zhou)
        with pytest.raises(ActRefused, match="只有本人或者管理人员"):
            hands.hand_over(world.court.id, lin, world.zhou, lin, "周岚病假")
        assert hands.hand_over(world.court.id, world.zhou, world.zhou, lin, "明天请假").passed == 1


def test_the_posts_manager_hands_over_no_work_of_the_court(world: World, qin: Person) -> None:
    item = _open(world, "letter")
    with world.here():
        hands.claim(item, world.an)
        assert hands.hand_over(world.court.id, qin, world.an, None, "安雨病假").returned == 0
    assert _now(world, item).owner_id == world.an.id


def test_handing_over_at_one_court_leaves_the_other_alone(world: World, qin: Person) -> None:
    enrol(world.zhou, world.other_court, ["electronic"])
    item = _open(world)
    with world.here():
        hands.claim(item, world.zhou)
    with acting_for(world.other_court.id):
        assert hands.hand_over(world.other_court.id, qin, world.zhou, None, "周岚病假").returned == 0
    assert _now(world, item).owner_id == world.zhou.id


def test_what_a_judge_decides_is_decided_by_no_manager(world: World) -> None:
    service = world.service()
    manager = Person.objects.create_user("mu", None, name="慕容", organisation="court")
    enrol(manager, world.court, ["manager"])
    with world.here():
        item = open_work(service, "decide", "test", reason="各种方式均未能送达")
        with pytest.raises(ActRefused, match="须由法官决定"):
            acts.complete(item, manager, "give_up", {"reason": "当事人撤诉"})
        acts.complete(item, world.bai, "give_up", {"reason": "当事人撤诉"})
        assert WorkItem.objects.get(id=item.id).done_by == world.bai
