"""Reading a paper back as its reader would: its words, its pages as pictures, its codes."""

import re
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from songda.papers import barcodes


def words(pdf: bytes) -> str:
    """All the text of a paper, without the white space that layout brings."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return re.sub(r"[\s\u200b\ufeff\ufffe]+", "", text)


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def picture(pdf: bytes, page: int = 0, scale: float = 2.5) -> bytes:
    """One page as PNG, about 180 dots an inch: what an office scanner sees."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        out = BytesIO()
        document[page].render(scale=scale).to_pil().save(out, "PNG")
    finally:
        document.close()
    return out.getvalue()


def codes(pdf: bytes) -> list[str]:
    """Every barcode on every page."""
    return [text for number in range(pages(pdf)) for text in barcodes.read(picture(pdf, number))]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Each font of a paper, and whether its program is in the file."""
    found: dict[str, bool] = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get_object().get("/Font", {}).values():  # type: ignore[union-attr]
            face = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = face["/FontDescriptor"].get_object()
            found[face["/BaseFont"]] = any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
    return found


def metadata(pdf: bytes) -> str:
    catalogue = PdfReader(BytesIO(pdf)).trailer["/Root"]
    return catalogue["/Metadata"].get_object().get_data().decode()  # type: ignore[index,union-attr,no-any-return]


def pictures(pdf: bytes) -> int:
    """How many photographs or drawn signatures are in the file; barcodes are drawn as lines and do not count."""
    return sum(len(page.images) for page in PdfReader(BytesIO(pdf)).pages)


def millimetres(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page."""
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def places(picture: bytes) -> list[int]:
    """How far down a picture each Code 128 stands."""
    with Image.open(BytesIO(picture)) as opened:
        found = zxingcpp.read_barcodes(opened.convert("L"), formats=zxingcpp.BarcodeFormat.Code128)
    return sorted(code.position.top_left.y for code in found)


def crooked(picture: bytes) -> bytes:
    """The same page laid askew on the scanner, saved small."""
    out = BytesIO()
    with Image.open(BytesIO(picture)) as opened:
        opened.convert("L").rotate(2.5, fillcolor=255, resample=Image.Resampling.BICUBIC).save(out, "JPEG", quality=55)
    return out.getvalue()
