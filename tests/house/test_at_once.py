"""Callbacks, the engine, people and the portal act on the same services at the same moment, in real threads."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from songda.engine import actions, acts, hands, inbound, worker
from songda.engine.intake import hand_over
from songda.engine.models import WorkItem
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.draft import OrderDraft
from songda.filing.models import Order, Service
from songda.gateways.models import Payload
from songda.gateways.signing import sign_message
from songda.gateways.switchboard import SANDBOX_SECRET
from songda.lib import clock
from songda.lib.tenancy import acting_for
from tests import cast
from tests.at_once import all_at_once

ROUNDS = 8


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def call_back(source: str, payload: Any) -> None:
    body = json.dumps(payload).encode()
    inbound.receive(source, sign_message(SANDBOX_SECRET, "m", body), body)


def test_who_acts_on_one_service_at_once_waits_and_loses_nothing(world: cast.World) -> None:
    services = [world.service(case_number=f"（2026）川0191民初{100 + place}号") for place in range(3)]
    pieces = {}
    for service in services:
        world.tell(service, "consent.refused", Speaker.RECIPIENT)
        world.later(minutes=20)
        pieces[service.id] = world.printed(service)["waybill"]
    ids = [service.id for service in services]

    def carrier() -> None:
        for turn in range(ROUNDS):
            for service_id in ids:
                at = f"{(clock.now() + timedelta(minutes=turn)).astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}"
                event = {"eventId": f"{turn}", "traceNo": pieces[service_id], "opTime": at, "opDesc": "查无此人"}
                unknown = {**event, "eventId": f"?{turn}", "opCode": "9X7"}
                call_back("carrier", {"events": [{**event, "opCode": "705"}, unknown]})

    def engine() -> None:
        for _ in range(ROUNDS):
            with acting_for(world.court.id):
                Service.objects.filter(id__in=ids).update(due_at=clock.now())
            worker.move_due()
            hands.take_up()

    def recipient() -> None:
        for turn in range(ROUNDS):
            for service_id in reversed(ids):
                with acting_for(world.court.id):
                    told = Told("content.opened", clock.now(), Speaker.RECIPIENT, key=f"opened:{turn}")
                    actions.record(service_id, told)

    def person() -> None:
        for _ in range(ROUNDS):
            with acting_for(world.court.id):
                waiting = list(WorkItem.objects.filter(kind="unread_scan", done_at=None))
            for item in waiting:
                with acting_for(world.court.id):
                    acts.complete(item, world.zhou, "noted", {})

    all_at_once(carrier, engine, recipient, person, carrier)
    assert not Payload.objects.filter(understood_at=None).exists()
    for service_id in ids:
        with acting_for(world.court.id):
            names = list(Fact.objects.filter(about=service_id).values_list("name", flat=True))
            row = Service.objects.get(id=service_id)
            fresh = actions.rebuild(service_id)
        assert names.count("mail.attempt_failed") == ROUNDS
        assert names.count("content.opened") == ROUNDS
        assert row.step == fresh["step"]
        assert row.trouble == ""


def _orders(world: cast.World, answers: list[UUID]) -> Callable[[], None]:
    draft = OrderDraft(
        case_number="（2026）川0191民初1234号",
        procedure="ordinary",
        parties=(cast.LIU, cast.DENG),
        uploads=(cast.COMPLAINT,),
        idempotency_key="one",
        door="api",
    )

    def job() -> None:
        with acting_for(world.court.id):
            answers.append(hand_over(world.court, world.an, draft).id)

    return job


def test_one_key_at_once_from_many_callers_is_one_order(world: cast.World) -> None:
    answers: list[UUID] = []
    cast.pdf("起诉状副本")
    all_at_once(*[_orders(world, answers) for _ in range(4)])
    with world.here():
        assert set(answers) == {Order.objects.get().id}
    assert len(answers) == 4


def test_orders_handed_over_at_once_get_numbers_of_their_own(world: cast.World) -> None:
    def job(place: int) -> Callable[[], None]:
        return lambda: world.hand_over(case_number=f"（2026）川0191民初{place}号") and None

    all_at_once(*[job(place) for place in range(1, 5)])
    with world.here():
        numbers = list(Service.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 4


def test_a_poison_service_is_pushed_away_and_the_others_move(world: cast.World) -> None:
    poisoned, sound = (world.hand_over(case_number=f"（2026）川0191民初{place}号") for place in (1, 2))
    with world.here():
        bad, good = poisoned.services.get(), sound.services.get()
        Service.objects.filter(id=bad.id).update(due_at=clock.now() - timedelta(days=1))
        bad.party.contact_points.update(rank="no such rank")
    worker.move_due()
    assert world.read(good).step == "seeking_consent"
    after = world.read(bad)
    assert after.trouble == "KeyError"
    assert after.due_at is not None
    assert after.due_at > clock.now()
    assert "系统处理出错" in world.item(bad, "overdue").reason
