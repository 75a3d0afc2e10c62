"""At the court's counter: somebody comes, shows who they are, and signs, refuses, or is sent away with the article."""

from dataclasses import replace
from datetime import date

import pytest

from songda.courts.actions import enrol
from songda.engine.acts import ActRefused, Shown
from songda.engine.counter import attending, handing
from songda.engine.counter.attending import Came
from songda.engine.counter.handing import Refusal
from songda.engine.proving.proofs import Issue, proof_of
from songda.engine.reading import course
from songda.engine.recipient import Confirmed
from songda.engine.standing import stand
from songda.evidence.models import Fact
from songda.filing.draft import AgentDraft
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib.clock import now, today
from songda.methods.entering import grant
from songda.methods.models import Access, Attendance, Exhibit, Paper
from tests.cast import DENG, JUDGMENT, LIU, World
from tests.papers import reading
from tests.papers.samples import drawing

OWN = "510107198001010312"
# Numbers that pass the check: a grown woman, a child, a man.
WIFE, CHILD, OTHER = "510107198203040042", "510107201505050056", "510104197606066673"
SCAN = Shown(b"%PDF-1.4 authority", "application/pdf", "authority")


def comes(world: World, service: Service, **otherwise: object) -> Attendance:
    """邓 with his own identity card, unless somebody else is said to come."""
    who = {"signer": "self", "name": "邓春生", "id_number": OWN, "services": (service.id,), **otherwise}
    with world.here():
        return attending.check_in(world.read(service).party, world.zhou, Came(**who))  # type: ignore[arg-type]


def signs(world: World, attendance: Attendance) -> handing.HandedOver:
    with world.here():
        held = Attendance.objects.get(id=attendance.id)
        return handing.collect(held, world.zhou, drawing())


def refuses(world: World, attendance: Attendance, officer: object = None) -> None:
    with world.here():
        handing.refuse(attendance, officer or world.zhou, Refusal(reason="说没有借过钱"))  # type: ignore[arg-type]


def test_a_recipient_collects_and_is_served_that_day(world: World) -> None:
    service = world.service()
    world.later(hours=2)
    attendance = comes(world, service)
    assert attendance.id_check == "matched"
    signs(world, attendance)
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "direct", date(2026, 3, 2))
    articles = done.outcome["outcome"]["articles"]
    assert "民事诉讼法第八十八条" in articles
    assert "民诉法解释第一百三十一条" in articles
    with world.here():
        told = Fact.objects.get(about=service.id, name="receipt.signed")
        assert told.detail["signer"] == "self"
        assert told.detail["id_number_given"] is True
        assert OWN not in str(told.detail)
        assert told.private == {"name": "邓春生", "id_number": OWN}
        assert Exhibit.objects.get(service=service, kind="signature").sha256 == told.detail["exhibit"]


def test_what_else_was_under_way_stops_and_the_link_is_shut(world: World) -> None:
    service = world.service()
    with world.here():
        point = ContactPoint.objects.get(party=service.party_id, kind="phone")
        grant(world.read(service), point, world.policy())
    signs(world, comes(world, service))
    done = world.read(service)
    assert done.closed_at is not None
    assert done.due_at is None
    with world.here():
        assert not service.work_items.filter(done_at=None).exists()
        assert Access.objects.get(service=service).withdrawn_at is not None


def test_pressed_twice_it_is_one_fact(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    signs(world, attendance)
    signs(world, attendance)
    assert world.facts(service).count("receipt.signed") == 1


def test_of_two_windows_the_second_finds_the_papers_gone(world: World) -> None:
    service = world.service()
    first, second = comes(world, service), comes(world, service)
    signs(world, first)
    with pytest.raises(ActRefused, match="另一窗口"):
        signs(world, second)
    assert world.facts(service).count("receipt.signed") == 1


def test_all_papers_of_one_person_are_signed_for_at_once(world: World) -> None:
    first = world.service()
    second = world.service(case_number="（2026）川0191民初88号")
    with world.here():
        waiting = attending.services_of(world.read(first).party)
    assert {one.id for one in waiting} == {first.id, second.id}
    signs(world, comes(world, first, services=(first.id, second.id)))
    assert {world.read(one).result for one in (first, second)} == {"served"}


def test_a_namesake_with_another_number_is_nobody(world: World) -> None:
    first = world.service()
    world.service(replace(DENG, id_number=OTHER), case_number="（2026）川0191民初88号")
    with world.here():
        assert [one.id for one in attending.services_of(world.read(first).party)] == [first.id]
    with pytest.raises(ActRefused, match="不一致") as refused:
        comes(world, first, id_number=OTHER)
    assert refused.value.field == "id_number"


def test_a_mistyped_number_is_told_by_its_check_digit(world: World) -> None:
    with pytest.raises(ActRefused, match="校验码"):
        comes(world, world.service(), id_number="510107198001010313")


def test_a_refusal_before_the_window_waits_for_the_note_of_the_court(world: World) -> None:
    service = world.service()
    refuses(world, comes(world, service))
    withheld = world.read(service)
    assert (withheld.step, withheld.result) == ("withheld", "")
    assert world.item(service, "refusal_note").role == "clerk"
    world.later(hours=3)
    world.does(world.an, service, "refusal_note", "noted", account="当面告知后果，仍拒绝签名")
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("deemed_served", "direct", date(2026, 3, 2))
    assert "民诉法解释第一百三十一条" in done.outcome["outcome"]["articles"]


def test_a_refusal_before_a_clerk_is_noted_with_it(world: World) -> None:
    service = world.service()
    refuses(world, comes(world, service), world.an)
    assert world.read(service).result == "deemed_served"


def test_the_receipt_for_the_file_names_the_window_and_notes_the_refusal(world: World) -> None:
    service = world.service()
    refuses(world, comes(world, service))
    world.does(world.an, service, "refusal_note", "noted", account="当面告知后果，仍拒绝签名")
    with world.here():
        known = course(world.read(service))
        stated = Issue("川0191-1-1", now(), stand(known, now()).explanation)
        text = reading.words(proof_of(known, stated))
    assert "成都高新技术产业开发区人民法院诉讼服务中心窗口" in text
    assert "拒签理由：说没有借过钱" in text
    assert "安雨于2026年3月2日09:00注明并签名：当面告知后果，仍拒绝签名" in text


def test_an_agents_refusal_is_kept_and_serves_nobody(world: World) -> None:
    service = world.service(replace(DENG, agents=(AgentDraft("魏律"),)))
    refuses(world, comes(world, service, signer="agent", name="魏律", id_number=OTHER))
    assert "receipt.refused" in world.facts(service)
    assert world.read(service).result == ""


def test_the_other_side_is_sent_away_whatever_they_say_they_are(world: World) -> None:
    service = world.service()
    for signer in ("agent", "co_resident_adult", "named_receiver"):
        with pytest.raises(ActRefused, match="对方当事人.*第七条"):
            comes(world, service, signer=signer, name=LIU.name, id_number=OTHER, authority=SCAN)
    assert "receipt.signed" not in world.facts(service)


def test_the_lawyer_of_the_other_side_is_sent_away_too(world: World) -> None:
    plaintiff = replace(LIU, name="刘建军", agents=(AgentDraft("魏律"),))
    service = world.service(DENG, plaintiff)
    with pytest.raises(ActRefused, match="代理人"):
        comes(world, service, signer="agent", name="魏律", id_number=OTHER, authority=SCAN)


def test_an_agent_shows_the_authority_that_the_file_lacks(world: World) -> None:
    service = world.service()
    with pytest.raises(ActRefused, match="授权委托书") as refused:
        comes(world, service, signer="agent", name="魏律", id_number=OTHER)
    assert refused.value.field == "authority"
    attendance = comes(world, service, signer="agent", name="魏律", id_number=OTHER, authority=SCAN)
    signs(world, attendance)
    assert world.read(service).result == "served"
    with world.here():
        kept = Exhibit.objects.get(service=service, kind="authority")
        assert kept.sha256 in Fact.objects.get(about=service.id, name="receipt.signed").detail["exhibits"]


def test_an_agent_of_the_file_needs_no_further_paper(world: World) -> None:
    service = world.service(replace(DENG, agents=(AgentDraft("魏律"),)))
    signs(world, comes(world, service, signer="agent", name="魏律", id_number=OTHER))
    assert world.read(service).result == "served"


def test_a_relative_who_is_a_child_receives_nothing(world: World) -> None:
    service = world.service()
    with pytest.raises(ActRefused, match="成年"):
        comes(world, service, signer="co_resident_adult", name="邓小芳", id_number=CHILD, authority=SCAN)


def test_a_mediation_paper_goes_into_the_partys_own_hand(world: World) -> None:
    paper = replace(JUDGMENT, kind="mediation", title="民事调解书")
    service = world.service(replace(DENG, agents=(AgentDraft("魏律"),)), uploads=(paper,))
    with pytest.raises(ActRefused, match="第一百三十三条"):
        comes(world, service, signer="agent", name="魏律", id_number=OTHER)


def test_an_organisations_mail_room_signs_with_its_letter(world: World) -> None:
    company = replace(
        DENG,
        name="成都某某商贸有限公司",
        kind="organisation",
        id_number="91510100MA61T4XX9X",
        legal_representative="何某",
    )
    service = world.service(company)
    with world.here():
        offered = {one.code for one in attending.choices(course(world.read(service)))}
    assert offered == {"legal_representative", "principal", "mail_staff", "agent", "named_receiver"}
    signs(world, comes(world, service, signer="mail_staff", name="方收", id_number=OTHER, authority=SCAN))
    done = world.read(service)
    assert (done.result, "民诉法解释第一百三十条" in done.outcome["outcome"]["articles"]) == ("served", True)


def test_while_the_recipient_is_to_collect_nothing_else_is_begun(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    with world.here():
        collection = handing.appoint(world.read(service), world.zhou, date(2026, 3, 9))
    waiting = world.read(service)
    assert (waiting.step, waiting.owner_role, waiting.waiting_for) == ("collecting", "window", "受送达人到窗口领取")
    assert len(collection.code) == 8
    world.later(days=7)
    assert world.read(service).step == "collecting"
    assert "papers.printed" not in world.facts(service)
    world.later(days=2)
    assert world.read(service).step != "collecting", "the ladder goes on by itself"


def test_a_judgment_not_collected_on_an_agreed_day_is_not_served_by_that(world: World) -> None:
    service = world.service(uploads=(JUDGMENT,))
    with world.here():
        handing.appoint(world.read(service), world.zhou, date(2026, 3, 9))
        with pytest.raises(ActRefused, match="审判人员、书记员"):
            handing.appoint(world.read(service), world.zhou, date(2026, 3, 9), pronounced=True)
    world.later(days=10)
    assert world.read(service).result == ""


def test_a_judgment_pronounced_in_court_and_not_collected_is_served_on_the_last_day(world: World) -> None:
    service = world.service(uploads=(JUDGMENT,))
    with world.here():
        handing.appoint(world.read(service), world.an, date(2026, 3, 9), pronounced=True)
    world.later(days=10)
    done = world.read(service)
    assert (done.result, done.effective_on) == ("served", date(2026, 3, 9))


def _confirms(world: World, attendance: Attendance, **otherwise: object) -> Paper:
    words = {"address": "四川省成都市锦江区红星路三段1号2栋3单元405室", "phone": "13900000009", **otherwise}
    with world.here():
        return handing.confirm_address(attendance, world.zhou, Confirmed(**words), drawing())  # type: ignore[arg-type]


def test_an_address_confirmed_at_the_counter_leads_the_next_step(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    paper = _confirms(world, attendance)
    assert paper.title.startswith("送达地址确认书")
    after = world.read(service)
    assert after.step == "sending", "consent given, the link goes to the confirmed telephone"
    with world.here():
        confirmed = ContactPoint.objects.filter(party=service.party_id, rank="confirmed")
        assert {one.kind for one in confirmed} == {"address", "phone"}
        kept = Exhibit.objects.get(service=service, kind="confirmation")
        assert kept.sha256 == paper.sha256


def test_who_has_collected_may_still_confirm_where_later_papers_go(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    signs(world, attendance)
    _confirms(world, attendance)
    assert world.read(service).result == "served"
    with world.here():
        assert ContactPoint.objects.filter(party=service.party_id, rank="confirmed", kind="address").exists()


def test_who_declines_electronic_service_gets_mail_at_the_confirmed_address(world: World) -> None:
    service = world.service()
    _confirms(world, comes(world, service), consent=False)
    after = world.read(service)
    assert after.step == "printing"
    with world.here():
        piece = after.waybills.get()
        assert piece.contact_point.rank == "confirmed"


def test_a_relative_confirms_no_address(world: World) -> None:
    service = world.service()
    wife = comes(world, service, signer="co_resident_adult", name="方兰", id_number=WIFE, authority=SCAN)
    with pytest.raises(ActRefused, match="第二条"):
        _confirms(world, wife)


def test_an_address_refused_after_the_telling_is_noted(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    with world.here():
        handing.refuse_address(attendance, world.zhou, "听完告知后仍不肯说住哪里")
        told = Fact.objects.get(about=service.id, name="address.checked")
    assert told.detail["refused_to_provide"] is True


def test_who_leaves_without_collecting_leaves_everything_as_it_was(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    before = world.facts(service)
    with world.here():
        handing.leave(attendance)
    assert world.facts(service) == before
    with pytest.raises(ActRefused, match="已经办结"):
        signs(world, attendance)


def test_a_slip_is_made_once_and_each_print_is_a_fact(world: World) -> None:
    service = world.service()
    attendance = comes(world, service)
    signs(world, attendance)
    with world.here():
        held = Attendance.objects.select_related("officer").get(id=attendance.id)
        papers = {handing.print_slip(held, world.zhou).sha256 for _ in range(2)}
        times = [
            one.detail["times"] for one in Fact.objects.filter(about=service.id, name="slip.printed").order_by("id")
        ]
    assert len(papers) == 1
    assert times == [1, 2]


def test_a_clerk_may_do_the_windows_work(world: World) -> None:
    enrol(world.an, world.court, ["window"])
    service = world.service()
    with world.here():
        attendance = attending.check_in(
            world.read(service).party,
            world.an,
            Came(signer="self", name="邓春生", id_number=OWN, services=(service.id,)),
        )
        handing.collect(attendance, world.an, drawing())
    assert world.read(service).effective_on == today()
    assert attendance.came_at <= now()
