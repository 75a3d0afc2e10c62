"""Files by their digest, encrypted at rest. What is put twice is kept once; nothing is ever changed in place.

Contents live under `SONGDA_VAULT` (a folder) as AES-GCM ciphertext, named by a keyed digest of the plain content, so
that neither names nor contents tell anything to who only holds the disk.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from songda.lib import crypto


class NotInVault(LookupError):
    """No content with this digest, or its bytes no longer match it."""


def folder() -> Path:
    return Path(os.environ.get("SONGDA_VAULT", "var/documents"))


def _path(sha256: str) -> Path:
    name = crypto.blind_index(sha256, purpose="vault")
    return folder() / name[:2] / name[2:]


def put(content: bytes) -> str:
    """Keep the content and return its SHA-256 (hex). Durable when this returns; safe to repeat."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(crypto.seal(content, purpose=sha256))
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).replace(path)
    return sha256


def get(sha256: str) -> bytes:
    """The content with this digest; raises NotInVault when it is absent or no longer the same bytes."""
    try:
        content = crypto.unseal(_path(sha256).read_bytes(), purpose=sha256)
    except FileNotFoundError as error:
        raise NotInVault(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotInVault(sha256)
    return content
