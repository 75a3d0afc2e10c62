"""An inquiry: whom it asks, on whose authority, with how little, and what is known when its ten minutes are over."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songda.engine import acts
from songda.engine.inquiries import searching
from songda.evidence.models import Fact
from songda.finding import asking
from songda.finding.keeping import Said
from songda.finding.models import Answer, ContactPoint, Status
from songda.gateways.people import Found, keyed_hash
from songda.lib import vault
from songda.lib.clock import now
from songda.methods.models import Paper
from tests.cast import DENG, World
from tests.finding.conftest import Town
from tests.finding.town import Message, Reply, down, found, limited, not_found, taken

NO_PHONE = replace(DENG, phone="")
NOWHERE = replace(DENG, phone="", address="")
PHONE = ("phone", "13900000077")
HOME = ("address", "四川省成都市成华区建设北路三段98号3栋2单元501室")


def _fact(world: World, name: str) -> Fact:
    with world.here():
        return Fact.objects.filter(name=name).latest("learnt_at")


# ---- asking ----------------------------------------------------------------------------------------------------


def test_every_source_is_asked_at_once_and_what_they_give_can_be_used(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=not_found, post_addresses=found(HOME))
    service = world.service(NOWHERE)
    assert town.ask() == 3
    with world.here():
        points = {one.kind: one for one in ContactPoint.objects.filter(party=service.party_id)}
    assert points["phone"].value == PHONE[1]
    assert (points["phone"].source, points["phone"].rank) == ("telecom_a", "unknown")
    assert (points["address"].source, points["address"].rank) == ("post_addresses", "civil_life")
    assert town.inquiry(service).closed_at is not None, "everybody has answered"


def test_a_phone_is_called_while_other_sources_still_look(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=taken)
    service = world.service(NO_PHONE)
    assert world.read(service).step == "finding"
    town.ask()
    assert world.read(service).step == "seeking_consent"
    assert town.inquiry(service).closed_at is None


def test_after_ten_minutes_the_inquiry_closes_and_names_who_was_silent(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE), telecom_b=taken, telecom_c=down)
    service = world.service(NO_PHONE)
    town.ask()
    world.later(minutes=9, seconds=59)
    assert town.inquiry(service).closed_at is None
    world.later(seconds=2)
    assert town.inquiry(service).closed_at is not None
    assert _fact(world, "inquiry.closed").detail["found"] == ["telecom_a"]
    assert _fact(world, "inquiry.expired").detail["silent"] == ["telecom_b", "telecom_c"]


def test_only_what_is_lacking_is_asked_for(world: World, town: Town) -> None:
    town.open(telecom_a=not_found, post_addresses=not_found)
    world.service(NO_PHONE)
    town.ask()
    assert town.sources["post_addresses"].asked[0]["asks"] == ["phone"], "the address is there"


def test_a_source_that_can_match_a_hash_never_sees_the_number(world: World, town: Town) -> None:
    town.open(telecom_a=not_found)
    world.service(NO_PHONE)
    town.ask()
    subject = town.sources["telecom_a"].asked[0]["subject"]
    assert subject["idHash"] == keyed_hash("shared", DENG.id_number)
    assert "idNumber" not in subject


def test_every_question_tells_its_ground_and_its_authority(world: World, town: Town) -> None:
    town.open(telecom_a=not_found)
    world.service(NO_PHONE)
    town.ask()
    asked = town.sources["telecom_a"].asked[0]
    assert "民事诉讼法》第七十条" in asked["ground"]
    assert "个人信息保护法" in asked["ground"]
    assert asked["authority"] == "成都高新技术产业开发区人民法院概括授权"


def test_who_is_served_is_not_asked_about_any_more(world: World, town: Town) -> None:
    town.open(telecom_a=not_found)
    service = world.service(NO_PHONE)
    signed = {"signer": "self", "via": "window", "id_number_given": True}
    world.act(acts.record_by_hand, service, world.zhou, "receipt.signed", happened_at=now(), detail=signed)
    assert world.read(service).result == "served"
    assert town.ask() == 0
    assert town.sources["telecom_a"].asked == []


# ---- on whose authority ----------------------------------------------------------------------------------------


def test_household_registration_is_asked_only_after_a_judge_has_consented(world: World, town: Town) -> None:
    town.open(household=found(HOME), telecom_a=not_found)
    service = world.service(NOWHERE)
    town.ask()
    assert town.sources["household"].asked == []
    assert "户籍登记" in world.item(service, "inquiry_authority").reason
    world.does(world.bai, service, "inquiry_authority", "granted", reason="查明受送达人户籍地址")
    town.ask()
    (asked,) = town.sources["household"].asked
    assert "逐案授权" in asked["authority"]
    assert _fact(world, "inquiry.authorised").speaker_ref == str(world.bai.id)
    with world.here():
        assert ContactPoint.objects.get(party=service.party_id).rank == "registered"


def test_a_clerk_cannot_authorise_and_a_refusal_asks_nobody(world: World, town: Town) -> None:
    town.open(household=found(HOME))
    service = world.service(NOWHERE)
    with pytest.raises(acts.ActRefused, match="角色"):
        world.does(world.an, service, "inquiry_authority", "granted", reason="着急")
    world.does(world.bai, service, "inquiry_authority", "refused", reason="当事人可以自行提供")
    town.ask()
    assert town.sources["household"].asked == []
    assert "inquiry.authority_refused" in world.facts(service)


def test_the_letter_is_kept_and_its_digest_goes_along_and_into_the_ledger(world: World, town: Town) -> None:
    town.open(household=not_found)
    service = world.service(NOWHERE)
    world.does(world.bai, service, "inquiry_authority", "granted", reason="查明受送达人户籍地址")
    town.ask()
    with world.here():
        paper = Paper.objects.get(service=service, title="协查函")
    assert vault.get(paper.sha256).startswith(b"%PDF")
    assert town.sources["household"].asked[0]["letter"]["sha256"] == paper.sha256
    assert _fact(world, "inquiry.letter_made").detail["sha256"] == paper.sha256


def test_no_notice_is_drafted_while_a_judge_considers_an_authorisation(world: World, town: Town) -> None:
    town.open(household=not_found)
    service = world.service(replace(NO_PHONE, address_rank="registered"))
    world.returned(service, "untraceable")
    world.later(minutes=30)
    assert (world.read(service).step, world.read(service).waiting_for) == ("finding", "协查授权")
    world.does(world.bai, service, "inquiry_authority", "refused", reason="已另行查明")
    assert world.read(service).step == "awaiting_approval"


# ---- sources that are slow, down or full ------------------------------------------------------------------------


def test_a_source_that_is_down_is_left_alone_and_holds_up_nobody(world: World, town: Town) -> None:
    town.open(telecom_a=down, telecom_b=found(PHONE), at_once=1)
    service = world.service(NO_PHONE)
    for _ in range(asking.FAILURES_TO_OPEN + 3):
        town.ask()
        world.later(seconds=45)
    assert town.desk is not None
    assert town.desk.lanes["telecom_a"].state == "open"
    assert len(town.sources["telecom_a"].asked) == asking.FAILURES_TO_OPEN
    assert town.answer(service, "telecom_b").status == Status.FOUND


def test_a_rate_limit_rests_the_source_for_as_long_as_it_says(world: World, town: Town) -> None:
    town.open(telecom_a=limited(60))
    service = world.service(NO_PHONE)
    town.ask()
    town.sources["telecom_a"].manner = found(PHONE)
    world.later(seconds=59)
    assert town.ask() == 0
    world.later(seconds=2)
    assert town.ask() == 1
    assert town.answer(service, "telecom_a").status == Status.FOUND


def test_a_question_without_an_answer_is_asked_a_second_time_and_the_first_answer_counts(
    world: World, town: Town
) -> None:
    release = threading.Event()

    def slow_once(message: Message, turn: int) -> Reply:
        if turn == 1:
            release.wait(2)
        return found(PHONE)(message, turn)

    town.open(telecom_a=slow_once)
    service = world.service(NO_PHONE)
    assert town.desk is not None
    town.desk.send()
    world.later(seconds=4)
    town.ask()
    release.set()
    searching.keep_said(town.desk)
    assert [one["key"] for one in town.sources["telecom_a"].asked] == [str(town.answer(service, "telecom_a").id)] * 2
    assert world.facts(service).count("inquiry.answered") == 1


def test_what_a_killed_process_had_in_hand_is_asked_again(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE))
    service = world.service(NO_PHONE)
    taken_up = asking.claim({"telecom_a": 10}, {"telecom_a": timedelta(seconds=3)})
    assert [one.source for one in taken_up] == ["telecom_a"], "and here the process dies"
    assert town.ask() == 0
    world.later(seconds=asking.LEASE_SECONDS)
    town.ask()
    assert town.answer(service, "telecom_a").status == Status.FOUND


def test_a_promised_callback_that_never_comes_is_looked_up(world: World, town: Town) -> None:
    town.open(telecom_a=taken)
    service = world.service(NO_PHONE)
    town.ask()
    assert town.answer(service, "telecom_a").status == Status.TAKEN
    town.sources["telecom_a"].later = found(PHONE)
    world.later(minutes=3, seconds=1)
    town.ask()
    answer = town.answer(service, "telecom_a")
    assert town.sources["telecom_a"].looked_up == [str(answer.id)]
    assert answer.status == Status.FOUND


def test_a_callback_told_twice_is_one_answer(world: World, town: Town) -> None:
    town.open(telecom_a=taken)
    service = world.service(NO_PHONE)
    town.ask()
    answer = town.answer(service, "telecom_a")
    town.call_back("telecom_a", answer, PHONE)
    town.call_back("telecom_a", answer)
    assert world.facts(service).count("inquiry.answered") == 1
    assert town.answer(service, "telecom_a").status == Status.FOUND


def test_many_answers_are_kept_in_as_many_statements_as_a_few(world: World, town: Town) -> None:
    town.open(telecom_a=taken)

    def statements(many: int, first: int) -> int:
        said = []
        for turn in range(first, first + many):
            service = world.service(replace(NO_PHONE, name=f"邓{turn}"), case_number=f"（2026）川0191民初{turn}号")
            answer = town.answer(service, "telecom_a")
            way = (Found("phone", f"139{turn:08d}"),)
            said.append(Said(answer.id, answer.court_id, Status.FOUND, way))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            searching.keep(said)
        return len(captured)

    assert statements(8, 200) == statements(2, 100)


# ---- looking at answers, and their end ---------------------------------------------------------------------------


def test_an_answer_is_shown_for_a_reason_which_is_kept_with_the_person(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE))
    service = world.service(NO_PHONE)
    town.ask()
    answer = town.answer(service, "telecom_a")
    with pytest.raises(acts.ActRefused, match="用途"):
        world.act(acts.look_at_answer, service, world.an, answer.id, "")
    (shown,) = world.act(acts.look_at_answer, service, world.an, answer.id, "核对受送达人电话")
    assert shown["value"] == PHONE[1]
    looked = _fact(world, "private.revealed")
    assert (looked.speaker_ref, looked.private) == (str(world.an.id), {"reason": "核对受送达人电话"})


def test_an_answer_is_emptied_when_its_time_is_up_and_the_facts_stay(world: World, town: Town) -> None:
    town.open(telecom_a=found(PHONE))
    service = world.service(NO_PHONE)
    town.ask()
    world.act(acts.stop, service, world.an, "当事人已撤诉")
    world.later(days=91)
    searching.clean()
    answer = town.answer(service, "telecom_a")
    assert (answer.values, answer.status) == (None, Status.FOUND)
    with world.here():
        assert ContactPoint.objects.get(party=service.party_id, kind="phone").value == ""
    assert "个人信息保护法第十九条" in _fact(world, "inquiry.emptied").detail["because"]
    with pytest.raises(acts.ActRefused, match="保存期限"):
        world.act(acts.look_at_answer, service, world.an, answer.id, "核对")


def test_no_answer_waits_for_ever(world: World, town: Town) -> None:
    town.open(telecom_a=taken)
    service = world.service(NO_PHONE)
    town.ask()
    world.later(hours=25)
    searching.clean()
    with world.here():
        assert not Answer.objects.filter(inquiry__service=service, status__in=["planned", "asking", "taken"]).exists()
