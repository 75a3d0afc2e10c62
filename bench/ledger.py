"""The ledger in PostgreSQL: facts sealed a second, and a long log read again, against the same work without a database.

A database of its own is made under a temporary folder and thrown away. `--leaves` is the length of the log read again.
"""

import argparse
import base64
import os
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
_var = tempfile.TemporaryDirectory(prefix="songda-bench-")
Path(_var.name).chmod(0o755)
os.environ |= {
    "SONGDA_MODE": "test",
    "SONGDA_VAR": _var.name,
    "SONGDA_DATA_KEY": base64.b64encode(bytes(32)).decode(),
    "SONGDA_SECRET_KEY": "a key for benchmarks, known to everybody, of some length",
    "DJANGO_SETTINGS_MODULE": "songda.config.settings",
}

CHUNK = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=200_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    from songda.config.environment import own_database

    cluster = own_database()
    assert cluster is not None
    cluster.start()
    try:
        _measure(asked.leaves, asked.processes)
    finally:
        cluster.stop()


def _measure(leaves: int, processes: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from songda.courts import actions as courts
    from songda.evidence import audit, heads, rereading, sealing

    call_command("migrate", verbosity=0)
    court = courts.found(code="川0191", name="成都高新技术产业开发区人民法院", short_name="成都高新").id
    records = _records(court)
    told, sealed = 0.0, 0.0
    for _ in range(leaves // CHUNK):
        told += _took(lambda: _tell(court, CHUNK))
        sealed += _took(lambda: sealing.seal_everything(court))
    heads.make(court)
    bare = CHUNK / _took(lambda: audit.read_again(records))
    show("records hashed again, no database, one process", bare)
    show("facts told, one batch at a time", leaves / told, bare)
    show("facts sealed, one sealer", leaves / sealed, bare)
    one = _took(lambda: rereading.verify(court))
    show("log read again, one process", leaves / one, bare)
    many = _took(lambda: rereading.verify(court, processes=processes))
    show(f"log read again, {processes} processes", leaves / many, bare)
    print(f"{'that is':48s} {60 * leaves / many:12,.0f} leaves a minute")


def _took(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - began


def show(name: str, value: float, base: float = 0.0) -> None:
    print(f"{name:48s} {value:12,.0f} /s{f'   {value / base:6.3f} x hashing alone' if base else ''}", flush=True)


def _tell(court: UUID, many: int) -> None:
    from songda.evidence.actions import Told, append_many
    from songda.lib import clock
    from songda.lib.ids import uuid7
    from songda.lib.tenancy import acting_for

    detail = {"contact": str(court), "waybill": "1234567890123", "signer": "self", "id_number_given": True}
    private = {"name": "邓春生"}
    with acting_for(court):
        told = [
            (uuid7(), Told("receipt.signed", clock.now(), "carrier", "ems", detail, private if n % 4 == 0 else None))
            for n in range(many)
        ]
        append_many(court, told)


def _records(court: UUID) -> list[object]:
    from songda.evidence import canonical
    from songda.evidence.audit import Row
    from songda.lib import clock
    from songda.lib.ids import uuid7

    seed, now = canonical.new_seed(), clock.now()
    record = canonical.record(
        id=uuid7(), court=court, about=uuid7(), fact="receipt.signed", happened_at=now, learnt_at=now, by="carrier",
        by_ref="ems", key=None, detail={"contact": str(court), "waybill": "1234567890123", "signer": "self"},
        private=None, seed=seed,
    )  # fmt: skip
    leaf = canonical.commit(record, canonical.record_salt(seed))
    return [Row(number, leaf, record, seed) for number in range(CHUNK)]


if __name__ == "__main__":
    main()
