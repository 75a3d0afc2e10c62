"""The outbound call robot: it asks whether a person consents to electronic service, and reports what was said.

The robot's report is a table's business: `data/call_outcomes.csv` says what happened on the line,
`data/call_answers.csv` what the person said. A call that nobody took is a fact too: it counts towards the calls made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from songda.gateways.errors import GiveUp
from songda.gateways.heard import Accepted, Heard, Known, fingerprint
from songda.gateways.reading import items, moment, rows, text
from songda.gateways.signing import verify_message
from songda.gateways.wire import Endpoint, exchange, hand_over


@dataclass(frozen=True, slots=True)
class CallConfig:
    """The robot we use, and the number that phones show."""

    endpoint: Endpoint
    shown_number: str = "12368"


@dataclass(frozen=True, slots=True)
class Call:
    """One call under our key. `script` names the approved wording; `words` fills its blanks (court, addressee)."""

    key: str
    phone: str = field(repr=False)
    script: str
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


def call(config: CallConfig, wanted: Call) -> Accepted:
    """Ask for one call. Raises AlreadyDone(Accepted) where the key was asked for before: nobody is rung twice."""
    if not wanted.phone.strip():
        raise GiveUp("no number to call")
    message = {
        "key": wanted.key,
        "callee": wanted.phone,
        "display": config.shown_number,
        "script": wanted.script,
        "words": dict(wanted.words),
    }
    return hand_over(config.endpoint, "/calls", message, "callId")


def look_up(config: CallConfig, key: str) -> Known | None:
    """What became of a key; None where the robot never heard of it."""
    reply = exchange(config.endpoint, "GET", f"/calls/{quote(key, safe='')}")
    if reply.status == 404:
        return None
    results = translate_results(reply.body.get("results") or [])
    return Known(text(reply.body, "callId"), tuple(results))


def verify_callback(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The id of a genuine callback; raises BadSignature for any other."""
    return verify_message(secret, headers, body)


def translate_results(payload: object) -> list[Heard]:
    """Each report gives `call.attempted {answered, outcome, recorded, seconds, wrong_person}` and, where the person
    said so, `consent.given {how: stated}` or `consent.refused`. An answer of a wrong person is never consent."""
    return [one for report in items(payload, "results", "data") for one in _report(report)]


def _report(report: Mapping[str, Any]) -> list[Heard]:
    outcome = _row("call_outcomes.csv", text(report, "outcome"))
    answer = _row("call_answers.csv", text(report, "answer"))
    answered = bool(outcome) and outcome["answered"] == "yes"
    detail = {
        "answered": answered,
        "outcome": text(report, "outcome"),
        "recorded": bool(text(report, "recording")),
        "recording": text(report, "recording"),
        "seconds": _whole(report.get("seconds")),
        "wrong_person": answered and answer.get("wrong_person") == "yes",
    }
    if answered:
        detail["answer"] = text(report, "answer")
    known = bool(outcome) and (bool(answer) or not answered)
    attempted = _heard(report, "call.attempted", detail, unknown=not known)
    consent = answer.get("fact", "") if answered else ""
    if not consent:
        return [attempted]
    said: dict[str, Any] = {"recorded": detail["recorded"], "via": "call"}
    return [attempted, _heard(report, consent, said | ({"how": answer["how"]} if answer["how"] else {}))]


def _row(table: str, code: str) -> Mapping[str, str]:
    return next((row for row in rows(table) if row["code"] == code), {})


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _heard(report: Mapping[str, Any], fact: str, detail: dict[str, Any], *, unknown: bool = False) -> Heard:
    key, reference = text(report, "key"), text(report, "callId")
    return Heard(
        key=key,
        fact=fact,
        happened_at=moment(text(report, "endedAt", "startedAt")),
        detail=detail,
        reference=reference,
        event=fingerprint("call", reference or key, fact),
        unknown=unknown,
    )
