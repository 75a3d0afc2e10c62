"""The invented people: the same for everyone who knows the seed, and well-formed to every validator."""

import phonenumbers
from stdnum.cn import ric, uscc

from songda.gateways.sandbox.people import TEMPERAMENTS, Directory
from songda.gateways.sandbox.register import cast


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert cast(7) == cast(7)
    assert {one.name for one in cast(7)} != {one.name for one in cast(8)}


def test_the_nth_person_is_the_same_however_many_are_asked_for() -> None:
    assert cast(7, 10, 0) == cast(7, 120, 40)[:10]


def test_every_number_is_well_formed() -> None:
    for one in cast(7):
        assert (ric if one.kind == "person" else uscc).is_valid(one.id_number), one.number
        for phone in (one.phone, one.filed_phone):
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone, "CN"))


def test_no_two_of_the_cast_share_a_number_or_a_name() -> None:
    people = cast(7)
    assert len({one.id_number for one in people}) == len(people)
    assert len({one.phone for one in people}) == len(people)
    assert len({one.name for one in people}) == len(people)


def test_every_temperament_of_the_cast_is_played() -> None:
    assert {one.temperament for one in cast(7)} <= set(TEMPERAMENTS)


def test_a_wrong_number_in_the_file_reaches_a_stranger_and_the_right_one_the_person() -> None:
    directory = Directory(7, cast(7))
    person = next(one for one in cast(7) if one.temperament == "wrong_number")
    assert directory.at_phone(person.filed_phone) == (None, TEMPERAMENTS["stranger"])
    assert directory.at_phone(person.phone) == (person, TEMPERAMENTS["wrong_number"])


def test_someone_outside_the_cast_behaves_the_same_every_time() -> None:
    assert Directory(7, ()).at_phone("13800000000") == Directory(7, ()).at_phone("13800000000")
