"""外送: a day is planned, a courier's phone takes it along and reports from the doors, each report once."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from PIL import Image

from songda.courts.actions import enrol
from songda.courts.models import Person
from songda.engine.keeping import strays
from songda.engine.models import WorkItem
from songda.engine.visits import rounds
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import clock, vault
from songda.methods.models import Exhibit, Visit
from songda.methods.rounds import Round, RoundFile, RoundPart, VisitReport
from tests.cast import DENG, PASSWORD, World, stop_the_clock, upload
from tests.desk.conftest import At
from tests.desk.courier_phone import Attached, Phone, drawn, photo

MEDIATION = upload("mediation", "民事调解书")
HANDED = {"door": "self", "signer": "self", "outcome": "handed_over", "id_number_given": "yes", "name": "邓春生"}
NOBODY = {"door": "nobody", "outcome": "nobody"}
LEFT = {"door": "self", "signer": "self", "outcome": "left_in_place", "refusal": "说与自己无关"}


def to_the_door(world: World, number: int = 1, address: str = DENG.address, **about: object) -> Service:
    """A service that mail did not reach, so that somebody has to go."""
    party = replace(DENG, phone="", address=address, address_rank="registered")
    case = f"（2026）川0191民初{number}号"
    service = world.service(party, case_number=case, **about)
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    assert world.read(service).step == "visiting"
    return service


def visit_of(world: World, service: Service) -> Visit:
    with world.here():
        return Visit.objects.filter(service=service).latest("ordinal")


def plan(world: World) -> None:
    with world.here():
        rounds.plan_day(world.court, clock.today())


def in_the_morning(world: World) -> None:
    """The next morning at half past nine, when couriers are out."""
    now = clock.now().astimezone(clock.BEIJING)
    morning = (now + timedelta(days=1)).replace(hour=9, minute=30, second=0, microsecond=0)
    world.later(seconds=(morning - now).total_seconds())


def fact(world: World, service: Service, name: str) -> Fact:
    with world.here():
        return Fact.objects.filter(about=service.id, name=name).latest("learnt_at")


@pytest.fixture
def door(world: World) -> Service:
    service = to_the_door(world)
    in_the_morning(world)
    plan(world)
    return service


@pytest.fixture
def phone(world: World, at: At) -> Phone:
    return Phone(at(world.fang))


# ---- the day at the desk ----------------------------------------------------------------------------------------


def test_the_day_is_grouped_by_area_and_says_what_its_order_rests_on(world: World, at: At) -> None:
    to_the_door(world)
    to_the_door(world, 2, "四川省成都市锦江区红星路三段1号1栋201室")
    in_the_morning(world)
    page = at(world.zhou).get("/visits/").content.decode()
    assert page.index("武侯区") < page.index("锦江区") or page.index("锦江区") < page.index("武侯区")
    assert "人民南路四段" in page
    assert "平台没有地图" in page
    assert "邓春生" not in page
    assert "27号" not in page


def test_planning_gives_every_visit_a_courier_and_an_hour_and_tells_so(world: World, at: At, door: Service) -> None:
    desk = at(world.zhou)
    assert desk.post("/visits/plan/", {"day": clock.today().isoformat()}).status_code == 302
    visit = visit_of(world, door)
    assert (visit.courier_id, visit.turn) == (world.fang.id, 1)
    assert visit.arrives_at is not None
    assert world.facts(door).count("visit.planned") == 1


def test_what_the_desk_fixed_stays_when_a_visit_is_added(world: World, at: At) -> None:
    door, added = to_the_door(world), to_the_door(world, 2, "四川省成都市锦江区红星路三段1号1栋201室")
    in_the_morning(world)
    with world.here():
        Visit.objects.filter(service=added).update(planned_for=clock.now() + timedelta(days=1))
    other = Person.objects.create_user("gao", PASSWORD, name="高原", organisation="post")
    enrol(other, world.court, ["courier"])
    desk, visit = at(world.zhou), visit_of(world, door)
    chosen = {"day": clock.today().isoformat(), "visit": [str(visit.id)]}
    desk.post("/visits/assign/", {**chosen, "act": "assign", "courier": str(other.id)})
    desk.post("/visits/assign/", {**chosen, "act": "fix"})
    before = visit_of(world, door)
    assert before.courier_id == other.id
    with world.here():
        Visit.objects.filter(service=added).update(planned_for=clock.now())
    plan(world)
    after = visit_of(world, door)
    assert visit_of(world, added).arrives_at is not None
    assert (after.courier_id, after.arrives_at) == (before.courier_id, before.arrives_at)


def test_a_visit_is_not_given_to_somebody_who_does_not_go_out(world: World, at: At, door: Service) -> None:
    before = visit_of(world, door)
    sent = {"day": "", "visit": [str(before.id)], "act": "assign", "courier": str(world.an.id)}
    assert "不是本院的投递员" in at(world.zhou).post("/visits/assign/", sent, follow=True).content.decode()
    assert visit_of(world, door).courier_id == before.courier_id


def test_a_courier_may_not_plan(world: World, at: At, door: Service) -> None:
    assert at(world.fang).post("/visits/plan/").status_code == 403


def test_the_round_sheet_is_masked(world: World, at: At, door: Service) -> None:
    page = at(world.zhou).get("/visits/sheet/").content.decode()
    assert "方远" in page
    assert "邓**" in page
    assert "邓春生" not in page
    assert "27号" not in page


def test_another_court_sees_no_visit_of_ours(world: World, at: At, door: Service) -> None:
    enrol(world.cheng, world.other_court, ["field", "courier"])
    assert "邓**" not in at(world.cheng).get("/visits/").content.decode()
    theirs = Phone(at(world.cheng))
    assert theirs.open()["stops"] == []
    answer = theirs.report(theirs.body(str(visit_of(world, door).id), NOBODY))
    assert answer.status_code == 422


# ---- taking it along --------------------------------------------------------------------------------------------


def test_the_phone_takes_names_and_addresses_along_and_that_is_recorded_once(
    world: World, door: Service, phone: Phone
) -> None:
    [stop] = phone.open()["stops"]
    phone.open()
    assert (stop["name"], stop["address"]) == (DENG.name, DENG.address)
    assert stop["way"][-1] == "301室"
    assert stop["papers"] == ["起诉状副本", "传票"]
    assert world.facts(door).count("private.revealed") == 1
    assert fact(world, door, "private.revealed").private == {"reason": "上门送达"}


def test_a_new_phone_ends_the_old_ones_round_and_what_the_old_one_still_sends_is_heard(
    world: World, at: At, door: Service, phone: Phone
) -> None:
    phone.open()
    Phone(at(world.fang)).open()
    with world.here():
        assert Round.objects.get(id=phone.round).closed_at is not None
    phone.tell(str(visit_of(world, door).id), NOBODY)
    assert fact(world, door, "visit.failed").detail["signed"] is True


def test_the_page_that_stays_on_the_phone_names_nobody(world: World, at: At, door: Service) -> None:
    page = at(world.fang).get("/rounds/").content.decode()
    assert "邓" not in page
    assert door.case.number not in page


def test_a_round_is_not_anothers(world: World, at: At, door: Service, phone: Phone) -> None:
    phone.open()
    enrol(world.zhou, world.court, ["courier"])
    phone.client = at(world.zhou)
    assert phone.report(phone.body(str(visit_of(world, door).id), NOBODY)).status_code == 422
    assert "visit.failed" not in world.facts(door)


@pytest.mark.parametrize("key", ["", "not base64", "bm90IGEga2V5"])
def test_a_key_that_is_none_opens_no_round(world: World, phone: Phone, key: str) -> None:
    answer = phone.post("/rounds/open/", {"public_key": key, "phone_at": phone.now().isoformat()})
    assert answer.status_code == 422
    with world.here():
        assert not Round.objects.exists()


# ---- reporting --------------------------------------------------------------------------------------------------


def test_a_signed_receipt_serves_and_its_record_shows_time_place_and_digest(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    signature, picture = Attached(drawn(), "signature", "image/png", "signer"), Attached(photo())
    phone.tell(str(visit_of(world, door).id), HANDED, signature, picture)
    done = world.read(door)
    assert (done.result, done.result_method) == ("served", "direct")
    told = fact(world, door, "receipt.signed")
    assert told.detail["signed"] is True
    assert told.detail["exhibit"] == hashlib.sha256(signature.content).hexdigest()
    assert told.detail["accuracy_m"] == 12
    assert told.private["name"] == "邓春生"
    with world.here():
        record = door.papers.get(kind="record")
        report = VisitReport.objects.get()
        assert not WorkItem.objects.filter(service=door, kind="visit", done_at=None).exists()
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(vault.get(record.sha256)))
    text = "".join(text.split()).replace("\u200b", "")
    assert "东经104.06600°北纬30.64100°" in text
    assert report.sha256 in text
    assert hashlib.sha256(picture.content).hexdigest() in text


def test_the_same_report_sent_again_is_the_same_report(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    body = phone.body(str(visit_of(world, door).id), NOBODY)
    first, again = phone.report(body), phone.report(body)
    assert first.json() == again.json()
    assert world.facts(door).count("visit.failed") == 1


def test_papers_left_before_a_witness_serve_and_her_signature_is_in_the_record(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    hers = Attached(drawn(), "signature", "image/png", "witness:0")
    phone.tell(
        str(visit_of(world, door).id), {**LEFT, "witnesses": [{"name": "罗敏", "unit": "桂溪街道吉泰社区"}]}, hers
    )
    assert world.read(door).result_method == "left_in_place"
    assert fact(world, door, "visit.left_in_place").detail["witnesses"] == 1
    with world.here():
        assert door.papers.get(kind="record").title == "留置送达记录"


def test_papers_left_with_neither_witness_nor_picture_are_told_and_somebody_looks(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    told = phone.tell(str(visit_of(world, door).id), {**LEFT, "why_unproved": "下雨，没有人愿意作证"})
    assert told["remarks"] == ["依法不能这样送达，投递员说明了理由"]
    assert world.read(door).result == ""
    assert world.item(door, "visit_review").reason == "依法不能这样送达，投递员说明了理由"


def test_the_law_at_this_door_goes_along_with_its_articles(world: World, phone: Phone) -> None:
    to_the_door(world, uploads=(MEDIATION,))
    in_the_morning(world)
    plan(world)
    [stop] = phone.open()["stops"]
    assert stop["bars"]["sign"]["co_resident_adult"]["article"] == "民诉法解释第一百三十三条"
    assert stop["bars"]["leave"]["self"]["article"] == "民诉法解释第一百三十三条"
    assert "self" not in stop["bars"]["sign"]
    assert stop["bars"]["sign"]["opposing_party"]["article"] == "法释〔2004〕13号第七条"


def test_a_signature_in_the_opponents_name_serves_nobody(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    taken = {**HANDED, "door": "someone", "signer": "co_resident_adult", "name": "刘建国"}
    told = phone.tell(str(visit_of(world, door).id), taken)
    assert "签收人或者拒收人与对方当事人同名" in told["remarks"]
    assert world.read(door).result == ""
    assert fact(world, door, "receipt.signed").detail["signer"] == "opposing_party"


def test_a_report_with_another_hand_on_it_is_kept_and_looked_at(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    visit = str(visit_of(world, door).id)
    signature = phone.sign(phone.body(visit, NOBODY))
    told = phone.report(phone.body(visit, {**NOBODY, "remark": "改过"}), signature).json()
    assert "报告签名与登记的手机密钥不符" in told["remarks"]
    assert fact(world, door, "visit.failed").detail["signed"] is False
    assert world.item(door, "visit_review")


def test_when_it_happened_is_counted_back_by_the_phones_own_clock(world: World, at: At, door: Service) -> None:
    clock.resume(clock.now(), speed=1)
    phone = Phone(at(world.fang), ahead=timedelta(minutes=10))
    phone.open()
    began = clock.now()
    phone.tell(str(visit_of(world, door).id), NOBODY, ago=900)
    told = fact(world, door, "visit.failed")
    assert abs((began - told.happened_at).total_seconds() - 900) < 30
    assert 590 <= told.detail["skew_seconds"] <= 610
    assert "skew" in told.detail["remarks"]
    assert "clock_changed" not in told.detail["remarks"]


def test_a_report_that_comes_after_the_service_ended_is_a_fact_all_the_same(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    visit = str(visit_of(world, door).id)
    world.tell(door, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    before = world.read(door)
    told = phone.tell(visit, NOBODY)
    after = world.read(door)
    assert "报告到达前该件已有结果" in told["remarks"]
    assert "visit.failed" in world.facts(door)
    assert (after.result, after.closed_at) == (before.result, before.closed_at)


def test_a_report_of_a_visit_that_was_given_to_another_is_a_fact_all_the_same(
    world: World, at: At, door: Service, phone: Phone
) -> None:
    other = Person.objects.create_user("gao", PASSWORD, name="高原", organisation="post")
    enrol(other, world.court, ["courier"])
    phone.open()
    visit = visit_of(world, door)
    sent = {"day": "", "visit": [str(visit.id)], "act": "assign", "courier": str(other.id)}
    at(world.zhou).post("/visits/assign/", sent)
    assert "报告前该件已改派他人" in phone.tell(str(visit.id), NOBODY)["remarks"]
    assert "visit.failed" in world.facts(door)


def test_what_a_report_named_stays_when_the_phones_uploads_are_cleared(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    shown = Attached(photo())
    phone.tell(str(visit_of(world, door).id), NOBODY, shown)
    stop_the_clock(clock.now() + timedelta(days=10))
    assert strays.clean() == 0
    with world.here():
        assert not RoundFile.objects.exists()
        assert Exhibit.objects.filter(service=door, kind="photo").exists()
        assert "file.erased" not in world.facts(door)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"place": {"latitude": 39.9, "longitude": 116.4, "accuracy": 10}}, "定位远离送达地址所在区划"),
        ({"place": {"latitude": 30.64, "longitude": 104.06, "accuracy": 900}}, "定位误差超过500米"),
        ({"place": None}, "手机没有给出位置"),
    ],
)
def test_a_place_that_does_not_fit_is_said(
    world: World, door: Service, phone: Phone, more: dict[str, object], words: str
) -> None:
    phone.open()
    assert words in phone.tell(str(visit_of(world, door).id), NOBODY, **more)["remarks"]


def test_a_photograph_shown_before_and_a_way_too_fast_are_said(world: World, phone: Phone) -> None:
    one, two = to_the_door(world), to_the_door(world, 2, "四川省成都市锦江区红星路三段1号1栋201室")
    in_the_morning(world)
    plan(world)
    phone.open()
    picture = photo()
    phone.tell(str(visit_of(world, one).id), NOBODY, Attached(picture))
    far = {"latitude": 30.9, "longitude": 104.25, "accuracy": 10}
    told = phone.tell(str(visit_of(world, two).id), NOBODY, Attached(picture), place=far)
    assert {"照片此前已用于另一次上门", "与另一次上门之间的移动速度不可能"} <= set(told["remarks"])


def test_what_a_report_remarks_stands_on_the_services_page_and_at_the_field_desk(
    world: World, at: At, door: Service, phone: Phone
) -> None:
    phone.open()
    phone.tell(str(visit_of(world, door).id), NOBODY, place=None)
    assert "手机没有给出位置" in at(world.an).get(f"/services/{door.id}/").content.decode()
    assert "手机没有给出位置" in at(world.zhou).get("/visits/").content.decode()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"key": 1}'])
def test_what_cannot_be_read_is_answered_with_a_reason(world: World, door: Service, phone: Phone, body: str) -> None:
    phone.open()
    answer = phone.report(body)
    assert answer.status_code == 422
    assert answer.json()["refused"]


# ---- files ------------------------------------------------------------------------------------------------------


def test_a_video_comes_in_parts_and_goes_on_where_it_stopped(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    video = Attached(bytes(range(256)) * 9, "video", "video/mp4")
    assert phone.send_part(video, 0, video.content[:1000]).json() == {"got": 1000, "whole": False}
    assert phone.send_part(video, 0, video.content[:1000]).json()["got"] == 1000, "sent again"
    assert phone.send_part(video, 2000, video.content[2000:]).json()["got"] == 1000, "a gap"
    assert phone.send_part(video, 1000, video.content[1000:]).json()["whole"] is True
    answer = phone.report(phone.body(str(visit_of(world, door).id), {**LEFT}, (video,)))
    assert answer.status_code == 200
    with world.here():
        assert not RoundPart.objects.exists()
        assert vault.get(door.exhibits.get(kind="video").sha256) == video.content
    assert fact(world, door, "visit.left_in_place").detail["recorded"] is True


def test_a_file_whose_digest_differs_is_asked_for_again(world: World, phone: Phone) -> None:
    phone.open()
    picture = Attached(photo())
    assert phone.send_part(picture, 0, b"x" * len(picture.content)).json() == {"got": 0, "whole": False}
    assert phone.send_part(picture, 0, picture.content).json()["whole"] is True


def test_what_a_camera_wrote_into_a_photograph_is_not_kept(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    exif = Image.Exif()
    exif[0x010F] = "a telephone"
    talkative = Attached(photo(exif=exif))
    phone.tell(str(visit_of(world, door).id), NOBODY, talkative)
    with world.here():
        kept = vault.get(door.exhibits.get(kind="photo").sha256)
    assert b"a telephone" in talkative.content
    assert b"a telephone" not in kept
    assert Image.open(io.BytesIO(kept)).size == (64, 48)


def test_a_report_whose_file_never_came_is_kept_and_looked_at(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    body = phone.body(str(visit_of(world, door).id), NOBODY, (Attached(photo()),))
    assert "报告所附的文件没有上传" in phone.report(body).json()["remarks"]
    assert "visit.failed" in world.facts(door)


@pytest.mark.parametrize(
    "wrong", [{"kind": "program"}, {"media_type": "text/html"}, {"size": 0}, {"size": 10**9}, {"sha256": "x"}]
)
def test_a_file_of_another_kind_is_refused(world: World, phone: Phone, wrong: dict[str, object]) -> None:
    phone.open()
    one = Attached(photo())
    one.said = lambda: {**Attached.said(one), **wrong}  # type: ignore[method-assign]
    assert phone.send_part(one, 0, one.content).status_code == 422


# ---- safety -----------------------------------------------------------------------------------------------------


def test_leaving_in_danger_calls_the_desk_now_and_harms_the_service_in_nothing(
    world: World, at: At, door: Service, phone: Phone
) -> None:
    phone.open()
    visit = visit_of(world, door)
    phone.tell(str(visit.id), {}, kind="safety")
    item = world.item(door, "safety")
    assert item.due_at <= clock.now()
    assert "投递员安全撤离，另行安排上门" in at(world.an).get(f"/services/{door.id}/").content.decode()
    assert world.read(door).step == "visiting"
    assert not {"visit.failed", "receipt.refused"} & set(world.facts(door))
    world.does(world.zhou, door, "safety", "escorted", reason="明天两人同去")
    again = visit_of(world, door)
    assert (again.id, again.ended_at) == (visit.id, None)
    assert again.planned_for > clock.now()


def test_who_goes_there_next_is_warned(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    phone.tell(str(visit_of(world, door).id), {}, kind="safety")
    plan(world)
    [stop] = phone.open()["stops"]
    assert "安全撤离" in stop["warning"]


def test_a_courier_who_falls_silent_is_looked_for_once(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    assert rounds.watch() == 0
    world.later(hours=3)
    rounds.watch()
    rounds.watch()
    item = world.item(door, "courier_silent")
    assert "方远" in item.reason
    with world.here():
        assert WorkItem.objects.filter(kind="courier_silent").count() == 1


def test_nobody_looks_for_a_courier_who_reports_or_has_ended_the_round(
    world: World, door: Service, phone: Phone
) -> None:
    phone.open()
    phone.post("/rounds/close/", {"round": phone.round})
    world.later(hours=3)
    assert rounds.watch() == 0


def test_the_signed_words_are_kept_as_they_came(world: World, door: Service, phone: Phone) -> None:
    phone.open()
    body = phone.body(str(visit_of(world, door).id), NOBODY)
    phone.report(body)
    with world.here():
        kept = VisitReport.objects.get()
    assert kept.body == body
    assert fact(world, door, "visit.failed").detail["report"] == hashlib.sha256(body.encode()).hexdigest()
    assert json.loads(kept.body)["place"]["latitude"] == 30.641
    assert "30.641" not in json.dumps(fact(world, door, "visit.failed").detail)
