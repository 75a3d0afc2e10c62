"""What the sandbox remembers: one SQLite file, so that a kill -9 loses nothing and a repeated key is recognised."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from songda.lib import clock

_TABLES = """
create table if not exists received (
  id integer primary key, at text not null, door text not null, key text not null, reference text not null,
  body text not null, answer text not null, unique (door, key)
);
create index if not exists received_reference on received (door, reference);
create table if not exists told (
  id integer primary key, door text not null, key text not null, event text not null, body text not null,
  unique (door, key, event)
);
create table if not exists due (
  id integer primary key, at real not null, kind text not null, name text not null unique, body text not null,
  tries integer not null default 0
);
create index if not exists due_at on due (at);
create table if not exists counted (name text primary key, times integer not null);
"""


class Store:
    """One connection behind one lock: the sandbox is small, and SQLite has one writer anyhow."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._lock = threading.RLock()
        self._db = sqlite3.connect(directory / "sandbox.sqlite3", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything inside is kept, or nothing is: a request half understood when we were killed never was."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def run(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """One statement, committed before it returns."""
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def receive(self, door: str, key: str, reference: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
        """Keep what came under a key; False, and nothing kept, where that key came before."""
        written = self.run(
            "insert into received (at, door, key, reference, body, answer) values (?, ?, ?, ?, ?, ?)"
            " on conflict do nothing returning id",
            clock.now().isoformat(),
            door,
            key,
            reference,
            json.dumps(body, ensure_ascii=False),
            json.dumps(answer, ensure_ascii=False),
        )
        return bool(written)

    def entry(self, door: str, key: str) -> dict[str, Any] | None:
        """What came under a key."""
        found = self.run("select * from received where door = ? and key = ?", door, key)
        return _entry(found[0]) if found else None

    def log(self, door: str = "", limit: int = 1000) -> list[dict[str, Any]]:
        """Everything received, oldest first; at one door where it is named."""
        rows = self.run("select * from received where (? = '' or door = ?) order by id desc limit ?", door, door, limit)
        return [_entry(row) for row in reversed(rows)]

    def tell(self, door: str, key: str, event: str, body: Mapping[str, Any]) -> None:
        """Keep what we say of a key, for those who look it up."""
        self.run(
            "insert into told (door, key, event, body) values (?, ?, ?, ?) on conflict do nothing",
            door,
            key,
            event,
            json.dumps(body, ensure_ascii=False),
        )

    def told(self, door: str, key: str) -> list[dict[str, Any]]:
        """All we have said of a key so far."""
        rows = self.run("select body from told where door = ? and key = ? order by id", door, key)
        return [json.loads(row["body"]) for row in rows]

    def count(self, name: str) -> int:
        """How often this has been counted, this time included."""
        rows = self.run(
            "insert into counted values (?, 1) on conflict (name) do update set times = times + 1 returning times",
            name,
        )
        return int(rows[0]["times"])


def _entry(row: sqlite3.Row) -> dict[str, Any]:
    plain = dict(row)
    return plain | {"body": json.loads(plain["body"]), "answer": json.loads(plain["answer"])}
