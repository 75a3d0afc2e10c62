"""Scans and photographs: looked at like every file that comes in, made a PDF where browsers cannot show them, and the
codes on their pages read."""

import io
from dataclasses import dataclass

from PIL import Image, ImageSequence, UnidentifiedImageError

from songda.filing import intake
from songda.filing.intake import DEFAULT_LIMITS, MEGABYTE, Limits, Refused
from songda.papers import barcodes, pages, pictures

_TIFF_NAMES = ("tif", "tiff")
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_MOST_TIFF_PAGES = 200
_MOST_PIXELS = 120_000_000
_DPI = 150.0
_A4_PIXELS = (1240, 1754)
# Codes stand on the first sheets; a page this wide shows the bars of a waybill.
_READ_PAGES = 20
_READ_WIDTH = 1600
_DAMAGE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan as it is kept, how many pages it has, and what the codes on them say, each once."""

    content: bytes
    media_type: str
    pages: int
    codes: tuple[str, ...]


def read(filename: str, content: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Scanned:
    """Look at one scan: PDF, JPEG, PNG or TIFF of one or many pages. Raises `Refused` with the first reason found."""
    if content.startswith(_TIFF_MARKS):
        filename, content = _from_tiff(filename, content, limits)
    taken = intake.accept(filename, content, limits=limits)
    if taken.media_type not in {intake.PDF, intake.JPEG, intake.PNG}:
        raise Refused("not_a_scan")
    return Scanned(content, taken.media_type, taken.pages or 1, tuple(_codes(content, taken)))


def _from_tiff(filename: str, content: bytes, limits: Limits) -> tuple[str, bytes]:
    """The same pages as a PDF, each no larger than A4 at 150 dpi, under the same name."""
    stem, _, said = filename.rpartition(".")
    if said.lower() not in _TIFF_NAMES:
        raise Refused("type_mismatch", said=said.upper() or "没有扩展名", found="TIFF")
    if len(content) > limits.size:
        raise Refused("too_large", size=len(content) / MEGABYTE, limit=limits.size / MEGABYTE)
    try:
        return f"{stem}.pdf", _pdf_of(content)
    except (*_DAMAGE, OSError, SyntaxError, ValueError, EOFError):
        raise Refused("damaged") from None


def _pdf_of(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=("TIFF",)) as scan:
        count = getattr(scan, "n_frames", 1)
        if count > _MOST_TIFF_PAGES:
            raise Refused("too_many_pages", pages=count, limit=_MOST_TIFF_PAGES)
        sheets = [_sheet(frame) for frame in ImageSequence.Iterator(scan)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=_DPI, save_all=True, append_images=sheets[1:])
    return out.getvalue()


def _sheet(frame: Image.Image) -> Image.Image:
    if frame.width * frame.height > _MOST_PIXELS:
        raise Refused("damaged")
    sheet = frame.convert("RGB")
    sheet.thumbnail(_A4_PIXELS)
    return sheet


def _codes(content: bytes, taken: intake.AcceptedFile) -> list[str]:
    """What the codes say, in the order of the pages; nothing for a page that cannot be drawn."""
    if taken.media_type != intake.PDF:
        return _read(content)
    found: list[str] = []
    for number in range(1, min(taken.pages or 1, _READ_PAGES) + 1):
        try:
            drawn, _ = pages.picture(content, number, width=_READ_WIDTH)
        except pages.NoSuchPage:
            continue
        found += _read(drawn)
    return list(dict.fromkeys(found))


def _read(picture: bytes) -> list[str]:
    try:
        return barcodes.read(picture)
    except pictures.NotAPicture:
        return []
