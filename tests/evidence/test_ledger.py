"""The ledger as it is stored: sealed behind the hot path, read again to the last row, every change found and named."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songda.courts import actions as courts
from songda.evidence import checkpoint, erasing, founding, heads, merkle, publishing, queries, rereading, sealing
from songda.evidence import worker as sealer
from songda.evidence.actions import Told, append
from songda.evidence.audit import AuditError
from songda.evidence.heads import Authority
from songda.evidence.models import Checkpoint, Erasure, Fact, Leaf, LogKey, Speaker, Stamp, Tile, Unsealed
from songda.lib import clock
from songda.lib.ids import uuid7
from songda.lib.locks import APPEND_ONLY
from songda.lib.tenancy import acting_for
from tests.cast import World, stop_the_clock


def tell(court: UUID, many: int = 1, name: str = "mail.accepted") -> None:
    """Facts of different services, one of them with a personal part."""
    told = [
        Told(name, clock.now(), Speaker.CARRIER, "ems", {"waybill": str(number), "weight": 1.5}, key=f"scan:{number}")
        for number in range(many - 1)
    ]
    last = Told("receipt.signed", clock.now(), Speaker.CARRIER, "ems", {"signer": "self"}, {"name": "邓春生"}, "last")
    with acting_for(court):
        for each in (*told, last):
            append(court, uuid7(), each)


def log_of(world: World, *sizes: int, authority: Authority | None = None) -> UUID:
    """A log that grew in steps, with a checkpoint after each."""
    for size in sizes:
        tell(world.court.id, size)
        sealing.seal_everything(world.court.id)
        heads.stamped_now(world.court.id, authority)
        stop_the_clock(clock.now() + timedelta(hours=2))
    return world.court.id


@contextmanager
def with_the_locks_off() -> Iterator[Any]:
    """As the database's owner with triggers and keys set aside: the worst hand there is."""
    with connection.cursor() as cursor:
        tables = (*_COLUMNS, "songda_unsealed")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield cursor


# ---- sealing ---------------------------------------------------------------------------------------------------


def test_the_database_itself_notes_every_fact_that_waits_for_its_seal(world: World) -> None:
    before = queries.waiting().facts
    tell(world.court.id, 5)
    assert queries.waiting().facts == before + 5


def test_a_sealed_fact_waits_no_more_and_stands_at_the_next_place(world: World) -> None:
    tell(world.court.id, 3)
    assert sealing.seal(world.court.id) == 3
    assert sealing.seal(world.court.id) == 0, "nothing is sealed twice"
    tell(world.court.id, 2)
    sealing.seal(world.court.id)
    with acting_for(world.court.id):
        assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1, 2, 3, 4]
        assert not Unsealed.objects.exists()


def test_each_court_has_a_log_of_its_own(world: World) -> None:
    tell(world.court.id, 2)
    tell(world.other_court.id, 3)
    assert sealer.seal_waiting() == 5
    for court, size in ((world.court.id, 2), (world.other_court.id, 3)):
        with acting_for(court):
            assert sealing.size_of(court) == size


def test_a_long_log_goes_on_from_its_stored_tiles(world: World) -> None:
    court = log_of(world, 300, 257, 1)
    with acting_for(court):
        leaves = [bytes(each) for each in Leaf.objects.order_by("index").values_list("hash", flat=True)]
        assert sealing.right_edge(court).root() == merkle.root(leaves)
        assert Tile.objects.count() == len(leaves) // 256
    assert rereading.verify(court).leaves == 558


def test_what_canonical_json_cannot_carry_is_refused_when_it_is_told(world: World) -> None:
    with pytest.raises(ValueError, match="exceeds safe integer"), acting_for(world.court.id):
        append(world.court.id, uuid7(), Told("mail.accepted", clock.now(), detail={"number": 2**60}))


def test_a_fact_that_waits_too_long_shows_on_the_health_page_and_to_the_watchdog(world: World, client: Client) -> None:
    tell(world.court.id)
    assert client.get("/healthz").json()["sealing"] == "ok"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE songda_unsealed SET noted_at = noted_at - interval '1 minute'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["sealing"]) == (200, "degraded", "late")
    assert "songda_sealing_lag_seconds 6" in client.get("/metrics").content.decode()


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_many_sealers_and_many_tellers_leave_one_log_without_gap_or_double(self, committed_world: World) -> None:
        court, turns = committed_world.court.id, 12

        def seal() -> None:
            for _ in range(turns):
                sealing.seal(court, limit=7)

        _together(*[lambda: [tell(court, 5) for _ in range(turns)]] * 2, *[seal] * 3)
        sealing.seal_everything(court)
        assert rereading.verify(court).leaves == 2 * 5 * turns

    def test_a_sealer_that_dies_in_the_middle_leaves_nothing_half_done(self, committed_world: World) -> None:
        court = committed_world.court.id
        tell(court, 20)
        with pytest.raises(ZeroDivisionError):
            _seal_and_die(court)
        with acting_for(court):
            assert (sealing.size_of(court), Unsealed.objects.count()) == (0, 20)
        sealing.seal_everything(court)
        assert rereading.verify(court).leaves == 20

    def test_a_fact_is_sealed_within_two_seconds_of_being_told(self, committed_world: World) -> None:
        court = committed_world.court.id
        with sealer.running(lambda: {court: "川0191"}, lambda: None):
            for _ in range(20):
                tell(court, 10)
            assert _soon(lambda: queries.waiting().facts == 0, within=2.0)
        assert rereading.verify(court).leaves == 200

    def test_several_processes_find_what_one_finds(
        self, committed_world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rereading, "_STRETCH", 40)
        court = log_of(committed_world, 100)
        assert rereading.verify(court, processes=2).leaves == 100
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE songda_fact DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE songda_fact SET speaker_ref = 'x' WHERE id = (SELECT fact_id FROM songda_leaf WHERE index = 90)"
            )
            cursor.execute("ALTER TABLE songda_fact ENABLE TRIGGER USER")
        with pytest.raises(AuditError, match="record against its leaf at leaf 90"):
            rereading.verify(court, processes=2)


def _seal_and_die(court: UUID) -> None:
    with acting_for(court):
        sealing.seal(court)
        raise ZeroDivisionError


def _together(*works: Callable[[], object]) -> None:
    def work(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _soon(holds: Callable[[], bool], *, within: float) -> bool:
    """Whether it comes true in time, asked anew as the answers come."""
    waiter, asked = threading.Event(), 0.0
    while not (true := holds()) and asked < within:
        waiter.wait(0.02)
        asked += 0.02
    return true


# ---- heads, stamps, keys ---------------------------------------------------------------------------------------


def test_a_checkpoint_is_signed_by_the_courts_key_and_stamped(world: World, authority: Authority) -> None:
    court = log_of(world, 3, authority=authority)
    with acting_for(court):
        head = Checkpoint.objects.get()
        signed = checkpoint.read(head.note)
        assert checkpoint.verify(signed, founding.public_keys(court), at=head.made_at)
        assert Stamp.objects.get().stamped_at == head.made_at
    assert rereading.verify(court) == rereading.Found(leaves=3, checkpoints=1, stamps=1)


def test_an_authority_that_is_down_stops_nothing_and_is_caught_up(world: World, authority: Authority) -> None:
    down = Authority("http://127.0.0.1:1/tsa", authority.roots)
    court = log_of(world, 3, 4, authority=down)
    assert rereading.verify(court).stamps == 0
    assert heads.is_due(court, timedelta(hours=1))
    heads.stamped_now(court, authority)
    assert not heads.is_due(court, timedelta(hours=1))
    assert rereading.verify(court) == rereading.Found(leaves=7, checkpoints=2, stamps=1)


def test_a_court_that_asks_for_national_algorithms_has_a_second_signature_from_then_on(world: World) -> None:
    log_of(world, 2)
    courts.decide_policy(world.court, {"sm2": True})
    court = log_of(world, 2)
    with acting_for(court):
        counts = [len(checkpoint.read(head.note).signatures) for head in Checkpoint.objects.order_by("size")]
    assert counts == [1, 2]
    stop_the_clock(clock.now() + timedelta(hours=2))
    courts.decide_policy(world.court, {})
    stop_the_clock(clock.now() + timedelta(hours=2))
    log_of(world, 1)
    assert rereading.verify(court).checkpoints == 3


def test_rotated_keys_leave_every_older_checkpoint_valid(world: World, authority: Authority) -> None:
    court = log_of(world, 2, authority=authority)
    founding.rotate(court)
    stop_the_clock(clock.now() + timedelta(hours=2))
    log_of(world, 2, authority=authority)
    with acting_for(court):
        assert LogKey.objects.count() == 2
        assert LogKey.objects.get(until=None).since is not None
    assert rereading.verify(court).stamps == 2


def test_private_keys_are_kept_encrypted(world: World) -> None:
    with acting_for(world.court.id):
        row = LogKey.objects.get()
        [signer] = founding.signers(world.court.id, clock.now())
    assert signer.secret not in bytes(row.locked)  # type: ignore[attr-defined]


def test_the_hour_brings_a_stamped_checkpoint_into_the_witnesss_folder(
    world: World, authority: Authority, tmp_path: Path
) -> None:
    tell(world.court.id, 5)
    sealing.seal_everything(world.court.id)
    sealer.look_after({world.court.id: "川0191"}, authority)
    note = tmp_path / "checkpoints" / "川0191" / "000000000005.txt"
    assert checkpoint.read(note.read_text()).checkpoint.size == 5
    assert note.with_suffix(".tsr").exists()
    assert (tmp_path / "trust" / "川0191.json").exists()


# ---- reading again ---------------------------------------------------------------------------------------------


def ledger(*words: str) -> str:
    said = StringIO()
    call_command("ledger", *words, stdout=said)
    return said.getvalue()


def test_the_command_says_what_holds(world: World, authority: Authority) -> None:
    log_of(world, 3, authority=authority)
    assert "川0191: 3 leaves, 1 checkpoints, 1 time stamps, 0 files, 0 erased with a reason: all of it holds" in ledger(
        "verify", "--court", "川0191"
    )


def test_a_log_cut_short_with_its_checkpoints_is_found_by_what_a_witness_kept(world: World) -> None:
    court = log_of(world, 3, 2)
    with acting_for(court):
        kept = publishing.write_checkpoint(Checkpoint.objects.get(size=5), "川0191")
    with with_the_locks_off() as cursor:
        cursor.execute("DELETE FROM songda_checkpoint WHERE size = 5")
        cursor.execute("DELETE FROM songda_leaf WHERE index > 2 RETURNING fact_id")
        facts = [fact for (fact,) in cursor.fetchall()]
        cursor.execute("DELETE FROM songda_fact WHERE id = ANY(%s)", [facts])
    assert rereading.verify(court).leaves == 3, "nothing inside is wrong"
    with pytest.raises(CommandError, match="川0191: log cut short: expected 5 leaves, got 3"):
        ledger("verify", "--court", "川0191", "--against", str(kept))


def test_a_witnesss_checkpoint_that_nobody_signed_is_said_to_be_none(world: World, tmp_path: Path) -> None:
    court = log_of(world, 3)
    with acting_for(court):
        note = Checkpoint.objects.get().note
    forged = tmp_path / "forged.txt"
    forged.write_text(note.replace("\n3\n", "\n4\n", 1))
    with pytest.raises(CommandError, match="a signature that holds, got one that does not"):
        ledger("verify", "--court", "川0191", "--against", str(forged))


def test_a_fact_put_in_behind_the_ledgers_back_is_named(world: World) -> None:
    court = log_of(world, 2)
    tell(court, 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM songda_unsealed")
    with pytest.raises(AuditError, match="fact without a leaf: expected sealed, got receipt.signed"):
        rereading.verify(court)


# table, and what is changed in one row of it
_COLUMNS = {
    "songda_fact": ("id", "court_id", "about", "name", "happened_at", "learnt_at", "speaker", "speaker_ref", "detail",
                    "private", "source_key", "salt"),
    "songda_leaf": ("id", "court_id", "index", "fact_id", "hash", "sealed_at"),
    "songda_tile": ("id", "court_id", "level", "index", "hash"),
    "songda_checkpoint": ("id", "court_id", "size", "note", "made_at"),
    "songda_stamp": ("id", "court_id", "checkpoint_id", "reply", "stamped_at"),
    "songda_erasure": ("id", "court_id", "sha256", "fact_id"),
}  # fmt: skip
_CHANGED = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "bigint": "{0} + 100000",
    "smallint": "{0} + 1",
    "bytea": "set_byte({0}, %(at)s %% length({0}), (get_byte({0}, %(at)s %% length({0})) + 1) %% 256)",
    "jsonb": "{0} || '{{\"more\": 1}}'",
    "text": "overlay({0} placing chr(ascii(substr({0}, 1 + %(at)s %% length({0}), 1)) + 1)"
    " from 1 + %(at)s %% length({0}))",
}


def test_every_column_of_every_table_that_only_grows_is_tried() -> None:
    there = {
        model._meta.db_table: {column.column for column in model._meta.local_concrete_fields}
        for model in (Fact, Leaf, Tile, Checkpoint, Stamp, Erasure)
    }
    assert {table: set(columns) for table, columns in _COLUMNS.items()} == there
    assert set(there) <= set(APPEND_ONLY)


@pytest.fixture
def long_log(world: World, authority: Authority) -> UUID:
    with world.here():
        for number in range(3):
            told = Told(
                "", clock.now(), Speaker.PERSON, "bai", {"rule": "keep_recordings_years"}, key=f"erased:{number}"
            )
            erasing.erase(world.court.id, uuid7(), f"{number:064x}", told)
    return log_of(world, 260, 5, authority=authority)


_PUT_IN = """
INSERT INTO songda_erasure (id, court_id, sha256, fact_id)
SELECT gen_random_uuid(), court_id, repeat('a', 64), id FROM songda_fact WHERE name <> 'file.erased' LIMIT 1
"""


@pytest.mark.parametrize("change", ["DELETE FROM songda_erasure", _PUT_IN], ids=["taken away", "put in"])
def test_an_erasure_taken_away_or_put_in_is_found(long_log: UUID, change: str) -> None:
    with with_the_locks_off() as cursor:
        cursor.execute(change)
    with pytest.raises(AuditError, match="erasure"):
        rereading.verify(long_log)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([(table, column) for table in _COLUMNS for column in _COLUMNS[table]]), st.integers(0, 10_000))
def test_any_single_change_to_any_stored_row_is_found(
    world: World, long_log: UUID, place: tuple[str, str], at: int
) -> None:
    table, column = place
    with transaction.atomic():
        _change(table, column, at, other_court=world.other_court.id)
        with pytest.raises(AuditError):
            # A row may have been moved into another court's log, and is found there.
            _ = [rereading.verify(court) for court in (long_log, world.other_court.id)]
        transaction.set_rollback(True)


def _change(table: str, column: str, at: int, *, other_court: UUID) -> None:
    with with_the_locks_off() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        kind = cursor.fetchone()[0].replace("character varying", "text")
        changed = "%(court)s" if column == "court_id" else _CHANGED[kind].format(f'"{column}"')
        cursor.execute(
            f'UPDATE {table} SET "{column}" = {changed} WHERE ctid = (SELECT ctid FROM {table}'
            f' WHERE "{column}" IS NOT NULL ORDER BY id OFFSET %(at)s %% (SELECT count(*) FROM {table}'
            f' WHERE "{column}" IS NOT NULL) LIMIT 1)',
            {"at": at, "court": other_court},
        )
        assert cursor.rowcount == 1
