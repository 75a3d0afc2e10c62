"""What a carrier's scan says, in our words. Every decision is a row of a table in `data/`.

Five dialects are read: the new-generation trace (`opCode`), the older push (`action`), its public display codes, the
two aggregators' states and the UPU's events; a scan that carries words only is read by its words. Whatever is not
understood is kept as it came, marked `unknown`, and breaks nothing.

`signer` is only as good as its source: "代签收 家人" is `other` with `claimed: co_resident_adult`, until the receipt
itself names the relation.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from songda.gateways.heard import Heard, fingerprint
from songda.gateways.reading import items, moment, rows, text

_SCHEMES = (("newgen", "opCode"), ("push", "action"), ("kuaidi100", "state"), ("kdniao", "State"), ("upu", "event"))
_LISTS = ("listexpressmail", "events", "responseItems", "traces", "Traces", "list", "data")
_NUMBERS = ("traceNo", "waybillNo", "mailnum", "mailno", "LogisticCode", "nu", "no")
_KEYS = ("key", "txLogisticID", "logisticsOrderNo")
_WORDS = ("opDesc", "description", "message", "remark", "context", "AcceptStation", "opName")
_TIMES = ("opTime", "time", "datetime", "ftime", "AcceptTime")
_ONLY_WORDS = (
    ("妥投|投递并签收|已签收|代签收", "704"),
    ("未妥投|投递不成功|无法投递|将再次", "705"),
    ("退回|退件", "708"),
    ("安排投递|正在投递|派送中", "702"),
    ("已收件|已收寄|收取邮件|揽收", "203"),
    ("离开|到达|发往|封发|运输", "389"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan taken apart, before any table is asked."""

    scheme: str
    code: str
    words: str
    payload: Mapping[str, Any]


@lru_cache(maxsize=1)
def _codes() -> dict[tuple[str, str], Mapping[str, str]]:
    return {(row["scheme"], row["code"]): row for row in rows("scan_codes.csv")}


@lru_cache(maxsize=4)
def _table(name: str, key: str) -> dict[str, Mapping[str, str]]:
    return {row[key]: row for row in rows(name)}


def translate_scans(payload: object) -> list[Heard]:
    """Every scan of a payload of any known form, in the order given. An envelope's number is handed to its scans."""
    payload = _opened(payload)
    outer = payload if isinstance(payload, dict) else {}
    shared = {name: outer[name] for name in (*_NUMBERS, *_KEYS) if isinstance(outer.get(name), str)}
    return [translate_scan({**shared, **one}) for one in items(payload, *_LISTS)]


def _opened(payload: object) -> object:
    """The open platform puts its answer as JSON text into `retBody`."""
    body = payload.get("retBody") if isinstance(payload, dict) else None
    if not isinstance(body, str):
        return payload
    try:
        return json.loads(body)
    except ValueError:
        return payload


def translate_scan(payload: Mapping[str, Any]) -> Heard:
    """One scan in our words. Never raises for what a carrier may write."""
    reading = _read(payload)
    row = _codes().get((reading.scheme, reading.code))
    detail: dict[str, Any] = {"code": reading.code, "scheme": reading.scheme}
    fact = _understood(row, reading, detail) if row else None
    reference, at = text(payload, *_NUMBERS), _time(payload)
    event = text(payload, "eventId", "serialnumber")
    return Heard(
        key=text(payload, *_KEYS),
        fact=fact,
        happened_at=at,
        detail=detail,
        reference=reference,
        event=fingerprint("scan", reference, reading.code, event or f"{at.isoformat()} {reading.words}"),
        unknown=row is None,
        image=_image(payload, detail),
    )


def _read(payload: Mapping[str, Any]) -> Reading:
    words = " ".join(dict.fromkeys(text(payload, name) for name in _WORDS if text(payload, name)))
    for scheme, name in _SCHEMES:
        if text(payload, name):
            return _coded(scheme, text(payload, name).upper(), words, payload)
    guessed = next((code for pattern, code in _ONLY_WORDS if re.search(pattern, words)), "")
    if guessed == "704" and re.search(_ONLY_WORDS[1][0], words):
        guessed = "705"
    return Reading("newgen", guessed, words, payload)


def _coded(scheme: str, code: str, words: str, payload: Mapping[str, Any]) -> Reading:
    """An aggregator's finer state says more than its coarse one; the display codes share the trace's field."""
    finer = text(payload, "advState", "statusCode", "StateEx")
    if (scheme, finer) in _codes():
        code = finer
    if (scheme, code) not in _codes() and ("display", code) in _codes():
        scheme = "display"
    return Reading(scheme, code, words, payload)


def _time(payload: Mapping[str, Any]) -> datetime:
    if text(payload, "procdate"):
        return moment(text(payload, "procdate") + text(payload, "proctime"))
    return moment(text(payload, *_TIMES))


def _understood(row: Mapping[str, str], reading: Reading, detail: dict[str, Any]) -> str | None:
    detail["stage"] = row["stage"]
    if row["signer"] == "signed_by":
        return _push_delivery(reading, detail)
    if row["reason"] == "nondelivery":
        return _push_failure(reading, detail)
    if row["fact"] == "mail.delivered":
        _set_signer(row, reading, detail)
    elif row["fact"] == "mail.attempt_failed":
        _set_reason(_word("reason", reading.words) or "other" if row["reason"] == "words" else row["reason"], detail)
    elif row["fact"] == "mail.returned":
        _set_because(reading, detail)
    elif row["fact"] == "mail.receipt_scanned":
        _set_receipt(reading.payload, detail)
    return row["fact"] or None


def _push_delivery(reading: Reading, detail: dict[str, Any]) -> str | None:
    code = text(reading.payload, "properdelivery")
    row = _table("signed_by.csv", "code").get(code)
    detail["signed_by_code"] = code
    if row and row["fact"] == "mail.returned":
        detail |= {"stage": "returned", "because": row["because"]}
        return row["fact"]
    said = _word("signer", reading.words) or "other"
    detail |= {"signer": row["signer"] if row else said, "id_number_given": False}
    return "mail.delivered"


def _push_failure(reading: Reading, detail: dict[str, Any]) -> str | None:
    code = text(reading.payload, "notproperdelivery")
    row = _table("nondelivery_reasons.csv", "code").get(code)
    detail["reason_code"] = code
    if row is None:
        _set_reason(_word("reason", reading.words) or "other", detail)
        return "mail.attempt_failed"
    if row["fact"] == "mail.held":
        detail["stage"] = "held"
    if row["fact"]:
        detail |= {"reason": row["reason"], "because_if_returned": row["because"]}
    else:
        detail["stage"] = "out_for_delivery"
    return row["fact"] or None


def _word(about: str, words: str) -> str:
    """What the first row of our words that occurs in a scan's text stands for; empty where none does."""
    pairs = ((row["words"], row["value"]) for row in rows("scan_words.csv") if row["about"] == about)
    return next((value for pattern, value in pairs if re.search(pattern, words)), "")


def _set_reason(reason: str, detail: dict[str, Any]) -> None:
    known = _table("failure_reasons.csv", "reason")[reason]
    detail |= {"reason": reason, "because_if_returned": known["because"]}


def _set_because(reading: Reading, detail: dict[str, Any]) -> None:
    reason = _word("reason", reading.words)
    detail["because"] = _table("failure_reasons.csv", "reason")[reason]["because"] if reason else "other"
    detail["because_stated"] = bool(reason)


def _set_signer(row: Mapping[str, str], reading: Reading, detail: dict[str, Any]) -> None:
    receipt = reading.payload.get("receipt")
    if isinstance(receipt, dict) and text(receipt, "signerCode"):
        _set_receipt(reading.payload, detail)
        return
    claimed = _word("claimed", reading.words)
    signer = _word("signer", reading.words) or "other" if row["signer"] == "words" else row["signer"]
    detail |= {"signer": signer, "id_number_given": False}
    if claimed and claimed != signer:
        detail["claimed"] = claimed


def _set_receipt(payload: Mapping[str, Any], detail: dict[str, Any]) -> None:
    """What is written on the receipt itself (MAIL 8): who signed in which capacity, and whether with an ID number."""
    receipt = payload.get("receipt")
    if not isinstance(receipt, dict) or not text(receipt, "signerCode"):
        return
    row = _table("receipt_signers.csv", "code").get(text(receipt, "signerCode"))
    detail |= {
        "signer": row["signer"] if row else "other",
        "id_number_given": receipt.get("idNumberGiven") is True,
    }


def _image(payload: Mapping[str, Any], detail: dict[str, Any]) -> bytes | None:
    receipt = payload.get("receipt")
    if not isinstance(receipt, dict) or not isinstance(receipt.get("image"), str):
        return None
    try:
        image = base64.b64decode(receipt["image"], validate=True)
    except (binascii.Error, ValueError):
        detail["image_broken"] = True
        return None
    detail |= {"sha256": hashlib.sha256(image).hexdigest(), "media_type": text(receipt, "mediaType")}
    stated = text(receipt, "sha256")
    if stated and stated != detail["sha256"]:
        detail["image_broken"] = True
    return image


def because_of_return(returned: Heard, earlier: Iterable[Heard]) -> str:
    """Why a letter came back: what the return says, else the reason of the last failed attempt before it."""
    if returned.detail.get("because_stated"):
        return str(returned.detail["because"])
    failures = [
        one
        for one in earlier
        if one.fact == "mail.attempt_failed"
        and one.reference == returned.reference
        and one.happened_at <= returned.happened_at
    ]
    if not failures:
        return str(returned.detail.get("because", "other"))
    last = max(failures, key=lambda one: one.happened_at)
    return str(last.detail.get("because_if_returned", "other"))
