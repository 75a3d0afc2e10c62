"""One person's ways in one place: what each is, what it is worth and why, what was tried; and what a person may do."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from songda.courts import actions as courts
from songda.desk.words import REVEAL_REASONS
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.methods.models import Access
from tests.cast import DENG, World
from tests.finding.test_page import _at

PHONE = "13900000055"


def page(world: World, service: Service, person: str = "an") -> str:
    answer = _at(getattr(world, person)).get(reverse("desk:contacts", args=[service.id]))
    assert answer.status_code == 200
    return answer.content.decode()


def point(world: World, service: Service, kind: str) -> ContactPoint:
    with world.here():
        return ContactPoint.objects.get(party_id=service.party_id, kind=kind, withdrawn_at=None)


def do(
    world: World, service: Service, contact: ContactPoint, code: str, person: str = "an", **said: str
) -> HttpResponse:
    answer = _at(getattr(world, person)).post(reverse("desk:contact_act", args=[service.id, contact.id, code]), said)
    assert isinstance(answer, HttpResponse)
    return answer


def fact(world: World, service: Service, name: str) -> Fact:
    with world.here():
        return Fact.objects.filter(about=service.id, name=name).latest("learnt_at")


def _returned(world: World) -> Service:
    service = world.service(replace(DENG, phone="", address_rank="registered"))
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    return service


# ---- what it shows -----------------------------------------------------------------------------------------------


def test_each_way_has_its_source_its_rank_with_the_article_and_how_its_worth_was_learnt(world: World) -> None:
    service = world.service()
    shown = page(world, service)
    assert "送达委托" in shown
    assert "诉讼材料载明" in shown
    assert "法发〔2017〕19号第八条" in shown
    assert "按“诉讼材料载明”起算75%，相当于8次" in shown
    assert "四川省成都市武侯区 510107" in shown or "武侯区" in shown


def test_what_was_tried_at_each_and_how_it_ended_stands_with_it(world: World) -> None:
    service = _returned(world)
    shown = page(world, service)
    assert "邮件退回" in shown
    assert "收件人逾期未领" in shown or "逾期" in shown
    world.tell(service, "visit.failed", because="untraceable", contact=str(point(world, service, "address").id))
    shown = page(world, service)
    assert "本身用过1次，0次有效" in shown
    assert "无效，" in shown


def test_values_are_masked_until_a_reason_is_given_and_reading_is_a_fact(world: World) -> None:
    service = world.service()
    assert DENG.phone not in page(world, service)
    assert "人民南路" not in page(world, service)
    door = reverse("desk:reveal", args=[service.id, str(point(world, service, "phone").id)])
    assert DENG.phone in _at(world.an).post(door, {"reason": REVEAL_REASONS[0]}).content.decode()
    assert fact(world, service, "private.revealed").speaker_ref == str(world.an.id)


def test_withdrawn_ways_stay_to_be_read_with_the_reason(world: World) -> None:
    service = world.service()
    do(world, service, point(world, service, "phone"), "withdraw", because="out_of_service", reason="拨打提示空号")
    shown = page(world, service)
    assert "停机、空号，邮箱或者账号失效" in shown
    assert "已停用" in shown


def test_the_same_person_in_other_cases_is_shown_as_far_as_the_court_lets_it(world: World) -> None:
    one = world.service(case_number="（2026）川0191民初1号")
    other = world.service(replace(DENG, phone=PHONE), case_number="（2026）川0191民初2号")
    assert "（2026）川0191民初1号" in page(world, other)
    assert reverse("desk:contacts", args=[one.id]) in page(world, other)
    world.court.policy = {"recognise_across_cases": False}
    world.court.save()
    assert "（2026）川0191民初1号" not in page(world, other)


def test_another_court_finds_nothing_and_who_has_no_business_here_is_refused(world: World) -> None:
    service = world.service()
    door = reverse("desk:contacts", args=[service.id])
    assert _at(world.cheng).get(door).status_code == 404
    assert _at(world.fang).get(door).status_code == 403
    assert Client().get(door).status_code == 302
    acting = reverse("desk:contact_act", args=[service.id, point(world, service, "phone").id, "withdraw"])
    said = {"because": "moved", "reason": "越权"}
    assert _at(world.cheng).post(acting, said).status_code == 404
    assert _at(world.fang).post(acting, said).status_code == 403
    assert point(world, service, "phone").withdrawn_at is None


def test_the_service_page_and_the_order_page_lead_here(world: World) -> None:
    service = world.service()
    door = reverse("desk:contacts", args=[service.id])
    client = _at(world.an)
    assert door in client.get(reverse("desk:service", args=[service.id])).content.decode()
    assert door in client.get(reverse("desk:order", args=[service.order_id])).content.decode()


# ---- what can be done there --------------------------------------------------------------------------------------


def test_a_way_is_added_with_its_rank_and_where_it_is_known_from(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    door = reverse("desk:contact_add", args=[service.id])
    client = _at(world.an)
    said = {"kind": "phone", "value": "139 0000 0055", "rank": "filed", "reason": "原告当庭提供"}
    assert client.post(door, {**said, "reason": ""}).status_code == 422
    assert client.post(door, {**said, "value": "12"}).status_code == 422
    assert client.post(door, said).status_code == 302
    added = point(world, service, "phone")
    assert (added.value, added.source, added.rank) == (PHONE, "person", "filed")
    told = fact(world, service, "contact.added")
    assert (told.speaker_ref, told.private) == (str(world.an.id), {"reason": "原告当庭提供"})


def test_an_account_is_added_with_its_platform_masked_and_says_why_it_is_not_written_to(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    door = reverse("desk:contact_add", args=[service.id])
    client = _at(world.an)
    said = {"kind": "account", "value": "Deng_2026", "rank": "unknown", "reason": "原告称是被告的微信"}
    assert client.post(door, said).status_code == 422, "an account without its platform says nothing"
    assert client.post(door, {**said, "platform": "wechat"}).status_code == 302
    shown = page(world, service)
    assert "账号（微信）" in shown
    assert "de*****26" in shown
    assert "deng_2026" not in shown.lower()
    assert "不能确认为其本人使用（在线诉讼规则第三十一条）" in shown


def test_a_strangers_number_is_shut_at_once_in_every_case(world: World) -> None:
    one = world.service(case_number="（2026）川0191民初1号")
    other = world.service(case_number="（2026）川0191民初2号")
    do(world, one, point(world, one, "phone"), "withdraw", because="wrong_person", reason="接听者称不认识")
    with world.here():
        gone = ContactPoint.objects.filter(kind="phone").values_list("withdrawn_why", flat=True)
        assert set(gone) == {"wrong_person"}
        assert not Access.objects.filter(service__in=[one, other], withdrawn_at=None).exists()
    assert fact(world, one, "contact.withdrawn").detail["because"] == "wrong_person"


def test_withdrawing_wants_a_cause_and_a_reason(world: World) -> None:
    service = world.service()
    contact = point(world, service, "phone")
    assert do(world, service, contact, "withdraw", because="", reason="空号").status_code == 422
    assert do(world, service, contact, "withdraw", because="moved", reason="").status_code == 422
    assert point(world, service, "phone").withdrawn_at is None


def test_the_same_address_is_tried_again_from_the_service_page_with_a_reason(world: World) -> None:
    service = _returned(world)
    address = point(world, service, "address")
    door = reverse("desk:contact_act", args=[service.id, address.id, "retry"])
    client = _at(world.an)
    shown = client.get(reverse("desk:service", args=[service.id])).content.decode()
    assert f'href="{door}"' in shown
    assert "说明理由" in client.get(door).content.decode()
    assert client.post(door, {"reason": ""}).status_code == 422
    assert world.read(service).step == "visiting"
    assert client.post(door, {"reason": "邻居称受送达人已返回该处居住"}).status_code == 302
    assert world.read(service).step == "printing"
    told = fact(world, service, "address.retried")
    assert (told.speaker_ref, told.private) == (str(world.an.id), {"reason": "邻居称受送达人已返回该处居住"})


def test_a_telephone_is_not_posted_to(world: World) -> None:
    service = world.service()
    contact = point(world, service, "phone")
    shown = _at(world.an).get(reverse("desk:service", args=[service.id])).content.decode()
    assert reverse("desk:contact_act", args=[service.id, contact.id, "retry"]) not in shown
    assert do(world, service, contact, "retry", reason="再试一次").status_code == 302
    assert "address.retried" not in world.facts(service)


def _doubtful(world: World) -> Service:
    service = world.service(replace(DENG, phone="", address="四川省成都市武侯区人民南路四段"))
    world.later(minutes=11)
    assert world.item(service, "address_gate").done_at is None
    return service


def test_a_doubtful_address_is_passed_with_a_reason_and_is_printed(world: World) -> None:
    service = _doubtful(world)
    address = point(world, service, "address")
    assert "核实后放行打印" in page(world, service)
    assert do(world, service, address, "pass", reason="电话核实，门卫代收").status_code == 302
    assert world.read(service).step == "printing"
    told = fact(world, service, "address.checked")
    assert (told.detail["passed"], told.speaker_ref) == (True, str(world.an.id))
    with world.here():
        assert service.waybills.count() == 1
        assert not service.work_items.filter(kind="address_gate", done_at=None).exists()


def test_a_wrong_address_is_corrected_and_keeps_its_rank(world: World) -> None:
    service = _doubtful(world)
    said = {"address": "四川省成都市武侯区人民南路四段27号2栋1单元301室", "reason": "核对原告补充材料"}
    assert do(world, service, point(world, service, "address"), "correct", **said).status_code == 302
    right = point(world, service, "address")
    assert (right.value, right.rank) == (said["address"], "filed")
    assert "已更正为另一写法" in page(world, service)
    assert world.read(service).step == "printing"


def test_the_division_is_said_by_hand_and_must_fit_the_address(world: World) -> None:
    service = world.service(replace(DENG, phone="", address="人民南路四段27号2栋1单元301室"))
    address = point(world, service, "address")
    assert do(world, service, address, "place", division="999999", reason="查地图").status_code == 422
    assert do(world, service, address, "place", division="510107", reason="查地图").status_code == 302
    assert point(world, service, "address").division_code == "510107"
    assert fact(world, service, "address.placed").detail["division"] == "510107"
    wrong = world.service(DENG, case_number="（2026）川0191民初2号")
    answer = do(world, wrong, point(world, wrong, "address"), "place", division="510108", reason="查地图")
    assert (answer.status_code, "不符" in answer.content.decode()) == (422, True)


# ---- for machines ------------------------------------------------------------------------------------------------


def test_a_court_system_reads_the_same_masked_and_a_whole_value_only_for_a_reason(world: World) -> None:
    service = world.service()
    key = courts.issue_key(world.court, world.an, "案件系统")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    listed = client.get(f"/api/v1/services/{service.id}/contacts").json()
    assert [one["kind"] for one in listed] == ["phone", "address"]
    assert (listed[0]["masked"], listed[1]["article"]) == ("139****0001", "法发〔2017〕19号第八条")
    assert listed[0]["steps"]
    door = f"/api/v1/services/{service.id}/contacts/{listed[0]['id']}/reveal"
    assert client.post(door, {"reason": ""}, content_type="application/json").status_code == 422
    told = client.post(door, {"reason": "核对受送达人电话"}, content_type="application/json").json()
    assert told == {"value": DENG.phone}
    assert fact(world, service, "private.revealed").private == {"reason": "核对受送达人电话"}


def test_another_courts_system_reads_nothing(world: World) -> None:
    service = world.service()
    key = courts.issue_key(world.other_court, world.cheng, "案件系统")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert client.get(f"/api/v1/services/{service.id}/contacts").status_code == 404


@pytest.mark.parametrize("code", ["nothing", "add"])
def test_an_act_that_is_none_is_not_found(world: World, code: str) -> None:
    service = world.service()
    assert do(world, service, point(world, service, "phone"), code, reason="试试").status_code == 404
