"""Boards for court and post: who may look, what they show, and that every number opens what it was counted from."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from songda.courts.actions import enrol
from songda.desk.alarms import ALARMS
from songda.desk.boards import CHARTS, VIEWS
from songda.engine import hands
from songda.engine.opening import open_work
from songda.evidence.models import Unsealed
from songda.evidence.queries import SEALED_WITHIN
from songda.filing.models import Service
from songda.insight.indicators import INDICATORS
from songda.insight.measures import MEASURES
from songda.lib.clock import now
from tests.cast import DENG, World
from tests.insight.conftest import At
from tests.insight.days import NO_PHONE, by_phone, fold_all


@pytest.fixture
def busy(world: World) -> World:
    enrol(world.bai, world.court, ["manager", "post_manager"])
    by_phone(world, 1)
    world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    fold_all()
    return world


@pytest.fixture
def page(busy: World, at: At) -> Client:
    return at(busy.bai)


def top(page: Client, label: str) -> str:
    text = page.get("/boards/court/live/").content.decode()
    found = re.search(rf'data-top="{label}">([^<]*)<', text)
    assert found, label
    return found.group(1)


PARTS = ("", "live/", "data/", "wall/", "indicators/", "live/?on=wall", "data/?on=wall")


def test_every_board_answers(page: Client) -> None:
    for view, part in product(VIEWS, PARTS):
        assert page.get(f"/boards/{view}/{part}").status_code == 200, (view, part)


def test_the_numbers_on_top_are_those_of_the_day(page: Client) -> None:
    assert top(page, "今日委托") == "2"
    assert top(page, "今日受理任务") == "2"
    assert top(page, "今日生效") == "1"
    assert top(page, "正在送达") == "1"


def test_a_change_is_on_the_board_as_soon_as_it_is_folded(page: Client, busy: World) -> None:
    busy.service(DENG, case_number="（2026）川0191民初3号")
    assert top(page, "正在送达") == "1"
    fold_all()
    assert top(page, "正在送达") == "2"


def test_every_chart_has_its_table_and_both_exports_with_the_same_numbers(page: Client) -> None:
    for code, kind in CHARTS.items():
        address = reverse("desk:board_table", args=["both", code])
        assert page.get(address).status_code == 200
        written = list(csv.reader(io.StringIO(page.get(f"{address}?export=csv").content.decode("utf-8-sig"))))
        assert tuple(written[0]) == kind.columns
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(page.get(f"{address}?export=xlsx").content))
        assert [[_plain(cell) for cell in row] for row in sheet.get_sheet_by_index(0).to_python()] == written


def _plain(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_a_number_in_a_table_opens_a_list_of_as_many(page: Client, busy: World) -> None:
    at_the_desk(busy)
    opened = set()
    for code in CHARTS:
        text = page.get(reverse("desk:board_table", args=["both", code])).content.decode()
        for href, number in re.findall(r'<td class="number"><a href="([^"]+)">(\d+)</a>', text):
            listed = page.get(href.replace("&amp;", "&")).content.decode()
            assert f"共 {number} 条" in listed, href
            opened.add(code)
    assert {"trend", "steps", "days", "hours", "zones", "queues", "parcels", "regions", "courts"} <= opened


def at_the_desk(busy: World) -> None:
    """Something for the zones: an address that wants a person, and a hearing that comes too soon."""
    busy.service(NO_PHONE, case_number="（2026）川0191民初9号", hearing_at=now() + timedelta(days=8))
    busy.later(minutes=20)
    fold_all()


def test_no_number_of_a_chart_is_without_a_link(page: Client, busy: World) -> None:
    at_the_desk(busy)
    for code in CHARTS:
        text = page.get(reverse("desk:board_table", args=["both", code])).content.decode()
        bare = re.findall(r'<td class="number">([1-9]\d*)</td>', text)
        assert bare == [], code


def test_the_numbers_on_top_open_lists_of_as_many(page: Client, busy: World) -> None:
    at_the_desk(busy)
    busy.later(days=3)
    fold_all()
    text = page.get("/boards/both/live/").content.decode()
    figures = re.findall(r'<a class="card figure[^"]*" href="([^"]+)"><b data-top="([^"]+)">([^<]+)</b>', text)
    assert len(figures) == 6
    for href, label, number in figures:
        listed = page.get(href.replace("&amp;", "&")).content.decode()
        assert f"共 {number} 条" in listed or (number == "0" and "没有一件" in listed), label


def test_every_number_that_calls_for_somebody_opens_a_list_of_as_many(page: Client, busy: World) -> None:
    service = busy.service(NO_PHONE, case_number="（2026）川0191民初9号")
    with busy.here():
        hands.escalate(open_work(service, "conformity", "test"), busy.zhou, "等了太久")
        Unsealed.objects.update(noted_at=datetime.now(UTC) - 2 * SEALED_WITHIN)
        waiting = Unsealed.objects.count()
    busy.later(days=3)
    fold_all()
    text = page.get("/boards/both/live/").content.decode()
    found = re.findall(r'<li><a[^>]* href="([^"]+)">\S+ <b data-alarm="([^"]+)">([^<]+)</b>', text)
    assert len(found) == len(ALARMS) + 1
    numbers = {label: number for _, label, number in found}
    assert numbers["已上报待办"] == "1"
    assert numbers["结果待补正"] == "1"
    assert int(numbers["超期待办"]) >= 1
    assert waiting
    assert numbers["封存超时的事实"] == str(waiting)
    for href, label, number in found:
        listed = page.get(href.replace("&amp;", "&")).content.decode()
        assert f"共 {number} 条" in listed or (number == "0" and "没有一件" in listed), label
        between = "&" if "?" in href else "?"
        assert page.get(href.replace("&amp;", "&") + f"{between}export=xlsx").content[:2] == b"PK", label


def test_the_wall_shows_what_calls_for_somebody_and_links_to_nothing_of_it(page: Client, busy: World) -> None:
    service = busy.service(NO_PHONE, case_number="（2026）川0191民初9号")
    with busy.here():
        hands.escalate(open_work(service, "conformity", "test"), busy.zhou, "等了太久")
    panel = page.get("/boards/court/live/?on=wall").content.decode()
    panel = panel.partition("panel--calling")[2].partition("</section>")[0]
    assert '<b data-alarm="已上报待办">1</b>' in panel
    assert service.number in panel
    assert "href" not in panel
    assert "民初" not in panel


def test_every_list_of_the_present_has_its_export_and_unknown_ones_are_not_found(page: Client, busy: World) -> None:
    at_the_desk(busy)
    for asked in ("orders/", "orders/?hour=9", "due/", "due/?within=hour", "work/?zone=邮寄", "queue/?code=calls"):
        between = "&" if "?" in asked else "?"
        assert page.get(f"/boards/both/list/{asked}").status_code == 200, asked
        assert page.get(f"/boards/both/list/{asked}{between}export=xlsx").content[:2] == b"PK", asked
    for asked in ("nothing/", "work/?zone=x", "queue/?code=x", "orders/?court=川9999"):
        assert page.get(f"/boards/both/list/{asked}").status_code == 404, asked


def test_a_court_with_nothing_in_a_class_of_days_has_an_empty_list(page: Client) -> None:
    listed = page.get("/boards/court/behind/days/?least=61&most=999999999").content.decode()
    assert "没有一件" in listed


def test_the_post_sees_another_courts_services_by_number_only(busy: World, at: At) -> None:
    enrol(busy.cheng, busy.other_court, ["post_manager"])
    enrol(busy.cheng, busy.court, ["post_manager"])
    text = at(busy.cheng).get("/boards/post/list/orders/").content.decode()
    assert "共 2 条" in text
    behind = at(busy.cheng).get("/boards/post/behind/started/").content.decode()
    with busy.here():
        for service in Service.objects.all():
            assert service.number in behind
            assert reverse("desk:service", args=[service.pk]) not in behind


def test_hearings_at_risk_fill_with_the_case_the_day_and_what_is_left(page: Client, busy: World) -> None:
    assert "十天内开庭的案件都已送达" in page.get("/boards/court/live/").content.decode()
    service = busy.service(NO_PHONE, case_number="（2026）川0191民初9号", hearing_at=now() + timedelta(days=8))
    fold_all()
    text = page.get("/boards/court/live/").content.decode()
    panel = text[text.index('id="risk"') : text.index('id="stream"')]
    assert reverse("desk:service", args=[service.pk]) in panel
    assert "（2026）川0191民初9号" in panel
    assert "3月10日 09:02" in panel
    assert "还有7天" in panel or "还有8天" in panel
    assert "协查找人" in panel or "打印封装" in panel
    wall = page.get("/boards/court/live/?on=wall").content.decode()
    risk = wall[wall.index("panel--risk") :]
    assert service.number in risk
    assert "民初" not in risk
    busy.later(days=9)
    fold_all()
    assert (
        "民初9号"
        not in page.get("/boards/court/live/").content.decode().partition('id="risk"')[2].partition("</ul>")[0]
    )


def test_every_indicator_opens_its_definition_and_its_list(page: Client) -> None:
    for (code, about), side in product(INDICATORS.items(), ("top", "bottom")):
        text = page.get(f"/boards/both/indicators/{code}/?side={side}").content.decode()
        assert about.formula in text
        assert about.exclusions in text


def test_every_measure_has_a_list_and_its_export(page: Client) -> None:
    for measure in MEASURES:
        assert page.get(f"/boards/court/behind/{measure}/").status_code == 200
        assert page.get(f"/boards/court/behind/{measure}/?export=xlsx").content[:2] == b"PK"


def test_days_that_make_no_sense_are_the_boards_own_period(page: Client) -> None:
    for asked in ("first=x&last=y", "first=2026-03-05&last=2026-03-01", "first=2026-03-05"):
        assert page.get(f"/boards/court/behind/started/?{asked}").status_code == 200


def test_the_cost_of_a_service_says_that_it_cannot_be_measured_yet(page: Client) -> None:
    text = page.get("/boards/both/").content.decode()
    assert "尚不能计量" in text


def test_the_wall_shows_nothing_of_any_person(page: Client) -> None:
    text = "".join(page.get(f"/boards/court/{part}").content.decode() for part in PARTS if "wall" in part)
    for personal in (DENG.name, DENG.phone, DENG.id_number, "人民南路", "川0191民初"):
        assert personal not in text


def test_another_courts_people_see_their_own_empty_board(busy: World, at: At) -> None:
    cheng = at(busy.cheng)
    assert top(cheng, "今日受理任务") == "0"
    assert "没有一件" in cheng.get("/boards/court/behind/started/").content.decode()


def test_a_clerk_has_no_view_over_the_posts_courts(busy: World, at: At) -> None:
    assert at(busy.an).get("/boards/post/").status_code == 403


def test_the_post_sees_all_courts_it_serves_and_no_other(busy: World, at: At) -> None:
    enrol(busy.zhou, busy.other_court, ["mail"])
    text = at(busy.zhou).get("/boards/post/table/courts/").content.decode()
    assert "成都高新" in text
    assert "成华" in text
    only = at(busy.fang).get("/boards/post/table/courts/").content.decode()
    assert "成都高新" in only
    assert "成华" not in only


def test_nobody_looks_without_logging_in(client: Client, world: World) -> None:
    assert client.get("/boards/court/").status_code == 302
    assert client.get("/boards/court/data/").status_code == 302


def test_what_is_not_there_is_not_found(page: Client) -> None:
    for path in ("/boards/nobody/", "/boards/court/table/nothing/", "/boards/court/behind/nothing/"):
        assert page.get(path).status_code == 404


def test_a_board_costs_the_same_few_queries_whatever_is_on_it(
    page: Client, busy: World, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        page.get("/boards/court/live/")
    for number in range(3, 9):
        busy.service(DENG, case_number=f"（2026）川0191民初{number}号")
    fold_all()
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        page.get("/boards/court/live/")
