"""法院专递: what the carrier's scanner, the courier and the court's clerk each need from the paper."""

import pytest

from songda.papers import barcodes
from songda.papers.mail import NON_DELIVERY, RECEIVERS, envelope, manifest, waybill_label
from songda.papers.parts import Enclosure
from songda.papers.pictures import NotAPicture
from tests.papers import reading, samples


@pytest.mark.parametrize("waybill", ["1093847561234", "XA123456785CN"])
def test_a_scanner_reads_the_waybill_on_the_front_and_on_the_receipt(waybill: str) -> None:
    picture = reading.picture(envelope(samples.court_mail(waybill=waybill)))
    assert barcodes.read(picture) == [waybill]
    assert len(reading.places(picture)) == 2


def test_the_front_names_recipient_court_code_and_every_paper() -> None:
    text = reading.words(envelope(samples.court_mail()))
    for expected in ("邓明远收", "法院代码川0191", samples.COURT, samples.NUMBER, "3.应诉通知书、举证通知书2份"):
        assert expected in text


def test_twenty_papers_are_all_listed_on_one_sheet() -> None:
    papers = tuple(Enclosure(f"证据材料第{n}册") for n in range(1, 21))
    pdf = envelope(samples.court_mail(papers=papers, size="a4"))
    text = reading.words(pdf)
    assert reading.pages(pdf) == 1
    assert all(f"{n}.证据材料第{n}册1份" in text for n in range(1, 21))
    assert "等20种，详见正面清单" in text


def test_the_receipt_has_a_box_for_each_lawful_receiver_and_each_reason_of_return() -> None:
    text = reading.words(envelope(samples.court_mail()))
    assert all(each in text for each in (*RECEIVERS, *NON_DELIVERY))


def test_the_receipt_has_a_line_for_each_attempt_and_room_for_the_identity_number() -> None:
    text = reading.words(envelope(samples.court_mail(attempts=4)))
    assert [f"第{n}次" in text for n in range(1, 6)] == [True, True, True, True, False]
    assert "证件名称及号码" in text


def test_the_courier_is_told_to_whom_the_letter_must_not_be_handed() -> None:
    assert "同案对方当事人不得代收：白玉兰" in reading.words(envelope(samples.court_mail()))


@pytest.mark.parametrize(("size", "millimetres"), [("c4", (229, 324)), ("a4", (210, 297))])
def test_an_envelope_has_the_size_that_was_asked_for(size: str, millimetres: tuple[int, int]) -> None:
    assert reading.millimetres(envelope(samples.court_mail(size=size))) == millimetres


def test_a_label_is_100_by_150_with_waybill_and_qr_for_the_scanner() -> None:
    paper = samples.label()
    pdf = waybill_label(paper)
    assert reading.millimetres(pdf) == (100, 150)
    assert reading.codes(pdf) == [paper.waybill, paper.tracking_url]


@pytest.mark.parametrize("length", [20, 60, 110])
def test_a_label_never_runs_over_to_a_second_one(length: int) -> None:
    recipient = samples.Addressee(name="邓" * (length // 2), address="道" * length, postcode="610041", phone="1" * 11)
    pdf = waybill_label(samples.label(recipient=recipient))
    assert reading.pages(pdf) == 1
    assert "道" * length in reading.words(pdf)


def test_a_manifest_lists_every_envelope_with_its_barcode_and_adds_up_the_pages() -> None:
    paper = samples.batch(31)
    pdf = manifest(paper)
    assert reading.pages(pdf) == 3
    assert set(reading.codes(pdf)) == {paper.batch, *(each.waybill for each in paper.items)}
    assert f"31件{sum(each.pages for each in paper.items)}页" in reading.words(pdf)


def test_a_receipt_scanned_crooked_still_gives_its_waybill() -> None:
    assert barcodes.read(reading.crooked(reading.picture(envelope(samples.court_mail())))) == ["1093847561234"]


def test_a_photograph_without_a_barcode_says_nothing() -> None:
    assert barcodes.read(samples.photo()) == []


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(NotAPicture):
        barcodes.read(b"%PDF-1.7")
