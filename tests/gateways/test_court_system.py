"""Results pushed to a court's own system."""

import pytest

from songda.gateways import court_system
from songda.gateways.court_system import Push, WebhookConfig
from songda.gateways.errors import TryAgain
from songda.gateways.signing import verify_message
from tests.gateways.parties import SECRET, Listener
from tests.ports import free_port

NEWS = Push("result-1", "service.effective", {"service": "s-1", "effective_on": "2026-03-02"})


def test_a_result_is_pushed_signed_and_under_its_own_id(listener: Listener) -> None:
    court_system.push(WebhookConfig(f"{listener.url}/callbacks/court", SECRET), NEWS)
    ((headers, body),) = listener.at("court")
    assert verify_message(SECRET, headers, body) == "result-1"
    assert listener.told("court") == [{"id": "result-1", "event": NEWS.event, "data": dict(NEWS.body)}]


def test_a_result_pushed_again_is_the_same_message_byte_for_byte(listener: Listener) -> None:
    config = WebhookConfig(f"{listener.url}/callbacks/court", SECRET)
    court_system.push(config, NEWS)
    court_system.push(config, NEWS)
    once, again = listener.at("court")
    assert once[1] == again[1]
    assert once[0]["webhook-id"] == again[0]["webhook-id"]


def test_a_court_system_that_is_down_or_busy_is_tried_again(listener: Listener) -> None:
    listener.refusals = 1
    with pytest.raises(TryAgain, match="http 503"):
        court_system.push(WebhookConfig(f"{listener.url}/callbacks/court", SECRET), NEWS)
    with pytest.raises(TryAgain, match="unreachable"):
        court_system.push(WebhookConfig(f"http://127.0.0.1:{free_port()}/", SECRET), NEWS)
