"""An address that was opened in a way it does not take: said in words to a person, with a way back."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

HOME = "/"


def in_words(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a browser that gets 405 gets a page; machines keep their empty answer."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "405.html", {"back": way_back(request)}, status=405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return answered


def way_back(request: HttpRequest) -> str:
    """The page of ours it was opened from; else the next address above that is one."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and came.path != request.path:
        return came.path
    return next((path for path in _above(request.path) if _is_one(path)), HOME)


def _above(path: str) -> Iterator[str]:
    parts = path.strip("/").split("/")
    for left in range(len(parts) - 1, 0, -1):
        yield f"/{'/'.join(parts[:left])}/"


def _is_one(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
