"""How news reaches insight: triggers that note, beside each change, which service it is about.

A cursor over the time at which facts were learnt would miss those whose transaction ends late. A note written in the
same transaction is there exactly when the fact is. Laid by a migration; laying them again changes nothing.
"""

from typing import Any

_TRIGGER = """
CREATE OR REPLACE FUNCTION {table}_note_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO songda_arrival (id, court_id, about, at)
  SELECT gen_random_uuid(), NEW.court_id, {service}, clock_timestamp(){only};
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS note_arrival ON {table};
CREATE TRIGGER note_arrival AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_note_arrival();
"""

# table, when, what of the row is the service, and of which services
_NEWS = (
    ("songda_fact", "INSERT", "NEW.about", ""),
    ("songda_service", "INSERT OR UPDATE", "NEW.id", ""),
    ("songda_workitem", "INSERT", "NEW.service_id", ""),
    ("songda_waybill", "INSERT", "NEW.service_id", ""),
    (
        "songda_case",
        "UPDATE OF hearing_at",
        "id",
        " FROM songda_service WHERE court_id = NEW.court_id AND case_id = NEW.id AND closed_at IS NULL",
    ),
)


def lay(_apps: Any, schema_editor: Any) -> None:
    """Lay the triggers on the tables whose news insight wants."""
    with schema_editor.connection.cursor() as cursor:
        for table, when, service, only in _NEWS:
            cursor.execute(_TRIGGER.format(table=table, when=when, service=service, only=only))
