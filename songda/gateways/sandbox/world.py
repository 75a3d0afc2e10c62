"""What every counterparty of the sandbox shares: settings, memory, agenda, people, and the way back to the platform."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from songda.gateways.sandbox import tsa
from songda.gateways.sandbox.agenda import Agenda, NotYet
from songda.gateways.sandbox.people import Directory
from songda.gateways.sandbox.register import DemoPerson, cast, chance, draw
from songda.gateways.sandbox.store import Store
from songda.gateways.signing import sign_message
from songda.gateways.switchboard import sandbox_source

DEFAULT_SECRET = "sandbox-secret"  # noqa: S105 - loopback only; the sandbox refuses to run in production
KEY_ID = "songda"
_CALLBACK_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How one sandbox is set up. `trouble` scales every error rate: 0 is a fair-weather world, 1 a real one."""

    state: Path
    portal: str = "http://127.0.0.1:8000"
    api: str = "http://127.0.0.1:8000/api"
    seed: int = 7
    port: int = 8600
    smtp_port: int = 8625
    ipp_port: int = 8631
    host: str = "127.0.0.1"
    secret: str = field(default=DEFAULT_SECRET, repr=False)
    trouble: float = 1.0

    def secret_of(self, door: str) -> str:
        """What is agreed with whoever calls back at this door: of the sources each has its own."""
        source = door.removeprefix("people/")
        return self.secret if source == door else sandbox_source(source, self.secret)["secret"]


class World:
    """One running sandbox, as its counterparties see it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.state)
        self.agenda = Agenda(self.store)
        self.tsa = tsa.at(settings.state / "tsa")
        self.people = Directory(settings.seed, cast(settings.seed))
        self.wire = httpx.Client(timeout=_CALLBACK_TIMEOUT, trust_env=False)
        self.agenda.knows("callback", self._deliver)

    def close(self) -> None:
        self.agenda.stop()
        self.wire.close()
        self.store.close()

    def settle(self, person: DemoPerson) -> DemoPerson:
        """Let someone live here, also after a restart."""
        self.people.add(person)
        key = f"{person.name} {person.phone} {person.temperament}"
        self.store.receive("people", key, "", asdict(person), {})
        return person

    def chance(self, *parts: object) -> float:
        """A share between 0 and 1 that depends on the seed and these words only."""
        return chance(self.settings.seed, *parts)

    def strikes(self, rate: float, *parts: object) -> bool:
        """Whether a misfortune of this rate happens here."""
        return self.chance(*parts) < rate * self.settings.trouble

    def number(self, digits: int, *parts: object) -> str:
        """A number of so many digits that depends on the seed and these words only."""
        return f"{draw(self.settings.seed, *parts) % 10**digits:0{digits}d}"

    def call_back(self, door: str, name: str, wait: timedelta, body: Mapping[str, Any]) -> None:
        """Tell the platform at `{api}/callbacks/{door}`, signed, again and again until it answers 2xx."""
        self.agenda.soon("callback", f"callback {door} {name}", wait, {"door": door, "id": name, "body": body})

    def _deliver(self, event: Mapping[str, Any]) -> None:
        body = json.dumps(event["body"], ensure_ascii=False, sort_keys=True).encode()
        if not self.send(event["door"], event["id"], body, "application/json").is_success:
            raise NotYet

    def send(self, door: str, message_id: str, body: bytes, media_type: str) -> httpx.Response:
        """One signed callback and what the platform answered; raises NotYet where nobody did."""
        url = f"{self.settings.api.rstrip('/')}/callbacks/{door}"
        headers = sign_message(self.settings.secret_of(door), message_id, body) | {"content-type": media_type}
        try:
            return self.wire.post(url, content=body, headers=headers)
        except httpx.TransportError:
            raise NotYet from None
