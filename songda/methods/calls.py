"""电话: whose turn a call is, and the calls made, as their facts tell them."""

from django.db import models

from songda.lib.tenancy import TenantModel


class CallTurn(TenantModel):
    """Whose turn it is to make a call: taken when it is opened, free again when its time is up."""

    item = models.ForeignKey("songda.WorkItem", on_delete=models.CASCADE, related_name="turns")
    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    until = models.DateTimeField()
    # Its call was told, or it was given back.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Nobody gets a call that another has in hand.
            models.UniqueConstraint(
                fields=["court", "item"], name="call_turn_once", condition=models.Q(ended_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["court", "until"], name="call_turn_open", condition=models.Q(ended_at__isnull=True)),
        ]


class Call(TenantModel):
    """One telephone call to a recipient, by a person or by the robot, as its `call.attempted` tells it."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="calls")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    fact_id = models.UUIDField()
    # The work item it ended; None of the robot's.
    item_id = models.UUIDField(null=True, blank=True)
    # Who called; None is the robot.
    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answered = models.BooleanField()
    outcome = models.CharField(max_length=24)
    seconds = models.PositiveIntegerField(default=0)
    # When the next call was agreed or planned.
    again_at = models.DateTimeField(null=True, blank=True)
    recording = models.ForeignKey("songda.Exhibit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    record = models.ForeignKey("songda.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            # A fact is one call.
            models.UniqueConstraint(fields=["court", "fact_id"], name="call_once"),
        ]
        indexes = [
            models.Index(fields=["court", "-at"], name="call_recent"),
            models.Index(fields=["contact_point", "-at"], name="call_to_number"),
        ]
