"""The mail room: counted before sealed, sealed before handed over, and no piece twice, whoever scans it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import PrintSite
from songda.engine import acts, outbox
from songda.engine.mail import lists, mailing
from songda.engine.mail.lists import Closing
from songda.engine.saying import ActRefused
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import vault
from songda.lib.tenancy import acting_for
from songda.methods import custody, postal
from songda.methods.mailroom import MailScan, Manifest
from songda.methods.models import Paper, Waybill
from songda.papers import barcodes
from tests import cast
from tests.cast import World
from tests.desk.mail_hands import (
    NUMBER,
    OTHER_NUMBER,
    a_list,
    again,
    came_out,
    close,
    count,
    enlist,
    facts,
    piece_of,
    printed,
    seal,
    sealed,
    state,
)
from tests.papers import reading

# ---- counting


def test_pages_that_agree_are_a_fact_with_the_person_on_it(world: World) -> None:
    piece = printed(world)
    assert count(world, piece) == "counted"
    [told] = facts(world, piece, "mail.counted")
    assert (told.speaker, told.speaker_ref) == ("person", str(world.zhou.id))
    assert told.detail["pages"] == piece.pages
    assert state(world, piece) == "counted"


def test_pages_that_do_not_agree_open_work_and_the_piece_cannot_be_sealed(world: World) -> None:
    piece = printed(world)
    assert count(world, piece, piece.pages - 1) == "miscounted"
    service = world.read(piece.service)
    assert f"应有 {piece.pages} 页，清点为 {piece.pages - 1} 页" in world.item(service, "miscounted").reason
    assert seal(world, piece) == "miscounted"
    assert state(world, piece) == "printed"


def test_counting_again_and_right_settles_the_work(world: World) -> None:
    piece = printed(world)
    count(world, piece, 1)
    assert count(world, piece) == "counted"
    with world.here():
        assert not world.read(piece.service).work_items.filter(kind="miscounted", done_at=None).exists()


def test_a_piece_counted_right_and_then_wrong_is_not_sealed(world: World) -> None:
    piece = printed(world)
    count(world, piece)
    assert count(world, piece, piece.pages + 2) == "miscounted"
    assert seal(world, piece) == "miscounted"


def test_the_database_itself_refuses_to_seal_what_was_not_counted(world: World) -> None:
    piece = printed(world)
    with world.here(), pytest.raises(IntegrityError, match="waybill_sealed_counted"), transaction.atomic():
        Waybill.objects.filter(id=piece.id).update(sealed_at=cast.now())


def test_the_printers_own_count_is_enough_where_the_site_seals_by_itself(world: World) -> None:
    piece = piece_of(world)
    with world.here():
        pages = again(world, piece).pages
    came_out(world, piece, impressions=pages)
    [told] = facts(world, piece, "mail.counted")
    assert told.speaker == "carrier"
    assert state(world, piece) == "counted"


def test_where_pieces_are_scanned_from_hand_to_hand_a_person_counts(world: World) -> None:
    with world.here():
        decide_policy(world.court, {"mail_custody": "scan"})
    piece = piece_of(world)
    came_out(world, piece, impressions=again(world, piece).pages)
    assert state(world, piece) == "printed"


@pytest.mark.parametrize("custody_by", ["site", "scan"])
def test_a_printer_that_printed_too_much_is_believed_everywhere(world: World, custody_by: str) -> None:
    with world.here():
        decide_policy(world.court, {"mail_custody": custody_by})
    piece = piece_of(world)
    came_out(world, piece, impressions=again(world, piece).pages + 1)
    assert world.item(world.read(piece.service), "miscounted").role == "mail"
    assert seal(world, piece) != "sealed"


# ---- printing anew


def test_what_is_printed_anew_is_counted_anew_and_the_waste_does_not_count(world: World) -> None:
    piece = printed(world)
    count(world, piece)
    with world.here():
        mailing.print_again(world.zhou, world.court, piece.id, "第三页卡纸起皱")
    assert state(world, piece) == "printing"
    assert count(world, piece) == "not_printed"
    came_out(world, piece)
    assert state(world, piece) == "printed"
    [told] = facts(world, piece, "papers.discarded")
    assert told.private == {"reason": "第三页卡纸起皱"}
    assert len(facts(world, piece, "papers.printed")) == 2


def test_the_job_of_a_discarded_printing_tells_nothing_any_more(world: World) -> None:
    piece = piece_of(world)
    with world.here():
        mailing.print_again(world.zhou, world.court, piece.id, "打印机换了纸盒")
        old = next(one for one in Dispatch.objects.filter(counterparty="printing") if not postal.copy_of(one))
        postal.after_print(old, dispatch.Result(Dispatch.State.DONE))
        watch = Dispatch.objects.get(key=f"{old.key}:watch")
        assert postal.after_watch(watch, dispatch.Result(Dispatch.State.DONE)) == []


def test_printing_anew_wants_a_reason_and_a_piece_that_is_still_here(world: World) -> None:
    piece = sealed(world)
    with world.here(), pytest.raises(ActRefused, match="理由"):
        mailing.print_again(world.zhou, world.court, piece.id, "")
    world.tell(piece.service, "mail.accepted", **postal.about(piece))
    with world.here(), pytest.raises(ActRefused, match="已经交出"):
        mailing.print_again(world.zhou, world.court, piece.id, "少一页")


def test_a_print_job_that_failed_is_printed_anew_from_its_work_item(world: World) -> None:
    piece = piece_of(world)
    with world.here():
        job = Dispatch.objects.get(counterparty="printing")
        Dispatch.objects.filter(id=job.id).update(state=Dispatch.State.UNDER_WAY, tries=1)
        job.tries = 0
    outbox.settle(job, dispatch.Result(Dispatch.State.FAILED, problem="print job aborted"))
    world.does(world.zhou, piece.service, "print_failed", "again")
    with world.here():
        jobs = Dispatch.objects.filter(counterparty="printing")
        assert sorted(postal.copy_of(one) for one in jobs) == [0, 1]


# ---- handing over


def test_a_piece_goes_onto_the_list_once_sealed_and_only_then(world: World) -> None:
    piece = printed(world)
    manifest = a_list(world)
    assert enlist(world, manifest, NUMBER) == "not_sealed"
    count(world, piece)
    assert enlist(world, manifest, NUMBER) == "not_sealed"
    seal(world, piece)
    assert enlist(world, manifest, NUMBER) == "listed"
    assert enlist(world, manifest, NUMBER) == "listed_before"


def test_the_database_itself_refuses_a_list_with_an_open_envelope(world: World) -> None:
    piece, manifest = printed(world), a_list(world)
    with world.here(), pytest.raises(IntegrityError, match="waybill_listed_sealed"), transaction.atomic():
        Waybill.objects.filter(id=piece.id).update(manifest=manifest)


def test_closing_a_list_tells_each_piece_and_leaves_a_paper_with_both_names(world: World) -> None:
    piece, manifest = sealed(world), a_list(world)
    enlist(world, manifest, NUMBER)
    closed = close(world, manifest)
    assert state(world, piece) == "handed_over"
    [told] = facts(world, piece, "mail.handed_over")
    assert told.detail["manifest"] == closed.number
    assert told.detail["sha256"] == closed.sha256
    pdf = vault.get(closed.sha256)
    words = reading.words(pdf)
    for expected in ("邮件交接清单", "周岚", "揽投员郭平", f"1件{piece.pages}页", "邓**"):
        assert expected in words
    assert "邓春生" not in words
    assert set(reading.codes(pdf)) == {closed.number, NUMBER}
    with world.here():
        assert Paper.objects.get(kind="manifest").sha256 == closed.sha256


def test_the_carrier_is_told_of_the_list_once(world: World) -> None:
    sealed(world)
    manifest = a_list(world)
    enlist(world, manifest, NUMBER)
    close(world, manifest)
    with world.here():
        row = Dispatch.objects.get(counterparty="carrier_handover")
    assert row.request["manifest"] == manifest.number


def test_a_sealed_piece_that_nobody_scanned_is_named_before_the_list_is_closed(world: World) -> None:
    sealed(world)
    sealed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    manifest = a_list(world)
    enlist(world, manifest, NUMBER)
    with world.here():
        assert [piece.number for piece in lists.difference(manifest).missing] == [OTHER_NUMBER]
    with pytest.raises(ActRefused, match="怎样处理"):
        close(world, manifest)
    assert close(world, manifest, remark="封口破损，留下重装").remark == "封口破损，留下重装"


def test_what_does_not_belong_on_the_list_is_named_too_until_it_is_set_right(world: World) -> None:
    sealed(world)
    late = printed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    manifest = a_list(world)
    enlist(world, manifest, NUMBER)
    enlist(world, manifest, OTHER_NUMBER)
    enlist(world, manifest, "1000000000009")
    with world.here():
        extra = dict(lists.difference(manifest).extra)
    assert extra == {OTHER_NUMBER: "not_sealed", "1000000000009": "unknown"}
    count(world, late)
    seal(world, late)
    enlist(world, manifest, OTHER_NUMBER)
    with world.here():
        assert dict(lists.difference(manifest).extra) == {"1000000000009": "unknown"}


def test_who_saw_another_difference_does_not_close_the_list(world: World) -> None:
    sealed(world)
    manifest = a_list(world)
    enlist(world, manifest, NUMBER)
    with world.here():
        seen = lists.difference(manifest).mark
    enlist(world, manifest, "1000000000009")
    with world.here(), pytest.raises(ActRefused, match="再核对"):
        lists.close(world.zhou, world.court, manifest.id, Closing("揽投员郭平", seen, "已取出"))


def test_an_empty_list_or_one_without_the_other_sides_name_is_not_closed(world: World) -> None:
    manifest = a_list(world)
    with pytest.raises(ActRefused, match="还没有邮件"):
        close(world, manifest)
    sealed(world)
    enlist(world, manifest, NUMBER)
    with pytest.raises(ActRefused, match="接收人"):
        close(world, manifest, taken_by=" ")


def test_a_closed_list_stays_as_it_is(world: World) -> None:
    sealed(world)
    manifest = a_list(world)
    enlist(world, manifest, NUMBER)
    close(world, manifest)
    with pytest.raises(ActRefused, match="不能再改"):
        enlist(world, manifest, OTHER_NUMBER)
    assert a_list(world).number != manifest.number


def test_a_piece_taken_off_the_list_may_be_scanned_again(world: World) -> None:
    piece, manifest = sealed(world), a_list(world)
    enlist(world, manifest, NUMBER)
    with world.here():
        lists.strike(world.zhou, world.court, manifest.id, piece.id)
    assert enlist(world, manifest, NUMBER) == "listed"


def test_a_piece_of_another_site_is_sent_to_its_own(world: World) -> None:
    sealed(world)
    with world.here():
        PrintSite.objects.create(
            name="成华打印点", division_code="510108", address="成华区", ipp_uri="ipp://127.0.0.1:1/x"
        )
        other = lists.open_list(world.zhou, world.court, PrintSite.objects.get(division_code="510108"))
        told = lists.enlist(world.zhou, world.court, other.id, NUMBER)
    assert told.code == "elsewhere"
    assert "武侯打印点" in told.words


# ---- scans


def test_no_scan_is_lost_not_even_a_wrong_one(world: World) -> None:
    printed(world)
    manifest = a_list(world)
    for number in (NUMBER, "1000000000009", "be\x00ep\x1b", NUMBER):
        enlist(world, manifest, number)
    with world.here():
        kept = MailScan.objects.order_by("at", "id").values_list("verdict", flat=True)
        assert sorted(kept) == ["malformed", "not_sealed", "not_sealed", "unknown"]


def test_looking_before_counting_keeps_what_went_wrong_and_changes_nothing(world: World) -> None:
    piece = printed(world)
    with world.here():
        asked = [mailing.look(world.zhou, world.court, number).code for number in (NUMBER, OTHER_NUMBER, "HELLO")]
        assert asked == ["countable", "unknown", "malformed"]
        assert sorted(MailScan.objects.values_list("verdict", flat=True)) == ["malformed", "unknown"]
    assert state(world, piece) == "printed"


def test_spaces_and_small_letters_of_a_number_make_no_difference(world: World) -> None:
    piece = printed(world, "XA123456785CN")
    with world.here():
        told = mailing.count(world.zhou, world.court, " xa 123 456 785 cn ", piece.pages)
    assert told.code == "counted"


def test_another_courts_piece_is_named_only_to_who_works_there_too(world: World) -> None:
    enrol(world.zhou, world.other_court, ["mail"])
    printed(world)
    with acting_for(world.other_court.id):
        mine = mailing.seal(world.zhou, world.other_court, NUMBER)
    assert (mine.code, "成都高新" in mine.words) == ("other_court", True)
    enrol(world.cheng, world.other_court, ["mail"])
    with acting_for(world.other_court.id):
        theirs = mailing.seal(world.cheng, world.other_court, NUMBER)
    assert (theirs.code, "成都高新" in theirs.words) == ("unknown", False)


def test_who_does_not_work_in_the_mail_room_scans_nothing(world: World) -> None:
    piece = printed(world)
    with world.here(), pytest.raises(ActRefused, match="没有办理邮寄的角色"):
        mailing.seal(world.an, world.court, piece.number)


# ---- what the court decided about custody


def test_where_scans_are_wanted_a_piece_not_handed_over_within_a_day_is_somebodys_work(world: World) -> None:
    with world.here():
        decide_policy(world.court, {"mail_custody": "scan"})
    piece = printed(world)
    assert world.read(piece.service).waiting_for == "核页、封装、交接"
    world.later(days=1, minutes=1)
    assert world.item(world.read(piece.service), "handover_late").role == "mail"


def test_where_scans_are_wanted_a_piece_the_carrier_took_without_one_is_looked_at(world: World) -> None:
    with world.here():
        decide_policy(world.court, {"mail_custody": "scan"})
    piece = printed(world)
    world.tell(piece.service, "mail.accepted", **postal.about(piece))
    assert world.item(world.read(piece.service), "not_handed_over").role == "mail"
    assert state(world, piece) == "accepted"


def test_where_the_site_seals_by_itself_nobody_asks_for_scans(world: World) -> None:
    piece = printed(world)
    world.tell(piece.service, "mail.accepted", **postal.about(piece))
    with world.here():
        assert not world.read(piece.service).work_items.filter(done_at=None).exists()


def test_the_carrier_is_told_whether_to_wait_for_a_list(world: World) -> None:
    piece = printed(world)
    with world.here():
        assert Dispatch.objects.get(key=postal.order_key(piece)).request["handover"] == "site"


# ---- where a piece stands


def test_the_cached_state_is_what_the_facts_say(world: World) -> None:
    piece = sealed(world)
    for name, expected in (
        ("mail.accepted", "accepted"),
        ("mail.attempt_failed", "not_met"),
        ("mail.delivered", "delivered"),
        ("mail.receipt_scanned", "delivered"),
        ("mail.closed", "complete"),
    ):
        world.later(hours=1)
        world.tell(piece.service, name, signer="self", id_number_given=True, **postal.about(piece))
        kept = again(world, piece)
        assert kept.state == expected
        with world.here():
            told = custody.facts_about(kept)
        assert (custody.state_of(told, kept.number), custody.heard_of(told)) == (kept.state, kept.heard_at)


def test_a_struck_delivery_takes_the_piece_back(world: World) -> None:
    piece = sealed(world)
    told = world.tell(piece.service, "mail.delivered", signer="other", **postal.about(piece))
    assert told is not None
    world.act(acts.ask_correction, piece.service, world.an, told.id, "扫错了件")
    world.does(world.bai, piece.service, "correction", "granted")
    assert state(world, piece) == "sealed"


# ---- the label


def test_a_scanner_reads_the_label_of_a_piece(world: World) -> None:
    piece = printed(world)
    with world.here():
        paper = postal.label(again(world, piece), "https://desk.example/mail/")
        pdf = vault.get(paper.sha256)
    assert reading.codes(pdf)[0] == NUMBER
    assert reading.millimetres(pdf) == (100, 150)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert barcodes.read(reading.picture(pdf))[0] == NUMBER


# ---- two at once

Scan = Callable[[], str]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_cannot_double_a_piece(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["mail"])
    piece = printed(world)
    with world.here():
        site = PrintSite.objects.get()

    def both(act: Callable[[cast.Person], str]) -> list[str]:
        def alone(person: cast.Person) -> str:
            try:
                with world.here():
                    return act(person)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(alone, (world.zhou, world.bai)))

    assert both(lambda p: mailing.count(p, world.court, NUMBER, piece.pages).code) == ["counted", "counted_before"]
    assert both(lambda p: mailing.seal(p, world.court, NUMBER).code) == ["sealed", "sealed_before"]
    first, second = both(lambda p: str(lists.open_list(p, world.court, site).id))
    assert first == second
    manifest = Manifest(id=first)
    assert both(lambda p: lists.enlist(p, world.court, manifest.id, NUMBER).code) == ["listed", "listed_before"]

    def closing(person: cast.Person) -> str:
        try:
            return lists.close(
                person, world.court, manifest.id, Closing("揽投员郭平", lists.difference(a_list(world)).mark)
            ).number
        except ActRefused:
            return "~refused"

    assert both(closing)[1] == "~refused"
    assert [len(facts(world, piece, name)) for name in ("mail.counted", "mail.sealed", "mail.handed_over")] == [1, 1, 1]
