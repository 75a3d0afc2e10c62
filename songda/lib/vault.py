"""Files by their digest, encrypted at rest. What is put twice is kept once; nothing is ever changed in place.

Contents live under `SONGDA_VAULT` (a folder) as AES-GCM ciphertext, named by a keyed digest of the plain content, so
that neither names nor contents tell anything to who only holds the disk. What retention law has deleted is removed; a
lock on its folder keeps that from crossing with somebody who puts the same content again.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag

from songda.lib import crypto


class NotInVault(LookupError):
    """No content with this digest, or its bytes no longer match it."""


class Altered(NotInVault):
    """There is a file for this digest, and it does not hold these bytes."""


class PutLately(RuntimeError):
    """The content was put a short while ago: somebody may be about to name it."""


def folder() -> Path:
    return Path(os.environ.get("SONGDA_VAULT", "var/documents"))


def _path(sha256: str) -> Path:
    name = crypto.blind_index(sha256, purpose="vault")
    return folder() / name[:2] / name[2:]


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One at a time among those who put or remove in this folder of the vault; what they did is durable at the end."""
    directory.mkdir(parents=True, exist_ok=True)
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def put(content: bytes) -> str:
    """Keep the content and return its SHA-256 (hex). Durable when this returns; safe to repeat."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    with _alone(path.parent):
        if path.exists():
            os.utime(path)
            return sha256
        handle, scratch = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(crypto.seal(content, purpose=sha256))
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    return sha256


def get(sha256: str) -> bytes:
    """The content with this digest. Raises NotInVault when it is absent, Altered when its bytes are others."""
    try:
        content = crypto.unseal(_path(sha256).read_bytes(), purpose=sha256)
    except FileNotFoundError as error:
        raise NotInVault(sha256) from error
    except (InvalidTag, ValueError) as error:
        raise Altered(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Altered(sha256)
    return content


def remove(sha256: str, *, idle: timedelta) -> None:
    """Delete the content for good; harmless where there is none. Raises PutLately where it was put, or put again,
    within `idle` by the machine's clock: whoever did that has not yet said in the database what for."""
    path = _path(sha256)
    with _alone(path.parent):
        if not path.exists():
            return
        if time.time() - path.stat().st_mtime < idle.total_seconds():
            raise PutLately(sha256)
        path.unlink()
