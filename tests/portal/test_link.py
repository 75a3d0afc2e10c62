"""The link in the message: who gets in, who is kept out, and what a stranger can do."""

from dataclasses import replace

import pytest
from django.test import Client

from songda.engine.standing import reckoned
from songda.evidence.queries import course_of
from songda.finding.models import ContactPoint
from songda.gateways.models import Knock
from songda.methods.models import Access
from songda.portal import limits
from tests.cast import DENG, World
from tests.portal.conftest import Phone, reach, set_policy


def test_the_right_code_and_the_last_six_signs_lead_to_the_papers(phone: Phone) -> None:
    assert "短信里的验证码" in phone.browser.get(phone.link).content.decode()
    assert phone.knock().headers["Location"] == phone.home
    page = phone.page()
    assert "（2026）川0191民初1234号" in page
    assert "起诉状副本" in page


def test_the_whole_identity_number_is_as_good_as_its_end(phone: Phone) -> None:
    assert phone.knock(identity="510107198001010312").status_code == 303


def test_the_door_shows_nothing_of_the_case_and_only_a_masked_name(phone: Phone) -> None:
    door = phone.browser.get(phone.link).content.decode()
    assert "邓**" in door
    assert "邓春生" not in door
    assert "民初1234" not in door


@pytest.mark.parametrize(("code", "identity"), [("no", "010312"), (None, "999999"), ("", ""), ("x" * 400, "y" * 400)])
def test_a_wrong_answer_keeps_one_outside_and_says_how_many_tries_are_left(
    phone: Phone, code: str | None, identity: str
) -> None:
    answer = phone.knock(code=code, identity=identity)
    assert answer.status_code == 403
    assert "还可以再试4次" in answer.content.decode()
    assert phone.browser.get(phone.home).status_code == 403


def test_five_wrong_codes_lock_the_link_even_for_the_right_one_until_half_an_hour_is_over(phone: Phone) -> None:
    for _ in range(4):
        phone.knock(code="no")
    locked = phone.knock(code="no")
    assert locked.status_code == 429
    assert "2026年3月2日 09:30" in locked.content.decode()
    assert phone.knock().status_code == 429
    phone.world.later(minutes=31)
    assert phone.knock().status_code == 303


def test_every_further_lock_lasts_twice_as_long(phone: Phone) -> None:
    for _ in range(5):
        phone.knock(code="no")
    phone.world.later(minutes=31)
    for _ in range(5):
        answer = phone.knock(code="no")
    assert "10:31" in answer.content.decode()


def test_a_right_answer_forgets_the_wrong_ones(phone: Phone) -> None:
    for _ in range(4):
        phone.knock(code="no")
    phone.knock()
    assert "还可以再试4次" in phone.knock(code="no").content.decode()


def test_where_the_court_knows_no_number_the_code_alone_is_asked_for(world: World) -> None:
    phone = reach(world, replace(DENG, id_number=""))
    assert "证件号码" not in phone.browser.get(phone.link).content.decode()
    assert phone.knock(identity="").status_code == 303


def test_a_court_that_trusts_the_link_asks_for_nothing(world: World) -> None:
    set_policy(world, access_level="link")
    phone = reach(world)
    assert phone.browser.get(phone.link).headers["Location"] == phone.home
    assert "起诉状副本" in phone.page()


def test_a_court_that_wants_identity_lets_nobody_in_of_whom_it_knows_no_number(world: World) -> None:
    set_policy(world, access_level="link_and_identity")
    phone = reach(world, replace(DENG, id_number=""))
    assert phone.knock(identity="").status_code == 403


def test_an_unknown_link_is_not_found_and_says_no_more(client: Client, world: World) -> None:
    for link in ("/sd", "/sd?key=", "/sd?key=" + "A" * 32, "/sd?key=" + "\x00é" * 500):
        answer = client.get(link)
        assert answer.status_code == 404
        assert "没有找到这个链接" in answer.content.decode()


def test_an_old_link_says_that_it_is_old(phone: Phone) -> None:
    phone.world.later(days=31)
    answer = phone.browser.get(phone.link)
    assert answer.status_code == 410
    assert "已过有效期" in answer.content.decode()


def test_who_is_inside_when_the_link_is_withdrawn_is_outside_at_the_next_page(phone: Phone) -> None:
    phone.enter()
    with phone.world.here():
        Access.objects.update(withdrawn_at=phone.access.made_at)
    assert phone.browser.get(phone.home).status_code == 410


def test_the_visit_is_a_cookie_of_its_own_for_its_own_pages(phone: Phone) -> None:
    cookie = phone.knock().cookies["sd"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (phone.home, True, "Lax")
    assert cookie["max-age"] <= 3600
    assert "sessionid" not in phone.browser.cookies


def test_a_visit_to_one_link_opens_no_other(world: World, phone: Phone) -> None:
    other = reach(world, replace(DENG, name="刘春", phone="13900000002"), case_number="（2026）川0191民初77号")
    phone.enter()
    value = phone.browser.cookies["sd"].value
    other.browser.cookies["sd"] = value
    assert other.browser.get(other.home).status_code == 403


def test_a_forged_cookie_opens_nothing(phone: Phone) -> None:
    for value in (str(phone.access.id), "x:y:z", ""):
        phone.browser.cookies["sd"] = value
        assert phone.browser.get(phone.home).status_code == 403


def test_pages_are_not_kept_by_browsers_and_tell_no_other_site_where_they_were(phone: Phone) -> None:
    phone.knock()
    for address in (phone.link, phone.home, phone.document()):
        answer = phone.browser.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_key_does_not_stay_in_the_address_once_one_is_inside(phone: Phone) -> None:
    assert phone.access.token not in phone.enter()


def test_neither_the_key_nor_the_code_gets_into_a_log(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    phone.knock(code="none")
    phone.enter()
    phone.browser.get(f"/sd/not-me?key={phone.access.token}")
    phone.browser.get(f"/sd?key={phone.access.token}x")
    phone.browser.get(f"{phone.home}paper/{phone.access.id}/")
    written = [line for line in caplog.text.splitlines() if "sql" not in line.lower()]
    assert not any(secret in line for line in written for secret in (phone.access.token, "010312"))


# ---- 不是我本人 -------------------------------------------------------------------------------------------------


def test_who_is_not_the_recipient_says_so_and_the_number_and_the_link_are_shut_at_once(phone: Phone) -> None:
    page = phone.browser.get(f"/sd/not-me?key={phone.access.token}").content.decode()
    assert "确认，这不是我" in page
    phone.browser.post(f"/sd/not-me?key={phone.access.token}", {"action": "not_me"})
    assert phone.browser.get(phone.link).status_code == 410
    with phone.world.here():
        point = ContactPoint.objects.get(id=phone.access.contact_point_id)
        told = [fact for fact in reckoned(course_of(phone.service.id)) if fact.name == "contact.withdrawn"]
    assert point.withdrawn_why == "wrong_person"
    assert told[0].detail == {"contact": str(point.id), "why": "wrong_person", "said_at": "portal"}


def test_looking_at_the_question_whether_it_is_me_changes_nothing(phone: Phone) -> None:
    phone.browser.get(f"/sd/not-me?key={phone.access.token}")
    assert phone.knock().status_code == 303


# ---- limits ----------------------------------------------------------------------------------------------------


def test_a_machine_that_tries_links_is_stopped_and_let_go_after_its_window(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "link", 3)
    statuses = [client.get(f"/sd?key={place}").status_code for place in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    world.later(minutes=10)
    assert client.get("/sd?key=9").status_code == 404


def test_limits_count_networks_apart_and_keep_no_address(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "link", 1)
    for address in ("198.51.100.7", "2001:db8:1:2:3::4", "2001:db8:1:2:9::9"):
        Client(REMOTE_ADDR=address).get("/sd?key=x")
    assert phone.browser.get(phone.link).status_code == 200
    counts = dict(Knock.objects.values_list("who", "count"))
    assert sorted(counts.values()) == [1, 1]
    assert not any("198" in who for who in counts if len(who) != 64)


def test_old_counts_are_thrown_away(client: Client, world: World) -> None:
    client.get("/sd?key=x")
    world.later(hours=1)
    client.get("/sd?key=x")
    assert Knock.objects.count() == 1
