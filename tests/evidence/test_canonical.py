"""A leaf binds its record and hides it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songda.evidence import canonical
from songda.lib.clock import BEIJING

SALT = bytes(range(32))
SEED = bytes(range(100, 132))
PRIVATE = {"name": "邓某", "id_number": "510104199001011234"}
MOMENT = datetime(2026, 11, 23, 15, 22, 42, tzinfo=BEIJING)
RECORD = canonical.record(
    id=UUID(int=1),
    court=UUID(int=2),
    about=UUID(int=3),
    fact="receipt.signed",
    happened_at=MOMENT,
    learnt_at=MOMENT + timedelta(seconds=1),
    by="recipient",
    by_ref="",
    key=None,
    detail={"signer": "self"},
    private=PRIVATE,
    seed=SEED,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def test_the_canonical_form_sorts_by_utf16_and_escapes_as_rfc_8785_prints() -> None:
    # From RFC 8785, section 3.2.3: the order is that of UTF-16 code units, so the emoji comes before U+FB33.
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    in_order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    printed = (
        "{" + ",".join(f'"{name}":{number}' for name, number in zip(in_order, (2, 4, 6, 7, 1, 5, 3), strict=True)) + "}"
    )
    assert canonical.canonical(names) == printed.encode()
    assert canonical.canonical({"numbers": [333333333.33333329, 1e30, 4.50, 2e-3]}) == (
        b'{"numbers":[333333333.3333333,1e+30,4.5,0.002]}'
    )


def test_a_leaf_is_the_rfc_6962_hash_over_salt_and_canonical_record() -> None:
    expected = sha256(b"\x00" + SALT + canonical.canonical(RECORD)).digest()
    assert canonical.commit(RECORD, SALT) == expected


def test_moments_are_sealed_in_utc_to_the_microsecond() -> None:
    assert RECORD["happened_at"] == "2026-11-23T07:22:42.000000Z"
    assert canonical.instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        canonical.instant(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize("value", [float("nan"), 2**53, {1: "a name that is no text"}])
def test_what_json_cannot_carry_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical.canonical(value)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        canonical.commit(RECORD, SALT[1:])


def test_the_same_record_under_two_salts_gives_leaves_that_cannot_be_linked() -> None:
    assert canonical.commit(RECORD, canonical.new_seed()) != canonical.commit(RECORD, canonical.new_seed())


@given(st.sampled_from(sorted(RECORD)), values)
def test_any_change_to_any_part_of_a_record_changes_its_leaf(name: str, value: object) -> None:
    changed = RECORD | {name: value}
    same = canonical.canonical(changed) == canonical.canonical(RECORD)
    assert (canonical.commit(changed, SALT) == canonical.commit(RECORD, SALT)) == same


@given(st.dictionaries(st.text(max_size=6), values, max_size=5))
def test_the_order_in_which_a_record_was_written_does_not_matter(detail: dict[str, object]) -> None:
    backwards = dict(reversed(detail.items()))
    assert canonical.digest(detail) == canonical.digest(backwards)


def test_personal_details_enter_as_a_commitment_that_their_own_salt_opens() -> None:
    assert RECORD["private"] == canonical.hide(PRIVATE, canonical.private_salt(SEED))
    assert PRIVATE["name"].encode() not in canonical.canonical(RECORD)


def test_who_is_shown_the_record_cannot_guess_at_its_personal_details() -> None:
    shown = canonical.record_salt(SEED)
    assert canonical.hide(PRIVATE, shown) != RECORD["private"]


def test_a_seed_too_short_to_hide_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes, not 15"):
        canonical.record_salt(bytes(15))
