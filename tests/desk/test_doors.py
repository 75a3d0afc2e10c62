"""Who comes in: log-in, the court one sits at, and pages that are shut to others."""

from collections.abc import Iterable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import SlugConverter, StringConverter, UUIDConverter

from songda.courts.actions import enrol
from songda.desk.urls import urlpatterns
from songda.lib import clock
from tests.cast import PASSWORD, World
from tests.desk.conftest import At

OPEN = {"login", "logout"}
# Something of each kind that an address may hold.
EXAMPLES = {
    UUIDConverter: "01920000-0000-7000-8000-000000000000",
    SlugConverter: "stop",
    StringConverter: "2026-03-02",
}


def _pages() -> Iterable[tuple[str, str]]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        name = str(pattern.name)
        wanted = {key: EXAMPLES[type(kind)] for key, kind in pattern.pattern.converters.items()}
        yield name, reverse(f"desk:{name}", kwargs=wanted)


SHUT = [(name, url) for name, url in _pages() if name not in OPEN | {"home"}]


@pytest.mark.parametrize(("name", "url"), SHUT)
def test_every_page_asks_for_a_log_in(db: None, name: str, url: str) -> None:
    answers = [Client().get(url), Client().post(url)]
    assert all(answer.status_code == 405 or answer.headers["Location"].startswith("/login/") for answer in answers), (
        name
    )
    assert any(answer.status_code == 302 for answer in answers)


def test_a_person_logs_in_and_lands_on_what_waits_for_them(world: World) -> None:
    client = Client()
    answer = client.post("/login/", {"username": "an", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/work-items/"
    assert "安雨" in answer.content.decode()


def test_a_wrong_password_is_told_and_the_name_stays_typed(world: World) -> None:
    page = Client().post("/login/", {"username": "an", "password": "wrong"}).content.decode()
    assert "用户名或者密码不对" in page
    assert 'value="an"' in page


def test_five_wrong_passwords_shut_the_door_for_a_while(world: World) -> None:
    client = Client()
    for _ in range(5):
        answer = client.post("/login/", {"username": "an", "password": "wrong"})
    assert answer.status_code == 429
    assert "请稍后再登录" in answer.content.decode()


def test_logging_out_is_by_post_and_ends_the_visit(world: World, at: At) -> None:
    client = at(world.an)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/work-items/").status_code == 302


def test_a_password_is_changed_and_this_log_in_stays(world: World, at: At) -> None:
    client = at(world.an)
    given = {"old_password": PASSWORD, "new_password1": "卷宗-第七柜-92", "new_password2": "卷宗-第七柜-92"}
    assert client.post("/password/", given).status_code == 302
    assert client.get("/work-items/").status_code == 200
    world.an.refresh_from_db()
    assert world.an.check_password("卷宗-第七柜-92")


def test_a_password_typed_twice_differently_is_refused_at_its_field(world: World, at: At) -> None:
    given = {"old_password": PASSWORD, "new_password1": "卷宗-第七柜-92", "new_password2": "卷宗-第八柜-92"}
    answer = at(world.an).post("/password/", given)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_who_serves_two_courts_sits_at_one_at_a_time(world: World, at: At) -> None:
    enrol(world.zhou, world.other_court, ["mail"])
    client = at(world.zhou)
    assert f'bar__court">{world.other_court.name}' in client.get("/mail/").content.decode()
    client.post("/court/", {"court": "川0191"})
    assert f'bar__court">{world.court.name}' in client.get("/mail/").content.decode()


def test_nobody_sits_at_a_court_where_they_have_no_role(world: World, at: At) -> None:
    assert at(world.an).post("/court/", {"court": "川0108"}).status_code == 404


def test_roles_shut_pages_that_are_not_theirs(world: World, at: At) -> None:
    assert at(world.an).get("/approvals/").status_code == 403
    assert at(world.bai).get("/approvals/").status_code == 200
    assert at(world.fang).get("/hand-over/").status_code == 403


def test_an_unknown_page_is_a_chinese_page(world: World, at: At) -> None:
    answer = at(world.an).get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_the_demonstrations_clock_moves_only_by_what_it_offers(world: World, at: At) -> None:
    before = clock.now()
    client = at(world.an)
    client.post("/clock/", {"ahead": "86400"})
    assert (clock.now() - before).days == 1
    client.post("/clock/", {"ahead": "-86400"})
    assert (clock.now() - before).days == 1


def test_the_way_back_never_leaves_the_house(world: World, at: At) -> None:
    answer = at(world.an).post("/clock/", {"ahead": "3600", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/work-items/"


def test_no_page_carries_a_script_or_a_style_of_its_own(world: World, at: At) -> None:
    page = at(world.an).get("/work-items/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")


def test_who_sent_a_form_after_the_log_in_ended_comes_back_to_a_page_that_opens(world: World) -> None:
    client = Client()
    sent = client.post("/hand-over/confirm/", {}, headers={"referer": "http://testserver/hand-over/"})
    page = client.get(sent.headers["Location"]).content.decode()
    assert "刚才的提交没有收到" in page
    given = {"username": "an", "password": PASSWORD, "next": "/hand-over/"}
    assert 'name="next" value="/hand-over/"' in page
    back = client.post(sent.headers["Location"], given, follow=True)
    assert (back.status_code, back.redirect_chain[-1][0]) == (200, "/hand-over/")


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/hand-over/", "", "http://testserver/hand-over/confirm/"]
)
def test_from_anywhere_else_a_log_in_leads_to_what_waits(world: World, referer: str) -> None:
    sent = Client().post("/hand-over/confirm/", {}, headers={"referer": referer})
    assert sent.headers["Location"] == "/login/?lost=1&next=/work-items/"


@pytest.mark.parametrize(("method", "url"), [("get", "/liaison/"), ("post", "/hand-over/confirm/")])
def test_a_part_of_a_page_is_never_replaced_by_the_log_in(world: World, method: str, url: str) -> None:
    assert getattr(Client(), method)(url, headers={"hx-request": "true"}).status_code == 401


def test_a_page_that_is_only_opened_says_nothing_of_a_submission(world: World) -> None:
    sent = Client().get("/orders/")
    assert sent.headers["Location"] == "/login/?next=/orders/"
    assert "没有收到" not in Client().get(sent.headers["Location"]).content.decode()


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(("name", "url"), list(_pages()))
def test_an_address_that_only_takes_a_form_says_so_and_leads_to_one_that_opens(
    world: World, name: str, url: str
) -> None:
    answer = Client().get(url, headers=BROWSER)
    if answer.status_code != 405:
        return
    page = answer.content.decode()
    assert "这个地址不能直接打开" in page
    assert "POST" in answer.headers["Allow"]
    back = page.split('class="button button--main" href="')[1].split('"')[0]
    assert back != url
    assert Client().get(back, headers=BROWSER).status_code == 302


@pytest.mark.parametrize(
    ("url", "referer", "back"),
    [
        ("/calls/01920000-0000-7000-8000-000000000000/tell/", "", "/calls/01920000-0000-7000-8000-000000000000/"),
        ("/mail/returns/01920000-0000-7000-8000-000000000000/move/", "", "/mail/returns/"),
        ("/clock/", "", "/"),
        ("/clock/", "http://testserver/orders/?q=1", "/orders/"),
        ("/clock/", "https://elsewhere.example/orders/", "/"),
        ("/logout/", "", "/"),
        ("/sd/01920000-0000-7000-8000-000000000000/leave", "", "/sd/01920000-0000-7000-8000-000000000000/"),
    ],
)
def test_the_way_back_from_there_is_the_page_it_belongs_to(world: World, url: str, referer: str, back: str) -> None:
    page = Client().get(url, headers={**BROWSER, "referer": referer})
    assert page.status_code == 405
    assert f'href="{back}">回到原来的页面' in page.content.decode()


def test_a_machine_that_asks_in_the_wrong_way_gets_no_page(world: World) -> None:
    assert Client().get("/clock/", headers={"accept": "application/json"}).content == b""
