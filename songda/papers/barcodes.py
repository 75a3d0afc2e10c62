"""Barcodes: drawn as vector pictures for our papers, read back from the scans that carriers send."""

from functools import lru_cache

import zxingcpp

from songda.papers import pictures

_READABLE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])


@lru_cache(maxsize=1024)
def code128(text: str) -> str:
    """`text` (ASCII) as an SVG of Code 128 bars, without the quiet zone: the template leaves room for it."""
    return _svg(text, zxingcpp.BarcodeFormat.Code128)


@lru_cache(maxsize=1024)
def qr(text: str) -> str:
    """`text` as an SVG QR code without the quiet zone."""
    return _svg(text, zxingcpp.BarcodeFormat.QRCode)


def read(image: bytes) -> list[str]:
    """What the Code 128 and QR codes in a scan or photograph say, each once, from top to bottom.

    A crooked, turned or noisy scan is tried as it is; no code found is an empty list. Raises pictures.NotAPicture.
    """
    pixels = pictures.opened(image, whole=True).convert("L")
    found = zxingcpp.read_barcodes(pixels, formats=_READABLE)
    ordered = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return list(dict.fromkeys(code.text for code in ordered))


def _svg(text: str, kind: zxingcpp.BarcodeFormat) -> str:
    return str(zxingcpp.create_barcode(text, kind).to_svg(add_quiet_zones=False))
