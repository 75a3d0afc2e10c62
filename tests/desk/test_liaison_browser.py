"""联络 in a real browser: two people at two desks, keys, drafts, three widths, and axe-core on every page."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from songda.courts.actions import enrol
from songda.filing.models import Service
from songda.liaison import actions, improving, irregularities, queries
from songda.lib import clock
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import World

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    world = cast.make_world()
    enrol(world.bai, world.court, ["manager", "court_liaison"])
    enrol(world.zhou, world.court, ["post_manager", "post_liaison"])
    return world


@pytest.fixture
def service(world: World) -> Service:
    return world.service()


@pytest.fixture
def clerk(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        log_in(page, "an")
        yield page


@pytest.fixture
def post(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url) as page:
        log_in(page, "zhou")
        yield page


def _talk(service: Service) -> str:
    return f"/liaison/service/{service.pk}/"


def _write(page: Page, text: str) -> None:
    page.get_by_label("留言", exact=True).last.press_sequentially(text)


def test_what_one_says_the_other_reads_within_two_seconds(service: Service, clerk: Page, post: Page) -> None:
    for page in (clerk, post):
        page.goto(_talk(service))
    _write(clerk, "被告已搬家")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".note")).to_have_count(1)
    said = time.monotonic()
    expect(post.locator(".note__text")).to_have_text(["被告已搬家"])
    assert time.monotonic() - said < 2
    expect(clerk.locator("#composer textarea")).to_have_value("")
    expect(clerk.locator("#composer textarea")).to_be_focused()
    _write(post, "收到，先打电话")
    post.get_by_role("button", name="发送").click()
    expect(clerk.locator(".note")).to_have_count(2)
    expect(post.locator(".note")).to_have_count(2)


def test_a_draft_outlives_a_reload_and_goes_when_it_is_said(service: Service, clerk: Page) -> None:
    clerk.goto(_talk(service))
    _write(clerk, "还没有写完")
    clerk.reload()
    expect(clerk.locator("#composer textarea")).to_have_value("还没有写完")
    clerk.keyboard.press("Escape")
    clerk.locator("#composer textarea").focus()
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".note")).to_have_count(1)
    clerk.reload()
    expect(clerk.locator("#composer textarea")).to_have_value("")


def test_an_at_is_completed_by_keys(world: World, service: Service, clerk: Page) -> None:
    clerk.goto(_talk(service))
    _write(clerk, "@邮")
    options = clerk.get_by_role("option")
    expect(options).to_have_text(["邮寄", "邮政联络人", "邮政管理"])
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("ArrowUp")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#composer textarea")).to_have_value("@邮寄 ")
    _write(clerk, "破损了，@周")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".note__text")).to_have_text("@邮寄 破损了，@周岚")
    with world.here():
        [note] = queries.notes(queries.threads().get())
        assert {one.role or one.person.name for one in note.mentions.all()} == {"mail", "周岚"}


def test_what_is_refused_stays_typed(service: Service, clerk: Page, tmp_path: Path) -> None:
    bad = tmp_path / "照片.jpg"
    bad.write_bytes(b"MZ")
    clerk.goto(_talk(service))
    _write(clerk, "请看照片")
    clerk.locator("input[type=file]").set_input_files(str(bad))
    clerk.keyboard.press("Control+Enter")
    expect(clerk.get_by_role("alert")).to_contain_text("文件内容与扩展名不符")
    expect(clerk.locator("#composer textarea")).to_have_value("请看照片")
    clerk.get_by_role("button", name="发送").click()
    expect(clerk.locator(".note")).to_have_count(1)


def test_a_withdrawal_reaches_who_is_reading(world: World, service: Service, post: Page) -> None:
    with world.here():
        note = actions.say(queries.of_service(world.read(service)), world.an, "发错了的话")
    post.goto(_talk(service))
    expect(post.locator(".note__text")).to_have_text(["发错了的话"])
    with world.here():
        actions.withdraw(note, world.an, "发到了别的案件")
    expect(post.get_by_text("安雨撤回：发到了别的案件")).to_be_visible()
    expect(post.locator(".note__text")).to_have_count(0)


def test_a_hidden_number_opens_in_its_place(world: World, service: Service, post: Page) -> None:
    with world.here():
        actions.say(queries.of_service(world.read(service)), world.an, "电话13900000001")
    post.goto(_talk(service))
    expect(post.locator(".note__text")).to_have_text("电话139****0001")
    post.get_by_text("看隐去的内容").click()
    post.get_by_role("button", name="查看", exact=True).click()
    expect(post.get_by_text("电话13900000001")).to_be_visible()


def test_the_inbox_shows_what_is_new_by_itself(world: World, service: Service, post: Page) -> None:
    post.goto("/liaison/")
    expect(post.get_by_text("这里还没有会话")).to_be_visible()
    with world.here():
        actions.say(queries.of_service(world.read(service)), world.an, "被告已搬家")
    expect(post.get_by_text("被告已搬家")).to_be_visible()


def places(world: World, service: Service) -> dict[str, str]:
    """Every page of liaison and of hands, with something on it."""
    with world.here():
        about = queries.of_service(world.read(service))
        actions.say(about, world.an, "@电子 被告邓春生已搬家，新电话13900000001，请先打电话再决定是否上门。")
        actions.say(about, world.zhou, "收到。已打两次，均无人接听，今晚七点再打。")
        gone = actions.say(about, world.an, "发错了")
        actions.withdraw(gone, world.an, "发到了别的案件")
        one = irregularities.raise_one(about, world.zhou, "papers", "urgent", "传票缺第二页，开庭地点看不到")
        irregularities.answer(one.item, world.an, "resolved", {"answer": "已补齐第二页并重新上传"})
        irregularities.raise_one(about, world.zhou, "complaint", "normal", "受送达人说短信像诈骗，不肯点开")
        asked = improving.submit(world.court.id, world.an, "专递封皮加印二维码", "投递员扫码就能找到会话，不用报案号。")
        improving.vote(asked, world.zhou)
        due = clock.today() + timedelta(days=10)
        improving.move(asked, world.bai, "accept", owner=world.zhou, due_on=due)
        item = irregularities.Irregularity.objects.latest("raised_at").item
    return {
        "inbox": "/liaison/?tab=all",
        "nothing": "/liaison/?tab=all&q=没有",
        "irregularities": "/liaison/?tab=irregularities",
        "talk": _talk(service),
        "order": f"/liaison/order/{service.order_id}/",
        "raise": f"{_talk(service)}irregularity/",
        "improvements": "/liaison/improvements/",
        "improvement": f"/liaison/improvements/{asked.pk}/",
        "shared": "/liaison/improvements/shared/",
        "hand over": "/work-items/hand-over/",
        "items": "/work-items/?tab=court",
        "item": f"/work-items/{item.pk}/",
        "service": f"/services/{service.pk}/",
    }


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(world: World, service: Service, post: Page) -> None:
    wrong: list[str] = []
    for name, url in places(world, service).items():
        post.goto(url)
        wrong += [f"{name} is wider than {width}" for width in wider_than(post)]
        wrong += [f"{name}: {one}" for one in against_axe(post)]
    assert wrong == []


def test_without_a_script_one_speaks_all_the_same(
    world: World, service: Service, browser: Browser, live_server: Any
) -> None:
    with window(browser, live_server.url, java_script_enabled=False) as page:
        log_in(page, "an")
        page.goto(_talk(service))
        page.locator("#composer textarea").fill("被告已搬家")
        page.get_by_role("button", name="发送").click()
        expect(page.locator(".note__text")).to_have_text("被告已搬家")
