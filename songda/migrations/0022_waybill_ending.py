"""A piece of mail is found by the end of its number. The database fills the column for every piece there is."""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("songda", "0021_case_serial")]

    operations = [
        migrations.AddField(
            "waybill",
            "ending",
            models.GeneratedField(
                expression=Right("number", 4), output_field=models.CharField(max_length=4), db_persist=True
            ),
        ),
        migrations.AddIndex("waybill", models.Index(fields=["court", "ending"], name="waybill_ending")),
    ]
