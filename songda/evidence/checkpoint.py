"""Checkpoints: a log's size and root as a C2SP `tlog-checkpoint`, a note that one or more keys have signed.

This module writes, reads and checks notes with public keys only; private keys live in `keys`. A note is plain text: the
log's name, its size, its root in base64, an empty line, then a line for each signature.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import gmalg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from songda.evidence.merkle import HASH_SIZE

# Signature types of C2SP signed-note. 0xff opens a type that the specification has not numbered.
ED25519 = b"\x01"
SM2 = b"\xffGB/T 32918 SM2 with SM3\n"
ALGORITHMS: Mapping[bytes, str] = {ED25519: "Ed25519", SM2: "SM2"}
# GM/T 0009: the signer's identity where the parties have agreed on no other.
SM2_USER = b"1234567812345678"
MOST_SIGNATURES = 16


class NoteError(Exception):
    """A note that is not a checkpoint, or whose signatures do not hold; says what was expected and found."""

    def __init__(self, what: str, expected: object, actual: object) -> None:
        super().__init__(f"{what}: expected {expected}, got {actual}")
        self.what, self.expected, self.actual = what, expected, actual


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: `origin` is the log's name."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, which is what is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and its signatures as read, none of them checked yet."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that may sign a log's checkpoints between two moments; `until` is None while it is in use."""

    name: str
    algorithm: bytes
    key: bytes
    since: datetime | None = None
    until: datetime | None = None

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.algorithm + self.key).digest()[:4]

    def verification_key(self) -> str:
        """The key as one line of text, the form that signed-note tools read: `name+id+base64`."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.algorithm + self.key).decode()}"

    def is_in_force(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class Signer(Protocol):
    """What signs a note: a key in this process, or a signing machine that keeps the key to itself."""

    @property
    def public(self) -> PublicKey: ...

    def sign(self, text: bytes) -> bytes: ...


def read_key(line: str, *, since: datetime | None = None, until: datetime | None = None) -> PublicKey:
    """A `name+id+base64` line. Raises `NoteError` where the id does not belong to the key."""
    name, key_id, encoded = (line.split("+", 2) + ["", ""])[:3]
    packed = _unbase64(encoded, "public key")
    algorithm = next((known for known in ALGORITHMS if packed.startswith(known)), None)
    if algorithm is None:
        raise NoteError("algorithm of the public key", " or ".join(ALGORITHMS.values()), packed[:1].hex())
    key = PublicKey(name, algorithm, packed[len(algorithm) :], since, until)
    if key.id.hex() != key_id:
        raise NoteError("id of the public key", key.id.hex(), key_id)
    return key


def sign(checkpoint: Checkpoint, signers: Sequence[Signer]) -> str:
    """The checkpoint as a note signed by each signer."""
    text = checkpoint.text()
    lines = []
    for signer in signers:
        public, value = signer.public, signer.sign(text.encode())
        lines.append(f"— {public.name} {base64.b64encode(public.id + value).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def read(note: str) -> SignedCheckpoint:
    """A note taken apart, nothing checked but its form; any deviation from it raises `NoteError`."""
    text, mark, tail = note.rpartition("\n\n")
    if not mark or not tail.endswith("\n") or any(ord(each) < 0x20 and each != "\n" for each in note):
        raise NoteError("form of the checkpoint", "text, an empty line, signatures", repr(note[:40]))
    lines = text.split("\n")
    if len(lines) != 3 or not all(lines):
        raise NoteError("lines of the checkpoint", 3, len(lines))
    signatures = tuple(_signature(line) for line in tail[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError("number of signatures", f"at most {MOST_SIGNATURES}", len(signatures))
    return SignedCheckpoint(Checkpoint(lines[0], _size(lines[1]), _root(lines[2])), signatures)


def _size(line: str) -> int:
    if not (line.isascii() and line.isdigit()) or (line[0] == "0" and line != "0"):
        raise NoteError("size in the checkpoint", "a whole number", line)
    return int(line)


def _root(line: str) -> bytes:
    root = _unbase64(line, "root in the checkpoint")
    if len(root) != HASH_SIZE:
        raise NoteError("length of the root in the checkpoint", HASH_SIZE, len(root))
    return root


def _signature(line: str) -> Signature:
    dash, name, encoded = (line.split(" ") + ["", ""])[:3]
    if dash != "—" or line.count(" ") != 2 or not name or "+" in name:
        raise NoteError("form of a signature line", "— name signature", line)
    packed = _unbase64(encoded, "signature")
    if len(packed) <= 4:
        raise NoteError("length of a signature", "more than 4", len(packed))
    return Signature(name, packed[:4], packed[4:])


def _unbase64(text: str, what: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"base64 of the {what}", "base64", text) from error
    # One text for one value: base64 has spare bits, and a note with other spare bits would be another note.
    if base64.b64encode(decoded).decode() != text:
        raise NoteError(f"base64 of the {what}", base64.b64encode(decoded).decode(), text)
    return decoded


def _holds_ed25519(key: bytes, text: bytes, value: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _holds_sm2(key: bytes, text: bytes, value: bytes) -> bool:
    if len(value) != 2 * HASH_SIZE:
        return False
    try:
        return bool(gmalg.SM2(pk=key, uid=SM2_USER).verify(text, value[:HASH_SIZE], value[HASH_SIZE:]))
    except gmalg.errors.InvalidArgumentError:
        return False


_HOLDS: Mapping[bytes, Callable[[bytes, bytes, bytes], bool]] = {ED25519: _holds_ed25519, SM2: _holds_sm2}


def verify(signed: SignedCheckpoint, keys: Iterable[PublicKey], *, at: datetime) -> tuple[PublicKey, ...]:
    """The keys whose signatures hold. `at` is when the checkpoint was made, as far as that is known.

    Every key in force at that time has to have signed, so no signature can be taken away; a signature of a key that
    is known but was not in force does not count; signatures of unknown keys (witnesses) are passed over.
    """
    in_force = [key for key in keys if key.is_in_force(at)]
    if not in_force:
        raise NoteError("key in force when the checkpoint was made", at.isoformat(), "none")
    text = signed.checkpoint.text().encode()
    for key in in_force:
        label = f"{ALGORITHMS[key.algorithm]} signature of the checkpoint by {key.name}"
        values = [each.value for each in signed.signatures if (each.name, each.key_id) == (key.name, key.id)]
        if not values:
            found = ", ".join(f"{each.name}+{each.key_id.hex()}" for each in signed.signatures)
            raise NoteError(label, f"key {key.id.hex()}", found)
        if not all(_HOLDS[key.algorithm](key.key, text, value) for value in values):
            raise NoteError(label, "a signature that holds", "one that does not")
    return tuple(in_force)
