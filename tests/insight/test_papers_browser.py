"""Briefs and reports in a real browser: they fit, they read well aloud, and keys and downloads work."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import decide_policy, enrol
from songda.insight import briefs, reports
from songda.lib.clock import now
from tests import cast
from tests.browsing import IN_A_BROWSER, WIDTHS, against_axe, log_in, wider_than, window
from tests.cast import World
from tests.insight.days import NO_PHONE, by_phone
from tests.insight.test_reports import MONDAY_MORNING, until

pytestmark = IN_A_BROWSER


@pytest.fixture
def told(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A week with news, a hearing at risk, and its reports; 安 and 周岚 read them."""
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.zhou, world.court, ["post_manager"])
    decide_policy(world.court, {"brief_by_mail": True})
    briefs.make_due()
    by_phone(world, 1)
    world.service(NO_PHONE, case_number="（2026）川0191民初2号", hearing_at=now() + timedelta(days=12))
    until(world, MONDAY_MORNING)
    briefs.make_due()
    reports.make_due()
    return world


@pytest.fixture
def page(told: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        yield page


def test_the_brief_fits_every_width_and_axe_finds_nothing(page: Page) -> None:
    log_in(page, "an")
    page.goto("/briefs/")
    expect(page.get_by_role("heading", name="安雨，早上好。")).to_be_visible()
    expect(page.get_by_role("heading", name="开庭在即、尚未全部送达")).to_be_visible()
    assert wider_than(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert against_axe(page) == [], width


def test_the_brief_is_two_keys_away_and_its_links_lead_on(page: Page) -> None:
    log_in(page, "an")
    page.keyboard.press("g")
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="每日简报", level=1)).to_be_visible()
    page.get_by_role("link", name="（2026）川0191民初2号", exact=True).click()
    expect(page.get_by_label("查找案号、姓名、电话、邮件号")).to_have_value("（2026）川0191民初2号")


def test_a_person_has_the_brief_sent_and_stops_it_again(page: Page, told: World) -> None:
    log_in(page, "an")
    for address, said in (("an@court.example", "以后的简报会同时发到该邮箱"), ("", "以后不再发邮件")):
        page.goto("/briefs/")
        page.get_by_label("工作邮箱").fill(address)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text(said)).to_be_visible()
    told.an.refresh_from_db()
    assert told.an.email == ""


def test_a_list_behind_a_number_fits_and_axe_finds_nothing(page: Page) -> None:
    log_in(page, "an")
    page.goto("/briefs/2026-03-09/effective/")
    expect(page.get_by_role("heading", name="送达生效", level=1)).to_be_visible()
    assert wider_than(page) == []
    assert against_axe(page) == []


@pytest.mark.parametrize(("reader", "side"), [("an", "court"), ("zhou", "post")])
def test_reports_fit_every_width_and_axe_finds_nothing(page: Page, reader: str, side: str) -> None:
    log_in(page, reader)
    page.goto(f"/reports/?side={side}")
    assert wider_than(page) == []
    assert against_axe(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="2026年3月2日至3月8日", exact=True).click()
    expect(page.get_by_role("heading", name="摘要")).to_be_visible()
    assert wider_than(page) == []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert against_axe(page) == [], width


@pytest.mark.parametrize(("form", "begins"), [("PDF", b"%PDF"), ("Excel", b"PK")])
def test_a_report_is_taken_along(page: Page, tmp_path: Path, form: str, begins: bytes) -> None:
    log_in(page, "an")
    page.goto("/reports/")
    with page.expect_download() as taking:
        page.get_by_role("link", name=form).first.click()
    kept = tmp_path / "taken"
    taking.value.save_as(kept)
    assert kept.read_bytes().startswith(begins)
    assert taking.value.suggested_filename.startswith("songda-court-week-20260302")
