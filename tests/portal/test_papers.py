"""Behind the link: consent, reading, confirming, signing, and what the page may say about it."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from songda.engine import errands
from songda.evidence.queries import course_of
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib import vault
from songda.methods.models import Exhibit, Paper
from tests.cast import DENG, JUDGMENT, World, upload
from tests.papers.reading import pictures, words
from tests.portal.conftest import HOME_ADDRESS, Phone, data_url, dot, drawn, png, reach, set_policy

# Of the package, which set-up brings.
SIGNATURE_PAD = 17_000


# ---- consent ---------------------------------------------------------------------------------------------------


def test_who_has_not_been_asked_is_asked_first_and_told_what_follows_from_either_answer(world: World) -> None:
    phone = reach(world, consent=None)
    page = phone.enter()
    assert "您是否同意电子送达" in page
    assert "民事诉讼法第九十条" in page
    assert "data-document" not in page
    assert phone.browser.get(phone.document()).status_code == 404


def test_consent_on_the_page_is_a_fact_and_shows_the_papers(world: World) -> None:
    phone = reach(world, consent=None)
    phone.enter()
    phone.does("consent")
    assert "data-document" in phone.page()
    assert phone.facts()[-2:] == ["consent.given", "content.available"] or {
        "consent.given",
        "content.available",
    } <= set(phone.facts())


def test_who_declines_sees_no_papers_and_what_happens_next(world: World) -> None:
    phone = reach(world, consent=None)
    phone.enter()
    phone.does("decline")
    page = phone.page()
    assert "consent.refused" in phone.facts()
    assert "法院将改用邮寄、上门等方式" in page
    assert "data-document" not in page
    assert phone.browser.get(phone.document()).status_code == 404
    assert phone.signs().status_code == 422
    assert "receipt.signed" not in phone.facts()


def test_a_mind_may_be_changed_and_every_answer_stays(world: World) -> None:
    phone = reach(world, consent=False)
    phone.enter()
    for answer in ("consent", "decline", "consent", "consent"):
        phone.does(answer)
    names = phone.facts()
    assert (names.count("consent.given"), names.count("consent.refused")) == (2, 2)
    assert "data-document" in phone.page()


def test_consent_says_what_whoever_gave_it_had_to_know(world: World) -> None:
    phone = reach(world, consent=None)
    phone.enter()
    phone.does("consent")
    with world.here():
        fact = next(one for one in course_of(phone.service.id) if one.name == "consent.given")
    assert (fact.speaker, fact.detail["verified"]) == ("recipient", "identity")


# ---- reading ---------------------------------------------------------------------------------------------------


def test_opening_a_paper_is_known_once_and_entering_is_not_opening(phone: Phone) -> None:
    phone.enter()
    assert "content.opened" not in phone.facts()
    for _ in range(2):
        assert phone.browser.get(phone.document()).status_code == 200
    assert phone.facts().count("content.opened") == 1


def test_the_words_of_a_paper_stand_below_it_for_those_who_cannot_read_small_print(phone: Phone) -> None:
    phone.enter()
    page = phone.browser.get(phone.document()).content.decode()
    assert "起诉状副本" in page[page.index('class="text"') :].partition("</details>")[0]


def test_a_paper_is_shown_page_by_page_as_pictures_and_given_as_the_file_it_is(phone: Phone) -> None:
    phone.enter()
    page = phone.browser.get(phone.document()).content.decode()
    assert f"{phone.document()}page/1" in page
    picture = phone.browser.get(f"{phone.document()}page/1")
    assert Image.open(io.BytesIO(picture.content)).width == 1000
    assert len(picture.content) < 120_000
    file = phone.browser.get(f"{phone.document()}file.pdf")
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["X-Frame-Options"] == "SAMEORIGIN"
    with phone.world.here():
        assert file.content == vault.get(phone.service.lines.get(ordinal=0).document.pdf_sha256)


@pytest.mark.parametrize("number", [0, 2, 99])
def test_there_are_no_pictures_of_pages_that_are_not_there(phone: Phone, number: int) -> None:
    phone.enter()
    assert phone.browser.get(f"{phone.document()}page/{number}").status_code == 404


def test_papers_of_another_recipient_or_court_do_not_exist_here(world: World, phone: Phone) -> None:
    about = {"case_number": "（2026）川0191民初77号", "uploads": (upload("judgment", "别人的判决书"),)}
    other = reach(world, replace(DENG, name="刘春", phone="13900000002"), **about)
    phone.enter()
    with world.here():
        theirs = other.service.lines.get().document_id
    for tail in ("", "file.pdf", "page/1"):
        assert phone.browser.get(f"{phone.home}paper/{theirs}/{tail}").status_code == 404


def test_all_papers_come_in_one_file_and_that_is_opening_them(phone: Phone) -> None:
    phone.enter()
    phone.confirms()
    answer = phone.browser.get(f"{phone.home}all.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names[:2] == ["01-起诉状副本.pdf", "02-传票.pdf"]
    assert names[2].startswith("03-送达地址确认书")
    assert {"content.opened", "papers.downloaded"} <= set(phone.facts())


# ---- confirming ------------------------------------------------------------------------------------------------


def test_a_confirmed_address_gets_the_first_rank_and_is_kept_as_a_paper(phone: Phone) -> None:
    phone.enter()
    assert phone.confirms(email="deng@example.org", ways=["sms", "email"]).status_code == 303
    with phone.world.here():
        points = {one.kind: one for one in ContactPoint.objects.filter(party_id=phone.service.party_id)}
        paper = Paper.objects.get(service=phone.service, kind="confirmation")
        text = words(vault.get(paper.sha256))
    assert {kind: one.rank for kind, one in points.items()} == dict.fromkeys(["address", "phone", "email"], "confirmed")
    assert "人民南路四段27号" in text
    assert phone.browser.get(f"{phone.home}kept/{paper.id}.pdf").content.startswith(b"%PDF")


def test_an_account_agreed_to_for_papers_gets_the_first_rank_and_stands_in_the_paper(phone: Phone) -> None:
    phone.enter()
    said = {"account_platform": "wechat", "account": "Deng_2026", "ways": ["sms", "account"]}
    assert phone.confirms(**said).status_code == 303
    with phone.world.here():
        account = ContactPoint.objects.get(party_id=phone.service.party_id, kind="account")
        text = words(vault.get(Paper.objects.get(service=phone.service, kind="confirmation").sha256))
    assert (account.platform, account.value, account.rank) == ("wechat", "deng_2026", "confirmed")
    assert "微信" in text
    assert "deng_2026" in text


def test_confirming_a_number_that_is_known_makes_no_second_one(phone: Phone) -> None:
    phone.enter()
    phone.confirms(phone="139 0000 0001")
    with phone.world.here():
        assert ContactPoint.objects.filter(party_id=phone.service.party_id, kind="phone").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": ""}, "请填写收件地址"),
        ({"address": "我家"}, "地址无误"),
        ({"phone": "123"}, "电话号码"),
        ({"email": "deng"}, "电子邮箱格式不对"),
        ({"ways": []}, "请至少选择一种"),
        ({"ways": ["account"]}, "请选择账号所在的平台"),
        ({"ways": ["account"], "account_platform": "qq", "account": "deng"}, "QQ号是5至12位数字"),
        ({"ways": ["email"]}, "请填写电子邮箱"),
        ({"ways": ["fax"]}, "fax"),
        ({"postcode": "61"}, "邮政编码是六位数字"),
    ],
)
def test_what_cannot_be_so_is_said_and_what_was_written_stays(phone: Phone, wrong: dict[str, str], said: str) -> None:
    phone.enter()
    answer = phone.confirms(**wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "您填写的内容还在" in page
    assert 'value="13900000001"' in page or "phone" in wrong
    assert "contact.added" not in phone.facts()


def test_an_odd_address_is_questioned_once_and_taken_when_insisted_on(phone: Phone) -> None:
    phone.enter()
    assert phone.confirms(address="村委会旁边").status_code == 422
    assert phone.confirms(address="村委会旁边", insist="on").status_code == 303


def test_a_changed_address_takes_the_place_of_the_one_before_and_both_stay(phone: Phone) -> None:
    phone.enter()
    phone.confirms()
    phone.confirms(address="四川省成都市锦江区东大街1号2栋301室")
    with phone.world.here():
        papers = list(Paper.objects.filter(service=phone.service, kind="confirmation").order_by("key"))
    assert [paper.superseded_by_id for paper in papers] == [papers[1].id, None]


# ---- signing ---------------------------------------------------------------------------------------------------


def test_a_drawn_signature_is_kept_as_it_came_and_is_the_recipients_receipt(phone: Phone) -> None:
    phone.enter()
    assert phone.signs().headers["Location"] == f"{phone.home}?done=signed#known"
    with phone.world.here():
        fact = next(one for one in course_of(phone.service.id) if one.name == "receipt.signed")
        exhibit = Exhibit.objects.get(service=phone.service, kind="signature")
    assert fact.detail["signer"] == "self"
    assert fact.detail["via"] == "electronic"
    assert fact.detail["id_number_given"] is True
    assert fact.detail["exhibit"] == exhibit.sha256
    assert vault.get(exhibit.sha256).startswith(b"\x89PNG")
    assert fact.private == {"name": "邓春生"}
    assert phone.world.read(phone.service).result == "served"


def test_who_came_by_the_link_alone_gave_no_identity_number(world: World) -> None:
    set_policy(world, access_level="link")
    phone = reach(world)
    phone.browser.get(phone.link)
    phone.signs()
    with world.here():
        fact = next(one for one in course_of(phone.service.id) if one.name == "receipt.signed")
    assert (fact.detail["id_number_given"], fact.detail["verified"]) == (False, "link")


def test_signing_again_changes_nothing(phone: Phone) -> None:
    phone.enter()
    phone.signs()
    assert "signed_before" in phone.signs(signature=drawn(2)).headers["Location"]
    assert phone.facts().count("receipt.signed") == 1


def test_the_signature_stands_under_the_confirmed_address_too(phone: Phone) -> None:
    phone.enter()
    phone.confirms()
    phone.signs()
    with phone.world.here():
        papers = list(Paper.objects.filter(service=phone.service, kind="confirmation").order_by("key"))
        unsigned, signed = (vault.get(paper.sha256) for paper in papers)
    assert pictures(signed) == pictures(unsigned) + 1
    assert papers[0].superseded_by_id == papers[1].id


NO_SIGNATURES = {
    "nothing": "",
    "a typed name": "邓春生",
    "no base64": "data:image/png;base64,%%%",
    "another kind": "data:image/svg+xml;base64,PHN2Zy8+",
    "another picture": data_url(b"GIF89a" + b"\0" * 200),
    "a broken picture": data_url(b"\x89PNG\r\n\x1a\n" + b"\0" * 200),
    "nothing drawn": png(Image.new("RGBA", (600, 240), (0, 0, 0, 0))),
    "white": png(Image.new("RGB", (600, 240), "white")),
    "black": png(Image.new("RGB", (600, 240), "black")),
    "a dot": png(dot()),
    "too wide": png(Image.new("RGB", (5000, 60), "white")),
    "too small": png(Image.new("RGB", (8, 8), "black")),
    "too many bytes": "data:image/png;base64," + "A" * 700_000,
}


@pytest.mark.parametrize("sent", NO_SIGNATURES.values(), ids=NO_SIGNATURES)
def test_what_no_hand_has_drawn_is_no_signature(phone: Phone, sent: str) -> None:
    phone.enter()
    answer = phone.signs(signature=sent)
    assert answer.status_code == 422
    assert "签名" in answer.content.decode()
    assert "receipt.signed" not in phone.facts()


def test_only_those_the_law_names_may_sign_for_a_person(phone: Phone) -> None:
    page = phone.enter()
    assert 'value="self"' in page
    assert 'value="agent"' in page
    for nobody in ("co_resident_adult", "opposing_party", "mail_staff"):
        assert f'value="{nobody}"' not in page
        assert phone.signs(signer=nobody).status_code == 422


def test_a_mediation_paper_is_signed_by_the_party_or_the_named_receiver_only(world: World) -> None:
    phone = reach(world, uploads=(upload("mediation", "民事调解书"),))
    page = phone.enter()
    assert 'value="named_receiver"' in page
    assert 'value="agent"' not in page


def test_for_an_organisation_somebody_signs_by_name(world: World) -> None:
    company = replace(DENG, name="成都青禾商贸有限公司", kind="organisation", id_number="91510100MA62000079")
    phone = reach(world, replace(company, id_number=""))
    phone.knock(identity="")
    page = phone.page()
    assert 'value="mail_staff"' in page
    assert 'value="self"' not in page
    assert "请填写签收人姓名" in phone.signs(signer="mail_staff").content.decode()
    assert phone.signs(signer="mail_staff", name="何清").status_code == 303
    assert phone.world.read(phone.service).result == "served"


# ---- what the page says ----------------------------------------------------------------------------------------


def test_the_page_speaks_of_an_effect_only_when_a_fact_carries_it(world: World) -> None:
    phone = reach(world, uploads=(JUDGMENT,))
    assert "effect__word" not in phone.enter()
    phone.browser.get(phone.document())
    page = phone.page()
    assert "推定送达" in page
    assert "2026年3月17日" in page  # fifteen days to appeal
    phone.signs()
    assert "已送达" in phone.page()


def test_the_next_step_is_said_at_every_stage(phone: Phone) -> None:
    assert "请点开下面的文书阅读" in phone.enter()
    phone.browser.get(phone.document())
    assert "请确认您的送达地址" in phone.page()
    phone.confirms()
    assert "请手写签名" in phone.page()
    phone.signs()
    assert "您的签收已记录" in phone.page()


def test_the_proof_is_there_for_the_recipient_once_it_is_issued(phone: Phone) -> None:
    phone.enter()
    phone.signs()
    with phone.world.here():
        key = next(one.source_key for one in course_of(phone.service.id) if one.name == "service.effective")
    errands.issue_proof(court_id=str(phone.world.court.id), service_id=str(phone.service.id), key=key)
    with phone.world.here():
        proof = Paper.objects.get(service=phone.service, kind="proof")
    assert proof.title in phone.page()
    assert phone.browser.get(f"{phone.home}kept/{proof.id}.pdf").content.startswith(b"%PDF")


def test_a_stopped_service_asks_nothing_of_anybody(phone: Phone) -> None:
    phone.enter()
    with phone.world.here():
        Service.objects.filter(id=phone.service.id).update(step="stopped")
    page = phone.page()
    assert "法院已停止本次送达" in page
    assert "sign-form" not in page


def test_the_page_does_not_show_what_the_court_knows_of_where_people_live(phone: Phone) -> None:
    assert HOME_ADDRESS not in phone.enter()


def test_leaving_shuts_the_door_behind_one(phone: Phone) -> None:
    phone.enter()
    phone.browser.post(f"{phone.home}leave")
    assert phone.browser.get(phone.home).status_code == 403


def test_an_act_nobody_knows_is_not_found(phone: Phone) -> None:
    phone.enter()
    assert phone.does("rebut").status_code == 404


def test_forms_of_other_sites_are_refused(phone: Phone) -> None:
    phone.enter()
    phone.browser.handler.enforce_csrf_checks = True
    assert phone.signs().status_code == 403
    assert "receipt.signed" not in phone.facts()


def test_every_page_is_light_enough_for_a_slow_line(phone: Phone) -> None:
    phone.knock()
    assets = ("portal/portal.css", "songda/tokens.css", "songda/mark.svg", "portal/sign.js")
    shared = sum(Path(str(finders.find(name))).stat().st_size for name in assets) + SIGNATURE_PAD
    for address in (phone.link, phone.home, phone.document()):
        assert len(phone.browser.get(address).content) + shared < 60_000
