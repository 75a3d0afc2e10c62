"""Row-level security reads its setting once a query."""

from django.db import migrations

from songda.lib import locks


class Migration(migrations.Migration):
    dependencies = [("songda", "0007_ledger")]

    operations = [migrations.RunPython(locks.lay, migrations.RunPython.noop)]
