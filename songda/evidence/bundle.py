"""The machine-readable half of a proof: one JSON file, attached to the PDF, that carries all a stranger needs.

Its form is published as `bundle.schema.json`. Nothing that deviates from it is read, and nothing that deviates is
made: `make` reads what it wrote before giving it away.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from songda.evidence import canonical, trust
from songda.evidence.checkpoint import NoteError, SignedCheckpoint, read
from songda.evidence.trust import Trust
from songda.law.facts import FACTS

FORMAT = "songda-proof/1"
FILE_NAME = "songda-proof.json"
MIME_TYPE = "application/json"
_SCHEMA = Path(__file__).with_name("bundle.schema.json")


class BundleError(ValueError):
    """JSON that is not a bundle of this format; says where and why."""


@dataclass(frozen=True, slots=True)
class ProvedFact:
    """A fact opened: its record and salt, its place in the log, the way from there to the root."""

    record: Mapping[str, Any]
    salt: bytes
    index: int
    path: tuple[bytes, ...]
    private: Mapping[str, Any] | None = None
    private_salt: bytes | None = None

    @property
    def learnt_at(self) -> datetime:
        return datetime.fromisoformat(self.record["learnt_at"])


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint as its note, the stamp over the note, and the proof that it continues the one before."""

    note: str
    stamp: bytes | None
    consistency: tuple[bytes, ...] = ()

    def signed(self) -> SignedCheckpoint:
        return read(self.note)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as read: its form is right, nothing else is known yet."""

    statement: Mapping[str, Any]
    facts: tuple[ProvedFact, ...]
    heads: tuple[Head, ...]
    trust: Trust


def seal_statement(statement: Mapping[str, Any]) -> dict[str, str]:
    """The `detail` of the fact `proof.issued`: it puts the whole statement under seal before the proof is printed."""
    return {"serial": statement["serial"], "statement_sha256": canonical.digest(statement)}


def make(statement: Mapping[str, Any], facts: Sequence[ProvedFact], heads: Sequence[Head], anchors: Trust) -> bytes:
    """The bundle's bytes. `heads` in order of size, all paths leading to the last. Raises `BundleError`."""
    written = canonical.canonical(
        {
            "format": FORMAT,
            "statement": statement,
            "facts": [_fact_to_json(fact) for fact in facts],
            "checkpoints": [_head_to_json(head) for head in heads],
            "trust": anchors.to_json(),
        }
    )
    parse(written)
    return written


def parse(data: bytes) -> Bundle:
    """A bundle from its bytes. Raises `BundleError` for anything the schema does not allow."""
    value = _checked(data, "")
    return Bundle(
        statement=value["statement"],
        facts=tuple(_fact_from_json(each) for each in value["facts"]),
        heads=tuple(_head_from_json(each) for each in value["checkpoints"]),
        trust=_trust(value["trust"]),
    )


def parse_trust(data: bytes) -> Trust:
    """A court's published anchors from their file. Raises `BundleError`."""
    return _trust(_checked(data, "#/$defs/trust"))


@cache
def _validator(part: str) -> Draft202012Validator:
    schema = json.loads(_SCHEMA.read_text())
    return Draft202012Validator({"$ref": part, "$defs": schema["$defs"]} if part else schema)


def _checked(data: bytes, part: str) -> dict[str, Any]:
    try:
        value = json.loads(data, object_pairs_hook=_no_name_twice)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"not JSON: {error}") from error
    wrong = best_match(_validator(part).iter_errors(value))
    if wrong is not None:
        raise BundleError(f"{wrong.json_path}: {wrong.message[:200]}")
    return dict(value)


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two readers that each believe another of two values would see two proofs in one file.
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return value


def _trust(value: Mapping[str, Any]) -> Trust:
    try:
        return trust.from_json(value)
    except (NoteError, ValueError) as error:
        raise BundleError(f"$.trust: {error}") from error


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _fact_to_json(fact: ProvedFact) -> dict[str, Any]:
    shown = {
        "record": fact.record,
        "salt": _text(fact.salt),
        "etsi": FACTS[fact.record["fact"]].etsi if fact.record["fact"] in FACTS else None,
        "index": fact.index,
        "path": [_text(each) for each in fact.path],
    }
    if fact.private is not None and fact.private_salt is not None:
        shown["opened"] = {"salt": _text(fact.private_salt), "private": fact.private}
    return shown


def _fact_from_json(value: Mapping[str, Any]) -> ProvedFact:
    opened = value.get("opened")
    return ProvedFact(
        record=value["record"],
        salt=base64.b64decode(value["salt"]),
        index=value["index"],
        path=tuple(base64.b64decode(each) for each in value["path"]),
        private=opened["private"] if opened else None,
        private_salt=base64.b64decode(opened["salt"]) if opened else None,
    )


def _head_to_json(head: Head) -> dict[str, Any]:
    stamp = None if head.stamp is None else _text(head.stamp)
    return {"note": head.note, "stamp": stamp, "consistency": [_text(each) for each in head.consistency]}


def _head_from_json(value: Mapping[str, Any]) -> Head:
    stamp = None if value["stamp"] is None else base64.b64decode(value["stamp"])
    return Head(value["note"], stamp, tuple(base64.b64decode(each) for each in value["consistency"]))
