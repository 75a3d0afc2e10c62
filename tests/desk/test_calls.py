"""The queue of calls and the call: what comes first, whose turn it is, what is said, what an answer leads to."""

import io
import wave
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Person
from songda.courts.queries import calendar_of
from songda.engine import actions, acts, worker
from songda.engine.calls import calling
from songda.engine.models import WorkItem
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding import answering
from songda.finding.models import CallTally, ContactPoint
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.management import staff
from songda.methods import electronic, entering, recordings
from songda.methods.calls import Call, CallTurn
from songda.methods.models import Access, Exhibit, Paper
from tests import cast
from tests.cast import DENG, World
from tests.desk.conftest import At

NIGHT = datetime(2026, 3, 2, 21, 30, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def _people_make_the_calls(world: World) -> None:
    decide_policy(world.court, {"consent_by": "clerk"})


def case(number: int) -> str:
    return f"（2026）川0191民初{number}号"


def somebody(world: World, number: int, **about: str) -> Service:
    """A service of its own person, with a call to make."""
    who = {"name": f"邓{'甲乙丙丁戊己庚辛'[number % 8]}", "phone": f"139000001{number:02d}", "id_number": "", **about}
    return world.service(replace(DENG, **who), case_number=case(number))  # type: ignore[arg-type]


def call_item(world: World, service: Service) -> WorkItem:
    return world.item(service, "call")


def sound(seconds: int = 2) -> bytes:
    """A recording as a telephone system writes it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as paper:
        paper.setnchannels(1)
        paper.setsampwidth(2)
        paper.setframerate(8000)
        paper.writeframes(b"\0\0" * 8000 * seconds)
    return out.getvalue()


def queue(world: World, person: Person | None = None) -> list[str]:
    with world.here():
        return [one.item.service.case.number for one in calling.queue(world.court, person or world.zhou)]


def learn(world: World, audience: str, hour: int, answered: int, tried: int) -> None:
    with world.here():
        CallTally.objects.create(
            court=world.court, audience=audience, day="work", hour=hour, answered=answered, tried=tried
        )


# ---- what comes first ----------------------------------------------------------------------------------------------


def test_the_queue_goes_by_what_was_learnt_of_the_hour(world: World) -> None:
    person = somebody(world, 1)
    firm = somebody(world, 2, kind="organisation", name="成都望溪有限公司")
    world.later(hours=1)
    learn(world, "person", 10, 2, 40)
    learn(world, "organisation", 10, 38, 40)
    assert queue(world) == [firm.case.number, person.case.number]
    with world.here():
        CallTally.objects.filter(audience="person").update(answered=39)
        CallTally.objects.filter(audience="organisation").update(answered=1)
    assert queue(world) == [person.case.number, firm.case.number]


def test_a_surer_number_goes_before_a_doubtful_one(world: World) -> None:
    doubtful = somebody(world, 1, address_rank="filed")
    sure = somebody(world, 2)
    world.later(hours=1)
    with world.here():
        ContactPoint.objects.filter(party=doubtful.party_id, kind="phone").update(rank="unknown")
        ContactPoint.objects.filter(party=sure.party_id, kind="phone").update(rank="confirmed")
    assert queue(world) == [sure.case.number, doubtful.case.number]


def test_the_promise_of_five_minutes_goes_before_any_chance(world: World) -> None:
    likely = somebody(world, 1)
    with world.here():
        ContactPoint.objects.filter(party=likely.party_id, kind="phone").update(rank="confirmed")
    world.later(hours=1)
    promised = somebody(world, 2)
    assert queue(world)[0] == likely.case.number, "there is still time to keep it"
    world.later(minutes=3)
    assert queue(world)[0] == promised.case.number


def test_every_call_teaches_its_hour(world: World) -> None:
    service = somebody(world, 1)
    world.does(world.zhou, service, "call", "no_answer")
    with world.here():
        tally = CallTally.objects.get()
        assert (tally.audience, tally.day, tally.hour, tally.answered, tally.tried) == ("person", "work", 9, 0, 1)
        point = ContactPoint.objects.select_related("court", "party").get(party=service.party_id, kind="phone")
        assert Call.objects.get().outcome == "no_answer"
        rates = answering.Rates(calendar_of(world.court))
        said = rates.of("person", clock.now(), [answering.Tried(clock.now(), answered=False)])
    assert "本院 0/1 接通" in said.because
    assert "本号码上午拨过1次，接通0次" in said.because
    assert point.confidence > 0


def test_no_call_is_offered_outside_the_hours(world: World, at: At) -> None:
    service = somebody(world, 1)
    item = call_item(world, service)
    cast.stop_the_clock(NIGHT)
    assert queue(world) == []
    page = at(world.zhou).get("/calls/").content.decode()
    assert "现在不是打电话的时段" in page
    at(world.zhou).post(f"/calls/{item.pk}/take/")
    with world.here():
        assert not CallTurn.objects.exists()


def test_the_hours_are_the_courts_own(world: World) -> None:
    somebody(world, 1)
    cast.stop_the_clock(NIGHT)
    decide_policy(world.court, {"consent_by": "clerk", "calls_until_hour": 22})
    assert len(queue(world)) == 1


def test_a_number_is_not_called_more_often_a_day_than_the_policy_lets(world: World) -> None:
    service = somebody(world, 1)
    decide_policy(world.court, {"consent_by": "clerk", "calls": 9, "calls_over_days": 1, "calls_a_day": 2})
    for _ in range(2):
        world.does(world.zhou, service, "call", "no_answer")
        with world.here():
            again = Call.objects.order_by("-at").first()
            assert again is not None
            assert again.again_at is not None
        cast.stop_the_clock(again.again_at)
        worker.move_due()
    assert clock.today().day == 3, "the third call waits for the next day"


# ---- whose turn ----------------------------------------------------------------------------------------------------


def test_a_call_that_was_taken_is_nobody_elses_until_its_time_is_up(world: World, at: At) -> None:
    service = somebody(world, 1)
    at(world.zhou).post("/calls/next/")
    assert queue(world, world.an) == []
    assert queue(world, world.zhou) == [service.case.number]
    world.later(minutes=11)
    assert queue(world, world.an) == [service.case.number], "nobody sits on a call"
    assert calling.free_expired() == 1
    with world.here():
        assert call_item(world, service).owner is None


def test_a_call_given_back_is_anybodys(world: World, at: At) -> None:
    service = somebody(world, 1)
    item = call_item(world, service)
    at(world.zhou).post(f"/calls/{item.pk}/take/")
    at(world.zhou).post(f"/calls/{item.pk}/give-back/")
    assert queue(world, world.an) == [service.case.number]


def test_who_has_not_the_call_in_hand_sees_neither_number_nor_outcomes(world: World, at: At) -> None:
    service = somebody(world, 1)
    item = call_item(world, service)
    at(world.zhou).post(f"/calls/{item.pk}/take/")
    enrol(world.bai, world.court, ["electronic"])
    page = at(world.bai).get(f"/calls/{item.pk}/").content.decode()
    assert "周岚正在打这通电话" in page
    assert "13900000101" not in page
    assert "data-digit" not in page
    at(world.bai).post(f"/calls/{item.pk}/number/")
    assert "private.revealed" not in world.facts(service)
    at(world.bai).post(f"/calls/{item.pk}/tell/", {"outcome": "no_answer"})
    assert "call.attempted" not in world.facts(service)


# ---- the call ------------------------------------------------------------------------------------------------------


def opened(world: World, at: At, service: Service) -> tuple[str, str]:
    """The call taken and its number looked at; address and page."""
    address = f"/calls/{call_item(world, service).pk}/"
    at(world.zhou).post(f"{address}take/")
    at(world.zhou).post(f"{address}number/")
    return address, at(world.zhou).get(address).content.decode()


def test_the_number_is_shown_once_a_fact_says_who_looked(world: World, at: At) -> None:
    service = world.service()
    address = f"/calls/{call_item(world, service).pk}/"
    at(world.zhou).post(f"{address}take/")
    before = at(world.zhou).get(address).content.decode()
    assert DENG.phone not in before
    assert DENG.name not in before
    at(world.zhou).post(f"{address}number/")
    after = at(world.zhou).get(address).content.decode()
    assert f'href="tel:{DENG.phone}"' in after
    assert f"请问您是{DENG.name}吗" in after
    with world.here():
        fact = Fact.objects.get(about=service.id, name="private.revealed")
    assert fact.speaker_ref == str(world.zhou.pk)
    assert fact.private == {"reason": "电话联系受送达人"}


def test_the_script_tells_what_the_law_asks_and_keeps_rulings_off_the_telephone(world: World, at: At) -> None:
    _, page = opened(world, at, world.service(uploads=(cast.JUDGMENT,)))
    assert "在线诉讼规则第三十条" in page
    assert "判决书也可以电子送达；您需要纸质文书的，法院应当提供" in page
    assert "判决书不能在电话里送达" in page
    assert "现在不能用" in page


def test_nothing_of_the_case_is_said_before_the_recipient_is_known(world: World, at: At) -> None:
    _, page = opened(world, at, world.service())
    first = page.index("是本人，再说来意")
    script = page[page.index("怎么说") : first]
    assert "起诉状" not in script
    assert "民初1234号" not in script
    assert "不说案由、文书名称" in page


def test_consent_with_a_recording_leads_to_a_message_and_a_record(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    recording = SimpleUploadedFile("通话.wav", sound(), content_type="audio/wav")
    sent = {
        "outcome": "consented",
        "consented-identity": "id_number",
        "consented-recorded": "on",
        "consented-address_confirmed": "on",
        "consented-email": "deng@example.org",
        "consented-recording": recording,
    }
    assert at(world.zhou).post(f"{address}tell/", sent).status_code == 302
    known = world.read(service)
    assert known.step == "sending"
    with world.here():
        exhibit = Exhibit.objects.get(service=service, kind="recording")
        paper = Paper.objects.get(service=service, kind="call")
        call = Call.objects.get(service=service)
        consent = Fact.objects.get(about=service.id, name="consent.given")
        done = Fact.objects.get(about=service.id, name="work.done")
        phone = ContactPoint.objects.get(party=service.party_id, kind="phone")
        email = ContactPoint.objects.get(party=service.party_id, kind="email")
        assert Dispatch.objects.filter(about=service.id, counterparty="sms").count() == 1
    assert consent.detail["exhibits"] == [exhibit.sha256]
    assert done.detail["record"] == paper.sha256
    assert (call.recording_id, call.record_id, call.outcome) == (exhibit.id, paper.id, "agree")
    assert (email.value, email.source, email.rank) == ("deng@example.org", "recipient", "filed")
    assert phone.confirmed_at is not None


def test_an_account_that_the_recipient_names_is_the_recipients_own(world: World, at: At) -> None:
    service = world.service()
    address, page = opened(world, at, service)
    assert "另报的账号" in page
    sent = {"outcome": "consented", "consented-identity": "case", "consented-account": "微信：Deng_2026"}
    assert at(world.zhou).post(f"{address}tell/", sent).status_code == 302
    with world.here():
        account = ContactPoint.objects.get(party=service.party_id, kind="account")
        added = Fact.objects.get(about=service.id, name="contact.added")
    assert (account.platform, account.value) == ("wechat", "deng_2026")
    assert (account.source, account.rank) == ("recipient", "filed"), "it may be written to (在线诉讼规则第三十一条)"
    assert "deng" not in str(added.detail).lower()


@pytest.mark.parametrize("written", ["deng_2026", "微信：一二三", "某平台：deng_2026"])
def test_an_account_nobody_can_be_written_to_at_is_refused_and_stays_typed(world: World, at: At, written: str) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    answer = at(world.zhou).post(f"{address}tell/", {"outcome": "consented", "consented-account": written})
    assert answer.status_code == 422
    assert written in answer.content.decode()
    assert "consent.given" not in world.facts(service)


def test_at_a_number_confirmed_on_a_recorded_call_arrival_is_service(world: World) -> None:
    service = world.service()
    world.does(world.zhou, service, "call", "consented", recorded=True, address_confirmed=True)
    phone = world.contact(service, "phone")
    world.tell(service, "message.sent", "provider", channel="sms", contact=phone)
    with world.here():
        point = ContactPoint.objects.get(id=phone)
        actions.record(service.id, electronic.arrival(point, "sms", clock.now(), "receipt-1"))
    assert (world.read(service).result, world.read(service).result_method) == ("served", "electronic")


def test_without_a_recording_nobody_confirms_a_number(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    sent = {"outcome": "consented", "consented-address_confirmed": "on", "consented-email": "deng@example.org"}
    answer = at(world.zhou).post(f"{address}tell/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "须全程录音" in page
    assert 'value="deng@example.org"' in page, "what was typed is still there"
    assert "consent.given" not in world.facts(service)


def test_a_refusal_sends_the_papers_by_mail(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    at(world.zhou).post(f"{address}tell/", {"outcome": "refused"})
    world.later(minutes=20)
    assert "consent.refused" in world.facts(service)
    assert world.read(service).step == "printing"
    with world.here():
        assert service.waybills.count() == 1


def test_a_wrong_person_loses_the_way_in_and_the_number_is_given_up(world: World, at: At) -> None:
    service = world.service()
    with world.here():
        entering.grant(service, ContactPoint.objects.get(id=world.contact(service, "phone")), world.policy())
    address, _ = opened(world, at, service)
    at(world.zhou).post(f"{address}tell/", {"outcome": "wrong_person"})
    with world.here():
        assert Access.objects.get(service=service).withdrawn_at is not None
        point = ContactPoint.objects.get(party=service.party_id, kind="phone")
        assert (point.withdrawn_why, Call.objects.get().outcome) == ("wrong_person", "wrong_person")
        assert Paper.objects.filter(service=service, kind="call").count() == 1


def test_one_key_tells_that_nobody_answered_and_plans_the_next_call(world: World, at: At) -> None:
    service = world.service()
    learn(world, "person", 19, 30, 30)
    address, _ = opened(world, at, service)
    at(world.zhou).post(f"{address}tell/", {"outcome": "no_answer"})
    planned = datetime(2026, 3, 2, 19, tzinfo=BEIJING)
    assert world.read(service).due_at == planned
    assert "3月2日 19:00" in at(world.zhou).get("/calls/later/").content.decode()
    cast.stop_the_clock(planned)
    worker.move_due()
    assert queue(world) == [service.case.number]


def test_a_time_agreed_on_the_telephone_is_kept_and_comes_first(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    sent = {"outcome": "call_later", "call_later-again_at": "2026-03-02T15:30"}
    at(world.zhou).post(f"{address}tell/", sent)
    agreed = datetime(2026, 3, 2, 15, 30, tzinfo=BEIJING)
    assert (world.read(service).due_at, world.read(service).waiting_for) == (agreed, "约定的时间再打")
    world.later(hours=6)
    somebody(world, 2)
    cast.stop_the_clock(agreed)
    worker.move_due()
    with world.here():
        first = calling.queue(world.court, world.zhou)[0]
    assert (first.item.service_id, first.first) == (service.id, "约定的时间到了")


@pytest.mark.parametrize("moment", ["2026-03-02T08:00", "2026-05-02T08:00"])
def test_no_call_is_agreed_for_the_past_or_for_next_season(world: World, at: At, moment: str) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    answer = at(world.zhou).post(f"{address}tell/", {"outcome": "call_later", "call_later-again_at": moment})
    assert answer.status_code == 422
    assert "须在今后14天之内" in answer.content.decode()


def test_a_new_number_is_called_with_its_source_on_it(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    at(world.zhou).post(f"{address}tell/", {"outcome": "new_number", "new_number-phone": "138 0000 0002"})
    with world.here():
        phones = ContactPoint.objects.filter(party=service.party_id, kind="phone")
        [new] = [one for one in phones if one.value != DENG.phone]
        item = WorkItem.objects.get(service=service, kind="call", done_at=None)
    assert (new.value, new.source, new.rank) == ("13800000002", "person", "unknown")
    assert item.detail is not None
    assert item.detail["contact"] == str(new.id)


def test_papers_told_on_the_telephone_leave_a_record_with_its_recording(world: World, at: At) -> None:
    service = world.service(procedure="summary")
    sent = {"happened_at": "2026-03-02T09:00", "recorded": "on", "note": "已知道开庭时间。"}
    file = SimpleUploadedFile("通话.wav", sound())
    answer = at(world.zhou).post(f"/services/{service.pk}/do/told_by_phone/", {**sent, "recording": file})
    assert answer.status_code == 302
    with world.here():
        fact = Fact.objects.get(about=service.id, name="call.served")
        paper = Paper.objects.get(service=service, kind="call")
        exhibit = Exhibit.objects.get(service=service, kind="recording")
    assert paper.title.startswith("电话送达记录")
    assert (fact.detail["record"], fact.detail["exhibits"]) == (paper.sha256, [exhibit.sha256])
    assert paper.title in at(world.an).get(f"/services/{service.pk}/").content.decode()


def test_the_simulated_staff_can_tell_whatever_a_call_comes_to(world: World) -> None:
    for number, outcome in enumerate(staff.HABITS["call"].outcomes):
        service = somebody(world, number)
        with world.here():
            item = WorkItem.objects.get(service=service, kind="call", done_at=None)
            acts.complete(item, world.zhou, outcome, staff._inputs(item, outcome))
    with world.here():
        assert {one.outcome for one in WorkItem.objects.filter(kind="call").exclude(done_at=None)} == set(
            staff.HABITS["call"].outcomes
        )
        for item in WorkItem.objects.filter(kind="number_repair", done_at=None):
            acts.complete(item, world.zhou, "unusable", staff._inputs(item, "unusable"))


def test_what_the_robot_hears_stands_in_the_same_history(world: World, at: At) -> None:
    robot, person = somebody(world, 1), somebody(world, 2)
    phone = world.contact(robot, "phone")
    world.tell(robot, "call.attempted", "provider", contact=phone, answered=False, outcome="busy", seconds=0)
    world.does(world.zhou, person, "call", "no_answer")
    page = at(world.zhou).get("/calls/history/").content.decode()
    assert "机器外呼" in page
    assert "周岚" in page
    only = at(world.zhou).get("/calls/history/?by=robot").content.decode()
    assert robot.case.number in only
    assert person.case.number not in only


def test_another_courts_calls_are_not_there(world: World, at: At) -> None:
    item = call_item(world, world.service())
    assert at(world.cheng).get(f"/calls/{item.pk}/").status_code == 404
    assert at(world.cheng).post(f"/calls/{item.pk}/take/").status_code == 404


# ---- recordings ----------------------------------------------------------------------------------------------------


def test_a_recording_that_comes_later_is_sealed_and_set_on_a_new_record(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    at(world.zhou).post(f"{address}tell/", {"outcome": "refused"})
    with world.here():
        call = Call.objects.get()
        first = Paper.objects.get(kind="call")
    upload = SimpleUploadedFile("x.bin", sound(3))
    assert at(world.zhou).post(f"/calls/history/{call.pk}/recording/", {"recording": upload}).status_code == 302
    with world.here():
        exhibit = Exhibit.objects.get(kind="recording")
        second = Paper.objects.get(kind="call", superseded_by=None)
        fact = Fact.objects.get(name="recording.added")
        assert Paper.objects.get(id=first.id).superseded_by_id == second.id
    assert fact.detail["exhibits"] == [exhibit.sha256]
    assert fact.detail["record"] == second.sha256
    assert exhibit.note == {"seconds": 3}


def test_nobody_hears_a_recording_without_a_reason_that_is_kept(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    recording = SimpleUploadedFile("通话.wav", sound())
    at(world.zhou).post(f"{address}tell/", {"outcome": "refused", "refused-recording": recording})
    with world.here():
        exhibit = Exhibit.objects.get(kind="recording")
    page = f"/calls/recordings/{exhibit.pk}/"
    client = at(world.bai)
    assert client.get(f"/exhibits/{exhibit.pk}/")["Location"] == page
    assert client.get(f"{page}sound/").status_code == 403
    assert client.post(page, {"reason": "好奇"}).status_code == 403
    client.post(page, {"reason": "审查送达情况"})
    answer = client.get(f"{page}sound/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/wav")
    assert at(world.zhou).get(f"{page}sound/").status_code == 403, "one person's reason is not another's"
    world.later(minutes=31)
    assert client.get(f"{page}sound/").status_code == 403


MP3 = b"ID3\x04\0\0\0\0\0\0" + (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(sound(), "audio/wav"), (MP3, "audio/mpeg")],
)
def test_a_recording_is_known_by_what_is_in_it(content: bytes, media_type: str) -> None:
    assert recordings.read(content).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>" + b" " * 100,
        b"MZ" + b"\0" * 200,
        b"PK\x03\x04" + b"\0" * 200,
        b"RIFF\x10\0\0\0WAVE" + b"\0" * 100,
        b"ID3\x04\0\0\0\0\0\0" + b"<script>" * 40,
        b"OggS" + b"\0" * 200,
        b"\0\0\0\x18ftypM4A " + b"\0" * 200,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"\0\0\0\x10ftypM4A \0\0\0\0" + (b"\0\0\0\x08moov" * 20),
    ],
    ids=[
        "empty",
        "page",
        "program",
        "archive",
        "wav without sound",
        "tag without sound",
        "ogg",
        "m4a",
        "picture",
        "boxes",
    ],
)
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    with pytest.raises(recordings.NotARecording):
        recordings.read(content)


def test_a_hostile_file_is_refused_at_the_call_and_nothing_is_told(world: World, at: At) -> None:
    service = world.service()
    address, _ = opened(world, at, service)
    file = SimpleUploadedFile("通话.mp3", b"<html><script>alert(1)</script>" + b" " * 100, content_type="audio/mpeg")
    answer = at(world.zhou).post(f"{address}tell/", {"outcome": "refused", "refused-recording": file})
    assert answer.status_code == 422
    assert "不是可以识别的录音文件" in answer.content.decode()
    assert "consent.refused" not in world.facts(service)


def test_the_queue_is_exported_masked(world: World, at: At) -> None:
    world.service()
    text = at(world.zhou).get("/calls/?export=csv").content.decode()
    assert "139****0001" in text
    assert DENG.phone not in text
    assert DENG.name not in text


def test_the_queue_says_why_a_number_stands_where_it_stands(world: World, at: At) -> None:
    somebody(world, 1, id_number="510107195001010319")
    page = at(world.zhou).get("/calls/").content.decode()
    assert "老年人" in page
    assert "本院尚无记录，按一般经验估计" in page
