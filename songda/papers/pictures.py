"""Photographs and signatures made ready for paper: upright, small enough, and without what a camera adds.

The picture as it was taken stays on file under its digest; what is printed is a copy.
"""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

_PHOTO_SIDE = 1400
_DRAWING_SIDE = 900
_MOST_PIXELS = 120_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")
_DAMAGE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(ValueError):
    """The bytes are no PNG, JPEG or WebP that can be opened, or they unfold to more than a camera takes."""


def opened(data: bytes, *, whole: bool = False) -> Image.Image:
    """The picture in `data`, upright as its camera was held; a large photograph is decoded smaller unless `whole`.

    Raises NotAPicture.
    """
    try:
        picture = Image.open(BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > _MOST_PIXELS:
            raise NotAPicture("the picture is larger than cameras take")
        if not whole:
            picture.draft("RGB", (_PHOTO_SIDE, _PHOTO_SIDE))
        return ImageOps.exif_transpose(picture)
    except (*_DAMAGE, OSError, SyntaxError) as error:
        raise NotAPicture("the bytes are not a picture that can be opened") from error


def for_print(data: bytes) -> bytes:
    """A copy for the paper: JPEG of at most 1400 points a side, or PNG of 900 where parts are see-through.

    Place and time that a camera wrote into its file are left out. Raises NotAPicture.
    """
    picture = opened(data)
    out = BytesIO()
    if picture.has_transparency_data:
        small = picture.convert("RGBA")
        small.thumbnail((_DRAWING_SIDE, _DRAWING_SIDE))
        small.save(out, "PNG", optimize=True)
    else:
        small = picture.convert("RGB")
        small.thumbnail((_PHOTO_SIDE, _PHOTO_SIDE))
        small.save(out, "JPEG", quality=80, exif=b"")
    return out.getvalue()
