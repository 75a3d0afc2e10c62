import django.db.models.deletion
from django.db import migrations, models

import songda.lib.ids
from songda.lib import locks


class Migration(migrations.Migration):
    dependencies = [("songda", "0019_conversations_forgotten")]

    operations = [
        migrations.CreateModel(
            name="BroughtFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("brought_at", models.DateTimeField()),
                (
                    "court",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="songda.court"),
                ),
            ],
            options={"indexes": [models.Index(fields=["court", "brought_at"], name="brought_file_age")]},
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
