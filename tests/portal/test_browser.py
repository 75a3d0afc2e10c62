"""邓 with a phone 360 points wide: from the text message to the signature, by touch, in a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect

from songda.evidence.queries import course_of
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.visitor import Visitor
from songda.lib import vault
from songda.methods import notice as method
from songda.methods.entering import law_firm_link_of, link_of
from songda.methods.models import Access, Exhibit
from songda.papers.signature import read
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, window
from tests.cast import DENG, World
from tests.portal.conftest import HOME_ADDRESS, Phone, data_url, reach, set_policy

pytestmark = IN_A_BROWSER


@pytest.fixture
def world(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, live_server: Any
) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    settings.SONGDA_PORTAL_URL = live_server.url
    cast.stop_the_clock()
    return cast.make_world()


# A phone in a hand: narrow, sharp, touched.
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def hand(browser: Browser, **otherwise: Any) -> BrowserContext:
    return browser.new_context(**{**PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **otherwise})


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """The phone's browser."""
    with window(browser, live_server.url, **PHONE) as page:
        yield page


def inspect(page: Page, name: str) -> None:
    """Nothing a person with poor eyes, a keyboard or a narrow screen would stumble over."""
    assert against_axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
    if pictures := os.environ.get("SONGDA_PICTURES"):
        page.screenshot(path=f"{pictures}/portal-{name}.png", full_page=True)


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

    for start in (40.0, 110.0, 190.0):
        touch("touchStart", (start, 40.0))
        for step in range(1, 12):
            touch("touchMove", (start + step * 4, 40.0 + step * 9 if step % 4 else 60.0))
        touch("touchEnd")
    # A touch that follows within 300 ms would be the second half of a double tap, and press nothing.
    page.wait_for_timeout(500)


def press(page: Page, name: str) -> None:
    """On a machine too busy a touch lasts long enough to be another gesture: a person presses again."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(5):
        try:
            with page.expect_request(lambda asked: asked.method == "POST", timeout=5_000):
                button.tap()
            return
        except TimeoutError:
            continue
    raise AssertionError(f"{name} presses nothing")


def verify(page: Page, phone: Phone) -> None:
    page.goto(link_of(phone.access))
    inspect(page, "1-door")
    page.get_by_label("短信里的验证码").fill(phone.access.code)
    page.get_by_label("身份证件号码的后六位").fill("010312")
    page.get_by_role("button", name="查收文书").tap()


def test_from_the_message_to_the_signature_by_touch(world: World, page: Page) -> None:
    phone = reach(world, consent=None)
    verify(page, phone)
    expect(page.get_by_role("heading", name="您是否同意电子送达？")).to_be_visible()
    inspect(page, "2-consent")
    page.get_by_role("button", name="同意电子送达", exact=True).tap()

    page.get_by_role("link", name="起诉状副本").tap()
    expect(page.get_by_role("img", name="起诉状副本第1页的图像")).to_be_visible()
    expect(page.locator(".sheets img").first).to_have_js_property("naturalWidth", 1000)
    inspect(page, "3-paper")
    page.get_by_role("link", name="读完了，返回").tap()

    page.get_by_label("收件地址").fill(HOME_ADDRESS)
    page.get_by_label("联系电话").fill("13900000001")
    page.get_by_label("账号的平台").select_option(label="微信")
    page.get_by_label("账号，如微信号").fill("deng_2026")
    page.get_by_label("账号消息").check()
    page.get_by_label("以上内容属实").check()
    inspect(page, "4-papers")
    page.get_by_role("button", name="确认地址").tap()
    expect(page.get_by_text("已记录您确认的送达地址")).to_be_visible()

    page.get_by_role("button", name="签名并签收").tap()
    expect(page.get_by_text("请先在方框内手写签名。")).to_be_visible()
    draw(page)
    inspect(page, "5-signature")
    press(page, "签名并签收")
    expect(page.get_by_text("已记录您的签收")).to_be_visible()
    expect(page.locator(".effect__word")).to_have_text("已送达")
    inspect(page, "6-signed")

    with world.here():
        signed = next(one for one in course_of(phone.service.id) if one.name == "receipt.signed")
        exhibit = Exhibit.objects.get(service=phone.service, kind="signature")
        assert ContactPoint.objects.get(party_id=phone.service.party_id, kind="account").rank == "confirmed"
    assert (signed.detail["signer"], signed.detail["exhibit"]) == ("self", exhibit.sha256)
    assert read(data_url(vault.get(exhibit.sha256)))
    assert world.read(phone.service).result == "served"


def test_without_script_everything_works_but_the_signature_and_the_page_says_where_to_sign(
    world: World, browser: Browser
) -> None:
    phone = reach(world)
    context = hand(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(link_of(phone.access))
    page.get_by_label("短信里的验证码").fill(phone.access.code)
    page.get_by_label("身份证件号码的后六位").fill("010312")
    page.get_by_role("button", name="查收文书").tap()
    page.get_by_role("link", name="传票").tap()
    expect(page.get_by_role("img", name="传票第1页的图像")).to_be_visible()
    page.goto(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}{phone.home}")
    expect(page.get_by_text("键入姓名不算签名")).to_be_visible()
    expect(page.get_by_role("button", name="签名并签收")).to_be_hidden()
    context.close()
    assert "content.opened" in phone.facts()


def test_the_first_touch_after_a_drawn_line_signs(world: World, page: Page) -> None:
    phone = reach(world, consent=True)
    verify(page, phone)
    page.get_by_role("link", name="起诉状副本").tap()
    page.get_by_role("link", name="读完了，返回").tap()
    draw(page)
    page.get_by_role("button", name="签名并签收").tap()
    expect(page.get_by_text("已记录您的签收")).to_be_visible()


def test_turning_the_phone_keeps_what_was_drawn(world: World, page: Page) -> None:
    phone = reach(world)
    verify(page, phone)
    draw(page)
    upright = page.locator("#canvas").evaluate("canvas => canvas.width")
    page.set_viewport_size({"width": 740, "height": 360})
    expect(page.locator("#canvas")).not_to_have_js_property("width", upright)
    page.get_by_role("button", name="签名并签收").click()
    expect(page.get_by_text("已记录您的签收")).to_be_visible()


def test_a_wrong_code_is_told_kindly_and_nothing_is_lost(world: World, page: Page) -> None:
    phone = reach(world)
    page.goto(link_of(phone.access))
    page.get_by_label("短信里的验证码").fill("no")
    page.get_by_label("身份证件号码的后六位").fill("010312")
    page.get_by_role("button", name="查收文书").tap()
    expect(page.get_by_role("alert")).to_contain_text("还可以再试4次")
    inspect(page, "7-wrong")


def test_the_law_firms_page_lists_and_gives_the_papers_for_its_code(world: World, page: Page) -> None:
    phone = reach(world)
    page.goto(law_firm_link_of(phone.access))
    expect(page.get_by_role("status")).to_contain_text("验证码")
    page.get_by_label("短信里的验证码").fill(phone.access.code)
    page.get_by_role("button", name="列出文书").tap()
    with page.expect_download() as download:
        page.get_by_role("link", name="传票").tap()
    assert download.value.suggested_filename == "传票.pdf"
    inspect(page, "8-law-firm")


def test_the_law_firms_page_of_a_court_that_trusts_the_link_asks_for_nothing(world: World, page: Page) -> None:
    set_policy(world, access_level="link")
    phone = reach(world)
    page.goto(law_firm_link_of(phone.access))
    expect(page.get_by_role("link", name="起诉状副本")).to_be_visible()


def test_public_pages_are_readable_on_a_phone(world: World, page: Page, live_server: Any) -> None:
    phone = reach(world)
    with world.here():
        made = method.draft(world.read(phone.service), "下落不明")
        method.publish(made, ("network",))
    for name, path in {
        "9-not-me": f"/sd/not-me?key={phone.access.token}",
        "10-message": "/verify-message",
        "11-proof": "/verify/川0191-20260302-00001-1",
        "12-notices": "/notices",
        "13-notice": f"/notices/{made.slug}",
        "14-unknown": "/sd?key=none",
    }.items():
        page.goto(f"{live_server.url}{path}")
        inspect(page, name)


def test_the_sandboxs_visitor_finds_its_way(world: World, live_server: Any) -> None:
    phone = reach(world, consent=None)
    person = DemoPerson(
        number=1,
        kind="person",
        name=DENG.name,
        id_number=DENG.id_number,
        phone=DENG.phone,
        filed_phone=DENG.phone,
        address=HOME_ADDRESS,
        filed_address=HOME_ADDRESS,
        division="510107",
        email="",
        temperament="signs_quickly",
    )
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        done = Visitor(link_of(phone.access), phone.access.code, person, browser).act(("open", "confirm", "sign"))
    assert done == "sign"
    assert {"consent.given", "content.opened", "contact.added", "receipt.signed"} <= set(phone.facts())


COMPLAINT = """民事起诉状

原告：陈国强，男，1978年5月6日出生，住四川省成都市武侯区二环路南四段51号。
被告：邓春生，男，1980年1月1日出生，住四川省成都市武侯区人民南路四段27号2栋1单元301室，公民身份号码510107198001010312，联系电话：13900000001。

诉讼请求：判令被告偿还借款本金300000元。
"""
SUMMONS = """成都高新技术产业开发区人民法院
传票
案号：（2026）川0191民初1234号
案由：民间借贷纠纷
被传唤人：邓春生
应到时间：2026年4月8日 9时30分
应到处所：第三审判庭
"""


def test_a_clerk_hands_over_two_files_and_the_recipient_signs_on_a_phone(
    world: World, browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    for name, text in (("起诉状.txt", COMPLAINT), ("传票.txt", SUMMONS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    window = browser.new_context(locale="zh-CN", base_url=live_server.url)
    desk = window.new_page()
    desk.goto("/login/")
    desk.fill("input[name=username]", "an")
    desk.fill("input[name=password]", cast.PASSWORD)
    desk.get_by_role("button", name="登录").click()
    desk.goto("/hand-over/")
    desk.get_by_label("把案件材料拖到这里").set_input_files([tmp_path / "起诉状.txt", tmp_path / "传票.txt"])
    desk.get_by_role("button", name="移交", exact=True).click()
    expect(desk.get_by_role("heading", name="（2026）川0191民初1234号")).to_be_visible()

    world.later(minutes=1)
    with world.here():
        service = Service.objects.get()
    point = {"contact": world.contact(service, "phone")}
    world.tell(service, "consent.given", "recipient", how="stated", **point)
    world.tell(service, "message.sent", "provider", channel="sms", **point)
    with world.here():
        access = Access.objects.select_related("service__party", "contact_point").get()
    window.close()

    phone = hand(browser)
    page = phone.new_page()
    verify(page, Phone(world, service, access))
    page.get_by_role("link", name="起诉状").first.tap()
    page.get_by_role("link", name="读完了，返回").tap()
    expect(page.get_by_role("button", name="签名并签收")).to_be_visible()
    page.wait_for_load_state("networkidle")
    draw(page)
    inspect(page, "8-handed-over")
    press(page, "签名并签收")
    expect(page.locator(".effect__word")).to_have_text("已送达")
    phone.close()
    done = world.read(service)
    assert (done.result, done.result_method) == ("served", "electronic")
