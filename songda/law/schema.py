"""The JSON Schema (draft 2020-12) of the door's input and output, made from the tables the law itself reads."""

from collections.abc import Iterable
from typing import Any

from . import situation as s
from .facts import FACTS, FactKind, Key
from .methods import METHODS
from .periods import PERIOD_NAMES
from .steps import RESULTS, STEPS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TIME = {
    "type": "string",
    "description": "ISO 8601；无时区的按北京时间，只有日期的按该日（as_of 为该日终了）",
    "pattern": r"^\d{4}-\d{2}-\d{2}",
}
_DAY = {"type": "string", "format": "date"}
_ARTICLES = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_KEY_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "count": {"type": "integer", "minimum": 0},
    "date": _TIME,
    "time": _TIME,
}


def schema() -> dict[str, Any]:
    """Two schemas, each whole in itself: of what `songda law explain` reads and of what it writes."""
    return {
        "input": {"$schema": _DRAFT, "title": "songda law explain: input", **input_schema()},
        "output": {"$schema": _DRAFT, "title": "songda law explain: output", **output_schema()},
    }


def _codes(codes: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(codes)}


def _optional(value: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [value, {"type": "null"}]}


def _object(properties: dict[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {**_object(properties, properties), "additionalProperties": False}


def input_schema() -> dict[str, Any]:
    text = _optional({"type": "string"})
    party = _object({"name": {"type": "string"}, "role": text, "kind": text}, ["name"])
    case = {
        "number": _optional({"type": "string"}),
        "procedure": _codes(s.PROCEDURES),
        "parties": _optional({"type": "array", "items": {"anyOf": [{"type": "string"}, party]}}),
    }
    recipient = {
        "kind": _codes(s.RECIPIENT_KINDS),
        "capacity": _optional(_codes(s.CAPACITIES)),
        "address_rank": _optional(_codes(s.ADDRESS_RANKS)),
        "electronic_consent": {"type": ["boolean", "null"]},
        "electronic_address": _optional(_codes(s.ELECTRONIC_ADDRESSES)),
    }
    document = _object({"kind": _codes(s.DOCUMENT_KINDS)}, ["kind"])
    properties = {
        "as_of": _TIME,
        "case": _object(case, ["procedure"]),
        "recipient": _object(recipient, ["kind"]),
        "documents": {"type": "array", "items": {"anyOf": [_codes(s.DOCUMENT_KINDS), document]}},
        "facts": {"type": "array", "items": _fact()},
    }
    return _object(properties, properties)


def _fact() -> dict[str, Any]:
    common = {
        "fact": _codes(FACTS),
        "happened_at": _TIME,
        "learnt_at": _optional(_TIME),
        "by": _optional({"type": "string"}),
        "detail": _optional({"type": "object"}),
    }
    rules = [_detail_rule(name, kind) for name, kind in FACTS.items() if kind.keys]
    return {**_object(common, ["fact", "happened_at"]), "allOf": rules}


def _detail_rule(name: str, kind: FactKind) -> dict[str, Any]:
    """If the fact has this name, its detail has these keys."""
    needed = [key for key, value in kind.keys.items() if value.required]
    detail = _object({key: _key(value) for key, value in kind.keys.items()}, needed)
    then = _object({"detail": detail if needed else _optional(detail)}, ["detail"] if needed else [])
    return {"if": {"properties": {"fact": {"const": name}}}, "then": then}


def _key(key: Key) -> dict[str, Any]:
    value = _codes(key.codes) if key.codes else _KEY_TYPES[key.kind]
    return value if key.required else _optional(value)


def output_schema() -> dict[str, Any]:
    bar = _closed({"why": {"type": "string"}, "article": {"type": "string"}})
    outcome = {
        "result": _codes(sorted(RESULTS)),
        "method": _optional(_codes(METHODS)),
        "effective_on": _DAY,
        "articles": _ARTICLES,
        "rebuttable": {"type": "boolean"},
    }
    period = {"name": _codes(PERIOD_NAMES), "last_day": _DAY, "articles": _ARTICLES}
    return _closed(
        {
            "step": _codes(STEPS),
            "allowed_methods": {
                "type": "array",
                "items": _closed({"method": _codes(METHODS), "barred": _optional(bar)}),
                "minItems": len(METHODS),
                "maxItems": len(METHODS),
            },
            "outcome": _optional(_closed(outcome)),
            "periods": {"type": "array", "items": _closed(period)},
            "explanation": {"type": "string"},
        }
    )
