"""Private keys of a court's log: made at set-up, encrypted at rest under the platform's data key, rotated by adding.

To rotate, give the key in force an end and start a new one at that moment: checkpoints signed before keep their key.
"""

import gmalg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from songda.evidence.checkpoint import ED25519, SM2, SM2_USER, PublicKey, Signer
from songda.evidence.merkle import HASH_SIZE
from songda.lib import crypto


class Ed25519Signer:
    """Signs notes with Ed25519; `secret` is the 32 bytes of RFC 8032."""

    def __init__(self, name: str, secret: bytes) -> None:
        self.secret = secret
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = PublicKey(name, ED25519, self._key.public_key().public_bytes_raw())

    @classmethod
    def new(cls, name: str) -> "Ed25519Signer":
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)


class Sm2Signer:
    """Signs notes with SM2 over SM3 (GB/T 32918), as r and s of 32 bytes each.

    The library is pure Python and takes time that depends on the key. Where strangers share the machine, put a signing
    machine (签名验签服务器) behind `checkpoint.Signer` instead.
    """

    def __init__(self, name: str, secret: bytes) -> None:
        self.secret = secret
        self._key = gmalg.SM2(secret, uid=SM2_USER)
        self.public = PublicKey(name, SM2, self._key.generate_pk(secret))

    @classmethod
    def new(cls, name: str) -> "Sm2Signer":
        return cls(name, gmalg.SM2().generate_keypair()[0])

    def sign(self, text: bytes) -> bytes:
        # The library drops leading zeros; one number in 256 has one.
        return b"".join(half.rjust(HASH_SIZE, b"\0") for half in self._key.sign(text))


_KINDS: dict[bytes, type[Ed25519Signer] | type[Sm2Signer]] = {ED25519: Ed25519Signer, SM2: Sm2Signer}


def lock(signer: Ed25519Signer | Sm2Signer) -> bytes:
    """The private key encrypted, bound to its own public key so that one cannot be put in another's place."""
    return crypto.seal(signer.secret, purpose=_purpose(signer.public))


def unlock(locked: bytes, public: PublicKey) -> Signer:
    """The signer of a public key. Raises cryptography's `InvalidTag` where the data key or the pair is wrong."""
    return _KINDS[public.algorithm](public.name, crypto.unseal(locked, purpose=_purpose(public)))


def _purpose(public: PublicKey) -> str:
    return f"log key {public.verification_key()}"
