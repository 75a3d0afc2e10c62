import django.db.models.deletion
from django.db import migrations, models

from songda.lib import locks


class Migration(migrations.Migration):
    dependencies = [("songda", "0018_open_and_done")]

    operations = [
        migrations.AddField(
            "thread",
            "erasure",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="songda.erasure",
            ),
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
