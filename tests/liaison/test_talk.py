"""The demonstration's court and post have something to say to one another."""

from songda.liaison import improving, queries
from songda.management import staff, talk
from tests.cast import World


def test_the_demonstration_opens_with_words_something_wrong_and_something_to_improve(world: World) -> None:
    service = world.service()
    with world.here():
        talk.begin(world.court, world.an, world.zhou, world.fang)
        assert {thread.about for thread in queries.gathered(world.read(service).order)} == {"order", "service"}
        assert queries.open_irregularities().count() == 1
        assert improving.improvements().count() == 1


def test_without_an_order_nobody_says_anything(world: World) -> None:
    with world.here():
        talk.begin(world.court, world.an, world.zhou, world.fang)
        assert list(queries.threads()) == []


def test_the_simulated_staff_answer_what_is_wrong_in_its_conversation(world: World) -> None:
    service = world.service()
    with world.here():
        talk.begin(world.court, world.an, world.zhou, world.fang)
    world.later(hours=3, minutes=30)
    staff.work(1)
    with world.here():
        thread = queries.thread_of(queries.of_service(world.read(service)))
        assert thread is not None
        assert queries.notes(thread)[-1].event == "answered"
