"""Images of receipts as phones and scanners make them: straight, turned, soft, many on a PDF, and hostile ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageFilter

from songda.gateways.sandbox.receipt import draw_receipt


def a_receipt(number: str, text: str = "收件人：邓**") -> bytes:
    return draw_receipt(number, "法院专递邮件回执", (text,), "邓")


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def turned(number: str, angle: float) -> bytes:
    with Image.open(BytesIO(a_receipt(number))) as slip:
        return _png(slip.rotate(angle, expand=True, fillcolor=255))


def soft(number: str, radius: float) -> bytes:
    with Image.open(BytesIO(a_receipt(number))) as slip:
        return _png(slip.filter(ImageFilter.GaussianBlur(radius)))


def a_pdf(*images: bytes) -> bytes:
    pages = [Image.open(BytesIO(one)).convert("RGB") for one in images]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=120)
    return out.getvalue()


def a_bomb(side: int = 40_000) -> bytes:
    """A PNG of a few hundred bytes that claims to unfold to more than a gigabyte."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
