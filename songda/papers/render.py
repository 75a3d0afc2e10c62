"""From data to PDF: one typesetter in a process, data passed as data, nothing a user wrote ever read as a program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache, singledispatch
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from songda.lib import clock
from songda.papers import fonts, glyphs, pictures

TEMPLATES = Path(__file__).resolve().parent / "templates"

Standard = Literal["a-2b", "a-3b"]
_busy = Lock()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF (PDF/A-3), such as the machine-readable bundle of a proof."""

    name: str
    data: bytes
    mime_type: str
    description: str


def render(
    template: str, data: Mapping[str, Any], *, made_at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """The PDF of `templates/<template>.typ` filled with `data`.

    PDF/A-2b, or PDF/A-3b where something is attached. The same arguments give the same bytes: the only time in the
    file is `made_at` (aware). Safe to call from several threads. Raises `fonts.NoFonts`;
    `plain` raises `pictures.NotAPicture` for a picture that cannot be opened.
    """
    filled = json.dumps({**plain(data), "attachments": _raw(attachments)}, ensure_ascii=False)
    standard: Standard = "a-3b" if attachments else "a-2b"
    with _busy:
        output = _compiler().compile(
            str(TEMPLATES / f"{template}.typ"),
            format="pdf",
            sys_inputs={"data": filled},
            pdf_standards=[standard],
            timestamp=int(made_at.timestamp()),
        )
    if not isinstance(output, bytes):
        raise TypeError("the typesetter gave pages, not a document")
    return output


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=TEMPLATES, font_paths=fonts.loaded(), ignore_system_fonts=True)


def _raw(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "data": list(each.data), "mime": each.mime_type, "about": each.description}
        for each in attachments
    ]


@singledispatch
def plain(value: object) -> Any:
    """`value` as JSON for a template: times in Beijing and in Chinese, pictures as numbers, text made printable."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"a paper cannot show a {type(value).__name__}")


@plain.register
def _(value: str) -> str:
    return glyphs.printable(value)


@plain.register(int)
@plain.register(type(None))
def _(value: int | None) -> int | None:
    return value


@plain.register
def _(value: bytes) -> list[int]:
    return list(pictures.for_print(value)) if value else []


@plain.register
def _(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


@plain.register
def _(value: datetime) -> str:
    local = value.astimezone(clock.BEIJING)
    return f"{plain(local.date())} {local:%H:%M}"


@plain.register(tuple)
@plain.register(list)
def _(value: Sequence[object]) -> list[Any]:
    return [plain(each) for each in value]


@plain.register
def _(value: Mapping) -> dict[str, Any]:  # type: ignore[type-arg]
    return {str(key): plain(each) for key, each in value.items()}
