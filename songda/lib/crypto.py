"""Personal data at rest: AES-256-GCM for values, HMAC-SHA256 for the indexes that find them again.

One data key (`SONGDA_DATA_KEY`, 32 bytes in base64) gives a key for each purpose by HKDF, so an index never shares
a key with a ciphertext. The key stays in the process: the database sees only bytes.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class KeyMissing(RuntimeError):
    """SONGDA_DATA_KEY is not set, or is not 32 bytes of base64."""


def _root() -> bytes:
    try:
        key = base64.b64decode(os.environ["SONGDA_DATA_KEY"], validate=True)
    except (KeyError, binascii.Error) as error:
        raise KeyMissing("SONGDA_DATA_KEY must hold 32 bytes in base64") from error
    if len(key) != 32:
        raise KeyMissing("SONGDA_DATA_KEY must hold 32 bytes in base64")
    return key


@lru_cache(maxsize=64)
def _derive(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(root)


def key_for(purpose: str) -> bytes:
    """32 bytes for one purpose; the same purpose always gives the same bytes."""
    return _derive(_root(), purpose)


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt; the purpose is authenticated too, so a value cannot be moved to another column."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key_for("seal")).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Decrypt; raises cryptography's InvalidTag when a byte or the purpose differs."""
    return AESGCM(key_for("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed digest (hex) that finds equal values without storing them; the same value differs by purpose."""
    return hmac.new(key_for(f"index:{purpose}"), value.strip().encode(), hashlib.sha256).hexdigest()


def token() -> str:
    """A link's secret: 192 random bits, URL-safe."""
    return base64.urlsafe_b64encode(os.urandom(24)).decode()
