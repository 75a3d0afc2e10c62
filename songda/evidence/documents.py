"""Reading the files again: every digest that a sealed fact names is in the vault with these bytes, or erased by a leaf.

A pass of its own beside `rereading`, for it reads as many bytes as there are files. Facts name files under the keys
of `NAMED`; a file put again after it was erased has to be there again.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from songda.evidence.audit import AuditError
from songda.evidence.models import Erasure
from songda.evidence.naming import erasure_id
from songda.lib import vault
from songda.lib.tenancy import acting_for

# The keys in a fact's detail that hold digests of files: one, or a list.
NAMED = ("exhibit", "exhibits", "file", "files")
_AT_ONCE = 2000

# The last leaf that names each file under these keys, with the name of its fact.
_LAST = """
SELECT named.sha256, max(leaf.index), (array_agg(fact.name ORDER BY leaf.index DESC))[1] FROM songda_fact fact
JOIN songda_leaf leaf ON leaf.fact_id = fact.id AND leaf.court_id = fact.court_id
CROSS JOIN unnest(%s::text[]) AS said(key)
CROSS JOIN LATERAL jsonb_array_elements_text(
  CASE jsonb_typeof(fact.detail -> said.key) WHEN 'array' THEN fact.detail -> said.key
  WHEN 'string' THEN jsonb_build_array(fact.detail -> said.key) ELSE '[]' END
) AS named(sha256)
WHERE fact.court_id = %s AND fact.detail ?| %s AND named.sha256 <> '' GROUP BY named.sha256
"""


@dataclass(frozen=True, slots=True)
class Files:
    """Files that hold: how many are there with their bytes, and how many were erased with a reason."""

    kept: int
    erased: int


@dataclass(frozen=True, slots=True)
class _Named:
    """A digest, the last leaf that names it, and the leaf of its erasure where it has one after that."""

    sha256: str
    index: int
    fact: str
    erased: bool


def verify(court_id: UUID, *, threads: int = 1) -> Files:
    """Read a court's files again. Raises `AuditError` for the first, in the order of the log, that is not as sealed."""
    kept = erased = 0
    with acting_for(court_id):
        named = _named(court_id)
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        rows = iter(named)
        while batch := list(islice(rows, _AT_ONCE)):
            for one, state in zip(batch, pool.map(_look, batch), strict=True):
                if state:
                    raise AuditError(f"file {one.sha256} named by {one.fact}", one.index, "these bytes", state)
                kept, erased = kept + (not one.erased), erased + one.erased
    return Files(kept, erased)


def _look(one: _Named) -> str:
    """What is wrong with a file; empty where nothing is. What was erased may still lie there for another's sake."""
    if one.erased:
        return ""
    try:
        vault.get(one.sha256)
    except vault.Altered:
        return "others"
    except vault.NotInVault:
        return "no file, and no leaf that says why"
    except OSError as problem:
        return type(problem).__name__
    return ""


def _named(court_id: UUID) -> list[_Named]:
    gone = {sha256: index for sha256, index, _ in _last(court_id, "erased")}
    rows = _last(court_id, *NAMED)
    found = [_Named(sha256, index, fact, gone.get(sha256, -1) > index) for sha256, index, fact in rows]
    return sorted(found, key=lambda one: one.index)


def _last(court_id: UUID, *keys: str) -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list(keys), court_id, list(keys)])
        return list(cursor.fetchall())


# ---- the rows beside the leaves ----------------------------------------------------------------------------------


def check_erasures(court_id: UUID) -> int:
    """Every erasure is named by its own columns and has its fact, and every such fact its erasure; returns how many.
    Call inside the court's scope. Raises `AuditError`."""
    rows = list(Erasure.objects.filter(court_id=court_id).order_by("id").values_list("id", "sha256", "fact_id"))
    told = dict(_told(court_id))
    for row, sha256, fact in rows:
        expected = erasure_id(court_id, sha256, fact)
        if row != expected or told.get(fact) != sha256:
            raise AuditError("erasure of a file", None, f"{expected} {told.get(fact)}", f"{row} {sha256}")
    if len(rows) != len(told):
        raise AuditError("erasures of files", None, len(told), len(rows))
    return len(rows)


def _told(court_id: UUID) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, detail ->> 'erased' FROM songda_fact WHERE court_id = %s AND name = 'file.erased'", [court_id]
        )
        yield from cursor.fetchall()
