"""The mail room in a real browser: a scanner that types and presses Enter, receipts dragged in, a parcel taken in."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from songda.courts.actions import enrol
from songda.courts.models import PrintSite
from songda.engine.mail import lists, receipts, returns
from songda.engine.mail.receipts import File
from songda.engine.mail.returns import Return
from songda.gateways import switchboard
from songda.methods import postal
from songda.methods.mailroom import Batch, MailScan, Manifest, ReturnedPiece
from tests import cast
from tests.browsing import IN_A_BROWSER, WIDTHS, against_axe, log_in, wider_than, window
from tests.cast import World
from tests.desk.mail_hands import NUMBER, OTHER_NUMBER, again, close, enlist, facts, printed, sealed, state
from tests.desk.receipts import a_receipt, soft

pytestmark = IN_A_BROWSER
# Names a folder in which pictures of the pages are kept, to be looked at.
PICTURES = os.environ.get("SONGDA_PICTURES", "")


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.zhou, world.court, ["post_manager"])
    return world


@pytest.fixture
def room(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        log_in(page, "zhou")
        yield page
        # What the page still asks for ends before the tables are emptied.
        page.goto("/login/")
        page.wait_for_load_state("networkidle")


def scans(page: Page, text: str) -> None:
    """A scanner is a keyboard in a hurry: it types into whatever has the focus and presses Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def batch_page(world: World, do: str) -> str:
    with world.here():
        return f"/mail/batches/{Batch.objects.get().id}/?do={do}"


def test_from_the_first_scan_to_the_list_in_both_hands(world: World, room: Page) -> None:
    piece = printed(world)
    verdict = room.locator("[data-verdict]")
    room.goto(batch_page(world, "count"))
    scans(room, NUMBER)
    scans(room, str(piece.pages))
    expect(verdict).to_contain_text("核页相符")
    room.goto(batch_page(world, "seal"))
    scans(room, NUMBER)
    expect(verdict).to_contain_text("已封装")
    room.get_by_role("button", name="交接邮政").click()
    expect(room.get_by_role("heading", name="缺少 1 件")).to_be_visible()
    expect(room.locator("#scan")).to_be_focused()
    scans(room, NUMBER)
    expect(verdict).to_contain_text("已列入清单")
    expect(room.get_by_role("heading", name="缺少 1 件")).to_be_hidden()
    room.get_by_label("接收人姓名").fill("揽投员郭平")
    room.get_by_role("button", name="交接 1 件").click()
    expect(room.get_by_text("已交接 1 件")).to_be_visible()
    paper = room.request.get(room.get_by_role("link", name="清单 PDF").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF-")
    assert state(world, piece) == "handed_over"
    with world.here():
        assert Manifest.objects.get().taken_by == "揽投员郭平"


def test_the_field_is_ready_after_every_scan_and_wherever_one_clicked(world: World, room: Page) -> None:
    printed(world)
    room.goto(batch_page(world, "seal"))
    expect(room.locator("#scan")).to_be_focused()
    scans(room, NUMBER)
    expect(room.locator("[data-verdict]")).to_contain_text("还没有核页")
    expect(room.locator("#scan")).to_be_focused()
    room.get_by_role("heading", level=1).click()
    scans(room, NUMBER)
    expect(room.locator("[data-log] li")).to_have_count(2)


def test_a_verdict_is_told_at_once_to_who_does_not_look(world: World, room: Page) -> None:
    printed(world)
    room.goto(batch_page(world, "seal"))
    scans(room, "1000000000009")
    verdict = room.get_by_role("status").filter(has_text="本院没有这个邮件号")
    expect(verdict).to_have_attribute("aria-live", "assertive")
    expect(verdict).to_have_class("verdict verdict--danger")
    expect(room.get_by_label("朗读结果")).to_be_checked()


def test_wrong_pages_are_shown_large_and_in_the_table(world: World, room: Page) -> None:
    piece = printed(world)
    room.goto(batch_page(world, "count"))
    scans(room, NUMBER)
    scans(room, str(piece.pages + 1))
    expect(room.locator("[data-verdict]")).to_contain_text(f"应有 {piece.pages} 页，清点 {piece.pages + 1} 页")
    expect(room.get_by_role("table").get_by_text(f"{piece.pages + 1} 不符")).to_be_visible()
    expect(room.get_by_role("link", name="核页不符")).to_be_visible()


def test_a_label_scanned_where_sheets_are_asked_is_the_next_piece_and_the_other_is_named(
    world: World, room: Page
) -> None:
    printed(world)
    room.goto(batch_page(world, "count"))
    scans(room, NUMBER)
    scans(room, OTHER_NUMBER)
    expect(room.locator("[data-verdict]")).to_contain_text("没有填张数，没有登记")
    expect(room.locator("#scan")).to_have_value(OTHER_NUMBER)


def test_a_wrong_label_is_told_before_its_sheets_are_counted(world: World, room: Page) -> None:
    piece = printed(world)
    room.goto(batch_page(world, "count"))
    for wrong, why in ((OTHER_NUMBER, "本院没有这个邮件号"), ("HELLO", "不是邮件号")):
        scans(room, wrong)
        expect(room.locator("[data-verdict]")).to_contain_text(why)
        expect(room.locator("#scan")).to_be_focused()
        expect(room.locator("#scan")).to_have_value("")
    scans(room, NUMBER)
    expect(room.get_by_label("清点张数")).to_be_focused()
    scans(room, str(piece.pages))
    expect(room.locator("[data-verdict]")).to_contain_text("核页相符")


def test_scans_made_while_the_wire_is_down_are_sent_when_it_is_back(world: World, room: Page) -> None:
    piece = sealed(world)
    sealed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    with world.here():
        manifest = lists.open_list(world.zhou, world.court, PrintSite.objects.get())
    room.goto(f"/mail/lists/{manifest.id}/")

    def down(route: Route) -> None:
        route.abort()

    room.route("**/scan/", down)
    scans(room, NUMBER)
    scans(room, OTHER_NUMBER)
    expect(room.locator("[data-left]")).to_contain_text("有 2 次扫描还没有送出")
    room.reload()
    room.unroute("**/scan/", down)
    expect(room.locator("[aria-labelledby=listed]").get_by_role("link", name=OTHER_NUMBER)).to_be_visible()
    with world.here():
        assert again(world, piece).manifest_id == manifest.id
        assert MailScan.objects.filter(verdict="listed").count() == 2


def test_the_carrier_is_asked_about_the_row_that_is_walked_to_and_no_other(
    world: World, room: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_SANDBOX_URL", "http://127.0.0.1:9")
    switchboard.forget()
    first, second = sealed(world), sealed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    for piece in (first, second):
        world.tell(piece.service, "mail.accepted", **postal.about(piece))
        world.later(minutes=1)
    room.goto("/mail/silent/")
    room.keyboard.press("c")
    expect(room.get_by_role("heading", name="久无信息")).to_be_visible()
    room.keyboard.press("j")
    room.keyboard.press("j")
    room.keyboard.press("c")
    expect(room.get_by_text("投递局现在没有答复")).to_be_visible()
    switchboard.forget()
    assert [len(facts(world, piece, "mail.looked_up")) for piece in (first, second)] == [0, 1]


def test_receipts_are_dragged_in_and_what_is_unclear_is_typed(world: World, room: Page) -> None:
    piece = sealed(world)
    world.later(days=1)
    world.tell(piece.service, "mail.delivered", signer="self", id_number_given=True, **postal.about(piece))
    room.goto("/mail/receipts/")
    room.get_by_label("把图片或者 PDF 拖到这里").set_input_files(
        [
            {"name": "模糊.png", "mimeType": "image/png", "buffer": soft(NUMBER, 14)},
            {"name": "清单.exe", "mimeType": "image/png", "buffer": b"MZ\x90\x00"},
        ]
    )
    room.get_by_role("button", name="上传并识别").click()
    expect(room.get_by_text("不是图片或者 PDF 文件")).to_be_visible()
    unclear = room.get_by_role("article")
    expect(unclear).to_contain_text("没有读出条码")
    unclear.get_by_label("邮件号").fill("XA123456784CN")
    unclear.get_by_role("button", name="归入这件邮件").click()
    expect(room.get_by_role("link", name="邮件号：校验位不对")).to_be_visible()
    room.locator("main").get_by_label("邮件号").fill(NUMBER)
    room.get_by_role("button", name="归入这件邮件").click()
    expect(room.get_by_text(f"已归入邮件 {NUMBER}")).to_be_visible()
    assert len(facts(world, piece, "mail.receipt_scanned")) == 1


def test_a_receipt_with_a_barcode_needs_nobody(world: World, room: Page) -> None:
    piece = sealed(world)
    world.tell(piece.service, "mail.delivered", signer="self", id_number_given=True, **postal.about(piece))
    room.goto("/mail/receipts/")
    image = {"name": "回执.png", "mimeType": "image/png", "buffer": a_receipt(NUMBER)}
    room.get_by_label("把图片或者 PDF 拖到这里").set_input_files([image])
    room.get_by_role("button", name="上传并识别").click()
    expect(room.locator("[aria-labelledby=brought]")).to_contain_text("已入档")
    assert len(facts(world, piece, "mail.receipt_scanned")) == 1


def test_a_parcel_comes_back_is_shelved_and_goes_to_the_court(world: World, room: Page) -> None:
    piece = sealed(world)
    world.tell(piece.service, "mail.returned", because="untraceable", **postal.about(piece))
    room.goto("/mail/returns/")
    scans(room, NUMBER)
    expect(room.get_by_text("投递局的退回原因")).to_be_visible()
    expect(room.get_by_label("退回原因")).to_have_value("untraceable")
    room.get_by_label("存放位置").fill("A-03")
    room.get_by_role("button", name="入库", exact=True).click()
    expect(room.get_by_role("table").get_by_text("A-03")).to_be_visible()
    expect(room.get_by_text("与投递局信息一致")).to_be_visible()
    room.get_by_role("button", name="交还法院").click()
    expect(room.get_by_role("heading", name="退件交还清单")).to_be_visible()
    expect(room.locator("#scan")).to_be_focused()
    scans(room, NUMBER)
    expect(room.locator("[data-verdict]")).to_contain_text("已列入清单")
    room.get_by_label("接收人姓名").fill("安雨")
    room.get_by_role("button", name="交接 1 件").click()
    expect(room.get_by_text("已交接 1 件")).to_be_visible()
    with world.here():
        assert ReturnedPiece.objects.get().given_back_at is not None


def _places(world: World) -> dict[str, str]:
    """Every page of the zone with something on it."""
    gone, waiting = sealed(world), printed(world, OTHER_NUMBER, "（2026）川0191民初9号")
    with world.here():
        manifest = lists.open_list(world.zhou, world.court, PrintSite.objects.get())
    enlist(world, manifest, NUMBER)
    closed = close(world, manifest)
    with world.here():
        again_open = lists.open_list(world.zhou, world.court, PrintSite.objects.get())
    third = sealed(world, "1093847561777", "（2026）川0191民初11号")
    enlist(world, again_open, OTHER_NUMBER)
    enlist(world, again_open, "1000000000009")
    world.tell(gone.service, "mail.accepted", **postal.about(gone))
    back = sealed(world, "1093847561888", "（2026）川0191民初12号")
    world.tell(back.service, "mail.returned", because="refused", **postal.about(back))
    with world.here():
        seen = Return("untraceable", "A-03", "封面写迁移新址不明", a_receipt(back.number))
        returns.take_in(world.zhou, world.court, back.number, seen)
        files = [File("第一张.png", a_receipt(NUMBER)), File("看不清.png", soft(NUMBER, 14))]
        receipts.bring(world.zhou, world.court, files)
    world.later(days=6)
    with world.here():
        batch = Batch.objects.get()
    return {
        "mail": "/mail/",
        "count": f"/mail/batches/{batch.id}/?do=count",
        "seal": f"/mail/batches/{batch.id}/?do=seal",
        "lists": "/mail/lists/",
        "open list": f"/mail/lists/{again_open.id}/",
        "closed list": f"/mail/lists/{closed.id}/",
        "returns": "/mail/returns/",
        "receipts": "/mail/receipts/",
        "silent": "/mail/silent/",
        "pieces": "/mail/pieces/",
        "nothing found": "/mail/pieces/?q=9999",
        "piece gone": f"/mail/pieces/{gone.id}/",
        "piece waiting": f"/mail/pieces/{waiting.id}/",
        "piece missing": f"/mail/pieces/{third.id}/",
        "piece back": f"/mail/pieces/{back.id}/",
    }


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(world: World, room: Page) -> None:
    wrong: list[str] = []
    for name, url in _places(world).items():
        room.goto(url)
        wrong += [f"{name} is wider than {width}" for width in wider_than(room)]
        wrong += [f"{name}: {one}" for one in against_axe(room)]
        for width in WIDTHS if PICTURES else ():
            room.set_viewport_size({"width": width, "height": 900})
            room.screenshot(path=f"{PICTURES}/{name} {width}.png", full_page=True)
    assert wrong == []
