"""Each source speaks for itself: a door and a secret of its own, and no word about what another was asked."""

import json

import pytest
from django.test import Client

from songda.engine import inbound
from songda.filing.models import Service
from songda.finding.models import Status
from songda.gateways import switchboard
from songda.gateways.errors import BadSignature
from songda.gateways.models import Payload
from songda.gateways.signing import sign_message
from tests.cast import DENG, World
from tests.finding.conftest import Town, callback, secret_of
from tests.finding.town import taken

NO_PHONE = DENG.__class__(role="被告", name=DENG.name, id_number=DENG.id_number, address=DENG.address)
PHONE = ("phone", "13900000077")


@pytest.fixture
def two(world: World, town: Town) -> Town:
    """Two sources have taken the question and promised to call back."""
    town.open(telecom_a=taken, telecom_b=taken)
    world.service(NO_PHONE)
    town.ask()
    return town


def _service(world: World) -> Service:
    with world.here():
        return Service.objects.get()


def post(door: str, body: bytes, secret: str, name: str = "m1") -> int:
    signed = sign_message(secret, name, body)
    given = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in signed.items()}
    return Client().post(f"/api/callbacks/people/{door}", body, content_type="application/json", **given).status_code


def test_a_source_is_heard_at_its_own_door_with_its_own_secret(world: World, two: Town) -> None:
    answer = two.answer(_service(world), "telecom_a")
    assert post("telecom_a", callback("telecom_a", answer, PHONE), secret_of("telecom_a")) == 204
    two.hear()
    assert two.answer(_service(world), "telecom_a").status == Status.FOUND


def test_what_one_source_says_of_a_question_to_another_is_not_taken(world: World, two: Town) -> None:
    """Signed rightly by A, at A's door, about B's question."""
    answer = two.answer(_service(world), "telecom_b")
    assert post("telecom_a", callback("telecom_a", answer, PHONE), secret_of("telecom_a")) == 204
    two.hear()
    assert two.answer(_service(world), "telecom_b").status == Status.TAKEN
    assert Payload.objects.get().problem == "NotOurs"


@pytest.mark.parametrize(
    ("door", "speaker", "signer"),
    [
        ("telecom_b", "telecom_b", "telecom_a"),
        ("telecom_b", "telecom_a", "telecom_a"),
        ("telecom_a", "telecom_b", "telecom_a"),
        ("nobody", "nobody", "telecom_a"),
    ],
)
def test_nobody_speaks_at_anothers_door_or_in_anothers_name(
    world: World, two: Town, door: str, speaker: str, signer: str
) -> None:
    answer = two.answer(_service(world), "telecom_b")
    assert post(door, callback(speaker, answer, PHONE), secret_of(signer)) == 401
    assert not Payload.objects.exists()


def test_there_is_no_door_for_all_sources_together(world: World, two: Town) -> None:
    answer = two.answer(_service(world), "telecom_a")
    body = callback("telecom_a", answer, PHONE)
    with pytest.raises(BadSignature):
        inbound.receive("people", sign_message(secret_of("telecom_a"), "m1", body), body)


def test_a_callback_played_again_is_answered_and_changes_nothing_and_an_old_one_is_refused(
    world: World, two: Town
) -> None:
    answer = two.answer(_service(world), "telecom_a")
    body = callback("telecom_a", answer, PHONE)
    signed = sign_message(secret_of("telecom_a"), "m1", body)
    for _ in range(2):
        inbound.receive("people", signed, body, "telecom_a")
        two.hear()
    assert world.facts(_service(world)).count("inquiry.answered") == 1
    assert Payload.objects.count() == 1
    world.later(minutes=6)
    with pytest.raises(BadSignature):
        inbound.receive("people", signed, body, "telecom_a")


def test_settings_in_which_two_sources_share_a_secret_are_refused(town: Town) -> None:
    one = {"key_id": "k", "secret": "s", "kind": "telecom_a", "base_url": "http://127.0.0.1:1"}
    for other in ({**one, "key_id": "other"}, {**one, "secret": "other"}):
        town.book.write_text(json.dumps({"sources": {"a": one, "b": other}}))
        switchboard.forget()
        with pytest.raises(switchboard.NotConnected, match="its own"):
            switchboard.sources()
