"""Several papers as one print job. Court documents pass through as they are: nothing is stamped on them."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError


class NotAPaper(ValueError):
    """The bytes at this place in the list are no PDF that can be read without a password."""

    def __init__(self, place: int) -> None:
        super().__init__(f"paper {place} is not a readable PDF")
        self.place = place


def bundle(papers: Sequence[bytes], *, both_sides: bool = False) -> bytes:
    """One PDF of all the papers in their order: the envelope first, then the documents.

    With `both_sides` a blank page follows every odd-paged paper, so that the next begins on its own sheet. The same
    papers give the same bytes. Raises NotAPaper.
    """
    writer = PdfWriter()
    for place, paper in enumerate(papers):
        reader = _open(paper, place)
        writer.append(reader, import_outline=False)
        if both_sides and len(reader.pages) % 2 and place < len(papers) - 1:
            last = reader.pages[-1].mediabox
            writer.add_blank_page(width=float(last.width), height=float(last.height))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(paper: bytes) -> int:
    """How many pages a PDF has. Raises NotAPaper."""
    return len(_open(paper, 0).pages)


def _open(paper: bytes, place: int) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(paper))
        if reader.is_encrypted:
            raise NotAPaper(place)
        len(reader.pages)
    except (PyPdfError, OSError, ValueError) as error:
        if isinstance(error, NotAPaper):
            raise
        raise NotAPaper(place) from error
    return reader
