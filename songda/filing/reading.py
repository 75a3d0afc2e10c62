"""The text of a PDF, DOCX or TXT file. Files are told apart by their content, never by their name."""

import io
import re
from pathlib import Path
from typing import Any

from songda.filing.extraction.clean import first_word, goes_on
from songda.filing.intake import DEFAULT_LIMITS, DOCX, PDF, TEXT, Limits, Refused, check_archive, media_type_of


def text_of(content: bytes, *, limits: Limits = DEFAULT_LIMITS) -> str:
    """All text of a file, a line a line. Raises `Refused` where there is none to read (a scan, a picture, a lock)."""
    media_type = media_type_of(content)
    if media_type == PDF:
        return _pdf_text(content)
    if media_type == DOCX:
        return _docx_text(content, limits)
    if media_type == TEXT:
        return decode(content)
    raise Refused("not_readable")


def text_of_file(path: Path) -> str:
    """The text of a file on disk; raises `Refused` and OSError."""
    return text_of(path.read_bytes())


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or GB18030; raises `Refused` for anything else."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("bad_encoding")


def _pdf_text(content: bytes) -> str:
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(content) as document:
            text = "\n".join(_page_text(page) for page in document)
    except pdfium.PdfiumError as error:
        raise _pdf_refusal(str(error)) from None
    if not any("一" <= letter <= "鿿" for letter in text):
        raise Refused("no_text")
    return text


# A mark at the end of a full line may hang over the edge by this part of a letter.
_HANGING = 0.55


def _page_text(page: Any) -> str:
    """The lines of a page; a line that ends only because the page is full is joined to the next."""
    textpage = page.get_textpage()
    try:
        return _joined(textpage, _lines_of(textpage.get_text_range()))
    finally:
        textpage.close()


def _lines_of(text: str) -> list[tuple[int, str]]:
    """Each line that is not blank, with the index of its first letter on the page."""
    starts = [0, *(mark.end() for mark in re.finditer(r"\r?\n", text))]
    lines = ((start, re.split(r"\r?\n", text[start:], maxsplit=1)[0]) for start in starts)
    return [(start, line) for start, line in lines if line.strip()]


def _joined(textpage: Any, lines: list[tuple[int, str]]) -> str:
    """A line is full where the first word of the next would have crossed the right edge of the text."""

    def edges(start: int, length: int) -> tuple[float, float]:
        first, last = (textpage.get_charbox(at, loose=True) for at in (start, start + length - 1))
        return first[0], last[2]

    heads = [edges(start, 1) for start, _ in lines]
    reaches = [edges(start, len(line.rstrip()))[1] for start, line in lines]
    margin = max(reaches, default=0.0) - _HANGING * max((right - left for left, right in heads), default=0.0)
    text = ""
    for at, (start, line) in enumerate(lines):
        word = first_word(line)
        left, right = edges(start, max(len(word), 1))
        full = at > 0 and reaches[at - 1] + (right - left) > margin
        text += line if full and goes_on(text, line) else f"\n{line}"
    return text


def _pdf_refusal(reason: str) -> Refused:
    if "assword" in reason:
        return Refused("encrypted")
    return Refused("damaged")


def _docx_text(content: bytes, limits: Limits) -> str:
    """Paragraphs and tables in the order of the page; a row's cells are joined by tabs, merged cells once."""
    check_archive(content, limits)
    import docx
    from docx.table import Table

    lines: list[str] = []
    try:
        for part in docx.Document(io.BytesIO(content)).iter_inner_content():
            lines += _table_lines(part) if isinstance(part, Table) else [part.text]
    except Exception as error:  # the parser raises anything for a damaged file
        raise Refused("damaged") from error
    return "\n".join(lines)


def _table_lines(table: Any) -> list[str]:
    lines = []
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            words = cell.text.strip()
            if words and (not cells or cells[-1] != words):
                cells.append(words)
        lines.append("\t".join(cells))
    return lines
