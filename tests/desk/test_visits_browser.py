"""外送 in a real browser: the desk plans a day; a phone 360 points wide goes out, loses its line, and catches up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from songda.courts.models import Membership
from songda.engine.models import WorkItem
from songda.filing.models import Service
from songda.methods.models import Visit
from songda.methods.rounds import Round, VisitReport
from tests import cast
from tests.browsing import IN_A_BROWSER, against_axe, log_in, wider_than, window
from tests.cast import DENG, World
from tests.desk.courier_phone import photo
from tests.desk.test_visits import fact, in_the_morning, plan, to_the_door, visit_of

pytestmark = IN_A_BROWSER
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 30.6412, "longitude": 104.0661, "accuracy": 9},
}
ELSEWHERE = "四川省成都市锦江区红星路三段1号1栋201室"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def doors(world: World) -> list[Service]:
    """Two doors to knock at, planned for 方远."""
    found = [to_the_door(world), to_the_door(world, 2, ELSEWHERE)]
    in_the_morning(world)
    plan(world)
    return sorted(found, key=lambda one: visit_of(world, one).turn or 0)


@pytest.fixture
def phone(world: World, doors: list[Service], browser: Browser, live_server: Any) -> Iterator[Page]:
    with window(browser, live_server.url, **PHONE) as page:
        log_in(page, "fang")
        page.goto("/rounds/")
        page.get_by_role("button", name="取回今天的行程").click()
        expect(page.get_by_role("button", name="到了，开始登记").first).to_be_visible()
        yield page


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "door.jpg"
    path.write_bytes(photo("teal"))
    return path


def ready_for_no_line(page: Page) -> None:
    """The worker has taken the page over and keeps all of it."""
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    expect(page.locator("#rounds[data-ready]")).to_be_visible()


def next_stop(page: Page) -> Locator:
    return page.get_by_role("region", name="下一站")


def answer(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def draw(page: Page, name: str) -> None:
    box = page.get_by_role("img", name=name).bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + 22 * step, y + 40 * (step % 2), steps=4)
    page.mouse.up()


def shoot(page: Page, picture: Path) -> None:
    page.locator("#take-photo").set_input_files(str(picture))
    expect(page.get_by_role("img", name="第1张照片")).to_be_visible()


def hand_over(page: Page, picture: Path) -> None:
    next_stop(page).get_by_role("button", name="到了，开始登记").click()
    for label in ("受送达人本人", "愿意签收", "已核对，与本人一致", "下一步"):
        answer(page, label)
    draw(page, "签收人签名处")
    answer(page, "签好了")
    shoot(page, picture)
    for label in ("下一步", "下一步", "提交"):
        answer(page, label)


def find_nobody(page: Page) -> None:
    next_stop(page).get_by_role("button", name="到了，开始登记").click()
    answer(page, "没有人应门")
    page.get_by_label("不能拍照的，写明原因").fill("楼道停电，看不清")
    for label in ("下一步", "下一步", "提交"):
        answer(page, label)


# ---- the desk ---------------------------------------------------------------------------------------------------


def test_the_field_desk_plans_and_assigns_a_day(
    world: World, doors: list[Service], browser: Browser, live_server: Any
) -> None:
    with world.here():
        Visit.objects.update(courier=None, turn=None, arrives_at=None)
    with window(browser, live_server.url) as page:
        log_in(page, "zhou")
        page.goto("/visits/")
        expect(page.get_by_text("2 户尚未指派")).to_be_visible()
        page.get_by_role("button", name="重新排行程").click()
        expect(page.get_by_text("已排好 2 户")).to_be_visible()
        page.get_by_label("选中武侯区", exact=False).check()
        page.get_by_label("选中的派给").select_option(label="方远")
        page.get_by_role("button", name="指派", exact=True).click()
        expect(page.get_by_text("已把 1 户派给方远")).to_be_visible()
        page.get_by_label("选中武侯区", exact=False).check()
        page.get_by_role("button", name="固定", exact=True).click()
        expect(page.get_by_text("已固定", exact=True)).to_be_visible()
        assert against_axe(page) == []
        assert wider_than(page) == []
        page.get_by_role("link", name="按投递员").click()
        expect(page.get_by_role("heading", name="方远", exact=False)).to_be_visible()
        page.goto("/visits/sheet/")
        expect(page.get_by_text("邓**").first).to_be_visible()
        assert against_axe(page) == []
        assert wider_than(page) == []
    assert visit_of(world, doors[0]).courier_id == world.fang.id


# ---- the phone --------------------------------------------------------------------------------------------------


def test_two_doors_without_a_line_arrive_once_when_it_is_back(
    world: World, doors: list[Service], phone: Page, picture: Path
) -> None:
    ready_for_no_line(phone)
    phone.context.set_offline(True)
    phone.reload()
    expect(next_stop(phone)).to_contain_text("邓春生")
    expect(phone.get_by_text("没有网络", exact=True)).to_be_visible()
    hand_over(phone, picture)
    expect(phone.get_by_text("未上传 1 件")).to_be_visible()
    find_nobody(phone)
    expect(phone.get_by_text("未上传 2 件")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("未上传 2 件")).to_be_visible()
    expect(phone.get_by_text("今天没有要上门的了")).to_be_visible()
    with world.here():
        assert not VisitReport.objects.exists()
    phone.context.set_offline(False)
    expect(phone.get_by_text("都已上传")).to_be_visible()
    phone.locator("#send-now").click()
    expect(phone.get_by_text("都已上传")).to_be_visible()
    first, second = doors
    assert world.facts(first).count("receipt.signed") == 1
    assert world.facts(second).count("visit.failed") == 1
    with world.here():
        assert VisitReport.objects.count() == 2
        kinds = sorted(first.exhibits.values_list("kind", flat=True))
    assert kinds == ["photo", "signature"]
    told = fact(world, first, "receipt.signed")
    assert (told.detail["signed"], told.detail["accuracy_m"]) == (True, 9)
    assert world.read(first).result == "served"


def test_a_report_that_cannot_be_taken_now_keeps_back_no_other(
    world: World, doors: list[Service], phone: Page, picture: Path
) -> None:
    ill = [True]
    first = str(visit_of(world, doors[0]).id)

    def gateway(route: Route) -> None:
        if ill[0] and first in (route.request.post_data or ""):
            route.fulfill(status=502, body="Bad Gateway")
        else:
            route.continue_()

    phone.context.route("**/rounds/reports/", gateway)
    hand_over(phone, picture)
    told = phone.locator("#wrong")
    expect(told).to_contain_text("上门情况 邓春生：平台暂时没有收下（502），仍在手机里，稍后自动再传。")
    with phone.expect_response(lambda one: one.url.endswith("/rounds/reports/") and one.status == 200):
        find_nobody(phone)
    expect(phone.get_by_text("未上传 1 件")).to_be_visible()
    assert world.facts(doors[1]).count("visit.failed") == 1
    assert "receipt.signed" not in world.facts(doors[0])
    assert against_axe(phone) == []
    ill[0] = False
    phone.locator("#send-now").click()
    expect(phone.get_by_text("都已上传")).to_be_visible()
    expect(told).to_be_hidden()
    assert world.facts(doors[0]).count("receipt.signed") == 1


def test_a_file_that_is_not_taken_is_named_and_its_report_goes_without_it(
    world: World, doors: list[Service], phone: Page, tmp_path: Path
) -> None:
    film = tmp_path / "door.mkv"
    film.write_bytes(b"\x1aE\xdf\xa3" + bytes(2000))
    next_stop(phone).get_by_role("button", name="到了，开始登记").click()
    answer(phone, "没有人应门")
    phone.locator("#take-video").set_input_files(str(film))
    expect(phone.get_by_role("list", name="已拍")).to_contain_text("录像")
    for label in ("下一步", "下一步", "提交"):
        answer(phone, label)
    expect(phone.get_by_text("都已上传")).to_be_visible()
    expect(phone.locator("#wrong")).to_contain_text(
        "上门情况 邓春生，录像没有传上：不接收这种文件。报告已上传，请告诉外送服务台。"
    )
    assert "file_missing" in fact(world, doors[0], "visit.failed").detail["remarks"]


def test_whoever_is_no_courier_any_more_is_told_so_and_loses_nothing(
    world: World, doors: list[Service], phone: Page, picture: Path
) -> None:
    Membership.objects.filter(person=world.fang, role="courier").update(role="post")
    hand_over(phone, picture)
    expect(phone.locator("#log-in")).to_contain_text("请外送服务台核对您的投递员身份")
    expect(phone.get_by_text("未上传 1 件")).to_be_visible()
    Membership.objects.filter(person=world.fang, role="post").update(role="courier")
    phone.locator("#send-now").click()
    expect(phone.get_by_text("都已上传")).to_be_visible()
    expect(phone.locator("#log-in")).to_be_hidden()
    assert world.facts(doors[0]).count("receipt.signed") == 1


def test_papers_are_left_before_a_witness_who_signs_on_the_phone(
    world: World, doors: list[Service], phone: Page
) -> None:
    next_stop(phone).get_by_role("button", name="到了，开始登记").click()
    answer(phone, "受送达人本人")
    answer(phone, "拒绝签收")
    phone.get_by_role("textbox").fill("说与自己无关")
    for label in ("下一步", "把文书留在住所", "有见证人到场", "下一步"):
        answer(phone, label)
    expect(phone.get_by_role("alert")).to_have_text("请至少请一位见证人签名。")
    phone.get_by_label("见证人姓名").fill("罗敏")
    phone.get_by_label("单位或者身份", exact=False).fill("桂溪街道吉泰社区居委会")
    draw(phone, "见证人签名处")
    for label in ("下一步", "下一步", "下一步"):
        answer(phone, label)
    expect(phone.get_by_role("dialog")).to_contain_text("罗敏")
    answer(phone, "提交")
    expect(phone.get_by_text("已登记。")).to_be_visible()
    expect(phone.get_by_text("都已上传")).to_be_visible()
    assert world.read(doors[0]).result_method == "left_in_place"
    with world.here():
        assert doors[0].papers.get(kind="record").title == "留置送达记录"


def test_the_opponent_at_the_door_may_not_sign_and_the_page_says_why(doors: list[Service], phone: Page) -> None:
    next_stop(phone).get_by_role("button", name="到了，开始登记").click()
    for label in ("其他人", "家属", "是", "是，同住", "是，例如离婚案件的另一方"):
        answer(phone, label)
    expect(phone.get_by_role("dialog")).to_contain_text("法释〔2004〕13号第七条")
    answer(phone, "仍然交付")
    answer(phone, "下一步")
    expect(phone.get_by_role("alert")).to_have_text("请写明，至少两个字。")


def test_one_button_leads_out_of_danger_and_calls_the_desk(world: World, doors: list[Service], phone: Page) -> None:
    next_stop(phone).get_by_role("button", name="到了，开始登记").click()
    phone.get_by_role("dialog").get_by_role("button", name="安全撤离").click()
    expect(phone.get_by_role("link", name="拨打 110")).to_be_visible()
    expect(phone.get_by_text("已通知外送服务台")).to_be_visible()
    phone.get_by_role("button", name="我已安全，返回行程").click()
    expect(phone.get_by_text("都已上传")).to_be_visible()
    with world.here():
        item = WorkItem.objects.get(kind="safety")
    assert item.service_id == doors[0].id
    assert world.read(doors[0]).step == "visiting"


def test_what_the_phone_carried_is_gone_after_the_round_and_in_another_tab(
    world: World, doors: list[Service], phone: Page
) -> None:
    other = phone.context.new_page()
    other.goto("/rounds/")
    expect(other.get_by_role("button", name="取回今天的行程")).to_be_visible()
    assert DENG.name not in other.content()
    other.close()
    phone.goto("/work-items/")
    phone.locator("details.menu > summary").click()
    phone.get_by_role("button", name="退出登录").click()
    log_in(phone, "fang")
    phone.goto("/rounds/")
    expect(phone.get_by_role("button", name="取回今天的行程")).to_be_visible()
    phone.get_by_role("button", name="取回今天的行程").click()
    phone.get_by_role("button", name="结束行程并清除手机数据").click()
    expect(phone.get_by_text("已清除")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("button", name="取回今天的行程")).to_be_visible()
    assert DENG.name not in phone.content()
    with world.here():
        assert Round.objects.count() == 2
        assert not Round.objects.filter(closed_at=None).exists()


def test_every_screen_of_the_phone_is_for_everybody(doors: list[Service], phone: Page) -> None:
    assert against_axe(phone) == []
    assert wider_than(phone, 360, 1024) == []
    phone.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    next_stop(phone).get_by_role("button", name="到了，开始登记").click()
    wrong = against_axe(phone)
    for label in ("受送达人本人", "愿意签收", "已核对，与本人一致", "下一步"):
        answer(phone, label)
        wrong += against_axe(phone)
    assert wrong == []
    assert wider_than(phone, 360) == []
