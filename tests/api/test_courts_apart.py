"""The other court's key finds nothing, although there is something to find."""

from uuid import UUID, uuid4

import pytest

from songda.evidence.models import Fact
from songda.methods.actions import keep_paper
from tests import cast
from tests.api.conftest import Caller, problem, said


@pytest.fixture
def paths(world: cast.World) -> dict[str, str]:
    """One address for everything of court A that has one."""
    order = world.hand_over()
    with world.here():
        service = order.services.get()
        paper = keep_paper(service, kind="proof", title="送达回证", key="p", pdf=cast.pdf("送达回证"))
    return {
        "order": f"/orders/{order.id}",
        "service": f"/services/{service.id}",
        "paper": f"/services/{service.id}/papers/{paper.id}",
    }


@pytest.mark.parametrize("name", ["order", "service", "paper"])
def test_what_one_court_reads_the_other_cannot(
    court_a: Caller, court_b: Caller, paths: dict[str, str], name: str
) -> None:
    assert court_a.get(paths[name]).status_code == 200
    problem(court_b.get(paths[name]), 404, "not-found")


def test_lists_hold_ones_own_only(world: cast.World, court_a: Caller, court_b: Caller) -> None:
    world.later(minutes=1)
    service = world.service()
    world.tell(service, "receipt.refused", by="self", via="window")
    world.act(_stop_and_ask, service, world)
    for listed in ("/services", "/work-items"):
        assert said(court_a.get(listed)), f"nothing in {listed} could leak"
        assert said(court_b.get(listed)) == []


def _stop_and_ask(service: cast.Service, world: cast.World) -> None:
    fact = Fact.objects.filter(about=service.id, name="receipt.refused").get()
    cast.acts.ask_correction(service, world.an, fact.id, "登记有误")


ACTS = {
    "stop": {"reason": "原告撤诉"},
    "reopen": {"reason": "继续送达"},
    "corrections": {"reason": "登记有误", "fact": str(uuid4())},
    "collections": {"last_day": "2026-03-09"},
    "facts": {"fact": "recipient.acted", "happened_at": "2026-03-01T09:00:00+08:00", "detail": {"how": "reply"}},
}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_nobody_acts_on_the_other_courts_service(
    world: cast.World, court_b: Caller, paths: dict[str, str], act: str
) -> None:
    service = UUID(paths["service"].rsplit("/", 1)[1])
    with world.here():
        before = Fact.objects.filter(about=service).count()
    problem(court_b.post(f"{paths['service']}/{act}", ACTS[act]), 404, "not-found")
    with world.here():
        assert Fact.objects.filter(about=service).count() == before


def test_nobody_ends_the_other_courts_work_item(world: cast.World, court_b: Caller) -> None:
    service = world.service()
    world.tell(service, "receipt.refused", by="self", via="window")
    world.act(_stop_and_ask, service, world)
    item = world.item(service, "correction")
    problem(court_b.post(f"/work-items/{item.id}/complete", {"outcome": "granted"}), 404, "not-found")
    assert world.item(service, "correction").done_at is None
