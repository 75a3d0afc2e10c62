"""The log's tiles, heads, stamps and keys; the list of facts that wait for their seal, kept by a trigger."""

import django.db.models.deletion
from django.db import migrations, models

import songda.lib.ids
from songda.lib import locks

# The database notes each new fact itself, in the fact's own transaction: none can be forgotten.
_NOTE = """
CREATE OR REPLACE FUNCTION songda_note_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO songda_unsealed (id, court_id, noted_at) VALUES (NEW.id, NEW.court_id, clock_timestamp());
  RETURN NULL;
END $$;
CREATE TRIGGER note_unsealed AFTER INSERT ON songda_fact FOR EACH ROW EXECUTE FUNCTION songda_note_unsealed();
INSERT INTO songda_unsealed (id, court_id, noted_at)
SELECT fact.id, fact.court_id, clock_timestamp() FROM songda_fact fact
WHERE NOT EXISTS (SELECT 1 FROM songda_leaf leaf WHERE leaf.fact_id = fact.id);
"""
_FORGET = "DROP TRIGGER note_unsealed ON songda_fact; DROP FUNCTION songda_note_unsealed();"


def _of_court(name, *fields, **options):
    columns = [
        ("id", models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
        *fields,
        (
            "court",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="songda.court"),
        ),
    ]
    # A model without a Meta of its own has its base's.
    options = options or {"abstract": False, "base_manager_name": "objects"}
    return migrations.CreateModel(name=name, fields=columns, options=options)


class Migration(migrations.Migration):
    dependencies = [("songda", "0006_finding")]

    operations = [
        _of_court(
            "Unsealed",
            ("noted_at", models.DateTimeField()),
            indexes=[models.Index(fields=["court", "noted_at"], name="unsealed_in_turn")],
        ),
        _of_court(
            "Tile",
            ("level", models.PositiveSmallIntegerField()),
            ("index", models.BigIntegerField()),
            ("hash", models.BinaryField()),
            constraints=[models.UniqueConstraint(fields=["court", "level", "index"], name="tile_place_once")],
        ),
        _of_court(
            "Checkpoint",
            ("size", models.BigIntegerField()),
            ("note", models.TextField()),
            ("made_at", models.DateTimeField()),
            indexes=[models.Index(fields=["court", "size"], name="checkpoint_size")],
        ),
        _of_court(
            "Stamp",
            ("reply", models.BinaryField()),
            ("stamped_at", models.DateTimeField()),
            (
                "checkpoint",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="stamp", to="songda.checkpoint"
                ),
            ),
        ),
        _of_court(
            "StampRoot",
            ("fingerprint", models.CharField(max_length=64)),
            ("pem", models.TextField()),
            constraints=[models.UniqueConstraint(fields=["court", "fingerprint"], name="stamp_root_once")],
        ),
        _of_court(
            "LogKey",
            ("key", models.CharField(max_length=400)),
            ("locked", models.BinaryField()),
            ("since", models.DateTimeField(blank=True, null=True)),
            ("until", models.DateTimeField(blank=True, null=True)),
        ),
        _of_court(
            "PaperKey",
            ("certificates", models.TextField()),
            ("locked", models.BinaryField()),
            ("is_own", models.BooleanField()),
            ("made_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
        ),
        migrations.RunSQL(_NOTE, _FORGET),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
