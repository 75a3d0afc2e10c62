"""A source that matches no keyed hash asks for the ID number: whether it may have it, and that it got it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songda', '0008_policies'),
    ]

    operations = [
        migrations.AddField(
            model_name='answer',
            name='with_number',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='authorisation',
            name='number',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='answer',
            name='status',
            field=models.CharField(choices=[('planned', '待询问'), ('asking', '询问中'), ('taken', '已受理，待答复'), ('found', '查得'), ('not_found', '查无'), ('failed', '未能答复'), ('needs_number', '要求证件号码')], default='planned', max_length=12),
        ),
    ]
