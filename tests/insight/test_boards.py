"""Boards for court and post: who may look, what they show, and that every number opens what it was counted from."""

import csv
import io
import re
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from songda.courts.actions import enrol
from songda.desk.boards import CHARTS, VIEWS
from songda.insight.indicators import INDICATORS
from songda.insight.measures import MEASURES
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


def test_a_number_in_a_table_opens_a_list_of_as_many(page: Client) -> None:
    opened = 0
    for code in CHARTS:
        text = page.get(reverse("desk:board_table", args=["both", code])).content.decode()
        for href, number in re.findall(r'<td class="number"><a href="([^"]+)">(\d+)</a>', text):
            listed = page.get(href.replace("&amp;", "&")).content.decode()
            assert f"共 {number} 条" in listed, href
            opened += 1
    assert opened > 5


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
