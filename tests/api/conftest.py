"""A court's case system with its key, another court's with another, and counterparties who sign what they say."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from songda.courts import actions as courts
from songda.courts.models import Court, Person
from songda.gateways.signing import sign_message
from songda.gateways.switchboard import SANDBOX_SECRET
from tests import cast


@dataclass
class Caller:
    """A machine that speaks JSON with one key."""

    key: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        said = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = self.client.generic(
            method, f"/api/v1{path}", content, content_type="application/json", headers={**said, **headers}
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def get(self, path: str) -> HttpResponse:
        return self.ask("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)


def said(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def problem(answer: HttpResponse, status: int, code: str) -> Any:
    """The body of a problem, when it is this problem."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body = said(answer)
    assert body["status"] == status
    assert body["type"] == f"urn:songda:problem:{code}"
    assert body["title"]
    return body


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def key_for(world: cast.World) -> Callable[[Person, Court], Caller]:
    def make(person: Person, court: Court) -> Caller:
        return Caller(courts.issue_key(court, person, "案件系统"))

    return make


@pytest.fixture
def court_a(world: cast.World, key_for: Callable[[Person, Court], Caller]) -> Caller:
    return key_for(world.an, world.court)


@pytest.fixture
def judge_a(world: cast.World, key_for: Callable[[Person, Court], Caller]) -> Caller:
    return key_for(world.bai, world.court)


@pytest.fixture
def court_b(world: cast.World, key_for: Callable[[Person, Court], Caller]) -> Caller:
    return key_for(world.cheng, world.other_court)


@pytest.fixture
def order() -> dict[str, Any]:
    """What a case system sends: one defendant, two papers."""
    return {
        "case_number": "（2026）川0191民初1234号",
        "procedure": "ordinary",
        "cause": "民间借贷纠纷",
        "parties": [
            {"role": "原告", "name": cast.LIU.name, "address": cast.LIU.address, "serve": False},
            {
                "role": "被告",
                "name": cast.DENG.name,
                "id_number": cast.DENG.id_number,
                "phone": cast.DENG.phone,
                "address": cast.DENG.address,
            },
        ],
        "documents": [document("complaint", "起诉状副本"), document("summons", "传票")],
    }


def document(kind: str, title: str, **more: Any) -> dict[str, Any]:
    content = base64.b64encode(cast.pdf(title)).decode()
    return {"filename": f"{title}.pdf", "content": content, "kind": kind, "title": title, **more}


@pytest.fixture
def call_back(world: cast.World) -> Callable[..., HttpResponse]:
    """A counterparty tells something at its door, signed with its secret or with another."""

    def tell(source: str, payload: Any, *, secret: str = SANDBOX_SECRET, name: str = "m1") -> HttpResponse:
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        headers = sign_message(secret, name, body)
        answer = Client().generic(
            "POST", f"/api/callbacks/{source}", body, content_type="application/json", headers=headers
        )
        assert isinstance(answer, HttpResponse)
        return answer

    return tell
