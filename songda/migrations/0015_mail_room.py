"""The mail room: batches, lists handed over, scans, returned pieces, receipts, and where each piece stands."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songda.lib.fields
import songda.lib.ids
from songda.lib import locks

# Where pieces that are under way already stand, by the furthest of their facts.
_STATES = """
UPDATE songda_waybill w SET state = 'printing' WHERE number <> '';
UPDATE songda_waybill w SET state = told.state, heard_at = told.heard_at FROM (
  SELECT f.court_id, f.about, f.detail->>'waybill' AS number, (array_agg(s.state ORDER BY s.rank DESC))[1] AS state,
         max(f.happened_at) FILTER (WHERE f.name LIKE 'mail.%') AS heard_at
  FROM songda_fact f JOIN (VALUES
    ('papers.printed', 'printed', 1), ('mail.accepted', 'accepted', 2), ('mail.attempt_failed', 'not_met', 3),
    ('mail.held', 'held', 4), ('mail.delivered', 'delivered', 5), ('mail.returned', 'returned', 6)
  ) AS s(name, state, rank) ON s.name = f.name
  GROUP BY f.court_id, f.about, f.detail->>'waybill'
) told WHERE told.about = w.service_id AND told.court_id = w.court_id AND told.number = w.number AND w.number <> '';
UPDATE songda_waybill w SET state = 'complete' WHERE state = 'delivered' AND 2 = (
  SELECT count(DISTINCT f.name) FROM songda_fact f WHERE f.about = w.service_id AND f.court_id = w.court_id
  AND f.detail->>'waybill' = w.number AND f.name IN ('mail.receipt_scanned', 'mail.closed'));
"""


class Migration(migrations.Migration):
    dependencies = [("songda", "0014_liaison")]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='MailScan',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=12)),
                ('number', models.CharField(max_length=64)),
                ('verdict', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Manifest',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('to_carrier', '交寄'), ('to_court', '退件交还')], max_length=12)),
                ('number', models.CharField(max_length=32)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('taken_by', songda.lib.fields.EncryptedText(blank=True)),
                ('remark', models.CharField(blank=True, max_length=300)),
                ('count', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='ReceiptImage',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=24)),
                ('source_sha256', models.CharField(max_length=64)),
                ('filename', songda.lib.fields.EncryptedText(blank=True)),
                ('page', models.PositiveSmallIntegerField(default=1)),
                ('number', models.CharField(blank=True, max_length=64)),
                ('standing', models.CharField(choices=[('matched', '已入档'), ('to_check', '请核对'), ('put_aside', '不是回执')], max_length=12)),
                ('why', models.CharField(blank=True, max_length=100)),
                ('brought_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReturnedPiece',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('because', models.CharField(max_length=24)),
                ('carrier_says', models.CharField(blank=True, max_length=24)),
                ('remark', songda.lib.fields.EncryptedText(blank=True)),
                ('cover_sha256', models.CharField(blank=True, max_length=64)),
                ('shelf', models.CharField(max_length=32)),
                ('taken_in_at', models.DateTimeField()),
                ('given_back_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='waybill',
            name='copy',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='waybill',
            name='counted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='waybill',
            name='counted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='waybill',
            name='counted_pages',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='waybill',
            name='heard_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='waybill',
            name='listed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='waybill',
            name='listed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='waybill',
            name='sealed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='waybill',
            name='sealed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='waybill',
            name='state',
            field=models.CharField(choices=[('ordered', '待取号'), ('printing', '待打印'), ('printed', '待核页'), ('counted', '待封装'), ('sealed', '待交接'), ('handed_over', '已交接，待收寄'), ('accepted', '邮寄途中'), ('not_met', '投递未成'), ('held', '留局待领'), ('delivered', '已妥投，待回执'), ('complete', '已办结'), ('returned', '退回途中'), ('shelved', '退件在库'), ('given_back', '退件已交还')], default='ordered', max_length=12),
        ),
        migrations.AddField(
            model_name='batch',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='batch',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.printsite'),
        ),
        migrations.AddField(
            model_name='waybill',
            name='batch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='songda.batch'),
        ),
        migrations.AddField(
            model_name='mailscan',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='mailscan',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailscan',
            name='waybill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.waybill'),
        ),
        migrations.AddField(
            model_name='manifest',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='manifest',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='manifest',
            name='opened_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='manifest',
            name='site',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.printsite'),
        ),
        migrations.AddField(
            model_name='mailscan',
            name='manifest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='songda.manifest'),
        ),
        migrations.AddField(
            model_name='waybill',
            name='manifest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='songda.manifest'),
        ),
        migrations.AddIndex(
            model_name='waybill',
            index=models.Index(fields=['court', 'state', 'heard_at'], name='waybill_standing'),
        ),
        migrations.AddConstraint(
            model_name='waybill',
            constraint=models.CheckConstraint(condition=models.Q(('sealed_at', None), models.Q(('counted_at__isnull', False), ('counted_pages', models.F('pages'))), _connector='OR'), name='waybill_sealed_counted'),
        ),
        migrations.AddConstraint(
            model_name='waybill',
            constraint=models.CheckConstraint(condition=models.Q(('manifest', None), ('sealed_at__isnull', False), _connector='OR'), name='waybill_listed_sealed'),
        ),
        migrations.AddField(
            model_name='receiptimage',
            name='brought_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiptimage',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='receiptimage',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiptimage',
            name='waybill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='songda.waybill'),
        ),
        migrations.AddField(
            model_name='returnedpiece',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='returnedpiece',
            name='manifest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='songda.manifest'),
        ),
        migrations.AddField(
            model_name='returnedpiece',
            name='taken_in_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='returnedpiece',
            name='waybill',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='songda.waybill'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('court', 'site', 'day'), name='batch_once'),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(fields=('court', 'number'), name='manifest_number_once'),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('court', 'kind', 'site'), name='manifest_open_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('closed_by__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='manifest_closed_whole'),
        ),
        migrations.AddIndex(
            model_name='mailscan',
            index=models.Index(fields=['court', '-at'], name='mail_scan_recent'),
        ),
        migrations.AddIndex(
            model_name='receiptimage',
            index=models.Index(fields=['court', 'standing', 'brought_at'], name='receipt_image_open'),
        ),
        migrations.AddConstraint(
            model_name='receiptimage',
            constraint=models.UniqueConstraint(fields=('court', 'sha256'), name='receipt_image_once'),
        ),
        migrations.AddConstraint(
            model_name='receiptimage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'matched'), _negated=True), ('waybill__isnull', False), _connector='OR'), name='receipt_image_whose'),
        ),
        migrations.AddIndex(
            model_name='returnedpiece',
            index=models.Index(condition=models.Q(('given_back_at', None)), fields=['court', 'shelf'], name='returned_shelf'),
        ),
        migrations.RunSQL(_STATES, migrations.RunSQL.noop),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
