"""A text or a picture as a PDF that can be printed and shown."""

import io
from datetime import datetime

from PIL import Image

from songda.papers.render import render

_DPI = 150.0
_A4_PIXELS = (1240, 1754)


def of_text(text: str, *, made_at: datetime) -> bytes:
    """The text as it was written, line by line, on A4."""
    return render("plain_text", {"lines": text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}, made_at=made_at)


def of_picture(content: bytes) -> bytes:
    """One picture on one page, upright as its camera meant it, no larger than A4 at 150 dpi."""
    with Image.open(io.BytesIO(content)) as picture:
        page = picture.convert("RGB")
        page.thumbnail(_A4_PIXELS)
        out = io.BytesIO()
        page.save(out, "PDF", resolution=_DPI)
    return out.getvalue()
