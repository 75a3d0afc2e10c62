"""Printing at a site: IPP over HTTP, read and written by pyipp's own parser and serialiser.

IPP knows no keys that forbid a repeat, so the key is the job's name and the printer is asked for it first. A job counts
as printed when the printer says `completed`; paper that is in a printer's memory is not paper.
"""

import atexit
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from pyipp.enums import IppJobState, IppOperation, IppPrinterState
from pyipp.parser import parse
from pyipp.serializer import encode_dict

from songda.gateways.errors import AlreadyDone, GiveUp, TryAgain
from songda.gateways.heard import Accepted, Heard, Known, fingerprint
from songda.gateways.reading import rows
from songda.lib import clock

_JOB_ATTRIBUTES = [
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-printer-state-reasons",
    "job-impressions-completed",
]
# Which number a printer gave a key: a cache of this process, because printers list their jobs slowly and forget.
_job_ids: dict[tuple[str, str], int] = {}
_MOST_JOB_IDS = 20_000
_HTTP = {"ipp": "http", "ipps": "https"}
_TEMPORARY = range(0x0500, 0x0580)
_NEVER = frozenset({0x0501, 0x0503})


@dataclass(frozen=True, slots=True)
class PrintConfig:
    """How we appear to printers. `timeout` is this machine's time and covers the sending of a whole document."""

    user_name: str = "songda"
    timeout: timedelta = timedelta(seconds=60)
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer says of itself; `reasons` are IPP keywords without `none`, `trouble` the same in Chinese."""

    state: str
    accepting: bool
    reasons: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One document under our key. `title` is what the printer's panel and its log show: no names of parties."""

    site_uri: str
    key: str
    title: str
    pdf: bytes = field(repr=False)


def send(config: PrintConfig, job: PrintJob) -> Accepted:
    """Print one PDF; `reference` is the printer's job id. Raises AlreadyDone(Accepted) where the key was printed."""
    if not job.pdf.startswith(b"%PDF-"):
        raise GiveUp("not a PDF")
    known = look_up(config, job.site_uri, job.key)
    if known and not _was_lost(known):
        raise AlreadyDone(Accepted(known.reference))
    message = {
        "operation-attributes-tag": {
            "job-name": job.key,
            "document-name": job.title,
            "document-format": "application/pdf",
            "ipp-attribute-fidelity": False,
        },
        # One page a sheet: a person who counts sheets counts pages.
        "job-attributes-tag": {"sides": "one-sided", "copies": 1},
        "data": job.pdf,
    }
    answer = _ask(config, job.site_uri, IppOperation.PRINT_JOB, message)
    if not answer["jobs"]:
        raise TryAgain("printer named no job")
    _remember(job.site_uri, job.key, int(answer["jobs"][0]["job-id"]))
    return Accepted(str(answer["jobs"][0]["job-id"]))


def look_up(config: PrintConfig, site_uri: str, key: str) -> Known | None:
    """What became of a key at this printer; None where the printer knows no job of that name."""
    job = _remembered(config, site_uri, key) or _found_by_name(config, site_uri, key)
    if job is None:
        return None
    _remember(site_uri, key, int(job["job-id"]))
    return Known(str(job["job-id"]), (translate_job(job),))


def _remember(site_uri: str, key: str, number: int) -> None:
    if len(_job_ids) >= _MOST_JOB_IDS:
        _job_ids.clear()
    _job_ids[site_uri, key] = number


def _remembered(config: PrintConfig, site_uri: str, key: str) -> Mapping[str, Any] | None:
    number = _job_ids.get((site_uri, key))
    if number is None:
        return None
    message = {"operation-attributes-tag": {"job-id": number, "requested-attributes": _JOB_ATTRIBUTES}}
    try:
        jobs = _ask(config, site_uri, IppOperation.GET_JOB_ATTRIBUTES, message)["jobs"]
    except GiveUp:
        return None
    named: list[Mapping[str, Any]] = [job for job in jobs if job.get("job-name") == key]
    return named[0] if named else None


def _found_by_name(config: PrintConfig, site_uri: str, key: str) -> Mapping[str, Any] | None:
    for which in ("not-completed", "completed"):
        message = {"operation-attributes-tag": {"which-jobs": which, "requested-attributes": _JOB_ATTRIBUTES}}
        jobs = _ask(config, site_uri, IppOperation.GET_JOBS, message)["jobs"]
        mine: list[Mapping[str, Any]] = [job for job in jobs if job.get("job-name") == key]
        if mine:
            return max(mine, key=lambda job: int(job["job-id"]))
    return None


def printer(config: PrintConfig, site_uri: str) -> PrinterState:
    """Whether the printer works, for choosing a site before paper is asked for."""
    wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
    message = {"operation-attributes-tag": {"requested-attributes": wanted}}
    told = _ask(config, site_uri, IppOperation.GET_PRINTER_ATTRIBUTES, message)["printers"]
    if not told:
        raise TryAgain("printer says nothing of itself")
    reasons = _keywords(told[0].get("printer-state-reasons"))
    return PrinterState(
        state=IppPrinterState(told[0]["printer-state"]).name.lower(),
        accepting=bool(told[0].get("printer-is-accepting-jobs", True)),
        reasons=reasons,
        trouble=_trouble(reasons),
    )


def translate_job(job: Mapping[str, Any]) -> Heard:
    """A printer's job in our words: `papers.printed` where completed; else no fact, with `state` and `reasons`.

    `state` is one of waiting, printing, stopped, printed, aborted, cancelled; stopped may go on after a hand at the
    printer, aborted and cancelled never print. `impressions` are the sides the printer says it printed, where it says.
    """
    state = _STATES.get(_int(job.get("job-state")), "unknown")
    reasons = _keywords(job.get("job-state-reasons")) + _keywords(job.get("job-printer-state-reasons"))
    reference, key = str(job.get("job-id", "")), str(job.get("job-name", ""))
    return Heard(
        key=key,
        fact="papers.printed" if state == "printed" else None,
        happened_at=clock.now(),
        detail={
            "state": state,
            "reasons": list(reasons),
            "trouble": _trouble(reasons),
            "impressions": _int(job.get("job-impressions-completed")),
        },
        reference=reference,
        event=fingerprint("print", key, reference, state),
        unknown=state == "unknown",
    )


_STATES: dict[int, str] = {
    IppJobState.PENDING: "waiting",
    IppJobState.HELD: "waiting",
    IppJobState.PROCESSING: "printing",
    IppJobState.STOPPED: "stopped",
    IppJobState.CANCELED: "cancelled",
    IppJobState.ABORTED: "aborted",
    IppJobState.COMPLETED: "printed",
}


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _was_lost(known: Known) -> bool:
    return all(one.detail["state"] in ("aborted", "cancelled") for one in known.heard)


def _keywords(value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [value] if value else []
    return tuple(str(word) for word in words if word not in ("none", "job-completed-successfully"))


def _trouble(reasons: tuple[str, ...]) -> str:
    names = {row["keyword"]: row["name_zh"] for row in rows("printer_reasons.csv")}
    bare = [reason.removesuffix("-error").removesuffix("-warning").removesuffix("-report") for reason in reasons]
    return "、".join(dict.fromkeys(names[word] for word in bare if word in names))


def _ask(config: PrintConfig, site_uri: str, operation: IppOperation, message: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {
        "attributes-charset": "utf-8",
        "attributes-natural-language": "zh-cn",
        "printer-uri": site_uri,
        "requesting-user-name": config.user_name,
        **message["operation-attributes-tag"],
    }
    request = {**message, "version": (2, 0), "operation": operation, "operation-attributes-tag": attributes}
    answer = _parsed(_post(config, site_uri, encode_dict(request)))
    _judge(int(answer["status-code"]))
    return answer


def _post(config: PrintConfig, site_uri: str, body: bytes) -> bytes:
    parts = urlsplit(site_uri)
    if parts.scheme not in _HTTP or not parts.hostname:
        raise GiveUp("bad printer address in configuration")
    url = f"{_HTTP[parts.scheme]}://{parts.hostname}:{parts.port or 631}{parts.path or '/'}"
    try:
        client = _client(config.timeout.total_seconds(), config.ca_file, os.getpid())
        response = client.post(url, content=body, headers={"content-type": "application/ipp"})
    except httpx.TransportError:
        raise TryAgain("printer unreachable") from None
    if response.status_code >= 500:
        raise TryAgain(f"http {response.status_code}")
    if not response.is_success:
        raise GiveUp(f"http {response.status_code}")
    return response.content


@lru_cache(maxsize=16)
def _client(seconds: float, ca_file: str | None, process: int) -> httpx.Client:  # noqa: ARG001
    """One client for each kind of printer and process: a print centre's printers often share one house certificate."""
    verify = ssl.create_default_context(cafile=ca_file) if ca_file else True
    client = httpx.Client(timeout=seconds, verify=verify, trust_env=False)
    atexit.register(client.close)
    return client


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = parse(body)
    except Exception:  # the parser raises whatever its first wrong byte provokes
        raise TryAgain("printer's answer is not IPP") from None
    return answer


def _judge(status: int) -> None:
    if status < 0x0200:
        return
    if status in _TEMPORARY and status not in _NEVER:
        raise TryAgain(f"ipp {status:#06x}")
    raise GiveUp(f"ipp {status:#06x}")
