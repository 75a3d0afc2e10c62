"""回执: images find their pieces by their barcode; what does not waits for a person; what is hostile is refused."""

from io import BytesIO

import pytest
from PIL import Image

from songda.courts.actions import enrol
from songda.engine.mail import receipts
from songda.engine.mail.receipts import Brought, File, Reading
from songda.engine.saying import ActRefused
from songda.lib.tenancy import acting_for
from songda.methods import postal
from songda.methods.mailroom import ReceiptImage
from songda.methods.models import Exhibit, Waybill
from songda.papers import scans
from songda.papers.scans import NotAReceipt
from tests.cast import World
from tests.desk.mail_hands import NUMBER, again, facts, printed, sealed, state
from tests.desk.receipts import a_bomb, a_pdf, a_receipt, soft, turned


def delivered(world: World, signer: str = "self", number: str = NUMBER) -> Waybill:
    piece = sealed(world, number)
    world.later(days=1)
    world.tell(piece.service, "mail.delivered", signer=signer, id_number_given=True, **postal.about(piece))
    return again(world, piece)


def bring(world: World, *contents: bytes) -> list[Brought]:
    with world.here():
        files = [File(f"IMG_{place}.png", content) for place, content in enumerate(contents)]
        return receipts.bring(world.zhou, world.court, files)


def outcomes(brought: list[Brought]) -> list[str]:
    return [one.outcome for one in brought]


# ---- reading


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 12, -12, 33, 45])
def test_a_receipt_is_read_however_it_lay_on_the_scanner(angle: float) -> None:
    [sheet] = scans.opened(turned(NUMBER, angle))
    assert sheet.codes == (NUMBER,)


@pytest.mark.parametrize("radius", [0.8, 1.6])
def test_a_soft_photograph_is_read_too(radius: float) -> None:
    [sheet] = scans.opened(soft(NUMBER, radius))
    assert sheet.codes == (NUMBER,)


def test_every_page_of_a_pdf_is_a_receipt_of_its_own() -> None:
    sheets = scans.opened(a_pdf(a_receipt(NUMBER), a_receipt("1093847561999")))
    assert [(sheet.page, sheet.codes) for sheet in sheets] == [(1, (NUMBER,)), (2, ("1093847561999",))]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "不是图片"),
        (b"MZ\x90\x00\x03", "不是图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是图片"),
        (b"GIF89a" + b"\0" * 40, "不是图片"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "打不开"),
        (b"%PDF-1.7 nothing more", "PDF 打不开"),
        (a_bomb(), "过大"),
        (a_bomb(9_000), "过大"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (scans.LARGEST_FILE + 1), "超过 20 MB"),
    ],
    ids=["empty", "program", "svg", "gif", "torn png", "torn pdf", "bomb", "smaller bomb", "too large"],
)
def test_a_hostile_or_broken_file_is_refused_before_it_unfolds(content: bytes, why: str) -> None:
    with pytest.raises(NotAReceipt, match=why):
        scans.opened(content)


# ---- matching


def test_a_receipt_finds_its_piece_by_itself(world: World) -> None:
    piece = delivered(world)
    assert outcomes(bring(world, a_receipt(NUMBER))) == ["matched"]
    [told] = facts(world, piece, "mail.receipt_scanned")
    assert (told.speaker, told.speaker_ref) == ("person", str(world.zhou.id))
    with world.here():
        assert Exhibit.objects.get(kind="receipt").sha256 == again(world, piece).receipt_sha256


def test_code_image_and_closing_make_the_result_whole(world: World) -> None:
    piece = delivered(world)
    bring(world, a_receipt(NUMBER))
    assert world.read(piece.service).step == "completing"
    world.tell(piece.service, "mail.closed", **postal.about(piece))
    assert world.read(piece.service).result == "served"
    assert state(world, piece) == "complete"


def test_the_same_image_again_is_noticed_and_told_once(world: World) -> None:
    piece = delivered(world)
    assert outcomes(bring(world, a_receipt(NUMBER), a_receipt(NUMBER))) == ["matched", "known"]
    assert outcomes(bring(world, a_receipt(NUMBER))) == ["known"]
    assert len(facts(world, piece, "mail.receipt_scanned")) == 1


def test_one_refused_file_holds_up_no_other(world: World) -> None:
    delivered(world)
    brought = bring(world, b"MZ\x90\x00", a_receipt(NUMBER), a_bomb())
    assert outcomes(brought) == ["refused", "matched", "refused"]


def test_what_no_barcode_matches_waits_for_a_person(world: World) -> None:
    delivered(world)
    brought = bring(world, soft(NUMBER, 14), a_receipt("1000000000009"))
    assert [(one.outcome, one.why) for one in brought] == [
        ("to_check", "没有读出条码"),
        ("to_check", "本院没有这个邮件号"),
    ]


def test_a_page_with_two_numbers_is_not_guessed_at(world: World) -> None:
    delivered(world)
    with Image.open(BytesIO(a_receipt(NUMBER))) as one, Image.open(BytesIO(a_receipt("1093847561999"))) as other:
        page = Image.new("L", (one.width, one.height * 2), 255)
        page.paste(one, (0, 0))
        page.paste(other, (0, one.height))
        out = BytesIO()
        page.save(out, "PNG")
    [told] = bring(world, out.getvalue())
    assert (told.outcome, told.why) == ("to_check", "一页上有几个邮件号")


def test_a_piece_that_was_never_posted_has_no_receipt(world: World) -> None:
    printed(world)
    [told] = bring(world, a_receipt(NUMBER))
    assert (told.outcome, told.why) == ("to_check", "这件邮件还没有交寄")


# ---- a person looks


def waiting(world: World) -> ReceiptImage:
    with world.here():
        return ReceiptImage.objects.get(standing="to_check")


def settle(world: World, number: str, signer: str = "") -> Waybill:
    with world.here():
        reading = Reading(number, signer, bool(signer))
        return receipts.settle(world.zhou, world.court, waiting(world).id, reading)


def test_a_person_types_the_number_and_the_image_is_the_receipt(world: World) -> None:
    piece = delivered(world)
    bring(world, soft(NUMBER, 14))
    settle(world, f" {NUMBER[:4]} {NUMBER[4:]} ")
    assert len(facts(world, piece, "mail.receipt_scanned")) == 1


@pytest.mark.parametrize(
    ("number", "why"),
    [("XA123456784CN", "校验位不对"), ("12345", "13 位"), ("", "13 位"), ("1000000000009", "本院没有")],
)
def test_a_number_that_cannot_be_or_is_nobodys_is_refused(world: World, number: str, why: str) -> None:
    delivered(world)
    bring(world, soft(NUMBER, 14))
    with pytest.raises(ActRefused, match=why):
        settle(world, number)
    assert waiting(world).standing == "to_check"


def test_where_the_courier_did_not_say_who_signed_a_person_reads_it_off(world: World) -> None:
    piece = delivered(world, signer="other")
    [told] = bring(world, a_receipt(NUMBER))
    assert (told.outcome, "签收人" in told.why) == ("to_check", True)
    with pytest.raises(ActRefused, match="读出"):
        settle(world, NUMBER)
    settle(world, NUMBER, "co_resident_adult")
    world.tell(piece.service, "mail.closed", **postal.about(piece))
    [receipt] = facts(world, piece, "receipt.signed")
    assert receipt.detail["signer"] == "co_resident_adult"


def test_what_is_no_receipt_is_put_aside_with_a_reason_and_stays_on_file(world: World) -> None:
    delivered(world)
    bring(world, soft(NUMBER, 14))
    image = waiting(world)
    with world.here(), pytest.raises(ActRefused, match="说明"):
        receipts.put_aside(world.zhou, world.court, image.id, "")
    with world.here():
        receipts.put_aside(world.zhou, world.court, image.id, "空白页")
        kept = ReceiptImage.objects.get(id=image.id)
        assert (kept.standing, kept.why) == ("put_aside", "空白页")
    with world.here(), pytest.raises(ActRefused, match="已经核对过"):
        receipts.settle(world.zhou, world.court, image.id, Reading(NUMBER))


def test_another_courts_receipt_says_nothing_of_it(world: World) -> None:
    delivered(world)
    enrol(world.cheng, world.other_court, ["mail"])
    with acting_for(world.other_court.id):
        [told] = receipts.bring(world.cheng, world.other_court, [File("a.png", a_receipt(NUMBER))])
    assert (told.outcome, told.why) == ("to_check", "本院没有这个邮件号")


def test_too_many_files_at_once_are_refused(world: World) -> None:
    with pytest.raises(ActRefused, match="最多上传"):
        bring(world, *[b"x"] * (receipts.MOST_FILES + 1))
