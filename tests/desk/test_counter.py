"""The window officer's desk: who came is found, checked, signs or is sent away; what is brought is filed."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from songda.courts.actions import enrol
from songda.engine.counter import handing
from songda.evidence.models import Fact
from songda.filing.draft import AgentDraft, PartyDraft
from songda.filing.models import Service
from songda.lib import vault
from songda.methods.entering import grant, link_of
from songda.methods.models import Attendance, Collection, Exhibit, Paper
from songda.papers import barcodes, pages
from tests.cast import DENG, JUDGMENT, World
from tests.desk.conftest import At
from tests.portal.conftest import drawn

OWN, OTHER = "510107198001010312", "510104197606066673"


@pytest.fixture
def desk(world: World, at: At) -> Client:
    """The post's officer at the window."""
    return at(world.zhou)


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def comes(desk: Client, service: Service, **otherwise: Any) -> Any:
    written = {"services": [str(service.pk)], "signer": "self", "name": "邓春生", "id_number": OWN, "seen": "on"}
    return desk.post(f"/counter/people/{service.party_id}/", {**written, **otherwise})


def checked_in(desk: Client, service: Service, **otherwise: Any) -> str:
    answer = comes(desk, service, **otherwise)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def scan(name: str = "委托书.pdf", text: bytes = b"") -> SimpleUploadedFile:
    picture = Image.new("RGB", (400, 300), "white")
    out = io.BytesIO()
    picture.save(out, "PDF")
    return SimpleUploadedFile(name, out.getvalue() + text)


# ---- looking up


def _ways(world: World, service: Service) -> dict[str, str]:
    """All that somebody may say or show."""
    with world.here():
        collection = handing.appoint(world.read(service), world.zhou, handing.keep_until(world.read(service)))
        slip = handing.print_notice(collection, world.zhou)
        point = service.party.contact_points.get(kind="phone")
        access = grant(world.read(service), point, world.policy())
        serial = slip.title.rpartition(" ")[2]
    return {
        "the code on the slip, as it is read aloud": f"{collection.code[:4]} {collection.code[4:]}",
        "the QR code of the slip": f"http://127.0.0.1:8000/verify/{serial}",
        "the link of the message": link_of(access),
        "the case": "(2026)川0191民初1234号",
        "the name": "邓春生",
        "the telephone": "139 0000 0001",
        "the identity number": OWN,
        "the service": service.number,
    }


def test_whatever_they_say_or_show_it_is_they_who_are_found(world: World, desk: Client) -> None:
    service = world.service()
    for what, said in _ways(world, service).items():
        answer = desk.post("/counter/", {"said": said})
        assert (answer.status_code, answer["Location"]) == (302, f"/counter/people/{service.party_id}/"), what


def test_what_was_asked_stands_in_no_address(world: World, desk: Client) -> None:
    world.service()
    answer = desk.post("/counter/", {"said": OWN})
    assert OWN not in answer["Location"]
    assert desk.get("/counter/", {"said": OWN}).status_code == 200
    assert 'id="found"' not in desk.get("/counter/", {"said": OWN}).content.decode()


def test_a_photograph_of_the_code_finds_them_too(world: World, desk: Client) -> None:
    service = world.service()
    with world.here():
        collection = handing.appoint(world.read(service), world.zhou, handing.keep_until(world.read(service)))
        slip = handing.print_notice(collection, world.zhou)
        drawing, _ = pages.picture(_content(slip), 1, width=900)
    answer = desk.post("/counter/", {"picture": SimpleUploadedFile("码.png", drawing)})
    assert answer["Location"] == f"/counter/people/{service.party_id}/"


def _content(paper: Paper) -> bytes:
    return vault.get(paper.sha256)


def test_a_case_with_several_lists_each_apart_and_masked(world: World, desk: Client) -> None:
    brother = replace(DENG, name="邓秋生", id_number=OTHER, phone="13900000002")
    world.hand_over(DENG, brother)
    page = desk.post("/counter/", {"said": "（2026）川0191民初1234号"}).content.decode()
    assert "查到 2 人" in page
    assert "邓春生" not in page
    assert OWN not in page
    assert "5101**********0312" in page


def test_nobody_found_says_why_and_what_next(world: World, desk: Client) -> None:
    answer = desk.post("/counter/", {"said": "查无此人"})
    assert answer.status_code == 200
    assert "没有找到这个人的文书" in answer.content.decode()
    assert "请输入或者扫描一项" in desk.post("/counter/", {"said": " "}).content.decode()


def test_the_other_courts_people_are_not_there(world: World, at: At) -> None:
    service = world.service()
    enrol(world.cheng, world.other_court, ["window"])
    other = at(world.cheng)
    assert "没有找到" in other.post("/counter/", {"said": "邓春生"}).content.decode()
    assert other.get(f"/counter/people/{service.party_id}/").status_code == 404


def test_only_the_window_and_clerks_stand_here(world: World, at: At) -> None:
    service = world.service()
    for url in ("/counter/", "/counter/scans/", f"/counter/people/{service.party_id}/"):
        assert at(world.fang).get(url).status_code == 403
        assert at(world.an).get(url).status_code == 200


# ---- checking in


def test_the_page_shows_this_persons_papers_and_no_others(world: World, desk: Client) -> None:
    brother = replace(DENG, name="邓秋生", id_number=OTHER, phone="13900000002")
    world.hand_over(DENG, brother)
    with world.here():
        mine = Service.objects.order_by("number")[0]
    page = read(desk, f"/counter/people/{mine.party_id}/")
    assert page.count('name="services"') == 1
    assert "邓春生" not in page


def test_a_wrong_number_is_told_and_not_shown_again(world: World, desk: Client) -> None:
    answer = comes(desk, world.service(), id_number="510107198001010313")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "校验码不对" in page
    assert "510107198001010313" not in page
    assert 'value="邓春生"' in page, "what was typed beside it stays"


def test_a_capacity_the_law_bars_is_shown_shut_with_its_article(world: World, desk: Client) -> None:
    service = world.service(uploads=(replace(JUDGMENT, kind="mediation", title="民事调解书"),))
    page = read(desk, f"/counter/people/{service.party_id}/")
    assert "民诉法解释第一百三十三条" in page
    assert 'value="agent" disabled' in page
    assert comes(desk, service, signer="agent").status_code == 422


def test_the_plaintiff_is_sent_away_with_the_article(world: World, desk: Client) -> None:
    service = world.service()
    answer = comes(desk, service, signer="agent", name="刘建国", id_number=OTHER, authority=scan())
    assert answer.status_code == 422
    assert "对方当事人" in answer.content.decode()
    with world.here():
        assert not Attendance.objects.exists()
        assert not Exhibit.objects.exists()


def test_an_agents_authority_is_scanned_in_and_kept(world: World, desk: Client) -> None:
    service = world.service()
    lawyer = {"signer": "agent", "name": "魏律", "id_number": OTHER}
    assert "授权委托书" in comes(desk, service, **lawyer).content.decode()
    home = checked_in(desk, service, **lawyer, authority=scan(), special="on")
    assert "已扫描身份或者授权材料" in read(desk, home)
    with world.here():
        assert Exhibit.objects.get(kind="authority").note["special"] is True


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("委托书.exe", b"MZ", "可执行文件"),
        ("委托书.pdf", b"%PDF-1.4\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj", "损坏"),
        ("委托书.jpg", b"\x89PNG\r\n\x1a\n", "不符"),
        ("委托书.tif", b"II*\0" + b"\0" * 64, "损坏"),
        ("委托书.txt", "授权".encode(), "扫描件只收"),
    ],
)
def test_hostile_and_broken_files_are_refused_as_everywhere(
    world: World, desk: Client, name: str, content: bytes, why: str
) -> None:
    answer = comes(
        desk, world.service(), signer="agent", name="魏律", id_number=OTHER, authority=SimpleUploadedFile(name, content)
    )
    assert answer.status_code == 422
    assert why in answer.content.decode()


# ---- signing, refusing, leaving


def test_from_the_check_to_the_signature_and_the_slip(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    tablet = read(desk, f"{home}sign/")
    assert "起诉状副本" in tablet
    assert "不表示您同意" in tablet
    assert OWN not in tablet
    answer = desk.post(f"{home}sign/", {"signature": drawn()})
    assert answer.status_code == 302
    assert "已经签收" in read(desk, f"{home}sign/")
    page = read(desk, home)
    assert "送达已经生效" in page
    assert "民事诉讼法第八十八条" in page
    assert "答辩期" in page
    for times in (1, 2):
        printed = desk.post(f"{home}slip/")
        assert printed["Location"].startswith("/papers/")
        assert f"凭证已打印 {times} 次" in read(desk, home)
    with world.here():
        slips = Paper.objects.filter(kind="slip")
        assert slips.count() == 1
        [drawing, _] = pages.picture(_content(slips[0]), 1, width=900)
    assert any("/verify/" in code for code in barcodes.read(drawing))


def test_an_empty_or_scribbled_field_is_no_signature(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    for sent, why in (("", "请先在方框内手写签名"), (drawn(strokes=0), "没有看到签名"), ("data:,x", "格式不对")):
        answer = desk.post(f"{home}sign/", {"signature": sent})
        assert answer.status_code == 422
        assert why in answer.content.decode()
    assert "receipt.signed" not in world.facts(service)


def test_pressed_twice_on_the_tablet_it_is_one_signature(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    for _ in range(2):
        assert desk.post(f"{home}sign/", {"signature": drawn()}).status_code == 302
    assert world.facts(service).count("receipt.signed") == 1


def test_the_second_window_is_told_that_the_papers_are_gone(world: World, desk: Client, at: At) -> None:
    service = world.service()
    here, there = checked_in(desk, service), checked_in(at(world.an), service)
    desk.post(f"{here}sign/", {"signature": drawn()})
    answer = at(world.an).post(f"{there}sign/", {"signature": drawn()})
    assert answer.status_code == 422
    assert "另一窗口" in answer.content.decode()


def test_a_refusal_says_beforehand_what_it_comes_to(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    page = read(desk, f"{home}refuse/")
    assert "视为送达" in page
    assert "民诉法解释第一百三十一条" in page
    assert "请先当面告知" in desk.post(f"{home}refuse/", {"reason": "说没有借过钱"}).content.decode()
    told = {"reason": "说没有借过钱", "told": "on", "witnesses": "安雨"}
    assert desk.post(f"{home}refuse/", told).status_code == 302
    assert world.read(service).step == "withheld"
    assert "拒绝签收" in read(desk, home)


def test_an_agents_refusal_is_said_to_serve_nobody(world: World, desk: Client) -> None:
    service = world.service(replace(DENG, agents=(AgentDraft("魏律"),)))
    home = checked_in(desk, service, signer="agent", name="魏律", id_number=OTHER)
    assert "不视为送达" in read(desk, f"{home}refuse/")


def test_who_leaves_ends_the_attendance_only(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    assert desk.post(f"{home}leave/").status_code == 302
    assert "未领取离开" in read(desk, home)
    assert desk.post(f"{home}sign/", {"signature": drawn()}).status_code == 422


# ---- the address


ADDRESS = {
    "address": "四川省成都市锦江区红星路三段1号2栋3单元405室",
    "phone": "13900000009",
    "consent": "yes",
    "ways": ["sms"],
}


def test_an_address_is_filled_in_shown_on_the_tablet_and_signed(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    tablet = desk.post(f"{home}address/", ADDRESS)
    page = tablet.content.decode()
    assert tablet.status_code == 200
    assert "退回之日视为送达之日" in page
    assert "法释〔2004〕13号第十一条" in page
    assert desk.post(f"{home}address/sign/", {**ADDRESS, "signature": ""}).status_code == 422
    signed = desk.post(f"{home}address/sign/", {**ADDRESS, "signature": drawn()})
    assert signed.status_code == 302, signed.content.decode()
    assert world.read(service).step == "sending"
    assert "送达地址确认书" in read(desk, home)


def test_an_odd_address_is_questioned_once_and_may_be_insisted_on(world: World, desk: Client) -> None:
    home = checked_in(desk, world.service())
    odd = {**ADDRESS, "address": "老屋门口"}
    answer = desk.post(f"{home}address/", odd)
    assert answer.status_code == 422
    assert "已与当事人核对" in answer.content.decode()
    assert "请核对您的送达地址" in desk.post(f"{home}address/", {**odd, "insist": "on"}).content.decode()


def test_an_address_is_read_while_it_is_typed(world: World, desk: Client) -> None:
    page = desk.post("/counter/reading/", {"address": ADDRESS["address"]}).content.decode()
    assert "四川省 › 成都市 › 锦江区" in page
    assert "可以投递" in page


def test_a_landline_takes_no_text_message(world: World, desk: Client) -> None:
    home = checked_in(desk, world.service())
    answer = desk.post(f"{home}address/", {**ADDRESS, "phone": "028-85551234"})
    assert "固定电话收不到短信" in answer.content.decode()


def test_who_gives_no_address_after_the_telling_is_noted(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    assert desk.post(f"{home}no-address/", {"reason": "不肯说"}).status_code == 422
    assert desk.post(f"{home}no-address/", {"reason": "不肯说", "told": "on"}).status_code == 302
    with world.here():
        told = Fact.objects.get(about=service.id, name="address.checked")
    assert told.detail == {"refused_to_provide": True}


# ---- waiting, the day, scans


def test_papers_wait_under_a_code_until_a_day(world: World, desk: Client) -> None:
    service = world.service()
    assert 'name="pronounced"' not in read(desk, f"/counter/services/{service.pk}/appoint/")
    assert desk.post(f"/counter/services/{service.pk}/appoint/", {"last_day": "2026-03-09"}).status_code == 302
    with world.here():
        made = Collection.objects.get()
    page = read(desk, "/counter/")
    assert f"{made.code[:4]} {made.code[4:]}" in page
    assert desk.post(f"/counter/collections/{made.pk}/slip/")["Location"].startswith("/papers/")
    assert desk.post(f"/counter/services/{service.pk}/appoint/", {"last_day": "2026-02-01"}).status_code == 422


def test_a_clerk_may_appoint_the_period_told_in_court(world: World, at: At) -> None:
    service = world.service()
    assert 'name="pronounced"' in read(at(world.an), f"/counter/services/{service.pk}/appoint/")


def test_the_day_says_who_came_and_goes_out_as_csv(world: World, desk: Client) -> None:
    service = world.service()
    home = checked_in(desk, service)
    desk.post(f"{home}sign/", {"signature": drawn()})
    page = read(desk, "/counter/day/")
    assert "邓春生" not in page
    assert "周岚" in page
    answer = desk.get("/counter/day/?export=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert "受送达人本人" in lines[1]
    assert "已领取" in lines[1]
    assert "没有人到窗口" in read(desk, "/counter/day/?day=2026-02-01")


def _tiff(*sheets: Image.Image) -> bytes:
    out = io.BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def test_a_paper_with_our_code_files_itself_and_a_tiff_becomes_a_pdf(world: World, desk: Client) -> None:
    service = world.service()
    with world.here():
        slip = handing.print_notice(
            handing.appoint(world.read(service), world.zhou, handing.keep_until(world.read(service))), world.zhou
        )
        drawing, _ = pages.picture(_content(slip), 1, width=1000)
    sheet = Image.open(io.BytesIO(drawing)).convert("RGB")
    file = SimpleUploadedFile("答辩状.tif", _tiff(sheet, Image.new("RGB", (1240, 1754), "white")))
    page = desk.post("/counter/scans/", {"scans": [file], "what": "答辩状", "brought_by": "邓某"}).content.decode()
    assert "（2 页）" in page
    assert "凭条码" in page
    with world.here():
        kept = Exhibit.objects.get(kind="submission")
        assert (kept.service_id, kept.media_type) == (service.pk, "application/pdf")
        assert kept.note == {"what": "答辩状", "from": "邓某"}
        told = Fact.objects.get(about=service.id, name="submission.received")
        assert told.detail["what"] == "答辩状"
        assert told.private == {"from": "邓某"}


def test_a_paper_without_a_code_wants_a_number_and_nothing_is_kept_before(world: World, desk: Client) -> None:
    service = world.service()
    answer = desk.post("/counter/scans/", {"scans": [scan("证据.pdf")], "what": "证据材料"})
    assert answer.status_code == 422
    assert "没有读到我院文书的条码" in answer.content.decode()
    with world.here():
        assert not Exhibit.objects.exists()
    sent = {"scans": [scan("证据.pdf")], "what": "证据材料", "number": "（2026）川0191民初1234号"}
    assert "凭填写的编号" in desk.post("/counter/scans/", sent).content.decode()
    assert "submission.received" in world.facts(service)


def test_a_case_with_several_recipients_wants_the_number_of_the_service(world: World, desk: Client) -> None:
    brother: PartyDraft = replace(DENG, name="邓秋生", id_number=OTHER, phone="13900000002")
    world.hand_over(DENG, brother)
    sent = {"scans": [scan("证据.pdf")], "what": "证据材料", "number": "（2026）川0191民初1234号"}
    assert "请填写送达编号" in desk.post("/counter/scans/", sent).content.decode()
