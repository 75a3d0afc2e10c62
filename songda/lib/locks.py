"""The second lock on every court's table, laid by migrations: row-level security, keys that carry the court, grants.

A migration that adds a court's table ends with `migrations.RunPython(locks.lay, migrations.RunPython.noop)`; laying
them again changes nothing.
"""

from typing import Any

from django.apps import apps
from django.db import models

from songda.lib.tenancy import APP_ROLE, TenantModel

# Tables that only grow: not even the owner changes or deletes a row.
APPEND_ONLY = (
    "songda_fact",
    "songda_leaf",
    "songda_tile",
    "songda_checkpoint",
    "songda_stamp",
    "songda_erasure",
    "songda_snapshot",
    "songda_note",
    "songda_withdrawal",
    "songda_attachmentreading",
    "songda_workmove",
    "songda_report",
)

# Of these the words may go, and nothing else: one column of a row that only grows, emptied once where this finds the
# erasure of the conversation it stands in, no older than the row.
_ERASED = """
  SELECT 1 FROM songda_thread t JOIN songda_erasure e ON e.id = t.erasure_id JOIN songda_fact f ON f.id = e.fact_id
  WHERE f.happened_at >= OLD.{at} AND t.id = {thread}
"""
FORGETTING = {
    "songda_note": ("text", _ERASED.format(at="written_at", thread="OLD.thread_id")),
    "songda_withdrawal": (
        "reason",
        _ERASED.format(at="at", thread="(SELECT n.thread_id FROM songda_note n WHERE n.id = OLD.note_id)"),
    ),
}

# The setting is read and made into ids once a query (the inner parentheses make it so), not once a row; the outer cast
# only tells the parser that an array comes out.
_POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_court ON {table};
CREATE POLICY own_court ON {table} TO {role} USING (
  (SELECT current_setting('songda.courts', true)) = '*'
  OR court_id = ANY ((SELECT string_to_array(nullif(current_setting('songda.courts', true), '*'), ',')::uuid[])::uuid[])
);
"""

_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
  IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN EXECUTE format('GRANT {role} TO %I', current_user); END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
"""

_APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role};
CREATE OR REPLACE FUNCTION songda_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501'; END $$;
DROP TRIGGER IF EXISTS only_grows ON {table};
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION songda_only_grows();
DROP TRIGGER IF EXISTS only_grows_whole ON {table};
CREATE TRIGGER only_grows_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION songda_only_grows();
"""

_FORGETTING = """
GRANT UPDATE ({column}) ON {table} TO {role};
CREATE OR REPLACE FUNCTION {table}_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE otherwise {table} := NEW;
BEGIN
  otherwise.{column} := OLD.{column};
  IF otherwise IS DISTINCT FROM OLD OR octet_length(NEW.{column}) > 0 OR NOT EXISTS ({erased}) THEN
    RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS only_grows ON {table};
CREATE TRIGGER only_grows BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION songda_only_grows();
DROP TRIGGER IF EXISTS forgets ON {table};
CREATE TRIGGER forgets BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_forgets();
"""


def tenant_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def lay(_apps: Any, schema_editor: Any) -> None:
    """Lay the locks on every court's table that exists by now."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {row[0] for row in cursor.fetchall()}
        tenants = [model for model in tenant_models() if model._meta.db_table in there]
        cursor.execute(_ROLE.format(role=APP_ROLE))
        for model in tenants:
            cursor.execute(_POLICY.format(table=model._meta.db_table, role=APP_ROLE))
            _own_key(cursor, model._meta.db_table)
        for table, column, other in _references(cursor, tenants):
            _same_court(cursor, table, column, other)
        for table in there.intersection(APPEND_ONLY):
            cursor.execute(_APPEND_ONLY.format(table=table, role=APP_ROLE))
        for table in there.intersection(FORGETTING):
            column, erased = FORGETTING[table]
            cursor.execute(_FORGETTING.format(table=table, role=APP_ROLE, column=column, erased=erased))


def _references(cursor: Any, tenants: list[type[models.Model]]) -> list[tuple[str, str, str]]:
    """Columns that point to another table of a court. A column that a later migration adds is not there yet."""
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    there = set(cursor.fetchall())
    return [
        (model._meta.db_table, field.column, _target(field)._meta.db_table)
        for model in tenants
        for field in model._meta.local_fields
        if field.remote_field
        and field.column
        and (model._meta.db_table, field.column) in there
        and issubclass(_target(field), TenantModel)
    ]


def _target(field: Any) -> type[models.Model]:
    target: type[models.Model] = apps.get_model("songda", field.remote_field.model._meta.model_name)
    return target


def _add(cursor: Any, table: str, name: str, constraint: str) -> None:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {constraint}')


def _own_key(cursor: Any, table: str) -> None:
    _add(cursor, table, f"{table}_of_court", "UNIQUE (court_id, id)")


def _same_court(cursor: Any, table: str, column: str, other: str) -> None:
    """A row refers only to rows of its own court."""
    _add(
        cursor,
        table,
        f"{table}_{column}_same_court",
        f"FOREIGN KEY (court_id, {column}) REFERENCES {other} (court_id, id) DEFERRABLE INITIALLY DEFERRED",
    )
