import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songda.lib.fields
import songda.lib.ids
from songda.lib import locks


class Migration(migrations.Migration):
    dependencies = [("songda", "0009_needs_number")]

    operations = [
        migrations.AddField("person", "email", songda.lib.fields.EncryptedText(blank=True, default="")),
        migrations.CreateModel(
            name="PostReport",
            fields=[
                ("rhythm", models.CharField(choices=[("week", "周报"), ("month", "月报")], max_length=8)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("said", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("xlsx_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "id",
                    models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("circle", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("circle", "rhythm", "first"), name="post_report_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Brief",
            fields=[
                (
                    "id",
                    models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("since", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("said", models.JSONField()),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="songda.court"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("court", "person", "day"), name="brief_once")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("rhythm", models.CharField(choices=[("week", "周报"), ("month", "月报")], max_length=8)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("said", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("xlsx_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="songda.court"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("court", "rhythm", "first"), name="report_once")],
            },
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
