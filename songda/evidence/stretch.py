"""A stretch of a log as it is stored, read and hashed again without Django: what each process of an audit does."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag

from songda.evidence import audit, canonical
from songda.evidence.audit import AuditError, Row
from songda.evidence.naming import leaf_id
from songda.lib import crypto

_AT_ONCE = 4096
# `fields.EncryptedJson` binds what it locks to its table and column.
_PRIVATE = "songda_fact.private"


def _instant(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


# The database writes ids and moments as a record carries them: quicker than making objects of them here.
_ROWS = f"""
SELECT leaf.index, leaf.hash, leaf.id::text, leaf.fact_id::text, {_instant("leaf.sealed_at")},
  fact.salt, fact.private, fact.detail::text,
  fact.about::text, fact.speaker, fact.speaker_ref, fact.court_id::text, fact.name,
  {_instant("fact.happened_at")}, fact.id::text, fact.source_key, {_instant("fact.learnt_at")}
FROM songda_leaf leaf LEFT JOIN songda_fact fact ON fact.id = leaf.fact_id AND fact.court_id = leaf.court_id
WHERE leaf.court_id = %s AND leaf.index >= %s AND leaf.index < %s ORDER BY leaf.index
"""
_NAMES = ("about", "by", "by_ref", "court", "fact", "happened_at", "id", "key", "learnt_at")


def rows(connection: psycopg.Connection[Any], court: str, first: int, end: int) -> Iterator[Row]:
    """The leaves from `first` to before `end` with what they seal. Raises `AuditError` for a row its name denies."""
    for start in range(first, end, _AT_ONCE):
        cursor = psycopg.Cursor(connection)
        cursor.execute(_ROWS, [court, start, min(start + _AT_ONCE, end)], binary=True)
        for found in cursor.fetchall():
            yield _row(court, found)


def _row(court: str, found: tuple[Any, ...]) -> Row:
    index, leaf, name, fact_id, sealed_at, salt, private, detail, *rest = found
    expected = leaf_id(court, index, fact_id, leaf, sealed_at)
    if str(expected) != name:
        raise AuditError("name of a leaf's row", index, expected, name)
    if salt is None:
        return Row(index, leaf, None, None)
    record = dict(zip(_NAMES, rest, strict=True)) | {"detail": json.loads(detail), "private": None}
    if private is not None:
        record["private"] = canonical.hide(_opened(index, private), _private_salt(index, salt))
    return Row(index, leaf, record, salt)


def _opened(index: int, private: bytes) -> Mapping[str, Any]:
    try:
        return dict(json.loads(crypto.unseal(private, purpose=_PRIVATE)))
    except InvalidTag:
        raise AuditError("personal part of a fact", index, "what the data key opens", "other bytes") from None


def _private_salt(index: int, seed: bytes) -> bytes:
    try:
        return canonical.private_salt(seed)
    except ValueError as error:
        raise AuditError("seed of a fact", index, "16 bytes or more", error) from error


def read(where: Mapping[str, Any], court: str, first: int, end: int) -> AuditError | None:
    """The first thing wrong in a stretch, by a connection of one's own; None where all of it holds."""
    with psycopg.connect(**where, autocommit=True) as connection:
        return look(connection, court, first, end)


def look(connection: psycopg.Connection[Any], court: str, first: int, end: int) -> AuditError | None:
    """The same by a connection that is open."""
    seen = first
    try:
        for _ in audit.hashes(rows(connection, court, first, end), first=first):
            seen += 1
    except AuditError as wrong:
        return wrong
    return None if seen == end else AuditError("order of leaves", seen, seen, "none")
