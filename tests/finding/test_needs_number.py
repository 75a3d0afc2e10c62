"""A source matches no keyed hash and wants the ID number: it gets it where that is allowed; else somebody decides."""

from dataclasses import replace

import pytest

from songda.engine import acts
from songda.engine.inquiries import searching
from songda.evidence.models import Fact
from songda.finding.models import Authorisation, Inquiry, Status
from tests.cast import DENG, World
from tests.finding.conftest import Town
from tests.finding.town import Manner, Message, Reply, found, taken

NO_PHONE = replace(DENG, phone="")
PHONE = ("phone", "13900000077")


def wants_number(message: Message, _turn: int) -> Reply:
    """At once: the hash says nothing, the number does."""
    if "idNumber" in message["subject"]:
        return found(PHONE)(message, _turn)
    return 200, {"key": message["key"], "state": "needs_number"}, {}


def allow(world: World, how: str) -> None:
    world.court.policy = {**world.court.policy, "number_on_request": how}
    world.court.save()


def facts_of(world: World, name: str) -> list[Fact]:
    with world.here():
        return list(Fact.objects.filter(name=name).order_by("learnt_at"))


@pytest.mark.parametrize("by_callback", [False, True])
def test_where_the_policy_lets_it_the_number_goes_out_and_that_is_a_fact_with_its_purpose(
    world: World, town: Town, by_callback: bool
) -> None:
    town.open(telecom_a=taken if by_callback else wants_number)
    allow(world, "standing")
    service = world.service(NO_PHONE)
    town.ask()
    if by_callback:
        town.sources["telecom_a"].manner = found(PHONE)
        town.call_back("telecom_a", town.answer(service, "telecom_a"), state="needs_number")
    assert town.ask() == 1
    first, second = town.sources["telecom_a"].asked
    assert "idNumber" not in first["subject"]
    assert second["subject"]["idNumber"] == DENG.id_number
    assert second["key"] == first["key"], "the source charges it once"
    (given,) = facts_of(world, "inquiry.number_given")
    assert (given.detail["source"], given.detail["authority"]) == ("telecom_a", f"{world.court.name}概括授权")
    assert "送达" in given.detail["purpose"]
    assert "个人信息保护法" in given.detail["ground"]
    assert town.answer(service, "telecom_a").status == Status.FOUND


@pytest.mark.parametrize("by_callback", [False, True])
def test_where_each_case_wants_its_leave_a_judge_is_asked_and_the_number_stays_here(
    world: World, town: Town, by_callback: bool
) -> None:
    town.open(telecom_a=taken if by_callback else wants_number)
    service = world.service(NO_PHONE)
    town.ask()
    if by_callback:
        town.call_back("telecom_a", town.answer(service, "telecom_a"), state="needs_number")
    assert town.answer(service, "telecom_a").status == Status.NEEDS_NUMBER
    assert town.ask() == 0
    assert "要求提供证件号码" in world.item(service, "inquiry_number").reason
    (wanted,) = facts_of(world, "inquiry.number_wanted")
    assert (wanted.speaker, wanted.detail["because"]) == ("source", "提供证件号码须经授权")
    assert town.inquiry(service).closed_at is not None, "nobody waits ten minutes for that"


def test_the_judge_lets_it_go_out_and_the_source_is_asked_by_number_with_a_time_of_its_own(
    world: World, town: Town
) -> None:
    town.open(telecom_a=wants_number, telecom_b=wants_number)
    service = world.service(NO_PHONE)
    town.ask()
    world.later(hours=30)
    with pytest.raises(acts.ActRefused, match="角色"):
        world.does(world.an, service, "inquiry_number", "granted", reason="着急")
    world.does(world.bai, service, "inquiry_number", "granted", reason="凭加密值查不到，确有必要")
    assert town.ask() == 2
    assert town.sources["telecom_a"].asked[-1]["subject"]["idNumber"] == DENG.id_number
    assert "逐案授权" in town.sources["telecom_b"].asked[-1]["authority"]
    assert town.inquiry(service).trigger == "by_number"
    (allowed,) = facts_of(world, "inquiry.number_allowed")
    assert (allowed.speaker_ref, allowed.detail["sources"]) == (str(world.bai.id), ["telecom_a", "telecom_b"])
    assert [one.detail["source"] for one in facts_of(world, "inquiry.number_given")] == ["telecom_a", "telecom_b"]
    assert town.answer(service, "telecom_a").status == Status.FOUND


def test_what_was_allowed_once_for_a_person_holds_for_the_next_inquiry(world: World, town: Town) -> None:
    town.open(telecom_a=wants_number)
    service = world.service(replace(NO_PHONE, address_rank="registered"))
    town.ask()
    world.does(world.bai, service, "inquiry_number", "granted", reason="凭加密值查不到，确有必要")
    with world.here():
        again = searching.open_again(service, ["telecom_a"], ["phone"], "inquiry:again")
    assert again
    assert town.ask() == 2
    assert town.ask() == 1
    assert (
        "idNumber" not in town.sources["telecom_a"].asked[-2]["subject"]
        or "idNumber" not in (town.sources["telecom_a"].asked[-3]["subject"])
    )
    assert town.sources["telecom_a"].asked[-1]["subject"]["idNumber"] == DENG.id_number


def test_an_authorisation_to_tell_the_number_is_none_to_ask(world: World, town: Town) -> None:
    town.open(telecom_a=wants_number, household=found(("address", "四川省成都市成华区建设北路三段98号")))
    service = world.service(replace(NO_PHONE, address=""))
    town.ask()
    world.does(world.bai, service, "inquiry_number", "granted", reason="凭加密值查不到，确有必要")
    town.ask()
    assert town.sources["household"].asked == []
    assert world.item(service, "inquiry_authority").done_at is None


def test_the_judge_refuses_and_the_number_stays_here(world: World, town: Town) -> None:
    town.open(telecom_a=wants_number)
    service = world.service(NO_PHONE)
    town.ask()
    world.does(world.bai, service, "inquiry_number", "refused", reason="可以向原告了解")
    assert town.ask() == 0
    assert "inquiry.number_refused" in world.facts(service)
    assert "inquiry.number_given" not in world.facts(service)


def test_a_court_that_never_gives_it_says_so_and_asks_nobody(world: World, town: Town) -> None:
    town.open(telecom_a=wants_number)
    allow(world, "never")
    service = world.service(NO_PHONE)
    town.ask()
    answer = town.answer(service, "telecom_a")
    assert (answer.status, answer.problem) == (Status.FAILED, "平台要求证件号码，按本院方案不提供")
    with world.here():
        assert not service.work_items.filter(kind__in=["inquiry_number", "inquiry_id"]).exists()


def test_where_we_have_no_number_the_clerk_finds_it_out_and_it_goes_as_a_hash_first(world: World, town: Town) -> None:
    town.open(telecom_a=_wants_some_number(found(PHONE)))
    service = world.service(replace(NO_PHONE, id_number=""))
    town.ask()
    assert "没有登记" in world.item(service, "inquiry_id").reason
    with pytest.raises(acts.ActRefused, match="校验码"):
        world.does(world.an, service, "inquiry_id", "given", id_number="510107198001010313")
    world.does(world.an, service, "inquiry_id", "given", id_number=DENG.id_number)
    assert town.ask() == 1
    subject = town.sources["telecom_a"].asked[-1]["subject"]
    assert "idHash" in subject
    assert "idNumber" not in subject
    assert world.read(service).party.id_number == DENG.id_number
    assert "recipient.identified" in world.facts(service)


def _wants_some_number(then: Manner) -> Manner:
    def answer(message: Message, turn: int) -> Reply:
        if "idHash" in message["subject"]:
            return then(message, turn)
        return 200, {"key": message["key"], "state": "needs_number"}, {}

    return answer


def test_a_source_that_does_not_match_the_number_either_is_asked_no_third_time(world: World, town: Town) -> None:
    town.open(telecom_a=lambda message, _: (200, {"key": message["key"], "state": "needs_number"}, {}))
    allow(world, "standing")
    service = world.service(NO_PHONE)
    town.ask()
    assert town.ask() == 1
    assert town.ask() == 0
    assert town.answer(service, "telecom_a").problem == "平台取得证件号码后仍不能匹配"


def test_a_wish_for_the_number_that_comes_again_after_it_went_out_changes_nothing(world: World, town: Town) -> None:
    town.open(telecom_a=taken)
    allow(world, "standing")
    service = world.service(NO_PHONE)
    town.ask()
    answer = town.answer(service, "telecom_a")
    town.call_back("telecom_a", answer, state="needs_number")
    assert town.ask() == 1
    town.call_back("telecom_a", answer, ("email", "other bytes"), state="needs_number")
    assert town.answer(service, "telecom_a").status == Status.TAKEN
    assert world.facts(service).count("inquiry.number_given") == 1


def test_the_authorisation_ends_and_with_it_the_leave(world: World, town: Town) -> None:
    town.open(telecom_a=wants_number)
    service = world.service(NO_PHONE)
    town.ask()
    world.does(world.bai, service, "inquiry_number", "granted", reason="凭加密值查不到，确有必要")
    with world.here():
        granted = Authorisation.objects.get()
        assert granted.number
        assert Inquiry.objects.get(authorisation=granted).asks == ["phone"]
        assert (granted.expires_at - granted.granted_at).days == world.policy().authorisation_valid_days
