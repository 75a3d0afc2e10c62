"""People-finding sources: one contract, little disclosed, honest answers."""

import json
from dataclasses import replace

import pytest

from songda.gateways import people
from songda.gateways.errors import GiveUp, TryAgain
from songda.gateways.people import SOURCES, Answer, Question, Subject, keyed_hash
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.register import DemoPerson, cast
from songda.gateways.sandbox.sources import MANNERS
from songda.gateways.sandbox.world import Settings
from songda.gateways.signing import verify_request
from songda.gateways.switchboard import sandbox_source
from songda.lib import clock
from songda.papers import renditions
from tests.gateways.parties import COURT, SECRET, Listener, Running, eventually, sealed_letter

OPERATORS = ("telecom_a", "telecom_b", "telecom_c")


def someone(temperament: str, kind: str = "person") -> DemoPerson:
    return next(one for one in cast(7) if one.temperament == temperament and one.kind == kind)


def about(person: DemoPerson, key: str = "inquiry-1", *, number: bool = True) -> Question:
    return Question(
        key=key,
        inquiry="协查-1",
        ground="民事诉讼法第九十五条",
        authority=f"{COURT}概括授权",
        subject=Subject(person.name, person.kind, person.id_number if number else ""),
        asks=("phone", "address"),
    )


def with_letter(question: Question, listener: Listener, letter: bytes = b"") -> Question:
    """The question with a sealed letter that lies ready at the platform."""
    return replace(question, **listener.lay_out(letter or sealed_letter()))


def answers_of(listener: Listener) -> list[Answer]:
    for headers, body in listener.at("people"):
        code = json.loads(body)["source"]
        assert people.verify_callback(headers, body, sandbox_source(code, SECRET)["secret"])
    return [one for told in listener.told("people") for one in people.translate_answers(told)]


def test_a_source_that_has_the_answer_gives_it_at_once(sandbox: Running) -> None:
    firm = someone("mail_room", "organisation")
    answer = people.ask(sandbox.source("market_register"), about(firm))
    assert not answer.pending
    assert {one.kind: one.value for one in answer.found} == {"address": firm.filed_address, "phone": firm.filed_phone}
    assert all(one.as_of and one.as_of <= clock.today() for one in answer.found)


def test_a_source_that_must_look_takes_the_question_and_calls_back(sandbox: Running, listener: Listener) -> None:
    person = someone("moved")
    taken = people.ask(sandbox.source("household"), with_letter(about(person), listener))
    assert taken.pending
    assert taken.found == ()
    (answer,) = eventually(lambda: answers_of(listener))
    assert (answer.key, answer.reference) == ("inquiry-1", taken.reference)
    assert [one.value for one in answer.found] == [person.filed_address]


def test_one_operator_knows_the_number_and_the_others_say_not_found(sandbox: Running, listener: Listener) -> None:
    person = someone("dead_number")
    for code in OPERATORS:
        people.ask(sandbox.source(code), about(person, f"inquiry-{code}"))
    answers = eventually(lambda: answers_of(listener) if len(answers_of(listener)) == 3 else [])
    assert sorted(len(one.found) for one in answers) == [0, 0, 1]
    assert not any(one.pending for one in answers)
    assert [found.value for one in answers for found in one.found] == [person.phone]


def test_where_a_hash_will_do_the_number_is_not_disclosed(sandbox: Running) -> None:
    person = someone("signs_quickly")
    people.ask(sandbox.source("telecom_a"), about(person))
    (question,) = sandbox.log("source telecom_a")
    assert question["body"]["subject"]["idHash"] == keyed_hash(
        sandbox_source("telecom_a", SECRET)["hash_secret"], person.id_number
    )
    assert person.id_number not in str(question)


def test_a_source_that_cannot_match_the_hash_asks_for_the_number_and_gets_it_only_when_asked_by_it(
    sandbox: Running,
) -> None:
    stranger = DemoPerson(0, "person", "龙外人", "510121197001010016", "", "", "", "", "", "", "")
    source = sandbox.source("post_addresses")
    assert people.ask(source, about(stranger)).needs_number
    assert "510121197001010016" not in str(sandbox.log("source post_addresses"))
    assert not people.ask(source, replace(about(stranger), with_number=True)).needs_number


def test_a_source_that_calls_back_may_call_for_the_number(sandbox: Running, listener: Listener) -> None:
    stranger = DemoPerson(0, "person", "龙外人", "510121197001010016", "", "", "", "", "", "", "")
    source = sandbox.source("telecom_a")
    assert people.ask(source, about(stranger)).pending
    (answer,) = eventually(lambda: answers_of(listener))
    assert answer.needs_number
    assert people.ask(source, replace(about(stranger), with_number=True)).pending
    answers = eventually(lambda: answers_of(listener) if len(answers_of(listener)) == 2 else [])
    assert [one.needs_number for one in answers] == [True, False]


def test_a_hash_under_another_secret_matches_nobody() -> None:
    assert keyed_hash("ours", "51012119700101001x") == keyed_hash("ours", "51012119700101001X")
    assert keyed_hash("ours", "51012119700101001X") != keyed_hash("theirs", "51012119700101001X")


def test_the_same_key_is_asked_and_charged_once(sandbox: Running) -> None:
    person = someone("mail_room", "organisation")
    once, again = (people.ask(sandbox.source("market_register"), about(person)) for _ in range(2))
    assert once == again
    assert len(sandbox.log("source market_register")) == 1


def test_another_persons_number_is_not_found(sandbox: Running) -> None:
    person, other = someone("signs_quickly"), someone("ignores")
    mixed = replace(about(person), subject=Subject(person.name, "person", other.id_number))
    assert people.ask(sandbox.source("market_register"), mixed).found == ()


def test_a_source_is_not_asked_what_it_does_not_answer(sandbox: Running) -> None:
    with pytest.raises(GiveUp):
        people.ask(sandbox.source("telecom_a"), replace(about(someone("moved")), asks=("address",)))


def test_what_became_of_a_key_can_be_asked(sandbox: Running, listener: Listener) -> None:
    source = sandbox.source("household")
    assert people.look_up(source, "inquiry-1") is None
    people.ask(source, with_letter(about(someone("moved")), listener))
    eventually(lambda: answers_of(listener))
    answer = people.look_up(source, "inquiry-1")
    assert answer is not None
    assert len(answer.found) == 1


def test_a_question_without_ground_or_authority_is_refused(sandbox: Running) -> None:
    with pytest.raises(GiveUp):
        people.ask(sandbox.source("household"), replace(about(someone("moved")), ground=""))


def test_a_source_says_when_it_has_been_asked_too_often(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_pace(speed=1.0)
    monkeypatch.setitem(MANNERS, "market_register", replace(MANNERS["market_register"], per_minute=2))
    with Sandbox(settings):
        source = Running(settings).source("market_register")

        def ask_often() -> None:
            for number in range(6):
                people.ask(source, about(someone("mail_room", "organisation"), f"inquiry-{number}"))

        with pytest.raises(TryAgain) as limit:
            ask_often()
    assert limit.value.after is not None


def test_a_source_that_wants_the_letter_fetches_it_under_its_own_key(sandbox: Running, listener: Listener) -> None:
    people.ask(sandbox.source("household"), with_letter(about(someone("moved")), listener))
    ((path, headers),) = listener.fetched
    url = f"{listener.url}{path}"
    verify_request(sandbox_source("household", SECRET)["secret"], "GET", url, headers, b"")


def _altered() -> bytes:
    return sealed_letter().replace(b"%PDF-1", b"%PDF-2", 1)


@pytest.mark.parametrize(
    ("letter", "authority"),
    [
        (renditions.of_text("协查函", made_at=clock.now()), f"{COURT}概括授权"),
        (_altered(), f"{COURT}概括授权"),
        (sealed_letter() + b"more", f"{COURT}概括授权"),
        (sealed_letter(), "成都市成华区人民法院概括授权"),
        (b"no PDF", f"{COURT}概括授权"),
    ],
)
def test_a_letter_that_is_not_whole_under_the_courts_seal_is_refused(
    sandbox: Running, listener: Listener, letter: bytes, authority: str
) -> None:
    question = with_letter(replace(about(someone("moved")), authority=authority), listener, letter)
    with pytest.raises(GiveUp, match="协查函"):
        people.ask(sandbox.source("household"), question)


def test_a_letter_that_is_another_or_missing_is_refused(sandbox: Running, listener: Listener) -> None:
    question = with_letter(about(someone("moved")), listener)
    for wrong in (
        about(someone("moved")),
        replace(question, letter_sha256="0" * 64),
        replace(question, letter_url=f"{listener.url}/letters/none"),
    ):
        with pytest.raises(GiveUp, match="协查函"):
            people.ask(sandbox.source("household"), wrong)


def test_a_letter_that_cannot_be_fetched_just_now_is_tried_again(sandbox: Running) -> None:
    gone = {"letter_sha256": "0" * 64, "letter_url": "http://127.0.0.1:9/letter"}
    with pytest.raises(TryAgain):
        people.ask(sandbox.source("household"), replace(about(someone("moved")), **gone))


def test_one_source_may_not_ask_as_another(sandbox: Running) -> None:
    mine, other = sandbox.source("telecom_a"), sandbox.source("telecom_b")
    mixed = replace(other, endpoint=replace(other.endpoint, secret=mine.endpoint.secret))
    with pytest.raises(GiveUp, match="签名"):
        people.ask(mixed, about(someone("moved")))


def test_in_bad_weather_every_error_is_one_that_may_be_tried_again(settings: Settings, listener: Listener) -> None:
    with Sandbox(replace(settings, trouble=1e6)), pytest.raises(TryAgain):
        people.ask(Running(settings).source("generic"), with_letter(about(someone("moved")), listener))


def test_every_kind_of_source_is_played_by_the_sandbox() -> None:
    assert set(SOURCES) == set(MANNERS)


def test_a_fact_about_an_answer_does_not_hold_the_answer() -> None:
    answer = Answer("inquiry-1", "ref", found=(people.Found("phone", "19200000001"),))
    heard = people.heard_of(answer, "telecom_a")
    assert (heard.fact, heard.detail["kinds"]) == ("inquiry.answered", ["phone"])
    assert "19200000001" not in str(heard) + repr(answer)
