"""改进建议: asked, decided with owner and day, done, verified by who asked; nothing about a case leaves its court."""

from datetime import timedelta

import pytest

from songda.courts.models import Person
from songda.engine.saying import ActRefused
from songda.liaison import improving
from songda.liaison.models import Improvement, ImprovementMove
from songda.liaison.releasing import problems
from songda.lib import clock
from songda.lib.tenancy import acting_for
from tests.cast import DENG, LIU, World


def _ask(world: World, person: Person) -> Improvement:
    with world.here():
        return improving.submit(world.court.id, person, "专递封皮加印二维码", "扫码即可找到会话")


def _step(world: World, one: Improvement, person: Person, step: str, words: str = "", **more: object) -> Improvement:
    with world.here():
        return improving.move(one, person, step, words, **more)  # type: ignore[arg-type]


def _accepted(world: World, one: Improvement, meng: Person) -> Improvement:
    return _step(world, one, meng, "accept", owner=world.zhou, due_on=clock.today() + timedelta(days=10))


def test_a_request_goes_from_asked_to_verified_and_its_history_stays(world: World, meng: Person) -> None:
    one = _accepted(world, _ask(world, world.an), meng)
    _step(world, one, world.zhou, "begin")
    _step(world, one, world.zhou, "finish", "打印点已升级")
    assert _step(world, one, world.an, "verify").status == "verified"
    with world.here():
        moves = list(
            ImprovementMove.objects.filter(improvement=one).order_by("at", "id").values_list("status", flat=True)
        )
    assert moves == ["submitted", "accepted", "in_work", "done", "verified"]


def test_who_asked_may_say_that_it_is_not_done(world: World, meng: Person) -> None:
    one = _accepted(world, _ask(world, world.an), meng)
    _step(world, one, world.zhou, "begin")
    _step(world, one, world.zhou, "finish", "打印点已升级")
    assert _step(world, one, world.an, "again", "武侯打印点还没有").status == "in_work"


def test_what_is_declined_says_why_and_may_be_asked_again(world: World, meng: Person) -> None:
    one = _ask(world, world.an)
    with pytest.raises(ActRefused, match="说明情况"):
        _step(world, one, meng, "decline")
    assert _step(world, one, meng, "decline", "与现有面单重复").status == "declined"
    assert _step(world, one, world.an, "resubmit", "面单上没有").status == "submitted"


@pytest.mark.parametrize(("who", "step"), [("an", "accept"), ("zhou", "decline"), ("meng", "finish"), ("an", "verify")])
def test_a_step_out_of_turn_or_of_another_is_refused(world: World, meng: Person, who: str, step: str) -> None:
    one = _ask(world, world.an)
    person = meng if who == "meng" else getattr(world, who)
    with pytest.raises(ActRefused, match="不归您"):
        _step(world, one, person, step, "说明情况")


def test_taking_up_wants_an_owner_of_the_court_and_a_day_to_come(world: World, meng: Person) -> None:
    one = _ask(world, world.an)
    tomorrow = clock.today() + timedelta(days=1)
    for owner, due_on in ((None, tomorrow), (world.cheng, tomorrow), (world.zhou, clock.today() - timedelta(days=1))):
        with pytest.raises(ActRefused, match="请指定"):
            _step(world, one, meng, "accept", owner=owner, due_on=due_on)


def test_who_did_the_work_does_not_verify_it(world: World, meng: Person) -> None:
    one = _step(world, _ask(world, world.an), meng, "accept", owner=world.bai, due_on=clock.today())
    _step(world, one, world.bai, "begin")
    _step(world, one, world.bai, "finish", "已改")
    with world.here():
        assert "verify" not in improving.steps_for(Improvement.objects.get(id=one.id), world.bai)


def test_others_of_the_court_lend_their_voice_once_and_take_it_back(world: World) -> None:
    one = _ask(world, world.an)
    with world.here():
        assert improving.vote(one, world.zhou)
        assert improving.improvements().get(id=one.id).voices == 1
        assert not improving.vote(one, world.zhou)
        for person in (world.an, world.cheng):
            with pytest.raises(ActRefused):
                improving.vote(one, person)


# ---- what leaves the court -------------------------------------------------------------------------------------

LEAKS = [
    "（2026）川0191民初1234号的封皮破了",
    "（2026）民初字第5号",
    "1234号案的封皮",
    "被告邓春生搬家了",
    f"原告是{LIU.name}",
    f"证件{DENG.id_number}",
    f"电话{DENG.phone}",
    "座机 028-85551234",
    "邮件1234567890123没有到",
    "任务20260302-00001",
    "写信到deng@example.org",
]


@pytest.mark.parametrize("text", LEAKS)
def test_nothing_about_a_case_leaves_its_court(world: World, meng: Person, text: str) -> None:
    world.hand_over()
    one = _ask(world, world.an)
    with world.here(), pytest.raises(ActRefused, match="案件信息不得离开本院"):
        improving.release(one, meng, text)
    with world.here():
        assert improving.released() == []


def test_a_refusal_does_not_repeat_what_it_found(world: World) -> None:
    world.hand_over()
    with world.here():
        said = "；".join(str(one) for one in problems(f"邓春生{DENG.phone}"))
    assert said == "含有电话（第4个字起）；含有当事人或者代理人的姓名、名称（第1个字起）"


def test_words_that_name_no_case_leave_when_a_person_lets_them_go(world: World, meng: Person, qin: Person) -> None:
    one = _ask(world, world.an)
    with world.here():
        improving.release(one, meng, "专递封皮加印二维码，投递员扫码即可看到说明。预计2026年12月完成。")
    with acting_for(world.court.id, world.other_court.id):
        [shared] = improving.released()
    assert shared.text.startswith("专递封皮加印二维码")
    assert shared.court == "成都高新"


def test_what_nobody_let_go_is_seen_by_nobody_elsewhere(world: World, meng: Person) -> None:
    _ask(world, world.an)
    with acting_for(world.court.id, world.other_court.id):
        assert improving.released() == []


def test_only_who_asked_and_the_liaisons_let_go(world: World) -> None:
    one = _ask(world, world.an)
    with world.here(), pytest.raises(ActRefused, match="只有提出人和双方联络人"):
        improving.release(one, world.fang, "专递封皮加印二维码")
