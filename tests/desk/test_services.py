"""One service: what is known, who said so, when, what comes next; and no word of success before its fact."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from songda.engine.actions import record
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Service
from songda.lib import clock
from tests.cast import DENG, World
from tests.desk.conftest import At

SUCCESS = re.compile(r"送达生效|已经生效|视为送达已|送达成功|已送达")


def _page(client: Client, service: Service) -> str:
    answer = client.get(f"/services/{service.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def _main(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


@pytest.fixture
def service(world: World) -> Service:
    return world.service()


def test_the_page_answers_what_who_when_and_what_next(world: World, at: At, service: Service) -> None:
    page = _main(_page(at(world.an), service))
    for question in ("现在知道", "由谁说的", "何时发生", "接下来"):
        assert question in page
    assert "工作人员 安雨" in page
    assert "2026年3月2日" in page
    assert "最迟" in page


def test_no_word_of_success_stands_on_the_page_before_an_outcome(world: World, at: At) -> None:
    service = world.service(replace(DENG, consent="stated"))
    world.tell(service, "message.sent", Speaker.PLATFORM, contact=world.contact(service, "phone"))
    world.tell(service, "message.reached", Speaker.PROVIDER, contact=world.contact(service, "phone"))
    page = _main(_page(at(world.an), service))
    assert "通知已到达手机或邮箱" in page
    assert not SUCCESS.search(page)


def test_an_outcome_shows_its_sentence_its_articles_and_its_periods(world: World, at: At) -> None:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.mailed(service, "self")
    page = _main(_page(at(world.an), service))
    assert "送达已经生效" in page
    assert "依据：" in page
    assert "2026年3月3日" in page
    assert "答辩期" in page


def test_the_timeline_tells_when_it_happened_and_when_it_was_learnt(world: World, at: At, service: Service) -> None:
    with world.here():
        record(
            service.pk,
            Told("call.attempted", clock.now() - timedelta(hours=5), Speaker.PROVIDER, detail={"answered": True}),
        )
    page = _main(_page(at(world.an), service))
    assert "04:00" in page
    assert "平台于" in page


def test_numbers_and_names_are_masked(world: World, at: At, service: Service) -> None:
    page = _page(at(world.an), service)
    for secret in ("邓春生", "13900000001", "+8613900000001", "510107198001010312", "人民南路"):
        assert secret not in page


@pytest.mark.parametrize(("what", "value"), [("name", "邓春生"), ("id_number", "510107198001010312")])
def test_a_masked_value_is_shown_for_a_reason_and_the_looking_is_a_fact(
    world: World, at: At, service: Service, what: str, value: str
) -> None:
    client, url = at(world.an), f"/services/{service.pk}/reveal/{what}/"
    assert client.post(url).status_code == 403
    assert value in client.post(url, {"reason": "核对身份证件"}).content.decode()
    with world.here():
        seen = Fact.objects.get(about=service.pk, name="private.revealed")
    assert (seen.speaker_ref, seen.detail["what"]) == (str(world.an.pk), what)


def test_a_contact_point_is_revealed_in_place_for_htmx(world: World, at: At, service: Service) -> None:
    point = world.contact(service, "phone")
    url = f"/services/{service.pk}/reveal/{point}/"
    answer = at(world.an).post(url, {"reason": "电话联系受送达人"}, headers={"HX-Request": "true"})
    assert "13900000001" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_cheng_of_another_court_sees_and_does_nothing(world: World, at: At, service: Service) -> None:
    client = at(world.cheng)
    assert client.get(f"/services/{service.pk}/").status_code == 404
    assert client.get(f"/services/{service.pk}/do/stop/").status_code == 404
    assert client.post(f"/services/{service.pk}/do/stop/", {"reason": "不该能做到"}).status_code == 404
    reveal = client.post(f"/services/{service.pk}/reveal/name/", {"reason": "核对身份证件"})
    assert reveal.status_code == 404
    assert "邓春生" not in reveal.content.decode()


def test_a_clerk_stops_and_reopens_with_a_reason(world: World, at: At, service: Service) -> None:
    client, url = at(world.an), f"/services/{service.pk}/do"
    assert client.post(f"{url}/stop/", {"reason": ""}).status_code == 422
    client.post(f"{url}/stop/", {"reason": "原告撤回起诉"})
    assert world.read(service).step == "stopped"
    page = _page(client, service)
    assert "停止送达" in _main(page)
    assert re.search(r'say--ok"[^>]*role="status".*已记录：停止送达', page, re.DOTALL)
    client.post(f"{url}/reopen/", {"reason": "原告撤回申请被驳回"})
    assert world.read(service).step != "stopped"


def test_an_act_that_makes_no_sense_now_is_told_and_not_done(world: World, at: At, service: Service) -> None:
    client = at(world.an)
    answer = client.post(f"/services/{service.pk}/do/reopen/", {"reason": "试一试"}, follow=True)
    assert re.search(r'say--danger"[^>]*role="alert".*现在不能', answer.content.decode(), re.DOTALL)
    assert "service.reopened" not in world.facts(service)


def test_an_act_of_another_role_is_refused(world: World, at: At, service: Service) -> None:
    assert at(world.fang).post(f"/services/{service.pk}/do/stop/", {"reason": "不归我"}).status_code == 403


def test_collection_at_the_window_is_told_in_the_laws_words_and_takes_effect(
    world: World, at: At, service: Service
) -> None:
    world.later(minutes=30)
    form = {"happened_at": "2026-03-02T09:10", "signer": "self", "id_number_given": "on", "note": "本人持身份证"}
    client = at(world.an)
    answer = client.post(f"/services/{service.pk}/do/collected/", form)
    assert answer.status_code == 302, answer.content.decode()
    assert world.read(service).result == "served"
    assert "送达已经生效" in _main(_page(client, service))


def test_a_signature_of_the_opposing_party_stays_a_fact_and_serves_nobody(
    world: World, at: At, service: Service
) -> None:
    form = {"happened_at": "2026-03-02T08:50", "signer": "opposing_party", "id_number_given": "on"}
    client = at(world.an)
    client.post(f"/services/{service.pk}/do/collected/", form)
    assert "receipt.signed" in world.facts(service)
    assert world.read(service).result == ""
    assert not SUCCESS.search(_main(_page(client, service)))


def test_what_has_not_happened_yet_cannot_be_told(world: World, at: At, service: Service) -> None:
    form = {"happened_at": "2026-03-03T08:50", "signer": "self"}
    answer = at(world.an).post(f"/services/{service.pk}/do/collected/", form)
    assert answer.status_code == 422
    assert "还没有发生的事不能记为事实" in answer.content.decode()
    assert 'value="2026-03-03T08:50"' in answer.content.decode()


def test_a_result_with_an_impossible_date_gets_no_seal_until_the_court_accepts_it(
    world: World, at: At, service: Service
) -> None:
    client = at(world.an)
    before_it_was_handed_over = {"happened_at": "2026-03-02T08:50", "signer": "self", "id_number_given": "on"}
    client.post(f"/services/{service.pk}/do/collected/", before_it_was_handed_over)
    assert (world.read(service).step, world.read(service).result) == ("withheld", "")
    page = _main(_page(client, service))
    assert "结果暂不反馈" in page
    assert "<dt>答辩期" not in page
    assert "补齐法定要件" in page
    assert not SUCCESS.search(page)
    assert "待补正" in client.get("/orders/").content.decode()
    item = world.item(service, "conformity")
    client.post(f"/work-items/{item.pk}/complete/", {"outcome": "accepted", "accepted-reason": "另有录像为证"})
    assert "送达已经生效" in _main(_page(client, service))


def test_what_was_written_beside_a_fact_is_read_for_a_reason(world: World, at: At, service: Service) -> None:
    client = at(world.an)
    client.post(f"/services/{service.pk}/do/stop/", {"reason": "原告刘建国撤回起诉"})
    assert "刘建国撤回" not in _page(client, service)
    with world.here():
        fact = Fact.objects.get(about=service.pk, name="service.stopped")
    url = f"/services/{service.pk}/reveal/{fact.pk}/"
    assert "刘建国撤回" in client.post(url, {"reason": "审查送达情况"}).content.decode()


def test_a_photograph_told_with_a_fact_is_seen_from_its_line(world: World, at: At, service: Service) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    form = {
        "happened_at": "2026-03-02T08:50",
        "signer": "self",
        "exhibits": SimpleUploadedFile("回证.png", picture.getvalue()),
    }
    client = at(world.an)
    client.post(f"/services/{service.pk}/do/collected/", form)
    with world.here():
        exhibit = service.exhibits.get()
    assert _main(_page(client, service)).count(f"/exhibits/{exhibit.pk}/") == 2
    assert client.get(f"/exhibits/{exhibit.pk}/").headers["Content-Type"] == "image/png"
    assert at(world.cheng).get(f"/exhibits/{exhibit.pk}/").status_code == 404


def test_a_correction_is_asked_by_one_and_granted_by_another_and_the_old_course_stays(
    world: World, at: At, service: Service
) -> None:
    fact = world.tell(service, "receipt.signed", Speaker.PERSON, signer="self", via="window", id_number_given=True)
    assert fact is not None
    assert world.read(service).result == "served"
    asked = {"fact": str(fact.pk), "reason": "登记到了别的当事人名下"}
    at(world.an).post(f"/services/{service.pk}/do/correct/", asked)
    item = world.item(service, "correction")
    at(world.bai).post(f"/work-items/{item.pk}/complete/", {"outcome": "granted"})
    assert world.read(service).result == ""
    page = _main(_page(at(world.an), service))
    assert "已更正" in page
    assert "签收" in page


def test_a_correction_chooses_nothing_beforehand_and_offers_nothing_that_cannot_be_wrong(
    world: World, at: At, service: Service
) -> None:
    world.later(hours=1)
    world.tell(service, "call.attempted", Speaker.PROVIDER, answered=True)
    form = _main(at(world.an).get(f"/services/{service.pk}/do/correct/").content.decode())
    offered = [line.split("</option>")[0] for line in form.split("<option")[1:]]
    assert 'value=""' in offered[0]
    assert "电话联系　通信服务商" in offered[1]
    assert "委托受理" not in form


def test_the_page_takes_a_bounded_number_of_queries(
    world: World, at: At, service: Service, django_assert_max_num_queries: Any
) -> None:
    client = at(world.an)
    for _ in range(20):
        world.tell(service, "call.attempted", Speaker.PROVIDER, answered=False)
    with django_assert_max_num_queries(24):
        _page(client, service)
