"""What people must do, and what they asked for."""

from django.db import models

from songda.courts.models import Role
from songda.lib.fields import EncryptedJson
from songda.lib.tenancy import TenantModel


class WorkItem(TenantModel):
    """待办: something a person must do, with an owner, a due time and a next action."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="work_items")
    kind = models.CharField(max_length=32)
    # What called for it; the same cause opens one item.
    key = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    owner = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    detail = EncryptedJson(null=True, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "service", "key"], name="work_item_once"),
        ]
        indexes = [
            models.Index(fields=["court", "role", "due_at"], name="work_item_open", condition=models.Q(done_at=None)),
            models.Index(fields=["due_at"], name="work_item_due", condition=models.Q(done_at=None)),
        ]


class Correction(TenantModel):
    """更正: a person asks to strike a fact or an outcome, another consents; the old course stays visible."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="corrections")
    fact_id = models.UUIDField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            # The second person is another person.
            models.CheckConstraint(
                name="correction_by_two",
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("asked_by")),
            ),
        ]
