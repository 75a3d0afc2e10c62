"""Before a result goes back to the court it is looked at: what the file does not show stays here, by its rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.api import showing as api
from songda.engine import actions, reading
from songda.engine.models import WorkItem
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Party, Service
from songda.filing.queries import finality_of
from songda.gateways.models import Dispatch
from songda.law.conformity import RULES
from songda.lib.clock import now
from songda.portal import showing as portal
from tests.cast import DENG, JUDGMENT, World

# 邓 as the complaint has him: an address, no telephone.
AT_HOME = replace(DENG, phone="")
Course = Callable[[World, Service], object]


def _tell(name: str, speaker: str = Speaker.CARRIER, **detail: object) -> Course:
    return lambda world, service: world.tell(service, name, speaker, **detail)


def _then(*courses: Course) -> Course:
    return lambda world, service: [course(world, service) for course in courses]


def _days(number: int) -> Course:
    return lambda world, _: world.later(days=number)


def _yesterday(world: World, service: Service) -> None:
    signed = {"signer": "self", "via": "window", "id_number_given": True}
    told = Told("receipt.signed", now() - timedelta(hours=1), Speaker.PERSON, detail=signed)
    with world.here():
        actions.record(service.id, told)


def _signed(signer: str) -> Course:
    return _tell("receipt.signed", Speaker.PERSON, signer=signer, via="window", id_number_given=True)


def _posted_before_the_order(world: World, service: Service) -> None:
    """Three silent months abroad, and the recipient acted on papers: but the letter was posted before this order."""
    with world.here():
        Party.objects.filter(id=service.party_id).update(kind="abroad")
        actions.record(service.id, Told("mail.accepted", now() - timedelta(days=2), Speaker.CARRIER))
    world.tell(service, "recipient.acted", Speaker.RECIPIENT, how="answered")
    _days(100)(world, service)
    with world.here():
        actions.advance(service.id)


_BACK = _tell("mail.returned", because="moved_unreported")
_TRIES = _then(*chain(*[(_days(1), _tell("mail.attempt_failed", reason="absent"))] * 3))
_NOTICE = partial(_tell, "notice.published", Speaker.PERSON)

# rule, and a course whose result lacks what the rule asks for
LACKING: tuple[tuple[str, Course], ...] = (
    ("id_number", _tell("receipt.signed", signer="self", via="mail")),
    ("receipt_image", _tell("receipt.signed", signer="self", via="mail", id_number_given=True)),
    ("mail_closed", _tell("mail.returned", because="refused")),
    ("attempts", _then(_BACK, _tell("mail.closed"))),
    ("contact", _then(_TRIES, _BACK, _tell("mail.closed"))),
    ("approval", _then(_NOTICE(**{"in": "network"}), _days(31))),
    ("exhaustion", _then(_NOTICE(**{"in": "network"}), _days(31))),
    ("board_and_dwelling", _then(_tell("notice.approved", Speaker.PERSON), _NOTICE(**{"in": "board"}), _days(31))),
    ("dates", _yesterday),
    ("noted", _tell("receipt.refused", Speaker.PERSON, by="self", via="window")),
    ("signer", _then(_signed("opposing_party"), _signed("self"))),
    ("posting", _posted_before_the_order),
    ("consent", _tell("receipt.signed", Speaker.RECIPIENT, signer="self", via="electronic")),
)
# Told as service by a person, and none by law for want of this: no result is there that could leave.
NOT_COUNTED: tuple[tuple[str, Course], ...] = (
    ("signer", _signed("opposing_party")),
    ("witnesses", _tell("visit.left_in_place", Speaker.PERSON, refused_by="self", witnesses=0, recorded=False)),
    ("recording", _tell("call.served", Speaker.PERSON, recorded=False)),
)


# What is still to be written, and no fault of the file, is asked for as what it is.
ASKED_FOR_AS = {"noted": "refusal_note"}


# Without an address of his own the law deems nothing served: no course ends so, and tests/law reads the rule alone.
NO_RESULT_WITHOUT = {"address"}


def test_every_rule_has_a_course_that_lacks_what_it_asks_for() -> None:
    assert {rule for rule, _ in (*LACKING, *NOT_COUNTED)} | NO_RESULT_WITHOUT == {row.rule for row in RULES}


@pytest.mark.parametrize(("rule", "course"), LACKING, ids=[rule for rule, _ in LACKING])
def test_a_result_that_lacks_it_is_withheld_and_the_work_item_names_the_rule(
    world: World, rule: str, course: Course
) -> None:
    service = world.service(AT_HOME)
    course(world, service)
    _names(rule, world.item(service, ASKED_FOR_AS.get(rule, "conformity")))
    assert world.read(service).step == "withheld"
    _stays_here(world, service)


@pytest.mark.parametrize(("rule", "course"), NOT_COUNTED, ids=[rule for rule, _ in NOT_COUNTED])
def test_what_is_told_as_service_and_is_none_becomes_a_work_item_that_names_the_rule(
    world: World, rule: str, course: Course
) -> None:
    service = world.service(AT_HOME)
    course(world, service)
    _names(rule, world.item(service, "not_counted"))
    _stays_here(world, service)
    with world.here():
        actions.advance(service.id)
        assert WorkItem.objects.filter(service=service, kind="not_counted").count() == 1, "asked once"


def test_what_was_told_as_service_and_was_none_is_closed_by_a_service_that_counts(world: World) -> None:
    service = world.service(AT_HOME)
    _signed("opposing_party")(world, service)
    _days(1)(world, service)
    _signed("self")(world, service)
    with world.here():
        assert WorkItem.objects.get(service=service, kind="not_counted").outcome == "superseded"
    assert "service.effective" in world.facts(service)


def _names(rule: str, item: WorkItem) -> None:
    row = next(row for row in RULES if row.rule == rule)
    assert row.what in item.reason
    assert (row.article.code if row.article else "系统规则") in item.reason


def _stays_here(world: World, service: Service) -> None:
    """By none of the doors: fact, proof, push to the court's system, what it reads of us, the recipient's page."""
    assert "service.effective" not in world.facts(service)
    assert not ProcrastinateJob.objects.filter(task_name="issue_proof").exists()
    with world.here():
        assert not Dispatch.objects.filter(counterparty="court_system").exists()
        read = world.read(service)
        said = api.service(read)
        assert (said.result, said.method, said.effective_on) == ("", "", None)
        assert said.outcome is not None
        assert (said.outcome["outcome"], said.outcome["periods"]) == (None, [])
        assert portal._effect(reading.course(read)) is None
        finality = finality_of(read.case)
        assert finality is None or finality.on is None


def test_what_is_mended_leaves(world: World) -> None:
    service = world.service(AT_HOME, uploads=(JUDGMENT,))
    world.tell(service, "receipt.signed", signer="self", via="mail", id_number_given=True)
    _stays_here(world, service)
    world.tell(service, "mail.receipt_scanned")
    world.tell(service, "mail.closed")
    assert "service.effective" in world.facts(service)
    assert ProcrastinateJob.objects.filter(task_name="issue_proof").exists()


def test_what_the_court_accepts_of_one_result_says_nothing_of_the_next(world: World) -> None:
    service = world.service(AT_HOME, uploads=(JUDGMENT,))
    world.tell(service, "receipt.signed", signer="self", via="mail")
    world.does(world.an, service, "conformity", "accepted", reason="签收人证件号码已当面核对")
    assert "service.effective" in world.facts(service)
    with world.here():
        assert not WorkItem.objects.filter(service=service, kind="conformity", done_at=None).exists()
