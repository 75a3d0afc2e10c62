"""From one JSON object to a situation: lenient about what may be left out, strict about what is wrong.

The answer turns on the procedure, the kind of recipient, the papers and the facts: these are never guessed. An empty
list of facts says that nothing happened; a missing one says nothing and is refused.

Times without an offset are Beijing's. A date alone is the beginning of that day for a fact and its end for
`as_of`, so that a day's facts are known on the day. A fact without `learnt_at` was learnt when it happened.
Keys nobody here knows are left alone, so that a newer sender is not refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from . import situation as s
from .facts import FACTS, Key

# No civil procedure law to apply before the first, no holidays to know after the last.
_FIRST_YEAR, _LAST_YEAR = 1991, 2199
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadInput(ValueError):
    """What was read is not a situation; `field` is the path of what is wrong, such as `facts[2].detail.signer`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def read_situation(value: Any) -> s.Situation:
    """Raises BadInput naming the first field that is wrong."""
    whole = _object(value, "(输入)")
    return s.Situation(
        as_of=_moment(_required(whole, "as_of", ""), "as_of", time(23, 59, 59, 999999)),
        case=_case(_object(_required(whole, "case", ""), "case")),
        recipient=_recipient(_object(_required(whole, "recipient", ""), "recipient")),
        documents=tuple(_each(whole, "documents", _document, required=True)),
        facts=tuple(_each(whole, "facts", _fact, required=True)),
    )


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadInput(field, "应为 JSON 对象")
    return value


def _given(value: Mapping[str, Any], key: str, default: Any) -> Any:
    """The value, or the default where it is left out or null."""
    found = value.get(key)
    return default if found is None else found


def _required(value: Mapping[str, Any], key: str, field: str) -> Any:
    if value.get(key) is None:
        raise BadInput(f"{field}{key}", "缺少此项")
    return value[key]


def _each(
    value: Mapping[str, Any], key: str, read: Callable[[Any, str], Any], field: str = "", *, required: bool = False
) -> list[Any]:
    items = _required(value, key, field) if required else _given(value, key, [])
    if not isinstance(items, list):
        raise BadInput(f"{field}{key}", "应为数组")
    return [read(item, f"{field}{key}[{index}]") for index, item in enumerate(items)]


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise BadInput(field, "应为文本")
    return value


def _code(value: Any, codes: Mapping[str, object] | tuple[str, ...], field: str) -> str:
    if not isinstance(value, str) or value not in codes:
        raise BadInput(field, f"应为 {'、'.join(codes)} 之一")
    return value


def _moment(value: Any, field: str, of_day: time = time()) -> datetime:
    text = _text(value, field)
    try:
        if _DATE.fullmatch(text):
            text = f"{text}T{of_day.isoformat()}"
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(field, "应为 ISO 8601 时间，例如 2026-03-02T09:00:00+08:00") from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise BadInput(field, f"年份应在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间")
    return moment if moment.tzinfo else moment.replace(tzinfo=s.BEIJING)


def _day(value: Any, field: str) -> date:
    """A date; of a time, its Beijing day."""
    return s.beijing_day(_moment(value, field))


def _case(value: Mapping[str, Any]) -> s.Case:
    number = value.get("number")
    return s.Case(
        number=None if number is None else _text(number, "case.number"),
        procedure=_code(_required(value, "procedure", "case."), s.PROCEDURES, "case.procedure"),
        parties=tuple(_each(value, "parties", _party, "case.")),
    )


def _party(item: Any, field: str) -> s.Party:
    """A party as an object, or as its bare name."""
    if isinstance(item, str):
        return s.Party(item)
    value = _object(item, field)
    return s.Party(
        name=_text(_required(value, "name", f"{field}."), f"{field}.name"),
        role=_text(_given(value, "role", ""), f"{field}.role"),
        kind=_text(_given(value, "kind", "person"), f"{field}.kind"),
    )


def _recipient(value: Mapping[str, Any]) -> s.Recipient:
    consent = value.get("electronic_consent")
    if consent is not None and not isinstance(consent, bool):
        raise BadInput("recipient.electronic_consent", "应为 true、false 或者 null")

    def code(key: str, codes: Mapping[str, str], default: str) -> str:
        given = value.get(key)
        return default if given is None else _code(given, codes, f"recipient.{key}")

    return s.Recipient(
        kind=_code(_required(value, "kind", "recipient."), s.RECIPIENT_KINDS, "recipient.kind"),
        capacity=code("capacity", s.CAPACITIES, "full"),
        address_rank=code("address_rank", s.ADDRESS_RANKS, "unknown"),
        electronic_consent=consent,
        electronic_address=code("electronic_address", s.ELECTRONIC_ADDRESSES, "none"),
    )


def _document(item: Any, field: str) -> s.Document:
    if isinstance(item, str):
        return s.Document(_code(item, s.DOCUMENT_KINDS, field))
    value = _object(item, field)
    return s.Document(_code(_required(value, "kind", f"{field}."), s.DOCUMENT_KINDS, f"{field}.kind"))


def _fact(item: Any, field: str) -> s.Fact:
    value = _object(item, field)
    name = _code(_required(value, "fact", f"{field}."), FACTS, f"{field}.fact")
    happened = _moment(_required(value, "happened_at", f"{field}."), f"{field}.happened_at")
    learnt = value.get("learnt_at")
    return s.Fact(
        fact=name,
        happened_at=happened,
        learnt_at=happened if learnt is None else _moment(learnt, f"{field}.learnt_at"),
        by=_text(_given(value, "by", ""), f"{field}.by"),
        detail=read_detail(name, _object(_given(value, "detail", {}), f"{field}.detail"), f"{field}.detail"),
    )


def read_detail(name: str, detail: Mapping[str, Any], field: str = "detail") -> dict[str, Any]:
    """A fact's detail with its known keys as typed values. Raises BadInput; an omitted or null key is left out."""
    keys = FACTS[name].keys
    for key, kind in keys.items():
        if kind.required and detail.get(key) is None:
            raise BadInput(f"{field}.{key}", "缺少此项")
    given = {key: value for key, value in detail.items() if value is not None}
    return {key: _value(keys[key], v, f"{field}.{key}") if key in keys else v for key, v in given.items()}


def _bool(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(field, "应为 true 或者 false")
    return value


def _count(value: Any, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadInput(field, "应为不小于零的整数")
    return value


_VALUES: dict[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "bool": _bool,
    "count": _count,
    "date": _day,
    "time": _moment,
}


def _value(kind: Key, value: Any, field: str) -> Any:
    if kind.codes:
        return _code(value, kind.codes, field)
    if kind.kind == "date" and isinstance(value, datetime):
        return s.beijing_day(value)
    already = {"date": date, "time": datetime}.get(kind.kind)
    return value if already and isinstance(value, already) else _VALUES[kind.kind](value, field)
