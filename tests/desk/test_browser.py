"""The desk in a real browser: dragging, keys, three widths, no script, and axe-core on every page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import enrol
from songda.engine.performing import open_work
from songda.filing.models import Order
from tests import cast
from tests.browsing import ASSETS, IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import DENG, World
from tests.desk.test_hand_over import COMPLAINT, SUMMONS

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["manager", "clerk", "mail", "field", "electronic"])
    return world


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A window in which 白, who may go everywhere, is logged in."""
    with window(browser, live_server.url) as page:
        log_in(page, "bai")
        yield page


def _files(folder: Path) -> list[str]:
    for name, text in (("起诉状.pdf", COMPLAINT), ("传票.pdf", SUMMONS)):
        (folder / name).write_bytes(cast.pdf(text))
    return [str(folder / "起诉状.pdf"), str(folder / "传票.pdf")]


def _places(world: World) -> dict[str, str]:
    """Every page of the desk, with something on it."""
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.printed(service)
    with world.here():
        item = open_work(service, "decide", "test", reason="各种方式均未能送达")
    done = world.service(replace(DENG, phone=""), case_number="（2026）川0191民初9号")
    world.later(minutes=11)
    world.mailed(done, "self")
    pages = (
        "work-items",
        "orders",
        "hand-over",
        "hand-over/sheet",
        "approvals",
        "calls",
        "mail",
        "visits",
        "policy",
        "password",
    )
    return {name: f"/{name}/" for name in pages} | {
        "order": f"/orders/{service.order_id}/",
        "service": f"/services/{service.pk}/",
        "served": f"/services/{done.pk}/",
        "act": f"/services/{service.pk}/do/collected/",
        "correction": f"/services/{service.pk}/do/correct/",
        "item": f"/work-items/{item.pk}/",
        "nothing found": "/orders/?q=没有这个人",
        "not found": "/no-such-page/",
    }


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(world: World, desk: Page) -> None:
    wrong: list[str] = []
    for name, url in _places(world).items():
        desk.goto(url)
        wrong += [f"{name} is wider than {width}" for width in wider_than(desk)]
        wrong += [f"{name}: {one}" for one in against_axe(desk)]
    assert wrong == []


def test_the_log_in_page_is_clean_too(world: World, browser: Browser, live_server: Any) -> None:
    with browser.new_page() as page:
        page.goto(f"{live_server.url}/login/")
        assert against_axe(page) == []
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("还不能提交")
        assert against_axe(page) == []


def test_a_case_is_handed_over_by_dropping_its_papers(world: World, desk: Page, tmp_path: Path) -> None:
    desk.goto("/hand-over/")
    desk.get_by_label("把案件材料拖到这里").set_input_files(_files(tmp_path))
    expect(desk.get_by_label("案号", exact=False).last).to_have_value("（2026）川0191民初1234号")
    desk.locator("select[name=procedure]").select_option("ordinary")
    desk.get_by_role("button", name="移交", exact=True).click()
    expect(desk.get_by_role("heading", name="（2026）川0191民初1234号")).to_be_visible()
    with world.here():
        assert Order.objects.count() == 1


def test_a_party_is_added_by_hand(world: World, desk: Page, tmp_path: Path) -> None:
    desk.goto("/hand-over/")
    desk.get_by_label("把案件材料拖到这里").set_input_files(_files(tmp_path))
    rows = desk.locator("#parties-rows > fieldset")
    expect(rows).to_have_count(2)
    desk.get_by_role("button", name="添加当事人").click()
    expect(rows).to_have_count(3)
    expect(desk.locator("input[name=parties-2-name]")).to_have_value("")


def test_without_a_script_a_case_is_handed_over_all_the_same(
    world: World, browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    window = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = window.new_page()
    log_in(page, "an")
    page.goto("/hand-over/")
    page.get_by_label("把案件材料拖到这里").set_input_files(_files(tmp_path))
    page.get_by_role("button", name="读取材料").click()
    page.locator("select[name=procedure]").select_option("ordinary")
    page.get_by_role("button", name="移交", exact=True).click()
    expect(page.get_by_role("heading", name="（2026）川0191民初1234号")).to_be_visible()
    window.close()


def test_keys_find_go_and_walk(world: World, desk: Page) -> None:
    world.hand_over()
    desk.goto("/work-items/")
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.name") == "q"
    desk.keyboard.type("1234")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="查找“1234”")).to_be_visible()
    desk.locator("main").focus()
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="（2026）川0191民初1234号")).to_be_visible()
    desk.locator("main").focus()
    desk.keyboard.press("g")
    desk.keyboard.press("w")
    expect(desk.get_by_role("heading", name="待办", level=1)).to_be_visible()


def test_a_question_mark_explains_the_keys(world: World, desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="键盘")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog", name="键盘")).to_be_hidden()


def test_a_masked_value_opens_in_its_place(world: World, desk: Page) -> None:
    service = world.service()
    desk.goto(f"/services/{service.pk}/")
    card = desk.locator(".card", has_text="受送达人").last
    card.get_by_text("看一眼").first.click()
    card.get_by_role("button", name="查看").first.click()
    expect(card.get_by_text("邓春生")).to_be_visible()
    assert desk.url.endswith(f"/services/{service.pk}/")


def test_words_are_drawn_with_the_chinese_web_font_where_it_is_there(world: World, desk: Page) -> None:
    if not (ASSETS / "web/fonts/noto-sans-sc/wght.css").exists():
        pytest.skip("no web font: run `songda assets` first")
    desk.evaluate("document.fonts.ready")
    assert desk.evaluate("[...document.fonts].some(face => face.status === 'loaded')")


def test_the_buttons_at_the_head_of_a_service_are_of_one_size(world: World, desk: Page) -> None:
    desk.goto(f"/services/{world.service().pk}/")
    boxes = [one.bounding_box() for one in desk.locator(".head .acts .button").all()]
    assert len({(round(box["y"]), round(box["height"])) for box in boxes if box}) == 1
    fold = desk.locator(".head summary.button")
    other = desk.locator(".head button.button")
    assert [one.evaluate("e => getComputedStyle(e).paddingLeft") for one in (fold, other)] == ["16px", "16px"]
