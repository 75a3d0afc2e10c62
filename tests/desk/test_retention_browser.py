"""The page of files to delete, in a real browser: three widths, axe-core, and the whole way with the keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import enrol
from songda.engine.keeping import erasure
from songda.filing.models import Case
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import World
from tests.desk.test_retention import end

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["manager"])
    enrol(world.an, world.court, ["manager"])
    return world


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        yield page


def test_the_page_is_clean_at_three_widths_and_a_list_goes_from_one_person_to_another(world: World, desk: Page) -> None:
    service = end(world)
    log_in(desk, "an")
    desk.goto("/retention/")
    assert (wider_than(desk), against_axe(desk)) == ([], [])
    desk.get_by_label("申请删除的理由").fill("保存期限届满")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("等待第二人审批")).to_be_visible()
    desk.context.clear_cookies()
    log_in(desk, "bai")
    desk.goto("/retention/")
    assert (wider_than(desk), against_axe(desk)) == ([], [])
    desk.get_by_role("button", name="批准删除").click()
    expect(desk.get_by_text("已批准删除1个文件")).to_be_visible()
    with world.here():
        erasure.hold(Case.objects.get(id=service.case_id), world.bai, "当事人申请再审")
    desk.goto("/retention/")
    assert (wider_than(desk), against_axe(desk)) == ([], [])
    desk.goto(f"/services/{service.pk}/")
    desk.get_by_role("link", name="录像").first.click()
    expect(desk.get_by_text("摘要仍在")).to_be_visible()
    assert (wider_than(desk), against_axe(desk)) == ([], [])
