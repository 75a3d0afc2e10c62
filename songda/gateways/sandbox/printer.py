"""Printers that speak IPP (RFC 8011): one at every path `/ipp/print/<site>`. They keep their PDFs, and jam sometimes.

A request is read by pyipp's parser; answers are written by its attribute serialiser. A jammed printer stops with its
job, says why, and goes on after somebody has opened the flap, which here is a matter of a quarter of an hour.
"""

import hashlib
import json
import sqlite3
import struct
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pyipp.enums import IppJobState, IppOperation, IppPrinterState, IppStatus, IppTag
from pyipp.parser import parse
from pyipp.serializer import construct_attribute
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from songda.gateways.sandbox.world import World
from songda.lib import clock

_PRINTING = timedelta(seconds=40)
_FLAP_OPENED = timedelta(minutes=15)
_JAM_RATE, _EMPTY_RATE, _ABORT_RATE = 0.02, 0.02, 0.005
# A side printed twice after paper was drawn askew.
_DOUBLE_RATE = 0.01
_ENDED = frozenset({IppJobState.CANCELED, IppJobState.ABORTED, IppJobState.COMPLETED})
_HISTORY = 500
_LAST_TOLD = "(select t.body from told t where t.door = 'print' and t.key = r.key order by t.id desc limit 1)"
_OF_KEY = "r.door = 'print' and r.key = ?"
_MAKE = "Songda Sandbox Printer"

Attributes = Mapping[str, tuple[IppTag, Any]]


def answer_ipp(world: World, site: str, request: bytes) -> bytes:
    """The answer to one IPP request at one site's printer."""
    try:
        asked = parse(request, contains_data=True)
    except Exception:  # the parser raises whatever its first wrong byte provokes
        return _reply((2, 0), 0, IppStatus.ERROR_BAD_REQUEST)
    operation = {
        IppOperation.PRINT_JOB: _print_job,
        IppOperation.VALIDATE_JOB: _validate_job,
        IppOperation.GET_JOBS: _get_jobs,
        IppOperation.GET_JOB_ATTRIBUTES: _get_job,
        IppOperation.CANCEL_JOB: _cancel_job,
        IppOperation.GET_PRINTER_ATTRIBUTES: _get_printer,
    }.get(asked["status-code"])
    if asked["version"][0] not in (1, 2):
        return _reply((2, 0), asked["request-id"], IppStatus.ERROR_VERSION_NOT_SUPPORTED)
    if operation is None:
        return _reply(asked["version"], asked["request-id"], IppStatus.ERROR_OPERATION_NOT_SUPPORTED)
    status, groups = operation(world, site, asked)
    return _reply(asked["version"], asked["request-id"], status, *groups)


Result = tuple[IppStatus, list[tuple[IppTag, Attributes]]]


def _reply(version: tuple[int, int], number: int, status: int, *groups: tuple[IppTag, Attributes]) -> bytes:
    head = struct.pack(">bbhi", *version, status, number)
    charset: Attributes = {
        "attributes-charset": (IppTag.CHARSET, "utf-8"),
        "attributes-natural-language": (IppTag.LANGUAGE, "zh-cn"),
    }
    body = b"".join(
        bytes([tag]) + b"".join(construct_attribute(name, value, kind) for name, (kind, value) in group.items())
        for tag, group in ((IppTag.OPERATION, charset), *groups)
    )
    return head + body + bytes([IppTag.END])


def _validate_job(_world: World, _site: str, asked: Mapping[str, Any]) -> Result:
    wanted = asked["operation-attributes"].get("document-format", "application/pdf")
    if wanted != "application/pdf":
        return IppStatus.ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, []
    return IppStatus.OK, []


def _print_job(world: World, site: str, asked: Mapping[str, Any]) -> Result:
    status, _ = _validate_job(world, site, asked)
    if status is not IppStatus.OK:
        return status, []
    pdf: bytes = asked["data"]
    if not pdf.startswith(b"%PDF-"):
        return IppStatus.ERROR_DOCUMENT_FORMAT_ERROR, []
    name = str(asked["operation-attributes"].get("job-name", ""))
    title = str(asked["operation-attributes"].get("document-name", ""))
    number = world.store.count("print job")
    digest = hashlib.sha256(pdf).hexdigest()
    _keep(world, digest, pdf)
    body = {"site": site, "name": name, "title": title, "sha256": digest, "octets": len(pdf), "pages": _pages(pdf)}
    world.store.receive("print", str(number), name, body, {})
    _become(world, number, IppJobState.PENDING, "none")
    world.agenda.soon("print", f"print {number}", _PRINTING / 2, {"job": number, "step": "start"})
    return IppStatus.OK, [(IppTag.JOB, _job(world, number, body, _state(world, number)))]


def _pages(pdf: bytes) -> int:
    """How many sides the job has; 0 where the printer cannot say."""
    with suppress(PyPdfError, ValueError, OSError):
        return len(PdfReader(BytesIO(pdf)).pages)
    return 0


def _keep(world: World, digest: str, pdf: bytes) -> Path:
    folder = world.store.directory / "printed"
    folder.mkdir(exist_ok=True)
    path = folder / f"{digest}.pdf"
    path.write_bytes(pdf)
    return path


def _become(world: World, number: int, state: IppJobState, reason: str) -> None:
    event = f"{clock.now().timestamp():.6f} {state.name}"
    world.store.tell("print", str(number), event, {"state": int(state), "reason": reason})


def run_printer(world: World, event: Mapping[str, Any]) -> None:
    """A job moves on: it begins, is printed, or something happens to the paper."""
    number = int(event["job"])
    state, _ = _state(world, number)
    if state in _ENDED:
        return
    if event["step"] == "start":
        trouble = _trouble(world, number)
        _become(world, number, *trouble)
        wait = _FLAP_OPENED if trouble[0] is IppJobState.STOPPED else _PRINTING / 2
        world.agenda.soon("print", f"print {number} end", wait, {"job": number, "step": "end"})
    else:
        _become(world, number, IppJobState.COMPLETED, "job-completed-successfully")


def _trouble(world: World, number: int) -> tuple[IppJobState, str]:
    if world.strikes(_ABORT_RATE, "abort", number):
        return IppJobState.ABORTED, "aborted-by-system"
    if world.strikes(_JAM_RATE, "jam", number):
        return IppJobState.STOPPED, "media-jam-error"
    if world.strikes(_EMPTY_RATE, "empty", number):
        return IppJobState.STOPPED, "media-empty-error"
    return IppJobState.PROCESSING, "job-printing"


def _state(world: World, number: int) -> tuple[IppJobState, str]:
    return _told(world.store.run(f"select {_LAST_TOLD} as said from received r where {_OF_KEY}", str(number))[0])


def _told(row: sqlite3.Row) -> tuple[IppJobState, str]:
    said = json.loads(row["said"])
    return IppJobState(said["state"]), said["reason"]


def _job(world: World, number: int, body: Mapping[str, Any], told: tuple[IppJobState, str]) -> Attributes:
    state, reason = told
    return {
        "job-id": (IppTag.INTEGER, number),
        "job-uri": (IppTag.URI, f"{_uri(world, body['site'])}/jobs/{number}"),
        "job-name": (IppTag.NAME, body["name"]),
        "job-state": (IppTag.ENUM, int(state)),
        "job-state-reasons": (IppTag.KEYWORD, "printer-stopped" if reason.endswith("-error") else reason),
        "job-printer-state-reasons": (IppTag.KEYWORD, reason if reason.endswith("-error") else "none"),
        "job-impressions-completed": (IppTag.INTEGER, _impressions(world, number, body) if state in _ENDED else 0),
    }


def _impressions(world: World, number: int, body: Mapping[str, Any]) -> int:
    pages = int(body.get("pages", 0))
    return pages + 1 if pages and world.strikes(_DOUBLE_RATE, "double", number) else pages


def _jobs_at(world: World, site: str) -> list[tuple[int, Mapping[str, Any], tuple[IppJobState, str]]]:
    """The jobs that this printer remembers, newest first."""
    rows = world.store.run(
        f"select r.key, r.body, {_LAST_TOLD} as said from received r where r.door = 'print'"
        " and json_extract(r.body, '$.site') = ? order by r.id desc limit ?",
        site,
        _HISTORY,
    )
    return [(int(row["key"]), json.loads(row["body"]), _told(row)) for row in rows]


def _get_jobs(world: World, site: str, asked: Mapping[str, Any]) -> Result:
    done = asked["operation-attributes"].get("which-jobs", "not-completed") == "completed"
    wanted = asked["operation-attributes"].get("requested-attributes", "all")
    jobs = [
        _job(world, number, body, told) for number, body, told in _jobs_at(world, site) if (told[0] in _ENDED) == done
    ]
    return IppStatus.OK, [(IppTag.JOB, _only(job, wanted)) for job in jobs]


def _only(job: Attributes, wanted: object) -> Attributes:
    names = wanted if isinstance(wanted, list) else [wanted]
    return job if "all" in names else {name: value for name, value in job.items() if name in names}


def _asked_job(world: World, site: str, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]] | None:
    found = world.store.entry("print", str(asked["operation-attributes"].get("job-id", "")))
    return (int(found["key"]), found["body"]) if found and found["body"]["site"] == site else None


def _get_job(world: World, site: str, asked: Mapping[str, Any]) -> Result:
    found = _asked_job(world, site, asked)
    if found is None:
        return IppStatus.ERROR_NOT_FOUND, []
    return IppStatus.OK, [(IppTag.JOB, _job(world, *found, _state(world, found[0])))]


def _cancel_job(world: World, site: str, asked: Mapping[str, Any]) -> Result:
    found = _asked_job(world, site, asked)
    if found is None:
        return IppStatus.ERROR_NOT_FOUND, []
    if _state(world, found[0])[0] in _ENDED:
        return IppStatus.ERROR_NOT_POSSIBLE, []
    _become(world, found[0], IppJobState.CANCELED, "job-canceled-by-user")
    return IppStatus.OK, []


def _uri(world: World, site: str) -> str:
    return f"ipp://{world.settings.host}:{world.settings.ipp_port}/ipp/print/{site}"


def _get_printer(world: World, site: str, _asked: Mapping[str, Any]) -> Result:
    states = [told for _, _, told in _jobs_at(world, site)]
    stopped = [reason for state, reason in states if state is IppJobState.STOPPED]
    busy = any(state is IppJobState.PROCESSING for state, _ in states)
    state = IppPrinterState.PROCESSING if busy else IppPrinterState.IDLE
    attributes: Attributes = {
        "printer-uri-supported": (IppTag.URI, _uri(world, site)),
        "printer-name": (IppTag.NAME, site),
        "printer-make-and-model": (IppTag.TEXT, _MAKE),
        "printer-state": (IppTag.ENUM, int(IppPrinterState.STOPPED if stopped else state)),
        "printer-state-reasons": (IppTag.KEYWORD, stopped or "none"),
        "printer-is-accepting-jobs": (IppTag.BOOLEAN, True),
        "printer-up-time": (IppTag.INTEGER, max(1, int(clock.now().timestamp()) % 2**31)),
        "ipp-versions-supported": (IppTag.KEYWORD, ["1.1", "2.0"]),
        "operations-supported": (IppTag.ENUM, [2, 4, 8, 9, 10, 11]),
        "document-format-supported": (IppTag.MIME_TYPE, "application/pdf"),
        "queued-job-count": (IppTag.INTEGER, sum(s in (3, 4, 5, 6) for s, _ in states)),
    }
    return IppStatus.OK, [(IppTag.PRINTER, attributes)]
