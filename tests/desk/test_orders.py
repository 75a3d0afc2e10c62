"""What was handed over: found by what people have in hand, within the court, in few queries."""

import io
from dataclasses import replace
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client

from songda.engine import acts
from songda.filing.models import Order
from songda.filing.queries import cases_numbered
from tests.cast import DENG, JUDGMENT, World
from tests.desk.conftest import At

GUO = replace(DENG, name="郭海燕", id_number="", phone="13900000002", address="成都市武侯区一环路南二段1号")


def _page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.fixture
def order(world: World) -> Order:
    return world.hand_over(note="请先电话联系")


def test_the_list_shows_the_case_and_hides_the_middle_of_a_name(world: World, at: At, order: Order) -> None:
    page = _page(at(world.an), "/orders/")
    assert "（2026）川0191民初1234号" in page
    assert "邓**" in page
    assert "邓春生" not in page


@pytest.mark.parametrize(
    "asked",
    [
        *("1234", "1234号", "初1234", "民初 1234", "(2026)川0191民初1234", "(2026)川0191民初1234号"),
        *("邓春生", "13900000001", "139 0000 0001"),
    ],
)
def test_an_order_is_found_by_what_people_have_in_hand(world: World, at: At, order: Order, asked: str) -> None:
    world.hand_over(GUO, case_number="（2026）川0191民初77号")
    page = at(world.an).get("/orders/", {"q": asked}).content.decode()
    assert "民初1234号" in page
    assert "民初77号" not in page


def test_the_serial_is_typed_whole(world: World, at: At, order: Order) -> None:
    page = _page(at(world.an), "/orders/?q=民初123")
    assert "民初1234号" not in page
    assert "要有完整的序号" in page


def test_a_part_of_a_number_is_looked_up_along_the_index_of_serials(world: World, order: Order) -> None:
    """As the application's role, behind row-level security, which keeps from an index whatever might leak."""
    with world.here(), connection.cursor() as cursor:
        # Few rows are always read whole; this asks whether the planner may do otherwise, whatever their number.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = cases_numbered("民初 1234").explain(verbose=True)
        [condition] = [line for line in plan.splitlines() if "Index Cond" in line]
        assert "serial = 1234" in condition, plan
        assert [case.serial for case in cases_numbered("民初 1234")] == [1234]


def test_an_order_is_found_by_its_waybill(world: World, at: At) -> None:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    carried = world.printed(service)
    page = at(world.an).get("/orders/", {"q": carried["waybill"]}).content.decode()
    assert "民初1234号" in page


def test_nothing_found_says_how_to_look(world: World, at: At, order: Order) -> None:
    page = at(world.an).get("/orders/", {"q": "没有这个人"}).content.decode()
    assert "没有找到" in page
    assert "姓名、电话、邮件号要写全" in page


def test_an_empty_court_is_shown_the_way_in(world: World, at: At) -> None:
    assert "这里还没有委托" in _page(at(world.an), "/orders/")


def test_the_tabs_tell_open_from_done(world: World, at: At, order: Order) -> None:
    client = at(world.an)
    assert "民初1234号" in _page(client, "/orders/?tab=open")
    assert "民初1234号" not in _page(client, "/orders/?tab=done")
    with world.here():
        service = order.services.get()
    world.act(acts.stop, service, world.an, "原告撤回起诉")
    assert "民初1234号" in _page(client, "/orders/?tab=done")


def test_sorting_turns_round_and_an_unknown_order_is_ignored(world: World, at: At) -> None:
    for number in ("（2026）川0191民初1号", "（2026）川0191民初2号"):
        world.hand_over(case_number=number)
    client = at(world.an)
    rising = _page(client, "/orders/?sort=case__number")
    assert rising.index("民初1号") < rising.index("民初2号")
    assert 'aria-sort="ascending"' in rising
    falling = _page(client, "/orders/?sort=-case__number")
    assert falling.index("民初2号") < falling.index("民初1号")
    assert client.get("/orders/?sort=handed_over_by__password").status_code == 200


def test_the_list_is_exported_with_names_as_masked_as_on_the_page(world: World, at: At, order: Order) -> None:
    answer = at(world.an).get("/orders/", {"export": "xlsx"})
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["案号", "受送达人"]
    assert rows[1][0] == "（2026）川0191民初1234号"
    assert "邓**" in str(rows[1][1])
    assert "春生" not in str(rows)


def test_the_list_takes_as_many_queries_for_fifty_orders_as_for_one(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 13):
        world.hand_over(case_number=f"（2026）川0191民初{number}号")
    client = at(world.an)
    with django_assert_max_num_queries(12):
        _page(client, "/orders/")


def test_one_order_lists_its_recipients_and_papers_and_the_note(world: World, at: At, order: Order) -> None:
    page = _page(at(world.an), f"/orders/{order.pk}/")
    assert "起诉状副本" in page
    assert "邓**" in page
    assert "请先电话联系" in page


def test_clerk_cheng_of_another_court_finds_nothing_of_it(world: World, at: At, order: Order) -> None:
    client = at(world.cheng)
    assert client.get(f"/orders/{order.pk}/").status_code == 404
    for asked in ("1234", "邓春生", "13900000001", ""):
        assert "民初1234号" not in client.get("/orders/", {"q": asked}).content.decode()


def test_a_paper_is_read_in_its_court_and_nowhere_else(world: World, at: At, order: Order) -> None:
    with world.here():
        document = order.case.documents.first()
    answer = at(world.an).get(f"/documents/{document.pk}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF")
    assert at(world.cheng).get(f"/documents/{document.pk}/").status_code == 404


def test_the_day_a_judgment_is_final_waits_for_every_party(world: World, at: At) -> None:
    other = replace(DENG, name="孙若兰", id_number="", phone="", address="四川省成都市成华区建设路26号3栋1单元1201室")
    order = world.hand_over(replace(DENG, phone=""), other, uploads=(JUDGMENT,))
    world.later(minutes=11)
    with world.here():
        first, second = order.services.order_by("number")
    world.mailed(first, "self")
    page = at(world.an).get(f"/orders/{order.pk}/").content.decode()
    assert "2名当事人中，还有1名的上诉期没有开始计算" in page
    world.mailed(second, "self")
    assert "最后一名当事人的上诉期于2026年3月19日届满" in at(world.an).get(f"/orders/{order.pk}/").content.decode()
