"""How the tests of the law ask it: one call, plain values, the answer as the machine door gives it."""

from dataclasses import asdict
from typing import Any

from songda.law.explain import explain
from songda.law.reading import read_situation
from songda.lib.calendar import WorkingDays

CALENDAR = WorkingDays()
Told = tuple[Any, ...]


def fact(told: Told) -> dict[str, Any]:
    """(when, name[, detail[, learnt]]) as the door reads it; Beijing time, known as it happens unless said."""
    when, name, *rest = told
    detail = rest[0] if rest else {}
    learnt = rest[1] if len(rest) > 1 else None
    return {"fact": name, "happened_at": when, "learnt_at": learnt or when, "by": "方", "detail": detail}


def _parties(names: tuple[str, ...], roles: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": n, "role": r} for n, r in zip(names, roles or ("",) * len(names), strict=True)]


def situation(
    *facts: Told,
    papers: str = "complaint",
    as_of: str = "2026-12-31",
    procedure: str = "ordinary",
    parties: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    number: str = "（2026）川0191民初1234号",
    **recipient: Any,
) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "case": {"number": number, "procedure": procedure, "parties": _parties(parties, roles)},
        "recipient": {"kind": "person", **recipient},
        "documents": [{"kind": kind} for kind in papers.split()],
        "facts": [fact(told) for told in facts],
    }


def ask(*facts: Told, **circumstances: Any) -> dict[str, Any]:
    """The law's whole answer."""
    return asdict(explain(read_situation(situation(*facts, **circumstances)), CALENDAR))


def outcome(*facts: Told, **circumstances: Any) -> str | None:
    """The outcome in one line: `served direct 2026-03-02`; with a question mark where it can be rebutted."""
    found = ask(*facts, **circumstances)["outcome"]
    if found is None:
        return None
    mark = "?" if found["rebuttable"] else ""
    return f"{found['result']}{mark} {found['method']} {found['effective_on']}"


def bar(method: str, *facts: Told, **circumstances: Any) -> str | None:
    """The article that bars the method, or None where it is open."""
    verdicts = {v["method"]: v["barred"] for v in ask(*facts, **circumstances)["allowed_methods"]}
    return verdicts[method] and verdicts[method]["article"]


def period(name: str, *facts: Told, **circumstances: Any) -> str | None:
    """The last day of the period of that name."""
    days = {p["name"]: p["last_day"].isoformat() for p in ask(*facts, **circumstances)["periods"]}
    return days.get(name)
