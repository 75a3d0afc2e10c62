"""The counter in a real browser: the officer's keys, a tablet at 1024, a name drawn with a finger, axe on each page."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.engine.counter import handing
from songda.filing.models import Service
from songda.methods.models import Attendance, Paper
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, chromium, log_in, wider_than, window
from tests.cast import DENG, World

pytestmark = IN_A_BROWSER
OWN, OTHER = "510107198001010312", "510104197606066673"
TABLET = {"width": 1024, "height": 768}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    """周岚 of the post sits at the window; the screen is a tablet that can be turned round."""
    with window(browser, live_server.url, viewport=TABLET, has_touch=True) as page:
        log_in(page, "zhou")
        yield page


def look_at(page: Page, name: str) -> list[str]:
    """What is wrong with the page once it stands, at three widths and to axe."""
    page.wait_for_load_state()
    wrong = [f"{name} is wider than {width}" for width in wider_than(page)]
    if pictures := os.environ.get("SONGDA_PICTURES"):
        for width in (1440, 1024, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{pictures}/counter-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": TABLET["width"], "height": TABLET["height"]})
    return wrong + [f"{name}: {one}" for one in against_axe(page)]


def draw(page: Page) -> None:
    """A finger on the glass, as the browser's own touch events."""
    canvas = page.locator("#canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in at]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for start in (60.0, 200.0, 340.0):
        touch("touchStart", (start, 60.0))
        for step in range(1, 14):
            touch("touchMove", (start + step * 7, 60.0 + (step % 5) * 30))
        touch("touchEnd")


def fill_in(page: Page, **otherwise: str) -> None:
    page.get_by_label("证件上的姓名").fill(otherwise.get("name", "邓春生"))
    page.get_by_label("证件号码", exact=False).last.fill(otherwise.get("id_number", OWN))
    page.get_by_label("已当面核对证件原件").check()


def test_from_the_word_to_the_signature_without_a_mouse(world: World, desk: Page) -> None:
    service = world.service()
    desk.keyboard.press("g")
    desk.keyboard.press("k")
    expect(desk.get_by_role("heading", name="窗口", level=1)).to_be_visible()
    assert desk.evaluate("document.activeElement.name") == "said", "a scanner may fire at once"
    desk.keyboard.type("邓春生")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="等待领取的文书")).to_be_visible()
    fill_in(desk)
    desk.locator("#id_id_number").press("Enter")
    expect(desk.get_by_role("link", name="请来人签名")).to_be_visible()
    desk.locator("main").focus()
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", name="请核对文书，然后签名")).to_be_visible()
    draw(desk)
    desk.get_by_role("button", name="签名，领取文书").click()
    expect(desk.get_by_role("heading", name="已经签收")).to_be_visible()
    expect(desk.get_by_text("2026年3月2日").first).to_be_visible()
    assert world.read(service).result == "served"


def test_an_empty_field_is_not_sent_and_a_line_can_be_drawn_anew(world: World, desk: Page) -> None:
    service = world.service()
    desk.goto(f"/counter/people/{service.party_id}/")
    fill_in(desk)
    desk.get_by_role("button", name="核对无误，继续").click()
    desk.get_by_role("link", name="请来人签名").click()
    desk.get_by_role("button", name="签名，领取文书").click()
    expect(desk.get_by_text("请先在方框内手写签名。")).to_be_visible()
    draw(desk)
    desk.get_by_role("button", name="清除重写").click()
    desk.get_by_role("button", name="签名，领取文书").click()
    expect(desk.get_by_text("请先在方框内手写签名。")).to_be_visible()
    assert "receipt.signed" not in world.facts(service)


def test_an_address_is_read_as_it_is_typed_and_signed_on_the_tablet(world: World, desk: Page) -> None:
    service = world.service()
    desk.goto(f"/counter/people/{service.party_id}/")
    fill_in(desk)
    desk.get_by_role("button", name="核对无误，继续").click()
    desk.get_by_role("link", name="确认送达地址").click()
    desk.get_by_label("收件地址").fill("四川省成都市锦江区红星路三段1号2栋3单元405室")
    desk.get_by_label("收件地址").press("Tab")
    expect(desk.get_by_text("可以投递")).to_be_visible()
    desk.get_by_label("联系电话").fill("13900000009")
    desk.get_by_label("同意", exact=True).check()
    wrong = look_at(desk, "address")
    desk.get_by_role("button", name="填好了，请来人核对签名").click()
    expect(desk.get_by_role("heading", name="请核对您的送达地址，然后签名")).to_be_visible()
    wrong += look_at(desk, "address-tablet")
    draw(desk)
    desk.get_by_role("button", name="签名，确认以上内容").click()
    expect(desk.get_by_text("送达地址确认书已签名入卷")).to_be_visible()
    with world.here():
        assert Paper.objects.filter(kind="confirmation").count() == 1
    assert wrong == []


def _states(world: World, desk: Page) -> Iterator[str]:
    """Each page of the counter with something on it, one after the other."""
    service = world.service()
    other = world.service(replace(DENG, name="邓秋生", id_number=OTHER, phone=""), case_number="（2026）川0191民初88号")
    with world.here():
        handing.appoint(world.read(other), world.zhou, handing.keep_until(world.read(other)))
    desk.goto("/counter/")
    yield "look"
    desk.locator(".look__box").fill("查无此人")
    desk.locator(".look__box").press("Enter")
    expect(desk.get_by_text("没有找到这个人的文书")).to_be_visible()
    yield "nobody"
    desk.goto(f"/counter/people/{service.party_id}/")
    yield "person"
    fill_in(desk, id_number="510107198001010313")
    desk.get_by_role("button", name="核对无误，继续").click()
    expect(desk.get_by_role("alert")).to_contain_text("校验码")
    yield "person-wrong"
    yield from _at_the_counter(world, desk, service)
    desk.goto(f"/counter/services/{other.pk}/appoint/")
    yield "appoint"
    desk.goto("/counter/scans/")
    yield "scans"
    desk.goto("/counter/day/")
    yield "day"
    desk.goto("/counter/day/?day=2026-02-01")
    yield "day-empty"


def _at_the_counter(world: World, desk: Page, service: Service) -> Iterator[str]:
    desk.goto(f"/counter/people/{service.party_id}/")
    fill_in(desk)
    desk.get_by_role("button", name="核对无误，继续").click()
    expect(desk.get_by_role("link", name="请来人签名")).to_be_visible()
    yield "attendance"
    with world.here():
        home = f"/counter/attendances/{Attendance.objects.get().pk}/"
    desk.goto(f"{home}refuse/")
    yield "refuse"
    desk.goto(f"{home}sign/")
    yield "tablet"
    draw(desk)
    desk.get_by_role("button", name="签名，领取文书").click()
    expect(desk.get_by_role("heading", name="已经签收")).to_be_visible()
    yield "tablet-done"
    desk.goto(home)
    yield "done"


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(world: World, desk: Page) -> None:
    wrong = [one for name in _states(world, desk) for one in look_at(desk, name)]
    assert wrong == []
