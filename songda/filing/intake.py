"""What may come in: a file is looked at before it is kept, and refused with a typed reason.

Looking never runs, unpacks to disk or forwards anything: names, first bytes, structure and digest only.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from songda.filing.pdf_structure import pages_of
from songda.filing.refusals import Refused as Refused

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"
JPEG, PNG = "image/jpeg", "image/png"
EXTENSIONS: dict[str, str] = {
    "pdf": PDF, "docx": DOCX, "txt": TEXT, "jpg": JPEG, "jpeg": JPEG, "png": PNG,
}  # fmt: skip

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in bytes."""

    size: int = 50 * 1024 * 1024
    pages: int = 2000
    name: int = 240
    unpacked: int = 200 * 1024 * 1024
    ratio: int = 200


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    filename: str
    media_type: str
    sha256: str
    size: int
    pages: int | None
    """Pages of a PDF, 1 for a picture, None where the type has none of its own."""


_PROGRAMS = frozenset(
    {
        "exe",
        "com",
        "scr",
        "bat",
        "cmd",
        "msi",
        "dll",
        "pif",
        "cpl",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "ps1",
        "jar",
    }
    | {"hta", "lnk", "reg", "sh", "app", "apk", "docm", "xlsm", "html", "htm", "svg", "chm", "iso"}
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|^\.|[. ]$")
# The virus-test string, kept in two halves so that scanners do not take this file for it.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _contains_control(name: str) -> bool:
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs") for letter in name)


def check_name(name: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """The extension that a name honestly carries, lower case; raises `Refused`."""
    rules: tuple[tuple[str, bool], ...] = (
        ("name_missing", not name.strip()),
        ("name_direction", _DIRECTION.search(name) is not None),
        ("name_control", _contains_control(name)),
        ("name_path", any(mark in name for mark in "/\\") or name in (".", "..")),
        ("name_reserved", _RESERVED.search(name) is not None),
    )
    for code, broken in rules:
        if broken:
            raise Refused(code, "filename")
    if len(name.encode()) > limits.name:
        raise Refused("name_too_long", "filename", limit=limits.name)
    parts = [unicodedata.normalize("NFKC", part).strip().lower() for part in name.split(".")[1:]]
    hidden = [part for part in parts if part in _PROGRAMS]
    if hidden:
        raise Refused("name_double", "filename", found=hidden[0])
    if not parts or parts[-1] not in EXTENSIONS:
        raise Refused("wrong_type", "filename")
    return parts[-1]


def media_type_of(content: bytes) -> str | None:
    """The type by content alone; None for what is not taken in."""
    if content.startswith(b"%PDF-") or b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04"):
        return DOCX if _is_docx(content) else None
    return TEXT if _is_text(content) else None


def _is_docx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {"[Content_Types].xml", "word/document.xml"} <= set(archive.namelist())
    except zipfile.BadZipFile:
        return False


def _is_text(content: bytes) -> bool:
    """Text has no bytes that only programs use, and decodes."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return len(content) % 2 == 0
    if any(byte < 32 and byte not in b"\t\n\r\f\v" for byte in content[:65536]):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def check_archive(content: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse an office file that would burst, climbs out of its folder, is locked or carries programs."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked or len(entries) > 5000:
        raise Refused("archive_bomb")
    if any(
        entry.file_size > limits.ratio * max(entry.compress_size, 1) and entry.file_size > 1 << 20 for entry in entries
    ):
        raise Refused("archive_bomb")
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/"):
            raise Refused("archive_path")
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        if name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) or "/embeddings/" in name.lower():
            raise Refused("macros")


def accept(
    filename: str, content: bytes, *, declared_sha256: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> AcceptedFile:
    """Look at one file and accept it; raises `Refused` with the first reason found."""
    said = EXTENSIONS[check_name(filename, limits)]
    if not content:
        raise Refused("empty")
    if len(content) > limits.size:
        raise Refused("too_large", size=len(content) / MEGABYTE, limit=limits.size / MEGABYTE)
    digest = _digest(content, declared_sha256)
    if _EICAR in content:
        raise Refused("virus_signature")
    media_type = media_type_of(content)
    if media_type is None and content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("encrypted" if b"E\0n\0c\0r\0y\0p\0t\0e\0d" in content else "wrong_type")
    if media_type != said:
        raise Refused("type_mismatch", said=_spoken(said), found=_spoken(media_type))
    return AcceptedFile(filename, media_type, digest, len(content), _pages(media_type, content, limits))


def _spoken(media_type: str | None) -> str:
    return next((name.upper() for name, one in EXTENSIONS.items() if one == media_type), "其他格式")


def _digest(content: bytes, declared: str | None) -> str:
    digest = hashlib.sha256(content).hexdigest()
    if declared is None:
        return digest
    if not re.fullmatch(r"[0-9a-fA-F]{64}", declared.strip()):
        raise Refused("digest_malformed", "sha256")
    if declared.strip().lower() != digest:
        raise Refused("digest_mismatch", "sha256")
    return digest


def _pages(media_type: str, content: bytes, limits: Limits) -> int | None:
    if media_type == PDF:
        pages = pages_of(content)
        if pages > limits.pages:
            raise Refused("too_many_pages", pages=pages, limit=limits.pages)
        return pages
    if media_type == DOCX:
        check_archive(content, limits)
        return None
    if media_type in (JPEG, PNG):
        _check_picture(content)
        return 1
    return None


def _check_picture(content: bytes) -> None:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("damaged") from None
