"""待办 change hands at the desk: called up with a reason, filtered by zone, age and kind, handed over whole."""

import pytest

from songda.courts.actions import enrol
from songda.courts.models import Person
from songda.engine import hands
from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from tests import cast
from tests.cast import World
from tests.desk.conftest import At


@pytest.fixture
def qin(world: World) -> Person:
    qin = Person.objects.create_user("qin", cast.PASSWORD, name="秦朗", organisation="post")
    enrol(qin, world.court, ["post_manager"])
    return qin


@pytest.fixture
def call(world: World) -> WorkItem:
    service = world.service()
    with world.here():
        return open_work(service, "call", "test", reason="测试来电")


def _kept(world: World, item: WorkItem) -> WorkItem:
    with world.here():
        return WorkItem.objects.get(pk=item.pk)


def test_an_item_says_owner_age_limit_and_next_action_in_the_list(world: World, at: At, call: WorkItem) -> None:
    world.later(minutes=2)
    page = at(world.zhou).get("/work-items/").content.decode()
    for words in ("电子送达专员", "2分钟前产生", "还有3分钟", "下一步：请致电受送达人"):
        assert words in page, words


def test_an_item_is_called_up_with_a_reason_and_stands_on_top_of_the_managers_list(
    world: World, at: At, call: WorkItem, qin: Person
) -> None:
    with world.here():
        open_work(call.service, "overdue", "sooner", role="post_manager")
    assert at(world.an).post(f"/work-items/{call.pk}/escalate/", {"reason": ""}).status_code == 422
    answer = at(world.an).post(f"/work-items/{call.pk}/escalate/", {"reason": "开庭在即"}, follow=True)
    page = answer.content.decode()
    assert "已上报邮政管理人员" in page
    assert "开庭在即" in page
    listed = at(qin).get("/work-items/").content.decode()
    assert listed.index("电话征询电子送达</a>") < listed.index("超过办理时限</a>")


def test_what_is_late_comes_to_the_managers_list_by_itself(world: World, at: At, call: WorkItem, qin: Person) -> None:
    assert "测试来电" not in at(qin).get("/work-items/").content.decode()
    world.later(minutes=6)
    hands.take_up()
    assert "测试来电" in at(qin).get("/work-items/").content.decode()
    assert "测试来电" in at(world.an).get("/work-items/?tab=up").content.decode()


def test_items_are_narrowed_by_zone_age_and_kind(world: World, at: At, call: WorkItem) -> None:
    client = at(world.zhou)

    def shows(question: str) -> bool:
        return "测试来电" in client.get(f"/work-items/?tab=court&{question}").content.decode()

    assert [shows(one) for one in ("zone=electronic", "zone=mail", "kind=call", "kind=letter")] == [
        True,
        False,
        True,
        False,
    ]
    assert not shows("age=1")
    world.later(days=2)
    assert shows("age=1")
    assert not shows("age=3")


def test_everything_somebody_has_is_handed_over_with_a_reason(
    world: World, at: At, call: WorkItem, qin: Person
) -> None:
    lin = Person.objects.create_user("lin", cast.PASSWORD, name="林晓", organisation="post")
    enrol(lin, world.court, ["electronic"])
    with world.here():
        hands.claim(call, world.zhou)
    form = {"of": str(world.zhou.pk), "to": str(lin.pk), "reason": "周岚病假"}
    assert at(world.fang).post("/work-items/hand-over/", form).status_code == 422, "a colleague may not"
    page = at(qin).post("/work-items/hand-over/", form, follow=True).content.decode()
    assert "周岚的待办：1 件移交林晓，0 件退回本岗位" in page
    assert _kept(world, call).owner == lin
    assert "周岚病假" in at(lin).get(f"/work-items/{call.pk}/").content.decode()


def test_a_list_of_another_court_holds_nothing_of_it(world: World, at: At, call: WorkItem) -> None:
    assert at(world.cheng).post(f"/work-items/{call.pk}/escalate/", {"reason": "开庭在即"}).status_code == 404
    assert "测试来电" not in at(world.cheng).get("/work-items/?tab=up").content.decode()
