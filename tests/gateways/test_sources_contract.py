"""The published contract for people-finding sources says what our client sends and the sandbox answers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from songda.gateways import people
from songda.gateways.people import SOURCES, Question, Subject
from songda.gateways.sandbox.register import cast
from songda.gateways.signing import sign_request
from tests.gateways.parties import COURT, Listener, Running, eventually, sealed_letter

CONTRACT = json.loads((Path(__file__).resolve().parents[2] / "docs/sources.openapi.json").read_text(encoding="utf-8"))


def keeps_to(name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("code", SOURCES)
def test_what_we_ask_and_what_is_answered_keep_to_the_contract(sandbox: Running, listener: Listener, code: str) -> None:
    person = cast(7)[0]
    subject = Subject(person.name, "person", person.id_number)
    question = Question(
        "inquiry-1", "协查-1", "民事诉讼法第九十五条", f"{COURT}概括授权", subject, ("phone", "address")
    )
    if SOURCES[code].letter:
        question = replace(question, **listener.lay_out(sealed_letter()))
    source = sandbox.source(code)
    message = people._message(source, SOURCES[code], question, list(SOURCES[code].answers))
    keeps_to("Question", message)
    url = f"{source.endpoint.base_url}/inquiries"
    body = json.dumps(message, ensure_ascii=False).encode()
    signed = sign_request(source.endpoint.key_id, source.endpoint.secret, "POST", url, body)
    reply = httpx.post(url, content=body, headers=signed, trust_env=False)
    keeps_to("Answer", reply.json())
    if reply.status_code == 202:
        (told,) = eventually(lambda: listener.told("people"))
        keeps_to("Callback", told)


def test_an_answer_found_without_contacts_breaks_the_contract() -> None:
    with pytest.raises(jsonschema.ValidationError):
        keeps_to("Answer", {"state": "found", "key": "inquiry-1", "reference": "r"})
