"""A case is found by the serial in its number. The database fills the column for every case there is."""

from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [("songda", "0020_brought_files")]

    operations = [
        migrations.AddField(
            "case",
            "serial",
            models.GeneratedField(
                expression=Cast(
                    models.Func(models.F("number"), models.Value("([0-9]{1,9})号"), function="SUBSTRING"),
                    models.IntegerField(),
                ),
                output_field=models.IntegerField(null=True),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("case", models.Index(fields=["court", "serial"], name="case_serial")),
    ]
