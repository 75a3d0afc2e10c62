"""The morning's brief: on working days, once, in sentences; what it says is true and nobody else's."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Person
from songda.engine import outbox
from songda.filing.models import Service
from songda.gateways import dispatch
from songda.gateways.errors import GiveUp
from songda.gateways.models import Dispatch
from songda.insight import briefs
from songda.insight.models import Brief
from songda.lib.clock import BEIJING, now
from tests.cast import DENG, JUDGMENT, World, stop_the_clock
from tests.insight.conftest import At
from tests.insight.days import NO_PHONE, by_phone

TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=BEIJING)


def morning(world: World, moment: datetime = TUESDAY) -> int:
    world.later(seconds=(moment - now()).total_seconds())
    return briefs.make_due()


def said(world: World, person: Person) -> dict[str, Any]:
    with world.here():
        found: dict[str, Any] = Brief.objects.filter(person=person).latest("day").said
        return found


def words(client: Client, path: str = "/briefs/") -> str:
    """The brief as it is read: without mark-up, in one line."""
    text = client.get(path).content.decode()
    article = text[text.index('<article class="card brief"') : text.index("</article>")]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", article))


def test_judges_and_clerks_are_briefed_once_on_a_working_morning(world: World) -> None:
    assert morning(world, now()) == 3
    assert morning(world, TUESDAY - timedelta(minutes=1)) == 0
    assert morning(world) == 3
    assert briefs.make_due() == 0
    with world.here():
        assert {one.person for one in Brief.objects.all()} == {world.an, world.bai}


def test_nobody_is_briefed_on_a_day_off(world: World) -> None:
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=BEIJING)
    assert morning(world, saturday) == 0
    assert morning(world, saturday + timedelta(days=2)) == 3


def test_a_make_up_working_day_is_a_working_day(world: World) -> None:
    # The State Council has made Saturday 9 May 2026 a working day.
    assert briefs.is_working_day(world.court, datetime(2026, 5, 9, tzinfo=BEIJING).date())
    stop_the_clock(datetime(2026, 5, 9, 8, 0, tzinfo=BEIJING))
    assert briefs.make_due() == 3


def test_a_day_without_anything_says_so_in_one_sentence(world: World, at: At) -> None:
    morning(world)
    text = words(at(world.an))
    assert "今天没有需要您办理的事；自" in text
    assert "10天内也没有开庭、公告期满或者上诉期届满需要留意。" in text
    assert "等您办理，最早" not in text


def test_what_took_effect_since_yesterday_is_told_once_with_its_case_and_a_masked_name(world: World, at: At) -> None:
    morning(world, now())
    by_phone(world, 1)
    morning(world)
    text = words(at(world.an))
    assert "1项送达生效：（2026）川0191民初1号邓" in text
    assert DENG.name not in text
    morning(world, TUESDAY + timedelta(days=1))
    assert "送达生效" not in words(at(world.an))


def test_a_number_opens_as_many_services_as_it_says(world: World, at: At) -> None:
    for number in range(1, 6):
        by_phone(world, number)
    morning(world)
    page = at(world.an)
    text = page.get("/briefs/").content.decode()
    href = re.search(r'<a href="([^"]+)"><b>5</b></a>项送达生效', text)
    assert href, text
    assert "共 5 条" in page.get(href.group(1)).content.decode()
    assert page.get(href.group(1) + "?export=xlsx").content[:2] == b"PK"


def test_the_judge_hears_of_the_case_the_judge_sits_in_and_another_judge_does_not(world: World, at: At) -> None:
    morning(world, now())
    with world.here():
        service = world.hand_over(DENG, judge=world.bai.username).services.get()
    world.later(hours=1)
    assert world.read(service).case.judge_id == world.bai.pk
    world.tell(service, "service.stopped", "person")
    morning(world)
    assert "1项停止送达" in words(at(world.bai))
    enrol(world.cheng, world.court, ["judge"])
    morning(world, TUESDAY + timedelta(days=1))
    with world.here():
        assert "stopped" not in Brief.objects.get(person=world.cheng).said["news"]


def test_what_waits_for_a_colleague_is_not_told_as_mine_but_counted(world: World, at: At) -> None:
    enrol(world.cheng, world.court, ["clerk"])
    at_risk(world)
    morning(world)
    assert [one["kind"] for one in said(world, world.an)["waiting"]] == ["hearing_at_risk"]
    assert said(world, world.cheng)["waiting"] == []
    assert said(world, world.cheng)["shared"] == 1


def test_a_thing_done_since_is_shown_as_done(world: World, at: At) -> None:
    service = at_risk(world)
    morning(world)
    assert "已办结" not in words(at(world.an))
    world.does(world.an, service, "hearing_at_risk", "noted")
    assert "已办结" in words(at(world.an))


def at_risk(world: World) -> Service:
    """A hearing in eight days whose recipient is not served."""
    return world.service(NO_PHONE, hearing_at=now() + timedelta(days=8), hearing_place="第三审判庭")


def test_a_hearing_at_risk_names_who_is_not_served_where_that_stands_and_until_when(world: World, at: At) -> None:
    at_risk(world)
    morning(world)
    text = words(at(world.an))
    assert "（2026）川0191民初1234号定于3月10日09:00在第三审判庭开庭，邓" in text
    assert re.search(r"尚未送达，现在.+，接下来.+，最迟.+有结果或者另行安排。", text)
    assert "开庭前可能来不及送达，" in text
    assert re.search(r"请在.+前办结。缘由：2026年03月10日09:00开庭，按现有环节可能来不及送达。", text)


def test_a_hearing_further_off_than_the_courts_setting_is_not_told(world: World) -> None:
    decide_policy(world.court, {"brief_days_ahead": 5})
    at_risk(world)
    morning(world)
    assert said(world, world.an)["hearings"] == []


def test_a_judgment_served_on_everybody_is_told_before_it_becomes_final(world: World, at: At) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    carried = {"contact": world.contact(service, "phone")}
    world.tell(service, "consent.given", "recipient", how="stated", **carried)
    world.tell(service, "content.available", "platform", address="confirmed", channel="sms", **carried)
    world.tell(service, "receipt.signed", "recipient", signer="self", via="electronic", **carried)
    assert world.read(service).effective_on == now().date()
    morning(world, datetime(2026, 3, 12, 8, 0, tzinfo=BEIJING))
    text = words(at(world.an))
    assert "的判决已经送达全部1名当事人，上诉期于3月17日届满" in text
    assert "民诉法解释第二百四十四条" in text


def test_nobody_reads_another_persons_brief_nor_another_courts(world: World, at: At) -> None:
    morning(world)
    assert at(world.zhou).get("/briefs/").status_code == 403
    with world.here():
        day = Brief.objects.get(person=world.an).day
        Brief.objects.filter(person=world.bai).delete()
    assert at(world.an).get(f"/briefs/{day}/").status_code == 200
    assert at(world.bai).get(f"/briefs/{day}/").status_code == 404
    assert at(world.an).get("/briefs/yesterday/").status_code == 404
    assert at(world.an).get(f"/briefs/{day}/effective/").status_code == 404


def test_earlier_briefs_stay_as_they_were_told(world: World, at: At) -> None:
    morning(world)
    by_phone(world, 1)
    morning(world, TUESDAY + timedelta(days=1))
    page = at(world.an)
    assert "今天没有需要您办理的事；" in words(page, "/briefs/2026-03-03/")
    assert "1项送达生效" in words(page, "/briefs/2026-03-04/")
    history = page.get("/briefs/").content.decode()
    assert "3月3日，星期二" in history
    assert "3月4日，星期三" in history


# ---- by mail ----


def test_no_mail_is_sent_unless_the_court_decides_so_and_the_person_gave_an_address(world: World, at: At) -> None:
    at(world.an).post("/briefs/address/", {"email": "an@court.example"})
    morning(world)
    decide_policy(world.court, {"brief_by_mail": True})
    morning(world, TUESDAY + timedelta(days=1))
    with world.here():
        sent = Dispatch.objects.get(counterparty="brief")
    assert sent.request["to"] == "an@court.example"


def test_the_mail_says_how_many_and_where_and_nothing_of_any_case(world: World, at: At) -> None:
    decide_policy(world.court, {"brief_by_mail": True})
    at(world.an).post("/briefs/address/", {"email": "an@court.example"})
    at_risk(world)
    morning(world)
    with world.here():
        text = Dispatch.objects.get(counterparty="brief").request["text"]
    assert "1件案件临近开庭而未全部送达" in text
    assert "/briefs/2026-03-03/" in text
    for private in ("民初", "邓", DENG.phone, "第三审判庭"):
        assert private not in text


def test_an_address_that_is_none_changes_nothing(world: World, at: At) -> None:
    at(world.an).post("/briefs/address/", {"email": "an@court.example"})
    at(world.an).post("/briefs/address/", {"email": "nowhere"})
    world.an.refresh_from_db()
    assert world.an.email == "an@court.example"


def test_a_mail_that_cannot_be_sent_stays_on_its_row_and_moves_nothing(world: World, at: At) -> None:
    decide_policy(world.court, {"brief_by_mail": True})
    at(world.an).post("/briefs/address/", {"email": "an@court.example"})
    morning(world)
    row = next(one for one in dispatch.claim(50) if one.counterparty == "brief")
    outbox.settle(row, dispatch.Result(dispatch.State.FAILED, problem=GiveUp("smtp 550").reason))
    with world.here():
        assert Dispatch.objects.get(id=row.id).problem == "smtp 550"
