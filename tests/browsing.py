"""A real browser for tests: Debian's Chromium, held to the rules of every page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cast import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ASSETS = Path(__file__).parents[1] / "build" / "assets"
AXE = ASSETS / "tests" / "axe.min.js"
WIDTHS = (1440, 1024, 360)
RULES = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")

# What a module of browser tests is marked with.
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core: run `songda assets` first"),
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, for which Django would refuse the database."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A page is drawn and a paper set while somebody waits: on a busy machine that takes its time.
    expect.set_options(timeout=30_000)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def window(browser: Browser, base_url: str, **otherwise: Any) -> Iterator[Page]:
    """A window in which a script error or a breach of what may run fails the test."""
    context = browser.new_context(
        **{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": base_url, **otherwise}
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert troubles == []


def log_in(page: Page, username: str) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()
    page.wait_for_load_state()


def against_axe(page: Page) -> list[str]:
    """What axe-core finds on the page, best practice included; nothing is overlooked for being small."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {list(RULES)}}})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def wider_than(page: Page, *widths: int) -> list[int]:
    """The widths at which the page runs over the edge."""
    over = []
    for width in widths or WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            over.append(width)
    return over
