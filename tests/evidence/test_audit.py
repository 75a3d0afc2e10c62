"""Whoever changes one stored thing of a log is found out, and the first thing wrong is named."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songda.evidence import audit, canonical, merkle
from songda.evidence.audit import AuditError, Row
from songda.evidence.checkpoint import Checkpoint
from songda.evidence.merkle import Tile
from songda.law.facts import FACTS
from tests.evidence.press import COURT, SERVICE

BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
details = st.dictionaries(st.sampled_from(["signer", "via", "reason", "channel"]), st.text(max_size=6), max_size=3)
courses = st.lists(st.tuples(st.sampled_from(sorted(FACTS)), details, st.booleans()), min_size=1, max_size=30)
Course = list[tuple[str, dict[str, str], bool]]


def _row(number: int, told: tuple[str, dict[str, str], bool]) -> Row:
    fact, detail, is_personal = told
    seed = hashlib.sha256(number.to_bytes(4)).digest()
    moment = BEGIN + timedelta(hours=number)
    record = canonical.record(
        id=uuid5(SERVICE, str(number)),
        court=COURT,
        about=SERVICE,
        fact=fact,
        happened_at=moment,
        learnt_at=moment + timedelta(seconds=1),
        by="carrier",
        by_ref="",
        key=None,
        detail=detail,
        private={"name": "邓某"} if is_personal else None,
        seed=seed,
    )
    return Row(number, canonical.commit(record, canonical.record_salt(seed)), record, seed)


def _log(course: Course) -> list[Row]:
    return [_row(number, told) for number, told in enumerate(course)]


def _head(rows: list[Row]) -> Checkpoint:
    return Checkpoint("log", len(rows), merkle.root([row.hash for row in rows]))


@given(courses, st.data())
def test_an_untouched_log_meets_all_its_checkpoints(course: Course, data: st.DataObject) -> None:
    rows = _log(course)
    sizes = data.draw(st.lists(st.integers(0, len(rows)), max_size=4))
    edge = audit.read_again(rows, [_head(rows[:size]) for size in sizes])
    assert (edge.size, edge.root()) == (len(rows), _head(rows).root)


def _another(value: Any) -> Any:
    """A value of the same kind that is not the same."""
    kinds: dict[type, Callable[[Any], Any]] = {
        str: lambda text: text + "x",
        dict: lambda inner: {**inner, "more": "x"},
        type(None): lambda _: "x",
    }
    return kinds[type(value)](value)


@given(courses, st.data())
def test_any_change_to_any_column_of_any_fact_is_found_at_its_place(course: Course, data: st.DataObject) -> None:
    rows = _log(course)
    place = data.draw(st.integers(0, len(rows) - 1))
    record = dict(rows[place].record or {})
    column = data.draw(st.sampled_from(sorted(record)))
    rows[place] = replace(rows[place], record=record | {column: _another(record[column])})
    with pytest.raises(AuditError, match="record against its leaf") as caught:
        audit.read_again(rows)
    assert caught.value.index == place


@given(courses, st.data())
def test_a_fact_changed_together_with_its_leaf_is_found_at_the_checkpoint(course: Course, data: st.DataObject) -> None:
    rows = _log(course)
    head = _head(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = _row(place + 1000, course[place])
    rows[place] = replace(rows[place], index=place)
    with pytest.raises(AuditError, match=f"root at size {len(rows)}"):
        audit.read_again(rows, [head])


@given(courses.filter(lambda course: len(course) > 1), st.data())
def test_a_leaf_taken_out_of_the_middle_or_put_elsewhere_is_found(course: Course, data: st.DataObject) -> None:
    rows = _log(course)
    place = data.draw(st.integers(0, len(rows) - 2))
    with pytest.raises(AuditError, match="order of leaves") as caught:
        audit.read_again(rows[:place] + rows[place + 1 :])
    assert caught.value.index == place


def test_a_log_cut_short_is_found_by_a_checkpoint_that_a_witness_kept() -> None:
    rows = _log([("mail.delivered", {}, False)] * 5)
    with pytest.raises(AuditError, match="log cut short: expected 5 leaves, got 3"):
        audit.read_again(rows[:3], [_head(rows)])


def test_a_seed_exchanged_is_found() -> None:
    rows = _log([("mail.delivered", {}, False)] * 2)
    rows[1] = replace(rows[1], seed=bytes(32))
    with pytest.raises(AuditError, match="record against its leaf at leaf 1"):
        audit.read_again(rows)


def test_what_retention_law_deletes_leaves_its_leaf_and_needs_its_reason() -> None:
    rows = _log([("mail.delivered", {}, True)] * 3)
    head = _head(rows)
    rows[1] = replace(rows[1], record=None, seed=None)
    assert audit.read_again(rows, [head], erased=frozenset({1})).size == 3
    with pytest.raises(AuditError, match="fact of a leaf at leaf 1: expected a record, or the fact of its deletion"):
        audit.read_again(rows, [head])


def test_a_stored_hash_above_the_leaves_that_was_changed_is_found() -> None:
    rows = [replace(_row(0, ("mail.delivered", {}, False)), index=number) for number in range(600)]
    tiles = [Tile(1, number, merkle.root([rows[0].hash] * 256)) for number in range(2)]
    assert audit.read_again(rows, tiles=tiles).size == 600
    with pytest.raises(AuditError, match="hash stored at level 1 at leaf 1"):
        audit.read_again(rows, tiles=[tiles[0], replace(tiles[1], hash=bytes(32))])
    with pytest.raises(AuditError, match="no leaves to fill it"):
        audit.read_again(rows, tiles=[*tiles, Tile(1, 2, bytes(32))])
