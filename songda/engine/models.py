"""What people must do, and what they asked for."""

from django.db import models

from songda.courts.models import Role
from songda.lib.fields import EncryptedJson, EncryptedText
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
    # The role on whose list it stands on top since then.
    escalated_to = models.CharField(max_length=16, choices=Role.choices, blank=True)
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
            models.Index(
                fields=["court", "escalated_to"],
                name="work_item_escalated",
                condition=models.Q(done_at=None, escalated_at__isnull=False),
            ),
            models.Index(
                fields=["court", "done_by", "-done_at"],
                name="work_item_done",
                condition=models.Q(done_at__isnull=False),
            ),
        ]


class WorkMove(TenantModel):
    """One change of hands of a work item: who took it, gave it on or called for help, and why. Only grows."""

    class Way(models.TextChoices):
        CLAIMED = "claimed", "认领"
        PASSED = "passed", "移交"
        RETURNED = "returned", "退回本岗位"
        ESCALATED = "escalated", "上报"

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="moves")
    way = models.CharField(max_length=12, choices=Way.choices)
    # Nobody where the platform did it: the time was over, or nobody was there.
    by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    reason = EncryptedText(blank=True, default="")
    at = models.DateTimeField()


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


class Hold(TenantModel):
    """保留措施: the files of a case are kept, whatever their period, until somebody lifts it."""

    case = models.ForeignKey("songda.Case", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A case is held once at a time.
            models.UniqueConstraint(
                fields=["court", "case"], name="hold_once", condition=models.Q(lifted_at__isnull=True)
            ),
        ]


class ErasureOrder(TenantModel):
    """到期文件删除: one person lists files whose period is over, another consents; only then they go."""

    asked_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    # The digests asked for; what is no longer due when it is granted stays.
    files = models.JSONField()
    answered_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)
    erased = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # The second person is another person.
            models.CheckConstraint(
                name="erasure_by_two",
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("asked_by")),
            ),
            # A court decides one list at a time.
            models.UniqueConstraint(
                fields=["court"], name="erasure_order_open", condition=models.Q(answered_at__isnull=True)
            ),
        ]
