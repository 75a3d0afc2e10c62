"""Messages: whose words they are, how far they came, when one is sent again, and numbers that are mended."""

from typing import Any

import pytest
from django.test import Client

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Court
from songda.courts.policy import Policy
from songda.engine import actions
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding import repair
from songda.finding.audience import AUDIENCES
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import electronic, wording
from songda.methods.messages import Notification, Wording
from songda.methods.wording import STAGES
from tests.cast import DENG, World
from tests.desk.conftest import At


@pytest.fixture
def service(world: World) -> Service:
    """Consent was given, so a first message is planned."""
    decide_policy(world.court, {"consent_by": "clerk"})
    made = world.service()
    world.does(world.zhou, made, "call", "consented")
    return world.read(made)


def knock(world: World) -> Notification:
    with world.here():
        return Notification.objects.select_related("contact_point").get(stage="knock", turn=0)


def sent(world: World, row: Notification) -> None:
    """The provider takes the message over."""
    with world.here():
        carried = Dispatch.objects.get(key=row.key)
        done = dispatch.Result(Dispatch.State.DONE, {}, "SM1")
        actions.record(row.service_id, electronic.after_message(carried, done))


def reached(world: World, row: Notification) -> None:
    with world.here():
        carried = Dispatch.objects.get(key=row.key)
        about = electronic.told_of(carried)
        told = electronic.arrival(row.contact_point, "sms", clock.now(), f"receipt:{row.key}", about)
        actions.record(row.service_id, told)


def failed(world: World, service: Service, row: Notification, reason: str) -> None:
    contact = str(row.contact_point_id)
    world.tell(service, "message.failed", "provider", channel="sms", contact=contact, reason=reason, message=row.key)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# ---- whose words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_text_of_the_house_keeps_its_own_rules(world: World, stage: str, audience: str, channel: str) -> None:
    with world.here():
        text = wording.chosen(stage, audience, channel)
        assert wording.problems(stage, channel, text.subject, text.text, Policy()) == []


def test_the_first_sentence_is_the_one_that_law_firms_software_reads(world: World, service: Service) -> None:
    with world.here():
        request = Dispatch.objects.get(key=knock(world).key).request
    assert request["text"].startswith(
        f"{DENG.name}，您好！您有（2026）川0191民初1234号案件文书送达，请点击链接查收：http"
    )
    assert " 验证码：" in request["text"]
    assert request["wording"] == "knock/person/sms@0"


def test_which_words_were_sent_is_a_fact(world: World, service: Service) -> None:
    sent(world, knock(world))
    with world.here():
        fact = Fact.objects.get(about=service.id, name="message.sent")
    assert fact.detail["wording"] == "knock/person/sms@0"


def test_an_elderly_person_and_a_company_are_written_to_in_words_of_their_own(world: World) -> None:
    with world.here():
        texts = {who: wording.chosen("knock", who, "sms").text for who in AUDIENCES}
    assert "可请家人帮忙" in texts["elderly"]
    assert "法定代表人" in texts["organisation"]
    assert texts["lawyer"] == texts["person"]


def decide(world: World, text: str, stage: str = "knock") -> Wording:
    with world.here():
        return wording.decide(Court.objects.get(id=world.court.id), world.bai, (stage, "person", "sms"), "", text)


CORE = "{addressee}，您好！您有{case}案件文书送达，请点击链接查收：{link}[ 验证码：{code}]"


def test_a_court_has_its_own_text_and_the_version_is_kept_with_what_was_sent(world: World, service: Service) -> None:
    decide(world, f"{CORE} 咨询{{phone}}。")
    decide(world, f"{CORE} 咨询请拨{{phone}}。")
    with world.here():
        point = ContactPoint.objects.get(id=world.contact(service, "phone"))
        row = electronic.send_message(world.read(service), point, world.policy(), "another", turn=1)
    assert row.request["text"].endswith("咨询请拨028-85000001。")
    assert row.request["wording"] == "knock/person/sms@2"
    decide(world, "")
    with world.here():
        assert wording.chosen("knock", "person", "sms").label == "knock/person/sms@0", "empty goes back to the house's"
        assert Wording.objects.count() == 3, "what was in force stays on file"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{CORE} 您被起诉了，案由是{{cause}}。", "不能使用"),
        (f"{CORE} 民间借贷的事。", "不能透露案情"),
        (f"{CORE} 内有判决书。", "不能透露案情"),
        (f"{CORE} 详见https://example.com", "网址只能用"),
        ("{addressee}，{case}文书在{link}", "首句须保持"),
        ("您好，请查收文书。", "缺少"),
        (f"{CORE}{'请及时查阅。' * 60}", "超过本院上限"),
        (f"【法院】{CORE}", "短信签名"),
        (f"{CORE}[没有关上", "没有成对"),
    ],
)
def test_a_text_that_tells_too_much_or_too_little_is_refused(world: World, text: str, why: str) -> None:
    with pytest.raises(wording.WordingRefused, match=why):
        decide(world, text)


def test_a_message_to_a_stranger_names_nobody(world: World) -> None:
    for stage in ("withdrawn", "code"):
        with world.here():
            text = wording.chosen(stage, "person", "sms").text
        assert not {"addressee", "case", "link"} & set(wording.blanks(text))
        with pytest.raises(wording.WordingRefused, match="不能使用"):
            decide(world, "{addressee}的文书 {code}", stage)


def test_what_stands_in_brackets_goes_where_a_blank_is_empty() -> None:
    assert wording.filled("到{link}[ 验证码：{code}]", {"link": "x", "code": ""}) == "到x"
    assert wording.filled("到{link}[ 验证码：{code}]", {"link": "x", "code": "1"}) == "到x 验证码：1"


def test_only_the_manager_changes_a_text_and_sees_it_first(world: World, at: At) -> None:
    address = "/calls/texts/knock/person/sms/"
    assert at(world.zhou).post(address, {"text": f"{CORE} 甲"}).status_code == 403
    enrol(world.bai, world.court, ["manager"])
    tried = at(world.bai).post(address, {"text": f"{CORE} 请尽快查阅。", "preview": "1"}).content.decode()
    assert "改后的样子（还没有保存）" in tried
    assert "请尽快查阅。" in tried
    with world.here():
        assert not Wording.objects.exists()
    assert at(world.bai).post(address, {"text": f"{CORE} 请尽快查阅。"}).status_code == 302
    assert "本院第1版" in page(at(world.bai), "/calls/texts/")
    refused = at(world.bai).post(address, {"text": "随便"})
    assert refused.status_code == 422
    assert "首句须保持" in refused.content.decode()


# ---- how far it came -----------------------------------------------------------------------------------------------


def test_sent_reached_opened_and_signed_are_four_moments(world: World, at: At, service: Service) -> None:
    def tabs() -> list[str]:
        names = ("failed", "unopened", "silent", "signed")
        return [name for name in names if service.case.number in page(at(world.zhou), f"/calls/messages/?tab={name}")]

    row = knock(world)
    assert tabs() == []
    sent(world, row)
    assert tabs() == ["silent"]
    world.later(minutes=1)
    reached(world, row)
    assert tabs() == [], "it has only just arrived"
    world.later(hours=25)
    assert tabs() == ["unopened"]
    contact = str(row.contact_point_id)
    world.tell(service, "content.opened", "recipient", contact=contact)
    world.later(minutes=5)
    assert tabs() == []
    assert "已查阅" in page(at(world.zhou), "/calls/messages/")
    world.tell(service, "receipt.signed", "recipient", signer="self", via="electronic", contact=contact)
    assert tabs() == ["signed"]
    now = knock(world)
    assert None not in (now.sent_at, now.reached_at, now.opened_at, now.signed_at)
    assert now.sent_at < now.reached_at < now.opened_at < now.signed_at  # type: ignore[operator]


def test_a_message_that_was_refused_or_led_nowhere_is_found_by_its_reason(
    world: World, at: At, service: Service
) -> None:
    failed(world, service, knock(world), "opted_out")
    assert service.case.number in page(at(world.zhou), "/calls/messages/?tab=blacklisted")
    assert service.case.number not in page(at(world.zhou), "/calls/messages/?tab=dead")
    assert "已退订" in page(at(world.zhou), "/calls/messages/?tab=failed")


def test_the_list_is_searched_and_exported_masked(world: World, at: At, service: Service) -> None:
    assert service.case.number in page(at(world.zhou), f"/calls/messages/?q={DENG.phone}")
    nothing = page(at(world.zhou), "/calls/messages/?q=13511112222")
    assert "没有找到" in nothing
    assert "要有完整的序号" in nothing
    text = page(at(world.zhou), "/calls/messages/?export=csv")
    assert "139****0001" in text
    assert DENG.phone not in text


# ---- sending again -------------------------------------------------------------------------------------------------


def again(world: World, at: At, stage: str, reason: str = "受送达人来电说没有收到") -> Any:
    return at(world.zhou).post(f"/calls/messages/{knock(world).pk}/resend/", {"stage": stage, "reason": reason})


def test_a_reminder_goes_to_who_has_not_opened_and_prolongs_nothing(world: World, at: At, service: Service) -> None:
    sent(world, knock(world))
    reached(world, knock(world))
    due = world.read(service).due_at
    world.later(hours=3)
    assert again(world, at, "reminder").status_code == 302
    with world.here():
        row = Notification.objects.get(stage="reminder")
        text = Dispatch.objects.get(key=row.key).request["text"]
        fact = Fact.objects.get(about=service.id, name="message.asked_again")
    assert "已于3月2日发送，尚未查阅" in text
    assert (row.asked_by_id, fact.private) == (world.zhou.pk, {"reason": "受送达人来电说没有收到"})
    sent(world, row)
    assert world.read(service).due_at == due


def test_nothing_is_sent_again_without_a_reason_too_soon_or_too_often(world: World, at: At, service: Service) -> None:
    sent(world, knock(world))
    reached(world, knock(world))
    assert "刚发过" in again(world, at, "reminder").content.decode()
    for _ in range(2):
        world.later(hours=3)
        assert again(world, at, "reminder", reason="").status_code == 422
        assert again(world, at, "reminder").status_code == 302
    world.later(hours=3)
    assert "达到本院上限" in again(world, at, "reminder").content.decode()
    with world.here():
        assert Notification.objects.filter(stage="reminder").count() == 2


def test_who_refused_or_is_on_the_blacklist_is_written_to_no_more(world: World, at: At, service: Service) -> None:
    failed(world, service, knock(world), "opted_out")
    world.later(hours=3)
    assert "拒收名单" in again(world, at, "knock").content.decode()


def test_what_failed_and_is_sent_again_has_its_days_anew(world: World, at: At, service: Service) -> None:
    failed(world, service, knock(world), "unreachable")
    assert world.read(service).step != "awaiting_opening"
    world.later(hours=3)
    assert again(world, at, "knock").status_code == 302
    with world.here():
        row = Notification.objects.get(stage="knock", turn=1)
    sent(world, row)
    assert world.read(service).step == "awaiting_opening"


def test_a_code_sent_again_serves_nobody(world: World, at: At, service: Service) -> None:
    sent(world, knock(world))
    world.later(hours=3)
    assert again(world, at, "code").status_code == 302
    with world.here():
        row = Notification.objects.select_related("contact_point").get(stage="code")
    sent(world, row)
    assert world.facts(service).count("courtesy.sent") == 1
    assert world.facts(service).count("message.sent") == 1
    with world.here():
        assert Notification.objects.get(stage="code").sent_at is not None


# ---- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "others", "proposed"),
    [
        ("1390000O001", [], "13900000001"),
        ("１３９ 0000 0001", [], "13900000001"),
        ("139000000011", [], "13900000001"),
        ("31900000001", [], "13900000001"),
        ("13900000010", ["13900000001", "18611112222"], "13900000001"),
        ("1390000001", ["+8613900000001"], "+8613900000001"),
    ],
)
def test_a_slip_of_the_pen_is_proposed_to_be_mended(wrong: str, others: list[str], proposed: str) -> None:
    assert proposed in [one.value for one in repair.proposals(wrong, others)]


def test_a_number_nobody_knows_better_is_not_guessed() -> None:
    assert repair.proposals("13900000001", ["18611112222"]) == []


def test_a_dead_number_is_called_no_more_and_waits_to_be_mended(world: World, at: At, service: Service) -> None:
    failed(world, service, knock(world), "no_such_number")
    item = world.item(service, "number_repair")
    assert "空号" in page(at(world.zhou), "/calls/numbers/")
    with world.here():
        ContactPoint.objects.create(
            court=world.court,
            party_id=service.party_id,
            kind="phone",
            value="13900000010",
            value_index="x",
            source="person",
            rank="filed",
            learnt_at=clock.now(),
        )
    shown = page(at(world.zhou), f"/calls/numbers/{item.pk}/")
    assert "与该人的另一个号码只差1处" in shown
    assert "13900000010" not in shown, "a proposal is shown by its difference only"


def test_a_mended_number_is_tried_afresh_and_the_old_tries_stay(world: World, at: At, service: Service) -> None:
    row = knock(world)
    sent(world, row)
    failed(world, service, row, "no_such_number")
    item = world.item(service, "number_repair")
    answer = at(world.zhou).post(
        f"/calls/numbers/{item.pk}/settle/", {"outcome": "repaired", "repaired-phone": "13800000007"}
    )
    assert answer.status_code == 302
    with world.here():
        old = ContactPoint.objects.get(id=row.contact_point_id)
        [new] = ContactPoint.objects.filter(party=service.party_id, kind="phone", withdrawn_at=None)
        assert (old.withdrawn_why, new.value, new.rank, new.source) == ("mistyped", "13800000007", old.rank, "person")
        assert Notification.objects.filter(contact_point=new).count() == 1, (
            "consent stands, so it is written to at once"
        )
        added = Fact.objects.get(about=service.id, name="contact.added")
    assert added.detail["replaces"] == str(old.id)
    assert world.facts(service).count("message.failed") == 1


@pytest.mark.parametrize("number", ["12345", "028-85551234", DENG.phone])
def test_a_number_that_cannot_be_right_mends_nothing(world: World, at: At, service: Service, number: str) -> None:
    failed(world, service, knock(world), "no_such_number")
    item = world.item(service, "number_repair")
    sent_ = {"outcome": "repaired", "repaired-phone": number}
    assert at(world.zhou).post(f"/calls/numbers/{item.pk}/settle/", sent_).status_code == 422
    with world.here():
        assert ContactPoint.objects.get(id=knock(world).contact_point_id).withdrawn_at is None
