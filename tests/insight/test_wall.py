"""The wall and the boards in a real browser: nothing runs over the edge, charts are drawn, and changes come by
themselves."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from songda.courts.actions import enrol
from songda.insight import worker
from tests import cast
from tests.cast import DENG, World
from tests.insight.days import NO_PHONE, by_phone, fold_all

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
WEB = Path(__file__).parents[2] / "build" / "assets"
AXE = WEB / "tests" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core: run `songda assets` first"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would refuse the database for it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def busy(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["manager", "post_manager"])
    by_phone(world, 1)
    world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    fold_all()
    return world


@pytest.fixture
def page(busy: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A window in which 白 is logged in. A script error or a broken rule of what may run fails the test."""
    client = Client()
    client.force_login(busy.bai, backend="django.contrib.auth.backends.ModelBackend")
    window = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url)
    window.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = window.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    asked: set[Request] = set()

    def begun(one: Request) -> None:
        asked.add(one)

    def ended(one: Request) -> None:
        asked.discard(one)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    yield page
    # The boards go on asking; what is still being answered would stand in the way of emptying the tables.
    page.route("**/*", lambda route: route.abort())
    while any("/boards/" in one.url for one in asked):
        page.wait_for_timeout(50)
    window.close()
    assert troubles == []


def look(page: Page, path: str, width: int, height: int = 1080) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    expect(page.locator("[data-chart] canvas").first).to_be_visible(timeout=20_000)


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [one["id"] for one in found["violations"] if one["impact"] in {"serious", "critical"}]


def test_the_wall_is_one_screen_with_every_chart_drawn(page: Page) -> None:
    look(page, "/boards/both/wall/", 1920)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1920,
        1080,
    ]
    charts = page.locator("[data-chart]").count()
    expect(page.locator("[data-chart] canvas")).to_have_count(charts, timeout=20_000)
    assert serious(page) == []


@pytest.mark.parametrize("width", [1440, 1024, 360])
def test_a_board_fits_every_width_and_axe_finds_nothing_serious(page: Page, width: int) -> None:
    look(page, "/boards/both/", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page) == []


def test_the_catalogue_and_a_list_have_nothing_serious_either(page: Page) -> None:
    for path in ("/boards/both/indicators/", "/boards/both/indicators/electronic_rate/", "/boards/both/table/methods/"):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert serious(page) == [], path


def test_a_change_comes_to_the_wall_by_itself(page: Page, busy: World) -> None:
    look(page, "/boards/both/wall/", 1920)
    number = page.locator("[data-top='今日受理任务']")
    expect(number).to_have_text("2")
    stop = threading.Event()
    folding = threading.Thread(target=worker.run, args=(stop,))
    folding.start()
    try:
        busy.service(DENG, case_number="（2026）川0191民初3号")
        expect(number).to_have_text("3", timeout=15_000)
    finally:
        stop.set()
        folding.join()
