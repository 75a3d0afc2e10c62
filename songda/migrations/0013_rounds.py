"""Couriers' rounds: who goes where in which order, what the phone signs and sends, and its files in parts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songda.lib.fields
import songda.lib.ids
from songda.lib import locks


def _id():
    return (
        "id",
        models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False),
    )


def _to(table, related_name="+", on_delete=django.db.models.deletion.PROTECT):
    return models.ForeignKey(on_delete=on_delete, related_name=related_name, to=table)


def _of_court(name, *fields, **options):
    return migrations.CreateModel(
        name=name,
        fields=[_id(), *fields, ("court", _to("songda.court"))],
        options={"abstract": False, "base_manager_name": "objects"} if not options else options,
    )


class Migration(migrations.Migration):
    dependencies = [("songda", "0012_counter")]

    operations = [
        migrations.AddField(
            "visit",
            "courier",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("visit", "is_courier_fixed", models.BooleanField(default=False)),
        migrations.AddField("visit", "turn", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("visit", "arrives_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("visit", "is_time_fixed", models.BooleanField(default=False)),
        migrations.AddIndex(
            "visit",
            models.Index(
                condition=models.Q(("ended_at", None)), fields=["court", "planned_for"], name="visit_to_come"
            ),
        ),
        _of_court(
            "Round",
            ("day", models.DateField()),
            ("public_key", models.CharField(max_length=200)),
            ("opened_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("closed_at", models.DateTimeField(blank=True, null=True)),
            ("skew_seconds", models.IntegerField(default=0)),
            ("courier", _to(settings.AUTH_USER_MODEL)),
            constraints=[models.UniqueConstraint(fields=("court", "public_key"), name="round_key_once")],
        ),
        _of_court(
            "RoundFile",
            ("key", models.UUIDField()),
            ("kind", models.CharField(max_length=16)),
            ("media_type", models.CharField(max_length=40)),
            ("size", models.PositiveIntegerField()),
            ("sha256", models.CharField(max_length=64)),
            ("got", models.PositiveIntegerField(default=0)),
            ("kept_sha256", models.CharField(blank=True, max_length=64)),
            ("made_at", models.DateTimeField()),
            ("round", _to("songda.round", "files")),
            constraints=[models.UniqueConstraint(fields=("court", "key"), name="round_file_once")],
        ),
        _of_court(
            "RoundPart",
            ("start", models.PositiveIntegerField()),
            ("content", models.BinaryField()),
            ("file", _to("songda.roundfile", "parts", django.db.models.deletion.CASCADE)),
            constraints=[models.UniqueConstraint(fields=("court", "file", "start"), name="round_part_once")],
        ),
        _of_court(
            "VisitReport",
            ("key", models.UUIDField()),
            ("kind", models.CharField(choices=[("visit", "上门情况"), ("safety", "安全撤离")], max_length=8)),
            ("body", songda.lib.fields.EncryptedText()),
            ("signature", models.CharField(blank=True, max_length=200)),
            ("sha256", models.CharField(max_length=64)),
            ("is_genuine", models.BooleanField()),
            ("happened_at", models.DateTimeField()),
            ("received_at", models.DateTimeField()),
            ("skew_seconds", models.IntegerField(default=0)),
            ("place", songda.lib.fields.EncryptedJson(blank=True, null=True)),
            ("remarks", models.JSONField(blank=True, default=list)),
            ("visit", _to("songda.visit", "reports")),
            ("round", _to("songda.round", "reports")),
            constraints=[models.UniqueConstraint(fields=("court", "key"), name="visit_report_once")],
            indexes=[models.Index(fields=["court", "round", "happened_at"], name="visit_report_course")],
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
