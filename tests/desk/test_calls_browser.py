"""The electronic zone in a real browser: one key to take the next call, one to tell it, and axe-core on every page."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import decide_policy, enrol
from songda.engine.models import WorkItem
from songda.filing.models import Service
from songda.methods.calls import Call
from songda.methods.messages import Notification
from songda.methods.models import Exhibit
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import DENG, World
from tests.desk.test_calls import sound

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.zhou, world.court, ["manager"])
    decide_policy(world.court, {"consent_by": "clerk"})
    return world


@pytest.fixture
def desk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url, permissions=["clipboard-read", "clipboard-write"]) as page:
        log_in(page, "zhou")
        yield page


def somebody(world: World, number: int, name: str = "邓甲") -> Service:
    who = replace(DENG, name=name, id_number="", phone=f"139000002{number:02d}")
    return world.service(who, case_number=f"（2026）川0191民初{number}号")


def test_a_call_is_taken_and_told_with_three_keys(world: World, desk: Page) -> None:
    service = somebody(world, 1)
    desk.goto("/calls/")
    expect(desk.get_by_role("heading", name="该打的电话", level=1)).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", name="致电 邓* 个人")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_role("link", name="13900000201")).to_have_attribute("href", "tel:13900000201")
    desk.get_by_role("button", name="复制").click()
    expect(desk.get_by_role("button", name="已复制")).to_be_visible()
    assert desk.evaluate("navigator.clipboard.readText()") == "13900000201"
    desk.keyboard.press("3")
    expect(desk.get_by_text("已登记：无人接听")).to_be_visible()
    with world.here():
        assert Call.objects.get(service=service).outcome == "no_answer"


def test_consent_is_asked_once_more_before_it_is_told(world: World, desk: Page, tmp_path: Path) -> None:
    service = somebody(world, 1)
    (tmp_path / "通话.wav").write_bytes(sound())
    desk.goto("/calls/")
    desk.keyboard.press("n")
    expect(desk.get_by_role("button", name="显示姓名和号码")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_role("link", name="13900000201")).to_be_visible()
    desk.keyboard.press("1")
    form = desk.locator("details[open]")
    form.get_by_label("怎样核对身份").select_option("case")
    form.get_by_label("通话已全程录音").check()
    form.get_by_label("通话录音").set_input_files(str(tmp_path / "通话.wav"))
    with world.here():
        assert not Call.objects.exists(), "nothing is told by the key alone"
    form.get_by_role("button", name="确认登记：同意电子送达").click()
    expect(desk.get_by_text("已登记：同意电子送达")).to_be_visible()
    with world.here():
        assert Exhibit.objects.get(service=service).kind == "recording"
    desk.goto("/calls/history/")
    desk.get_by_role("link", name="听录音").click()
    desk.get_by_role("button", name="听录音").click()
    expect(desk.locator("audio")).to_be_visible()
    expect(desk.locator("audio")).to_have_js_property("duration", 2)


def test_keys_walk_the_queue(world: World, desk: Page) -> None:
    for number in (1, 2, 3):
        somebody(world, number, "邓" + "甲乙丙"[number - 1])
    desk.goto("/calls/")
    desk.locator("main").focus()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    chosen = desk.locator("tr[aria-selected=true]")
    second = desk.locator("tbody[data-walk] > tr").nth(1)
    assert chosen.inner_text() == second.inner_text()
    desk.keyboard.press("k")
    expect(desk.locator("tbody[data-walk] > tr").first).to_have_attribute("aria-selected", "true")


def test_without_a_script_a_call_is_told_all_the_same(world: World, browser: Browser, live_server: Any) -> None:
    service = somebody(world, 1)
    with window(browser, live_server.url, java_script_enabled=False) as page:
        log_in(page, "zhou")
        page.goto("/calls/")
        page.get_by_role("button", name="拿下一个").click()
        page.get_by_role("button", name="显示姓名和号码").click()
        page.locator("summary", has_text="不同意电子送达").click()
        page.get_by_role("button", name="确认登记：不同意电子送达").click()
        expect(page.get_by_text("已登记：不同意电子送达")).to_be_visible()
    assert "consent.refused" in world.facts(service)


def _places(world: World) -> dict[str, str]:
    """Every page of the zone, with something on it."""
    held, consented, dead = somebody(world, 1, "邓甲"), somebody(world, 2, "邓乙"), somebody(world, 3, "邓丙")
    for number in (4, 5, 6):
        somebody(world, number, "邓" + "丁戊己"[number - 4])
    world.does(world.zhou, consented, "call", "consented", recorded=True)
    world.does(world.zhou, dead, "call", "dead_number")
    later = somebody(world, 7, "邓庚")
    world.does(world.zhou, later, "call", "no_answer")
    phone = world.contact(consented, "phone")
    world.tell(consented, "message.sent", "provider", channel="sms", contact=phone)
    with world.here():
        message = Notification.objects.get()
        item = WorkItem.objects.get(service=held, kind="call")
        repair = WorkItem.objects.get(kind="number_repair")
        call = Call.objects.get(service=consented)
    names = ("", "later/", "history/", "messages/", "numbers/", "texts/", "texts/?channel=email")
    return {name or "queue": f"/calls/{name}" for name in names} | {
        "call": f"/calls/{item.pk}/",
        "resend": f"/calls/messages/{message.pk}/resend/",
        "number": f"/calls/numbers/{repair.pk}/",
        "upload": f"/calls/history/{call.pk}/recording/",
        "text": "/calls/texts/knock/elderly/sms/",
        "nothing": "/calls/messages/?q=没有这个人",
    }


def _keep(page: Page, name: str) -> None:
    """A picture of the page at each width, for who wants to look (SONGDA_PICTURES names a folder)."""
    folder = os.environ.get("SONGDA_PICTURES")
    for width in (1440, 1024, 360) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name.strip('/').replace('/', '-')}_{width}.png", full_page=True)


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(world: World, desk: Page) -> None:
    wrong: list[str] = []
    for name, url in _places(world).items():
        desk.goto(url)
        wrong += [f"{name} is wider than {width}" for width in wider_than(desk)]
        wrong += [f"{name}: {one}" for one in against_axe(desk)]
        _keep(desk, name.replace("?", "-"))
        if name == "call":
            desk.set_viewport_size({"width": 1440, "height": 900})
            desk.get_by_role("button", name="接手这通电话").click()
            desk.get_by_role("button", name="显示姓名和号码").click()
            expect(desk.get_by_role("link", name="13900000201")).to_be_visible()
            desk.keyboard.press("1")
            wrong += [f"taken call is wider than {width}" for width in wider_than(desk)]
            wrong += [f"taken call: {one}" for one in against_axe(desk)]
            _keep(desk, "taken")
    assert wrong == []
