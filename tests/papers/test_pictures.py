"""Photographs and signatures: printed upright and small, refused when damaged, and silent about the camera."""

from io import BytesIO

import pytest
from PIL import Image

from songda.papers.pictures import NotAPicture, for_print
from songda.papers.records import visit_record
from tests.papers import reading, samples

ORIENTATION = 0x0112
CAMERA = 0x0110


def _photo(width: int, height: int, *, mode: str = "RGB", **saved: object) -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert(mode).save(out, "JPEG", **saved)
    return out.getvalue()


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(data)) as picture:
        return picture.size


def test_a_phone_s_photograph_is_made_small_for_the_paper() -> None:
    pdf = visit_record(samples.visit(photos=tuple(samples.Picture(_photo(4000, 3000)) for _ in range(6))))
    assert len(pdf) < 1_000_000
    assert max(_size(for_print(_photo(4000, 3000)))) <= 1400


def test_a_photograph_taken_with_the_phone_on_its_side_is_printed_upright() -> None:
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    width, height = _size(for_print(_photo(800, 600, exif=turned)))
    assert (width, height) == (600, 800)


def test_what_the_camera_wrote_into_the_file_does_not_reach_the_paper() -> None:
    told = Image.Exif()
    told[CAMERA] = "Camera-In-Pocket"
    original = _photo(800, 600, exif=told)
    assert b"Camera-In-Pocket" in original
    assert b"Camera-In-Pocket" not in for_print(original)


def test_a_signature_keeps_its_see_through_ground() -> None:
    with Image.open(BytesIO(for_print(samples.drawing(3000, 1200)))) as picture:
        assert picture.mode == "RGBA"
        assert max(picture.size) <= 900


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_pictures_of_any_colour_model_can_be_printed(mode: str) -> None:
    photos = (samples.Picture(_photo(640, 480, mode=mode)),)
    assert reading.pictures(visit_record(samples.visit(photos=photos, witnesses=()))) == 1


@pytest.mark.parametrize("damage", [b"", b"GIF89a", samples.photo()[:300], samples.drawing()[:60]])
def test_a_damaged_picture_is_refused_by_name(damage: bytes) -> None:
    with pytest.raises(NotAPicture):
        for_print(damage)


def test_a_picture_that_unfolds_beyond_any_camera_is_refused() -> None:
    out = BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    with pytest.raises(NotAPicture):
        for_print(out.getvalue())
