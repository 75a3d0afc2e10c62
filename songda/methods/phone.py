"""The courier's phone: a round opened under a key of its own, files that come in parts, signatures that are checked."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from songda.courts.models import Court, Person
from songda.lib import clock, crypto, vault
from songda.methods.rounds import Round, RoundFile, RoundPart

# A round is a working day long, by the phone's own clock; what is on the phone is erased after it.
LASTS = timedelta(hours=14)
PART_BYTES = 1024 * 1024
_SEAL = "songda_roundpart.content"


class PhoneRefused(ValueError):
    """What a phone sent cannot be read at all; the message says why. Nothing that can be read is refused."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of file: the exhibit it becomes, the media types taken, and how large it may be."""

    exhibit: str
    media_types: frozenset[str]
    most_bytes: int


SORTS: dict[str, Sort] = {
    "photo": Sort("photo", frozenset({"image/jpeg", "image/png"}), 6 * 2**20),
    "signature": Sort("signature", frozenset({"image/png"}), 2**20),
    "video": Sort("video", frozenset({"video/mp4", "video/webm", "video/quicktime"}), 80 * 2**20),
}


# ---- rounds ----------------------------------------------------------------------------------------------------------


def open_round(court: Court, courier: Person, public_key: str, phone_at: datetime) -> Round:
    """The round of this key: made at the first call, the same one afterwards. A courier is out with one phone, so an
    earlier round of theirs ends; what it still sends is heard. Raises PhoneRefused for what is no P-256 key, or
    another's."""
    _public(public_key)
    now = clock.now()
    found, is_new = Round.objects.get_or_create(
        court=court,
        public_key=public_key,
        defaults={
            "courier": courier,
            "day": clock.today(),
            "opened_at": now,
            "expires_at": now + clock.stretch(LASTS.total_seconds()),
            "skew_seconds": round(clock.ahead_of_ours(phone_at).total_seconds()),
        },
    )
    if found.courier_id != courier.id:
        raise PhoneRefused("这部手机的行程属于另一位投递员")
    if is_new:
        earlier = Round.objects.filter(court=court, courier=courier, closed_at=None)
        earlier.exclude(id=found.id).update(closed_at=now)
    return found


def close_round(found: Round) -> None:
    Round.objects.filter(id=found.id, closed_at=None).update(closed_at=clock.now())


def _public(public_key: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (binascii.Error, ValueError) as error:
        raise PhoneRefused("手机密钥无法识别") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PhoneRefused("手机密钥不是P-256")
    return key


def is_genuine(found: Round, body: str, signature: str) -> bool:
    """Whether the round's own key signed these very bytes (ECDSA P-256 with SHA-256, two numbers of 32 bytes)."""
    try:
        raw = base64.b64decode(signature, validate=True)
        if len(raw) != 64:
            return False
        told = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        _public(found.public_key).verify(told, body.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, binascii.Error, PhoneRefused):
        return False
    return True


# ---- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """What a phone says of a file before its parts come."""

    key: UUID
    kind: str
    media_type: str
    size: int
    sha256: str


def head(key: UUID, said: Mapping[str, Any]) -> Head:
    """Raises PhoneRefused for a kind, type or size that is not taken."""
    found = Head(
        key,
        str(said.get("kind", "")),
        str(said.get("media_type", "")).partition(";")[0].strip(),
        _count(said.get("size")),
        str(said.get("sha256", "")).lower(),
    )
    sort = SORTS.get(found.kind)
    if sort is None or found.media_type not in sort.media_types:
        raise PhoneRefused("不接收这种文件")
    if not 0 < found.size <= sort.most_bytes:
        raise PhoneRefused(f"文件过大，最多{sort.most_bytes // 2**20}MB")
    if len(found.sha256) != 64:
        raise PhoneRefused("文件摘要有误")
    return found


def _count(said: Any) -> int:
    try:
        return int(said)
    except (TypeError, ValueError):
        return 0


def keep_part(found: Round, about: Head, start: int, content: bytes) -> RoundFile:
    """Keep one part; the answer's `got` says where the next begins. A part sent again changes nothing, one that would
    leave a gap is not kept. Raises PhoneRefused when the whole does not have the digest the phone gave."""
    with transaction.atomic():
        RoundFile.objects.get_or_create(
            court_id=found.court_id,
            key=about.key,
            defaults={
                "round": found,
                "kind": about.kind,
                "media_type": about.media_type,
                "size": about.size,
                "sha256": about.sha256,
                "made_at": clock.now(),
            },
        )
        file = RoundFile.objects.select_for_update(of=("self",)).get(court_id=found.court_id, key=about.key)
        if file.kept_sha256 or start != file.got or not content:
            return file
        if file.got + len(content) > file.size:
            raise PhoneRefused("文件比所说的长")
        sealed = crypto.seal(content, purpose=_SEAL)
        RoundPart.objects.create(court_id=found.court_id, file=file, start=start, content=sealed)
        file.got += len(content)
        if file.got == file.size:
            _join(file)
        file.save(update_fields=["got", "kept_sha256"])
        return file


def _join(file: RoundFile) -> None:
    """The parts become one file in the vault. Parts that do not fit the digest are thrown away, to be sent again."""
    parts = file.parts.order_by("start")
    whole = b"".join(crypto.unseal(bytes(part.content), purpose=_SEAL) for part in parts)
    parts.delete()
    if hashlib.sha256(whole).hexdigest() != file.sha256:
        file.got = 0
        return
    file.kept_sha256 = vault.put(plain(whole, file.media_type))


def plain(content: bytes, media_type: str) -> bytes:
    """The picture without what a camera wrote into it: place, time, device. What holds none stays the very same bytes.
    What cannot be opened as a picture is kept as it came: somebody has to look at it."""
    if not media_type.startswith("image/"):
        return content
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if not picture.getexif() and not _TALKATIVE & picture.info.keys():
                return content
            out, form = BytesIO(), str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            bare = Image.new(upright.mode, upright.size)
            bare.paste(upright)
            bare.save(out, form, **({"quality": 92} if form == "JPEG" else {}))
            return out.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return content


# Where pictures carry words of their own beside EXIF.
_TALKATIVE = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Raw profile type exif"})
