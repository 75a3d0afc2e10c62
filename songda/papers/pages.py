"""Pages of a PDF as pictures, for phones whose browsers cannot show a PDF inside a page."""

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


def _drawn(pdf: bytes, number: int, width: int) -> Image.Image:
    with _one_at_a_time:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise NoSuchPage(str(number)) from error
        try:
            if not 1 <= number <= len(document):
                raise NoSuchPage(str(number))
            page = document[number - 1]
            drawn: Image.Image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
            return drawn
        finally:
            document.close()


def _packed(image: Image.Image, kind: str, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
