"""What a courier shows is kept, and stands in the record of the visit."""

import io
from dataclasses import replace

import pypdfium2
from PIL import Image

from songda.engine import acts
from songda.engine.models import WorkItem
from songda.lib import vault
from tests.cast import DENG, World


def test_photographs_and_a_video_of_the_door_are_in_the_record_of_the_visit(world: World) -> None:
    service = world.service(replace(DENG, phone="", address_rank="registered"))
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(picture, "PNG")
    shown = (acts.Shown(picture.getvalue(), "image/png"), acts.Shown(b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video"))
    with world.here():
        item = WorkItem.objects.get(service=service, kind="visit", done_at=None)
        acts.complete(
            item, world.fang, "left_in_place", {"refused_by": "self", "witnesses": "0", "recorded": "on"}, shown
        )
        record = service.papers.get(kind="record")
        video = service.exhibits.get(kind="video")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(vault.get(record.sha256)))
    assert "留置送达记录" in text.replace(" ", "")
    assert video.sha256[:16] in text.replace("\r\n", "").replace("\n", "").replace("\u200b", "")
    assert world.read(service).result_method == "left_in_place"
