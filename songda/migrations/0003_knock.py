"""Counts of tries at the public doors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("songda", "0002_locks")]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("door", models.CharField(max_length=16)),
                ("who", models.CharField(max_length=64)),
                ("window", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("door", "who", "window"), name="knock_counted_once"),
                ],
            },
        ),
    ]
