"""The files that a PDF carries, by name (ISO 32000-1, 7.11.4)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

# More nodes of names than any proof has files: a file that goes on beyond is meant to exhaust us.
MOST_NODES = 1000


class Unreadable(ValueError):
    """Bytes that are not a PDF, or one whose names or files cannot be read."""


def open_pdf(pdf: bytes) -> tuple[PdfFileReader, list[tuple[str, bytes]]]:
    """The reader of a PDF, and each attached file with its name. Raises `Unreadable`."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        return reader, [(name, bytes(spec["/EF"]["/F"].data)) for name, spec in _names(reader)]
    # A file from anywhere may break the reader in any of its parts; whatever it is, this is no proof.
    except Exception as error:
        raise Unreadable(type(error).__name__) from error


def _names(reader: PdfFileReader) -> Iterator[tuple[str, Any]]:
    """Names and file specifications: the leaves of a name tree (ISO 32000-1, 7.9.6)."""
    nodes, seen = [_at(_at(reader.root, "/Names", {}), "/EmbeddedFiles", {})], 0
    while nodes:
        node, seen = nodes.pop(), seen + 1
        if seen > MOST_NODES:
            raise ValueError("a tree of names without end")
        nodes += _items(_at(node, "/Kids", []))
        pairs = _items(_at(node, "/Names", []))
        yield from zip(map(str, pairs[::2]), pairs[1::2], strict=True)


def _at(node: Any, name: str, absent: Any) -> Any:
    return node[name] if name in node else absent  # noqa: SIM401  the reader's own `get` does not resolve references


def _items(array: Any) -> list[Any]:
    return [array[place] for place in range(len(array))]
