"""How long a board takes to answer, and whether that grows with history: 10^5, 10^6 and, with --all, 10^7 services.

Rows are synthesised by the database in a scratch cluster: twenty courts, 2,500 services a day, as many days back as it
takes, two thousand open at any size, so that only history differs. Named baseline: one headline counted from the
services' own figures, as a board without counters would have to. Prints, in milliseconds, the processor time of one
asking (ours and the database's), and least, median and worst of 30 by the clock on the wall.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
VAR = Path(tempfile.mkdtemp(prefix="songda-bench-boards-"))
VAR.chmod(0o755)
os.environ.update(SONGDA_MODE="test", SONGDA_VAR=str(VAR), SONGDA_VAULT=str(VAR / "v"), SONGDA_CLOCK=str(VAR / "c"))
os.environ.update(SONGDA_SECRET_KEY="a key of a benchmark, known to everybody", SONGDA_DATA_KEY="A" * 43 + "=")
os.environ["DJANGO_SETTINGS_MODULE"] = "songda.config.settings"

import shutil  # noqa: E402

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from songda.config.environment import own_database  # noqa: E402
from songda.courts.models import Court, Person  # noqa: E402
from songda.desk import boards  # noqa: E402
from songda.desk.boards import VIEWS, Ground  # noqa: E402
from songda.insight import actions, queries  # noqa: E402
from songda.insight.models import Counter, ServiceFigure  # noqa: E402
from songda.lib import clock  # noqa: E402
from songda.lib.tenancy import acting_for, for_every_court  # noqa: E402

COURTS, OPEN, PER_DAY = 20, 2_000, 2_500
SIZES = (100_000, 1_000_000, 10_000_000)
ASKED = 30

# What a board reads: figures of services, pieces and cases, facts, counters; and the services and cases of what is
# open, which it names. Days are filled from today backwards, PER_DAY a day, so a larger size is a longer history.
_SYNTHESISE = """
CREATE TEMP TABLE made AS
SELECT g AS n, uuidv7() AS service, courts.ids[1 + g %% {courts}] AS court,
  %(now)s::timestamptz - (g::float / {per_day}) * interval '1 day' AS at
FROM generate_series(%(first)s, %(last)s) g, (SELECT array_agg(id ORDER BY code) AS ids FROM songda_court) courts;
INSERT INTO songda_case (id, court_id, number, procedure, cause, hearing_place, created_at)
SELECT service, court, '（2026）川民初' || n || '号', 'ordinary', '', '', at FROM made WHERE n < {open};
INSERT INTO songda_service (id, court_id, order_id, case_id, party_id, number, created_at, step, method, waiting_for,
  next_action, due_at, action_key, owner_role, result, result_method, moved_at, trouble)
SELECT service, court, service, service, service, n::text, at, 'mailing', '', '', '', at + interval '3 days', '', '',
  '', '', at, '' FROM made WHERE n < {open};
INSERT INTO songda_fact (id, court_id, about, name, happened_at, learnt_at, speaker, speaker_ref, detail, salt)
SELECT uuidv7(), court, service, 'message.sent', at, at, 'platform', '', '{{}}', '' FROM made;
INSERT INTO songda_servicefigure (id, court_id, service_id, case_id, started_on, finished_on, is_open, step, due_at,
  hearing_at, result, way, is_effective, days_to_effect, tried_electronic, tried_postal, tried_field, tried_notice,
  tried_other, by_first_step, contact, finding, finding_on, mailed_on)
SELECT service, court, service, service, (at AT TIME ZONE 'Asia/Shanghai')::date,
  CASE WHEN n >= {open} THEN ((at + interval '2 days') AT TIME ZONE 'Asia/Shanghai')::date END, n < {open},
  CASE WHEN n < {open} THEN (ARRAY['seeking_consent','awaiting_opening','mailing','visiting'])[1 + n %% 4]
       ELSE 'served' END,
  CASE WHEN n < {open} THEN at + interval '3 days' END, at + interval '9 days', 'served',
  (ARRAY['electronic','electronic','postal','field','notice'])[1 + n %% 5], n >= {open}, n %% 40, true,
  n %% 5 > 1, n %% 5 > 2, n %% 5 = 4, false, n %% 5 < 2, (ARRAY['in_time','in_time','late',''])[1 + n %% 4],
  (ARRAY['in_time','late','none','',''])[1 + n %% 5],
  CASE WHEN n %% 5 < 3 THEN (at AT TIME ZONE 'Asia/Shanghai')::date END,
  CASE WHEN n %% 5 > 1 THEN (at AT TIME ZONE 'Asia/Shanghai')::date END FROM made;
INSERT INTO songda_casefigure (id, court_id, case_id, mailed_on, is_centralised)
SELECT service, court, service, (at AT TIME ZONE 'Asia/Shanghai')::date, n %% 10 > 0 FROM made WHERE n %% 5 > 1;
INSERT INTO songda_piecefigure (id, court_id, waybill_id, service_id, made_on, state, region, returned_on, because)
SELECT service, court, service, service, (at AT TIME ZONE 'Asia/Shanghai')::date,
  (ARRAY['on_its_way','delivered','returned'])[1 + n %% 3],
  (ARRAY['5101','5107','5001','4403','1101'])[1 + n %% 5],
  CASE WHEN n %% 3 = 2 THEN (at AT TIME ZONE 'Asia/Shanghai')::date END,
  CASE WHEN n %% 3 = 2 THEN (ARRAY['moved_unreported','untraceable','refused'])[1 + n %% 3] ELSE '' END
FROM made WHERE n %% 5 > 1;
DROP TABLE made;
"""
_CHUNK = 500_000
_LARGE = ("songda_fact", "songda_servicefigure", "songda_casefigure", "songda_piecefigure")


def set_checks_aside() -> None:
    """What is synthesised is consistent, and nothing of it is news: foreign keys and triggers would only cost time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table in ("songda_fact", "songda_service", "songda_case"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in _LARGE:
            cursor.execute(f"ALTER TABLE {table} SET UNLOGGED")


@contextmanager
def indexes_laid_afterwards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
            [list(_LARGE)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, definition in found:
            cursor.execute(definition)


def found_courts() -> None:
    Person.objects.create(username="an", name="安", organisation="court")
    for number in range(COURTS):
        Court.objects.create(
            code=f"川01{number:02d}", name=f"第{number}法院", short_name=f"第{number}", created_at=clock.now()
        )


def synthesise(first: int, last: int) -> None:
    """Services number `first` to `last`, the newest first; keys and triggers rest meanwhile."""
    person = Person.objects.get().id
    statement = _SYNTHESISE.format(courts=COURTS, open=OPEN, per_day=PER_DAY)
    with indexes_laid_afterwards(), connection.cursor() as cursor:
        for begin in range(first, last + 1, _CHUNK):
            end = min(begin + _CHUNK - 1, last)
            said = {"now": clock.now(), "first": begin, "last": end, "person": person}
            for part in statement.split(";\n"):
                if part.strip():
                    cursor.execute(part, said)
    with for_every_court():
        Counter.objects.all().delete()
        actions.recount()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _spent() -> float:
    """Processor time of this process and of its PostgreSQL backend so far, in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    fields = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    return (time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")) * 1000


def timed(ask: Callable[[], object]) -> tuple[float, float, float, float]:
    times, before = [], _spent()
    for _ in range(ASKED):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return (_spent() - before) / ASKED, min(times), statistics.median(times), max(times)


def _ask(view: str, courts: tuple[Court, ...]) -> Callable[[], object]:
    """Everything a board asks: figures, indicators, charts, what is open, the stream."""

    def ask() -> None:
        with acting_for(*(court.id for court in courts)):
            ground = Ground(VIEWS[view], courts)
            boards.tops(ground)
            boards.indicators(ground)
            boards.stream(ground)
            queries.hearings_at_risk(ground.ids)
            for code in VIEWS[view].charts:
                boards.chart(code, ground)

    return ask


def _without_counters(court: Court) -> Callable[[], object]:
    def ask() -> None:
        with acting_for(court.id):
            rows = ServiceFigure.objects.filter(court_id=court.id, is_effective=True).order_by()
            list(rows.values("way").annotate(n=Count("id")))

    return ask


def measure(size: int) -> None:
    courts = tuple(Court.objects.order_by("code"))
    asked = {
        "one court's board": _ask("court", courts[:1]),
        f"the post's board over {COURTS} courts": _ask("post", courts),
        "baseline: one headline without counters": _without_counters(courts[0]),
    }
    for name, ask in asked.items():
        ask()
        spent, least, median, worst = timed(ask)
        times = f"processor {spent:6.1f}  least {least:7.1f}  median {median:7.1f}  worst {worst:7.1f} ms"
        print(f"{size:>11,} services  {name:<42} {times}", flush=True)


def main() -> None:
    own = own_database()
    assert own is not None
    try:
        own.start()
        call_command("migrate", verbosity=0)
        set_checks_aside()
        found_courts()
        first = 1
        for size in SIZES if "--all" in sys.argv else SIZES[:-1]:
            begun = time.monotonic()
            synthesise(first, size)
            print(f"{size:>11,} services  synthesised and counted in {time.monotonic() - begun:.0f} s", flush=True)
            measure(size)
            first = size + 1
    finally:
        own.stop()
        shutil.rmtree(own.place, ignore_errors=True)
        shutil.rmtree(VAR, ignore_errors=True)


if __name__ == "__main__":
    main()
