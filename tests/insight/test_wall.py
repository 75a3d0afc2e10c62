"""The wall and the boards in a real browser: nothing runs over the edge, charts are drawn, and changes come by
themselves."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Request, expect

from songda.courts.actions import enrol
from songda.insight import worker
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, window
from tests.cast import DENG, World
from tests.insight.days import NO_PHONE, by_phone, fold_all

pytestmark = IN_A_BROWSER


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
    """A window in which 白 is logged in."""
    client = Client()
    client.force_login(busy.bai, backend="django.contrib.auth.backends.ModelBackend")
    asked: set[Request] = set()

    def begun(one: Request) -> None:
        asked.add(one)

    def ended(one: Request) -> None:
        asked.discard(one)

    with window(browser, live_server.url) as page:
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.on("request", begun)
        page.on("requestfinished", ended)
        page.on("requestfailed", ended)
        yield page
        # The boards go on asking; what is still being answered would stand in the way of emptying the tables.
        page.route("**/*", lambda route: route.abort())
        while any("/boards/" in one.url for one in asked):
            page.wait_for_timeout(50)


def look(page: Page, path: str, width: int, height: int = 1080) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    expect(page.locator("[data-chart] canvas").first).to_be_visible(timeout=20_000)


def test_the_wall_is_one_screen_with_every_chart_drawn(page: Page) -> None:
    look(page, "/boards/both/wall/", 1920)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1920,
        1080,
    ]
    charts = page.locator("[data-chart]").count()
    expect(page.locator("[data-chart] canvas")).to_have_count(charts, timeout=20_000)
    assert against_axe(page) == []


@pytest.mark.parametrize("width", [1440, 1024, 360])
def test_a_board_fits_every_width_and_axe_finds_nothing_serious(page: Page, width: int) -> None:
    look(page, "/boards/both/", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert against_axe(page) == []


def test_the_catalogue_and_a_list_have_nothing_serious_either(page: Page) -> None:
    for path in ("/boards/both/indicators/", "/boards/both/indicators/electronic_rate/", "/boards/both/table/methods/"):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert against_axe(page) == [], path


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
