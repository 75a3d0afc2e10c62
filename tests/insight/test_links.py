"""Every number of every board is the length of the list it opens, and that list is named for what the number counts."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from songda.courts.actions import enrol
from songda.desk.access import SESSION_COURT
from songda.desk.boards import CHARTS, VIEWS
from songda.engine import hands
from songda.engine.opening import open_work
from songda.insight.indicators import INDICATORS
from songda.lib.clock import now
from tests.cast import DENG, World
from tests.insight.conftest import At
from tests.insight.days import NO_PHONE, by_phone, fold_all


@pytest.fixture
def page(world: World, at: At) -> Client:
    """A judge who keeps both sides' boards, over two courts with something of everything."""
    enrol(world.bai, world.court, ["manager", "post_manager"])
    enrol(world.bai, world.other_court, ["post_manager"])
    by_phone(world, 1)
    by_phone(world, 2)
    returned = world.service(NO_PHONE, case_number="（2026）川0191民初3号")
    world.service(NO_PHONE, case_number="（2026）川0191民初9号", hearing_at=now() + timedelta(days=8))
    replace(world, court=world.other_court, an=world.cheng).service(NO_PHONE, case_number="（2026）川0108民初1号")
    world.later(minutes=20)
    world.returned(returned, "untraceable")
    with world.here():
        hands.escalate(open_work(returned, "conformity", "test"), world.zhou, "等了太久")
    world.service(DENG, case_number="（2026）川0191民初10号")
    fold_all()
    client = at(world.bai)
    session = client.session
    session[SESSION_COURT] = world.court.code
    session.save()
    return client


def _said(text: str) -> str:
    """The words of a piece of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", text))).strip()


@dataclass(frozen=True, slots=True)
class Opened:
    """A list: what its head says, and how many it says it holds."""

    head: str
    many: int


def opened(page: Client, href: str) -> Opened:
    answer = page.get(unescape(href))
    assert answer.status_code == 200, href
    text = answer.content.decode()
    said = re.search(r"共 ([\d,]+) 条", text)
    assert said or "没有一件" in text, href
    head = text.partition('<div class="head">')[2].partition('<div class="card card--flush">')[0]
    return Opened(_said(head), int(said.group(1).replace(",", "")) if said else 0)


# What a list says of a column; the other columns' names stand in its title as they are.
_COLUMN = {"用过的任务": "用过", "由此生效": "生效", "合计": "", "任务": "", "委托": "", "件数": "", "次数": ""}


def test_every_number_of_every_chart_opens_a_list_of_as_many_named_for_its_row_and_column(page: Client) -> None:
    walked = set()
    for view in VIEWS:
        for code, kind in CHARTS.items():
            text = page.get(reverse("desk:board_table", args=[view, code])).content.decode()
            for label, cells in re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', text):
                for column, cell in zip(kind.columns[1:], re.findall(r"<td[^>]*>(.*?)</td>", cells), strict=True):
                    link = re.fullmatch(r'<a href="([^"]+)">(\d+)</a>', cell)
                    if link is None:
                        continue
                    found = opened(page, link.group(1))
                    where = (view, code, label, column, found.head)
                    assert found.many == int(link.group(2)), where
                    assert unescape(label) in found.head or (code == "courts" and view != "post"), where
                    assert _COLUMN.get(column, column) in found.head, where
                    walked.add((view, code))
    assert walked == {(view, code) for view in VIEWS for code in CHARTS}


# A number on top, or one that calls for somebody, and what the title of its list says of it.
_TITLES = {"今日受理任务": "受理的任务", "今日生效": "生效的任务", "近30日责任事故": "更正的任务"}


def test_every_number_on_top_and_every_alarm_opens_a_list_of_as_many_with_its_name(page: Client) -> None:
    for view in VIEWS:
        text = page.get(f"/boards/{view}/live/").content.decode()
        tops = re.findall(r'href="([^"]+)"><b data-top="([^"]+)">([\d,]+)</b>', text)
        alarms = re.findall(r'href="([^"]+)">\S+ <b data-alarm="([^"]+)">([\d,]+)</b>', text)
        assert len(tops) == 6
        assert len(alarms) == 6
        for href, label, number in (*tops, *alarms):
            found = opened(page, href)
            assert found.many == int(number.replace(",", "")), (view, label, found)
            assert _TITLES.get(label, label) in found.head, (view, label, found)


def test_every_indicator_on_a_board_and_in_the_catalogue_opens_lists_as_long_as_its_parts(page: Client) -> None:
    for view in VIEWS:
        board = page.get(f"/boards/{view}/").content.decode()
        catalogue = page.get(f"/boards/{view}/indicators/").content.decode()
        for code, about in INDICATORS.items():
            href = reverse("desk:indicator", args=[view, code])
            assert f'href="{href}"' in catalogue
            assert (f'href="{href}"' in board) is (code in VIEWS[view].indicators)
            text = page.get(href).content.decode()
            assert about.name in _said(text.partition("<h1>")[2].partition("</h1>")[0])
            for tab, number in re.findall(r'<li><a href="([^"]+)"[^>]*>分[子母] (\d+)</a>', text):
                assert opened(page, href + unescape(tab)).many == int(number), (view, code)
            shown = re.search(rf'href="{href}" aria-label="[^"]*">([^<]+)</a>', catalogue)
            assert shown
            if about.kind == "count":
                assert opened(page, href).many == int(shown.group(1).replace(",", "")), (view, code)


def test_the_wall_leads_back_to_its_board_and_nowhere_else(page: Client) -> None:
    for view in VIEWS:
        text = page.get(f"/boards/{view}/wall/").content.decode()
        body = text.partition('<main id="main"')[2].partition("</main>")[0]
        assert re.findall(r'<a[^>]* href="([^"]+)"', body) == [reverse("desk:board", args=[view])]


def test_a_list_of_one_court_of_several_says_which(page: Client, world: World) -> None:
    text = page.get(f"/boards/post/behind/started/?court={world.other_court.code}").content.decode()
    assert f"受理的任务（{world.other_court.short_name}）" in text
    assert "共 1 条" in text


def test_what_is_counted_at_this_moment_asks_for_no_days(page: Client) -> None:
    assert 'name="first"' not in page.get("/boards/both/behind/standing/").content.decode()
    assert 'name="first"' in page.get("/boards/both/behind/started/").content.decode()
