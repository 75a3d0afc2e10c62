"""What goes out and what comes in, kept before it is understood."""

from django.db import models

from songda.lib.fields import EncryptedJson, EncryptedText
from songda.lib.ids import uuid7
from songda.lib.tenancy import TenantModel


class Dispatch(TenantModel):
    """One thing sent to a counterparty, once. `under_way` is written before the wire is touched: a crash in between
    leaves a row whose fate is asked from the counterparty before anything is sent again."""

    class State(models.TextChoices):
        PLANNED = "planned", "待发出"
        UNDER_WAY = "under_way", "发出中"
        DONE = "done", "对方已收"
        FAILED = "failed", "未发出"
        UNKNOWN = "unknown", "结果不明"

    key = models.CharField(max_length=120)
    counterparty = models.CharField(max_length=24)
    about = models.UUIDField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    request = EncryptedJson()
    reply = EncryptedJson(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Nothing is sent twice: the key names what is sent and why.
            models.UniqueConstraint(fields=["court", "key"], name="dispatch_once"),
        ]
        indexes = [
            models.Index(fields=["about"], name="dispatch_about"),
            models.Index(
                fields=["planned_at"],
                name="dispatch_open",
                condition=models.Q(state__in=["planned", "under_way", "unknown"]),
            ),
        ]


class Payload(models.Model):
    """What a counterparty told us, byte for byte, before anything was made of it. Not yet any court's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    body = EncryptedText()
    received_at = models.DateTimeField()
    understood_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # A callback repeated byte for byte is one callback.
            models.UniqueConstraint(fields=["source", "digest"], name="payload_once"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="payload_open", condition=models.Q(understood_at=None)),
        ]


class Knock(models.Model):
    """Tries at one door from one network address within one window of time. The address is kept as a keyed digest."""

    id = models.BigAutoField(primary_key=True)
    door = models.CharField(max_length=16)
    who = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # One count for each door, address and window.
            models.UniqueConstraint(fields=["door", "who", "window"], name="knock_counted_once"),
        ]
