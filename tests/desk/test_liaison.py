"""联络 at the desk: an inbox, conversations, irregularities and improvement requests, each in its own court."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from songda.courts.actions import enrol
from songda.courts.models import Person
from songda.engine import hands
from songda.engine.performing import open_work
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.liaison import actions, irregularities, queries
from songda.liaison.models import AttachmentReading, Improvement, Irregularity, Note
from songda.lib import clock
from tests import cast
from tests.cast import World
from tests.desk.conftest import At


@pytest.fixture
def service(world: World) -> Service:
    return world.service()


@pytest.fixture
def meng(world: World) -> Person:
    meng = Person.objects.create_user("meng", cast.PASSWORD, name="孟珂", organisation="court")
    enrol(meng, world.court, ["manager", "court_liaison"])
    return meng


def _talk(service: Service) -> str:
    return f"/liaison/service/{service.pk}/"


def _say(world: World, service: Service, person: Person, text: str) -> Note:
    with world.here():
        return actions.say(queries.of_service(world.read(service)), person, text)


def _raise(world: World, service: Service, person: Person) -> Irregularity:
    with world.here():
        return irregularities.raise_one(queries.of_service(world.read(service)), person, "papers", "grave", "缺第二页")


def _page(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


# ---- speaking --------------------------------------------------------------------------------------------------


def test_what_is_typed_is_said_and_comes_back_in_the_page(world: World, at: At, service: Service) -> None:
    answer = at(world.an).post(f"{_talk(service)}say/", {"text": "被告已搬家", "key": "k"}, follow=True)
    assert "被告已搬家" in answer.content.decode()
    assert "已通知 电子" in answer.content.decode()


def test_the_other_side_sees_it_in_the_inbox_in_the_rail_and_on_the_service(
    world: World, at: At, service: Service
) -> None:
    _say(world, service, world.an, "被告已搬家")
    inbox = _page(at(world.zhou), "/liaison/")
    assert "被告已搬家" in inbox
    assert re.search(r"联络<span class=\"count count--late\">1</span>", inbox)
    assert "被告已搬家" in _page(at(world.zhou), f"/services/{service.pk}/")
    assert "被告已搬家" in _page(at(world.zhou), f"/orders/{service.order_id}/")


def test_reading_a_conversation_takes_it_off_what_is_new(world: World, at: At, service: Service) -> None:
    _say(world, service, world.an, "被告已搬家")
    client = at(world.zhou)
    _page(client, _talk(service))
    assert 'count--late">1' not in _page(client, "/liaison/")


def test_what_is_new_comes_by_itself_and_nothing_where_nothing_is(world: World, at: At, service: Service) -> None:
    _say(world, service, world.an, "第一句")
    client = at(world.zhou)
    assert client.get(f"{_talk(service)}?after=1", headers={"HX-Request": "true"}).status_code == 204
    note = _say(world, service, world.an, "第二句")
    news = client.get(f"{_talk(service)}?after=1", headers={"HX-Request": "true"}).content.decode()
    assert "第二句" in news
    assert "第一句" not in news
    assert "?after=2" in news
    with world.here():
        actions.withdraw(note, world.an, "发错了")
    gone = client.get(f"{_talk(service)}?after=2", headers={"HX-Request": "true"}).content.decode()
    assert "安雨撤回：发错了" in gone
    assert "第二句" not in gone


def test_numbers_and_names_are_hidden_until_a_reason_is_given(world: World, at: At, service: Service) -> None:
    note = _say(world, service, world.an, "邓春生电话13900000001")
    client = at(world.zhou)
    for url in (_talk(service), "/liaison/", f"/services/{service.pk}/"):
        page = _page(client, url)
        assert "13900000001" not in page, url
        assert "邓春生" not in page, url
        assert "邓**电话139****0001" in page, url
    assert client.post(f"/liaison/notes/{note.pk}/reveal/", {"reason": "好奇"}).status_code == 403
    whole = client.post(f"/liaison/notes/{note.pk}/reveal/", {"reason": "电话联系受送达人"}).content.decode()
    assert "邓春生电话13900000001" in whole
    with world.here():
        assert Fact.objects.filter(about=service.pk, name="private.revealed").count() == 1


def test_markup_in_a_note_is_text(world: World, at: At, service: Service) -> None:
    _say(world, service, world.an, "<script>alert(1)</script>")
    assert "<script>alert(1)</script>" not in _page(at(world.zhou), _talk(service))


def test_a_file_is_given_and_its_opening_noted(world: World, at: At, service: Service) -> None:
    sent = SimpleUploadedFile("说明.pdf", cast.pdf("说明"))
    at(world.an).post(f"{_talk(service)}say/", {"text": "", "attached": [sent]})
    client = at(world.zhou)
    [href] = re.findall(r"/liaison/files/[0-9a-f-]+/", _page(client, _talk(service)))
    answer = client.get(href)
    assert answer.content == cast.pdf("说明")
    with world.here():
        assert AttachmentReading.objects.get().person == world.zhou


def test_a_hostile_file_is_refused_and_what_was_typed_stays(world: World, at: At, service: Service) -> None:
    sent = SimpleUploadedFile("照片.jpg", b"MZ\x90")
    answer = at(world.an).post(f"{_talk(service)}say/", {"text": "请看照片", "attached": [sent]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "文件内容与扩展名不符" in page
    assert ">请看照片</textarea>" in page


def test_one_takes_back_ones_own_words_with_a_reason(world: World, at: At, service: Service) -> None:
    note = _say(world, service, world.an, "发错了的话")
    refused = at(world.zhou).post(f"/liaison/notes/{note.pk}/withdraw/", {"reason": "不该说"}, follow=True)
    assert "只能撤回自己的留言" in refused.content.decode()
    page = at(world.an).post(f"/liaison/notes/{note.pk}/withdraw/", {"reason": "发错了"}, follow=True).content.decode()
    assert "安雨撤回：发错了" in page
    assert "发错了的话" not in page


# ---- the inbox -------------------------------------------------------------------------------------------------


def test_the_inbox_is_searched_and_narrowed(world: World, at: At, service: Service) -> None:
    _say(world, service, world.an, "被告已搬家 @法官")
    client = at(world.bai)
    assert "1234号" in _page(client, "/liaison/?tab=mentions")
    assert "1234号" in _page(client, "/liaison/?tab=all&q=搬家&zone=electronic&state=open")
    assert "这里还没有会话" in _page(client, "/liaison/?tab=all&q=别的")
    assert "这里还没有会话" in _page(client, "/liaison/?tab=all&zone=mail")


# ---- irregularities --------------------------------------------------------------------------------------------


def test_an_irregularity_is_raised_seen_everywhere_answered_and_asked_again(
    world: World, at: At, service: Service
) -> None:
    post, court = at(world.zhou), at(world.an)
    form = {"kind": "papers", "severity": "urgent", "words": "传票缺第二页"}
    page = post.post(f"{_talk(service)}irregularity/", form, follow=True).content.decode()
    assert "已提出，对方已收到待办" in page
    for client, url in (
        (court, f"/services/{service.pk}/"),
        (court, "/liaison/?tab=irregularities"),
        (court, "/work-items/"),
    ):
        assert "文书有误" in _page(client, url), url
    with world.here():
        item = Irregularity.objects.get().item
    court.post(f"/work-items/{item.pk}/complete/", {"outcome": "resolved", "resolved-answer": "已补第二页"})
    assert "已补第二页" in _page(post, _talk(service))
    with world.here():
        one = Irregularity.objects.get()
    again = post.post(
        f"/liaison/irregularities/{one.pk}/reopen/", {"words": "还缺第三页"}, follow=True
    ).content.decode()
    assert "重新提出异常" in again
    assert "还缺第三页" in again


def test_what_lacks_in_the_form_is_said_and_the_rest_stays(world: World, at: At, service: Service) -> None:
    answer = at(world.zhou).post(
        f"{_talk(service)}irregularity/", {"kind": "papers", "severity": "normal", "words": ""}
    )
    assert answer.status_code == 422
    assert "还不能提交" in answer.content.decode()


def test_for_an_order_one_says_which_of_its_services(world: World, at: At, service: Service) -> None:
    url = f"/liaison/order/{service.order_id}/irregularity/"
    form = {"service": str(service.pk), "kind": "address", "severity": "normal", "words": "该小区已拆迁"}
    assert at(world.zhou).post(url, form).status_code == 302
    with world.here():
        assert Irregularity.objects.get().service_id == service.pk


# ---- improvement requests --------------------------------------------------------------------------------------


def test_a_request_is_made_wanted_taken_up_done_and_verified(world: World, at: At, meng: Person) -> None:
    an, zhou, head = at(world.an), at(world.zhou), at(meng)
    an.post("/liaison/improvements/", {"title": "封皮加印二维码", "text": "扫码即可找到会话"})
    with world.here():
        one = Improvement.objects.get()
    page = f"/liaison/improvements/{one.pk}/"
    zhou.post(f"{page}vote/")
    due = (clock.today() + timedelta(days=9)).isoformat()
    missing = head.post(f"{page}accept/", {"accept-owner": "", "accept-due_on": due})
    assert missing.status_code == 422
    head.post(f"{page}accept/", {"accept-owner": str(world.zhou.pk), "accept-due_on": due})
    zhou.post(f"{page}begin/")
    zhou.post(f"{page}finish/", {"finish-words": "已升级"})
    an.post(f"{page}verify/")
    shown = _page(an, page)
    for words in ("已验证", "封皮加印二维码", "已升级", "附议 1", "周岚"):
        assert words in shown, words
    assert "封皮加印二维码" in _page(an, "/liaison/improvements/?status=verified")


def test_what_names_a_case_is_not_let_go_and_what_is_let_go_is_read_over_courts(
    world: World, at: At, meng: Person
) -> None:
    qin = Person.objects.create_user("qin", cast.PASSWORD, name="秦朗", organisation="post")
    for court in (world.court, world.other_court):
        enrol(qin, court, ["post_manager"])
    world.hand_over()
    at(world.an).post("/liaison/improvements/", {"title": "封皮加印二维码", "text": "邓春生的封皮破了"})
    with world.here():
        one = Improvement.objects.get()
    url = f"/liaison/improvements/{one.pk}/release/"
    refused = at(meng).post(url, {"text": "邓春生的封皮破了"})
    assert refused.status_code == 422
    assert "案件信息不得离开本院" in refused.content.decode()
    at(meng).post(url, {"text": "封皮容易破，建议换材料"})
    over = _page(at(qin), "/liaison/improvements/shared/")
    assert "封皮容易破，建议换材料" in over
    assert "邓春生" not in over
    assert at(world.zhou).get("/liaison/improvements/shared/").status_code == 403


# ---- courts apart ----------------------------------------------------------------------------------------------


def test_nothing_of_it_is_there_at_another_court(world: World, at: At, service: Service) -> None:
    enrol(world.zhou, world.other_court, ["electronic"])
    note = _say(world, service, world.an, "@电子 被告已搬家")
    one = _raise(world, service, world.an)
    with world.here():
        asked = Improvement.objects.create(
            court=world.court, title="t", text="t", asked_by=world.an, side="court", asked_at=clock.now()
        )
    zhou = at(world.zhou)
    assert "成都市成华区人民法院" in _page(zhou, "/work-items/"), "the first of one's courts is where one sits down"
    for client in (at(world.cheng), zhou):
        for url in (_talk(service), f"/liaison/order/{service.order_id}/", f"/liaison/improvements/{asked.pk}/"):
            assert client.get(url).status_code == 404, url
        assert client.post(f"{_talk(service)}say/", {"text": "我看看"}).status_code == 404
        assert client.post(f"/liaison/notes/{note.pk}/reveal/", {"reason": "电话联系受送达人"}).status_code == 404
        assert client.post(f"/liaison/notes/{note.pk}/withdraw/", {"reason": "发错了"}).status_code == 404
        assert client.post(f"/liaison/irregularities/{one.pk}/reopen/", {"words": "没有解决"}).status_code == 404
        for tab in ("", "mentions", "irregularities", "all"):
            assert "1234号" not in _page(client, f"/liaison/?tab={tab}"), tab
    zhou.post("/court/", {"court": "川0191"})
    assert "1234号" in _page(zhou, "/liaison/?tab=mentions")


def test_the_board_says_what_was_called_up_and_what_waits_for_an_answer(world: World, at: At, service: Service) -> None:
    _raise(world, service, world.zhou)
    with world.here():
        hands.escalate(open_work(service, "call", "test"), world.zhou, "受送达人情绪激动")
    page = _page(at(world.an), "/boards/court/live/")
    called = re.compile(r'data-alarm="(已上报待办|异常待答复)">(\d+)<')
    assert called.findall(page) == [("已上报待办", "1"), ("异常待答复", "1")]
    assert "邮政提出：文书有误（较重）" in page
    elsewhere = _page(at(world.cheng), "/boards/court/live/")
    assert called.findall(elsewhere) == [("已上报待办", "0"), ("异常待答复", "0")]


def test_an_irregularity_does_not_hide_how_far_service_has_come(world: World, at: At, service: Service) -> None:
    known = re.compile(r"现在知道</dt><dd>([^<]+)")
    client = at(world.an)
    before = known.findall(_page(client, f"/services/{service.pk}/"))
    _raise(world, service, world.zhou)
    assert known.findall(_page(client, f"/services/{service.pk}/")) == before == ["委托受理"]
