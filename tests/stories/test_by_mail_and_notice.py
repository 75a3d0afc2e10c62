"""Courses that go by post, by visit and by notice, one person each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from songda.engine import acts
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib.clock import now
from tests.cast import DENG, JUDGMENT, World, upload

NO_PHONE = replace(DENG, phone="")
MEDIATION, PAYMENT_ORDER = upload("mediation", "民事调解书"), upload("payment_order", "支付令")


def _at_the_printer(world: World, **about: object) -> Service:
    """A recipient without a telephone: the sources are asked, find nothing, and the letter is next."""
    service = world.service(about.pop("party", NO_PHONE), **about)
    world.later(minutes=11)
    assert world.read(service).step == "printing"
    return service


def _nobody_home_twice(world: World, service: Service) -> None:
    for _ in range(2):
        world.does(world.fang, service, "visit", "nobody")
        world.later(days=1)


# ---- the post --------------------------------------------------------------------------------------------------


def test_a_letter_signed_by_the_recipient_is_service_on_the_day_of_receipt(world: World) -> None:
    service = _at_the_printer(world)
    world.mailed(service, "self")
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "postal", date(2026, 3, 3))
    assert "service.effective" in world.facts(service)


def test_a_printed_letter_is_on_its_way_only_once_the_carrier_has_it(world: World) -> None:
    service = _at_the_printer(world)
    with world.here():
        carried = {"contact": str(service.waybills.get().contact_point_id)}
    world.tell(service, "papers.printed", **carried)
    assert (world.read(service).step, world.read(service).waiting_for) == ("printing", "交寄与邮政收寄")
    world.tell(service, "mail.accepted", **carried)
    assert world.read(service).step == "mailing"


def test_a_delivered_letter_without_its_receipt_is_no_result_and_somebody_must_ask_for_it(world: World) -> None:
    service = _at_the_printer(world)
    carried = world.printed(service)
    world.tell(service, "mail.delivered", signer="self", id_number_given=True, **carried)
    assert (world.read(service).step, world.read(service).result) == ("completing", "")
    world.later(days=8)
    assert world.item(service, "result_incomplete").role == "mail"
    world.does(world.zhou, service, "result_incomplete", "receipt", signer="self", name="邓春生", id_number_given="on")
    assert world.read(service).result == "served"


def test_a_letter_back_from_a_wrong_address_the_recipient_confirmed_is_deemed_service_that_day(world: World) -> None:
    service = _at_the_printer(world, party=replace(NO_PHONE, address_rank="confirmed"))
    world.tell(service, "call.attempted", "provider", answered=False)
    world.returned(service, "wrong_address")
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("deemed_served", "postal", date(2026, 3, 5))
    assert "第十一条" in str(done.outcome["outcome"]["articles"])


def test_the_same_letter_back_from_an_address_only_registered_serves_nobody_and_the_ladder_goes_on(
    world: World,
) -> None:
    service = _at_the_printer(world, party=replace(NO_PHONE, address_rank="registered"))
    world.returned(service, "wrong_address")
    after = world.read(service)
    assert after.result == ""
    assert after.step != "printing", "nobody gets a second letter at the same place"


def test_a_return_does_not_count_before_its_scan_and_closing(world: World) -> None:
    service = _at_the_printer(world, party=replace(NO_PHONE, address_rank="confirmed"))
    carried = world.printed(service)
    world.tell(service, "mail.returned", because="refused", **carried)
    assert world.read(service).result == ""
    world.tell(service, "mail.receipt_scanned", **carried)
    world.tell(service, "mail.closed", **carried)
    assert world.read(service).result == "deemed_served"


def test_in_a_divorce_the_spouse_cannot_sign_for_the_other(world: World) -> None:
    service = _at_the_printer(world, case_number="（2026）川0191民初99号")
    world.mailed(service, "opposing_party")
    after = world.read(service)
    assert (after.result, after.step) == ("", "visiting")
    assert "receipt.signed" in world.facts(service), "the signature stays a fact"
    assert "对方当事人" in after.outcome["explanation"]


def test_a_late_scan_changes_only_what_the_law_says_it_changes(world: World) -> None:
    service = _at_the_printer(world)
    world.mailed(service, "self")
    before = world.read(service)
    world.later(days=3)
    with world.here():
        waybill = service.waybills.get().number
    world.tell(
        service, "mail.attempt_failed", reason="absent", contact=world.contact(service, "address"), waybill=waybill
    )
    after = world.read(service)
    assert world.facts(service).count("mail.attempt_failed") == 1
    assert (after.result, after.effective_on, after.closed_at) == (before.result, before.effective_on, before.closed_at)


# ---- the visit -------------------------------------------------------------------------------------------------


def _to_the_door(world: World, **about: object) -> Service:
    service = _at_the_printer(world, party=replace(NO_PHONE, address_rank="registered"), **about)
    world.returned(service, "unclaimed")
    assert world.read(service).step == "visiting"
    return service


def test_who_refuses_at_the_door_before_a_witness_is_served_by_leaving_the_papers(world: World) -> None:
    service = _to_the_door(world)
    world.does(world.fang, service, "visit", "left_in_place", refused_by="self", witnesses="1", recorded="")
    done = world.read(service)
    assert (done.result, done.result_method) == ("deemed_served", "left_in_place")
    with world.here():
        assert service.papers.get(kind="record").title == "留置送达记录"


def test_papers_left_without_witness_or_record_serve_nobody(world: World) -> None:
    service = _to_the_door(world)
    world.does(world.fang, service, "visit", "left_in_place", refused_by="self", witnesses="0", recorded="")
    assert world.read(service).result == ""


def test_the_second_visit_is_outside_working_hours(world: World) -> None:
    service = _to_the_door(world)
    world.does(world.fang, service, "visit", "nobody")
    with world.here():
        assert [visit.outside_working_hours for visit in service.visits.order_by("ordinal")] == [False, True]


def test_a_mediation_paper_refused_at_the_door_is_never_left_there(world: World) -> None:
    service = _to_the_door(world, uploads=(MEDIATION,))
    world.does(world.fang, service, "visit", "left_in_place", refused_by="self", witnesses="2", recorded="on")
    after = world.read(service)
    assert after.result == ""
    assert "第一百三十三条" in str(after.outcome)


# ---- the notice ------------------------------------------------------------------------------------------------


def _untraceable(world: World, **about: object) -> Service:
    service = _at_the_printer(world, party=replace(NO_PHONE, address_rank="registered"), **about)
    world.returned(service, "untraceable")
    world.later(minutes=10)
    world.does(world.bai, service, "inquiry_authority", "granted", reason="邮件因下落不明退回，须查明户籍地址")
    world.later(minutes=20)
    return service


def test_after_every_other_way_a_judge_approves_and_thirty_days_after_the_last_publication_it_is_service(
    world: World,
) -> None:
    service = _untraceable(world)
    assert world.read(service).step == "awaiting_approval"
    item = world.item(service, "notice_approval")
    assert [row["label"] for row in item.detail["checklist"]] == [
        "电子送达",
        "协查找人",
        "邮寄送达",
        "直接送达、留置送达",
    ]
    world.does(world.bai, service, "notice_approval", "approved")
    assert world.read(service).step == "noticed"
    first = now().date()
    world.later(days=9)
    world.act(acts.record_by_hand, service, world.an, "notice.published", happened_at=now(), detail={"in": "newspaper"})
    last = now().date()
    world.later(days=31)
    done = world.read(service)
    assert (last - first).days == 9
    assert (done.result, done.result_method) == ("deemed_served", "notice")
    assert (done.effective_on - last).days == 30


def test_nobody_but_a_judge_approves_a_notice(world: World) -> None:
    service = _untraceable(world)
    with pytest.raises(acts.ActRefused, match="角色"):
        world.does(world.an, service, "notice_approval", "approved")
    assert "notice.published" not in world.facts(service)


def test_in_summary_procedure_there_is_no_notice_until_the_case_is_converted(world: World) -> None:
    service = _untraceable(world, procedure="summary")
    assert world.read(service).step == "needs_decision"
    assert "第一百四十条" in world.item(service, "decide").reason
    world.does(world.bai, service, "decide", "converted", reason="已裁定转为普通程序")
    assert world.read(service).step == "awaiting_approval"


def test_a_payment_order_that_cannot_be_served_in_thirty_days_lapses(world: World) -> None:
    service = _untraceable(world, procedure="payment_order", uploads=(PAYMENT_ORDER,))
    assert world.read(service).step == "needs_decision", "no notice for a payment order"
    world.later(days=40)
    done = world.read(service)
    assert done.result == "not_served"
    assert "第四百三十条" in str(done.outcome["outcome"]["articles"])


# ---- by letter, and by hand ------------------------------------------------------------------------------------


def test_a_soldiers_papers_go_through_his_unit_and_nowhere_else(world: World) -> None:
    service = world.service(replace(DENG, kind="soldier"))
    assert service.step == "by_letter"
    with world.here():
        assert service.papers.get().title == "转交送达函"
    world.later(days=5)
    signed_at = (now() - timedelta(hours=2)).isoformat()
    world.does(world.an, service, "letter", "signed", via="forwarded", signer="self", happened_at=signed_at)
    done = world.read(service)
    assert (done.result, done.result_method) == ("served", "forwarded")


def test_a_party_in_taiwan_is_recognised_and_the_ordinary_ladder_stays_shut(world: World) -> None:
    service = world.service(replace(DENG, kind="taiwan"))
    assert (service.step, world.item(service, "letter").role) == ("by_letter", "clerk")
    assert "call.attempted" not in world.facts(service)


def test_a_correction_needs_a_second_person_and_leaves_the_old_course_to_be_seen(world: World) -> None:
    service = _at_the_printer(world, uploads=(JUDGMENT,))
    world.mailed(service, "self")
    assert world.read(service).result == "served"
    with world.here():
        fact = Fact.objects.get(name="receipt.signed").id
    world.act(acts.ask_correction, service, world.an, fact, "投递员登记有误，签收人并非本人")
    assert world.read(service).result == "served", "asked is not granted"
    world.does(world.bai, service, "correction", "granted")
    after = world.read(service)
    assert (after.result, after.closed_at) == ("", None)
    assert world.facts(service).count("receipt.signed") == 1


def test_a_stopped_service_begins_nothing_more_and_can_be_reopened(world: World) -> None:
    service = world.service(NO_PHONE)
    world.act(acts.stop, service, world.an, "当事人已撤诉")
    assert world.read(service).step == "stopped"
    world.later(days=2)
    assert "papers.printed" not in world.facts(service)
    world.act(acts.reopen, service, world.an, "撤诉未获准许")
    assert world.read(service).closed_at is None


def test_papers_collected_at_the_window_are_served_that_day(world: World) -> None:
    service = world.service(NO_PHONE)
    world.act(
        acts.record_by_hand,
        service,
        world.zhou,
        "receipt.signed",
        happened_at=now(),
        detail={"signer": "self", "via": "window", "id_number_given": True},
    )
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "direct", date(2026, 3, 2))


def test_a_correction_that_leaves_the_result_as_it_was_is_said_and_proved_anew(world: World) -> None:
    service = _at_the_printer(world)
    world.mailed(service, "self")
    with world.here():
        fact = Fact.objects.get(about=service.id, name="mail.accepted").id
    world.act(acts.ask_correction, service, world.an, fact, "收寄时间登记有误")
    world.does(world.bai, service, "correction", "granted")
    assert world.read(service).result == "served"
    assert world.facts(service).count("service.effective") == 2
