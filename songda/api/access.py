"""Who calls: a machine with a key of one court. Each call is one transaction on behalf of that court."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError
from ninja.security import HttpBearer

from songda.courts.models import ApiKey
from songda.courts.queries import key_holder
from songda.lib.tenancy import acting_for

_P = ParamSpec("_P")


# An order carries its papers: who is known may send more than a page's form.
LARGEST = 128 * 2**20


class CourtKey(HttpBearer):
    """`Authorization: Bearer sd_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        holder = key_holder(token)
        if holder is not None:
            _read_whole(request)
        return holder


def _read_whole(request: HttpRequest) -> None:
    """Read a known caller's body, however long a page's may be. Raises HttpError 413 for one beyond LARGEST."""
    said = request.read(LARGEST + 1)
    if len(said) > LARGEST:
        raise HttpError(413, "too large")
    # Where the framework looks first.
    request._body = said


def key_of(request: HttpRequest) -> ApiKey:
    return cast(ApiKey, cast(Any, request).auth)


def for_its_court(view: Callable[_P, Any]) -> Callable[_P, Any]:
    """Run the view inside its court, as one transaction: an answer that is a problem leaves nothing behind."""

    @wraps(view)
    def scoped(*args: _P.args, **kwargs: _P.kwargs) -> Any:
        request = cast(HttpRequest, args[0])
        try:
            with acting_for(key_of(request).court_id):
                answer = view(*args, **kwargs)
                if isinstance(answer, HttpResponse) and answer.status_code >= 400:
                    raise _Undo(answer)
                return answer
        except _Undo as undo:
            return undo.answer

    return scoped


class _Undo(Exception):
    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer
