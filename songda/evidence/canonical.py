"""How a fact becomes a leaf: canonical JSON (RFC 8785) behind random salts.

A leaf is `SHA-256(0x00 || salt || canonical JSON of the record)`: RFC 6962's leaf hash over salt and record. The
salt is 32 bytes, shown only with its record. So the hash binds (two records cannot share it) and hides (without the
salt even a guess at every possible record leads nowhere): the neighbours' hashes in a proof say nothing, and once
retention law has deleted fact and seed, the leaf left behind says nothing either. The salt's fixed length leaves one
way only to part the two, so no record can be read as another's salt.

What of a fact is personal (names, numbers, remarks) stands in the record as a commitment of its own under a second
salt. A proof shows the record, which holds what the law reads; it opens the personal part only where it must.
Both salts come from one random seed kept beside the fact, by HMAC, so neither tells the other.
"""

import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785

from songda.evidence.merkle import leaf_hash

SALT_SIZE = 32
Record = Mapping[str, Any]


def new_seed() -> bytes:
    """What both salts of a fact come from; never used for two facts."""
    return os.urandom(SALT_SIZE)


def record_salt(seed: bytes) -> bytes:
    """The salt that opens the leaf to the record."""
    return _salt(seed, b"songda record")


def private_salt(seed: bytes) -> bytes:
    """The salt that opens the record's `private` to its contents."""
    return _salt(seed, b"songda private")


def _salt(seed: bytes, part: bytes) -> bytes:
    if len(seed) < 16:
        raise ValueError(f"a seed has at least 16 bytes, not {len(seed)}")
    return hmac.digest(seed, part, "sha256")


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes. Raises `ValueError` for what JSON cannot carry exactly: NaN, integers over 2**53."""
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def instant(moment: datetime) -> str:
    """A moment as a record carries it: UTC, microseconds always written, `2026-11-23T07:22:42.000000Z`."""
    if moment.tzinfo is None:
        raise ValueError("a moment in a record needs its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(
    *,
    id: UUID,
    court: UUID,
    about: UUID,
    fact: str,
    happened_at: datetime,
    learnt_at: datetime,
    by: str,
    by_ref: str,
    key: str | None,
    detail: Mapping[str, Any],
    private: Mapping[str, Any] | None,
    seed: bytes,
) -> dict[str, Any]:
    """What is sealed of a fact: all of its row. `private` enters as a commitment, or null where there is none."""
    return {
        "about": str(about),
        "by": by,
        "by_ref": by_ref,
        "court": str(court),
        "detail": dict(detail),
        "fact": fact,
        "happened_at": instant(happened_at),
        "id": str(id),
        "key": key,
        "learnt_at": instant(learnt_at),
        "private": None if private is None else hide(private, private_salt(seed)),
    }


def commit(sealed: Record, salt: bytes) -> bytes:
    """The leaf hash of a record under its salt."""
    return leaf_hash(_checked(salt) + canonical(sealed))


def hide(private: Mapping[str, Any], salt: bytes) -> str:
    """The commitment to personal details under their salt, in hexadecimal; 0x02 keeps it apart from tree hashes."""
    return sha256(b"\x02" + _checked(salt) + canonical(private)).hexdigest()


def _checked(salt: bytes) -> bytes:
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return salt
