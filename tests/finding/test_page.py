"""The page on which court and post watch people being looked for."""

from dataclasses import replace

from django.test import Client
from django.urls import reverse

from songda.courts.models import Person
from songda.desk.words import REVEAL_REASONS
from songda.evidence.models import Fact
from songda.finding import queries
from tests.cast import DENG, World
from tests.finding.conftest import Town
from tests.finding.town import found, not_found, taken

NO_PHONE = replace(DENG, phone="")
PHONE = ("phone", "13900000077")


def _at(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_open_inquiry_counts_down_and_asks_for_itself_again(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=taken)
    service = world.service(NO_PHONE)
    town.ask()
    world.later(minutes=3)
    page = _at(world.an).get(reverse("desk:inquiry", args=[town.inquiry(service).id])).content.decode()
    assert "7:00" in page
    assert 'hx-trigger="every 1s"' in page
    assert "已受理，待答复" in page
    assert "个人信息保护法" in page


def test_a_closed_inquiry_says_who_was_silent_and_asks_no_more(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=taken)
    service = world.service(NO_PHONE)
    town.ask()
    world.later(minutes=11)
    page = _at(world.an).get(reverse("desk:inquiry", args=[town.inquiry(service).id])).content.decode()
    assert "结束时尚未答复：实名手机号（移动）" in page
    assert "hx-trigger" not in page.split('id="answers"')[0].split('id="live"')[1]


def test_what_was_found_is_masked_until_somebody_gives_a_reason(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE))
    service = world.service(NO_PHONE)
    town.ask()
    inquiry, answer = town.inquiry(service), town.answer(service, "telecom_a")
    client = _at(world.an)
    page = client.get(reverse("desk:inquiry", args=[inquiry.id])).content.decode()
    assert PHONE[1] not in page
    assert "尚无结果，按来源待查估计" in page
    door = reverse("desk:look", args=[inquiry.id, answer.id])
    assert client.post(door, {"reason": "好奇"}).status_code == 403
    assert PHONE[1] in client.post(door, {"reason": REVEAL_REASONS[0]}).content.decode()
    with world.here():
        assert Fact.objects.get(name="private.revealed").speaker_ref == str(world.an.id)


def test_another_courts_clerk_finds_nothing_and_a_courier_may_not_look(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE))
    service = world.service(NO_PHONE)
    town.ask()
    door = reverse("desk:inquiry", args=[town.inquiry(service).id])
    assert _at(world.cheng).get(door).status_code == 404
    assert _at(world.fang).get(door).status_code == 403
    assert Client().get(door).status_code == 302


def test_the_figures_have_a_numerator_and_a_denominator(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=not_found, telecom_c=taken)
    service = world.service(NO_PHONE)
    town.ask()
    world.tell(service, "call.attempted", "provider", answered=True, contact=world.contact(service, "phone"))
    world.later(minutes=11)
    with world.here():
        figures = queries.figures()
    by_code = {one.code: one for one in figures.sources}
    assert (figures.answered.good, figures.answered.of) == (1, 1)
    assert (by_code["telecom_a"].hits.good, by_code["telecom_a"].hits.of) == (1, 1)
    assert (by_code["telecom_b"].hits.good, by_code["telecom_b"].hits.of) == (0, 1)
    assert (by_code["telecom_c"].in_time.good, by_code["telecom_c"].in_time.of) == (0, 1)
    assert (by_code["telecom_a"].worked.good, by_code["telecom_a"].worked.of) == (1, 1)
    assert by_code["telecom_a"].age is not None
    assert by_code["telecom_a"].age.days == 29
    page = _at(world.an).get(reverse("desk:inquiries")).content.decode()
    assert "1/1 有效" in page


def test_nothing_to_show_is_said_in_words(world: World, town: Town) -> None:
    town.open(telecom_a=not_found)
    assert "还没有协查" in _at(world.zhou).get(reverse("desk:inquiries")).content.decode()
