import django.db.models.deletion
import songda.lib.fields
import songda.lib.ids
from django.conf import settings
from django.db import migrations, models

from songda.lib import locks


class Migration(migrations.Migration):

    dependencies = [
        ('songda', '0013_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('filename', songda.lib.fields.EncryptedText()),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AttachmentReading',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('read_to', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Improvement',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', songda.lib.fields.EncryptedText()),
                ('text', songda.lib.fields.EncryptedText()),
                ('side', models.CharField(choices=[('court', '法院'), ('post', '邮政')], max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('submitted', '已提出'), ('accepted', '已采纳'), ('declined', '未采纳'), ('in_work', '办理中'), ('done', '已完成'), ('verified', '已验证')], default='submitted', max_length=12)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('released_text', songda.lib.fields.EncryptedText(blank=True, default='')),
                ('released_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ImprovementMove',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('submitted', '已提出'), ('accepted', '已采纳'), ('declined', '未采纳'), ('in_work', '办理中'), ('done', '已完成'), ('verified', '已验证')], max_length=12)),
                ('at', models.DateTimeField()),
                ('words', songda.lib.fields.EncryptedText(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Irregularity',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('severity', models.CharField(max_length=8)),
                ('owner', models.CharField(choices=[('court', '法院'), ('post', '邮政')], max_length=8)),
                ('words', songda.lib.fields.EncryptedText()),
                ('raised_at', models.DateTimeField()),
                ('turn', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('side', models.CharField(choices=[('court', '法院'), ('post', '邮政')], max_length=8)),
                ('event', models.CharField(blank=True, choices=[('', '留言'), ('raised', '提出异常'), ('answered', '答复异常'), ('reopened', '重新提出异常')], max_length=8)),
                ('text', songda.lib.fields.EncryptedText()),
                ('written_at', models.DateTimeField()),
                ('key', models.CharField(blank=True, max_length=64, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('about', models.CharField(choices=[('order', '委托'), ('service', '送达任务'), ('parcel', '邮件')], max_length=8)),
                ('last', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('reason', songda.lib.fields.EncryptedText()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='WorkMove',
            fields=[
                ('id', models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('claimed', '认领'), ('passed', '移交'), ('returned', '退回本岗位'), ('escalated', '上报')], max_length=12)),
                ('to_role', models.CharField(blank=True, choices=[('clerk', '书记员'), ('judge', '法官'), ('manager', '诉讼服务中心'), ('court_liaison', '法院联络人'), ('window', '窗口专员'), ('electronic', '电子送达专员'), ('mail', '邮寄专员'), ('field', '外送专员'), ('courier', '投递员'), ('post_liaison', '邮政联络人'), ('post_manager', '邮政管理人员'), ('auditor', '审计人员')], max_length=16)),
                ('reason', songda.lib.fields.EncryptedText(blank=True, default='')),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='workitem',
            name='escalated_to',
            field=models.CharField(blank=True, choices=[('clerk', '书记员'), ('judge', '法官'), ('manager', '诉讼服务中心'), ('court_liaison', '法院联络人'), ('window', '窗口专员'), ('electronic', '电子送达专员'), ('mail', '邮寄专员'), ('field', '外送专员'), ('courier', '投递员'), ('post_liaison', '邮政联络人'), ('post_manager', '邮政管理人员'), ('auditor', '审计人员')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('done_at', None), ('escalated_at__isnull', False)), fields=['court', 'escalated_to'], name='work_item_escalated'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='attachmentreading',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='songda.attachment'),
        ),
        migrations.AddField(
            model_name='attachmentreading',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='attachmentreading',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='following',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='following',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='improvement',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='released_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvementmove',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvementmove',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='improvementmove',
            name='improvement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='songda.improvement'),
        ),
        migrations.AddField(
            model_name='irregularity',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='irregularity',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='irregularity', to='songda.workitem'),
        ),
        migrations.AddField(
            model_name='irregularity',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='irregularity',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='irregularities', to='songda.service'),
        ),
        migrations.AddField(
            model_name='irregularity',
            name='waybill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.waybill'),
        ),
        migrations.AddField(
            model_name='mention',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='mention',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='note',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='note',
            name='irregularity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='songda.irregularity'),
        ),
        migrations.AddField(
            model_name='mention',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='songda.note'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='songda.note'),
        ),
        migrations.AddField(
            model_name='thread',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='thread',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='songda.order'),
        ),
        migrations.AddField(
            model_name='thread',
            name='service',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='songda.service'),
        ),
        migrations.AddField(
            model_name='thread',
            name='waybill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='songda.waybill'),
        ),
        migrations.AddField(
            model_name='note',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='songda.thread'),
        ),
        migrations.AddField(
            model_name='following',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followings', to='songda.thread'),
        ),
        migrations.AddField(
            model_name='vote',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='vote',
            name='improvement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='songda.improvement'),
        ),
        migrations.AddField(
            model_name='vote',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='note',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='songda.note'),
        ),
        migrations.AddField(
            model_name='workmove',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='workmove',
            name='court',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='songda.court'),
        ),
        migrations.AddField(
            model_name='workmove',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='songda.workitem'),
        ),
        migrations.AddField(
            model_name='workmove',
            name='to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='improvement',
            index=models.Index(fields=['court', 'status', '-asked_at'], name='improvement_status'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['submitted', 'declined']), models.Q(('due_on__isnull', False), ('owner__isnull', False)), _connector='OR'), name='improvement_has_owner'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('released_by__isnull', False), _connector='OR'), name='improvement_released_by'),
        ),
        migrations.AddIndex(
            model_name='irregularity',
            index=models.Index(fields=['court', '-raised_at'], name='irregularity_recent'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['court', 'person'], name='mention_of_person'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['court', 'role'], name='mention_of_role'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('role', '')), models.Q(('person__isnull', True), models.Q(('role', ''), _negated=True)), _connector='OR'), name='mention_names_one'),
        ),
        migrations.AddIndex(
            model_name='thread',
            index=models.Index(fields=['court', '-last_at'], name='thread_recent'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('about', 'order')), fields=('court', 'order'), name='thread_of_order_once'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('about', 'service')), fields=('court', 'service'), name='thread_of_service_once'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('about', 'parcel')), fields=('court', 'waybill'), name='thread_of_parcel_once'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about', 'order'), ('service__isnull', True), ('waybill__isnull', True)), models.Q(('about', 'service'), ('service__isnull', False), ('waybill__isnull', True)), models.Q(('about', 'parcel'), ('service__isnull', False), ('waybill__isnull', False)), _connector='OR'), name='thread_names_its_subject'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['court', '-written_at'], name='note_recent'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(fields=('court', 'thread', 'place'), name='note_place_once'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(fields=('court', 'thread', 'author', 'key'), name='note_once'),
        ),
        migrations.AddIndex(
            model_name='following',
            index=models.Index(fields=['court', 'person'], name='following_of_person'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(fields=('court', 'thread', 'person'), name='following_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('court', 'improvement', 'person'), name='vote_once'),
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
