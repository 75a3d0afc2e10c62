"""Every address wants a log-in, a key or a signature, or is open for a reason written here."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {
    "healthz": "a watchdog asks whether the site works; it says nothing of cases",
    "metrics": "a watchdog reads how long facts wait for their seal; it says nothing of cases",
    "login/": "here one logs in",
    "clock/": "moves the demonstration's clock; elsewhere it is not found",
    "api/v1/openapi.json": "the contract, which is published",
    "sd": "the link from a message: it carries its own secret",
    "sd/not-me": "whoever got a link by mistake says so with its secret",
    "sd/<uuid:access_id>/": "papers, after the link's secret was shown in this browser",
    "sd/<uuid:access_id>/leave": "ends what the link's secret opened",
    "zxfw/": "the page that law firms' links lead to",
    "yzw/yzw-zxfw-sdfw/api/v1/sdfw/getWsListBySdbhNew": "law firms' software: three numbers that belong together",
    "verify-message": "anyone may check that a message is genuine",
    "verify": "anyone may check a proof",
    "verify/<str:serial>": "anyone may check a proof",
    "notices": "public notice is public",
    "notices/<slug:slug>": "public notice is public",
    "notices/<slug:slug>/sheet.pdf": "public notice is public",
}
# What stands for a part of an address.
PARTS = {"uuid": str(uuid4()), "int": "1", "slug": "nothing", "str": "nothing", "path": "nothing"}


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


def address(route: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: PARTS[part[1] or "str"], route)


CLOSED = sorted({route for route in routes() if route not in OPEN})


def test_there_is_something_to_guard() -> None:
    assert len(CLOSED) > 30


@pytest.mark.parametrize("route", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_unknown_is_let_in(db: None, route: str, method: str) -> None:
    answer = Client().generic(method, address(route))
    at_the_log_in = answer.status_code == 302 and (
        "/login/" in answer["Location"] or answer["Location"] == "/work-items/"
    )
    assert at_the_log_in or answer.status_code in {401, 403, 404, 405}, answer.status_code


def test_what_is_open_is_there() -> None:
    assert set(OPEN) <= set(routes())
