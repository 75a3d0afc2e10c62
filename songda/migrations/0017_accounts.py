"""Accounts as contact points: instant messages and platforms of litigation (在线诉讼规则第二十九条)."""

from django.db import migrations, models

KINDS = [("phone", "电话"), ("email", "电子邮箱"), ("account", "账号"), ("address", "地址")]


class Migration(migrations.Migration):
    dependencies = [("songda", "0016_calls_and_messages")]

    operations = [
        migrations.AddField("contactpoint", "platform", models.CharField(blank=True, default="", max_length=16), False),
        migrations.AlterField("contactpoint", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AlterField("contactoutcome", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AlterField(
            "notification",
            "channel",
            models.CharField(choices=[("sms", "短信"), ("email", "电子邮件"), ("account", "账号消息")], max_length=8),
        ),
        migrations.AddConstraint(
            "contactpoint",
            models.CheckConstraint(
                condition=models.Q(("kind", "account"), ("platform__gt", ""))
                | (~models.Q(("kind", "account")) & models.Q(("platform", ""))),
                name="contact_point_platform",
            ),
        ),
    ]
