"""The courier's phone: one page that lives on without a line, and the doors it speaks to when there is one.

The page itself holds no personal data; what the phone takes along comes by `open`, and every stop of it is a recorded
reading. What the phone sends carries a key made there, so that sending again changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.engine.visits import doorstep
from songda.engine.visits import rounds as engine
from songda.lib import clock
from songda.methods import phone, plausible, questions
from songda.methods.phone import PhoneRefused
from songda.methods.rounds import Round, RoundFile, VisitReport

# What the page is made of: kept on the phone with it.
SHELL = (
    "songda/tokens.css",
    "songda/base.css",
    "songda/layout.css",
    "songda/parts.css",
    "songda/mark.svg",
    "songda/icons.svg",
    "rounds/rounds.css",
    "rounds/store.js",
    "rounds/camera.js",
    "rounds/sending.js",
    "rounds/questions.js",
    "rounds/rounds.js",
    "vendor/signature_pad.umd.min.js",
)
Said = Mapping[str, Any]


def _answers_json(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What the phone sent wrongly is answered with its reason; a proxy's error page would tell it nothing."""

    @wraps(page)
    def answered(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return page(request, *args, **kwargs)
        except PhoneRefused as refused:
            return JsonResponse({"refused": str(refused)}, status=422)

    return answered


def _said(request: HttpRequest) -> Said:
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise PhoneRefused("内容无法识别") from error
    if not isinstance(said, dict):
        raise PhoneRefused("内容无法识别")
    return said


def _moment(said: Said, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(said.get(name, "")))
    except ValueError as error:
        raise PhoneRefused("手机时间无法识别") from error
    if moment.tzinfo is None:
        raise PhoneRefused("手机时间没有时区")
    return moment


def _own_round(request: DeskRequest, said: Said) -> Round:
    """The round a phone speaks of: its courier's own, at this court."""
    try:
        wanted = UUID(str(said.get("round", "")))
    except ValueError as error:
        raise PhoneRefused("行程无法识别") from error
    found = Round.objects.select_related("courier", "court").filter(id=wanted).first()
    if found is None or found.courier_id != request.seat.person.id:
        raise PhoneRefused("这个行程属于另一位投递员，请由本人登录上传")
    return found


# ---- the page ------------------------------------------------------------------------------------------------


@require_GET
@at_desk(Role.COURIER)
def rounds(request: DeskRequest) -> HttpResponse:
    """The page without anything personal in it: it is kept on the phone and opens without a line."""
    return render(request, "rounds/rounds.html", {"doors": _doors(), "seat": request.seat})


def _doors() -> dict[str, str]:
    """Where the page's scripts knock, by the names they use."""
    names = ("worker", "open", "file", "report", "close")
    return {"rounds": reverse("desk:rounds"), **{name: reverse(f"desk:rounds_{name}") for name in names}}


@require_GET
@at_desk(Role.COURIER)
def worker(request: DeskRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps. Its address is its reach: nothing but the round."""
    kept = [static(name) for name in SHELL]
    shown = {"kept": json.dumps(kept), "page": json.dumps(reverse("desk:rounds")), "version": _version(kept)}
    shown["static_url"] = settings.STATIC_URL
    response = render(request, "rounds/worker.js", shown, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version(kept: list[str]) -> str:
    """Changes with the files, so that phones take the new ones."""
    digest = hashlib.sha256(json.dumps(kept).encode())
    for name in SHELL:
        found = finders.find(name)
        if isinstance(found, str):
            digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:16]


# ---- the doors -----------------------------------------------------------------------------------------------


@require_POST
@at_desk(Role.COURIER)
@_answers_json
def start(request: DeskRequest) -> HttpResponse:
    """Open the round of a phone's key, or look at it again: today's stops as they are planned now."""
    said = _said(request)
    seat = request.seat
    found = phone.open_round(seat.court, seat.person, str(said.get("public_key", "")), _moment(said, "phone_at"))
    return JsonResponse(
        {
            "round": found.id,
            "day": found.day,
            "court": seat.court.name,
            "courier": seat.person.name,
            "desk_phone": seat.court.phone,
            "skew_seconds": found.skew_seconds,
            "lasts_seconds": int(phone.LASTS.total_seconds()),
            "part_bytes": phone.PART_BYTES,
            "questions": questions.as_data(),
            "stops": [_stop(one) for one in engine.take_along(found)],
            "told_at": clock.now(),
        }
    )


def _stop(one: engine.Carried) -> dict[str, Any]:
    return asdict(one)


@require_POST
@at_desk(Role.COURIER)
@_answers_json
def file(request: DeskRequest) -> HttpResponse:
    """One part of a file: its head stands in the address, its bytes are the body. The answer says where to go on."""
    said = request.GET.dict()
    found = _own_round(request, said)
    try:
        key, begin = UUID(said.get("key", "")), int(said.get("start", ""))
    except ValueError as error:
        raise PhoneRefused("文件无法识别") from error
    if len(request.body) > phone.PART_BYTES:
        raise PhoneRefused("一次传得太多")
    kept: RoundFile = phone.keep_part(found, phone.head(key, said), begin, request.body)
    return JsonResponse({"got": kept.got, "whole": bool(kept.kept_sha256)})


@require_POST
@at_desk(Role.COURIER)
@_answers_json
def report(request: DeskRequest) -> HttpResponse:
    """A signed report. Sent again, it is answered as the first time."""
    said = _said(request)
    found = _own_round(request, said)
    sent = doorstep.Sent(str(said.get("body", "")), str(said.get("signature", "")), _moment(said, "sent_at"))
    kept: VisitReport = doorstep.hear(found, sent)
    return JsonResponse(
        {
            "kept": kept.key,
            "happened_at": kept.happened_at,
            "remarks": [plausible.CHECKS[code].words for code in kept.remarks],
        }
    )


@require_POST
@at_desk(Role.COURIER)
@_answers_json
def close(request: DeskRequest) -> HttpResponse:
    """The round is over; the phone has erased what it carried."""
    found = get_object_or_404(Round, id=_own_round(request, _said(request)).id)
    phone.close_round(found)
    return JsonResponse({"closed": found.id})
