"""A person's ways in a real browser: three widths, axe-core, and a second try at an address with a reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import enrol
from songda.filing.models import Service
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import DENG, World

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["clerk", "mail"])
    return world


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        log_in(page, "bai")
        yield page


@pytest.fixture
def service(world: World) -> Service:
    """Known from another case too; a letter came back, a number was withdrawn."""
    world.service(case_number="（2026）川0191民初1号")
    service = world.service(replace(DENG, phone="13900000002", address_rank="registered"))
    world.tell(service, "consent.refused", "recipient", contact=world.contact(service, "phone"))
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    return service


def test_the_page_and_its_forms_hold_at_three_widths_and_under_axe(world: World, service: Service, desk: Page) -> None:
    address, wrong = world.contact(service, "address"), []
    doors = ["", "add/", *(f"{address}/{code}/" for code in ("retry", "correct", "place", "withdraw"))]
    for door in doors:
        desk.goto(f"/services/{service.pk}/contacts/{door}")
        wrong += [f"{door} is wider than {width}" for width in wider_than(desk)]
        wrong += [f"{door}: {one}" for one in against_axe(desk)]
    assert wrong == []


def test_a_clerk_says_why_the_same_address_is_tried_again(world: World, service: Service, desk: Page) -> None:
    desk.goto(f"/services/{service.pk}/")
    desk.get_by_role("link", name="再次投递").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("说明理由再次投递")
    desk.get_by_role("button", name="说明理由再次投递").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    desk.get_by_label("理由").fill("邻居称受送达人已返回该处居住")
    desk.get_by_role("button", name="说明理由再次投递").click()
    expect(desk.get_by_text("已记录：说明理由再次投递。")).to_be_visible()
    assert world.read(service).step == "printing"


def test_a_number_is_read_for_a_reason_and_taken_out_of_use(world: World, service: Service, desk: Page) -> None:
    desk.goto(f"/services/{service.pk}/contacts/")
    phone = desk.locator(f"#c-{world.contact(service, 'phone')}")
    phone.get_by_text("看一眼").click()
    phone.get_by_role("button", name="查看").click()
    expect(phone.get_by_text("13900000002")).to_be_visible()
    phone.get_by_role("link", name="停用").click()
    desk.get_by_label("原因").select_option("out_of_service")
    desk.get_by_label("理由").fill("拨打提示空号")
    desk.get_by_role("button", name="停用").click()
    expect(desk.get_by_role("heading", name="已停用")).to_be_visible()
    expect(desk.get_by_text("停机、空号，邮箱或者账号失效")).to_be_visible()


def test_a_clerk_adds_an_account_and_sees_that_nothing_is_sent_to_a_strangers(
    world: World, service: Service, desk: Page
) -> None:
    desk.goto(f"/services/{service.pk}/contacts/add/")
    desk.get_by_label("类别").select_option(label="账号")
    desk.get_by_label("账号的平台").select_option(label="微信")
    desk.get_by_label("号码、邮箱、账号或者地址").fill("Deng_2026")
    desk.get_by_label("来源").select_option(label="来源待查")
    desk.get_by_label("理由").fill("原告称是被告的微信")
    desk.get_by_role("button", name="补充联系方式").click()
    expect(desk.get_by_role("heading", name="账号（微信） de*****26")).to_be_visible()
    expect(desk.get_by_text("不能确认为其本人使用")).to_be_visible()
    assert [wider_than(desk), against_axe(desk)] == [[], []]
