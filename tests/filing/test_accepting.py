"""Many orders at once: what one order alone would do, in a few statements; a refusal takes nothing and nobody along."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songda.engine.intake import hand_over, hand_over_many
from songda.evidence.models import Fact
from songda.filing.actions import Accepted
from songda.filing.draft import AgentDraft, AlreadyHandedOver, OrderDraft, OrderRefused, PartyDraft
from songda.filing.models import Agent, Case, Document, Order, Party, Service
from songda.finding.models import ContactPoint
from songda.lib.clock import BEIJING
from tests.cast import COMPLAINT, DENG, JUDGMENT, LIU, SUMMONS, World

pytestmark = pytest.mark.django_db


def draft(serial: int = 1, *parties: PartyDraft, **about: object) -> OrderDraft:
    said = {"procedure": "ordinary", "uploads": (COMPLAINT, SUMMONS), "cause": "民间借贷纠纷", "door": "excel", **about}
    return OrderDraft(case_number=f"（2026）川0191民初{serial}号", parties=(LIU, *(parties or (DENG,))), **said)  # type: ignore[arg-type]


def test_every_order_of_a_lot_is_kept_with_its_case_its_parties_its_papers_and_its_first_facts(world: World) -> None:
    with world.here():
        answers = hand_over_many(world.court, world.an, [draft(serial) for serial in (1, 2, 3)])
        assert [type(answer) for answer in answers] == [Accepted] * 3
        assert [one.objects.count() for one in (Case, Party, Document, Order, Service)] == [3, 6, 6, 3, 3]
        for service in Service.objects.all():
            assert [line.document.title for line in service.lines.all()] == ["起诉状副本", "传票"]
            assert service.party.name == DENG.name
            assert {one.kind for one in ContactPoint.objects.filter(party=service.party)} == {"phone", "address"}
            assert [fact.name for fact in Fact.objects.filter(about=service.id)] == ["order.accepted"]


def test_the_numbers_of_the_day_follow_one_another_from_lot_to_lot(world: World) -> None:
    with world.here():
        hand_over_many(world.court, world.an, [draft(1), draft(2)])
        hand_over(world.court, world.an, draft(3))
        hand_over_many(world.court, world.an, [draft(4)])
        serials = [
            number.rsplit("-")[1] for number in Service.objects.order_by("number").values_list("number", flat=True)
        ]
    assert serials == ["00001", "00002", "00003", "00004"]


def test_a_refused_order_says_everything_that_is_wrong_and_the_others_are_kept(world: World) -> None:
    nobody = replace(LIU, name=" ")
    with world.here():
        good, bad, foreign = hand_over_many(
            world.court,
            world.an,
            [draft(1), draft(2, nobody, uploads=()), replace(draft(3), case_number="（2026）川0108民初3号")],
        )
        assert isinstance(good, Accepted)
        assert isinstance(bad, OrderRefused)
        assert {reason.code for reason in bad.reasons} == {"name", "no_recipient", "no_document"}
        assert isinstance(foreign, OrderRefused)
        assert [case.number for case in Case.objects.all()] == ["（2026）川0191民初1号"]


def test_the_same_paper_for_the_same_person_twice_in_one_lot_is_held_back_the_second_time(world: World) -> None:
    with world.here():
        first, again = hand_over_many(world.court, world.an, [draft(1), draft(1)])
        assert isinstance(first, Accepted)
        assert isinstance(again, AlreadyHandedOver)
        assert again.names == [DENG.name]
        assert Service.objects.count() == 1


def test_with_a_reason_it_is_served_again_on_the_same_case_party_and_paper(world: World) -> None:
    with world.here():
        hand_over(world.court, world.an, draft(1))
        [again] = hand_over_many(world.court, world.an, [draft(1, repeat_reason="当事人称未收到")])
        assert isinstance(again, Accepted)
        assert [one.objects.count() for one in (Case, Party, Document, Service)] == [1, 2, 2, 2]


def test_another_paper_of_the_same_case_needs_no_reason(world: World) -> None:
    with world.here():
        _, judgment = hand_over_many(world.court, world.an, [draft(1), draft(1, uploads=(JUDGMENT,))])
        assert isinstance(judgment, Accepted)
        assert [one.objects.count() for one in (Case, Party, Service)] == [1, 2, 2]


def test_what_a_later_order_adds_to_case_and_party_is_kept_and_its_silence_takes_nothing_away(world: World) -> None:
    hearing = datetime(2026, 4, 1, 9, 30, tzinfo=BEIJING)
    lawyer = replace(DENG, agents=(AgentDraft("罗律师", phone="13800000002"),))
    bare = replace(DENG, id_number="", agents=())
    with world.here():
        hand_over(world.court, world.an, draft(1, bare))
        hand_over_many(
            world.court,
            world.an,
            [
                draft(1, lawyer, hearing_at=hearing, judge="bai", uploads=(JUDGMENT,)),
                draft(1, lawyer, repeat_reason="补送"),
                draft(1, bare, cause="", repeat_reason="再补送"),
            ],
        )
        case = Case.objects.get()
        party = Party.objects.get(role="被告")
        assert (case.hearing_at, case.judge, case.cause) == (hearing, world.bai, "民间借贷纠纷")
        assert party.id_number == DENG.id_number
        assert [(agent.name, agent.phone) for agent in Agent.objects.all()] == [("罗律师", "13800000002")]


def test_one_person_in_two_roles_is_served_in_the_role_that_was_marked(world: World) -> None:
    third = replace(DENG, role="第三人", phone="13900000009")
    with world.here():
        hand_over(world.court, world.an, draft(1, replace(DENG, serve=False), third))
        service = Service.objects.get()
        assert service.party.role == "第三人"
        phones = [one.value for one in ContactPoint.objects.filter(party=service.party, kind="phone")]
    assert phones == ["13900000009"]


def test_a_lot_of_fifty_takes_hardly_more_statements_than_a_lot_of_five(world: World) -> None:
    def statements(serials: range) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            hand_over_many(world.court, world.an, [draft(serial) for serial in serials])
        return len(seen)

    with world.here():
        few = statements(range(1, 6))
        many = statements(range(100, 150))
    assert many <= few + 5
