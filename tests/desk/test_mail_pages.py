"""The mail room's pages: what they show to whom, and the same acts without any script."""

from datetime import timedelta

import pytest
from django.test import Client

from songda.courts.actions import enrol
from songda.desk.listing import inert
from songda.engine.mail import asking
from songda.evidence.models import Fact
from songda.gateways import switchboard
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import postal
from songda.methods.mailroom import Batch, Manifest, ReturnedPiece
from songda.methods.models import Paper, Waybill
from tests.cast import World
from tests.desk.conftest import At
from tests.desk.mail_hands import NUMBER, OTHER_NUMBER, a_list, again, count, facts, piece_of, printed, sealed, state
from tests.papers import reading

JSON = {"headers": {"accept": "application/json"}}


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def batch_url(world: World) -> str:
    with world.here():
        return f"/mail/batches/{Batch.objects.get().id}/"


def accepted(world: World, number: str = NUMBER, case: str = "（2026）川0191民初1234号") -> Waybill:
    piece = sealed(world, number, case)
    world.tell(piece.service, "mail.accepted", **postal.about(piece))
    return again(world, piece)


# ---- the first page and a batch


def test_the_first_page_shows_the_days_batch_and_what_waits_at_each_step(world: World, at: At) -> None:
    printed(world)
    shown = page(at(world.zhou), "/mail/")
    assert "武侯打印点" in shown
    assert batch_url(world) in shown
    assert "打印点自行封装交寄" in shown


def test_a_batch_that_is_not_empty_stays_on_the_first_page_the_next_day(world: World, at: At) -> None:
    printed(world)
    world.later(days=1)
    assert "往日未清" in page(at(world.zhou), "/mail/")


def test_no_page_of_the_zone_shows_a_name_whole(world: World, at: At) -> None:
    piece = accepted(world)
    for url in ("/mail/", batch_url(world), "/mail/pieces/", "/mail/silent/", f"/mail/pieces/{piece.id}/"):
        assert "邓春生" not in page(at(world.zhou), url)


def test_without_a_script_a_scan_is_a_form_and_its_answer_stands_on_the_page(world: World, at: At) -> None:
    piece = printed(world)
    back = batch_url(world)
    given = {"number": NUMBER, "sheets": piece.pages, "next": back}
    answer = at(world.zhou).post("/mail/scan/count/", given, follow=True)
    assert answer.redirect_chain[-1][0] == back
    assert f"{NUMBER}：核页相符" in answer.content.decode()


def test_a_scan_never_leads_out_of_the_house(world: World, at: At) -> None:
    given = {"number": NUMBER, "sheets": "3", "next": "https://elsewhere.example/"}
    assert at(world.zhou).post("/mail/scan/count/", given).headers["Location"] == "/mail/"


def test_the_script_is_answered_with_what_came_of_a_scan(world: World, at: At) -> None:
    piece = printed(world)
    count(world, piece)
    told = at(world.zhou).post("/mail/scan/seal/", {"number": NUMBER}, **JSON).json()
    assert (told["code"], told["tone"], told["number"]) == ("sealed", "ok", NUMBER)
    assert told["who"].startswith("邓**")


@pytest.mark.parametrize("sheets", ["", "-1", "三", "1e3", "999999"])
def test_a_count_that_is_no_number_counts_nothing(world: World, at: At, sheets: str) -> None:
    piece = printed(world)
    told = at(world.zhou).post("/mail/scan/count/", {"number": NUMBER, "sheets": sheets}, **JSON).json()
    assert (told["code"], told["tone"]) == ("refused", "danger")
    assert state(world, piece) == "printed"


def test_who_only_manages_the_post_looks_and_touches_nothing(world: World, at: At) -> None:
    enrol(world.fang, world.court, ["post_manager"])
    printed(world)
    client = at(world.fang)
    assert "data-station" not in page(client, batch_url(world))
    assert client.post("/mail/scan/seal/", {"number": NUMBER}).status_code == 403


def test_another_courts_pages_are_not_there(world: World, at: At) -> None:
    piece, manifest = printed(world), a_list(world)
    enrol(world.cheng, world.other_court, ["mail"])
    client = at(world.cheng)
    for url in (batch_url(world), f"/mail/pieces/{piece.id}/", f"/mail/lists/{manifest.id}/"):
        assert client.get(url).status_code == 404


def test_the_packing_list_of_a_batch_can_be_scanned_and_names_nobody_whole(world: World, at: At) -> None:
    printed(world)
    pdf = at(world.zhou).get(f"{batch_url(world)}packing/").content
    assert NUMBER in reading.codes(pdf)
    assert "邓春生" not in reading.words(pdf)


# ---- lists


def test_a_list_is_opened_scanned_and_closed_with_forms_alone(world: World, at: At) -> None:
    piece = sealed(world)
    client = at(world.zhou)
    url = client.post("/mail/lists/open/", {"site": "510107"}).headers["Location"]
    client.post(f"{url}scan/", {"number": NUMBER, "next": url})
    assert NUMBER in page(client, url)
    client.post(f"{url}close/", {"taken_by": "揽投员郭平", "seen": "", "remark": ""})
    assert state(world, piece) == "handed_over"
    paper = client.get(f"{url}paper/")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert NUMBER in reading.codes(paper.content)


def test_what_was_typed_stays_where_a_closing_is_refused(world: World, at: At) -> None:
    sealed(world)
    sealed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    client = at(world.zhou)
    url = client.post("/mail/lists/open/", {"site": "510107"}).headers["Location"]
    client.post(f"{url}scan/", {"number": NUMBER, "next": url})
    answer = client.post(f"{url}close/", {"taken_by": "揽投员郭平", "seen": "stale", "remark": "先交这些"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="揽投员郭平"' in shown
    assert 'value="先交这些"' in shown
    assert "再核对一遍" in shown


def test_an_open_list_has_no_paper_yet(world: World, at: At) -> None:
    assert at(world.zhou).get(f"/mail/lists/{a_list(world).id}/paper/").status_code == 404


# ---- one piece


def test_a_piece_shows_what_it_should_hold_and_who_did_what_with_it(world: World, at: At) -> None:
    piece = accepted(world)
    shown = page(at(world.an), f"/mail/pieces/{piece.id}/")
    for expected in ("起诉状副本", "传票", "法院专递封面及回执", "周岚", "核页相符", "装封", "邮件收寄", "邮政投递"):
        assert expected in shown
    assert piece.papers_sha256[:16] in shown


def test_printed_says_no_more_than_printed(world: World, at: At) -> None:
    """Whether the papers were counted and put into their envelope is another fact, told by whoever did it."""
    shown = page(at(world.an), f"/mail/pieces/{printed(world).id}/")
    assert "文书已打印" in shown
    assert "文书打印封装" not in shown


def test_what_comes_next_has_its_moment(world: World, at: At) -> None:
    piece = accepted(world)
    until = (clock.now() + timedelta(days=5)).astimezone(clock.BEIJING)
    shown = page(at(world.zhou), f"/mail/pieces/{piece.id}/")
    assert "等投递信息" in shown
    assert f"{until.month}月{until.day}日" in shown


def test_the_label_is_a_pdf_and_that_it_was_seen_is_a_fact(world: World, at: At) -> None:
    piece = printed(world)
    answer = at(world.zhou).post(f"/mail/pieces/{piece.id}/label/")
    codes = reading.codes(answer.content)
    assert codes[0] == NUMBER
    assert codes[1].endswith(f"/mail/pieces/{piece.id}/")
    with world.here():
        seen = Fact.objects.get(about=piece.service_id, name="private.revealed")
        assert seen.speaker_ref == str(world.zhou.id)
        assert Paper.objects.filter(kind="label").count() == 1


def test_a_label_is_for_the_mail_room_alone(world: World, at: At) -> None:
    piece = printed(world)
    assert at(world.an).post(f"/mail/pieces/{piece.id}/label/").status_code == 403


def test_printing_anew_is_asked_with_its_reason_on_the_pieces_page(world: World, at: At) -> None:
    piece = printed(world)
    client = at(world.zhou)
    refused = client.post(f"/mail/pieces/{piece.id}/print-again/", {"reason": ""}, follow=True).content.decode()
    assert "须说明理由" in refused
    client.post(f"/mail/pieces/{piece.id}/print-again/", {"reason": "第二页墨粉不匀"})
    assert state(world, piece) == "printing"
    assert "第 2 次" in page(client, f"/mail/pieces/{piece.id}/")


def test_a_jammed_job_is_shown_with_what_the_printer_complains_of(world: World, at: At) -> None:
    piece = piece_of(world)
    with world.here():
        Dispatch.objects.filter(counterparty="printing").update(
            state=Dispatch.State.FAILED, problem="print job stopped 卡纸"
        )
    shown = page(at(world.zhou), f"/mail/pieces/{piece.id}/")
    assert "打印失败，打印机停住了：卡纸" in shown


# ---- silence


def test_silent_pieces_are_listed_by_age_with_their_work_item(world: World, at: At) -> None:
    piece = accepted(world)
    world.later(days=5, minutes=1)
    shown = page(at(world.zhou), "/mail/silent/")
    item = world.item(world.read(piece.service), "carrier_silent")
    assert f"/work-items/{item.id}/" in shown
    assert "due--late" in shown
    assert 'data-key="c"' in shown


def test_a_printed_piece_that_the_carrier_never_took_is_silent_too(world: World, at: At) -> None:
    printed(world)
    assert NUMBER not in page(at(world.zhou), "/mail/silent/")
    world.later(days=5, minutes=1)
    assert NUMBER in page(at(world.zhou), "/mail/silent/")


def test_a_delivered_piece_is_late_by_the_limit_of_its_receipt_and_its_work_item_stands_beside_it(
    world: World, at: At
) -> None:
    piece = accepted(world)
    world.tell(piece.service, "mail.delivered", signer="self", id_number_given=True, **postal.about(piece))
    for days, late in ((6, 0), (2, 1)):
        world.later(days=days)
        shown = page(at(world.zhou), "/mail/silent/")
        assert shown.count("due--late") == late
        assert f'<b data-tally="silent">{late}</b>' in page(at(world.zhou), "/mail/")
    item = world.item(world.read(piece.service), "result_incomplete")
    assert f'<a href="/work-items/{item.id}/">邮件结果不完整</a>' in shown


def test_what_is_past_its_limit_stands_above_what_was_heard_of_longer_ago(world: World, at: At) -> None:
    delivered = accepted(world)
    world.tell(delivered.service, "mail.delivered", signer="self", id_number_given=True, **postal.about(delivered))
    world.later(hours=1)
    silent = accepted(world, OTHER_NUMBER, "（2026）川0191民初1235号")
    world.later(days=5, hours=1)
    shown = page(at(world.zhou), "/mail/silent/")
    assert shown.index(silent.number) < shown.index(delivered.number)


def test_asking_a_carrier_that_does_not_answer_is_said_and_kept(
    world: World, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_SANDBOX_URL", "http://127.0.0.1:9")
    switchboard.forget()
    piece = accepted(world)
    answer = at(world.zhou).post(f"/mail/pieces/{piece.id}/ask/", {"back": "silent"}, follow=True)
    switchboard.forget()
    assert answer.redirect_chain[-1][0] == "/mail/silent/"
    assert "没有答复" in answer.content.decode()
    [told] = facts(world, piece, "mail.looked_up")
    assert told.detail["new_scans"] == 0


def test_only_a_piece_with_a_number_can_be_asked_about(world: World) -> None:
    with world.here(), pytest.raises(asking.ActRefused, match="无从查询"):
        asking.ask(world.zhou, world.court, world.court.id)


# ---- every piece


@pytest.mark.parametrize("asked", [NUMBER, NUMBER[-4:], NUMBER[-7:], "邓春生", "民初1234", "13900000001"])
def test_a_piece_is_found_by_what_one_has_in_hand(world: World, at: At, asked: str) -> None:
    service = world.service()
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    with world.here():
        piece = service.waybills.get()
        postal.note_number(Dispatch.objects.get(key=postal.order_key(piece)), NUMBER)
    assert f"/mail/pieces/{piece.id}/" in page(at(world.zhou), f"/mail/pieces/?q={asked}")


@pytest.mark.parametrize("asked", ["9999", "9" + NUMBER[-4:], NUMBER[-3:], "邓", "民初123", "（2026）川0191民初77号"])
def test_what_matches_nothing_says_how_to_ask(world: World, at: At, asked: str) -> None:
    printed(world)
    assert "没有找到" in page(at(world.zhou), f"/mail/pieces/?q={asked}")


def test_pieces_are_narrowed_by_where_they_are(world: World, at: At) -> None:
    piece, client = accepted(world), at(world.zhou)
    assert NUMBER in page(client, "/mail/pieces/?group=away")
    assert NUMBER not in page(client, "/mail/pieces/?group=room")
    assert NUMBER in page(client, f"/mail/pieces/?state={piece.state}&site=510107")
    assert NUMBER not in page(client, "/mail/pieces/?site=510108")


def test_the_list_is_exported_as_csv_with_masked_names_and_whole_numbers(world: World, at: At) -> None:
    printed(world)
    answer = at(world.zhou).get("/mail/pieces/?export=csv")
    text = answer.content.decode("utf-8-sig")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert text.splitlines()[0].startswith("邮件号,受送达人")
    assert f"\t{NUMBER},邓**" in text, "a spreadsheet must not round the number"


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    assert [inert(one) for one in ("=1+1", "@x", "-3", "普通", 7)] == ["\t=1+1", "\t@x", "\t-3", "普通", 7]


# ---- what comes back


def test_a_parcel_is_taken_in_by_form_and_the_shelf_stays_for_the_next(world: World, at: At) -> None:
    accepted(world)
    client = at(world.zhou)
    wrong = client.post("/mail/returns/take-in/", {"number": NUMBER, "because": "", "shelf": "A-09", "remark": ""})
    assert wrong.status_code == 422
    assert 'value="A-09"' in wrong.content.decode()
    client.post("/mail/returns/take-in/", {"number": NUMBER, "because": "refused", "shelf": "A-09", "remark": ""})
    with world.here():
        assert ReturnedPiece.objects.get().shelf == "A-09"
    assert 'value="A-09"' in page(client, "/mail/returns/")


def test_a_parcel_scanned_again_is_known_by_where_it_lies(world: World, at: At) -> None:
    accepted(world)
    client = at(world.zhou)
    assert "投递局还没有退回信息" in page(client, f"/mail/returns/known/?number={NUMBER}")
    client.post("/mail/returns/take-in/", {"number": NUMBER, "because": "refused", "shelf": "A-03"})
    known = page(client, f"/mail/returns/known/?number={NUMBER}")
    assert "已由周岚入库，在 A-03，不用再登记" in known
    assert 'data-because=""' in known


def test_a_parcel_is_moved_to_another_shelf_on_the_page(world: World, at: At) -> None:
    piece, client = accepted(world), at(world.zhou)
    client.post("/mail/returns/take-in/", {"number": NUMBER, "because": "refused", "shelf": "A-09", "remark": ""})
    client.post(f"/mail/returns/{piece.id}/move/", {"shelf": "B-02"})
    assert "B-02" in page(client, "/mail/returns/")


def test_giving_back_goes_over_a_list_of_its_own(world: World, at: At) -> None:
    client = at(world.zhou)
    client.post("/mail/lists/open/", {})
    with world.here():
        assert Manifest.objects.get().kind == "to_court"
