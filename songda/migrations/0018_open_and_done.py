from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("songda", "0017_accounts")]

    operations = [
        migrations.AddIndex(
            "service",
            models.Index(fields=["court", "due_at"], name="service_open", condition=models.Q(closed_at=None)),
        ),
        migrations.AddIndex(
            "service",
            models.Index(
                fields=["court", "effective_on"],
                name="service_effective",
                condition=models.Q(effective_on__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=["court", "done_by", "-done_at"],
                name="work_item_done",
                condition=models.Q(done_at__isnull=False),
            ),
        ),
    ]
