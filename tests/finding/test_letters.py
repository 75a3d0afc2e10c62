"""The sealed 协查函 on its way: one source fetches it under its own key, each fetch is a fact, nobody else gets it."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from songda.api import letters as door
from songda.engine import acts
from songda.evidence.founding import paper_chains
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import Answer
from songda.gateways import knocking
from songda.gateways.signing import sign_request
from songda.lib.clock import now
from songda.methods.models import Paper
from tests.cast import DENG, World
from tests.finding.conftest import Town, secret_of
from tests.finding.town import Message, not_found, taken

NOWHERE = DENG.__class__(role="被告", name=DENG.name, id_number=DENG.id_number)
Fetch = Callable[..., HttpResponse]


@pytest.fixture
def asked(world: World, town: Town) -> tuple[Service, Message]:
    """A judge has let the household register be asked; the question is with it."""
    town.open(household=taken, telecom_a=not_found)
    service = world.service(NOWHERE)
    world.does(world.bai, service, "inquiry_authority", "granted", reason="查明受送达人户籍地址")
    town.ask()
    return service, town.sources["household"].asked[0]


def fetch(url: str, source: str = "household", *, key: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    """As the source does it: signed with its own key, unless a test says otherwise."""
    signed = headers or sign_request(key or f"key-{source}", secret_of(source), "GET", url, b"")
    parts = urlsplit(url)
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    answer = Client().get(
        f"{parts.path}?{parts.query}", SERVER_NAME=parts.hostname, SERVER_PORT=str(parts.port), **given
    )
    assert isinstance(answer, HttpResponse)
    return answer


def fetched(world: World) -> list[Fact]:
    with world.here():
        return list(Fact.objects.filter(name="inquiry.letter_fetched"))


def test_the_source_fetches_the_letter_that_its_question_names(world: World, asked: tuple[Service, Message]) -> None:
    service, question = asked
    answer = fetch(question["letter"]["url"])
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    with world.here():
        paper = Paper.objects.get(service=service, title="协查函")
    assert question["letter"]["sha256"] == paper.sha256
    (fact,) = fetched(world)
    assert (fact.about, fact.speaker, fact.speaker_ref) == (service.id, "source", "household")
    assert fact.detail["sha256"] == paper.sha256


def test_the_letter_carries_the_courts_signature_over_the_whole_file(
    world: World, asked: tuple[Service, Message]
) -> None:
    (signature,) = PdfFileReader(BytesIO(fetch(asked[1]["letter"]["url"]).content)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    assert (status.intact, status.valid, status.coverage) == (True, True, SignatureCoverageLevel.ENTIRE_FILE)
    with world.here():
        ours = {chain[0].serial_number for chain in paper_chains(world.court.id)}
    assert status.signing_cert.serial_number in ours


def test_an_address_sent_again_after_a_failure_still_opens(asked: tuple[Service, Message]) -> None:
    url = asked[1]["letter"]["url"]
    assert [fetch(url).status_code for _ in range(2)] == [200, 200]


def test_another_source_gets_nothing_by_that_address(world: World, asked: tuple[Service, Message]) -> None:
    assert fetch(asked[1]["letter"]["url"], "telecom_a").status_code == 404
    assert fetched(world) == []


def test_without_a_known_key_or_with_anothers_secret_there_is_nothing(
    world: World, asked: tuple[Service, Message]
) -> None:
    url = asked[1]["letter"]["url"]
    assert fetch(url, headers={"host": urlsplit(url).netloc}).status_code == 401
    assert fetch(url, key="key-nobody").status_code == 401
    assert fetch(url, "telecom_a", key="key-household").status_code == 401
    assert fetched(world) == []


def test_the_very_same_request_is_good_once(world: World, asked: tuple[Service, Message]) -> None:
    url = asked[1]["letter"]["url"]
    headers = sign_request("key-household", secret_of("household"), "GET", url, b"")
    assert fetch(url, headers=headers).status_code == 200
    assert fetch(url, headers=headers).status_code == 401
    assert len(fetched(world)) == 1


def test_an_old_request_is_refused(world: World, asked: tuple[Service, Message]) -> None:
    url = asked[1]["letter"]["url"]
    headers = sign_request("key-household", secret_of("household"), "GET", url, b"")
    world.later(minutes=6)
    assert fetch(url, headers=headers).status_code == 401


@pytest.mark.parametrize("change", [("until=1", "until=2"), ("mark=", "mark=0"), ("/letters/", f"/letters/{uuid4()}/")])
def test_a_changed_address_opens_nothing(world: World, asked: tuple[Service, Message], change: tuple[str, str]) -> None:
    assert fetch(asked[1]["letter"]["url"].replace(*change)).status_code == 404
    assert fetched(world) == []


def test_the_letter_of_another_court_is_not_found_by_a_changed_court(
    world: World, asked: tuple[Service, Message]
) -> None:
    url = asked[1]["letter"]["url"].replace(str(world.court.id), str(world.other_court.id))
    assert fetch(url).status_code == 404


def test_after_its_time_the_address_is_gone(world: World, asked: tuple[Service, Message]) -> None:
    world.later(hours=24, minutes=11)
    assert fetch(asked[1]["letter"]["url"]).status_code == 410
    assert fetched(world) == []


def test_who_is_served_is_not_written_about_any_more(world: World, asked: tuple[Service, Message]) -> None:
    service, question = asked
    signed = {"signer": "self", "via": "window", "id_number_given": True}
    world.act(acts.record_by_hand, service, world.zhou, "receipt.signed", happened_at=now(), detail=signed)
    assert fetch(question["letter"]["url"]).status_code == 404


def test_a_source_that_wants_no_letter_has_none(world: World, asked: tuple[Service, Message], town: Town) -> None:
    assert "letter" not in town.sources["telecom_a"].asked[0]


def test_too_many_fetches_of_one_letter_are_refused_for_a_while(world: World, asked: tuple[Service, Message]) -> None:
    url = asked[1]["letter"]["url"]
    assert [fetch(url).status_code for _ in range(door.MOST)] == [200] * door.MOST
    refused = fetch(url)
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    world.later(minutes=11)
    assert fetch(url).status_code == 200


def test_too_many_wrong_signatures_shut_the_door_to_their_address(
    world: World, asked: tuple[Service, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_WRONG", 3)
    url = asked[1]["letter"]["url"]
    assert [fetch(url, key="key-nobody").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert fetch(url).status_code == 429
    world.later(minutes=knocking.WINDOW / timedelta(minutes=1) + 1)
    assert fetch(url).status_code == 200


def test_the_question_waits_for_the_court_that_put_it(world: World, asked: tuple[Service, Message]) -> None:
    """What a fetch leaves behind names no person."""
    fetch(asked[1]["letter"]["url"])
    (fact,) = fetched(world)
    assert DENG.id_number not in json.dumps(fact.detail)
    with world.here():
        assert Answer.objects.filter(id=asked[1]["key"], status="taken").exists()
