"""Takes the README's pictures from a running demonstration: `python docs/pictures/take.py http://127.0.0.1:8000`.

Run it after a change to a page that a picture shows, so that the README stays true.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "songda-demo-2026"  # noqa: S105 - the demonstration prints it


def logged_in(browser: Browser, site: str, name: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    page.goto(f"{site}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    return page


def shot(page: Page, name: str) -> None:
    page.wait_for_timeout(6000)  # charts draw themselves
    page.screenshot(path=HERE / f"{name}.png")


def desk(browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "an", 1280, 860)
    page.goto(f"{site}/orders/")
    shot(page, "orders")
    page.locator("table tbody a").first.click()
    page.locator("a[href*='/services/']").first.click()
    page.wait_for_load_state()
    shot(page, "service")


def board(browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "meng", 1920, 1080)
    page.goto(f"{site}/boards/court/wall/")
    shot(page, "wall")


def phone(browser: Browser, site: str, sandbox: str) -> None:
    """The last message of the court whose links need no code, opened on a phone."""
    page = browser.new_page(viewport={"width": 390, "height": 780}, locale="zh-CN", device_scale_factor=2)
    told = page.request.get(f"{sandbox}/log?door=sms").text()
    links = re.findall(rf"大邑县人民法院.*?({re.escape(site)}/sd\?key=[\w-]+)", told)
    page.goto(links[-1])
    shot(page, "phone")


def main(site: str, sandbox: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        desk(browser, site)
        board(browser, site)
        phone(browser, site, sandbox)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8600")
