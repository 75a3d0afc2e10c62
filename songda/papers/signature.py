"""A signature drawn with a finger: really a picture, of a sensible size, with a hand's stroke in it."""

import base64
import binascii
from io import BytesIO

from PIL import Image, UnidentifiedImageError

_PREFIX = "data:image/png;base64,"
_MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 400_000
_SIDES = range(40, 4001)
# Darker than this is ink; what is see-through is paper.
_INK = 160
_FEWEST_POINTS = 120
_SMALLEST_EXTENT = 30
_MOST_INK = 0.6
_DAMAGE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError)


class NotASignature(ValueError):
    """What was sent cannot be taken for a signature; the message tells the signer why."""


def read(sent: str) -> bytes:
    """The PNG bytes of a data URL. Raises NotASignature."""
    if not sent.startswith(_PREFIX) or len(sent) > len(_PREFIX) + _MOST_BYTES * 4 // 3 + 4:
        raise NotASignature("签名图像格式不对，请重新签名")
    try:
        content = base64.b64decode(sent.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise NotASignature("签名图像不完整，请重新签名") from None
    _look_at(_ink(content))
    return content


def _ink(content: bytes) -> Image.Image:
    """The drawing as black ink on nothing."""
    if not content.startswith(_MAGIC):
        raise NotASignature("签名图像格式不对，请重新签名")
    try:
        with Image.open(BytesIO(content), formats=("PNG",)) as picture:
            if picture.width not in _SIDES or picture.height not in _SIDES:
                raise NotASignature("签名图像尺寸不对，请重新签名")
            drawn = picture.convert("RGBA")
    except _DAMAGE:
        raise NotASignature("签名图像无法打开，请重新签名") from None
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    return paper.convert("L").point(lambda grey: 255 if grey < _INK else 0)


def _look_at(ink: Image.Image) -> None:
    box, points = ink.getbbox(), ink.histogram()[255]
    extent = max(box[2] - box[0], box[3] - box[1]) if box else 0
    if points < _FEWEST_POINTS or extent < _SMALLEST_EXTENT:
        raise NotASignature("没有看到签名，请在方框内写上姓名")
    if points > _MOST_INK * ink.width * ink.height:
        raise NotASignature("签名无法辨认，请清除后重新签名")
