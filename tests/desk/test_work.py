"""待办: claimed, handed on, ended with an outcome of the table; decisions with their grounds beside them."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Person
from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from songda.engine.work import WORK
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.lib import clock
from tests.cast import DENG, World
from tests.desk.conftest import At


@pytest.fixture
def call(world: World) -> WorkItem:
    """A call that a person has to make: the court's policy asks for it."""
    decide_policy(world.court, {"consent_by": "clerk"})
    service = world.service()
    return world.item(service, "call")


@pytest.fixture
def approval(world: World) -> WorkItem:
    """A notice that waits for the judge: everything else was tried."""
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.returned(service, "untraceable")
    for _ in range(40):
        if world.read(service).step == "awaiting_approval":
            break
        _go_on(world, service)
    return world.item(service, "notice_approval")


def _go_on(world: World, service: Service) -> None:
    """Nobody is found and nobody is home, until nothing is left."""
    with world.here():
        visit = WorkItem.objects.filter(service=service, kind="visit", done_at=None).exists()
    if visit:
        world.does(world.fang, service, "visit", "unknown_there")
    world.later(days=1)


def _facts(world: World, item: WorkItem) -> list[str]:
    with world.here():
        return world.facts(Service.objects.get(pk=item.service_id))


def test_an_item_says_what_to_do_whose_it_is_and_by_when(world: World, at: At, call: WorkItem) -> None:
    page = at(world.zhou).get(f"/work-items/{call.pk}/").content.decode()
    assert WORK["call"].question in page
    assert "尚无人认领" in page
    assert "最迟" in page


@pytest.mark.parametrize("kind", sorted(WORK))
def test_every_kind_of_item_has_a_page_with_all_its_outcomes(world: World, at: At, kind: str) -> None:
    service = world.service()
    with world.here():
        item = open_work(service, kind, f"test:{kind}", reason="测试")
    page = at(world.zhou).get(f"/work-items/{item.pk}/").content.decode()
    for outcome in WORK[kind].outcomes.values():
        assert f"<summary>{outcome.label}</summary>" in page


def test_claiming_makes_it_mine_and_a_second_claim_is_told_so(world: World, at: At, call: WorkItem) -> None:
    at(world.zhou).post(f"/work-items/{call.pk}/claim/")
    second = Person.objects.create_user("qin", "x", name="秦风", organisation="post")
    enrol(second, world.court, ["electronic"])
    answer = at(second).post(f"/work-items/{call.pk}/claim/", follow=True)
    assert "已由他人办理" in answer.content.decode()
    assert "周岚" in answer.content.decode()


def test_an_item_is_ended_with_an_outcome_and_its_facts_are_told(world: World, at: At, call: WorkItem) -> None:
    answer = at(world.zhou).post(
        f"/work-items/{call.pk}/complete/", {"outcome": "consented", "consented-recorded": "on"}
    )
    assert answer.status_code == 302
    assert "consent.given" in _facts(world, call)
    with world.here():
        assert WorkItem.objects.get(pk=call.pk).done_by == world.zhou


def test_an_ended_item_cannot_be_ended_again(world: World, at: At, call: WorkItem) -> None:
    client = at(world.zhou)
    client.post(f"/work-items/{call.pk}/complete/", {"outcome": "no_answer"})
    client.post(f"/work-items/{call.pk}/complete/", {"outcome": "consented"})
    assert "consent.given" not in _facts(world, call)


def test_an_outcome_that_wants_a_reason_keeps_what_was_typed(world: World, at: At) -> None:
    service = world.service()
    with world.here():
        item = open_work(service, "decide", "test", reason="测试")
    answer = at(world.bai).post(f"/work-items/{item.pk}/complete/", {"outcome": "give_up", "give_up-reason": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(r"<details[^>]* open><summary>终止送达", page)
    assert 'aria-invalid="true"' in page


def test_someone_without_the_role_is_refused(world: World, at: At, call: WorkItem) -> None:
    answer = at(world.fang).post(f"/work-items/{call.pk}/complete/", {"outcome": "consented"})
    assert answer.status_code == 422
    assert "没有办理该待办的角色" in answer.content.decode()


def test_an_item_is_handed_only_to_who_may_do_it(world: World, at: At, call: WorkItem) -> None:
    second = Person.objects.create_user("qin", "x", name="秦风", organisation="post")
    enrol(second, world.court, ["electronic"])
    client = at(world.zhou)
    client.post(f"/work-items/{call.pk}/pass/", {"to": str(second.pk)})
    with world.here():
        assert WorkItem.objects.get(pk=call.pk).owner == second
    assert client.post(f"/work-items/{call.pk}/pass/", {"to": str(world.bai.pk)}).status_code == 422


def test_the_list_has_the_nearest_limit_on_top_and_says_what_is_late(world: World, at: At, call: WorkItem) -> None:
    world.later(minutes=30)
    page = at(world.zhou).get("/work-items/").content.decode()
    assert "item--late" in page
    assert "已超期" in page


def test_who_serves_two_courts_sees_that_something_waits_at_the_other(world: World, at: At, call: WorkItem) -> None:
    enrol(world.zhou, world.other_court, ["electronic"])
    enrol(world.fang, world.other_court, ["courier"])
    assert "件待办在其他法院" in at(world.zhou).get("/work-items/").content.decode()
    assert "件待办在其他法院" not in at(world.fang).get("/work-items/").content.decode()
    assert "件待办在其他法院" not in at(world.cheng).get("/work-items/").content.decode()


def test_a_work_item_of_another_court_is_not_there(world: World, at: At, call: WorkItem) -> None:
    client = at(world.cheng)
    assert client.get(f"/work-items/{call.pk}/").status_code == 404
    assert client.post(f"/work-items/{call.pk}/complete/", {"outcome": "consented"}).status_code == 404
    assert client.post(f"/work-items/{call.pk}/claim/").status_code == 404
    assert "邓**" not in client.get("/work-items/?tab=court").content.decode()


def test_the_judge_sees_the_draft_what_was_tried_and_the_law(world: World, at: At, approval: WorkItem) -> None:
    page = at(world.bai).get(f"/work-items/{approval.pk}/").content.decode()
    assert "公告文稿" in page
    assert "穷尽核对" in page
    assert "民事诉讼法第九十一条" in page
    assert "已办" in page


def test_the_judge_finds_everything_that_a_judge_decides_under_approvals(
    world: World, at: At, approval: WorkItem
) -> None:
    with world.here():
        service = Service.objects.get(pk=approval.service_id)
        kinds = [code for code, kind in WORK.items() if kind.role == "judge"]
        for code in kinds:
            open_work(service, code, f"each:{code}", reason=f"事由-{code}", detail={})
    page = at(world.bai).get("/approvals/").content.decode()
    assert [code for code in kinds if f"事由-{code}" not in page] == []


def test_a_judge_calls_up_nobody_where_nobody_is_above_them(world: World, at: At, approval: WorkItem) -> None:
    url = f"/work-items/{approval.pk}/"
    assert "上报法官" not in at(world.bai).get(url).content.decode()
    assert "上报法官" in at(world.an).get(url).content.decode()
    enrol(world.cheng, world.court, ["manager"])
    assert "<summary>上报" in at(world.bai).get(url).content.decode()


def test_a_notice_is_approved_with_one_button(world: World, at: At, approval: WorkItem) -> None:
    at(world.bai).post(f"/work-items/{approval.pk}/complete/", {"outcome": "approved"})
    assert "notice.approved" in _facts(world, approval)


def test_what_somebody_has_just_decided_is_told_to_who_decides_it_again(
    world: World, at: At, approval: WorkItem
) -> None:
    at(world.bai).post(f"/work-items/{approval.pk}/complete/", {"outcome": "approved"})
    before = _facts(world, approval)
    again = at(world.bai).post(f"/work-items/{approval.pk}/complete/", {"outcome": "refused", "reason": "再查一次"})
    assert again.headers["Location"] == f"/work-items/{approval.pk}/"
    page = at(world.bai).get(f"/work-items/{approval.pk}/").content.decode()
    assert "白松" in page
    told = at(world.bai)
    answer = told.post(f"/work-items/{approval.pk}/complete/", {"outcome": "approved"}, follow=True).content.decode()
    assert "已由白松办结，这次没有重复办理" in answer
    assert _facts(world, approval) == before


def test_each_of_two_corrections_shows_the_fact_it_is_about(world: World, at: At) -> None:
    service = world.service()
    facts = [
        world.tell(service, "call.attempted", Speaker.PROVIDER, answered=True),
        world.tell(service, "receipt.signed", Speaker.CARRIER, signer="self", via="mail"),
    ]
    client, reasons = at(world.an), ("打给了别人", "签在了别的回执上")
    for fact, reason in zip(facts, reasons, strict=True):
        assert fact is not None
        client.post(f"/services/{service.pk}/do/correct/", {"fact": str(fact.pk), "reason": reason})
    with world.here():
        items = list(WorkItem.objects.filter(service=service, kind="correction").order_by("opened_at", "id"))
    pages = [at(world.bai).get(f"/work-items/{one.pk}/").content.decode() for one in items]
    for page, mine, other in ((pages[0], *reasons), (pages[1], *reversed(reasons))):
        assert "公告文稿" not in page
        card = page.split("请求更正</h2>")[1].split("</section>")[0]
        assert mine in card
        assert other not in card
    assert "电话联系" in pages[0].split("请求更正</h2>")[1].split("</section>")[0]
    assert "签收人" in pages[1].split("请求更正</h2>")[1].split("</section>")[0]
    at(world.bai).post(f"/work-items/{items[0].pk}/complete/", {"outcome": "granted"})
    assert reasons[0] in at(world.bai).get(f"/work-items/{items[0].pk}/").content.decode()


def test_the_asker_of_a_correction_is_told_that_another_must_answer(world: World, at: At) -> None:
    enrol(world.an, world.court, ["judge"])
    service = world.service()
    fact = world.tell(service, "call.attempted", Speaker.PROVIDER, answered=True)
    assert fact is not None
    client = at(world.an)
    client.post(f"/services/{service.pk}/do/correct/", {"fact": str(fact.pk), "reason": "打给了别人"})
    item = world.item(service, "correction")
    assert "须由提出人以外的另一人" in client.get(f"/work-items/{item.pk}/").content.decode()
    assert client.post(f"/work-items/{item.pk}/complete/", {"outcome": "granted"}).status_code == 422


def test_a_hearing_at_hand_with_an_open_service_is_on_the_first_page(world: World, at: At) -> None:
    world.hand_over(hearing_at=clock.now() + timedelta(days=4))
    page = at(world.an).get("/work-items/").content.decode()
    assert "开庭将近" in page
    assert "（2026）川0191民初1234号" in page


@pytest.mark.parametrize("url", ["/calls/", "/mail/", "/visits/"])
def test_the_zones_lists_open_for_those_who_work_there(world: World, at: At, url: str, call: WorkItem) -> None:
    assert at(world.zhou).get(url).status_code == 200


def test_the_work_list_takes_a_bounded_number_of_queries(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    service = world.service()
    with world.here():
        for number in range(30):
            open_work(service, "letter", f"test:{number}")
    client = at(world.an)
    with django_assert_max_num_queries(14):
        client.get("/work-items/")


def test_what_somebody_ended_last_is_read_along_its_index_however_much_they_ever_did(world: World, at: At) -> None:
    client = at(world.an)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/work-items/?tab=done").status_code == 200
    [done] = [one["sql"] for one in asked.captured_queries if '"done_by_id" =' in one["sql"]]
    with world.here(), connection.cursor() as cursor:
        # A few rows are sorted whole; this asks for the plan that reads none it does not show.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {done}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using work_item_done on" in plan, plan
    assert "JOIN" not in done
