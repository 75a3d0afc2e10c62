"""Pages of a PDF as pictures and as text, for phones whose browsers cannot show a PDF inside a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

import pypdfium2 as pdfium
from PIL import Image

# PDFium keeps state of its own: one page at a time in a process.
_one_at_a_time = Lock()
_COLOURS = 32
# A page of print makes a small PNG; one that does not is a photograph and is packed like one.
_PHOTOGRAPH = 240_000


class NoSuchPage(LookupError):
    """The PDF has no page of this number, or cannot be read."""


def picture(pdf: bytes, number: int, *, width: int) -> tuple[bytes, str]:
    """Page `number` (from 1) as a picture `width` points wide, with its media type. Raises NoSuchPage."""
    image = _drawn(pdf, number, width)
    packed = _packed(image.quantize(_COLOURS), "PNG", optimize=True)
    if len(packed) <= _PHOTOGRAPH:
        return packed, "image/png"
    return _packed(image, "JPEG", quality=72), "image/jpeg"


def text(pdf: bytes) -> str:
    """What the PDF says, a line a line, without its layout; empty where it only holds pictures. Raises NoSuchPage."""
    with _opened(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "\n\n".join(pages).replace("\r\n", "\n").replace("\ufffe", "").strip()


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    with _one_at_a_time:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise NoSuchPage("unreadable") from error
        try:
            yield document
        finally:
            document.close()


def _drawn(pdf: bytes, number: int, width: int) -> Image.Image:
    with _opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise NoSuchPage(str(number))
        page = document[number - 1]
        drawn: Image.Image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
        return drawn


def _packed(image: Image.Image, kind: str, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
