"""What retention law had deleted, and what keeps files from it; papers are found by their digest."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songda.lib.ids
from songda.lib import locks

_BY_ANOTHER = models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("asked_by"))


def _to(model, related_name="+", **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **options
    )


def _of_court(name, *fields, **options):
    columns = [
        ("id", models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
        *fields,
        ("court", _to("songda.court")),
    ]
    # A model without a Meta of its own has its base's.
    options = options or {"abstract": False, "base_manager_name": "objects"}
    return migrations.CreateModel(name=name, fields=columns, options=options)


def _person(**options):
    return _to(settings.AUTH_USER_MODEL, **options)


class Migration(migrations.Migration):
    dependencies = [("songda", "0010_reports")]

    operations = [
        _of_court(
            "Unerased",
            ("sha256", models.CharField(max_length=64)),
            ("problem", models.CharField(blank=True, max_length=100)),
        ),
        _of_court(
            "Erasure",
            ("sha256", models.CharField(max_length=64)),
            (
                "fact",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="songda.fact"
                ),
            ),
            indexes=[models.Index(fields=["court", "sha256"], name="erasure_digest")],
        ),
        _of_court(
            "Hold",
            ("case", _to("songda.case", related_name="holds")),
            ("reason", models.CharField(max_length=500)),
            ("set_by", _person()),
            ("set_at", models.DateTimeField()),
            ("lifted_by", _person(blank=True, null=True)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            constraints=[
                models.UniqueConstraint(
                    fields=["court", "case"], name="hold_once", condition=models.Q(lifted_at__isnull=True)
                )
            ],
        ),
        _of_court(
            "ErasureOrder",
            ("asked_by", _person()),
            ("asked_at", models.DateTimeField()),
            ("reason", models.CharField(max_length=500)),
            ("files", models.JSONField()),
            ("answered_by", _person(blank=True, null=True)),
            ("answered_at", models.DateTimeField(blank=True, null=True)),
            ("granted", models.BooleanField(blank=True, null=True)),
            ("erased", models.PositiveIntegerField(default=0)),
            constraints=[
                models.CheckConstraint(name="erasure_by_two", condition=_BY_ANOTHER),
                models.UniqueConstraint(
                    fields=["court"], name="erasure_order_open", condition=models.Q(answered_at__isnull=True)
                ),
            ],
        ),
        migrations.AddIndex("paper", models.Index(fields=["sha256"], name="paper_digest")),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
