"""How long boards and lists take to answer, and whether that grows with history: 10^5, 10^6 and, with --all, 10^7.

Rows are synthesised by the database in a scratch cluster: twenty courts, 2,500 services a day, as many days back as it
takes, two thousand open at any size, so that only history differs. Asked for are whole pages, as a browser gets them:
every board and wall with its charts, the lists behind their numbers, the work list, a search in each of its ways. Named
baseline: one headline counted from the services' own figures, as a board without counters would have to. Prints, in
milliseconds, the processor time of one asking (ours and the database's), and least, median and worst by the clock on
the wall.
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
from django.test import Client  # noqa: E402

from songda.config.environment import own_database  # noqa: E402
from songda.courts.actions import enrol  # noqa: E402
from songda.courts.models import Court, Person  # noqa: E402
from songda.desk import search  # noqa: E402
from songda.desk.boards import VIEWS  # noqa: E402
from songda.filing import case_number  # noqa: E402
from songda.filing.models import Party, Service  # noqa: E402
from songda.finding.models import ContactPoint  # noqa: E402
from songda.insight import actions  # noqa: E402
from songda.insight.models import Counter, ServiceFigure  # noqa: E402
from songda.lib import clock, crypto  # noqa: E402
from songda.lib.tenancy import acting_for, for_every_court  # noqa: E402

COURTS, OPEN, PER_DAY = 20, 2_000, 2_500
SIZES = (100_000, 1_000_000, 10_000_000)
ASKED = 10

# A history as it is left behind: of each service its case, order, party, telephone, fact, what came of its mail, visit
# and collection, the work that was done, and the figures. One in fifty pieces was overtaken: its service ended
# otherwise while it lay in the mail room. Serials begin anew for every year and type, as courts count them, so that one
# serial is found more often the longer the history. Days are filled from today backwards, so a larger size is a longer
# history.
_SYNTHESISE = """
CREATE TEMP TABLE made AS
SELECT g AS n, uuidv7() AS service, courts.ids[1 + (hashint4(g)::bigint + 2147483648) %% {courts}] AS court,
  g < {open} AS is_open,
  %(now)s::timestamptz - (g::float / {per_day}) * interval '1 day' AS at
FROM generate_series(%(first)s, %(last)s) g, (SELECT array_agg(id ORDER BY code) AS ids FROM songda_court) courts;
INSERT INTO songda_case (id, court_id, number, procedure, cause, hearing_at, hearing_place, created_at)
SELECT service, court, '（' || 2026 - n / 500000 || '）' || (SELECT code FROM songda_court WHERE id = court)
  || (%(types)s::text[])[1 + n %% 20] || 1 + n / 20 %% 25000 || '号', 'ordinary', '',
  at + interval '9 days', '', at FROM made;
INSERT INTO songda_order (id, court_id, case_id, handed_over_by_id, handed_over_at, door, request_digest, note,
  repeat_reason) SELECT service, court, service, %(person)s, at, 'web', '', '', '' FROM made;
INSERT INTO songda_party (id, court_id, case_id, role, kind, capacity, name, name_index, id_number, id_index,
  legal_representative, ordinal)
SELECT service, court, service, 'defendant', 'person', 'full', %(name)s, md5('n' || n), %(id_number)s, md5('i' || n),
  %(legal_representative)s, 0 FROM made;
INSERT INTO songda_contactpoint (id, court_id, party_id, kind, platform, value, value_index, place_index, division_code,
  source, rank, confidence, learnt_at, consent, withdrawn_why)
SELECT service, court, service, 'phone', '', %(value)s, md5('p' || n), '', '', 'order', 'unknown', 0.5, at, '', ''
FROM made;
INSERT INTO songda_service (id, court_id, order_id, case_id, party_id, number, created_at, step, method, waiting_for,
  next_action, due_at, action_key, owner_role, result, result_method, effective_on, closed_at, moved_at, trouble)
SELECT service, court, service, service, service, 'S-' || n, at,
  CASE WHEN is_open THEN (ARRAY['seeking_consent','awaiting_opening','mailing','visiting','collecting'])[1 + n %% 5]
       ELSE 'served' END, '', '', '', CASE WHEN is_open THEN at + interval '3 days' END, '', '',
  CASE WHEN is_open THEN '' WHEN n %% 20 = 0 THEN 'not_served' ELSE 'served' END, '',
  CASE WHEN NOT is_open AND n %% 20 > 0 THEN ((at + interval '2 days') AT TIME ZONE 'Asia/Shanghai')::date END,
  CASE WHEN NOT is_open THEN at + interval '2 days' END, at, '' FROM made;
INSERT INTO songda_waybill (id, court_id, service_id, contact_point_id, site_id, number, pages, papers_sha256,
  receipt_sha256, turn, made_at, state, heard_at, copy)
SELECT service, court, service, service, service, 'EMS' || n, 3, '', '', 0, at,
  CASE WHEN is_open THEN (ARRAY['ordered','printed','sealed','accepted','delivered'])[1 + n / 5 %% 5]
       WHEN n / 5 %% 50 = 0 THEN (ARRAY['ordered','printed','sealed','delivered'])[1 + n %% 4]
       ELSE 'complete' END, at, 0 FROM made WHERE n %% 5 > 1;
INSERT INTO songda_visit (id, court_id, service_id, contact_point_id, ordinal, planned_for, outside_working_hours,
  ended_at, is_courier_fixed, is_time_fixed)
SELECT service, court, service, service, 1, at, false, CASE WHEN NOT is_open THEN at END, false, false
FROM made WHERE n %% 10 = 4;
INSERT INTO songda_collection (id, court_id, service_id, code, last_day, made_by_id, made_at)
SELECT service, court, service, to_hex(n), (at + interval '5 days')::date, %(person)s, at FROM made WHERE n %% 25 = 4;
INSERT INTO songda_workitem (id, court_id, service_id, kind, key, role, owner_id, reason, opened_at, due_at,
  escalated_at, escalated_to, done_at, done_by_id, outcome)
SELECT service, court, service, (ARRAY['call','number_repair','irregularity','conformity','overdue'])[1 + n / 3 %% 5],
  'made', (ARRAY['electronic','clerk','mail'])[1 + n / 15 %% 3], CASE WHEN n %% 2 = 0 THEN %(person)s::uuid END, '', at,
  at + interval '1 day', CASE WHEN n / 3 %% 7 = 0 THEN at + interval '1 day' END,
  CASE WHEN n / 3 %% 7 = 0 THEN 'manager' ELSE '' END, CASE WHEN NOT is_open THEN at + interval '1 day' END,
  CASE WHEN NOT is_open THEN %(person)s::uuid END, '' FROM made WHERE n %% 3 = 0;
INSERT INTO songda_fact (id, court_id, about, name, happened_at, learnt_at, speaker, speaker_ref, detail, salt)
SELECT uuidv7(), court, service, CASE WHEN n %% 4 = 0 THEN 'work.done' ELSE 'message.sent' END, at, at, 'platform', '',
  '{{}}', '' FROM made;
INSERT INTO songda_servicefigure (id, court_id, service_id, case_id, started_on, finished_on, is_open, step, due_at,
  hearing_at, result, way, is_effective, days_to_effect, tried_electronic, tried_postal, tried_field, tried_notice,
  tried_other, by_first_step, contact, finding, finding_on, mailed_on)
SELECT service, court, service, service, (at AT TIME ZONE 'Asia/Shanghai')::date,
  CASE WHEN NOT is_open THEN ((at + interval '2 days') AT TIME ZONE 'Asia/Shanghai')::date END, is_open,
  CASE WHEN is_open THEN (ARRAY['seeking_consent','awaiting_opening','mailing','visiting','collecting'])[1 + n %% 5]
       ELSE 'served' END,
  CASE WHEN is_open THEN at + interval '3 days' END, at + interval '9 days', 'served',
  (ARRAY['electronic','electronic','postal','field','notice'])[1 + n %% 5], NOT is_open, n %% 40, true,
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
_TYPES = [
    *("民初", "民终", "民申", "民再", "民特", "民督", "民辖", "民撤", "执", "执异"),
    *("执复", "执恢", "执保", "财保", "刑初", "刑终", "刑更", "行初", "行终", "行审"),
]
_CHUNK = 500_000
_LARGE = tuple(
    f"songda_{name}"
    for name in (
        *("case", "order", "party", "contactpoint", "service", "waybill", "visit", "collection", "workitem", "fact"),
        *("servicefigure", "casefigure", "piecefigure"),
    )
)


def set_checks_aside() -> None:
    """What is synthesised is consistent, and nothing of it is news: foreign keys and triggers would only cost time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table in _LARGE:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
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


def found_courts() -> Person:
    """Courts, and one person who clerks at the first and sees to the post's work at all of them."""
    person = Person.objects.create(username="an", name="安", organisation="post")
    for number in range(COURTS):
        court = Court.objects.create(
            code=f"川01{number:02d}", name=f"第{number}法院", short_name=f"第{number}", created_at=clock.now()
        )
        enrol(person, court, ["clerk", "manager", "post_manager"] if number == 0 else ["post_manager"])
    return person


def synthesise(first: int, last: int, person: Person) -> None:
    """Services number `first` to `last`, the newest first; keys and triggers rest meanwhile."""
    statement = _SYNTHESISE.format(courts=COURTS, open=OPEN, per_day=PER_DAY)
    sealed = {
        column: of._meta.get_field(column).get_db_prep_save("邓小某", connection)
        for of, columns in ((Party, ("name", "id_number", "legal_representative")), (ContactPoint, ("value",)))
        for column in columns
    }
    with indexes_laid_afterwards(), connection.cursor() as cursor:
        for begin in range(first, last + 1, _CHUNK):
            end = min(begin + _CHUNK - 1, last)
            said = {"now": clock.now(), "first": begin, "last": end, "person": person.id, "types": _TYPES, **sealed}
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


def _page(client: Client, path: str) -> Callable[[], object]:
    """The whole answer, as a browser gets it: the session, the scope, every query, the page drawn."""

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return ask


def _without_counters(court: Court) -> Callable[[], object]:
    def ask() -> None:
        with acting_for(court.id):
            rows = ServiceFigure.objects.filter(court_id=court.id, is_effective=True).order_by()
            list(rows.values("way").annotate(n=Count("id")))

    return ask


_BOARDS = ("live/", "data/", "live/?on=wall", "data/?on=wall")
_PRESENT = (
    "orders/",
    "due/",
    "due/?within=hour",
    "work/?zone=电子&late=late",
    "queue/?code=calls",
    "queue/?code=receipts",
)
_WORK = ("", "?tab=held", "?tab=late", "?tab=up", "?tab=court", "?tab=done")


def _pages() -> list[str]:
    boards = [f"/boards/{view}/{part}" for view in VIEWS for part in _BOARDS]
    lists = [f"/boards/{view}/list/{part}" for view in ("court", "post") for part in _PRESENT]
    return [*boards, *lists, *(f"/work-items/{tab}" for tab in _WORK), *(f"/orders/?q={one}" for one in _sought())]


def _sought() -> tuple[str, ...]:
    """A service of the first court with a name and a telephone that can be looked for, and every way to ask for it."""
    with for_every_court():
        service = Service.objects.filter(court__code="川0100", waybills__isnull=False).order_by("created_at")[0]
        name, phone = crypto.blind_index("邓小某", purpose="name"), search.ways_to_write("13800000001")[0]
        Party.objects.filter(id=service.party_id).update(name_index=name)
        ContactPoint.objects.filter(party=service.party_id).update(value_index=phone)
        number = service.case.number
        waybill = service.waybills.get().number
        known = case_number.parse(number)
    parts = (f"{known.case_type}{known.serial}", known.serial, number.strip("（号").replace("）", ""))
    return (service.number, number, *parts, "邓小某", "13800000001", waybill, "查无此人")


def measure(size: int, person: Person) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    asked = {path: _page(client, path) for path in _pages()}
    asked["baseline: one headline without counters"] = _without_counters(Court.objects.earliest("code"))
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
        person = found_courts()
        first = 1
        for size in SIZES if "--all" in sys.argv else SIZES[:-1]:
            begun = time.monotonic()
            synthesise(first, size, person)
            print(f"{size:>11,} services  synthesised and counted in {time.monotonic() - begun:.0f} s", flush=True)
            measure(size, person)
            first = size + 1
    finally:
        own.stop()
        shutil.rmtree(own.place, ignore_errors=True)
        shutil.rmtree(VAR, ignore_errors=True)


if __name__ == "__main__":
    main()
