"""Calls and messages to recipients: whose turn a call is, what came of it, how far a message came, whose words it had."""

import django.db.models.deletion
import songda.lib.ids
from django.conf import settings
from django.db import migrations, models

from songda.lib import locks


class Migration(migrations.Migration):

    dependencies = [
        ('songda', '0015_mail_room'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='CallTally',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court')),
                ('audience', models.CharField(max_length=16)),
                ('day', models.CharField(max_length=4)),
                ('hour', models.PositiveSmallIntegerField()),
                ('answered', models.PositiveIntegerField(default=0)),
                ('tried', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('court', 'audience', 'day', 'hour'), name='call_tally_once'), models.CheckConstraint(condition=models.Q(('answered__lte', models.F('tried'))), name='call_tally_adds_up')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='CallTurn',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='songda.workitem')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['court', 'until'], name='call_turn_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('court', 'item'), name='call_turn_once')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='songda.service')),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.contactpoint')),
                ('fact_id', models.UUIDField()),
                ('item_id', models.UUIDField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('answered', models.BooleanField()),
                ('outcome', models.CharField(max_length=24)),
                ('seconds', models.PositiveIntegerField(default=0)),
                ('again_at', models.DateTimeField(blank=True, null=True)),
                ('recording', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.exhibit')),
                ('record', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['court', '-at'], name='call_recent'), models.Index(fields=['contact_point', '-at'], name='call_to_number')],
                'constraints': [models.UniqueConstraint(fields=('court', 'fact_id'), name='call_once')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='songda.service')),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.contactpoint')),
                ('key', models.CharField(max_length=120)),
                ('channel', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件')], max_length=8)),
                ('stage', models.CharField(max_length=12)),
                ('audience', models.CharField(max_length=16)),
                ('wording', models.CharField(max_length=48)),
                ('segments', models.PositiveSmallIntegerField(default=1)),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('failed_why', models.CharField(blank=True, max_length=32)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['court', '-planned_at'], name='notification_recent'), models.Index(fields=['contact_point', '-planned_at'], name='notification_to_point'), models.Index(condition=models.Q(('opened_at__isnull', True), ('reached_at__isnull', False)), fields=['court', 'reached_at'], name='notification_unopened'), models.Index(condition=models.Q(('failed_at', None), _negated=True), fields=['court', 'failed_at'], name='notification_failed')],
                'constraints': [models.UniqueConstraint(fields=('court', 'key'), name='notification_once')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court')),
                ('stage', models.CharField(max_length=12)),
                ('audience', models.CharField(max_length=16)),
                ('channel', models.CharField(max_length=8)),
                ('version', models.PositiveSmallIntegerField()),
                ('subject', models.CharField(blank=True, max_length=100)),
                ('text', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('court', 'stage', 'audience', 'channel', 'version'), name='wording_once')],
                'indexes': [],
            },
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
