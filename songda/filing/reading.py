"""The text of a PDF, DOCX or TXT file. Files are told apart by their content, never by their name."""

import io
from pathlib import Path

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
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _pdf_refusal(str(error)) from None
    try:
        pages = [_page_text(page) for page in document]
    finally:
        document.close()
    text = "\n".join(pages)
    if not any("一" <= letter <= "鿿" for letter in text):
        raise Refused("no_text")
    return text


def _page_text(page: "object") -> str:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    try:
        return str(textpage.get_text_bounded())
    finally:
        textpage.close()


def _pdf_refusal(reason: str) -> Refused:
    if "assword" in reason:
        return Refused("encrypted")
    return Refused("damaged")


def _docx_text(content: bytes, limits: Limits) -> str:
    """Paragraphs and tables in the order of the page; a row's cells are joined by tabs, merged cells once."""
    check_archive(content, limits)
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:  # the parser raises anything for a damaged file
        raise Refused("damaged") from error
    lines: list[str] = []
    for part in document.iter_inner_content():
        lines += _table_lines(part) if isinstance(part, Table) else [part.text]
    return "\n".join(lines)


def _table_lines(table: "object") -> list[str]:
    lines = []
    for row in table.rows:  # type: ignore[attr-defined]
        cells: list[str] = []
        for cell in row.cells:
            words = cell.text.strip()
            if words and (not cells or cells[-1] != words):
                cells.append(words)
        lines.append("\t".join(cells))
    return lines
