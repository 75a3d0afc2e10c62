"""The court's counter: papers that wait there, people who come for them, and what they bring."""

import django.db.models.deletion
from django.db import migrations, models

import songda.lib.fields
import songda.lib.ids
from songda.lib import locks

_ID = models.UUIDField(default=songda.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)
_KINDS = [
    ("signature", "签名"),
    ("receipt", "邮件回执"),
    ("photo", "照片"),
    ("video", "录像"),
    ("recording", "录音"),
    ("confirmation", "送达地址确认书"),
    ("scan", "扫描件"),
    ("authority", "身份与授权材料"),
    ("submission", "当事人提交的材料"),
]
_ENDED = [
    ("", "办理中"),
    ("collected", "已领取"),
    ("refused", "拒绝签收"),
    ("left", "未领取离开"),
    ("other", "已办结其他事项"),
]
_CHECKS = [("matched", "与案卷登记一致"), ("recorded", "案卷无登记，已核对证件并记录")]


def _to(model: str, related: str = "+", on_delete=django.db.models.deletion.PROTECT) -> models.ForeignKey:
    return models.ForeignKey(on_delete=on_delete, related_name=related, to=f"songda.{model}")


class Migration(migrations.Migration):
    dependencies = [("songda", "0011_retention")]

    operations = [
        migrations.AlterField("exhibit", "kind", models.CharField(choices=_KINDS, max_length=16)),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", _ID.clone()),
                ("code", models.CharField(max_length=8)),
                ("last_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("court", _to("court")),
                ("made_by", _to("person")),
                ("service", _to("service", "collections")),
            ],
            options={
                "indexes": [models.Index(fields=["court", "last_day"], name="collection_until")],
                "constraints": [models.UniqueConstraint(fields=("court", "code"), name="collection_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", _ID.clone()),
                ("signer", models.CharField(max_length=24)),
                ("name", songda.lib.fields.EncryptedText()),
                ("id_number", songda.lib.fields.EncryptedText()),
                ("id_index", models.CharField(db_index=True, max_length=64)),
                ("id_check", models.CharField(choices=_CHECKS, max_length=8)),
                ("authority_sha256", models.CharField(blank=True, max_length=64)),
                ("came_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended", models.CharField(blank=True, choices=_ENDED, default="", max_length=12)),
                ("court", _to("court")),
                ("officer", _to("person")),
                ("party", _to("party", "attendances")),
            ],
            options={
                "indexes": [models.Index(fields=["court", "-came_at"], name="attendance_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended", ""), ("ended_at__isnull", True))
                        | models.Q(~models.Q(("ended", "")), ("ended_at__isnull", False)),
                        name="attendance_ends_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttendedService",
            fields=[
                ("id", _ID.clone()),
                ("fact", models.UUIDField(blank=True, null=True)),
                ("attendance", _to("attendance", "lines", django.db.models.deletion.CASCADE)),
                ("court", _to("court")),
                ("service", _to("service")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("attendance", "service"), name="attended_service_once")
                ],
            },
        ),
        migrations.AddField(
            "attendance",
            "services",
            models.ManyToManyField(
                related_name="attendances", through="songda.AttendedService", to="songda.service"
            ),
        ),
        migrations.RunPython(locks.lay, migrations.RunPython.noop),
    ]
