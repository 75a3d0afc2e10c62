"""The image of a receipt, as a courier's phone or the back office's scanner makes it: a slip with its barcode."""

import io
from functools import lru_cache
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

_SIZE = (1000, 620)
_INK, _PAPER, _STAMP = 30, 248, 90
_FONTS = (
    "build/assets/fonts/NotoSansSC_400Regular.ttf",
    "node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "node_modules/@expo-google-fonts/noto-sans-sc/NotoSansSC_400Regular.ttf",
)
_SYSTEM_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "wqy-zenhei.ttc")


@lru_cache(maxsize=1)
def _font_file() -> str:
    """A font that can write Chinese; the empty name where the machine has none, and the slip is then in outline."""
    root = Path(__file__).resolve().parents[3]
    for name in _FONTS:
        if (root / name).is_file():
            return str(root / name)
    for name in _SYSTEM_FONTS:
        try:
            ImageFont.truetype(name, 20)
        except OSError:
            continue
        return name
    return ""


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(_font_file(), size) if _font_file() else ImageFont.load_default(size)


def draw_receipt(waybill: str, title: str, lines: tuple[str, ...], signature: str) -> bytes:
    """A PNG of the slip: heading, waybill number as Code 128, what is written on it, and a hand's signature."""
    slip = Image.new("L", _SIZE, _PAPER)
    pen = ImageDraw.Draw(slip)
    pen.rectangle((12, 12, _SIZE[0] - 13, _SIZE[1] - 13), outline=_INK, width=3)
    pen.text((40, 34), title, font=_font(40), fill=_INK)
    _stick_barcode(slip, waybill)
    for number, line in enumerate(lines):
        pen.text((40, 240 + 52 * number), line, font=_font(28), fill=_INK)
    _sign(slip, signature)
    out = io.BytesIO()
    slip.save(out, "PNG")
    return out.getvalue()


def _stick_barcode(slip: Image.Image, waybill: str) -> None:
    code = zxingcpp.create_barcode(waybill, zxingcpp.BarcodeFormat.Code128)
    bars = Image.fromarray(code.to_image(scale=3)).convert("L").resize((620, 110), Image.Resampling.NEAREST)
    slip.paste(bars, (40, 100))
    ImageDraw.Draw(slip).text((690, 130), waybill, font=_font(28), fill=_INK)


def _sign(slip: Image.Image, signature: str) -> None:
    """A signature stands a little askew."""
    if not signature:
        return
    layer = Image.new("L", (420, 120), 0)
    ImageDraw.Draw(layer).text((20, 20), signature, font=_font(56), fill=255)
    turned = layer.rotate(6, expand=True)
    slip.paste(_STAMP, (520, 440), turned)
