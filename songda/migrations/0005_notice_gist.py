"""What a notice says of the complaint or the judgment, in the words the judge approved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("songda", "0004_figures")]

    operations = [
        migrations.AddField(
            model_name="publicnotice",
            name="gist",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
