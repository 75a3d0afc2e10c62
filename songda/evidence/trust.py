"""What a reader has to trust: a court's public keys and roots, as one file that the court publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from songda.evidence import canonical
from songda.evidence.checkpoint import PublicKey, read_key


@dataclass(frozen=True, slots=True)
class Trust:
    """A court's anchors. `origin` names its log; `sealed_within` is its published lag between learning and sealing."""

    court: str
    name: str
    origin: str
    log_keys: tuple[PublicKey, ...]
    paper_roots: tuple[x509.Certificate, ...]
    stamp_roots: tuple[x509.Certificate, ...]
    sealed_within: timedelta = timedelta(hours=1)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": "songda-trust/1",
            "court": self.court,
            "name": self.name,
            "origin": self.origin,
            "log_keys": [_key_to_json(key) for key in self.log_keys],
            "paper_roots": [_pem(each) for each in self.paper_roots],
            "stamp_roots": [_pem(each) for each in self.stamp_roots],
            "sealed_within_seconds": int(self.sealed_within.total_seconds()),
        }

    def fingerprint(self) -> str:
        """A digest to be read out over the telephone or printed on the court's wall."""
        return canonical.digest(self.to_json())


def from_json(value: Mapping[str, Any]) -> Trust:
    """Anchors from their JSON, whose form has been checked. Raises `NoteError` or `ValueError` for a bad key."""
    return Trust(
        court=value["court"],
        name=value["name"],
        origin=value["origin"],
        log_keys=tuple(
            read_key(each["key"], since=_moment(each["since"]), until=_moment(each["until"]))
            for each in value["log_keys"]
        ),
        paper_roots=tuple(x509.load_pem_x509_certificate(each.encode()) for each in value["paper_roots"]),
        stamp_roots=tuple(x509.load_pem_x509_certificate(each.encode()) for each in value["stamp_roots"]),
        sealed_within=timedelta(seconds=value["sealed_within_seconds"]),
    )


def _key_to_json(key: PublicKey) -> dict[str, str | None]:
    since, until = (canonical.instant(each) if each else None for each in (key.since, key.until))
    return {"key": key.verification_key(), "since": since, "until": until}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
