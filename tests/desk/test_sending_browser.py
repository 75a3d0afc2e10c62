"""What is sent from a page that lay open: nothing chosen or typed is lost, and an upload tells how far it is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from songda.courts.actions import enrol
from songda.filing.models import Order
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import World
from tests.desk.test_browser import _files
from tests.desk.test_hand_over import ROW, _sheet

pytestmark = IN_A_BROWSER
CASE = "（2026）川0191民初1234号"
SOME = range(0x6625, 0x6625 + 12)


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        log_in(page, "an")
        yield page


def _forget(page: Page) -> None:
    """The log-in ends, as after a night; the page does not know."""
    page.context.clear_cookies(name="sessionid")


def _kept(page: Page) -> Any:
    return page.get_by_role("dialog", name="还没有提交")


def _again_in_another_window(page: Page, username: str = "an") -> None:
    with page.expect_popup() as opened:
        _kept(page).get_by_role("link", name="在新窗口登录").click()
    other = opened.value
    log_in(other, username)
    other.close()
    page.bring_to_front()


def _look_over(page: Page, tmp_path: Path) -> None:
    page.goto("/hand-over/")
    page.get_by_label("把案件材料拖到这里").set_input_files(_files(tmp_path))
    expect(page.locator("input[name=number]")).to_have_value(CASE)
    page.locator("select[name=procedure]").select_option("ordinary")


def test_files_chosen_before_the_log_in_ended_are_read_after_the_next_one(
    world: World, desk: Page, tmp_path: Path
) -> None:
    desk.goto("/hand-over/")
    _forget(desk)
    desk.get_by_label("把案件材料拖到这里").set_input_files(_files(tmp_path))
    expect(_kept(desk)).to_contain_text("请重新登录")
    assert against_axe(desk) == []
    assert wider_than(desk) == []
    _again_in_another_window(desk)
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(desk.locator("input[name=number]")).to_have_value(CASE)


def test_what_was_typed_is_handed_over_after_the_next_log_in(world: World, desk: Page, tmp_path: Path) -> None:
    _look_over(desk, tmp_path)
    desk.get_by_label("备注").fill("请先打电话")
    _forget(desk)
    desk.get_by_role("button", name="移交", exact=True).click()
    expect(_kept(desk)).to_contain_text("请重新登录")
    _again_in_another_window(desk)
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(desk.get_by_role("heading", name=CASE)).to_be_visible()
    with world.here():
        assert Order.objects.get().note == "请先打电话"


def test_who_looks_again_before_logging_in_is_told_again(world: World, desk: Page, tmp_path: Path) -> None:
    _look_over(desk, tmp_path)
    _forget(desk)
    desk.get_by_role("button", name="移交", exact=True).click()
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(_kept(desk)).to_contain_text("请重新登录")
    desk.keyboard.press("Escape")
    expect(desk.locator("input[name=number]")).to_have_value(CASE)


def test_nobody_sends_in_the_name_of_who_opened_the_page(world: World, desk: Page, tmp_path: Path) -> None:
    enrol(world.bai, world.court, ["clerk"])
    _look_over(desk, tmp_path)
    _forget(desk)
    desk.get_by_role("button", name="移交", exact=True).click()
    _again_in_another_window(desk, "bai")
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(_kept(desk)).to_contain_text("现在登录的是另一个人")
    with world.here():
        assert not Order.objects.exists()


def test_a_line_that_is_down_keeps_what_was_typed(world: World, desk: Page, tmp_path: Path) -> None:
    _look_over(desk, tmp_path)
    desk.context.set_offline(True)
    desk.get_by_role("button", name="移交", exact=True).click()
    expect(_kept(desk)).to_contain_text("连不上平台")
    desk.context.set_offline(False)
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(desk.get_by_role("heading", name=CASE)).to_be_visible()


def test_pressed_twice_at_once_it_is_sent_once(world: World, desk: Page, tmp_path: Path) -> None:
    _look_over(desk, tmp_path)
    desk.get_by_role("button", name="移交", exact=True).dblclick()
    expect(desk.get_by_role("heading", name=CASE)).to_be_visible()
    with world.here():
        assert Order.objects.count() == 1


class _Line:
    """The window's way to the platform, made slow. One session: each keeps its own limit, and the lowest counts."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")

    def upload_at(self, bytes_a_second: int) -> None:
        given = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        self._session.send("Network.emulateNetworkConditions", given)


def _large(tmp_path: Path) -> list[str]:
    """Three megabytes: the papers, and a third that is refused for what it is."""
    (tmp_path / "附件.wps").write_bytes(bytes(3 * 2**20))
    return [*_files(tmp_path), str(tmp_path / "附件.wps")]


def test_a_large_upload_tells_what_is_there_and_how_long_it_takes(world: World, desk: Page, tmp_path: Path) -> None:
    desk.goto("/hand-over/")
    line = _Line(desk)
    line.upload_at(100_000)
    desk.get_by_label("把案件材料拖到这里").set_input_files(_large(tmp_path))
    expect(desk.get_by_text(re.compile(r"已上传 \d+\.\d MB，共 3\.\d MB，大约还要 \d+ 秒"))).to_be_visible()
    assert 0 < float(str(desk.get_by_label("上传进度").get_attribute("value"))) < 3.5 * 2**20
    assert wider_than(desk) == []
    line.upload_at(-1)
    expect(desk.locator("input[name=number]")).to_have_value(CASE)
    expect(desk.get_by_text("附件.wps 没有收下")).to_be_visible()


def test_a_stopped_upload_leaves_the_files_chosen(world: World, desk: Page, tmp_path: Path) -> None:
    desk.goto("/hand-over/")
    line = _Line(desk)
    line.upload_at(100_000)
    desk.get_by_label("把案件材料拖到这里").set_input_files(_large(tmp_path))
    desk.get_by_role("button", name="停止上传").click()
    expect(desk.get_by_label("上传进度")).to_have_count(0)
    expect(desk.locator(".drop__files li")).to_have_count(3)
    line.upload_at(-1)
    desk.get_by_role("button", name="读取材料").click()
    expect(desk.locator("input[name=number]")).to_have_value(CASE)


def test_going_back_from_what_was_read_shows_the_empty_page(world: World, desk: Page, tmp_path: Path) -> None:
    desk.on("dialog", Dialog.accept)
    _look_over(desk, tmp_path)
    desk.go_back()
    expect(desk.get_by_role("heading", name="移交委托", level=1)).to_be_visible()
    expect(desk.locator(".drop__files li")).to_have_count(0)


def test_a_sheet_that_is_refused_leaves_its_papers_chosen(world: World, desk: Page, tmp_path: Path) -> None:
    (tmp_path / "委托.xlsx").write_bytes(b"no sheet at all")
    desk.goto("/hand-over/sheet/")
    desk.get_by_label("填好的表格").set_input_files(str(tmp_path / "委托.xlsx"))
    desk.get_by_label("表中写到的文书").set_input_files(_files(tmp_path))
    desk.get_by_role("button", name="检查并移交").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    assert desk.get_by_label("表中写到的文书").evaluate("field => field.files.length") == 2
    assert desk.get_by_label("填好的表格").evaluate("field => field.files.length") == 0


def test_a_good_sheet_tells_its_progress_and_its_end(world: World, desk: Page, tmp_path: Path) -> None:
    (tmp_path / "委托.xlsx").write_bytes(_sheet(*[ROW | {"recipient_name": f"邓{n:c}"} for n in SOME]).read())
    desk.goto("/hand-over/sheet/")
    desk.get_by_label("填好的表格").set_input_files(str(tmp_path / "委托.xlsx"))
    desk.get_by_label("表中写到的文书").set_input_files(_files(tmp_path)[:1])
    desk.get_by_role("button", name="检查并移交").click()
    expect(desk.get_by_text("已移交 12 行，合为 1 件委托")).to_be_visible()
    expect(desk.locator("progress:visible")).to_have_count(0)
    with world.here():
        assert Order.objects.count() == 1


def test_a_note_typed_before_the_log_in_ended_is_said_after_the_next_one(world: World, desk: Page) -> None:
    service = world.service()
    desk.goto(f"/liaison/service/{service.pk}/")
    desk.get_by_label("留言", exact=True).last.fill("被告已搬家")
    _forget(desk)
    desk.get_by_role("button", name="发送").click()
    expect(_kept(desk)).to_contain_text("请重新登录")
    _again_in_another_window(desk)
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(desk.locator(".note__text")).to_have_text(["被告已搬家"])
    expect(desk.locator("#composer textarea")).to_have_value("")


def test_a_note_that_could_not_be_sent_outlives_a_reload(world: World, desk: Page) -> None:
    service = world.service()
    desk.on("dialog", Dialog.accept)
    desk.goto(f"/liaison/service/{service.pk}/")
    desk.get_by_label("留言", exact=True).last.fill("被告已搬家")
    _forget(desk)
    desk.keyboard.press("Control+Enter")
    _again_in_another_window(desk)
    desk.reload()
    expect(desk.get_by_label("留言", exact=True).last).to_have_value("被告已搬家")


def test_a_name_asked_for_after_the_log_in_ended_is_shown_after_the_next_one(world: World, desk: Page) -> None:
    service = world.service()
    desk.goto(f"/services/{service.pk}/")
    desk.get_by_text("看一眼").first.click()
    _forget(desk)
    desk.get_by_role("button", name="查看").first.click()
    expect(_kept(desk)).to_contain_text("请重新登录")
    expect(desk.get_by_label("密码")).to_have_count(0)
    _again_in_another_window(desk)
    _kept(desk).get_by_role("button", name="继续提交").click()
    expect(desk.get_by_text("邓春生").first).to_be_visible()


def test_a_page_that_asks_again_and_again_tells_the_ended_log_in_once(world: World, desk: Page) -> None:
    desk.goto("/liaison/")
    _forget(desk)
    expect(desk.get_by_text("登录已经过期或者退出，这一页不再更新")).to_be_visible()
    with desk.expect_response(re.compile("/liaison/")), desk.expect_response(re.compile("/liaison/")):
        pass
    expect(desk.get_by_text("登录已经过期或者退出，这一页不再更新")).to_have_count(1)
    expect(desk.get_by_role("heading", name="联络", level=1)).to_be_visible()
    assert against_axe(desk) == []
    assert wider_than(desk) == []
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="在新窗口登录").click()
    log_in(opened.value, "an")
    opened.value.close()
    desk.bring_to_front()
    expect(desk.get_by_text("登录已经过期或者退出，这一页不再更新")).to_have_count(0)


def test_a_platform_that_does_not_answer_for_a_while_is_told_once(world: World, desk: Page) -> None:
    desk.goto("/liaison/")
    desk.context.set_offline(True)
    expect(desk.get_by_text("连不上平台，这一页的内容不是最新的")).to_have_count(1)
    desk.context.set_offline(False)
    expect(desk.get_by_text("连不上平台，这一页的内容不是最新的")).to_have_count(0)
