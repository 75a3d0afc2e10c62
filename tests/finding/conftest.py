"""A court whose sources are on the wire, on a clock that stands still until somebody says it is later."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from songda.engine import inbound, worker
from songda.engine.inquiries import searching
from songda.filing.models import Service
from songda.finding.asking import Desk
from songda.finding.models import Answer, Inquiry
from songda.gateways import switchboard
from songda.gateways.signing import sign_message
from tests import cast
from tests.finding.town import Manner, Source


def secret_of(code: str) -> str:
    """What is agreed with one source and no other."""
    return f"agreed with {code}"


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def callback(source: str, answer: Answer, *contacts: tuple[str, str], state: str = "") -> bytes:
    """What a source posts to its door."""
    listed = [{"kind": kind, "value": value, "asOf": "2026-02-01"} for kind, value in contacts]
    said = {"key": str(answer.id), "reference": "r1", "state": state or ("found" if listed else "not_found")}
    return json.dumps({"source": source, "answers": [said | {"contacts": listed}]}).encode()


class Town:
    """The sources of a test, and the platform's desk that asks them."""

    def __init__(self, world: cast.World, book: Path) -> None:
        self.world, self.book = world, book
        self.sources: dict[str, Source] = {}
        self.desk: Desk | None = None

    def open(self, at_once: int = 16, **manners: Manner) -> None:
        """Connect these sources, each with its manner; the court asks exactly these."""
        self.sources |= {code: Source(manner) for code, manner in manners.items()}
        place = {"hash_secret": "shared", "timeout_seconds": 2, "at_once": at_once}
        listed = {
            code: {**place, "base_url": source.url, "kind": code, "key_id": f"key-{code}", "secret": secret_of(code)}
            for code, source in self.sources.items()
        }
        self.book.write_text(json.dumps({"sources": listed}))
        switchboard.forget()
        self.world.court.policy = {**self.world.court.policy, "inquiry_sources": list(self.sources)}
        self.world.court.save()
        self.desk = Desk()

    def ask(self) -> int:
        """One turn of the loop: what is due goes out, what comes back is kept, and services that it woke are moved."""
        assert self.desk is not None
        out = self.desk.send()
        kept = 0
        while kept < out:
            kept += searching.keep_said(self.desk)
        worker.move_due()
        return out

    def call_back(self, source: str, answer: Answer, *contacts: tuple[str, str], state: str = "") -> None:
        """The source calls back, signed, and the loop hears it."""
        body = callback(source, answer, *contacts, state=state)
        inbound.receive("people", sign_message(secret_of(source), f"id-{answer.id}", body), body, source)
        self.hear()

    def hear(self) -> None:
        """The loop understands what came in."""
        searching.hear()
        worker.move_due()

    def answer(self, service: Service, source: str) -> Answer:
        with self.world.here():
            return (
                Answer.objects.select_related("inquiry")
                .filter(inquiry__service=service, source=source)
                .latest("inquiry__opened_at")
            )

    def inquiry(self, service: Service) -> Inquiry:
        with self.world.here():
            return Inquiry.objects.filter(service=service).latest("opened_at")

    def close(self) -> None:
        if self.desk is not None:
            self.desk.__exit__()
        for source in self.sources.values():
            source.close()


@pytest.fixture
def town(world: cast.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    book = tmp_path / "gateways.json"
    monkeypatch.setenv("SONGDA_GATEWAYS", str(book))
    opened = Town(world, book)
    yield opened
    opened.close()
    switchboard.forget()
