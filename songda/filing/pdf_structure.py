"""Look inside a PDF's structure: is it locked, how many pages, does it try to do something."""

import io
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from songda.filing.refusals import Refused

# An object with one of these acts, or carries another file.
_ACTS: dict[str, str] = {
    "/JavaScript": "脚本",
    "/Launch": "启动程序",
    "/SubmitForm": "提交表单",
    "/ImportData": "导入数据",
    "/RichMedia": "多媒体",
}
_MOST_OBJECTS = 200_000


def pages_of(content: bytes) -> int:
    """The number of pages; raises `Refused` for a locked, damaged or acting PDF."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused("encrypted")
        _refuse_acts(reader.trailer.get("/Root"))
        pages = len(reader.pages)
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise Refused("damaged") from None
    if not pages:
        raise Refused("damaged")
    return pages


def _refuse_acts(root: Any) -> None:
    """Walk every object that can be reached from the catalogue, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [root]
    while waiting and len(seen) < _MOST_OBJECTS:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            key = (item.idnum, item.generation)
            if key in seen:
                continue
            seen.add(key)
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            _refuse_act(item)
            waiting.extend(item.raw_get(name) for name in item)
        elif isinstance(item, ArrayObject):
            waiting.extend(list.__iter__(item))


def _refuse_act(item: DictionaryObject) -> None:
    action = item.get("/S")
    if action in _ACTS:
        raise Refused("active_content", found=_ACTS[str(action)])
    if "/JS" in item or "/JavaScript" in item:
        raise Refused("active_content", found=_ACTS["/JavaScript"])
    if "/EmbeddedFiles" in item or item.get("/Type") == "/EmbeddedFile" or item.get("/Subtype") == "/FileAttachment":
        raise Refused("active_content", found="内嵌文件")
