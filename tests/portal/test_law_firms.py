"""Law firms' software, as programs in use behave: what they send, what they read, what they do with the links."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from songda.evidence.queries import course_of
from songda.lib import vault
from songda.methods.entering import law_firm_link_of
from songda.portal import limits
from tests.cast import DENG, World
from tests.portal.conftest import Phone, reach, set_policy

LIST = "/yzw/yzw-zxfw-sdfw/api/v1/sdfw/getWsListBySdbhNew"


def numbers(phone: Phone) -> dict[str, str]:
    """What software reads from the link in a message, the way it reads it: behind the #."""
    question = parse_qs(urlsplit(law_firm_link_of(phone.access)).fragment.partition("?")[2])
    return {name: values[0] for name, values in question.items()}


def ask(phone: Phone, **said: str) -> Any:
    answer = Client().post(LIST, {**numbers(phone), **said}, content_type="application/json;charset=UTF-8")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def by_link(world: World) -> Phone:
    set_policy(world, access_level="link")
    return reach(world)


def test_the_numbers_in_the_link_are_such_as_programs_look_for(phone: Phone) -> None:
    link = law_firm_link_of(phone.access)
    assert "/zxfw/#/pagesAjkj/app/wssd/index?qdbh=" in link
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in numbers(phone).values())
    assert list(numbers(phone)) == ["qdbh", "sdbh", "sdsin"]


def test_where_the_link_is_enough_the_three_numbers_list_the_papers(by_link: Phone) -> None:
    told = ask(by_link)
    assert (told["code"], told["success"]) == (200, True)
    assert [row["c_wsmc"] for row in told["data"]] == ["起诉状副本", "传票"]
    first = told["data"][0]
    assert first["c_wjgs"] == "pdf"
    assert (first["c_fymc"], first["c_fybh"]) == ("成都高新技术产业开发区人民法院", "川0191")
    assert first["dt_cjsj"] == "2026-03-02T01:00:00.000+00:00"
    assert re.fullmatch("[0-9a-f]{32}", first["c_wsbh"])
    assert first["c_sdbh"] == numbers(by_link)["sdbh"]


def test_programs_that_send_an_empty_password_or_a_form_are_answered_too(by_link: Phone) -> None:
    assert ask(by_link, mm="")["code"] == 200
    assert Client().post(LIST, numbers(by_link)).json()["code"] == 200


def test_the_link_to_a_paper_is_fetched_without_cookies_and_gives_the_very_file(by_link: Phone) -> None:
    row = ask(by_link)["data"][0]
    answer = Client().get(urlsplit(row["wjlj"]).path)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%B5%B7")
    with by_link.world.here():
        assert answer.content == vault.get(by_link.service.lines.get(ordinal=0).document.pdf_sha256)


def test_fetching_a_paper_is_opening_it_by_software_and_listing_is_not(by_link: Phone) -> None:
    rows = ask(by_link)["data"]
    assert "content.opened" not in by_link.facts()
    for row in rows:
        Client().head(urlsplit(row["wjlj"]).path)
    assert "content.opened" not in by_link.facts()
    for row in rows:
        Client().get(urlsplit(row["wjlj"]).path)
    with by_link.world.here():
        opened = [one for one in course_of(by_link.service.id) if one.name == "content.opened"]
    assert [(one.speaker_ref, one.detail["channel"]) for one in opened] == [("law_firm", "law_firm")]


def test_a_link_to_a_paper_ends_after_half_an_hour_and_cannot_be_bent(by_link: Phone) -> None:
    first, second = (urlsplit(row["wjlj"]).path for row in ask(by_link)["data"])
    ids = [path.split("/")[4] for path in (first, second)]
    assert Client().get(first.replace(ids[0], ids[1])).status_code == 404
    last = first[-5]
    bent = "0" if last != "0" else "1"
    assert Client().get(f"{first[:-5]}{bent}.pdf").status_code == 404
    by_link.world.later(minutes=31)
    assert Client().get(first).status_code == 404


def test_where_a_code_is_asked_for_it_goes_into_mm(phone: Phone) -> None:
    refused = ask(phone)
    assert refused["code"] == 403
    assert refused["data"] == []
    assert "验证码" in refused["msg"]
    assert ask(phone, mm=phone.access.code)["code"] == 200


def test_where_identity_is_asked_for_its_end_stands_behind_the_code(world: World) -> None:
    set_policy(world, access_level="link_and_identity")
    phone = reach(world)
    assert ask(phone, mm=phone.access.code)["code"] == 403
    assert ask(phone, mm=f"{phone.access.code}010312")["code"] == 200


def test_wrong_codes_of_software_lock_the_same_link_that_people_use(phone: Phone) -> None:
    codes = [ask(phone, mm="none")["code"] for _ in range(5)]
    assert codes == [403, 403, 403, 403, 429]
    assert ask(phone, mm=phone.access.code)["code"] == 429
    assert phone.knock().status_code == 429


def test_numbers_that_do_not_belong_together_find_nothing(world: World, by_link: Phone) -> None:
    other = reach(world, replace(DENG, name="刘春", phone="13900000002"), case_number="（2026）川0191民初77号")
    for name in ("qdbh", "sdbh", "sdsin"):
        assert ask(by_link, **{name: numbers(other)[name]})["code"] == 404


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"x"', "{}", '{"qdbh": {}}', '{"qdbh": "a"}', "\ufeff{}", "[" * 5000]
)
def test_what_makes_no_sense_is_refused_in_the_same_form(world: World, body: str) -> None:
    told = Client().post(LIST, body, content_type="application/json").json()
    assert (told["code"], told["success"], told["data"]) == (400, False, [])


def test_numbers_with_signs_no_number_has_find_nothing(by_link: Phone) -> None:
    assert ask(by_link, qdbh="\0")["code"] == 404


def test_who_declined_electronic_service_is_not_served_through_software(world: World) -> None:
    set_policy(world, access_level="link")
    phone = reach(world, consent=False)
    told = ask(phone)
    assert (told["code"], told["data"]) == (403, [])
    assert "不同意电子送达" in told["msg"]


def test_a_withdrawn_link_gives_software_nothing(by_link: Phone) -> None:
    path = urlsplit(ask(by_link)["data"][0]["wjlj"]).path
    by_link.browser.post(f"/sd/not-me?key={by_link.access.token}")
    assert ask(by_link)["code"] == 403
    assert Client().get(path).status_code == 404


def test_a_program_that_guesses_is_stopped(world: World, by_link: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "law_firm_wrong", 2)
    codes = [ask(by_link, qdbh="0" * 32)["code"] for _ in range(4)]
    assert codes == [404, 404, 429, 429]


def test_the_page_behind_the_same_address_asks_the_same_question(client: Client) -> None:
    page = client.get("/zxfw/").content.decode()
    assert f'data-list="{LIST}"' in page
    assert "/sd?key=" in page
