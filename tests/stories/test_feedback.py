"""Before a result goes back to the court it is looked at: what the file does not show stays here, by its rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.engine import actions
from songda.engine.models import WorkItem
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.gateways.models import Dispatch
from songda.law.conformity import RULES
from songda.lib.clock import now
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
)
# The law itself gives no result where these are not met, so no course leads to the check.
KEPT_BY_LAW = {"signer", "address", "consent", "witnesses", "recording"}


def test_every_rule_is_either_tried_here_or_kept_by_the_law_itself() -> None:
    assert {rule for rule, _ in LACKING} | KEPT_BY_LAW == {row.rule for row in RULES}


@pytest.mark.parametrize(("rule", "course"), LACKING, ids=[rule for rule, _ in LACKING])
def test_a_result_that_lacks_it_is_withheld_and_the_work_item_names_the_rule(
    world: World, rule: str, course: Course
) -> None:
    service = world.service(AT_HOME)
    course(world, service)
    item = world.item(service, "conformity")
    [row] = [row for row in RULES if row.rule == rule]
    assert row.what in item.reason
    assert (row.article.code if row.article else "系统规则") in item.reason
    _stays_here(world, service)


def _stays_here(world: World, service: Service) -> None:
    assert "service.effective" not in world.facts(service)
    assert not ProcrastinateJob.objects.filter(task_name="issue_proof").exists()
    with world.here():
        assert not Dispatch.objects.filter(counterparty="court_system").exists()


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
