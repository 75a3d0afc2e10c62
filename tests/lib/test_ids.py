"""Names of rows: their shape and their order."""

from songda.lib.ids import uuid7


def test_an_id_is_a_version_7_uuid_of_its_moment() -> None:
    assert {(one.version, one.variant) for one in (uuid7() for _ in range(100))} == {(7, "specified in RFC 4122")}


def test_what_is_made_in_a_row_sorts_in_that_row_and_never_twice() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
