"""Row-level security, keys that carry the court, the append-only ledger, grants."""

from django.db import migrations

from songda.lib import locks


class Migration(migrations.Migration):
    dependencies = [("songda", "0001_initial"), ("procrastinate", "__latest__")]

    operations = [migrations.RunPython(locks.lay, migrations.RunPython.noop)]
