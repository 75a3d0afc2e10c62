"""通知: each message to a recipient with how far it came, and the courts' own texts."""

from django.db import models

from songda.lib.tenancy import TenantModel


class Notification(TenantModel):
    """One message to a recipient, and how far it came: sent, reached, opened and signed are four different moments."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="notifications")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    # The key of the dispatch that carries it.
    key = models.CharField(max_length=120)
    channel = models.CharField(max_length=8, choices=[("sms", "短信"), ("email", "电子邮件"), ("account", "账号消息")])
    stage = models.CharField(max_length=12)
    audience = models.CharField(max_length=16)
    # Which text was sent, such as `knock/elderly/sms@0`: version 0 is the house's.
    wording = models.CharField(max_length=48)
    segments = models.PositiveSmallIntegerField(default=1)
    # How often it was sent before to this contact point: 0 is the first.
    turn = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_why = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A dispatch carries one message.
            models.UniqueConstraint(fields=["court", "key"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["court", "-planned_at"], name="notification_recent"),
            models.Index(fields=["contact_point", "-planned_at"], name="notification_to_point"),
            models.Index(
                fields=["court", "reached_at"],
                name="notification_unopened",
                condition=models.Q(reached_at__isnull=False, opened_at__isnull=True),
            ),
            models.Index(
                fields=["court", "failed_at"], name="notification_failed", condition=~models.Q(failed_at=None)
            ),
        ]


class Wording(TenantModel):
    """A court's own text of one message. A new one takes the place of the one before, which stays on file."""

    stage = models.CharField(max_length=12)
    audience = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=100, blank=True)
    # Empty: the court went back to the house's text.
    text = models.TextField(blank=True)
    decided_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A version is decided once.
            models.UniqueConstraint(fields=["court", "stage", "audience", "channel", "version"], name="wording_once"),
        ]
