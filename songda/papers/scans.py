"""Scanned receipts as they come: photographs, scans, PDFs of many pages. Opened with care, read for their barcode.

What comes from outside is refused by its size, by what its bytes are (never by its name), and by what it would unfold
to, before anything is unfolded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from songda.papers import pictures

LARGEST_FILE = 20 * 2**20
MOST_PAGES = 200
_MOST_POINTS = 60_000_000
# A page is drawn at about 200 dots an inch, and never larger than this.
_SCALE, _LONGEST_SIDE = 2.8, 4000
_SMALLEST_SIDE = 40
_MEDIA = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
_READABLE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128])


class NotAReceipt(ValueError):
    """The file is refused; the message says why, for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One receipt: the picture as it is kept, and the codes on it from top to bottom."""

    content: bytes
    media_type: str
    page: int
    codes: tuple[str, ...]


def opened(content: bytes) -> list[Sheet]:
    """Every sheet of a file. A picture is kept as it came; a page of a PDF becomes a picture. Raises NotAReceipt."""
    if len(content) > LARGEST_FILE:
        raise NotAReceipt(f"文件超过 {LARGEST_FILE // 2**20} MB")
    if content.startswith(b"%PDF-"):
        return list(_pages(content))
    media_type = next((kind for head, kind in _MEDIA.items() if content.startswith(head)), "")
    if not media_type:
        raise NotAReceipt("不是图片或者 PDF 文件")
    return [Sheet(content, media_type, 1, codes_on(_picture(content)))]


def _picture(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content)) as first:
            points = first.width * first.height
        if points > _MOST_POINTS:
            raise NotAReceipt("图片展开后过大")
        if getattr(first, "n_frames", 1) > 1:
            raise NotAReceipt("动态图片不能作为回执")
        picture = pictures.opened(content, whole=True).convert("L")
    except (pictures.NotAPicture, Image.DecompressionBombError, Image.DecompressionBombWarning) as no:
        raise NotAReceipt("图片打不开，或者展开后过大") from no
    except (OSError, SyntaxError, ValueError) as no:
        raise no if isinstance(no, NotAReceipt) else NotAReceipt("图片打不开") from no
    if min(picture.size) < _SMALLEST_SIDE:
        raise NotAReceipt("图片太小，看不清")
    return picture


def _pages(content: bytes) -> Iterator[Sheet]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as no:
        raise NotAReceipt("PDF 打不开，或者设有密码") from no
    try:
        if len(document) > MOST_PAGES:
            raise NotAReceipt(f"PDF 超过 {MOST_PAGES} 页，请分开上传")
        for place in range(len(document)):
            picture = _drawn(document, place)
            out = BytesIO()
            picture.save(out, "PNG", optimize=False, compress_level=6)
            yield Sheet(out.getvalue(), "image/png", place + 1, codes_on(picture))
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, place: int) -> Image.Image:
    """A page as a picture; one of absurd size is drawn small."""
    try:
        page = document[place]
        longest = max(*page.get_size(), 1.0)
        drawn: Image.Image = page.render(scale=min(_SCALE, _LONGEST_SIDE / longest)).to_pil()
        return drawn.convert("L")
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as no:
        raise NotAReceipt(f"PDF 第 {place + 1} 页打不开") from no


# ---- reading codes ---------------------------------------------------------------------------------------------


def codes_on(picture: Image.Image) -> tuple[str, ...]:
    """What the Code 128 on a grey picture say, from top to bottom, each once; turned, pale and soft pictures are tried
    with more patience before it is given up."""
    for attempt in _ways_to_look(picture):
        found = zxingcpp.read_barcodes(attempt, formats=_READABLE)
        if found:
            ordered = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
            return tuple(dict.fromkeys(code.text for code in ordered))
    return ()


def _ways_to_look(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    plain = ImageOps.autocontrast(picture, cutoff=2)
    yield plain
    larger = _larger(plain)
    yield larger
    yield larger.filter(ImageFilter.UnsharpMask(radius=4, percent=250, threshold=0))
    for angle in (12, -12, 30, -30, 45, 60, -60):
        yield plain.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR)


def _larger(picture: Image.Image) -> Image.Image:
    if max(picture.size) * 2 > _LONGEST_SIDE:
        return picture
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
