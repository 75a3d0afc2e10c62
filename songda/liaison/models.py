"""One conversation for each service, order and parcel; what goes wrong in them; what people ask to have improved.

What was said only grows: a note is never changed, a withdrawal is a row of its own beside it. Only retention law
empties a note, and the database lets nothing else through (`lib.locks.FORGETTING`).
"""

from django.db import models

from songda.lib.fields import EncryptedText
from songda.lib.tenancy import TenantModel


class Side(models.TextChoices):
    """On whose side of the counter somebody works."""

    COURT = "court", "法院"
    POST = "post", "邮政"


class Thread(TenantModel):
    """会话: the one conversation between court and post about an order, a service or a parcel."""

    class About(models.TextChoices):
        ORDER = "order", "委托"
        SERVICE = "service", "送达任务"
        PARCEL = "parcel", "邮件"

    about = models.CharField(max_length=8, choices=About.choices)
    order = models.ForeignKey("songda.Order", on_delete=models.PROTECT, related_name="threads")
    service = models.ForeignKey(
        "songda.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    waybill = models.ForeignKey(
        "songda.Waybill", on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    # How many notes and withdrawals there are: the next one takes the next place.
    last = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    # Retention law had the words deleted that were said until then (courts.retention).
    erasure = models.ForeignKey("songda.Erasure", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            # One conversation for each thing that has one.
            models.UniqueConstraint(
                fields=["court", "order"], name="thread_of_order_once", condition=models.Q(about="order")
            ),
            models.UniqueConstraint(
                fields=["court", "service"], name="thread_of_service_once", condition=models.Q(about="service")
            ),
            models.UniqueConstraint(
                fields=["court", "waybill"], name="thread_of_parcel_once", condition=models.Q(about="parcel")
            ),
            # A conversation is about what it says it is about.
            models.CheckConstraint(
                name="thread_names_its_subject",
                condition=models.Q(about="order", service__isnull=True, waybill__isnull=True)
                | models.Q(about="service", service__isnull=False, waybill__isnull=True)
                | models.Q(about="parcel", service__isnull=False, waybill__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["court", "-last_at"], name="thread_recent")]


class Irregularity(TenantModel):
    """异常: something is wrong with a service; the other side answers for it by a work item.

    Whether it is open is not written here: it is open as long as its work item is."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="irregularities")
    waybill = models.ForeignKey("songda.Waybill", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=24)
    severity = models.CharField(max_length=8)
    # The side that has to answer.
    owner = models.CharField(max_length=8, choices=Side.choices)
    words = EncryptedText()
    raised_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    # How often it was opened again, and the work item of this turn.
    turn = models.PositiveSmallIntegerField(default=0)
    item = models.OneToOneField("songda.WorkItem", on_delete=models.PROTECT, related_name="irregularity")

    class Meta:
        indexes = [models.Index(fields=["court", "-raised_at"], name="irregularity_recent")]


class Note(TenantModel):
    """留言: said once, never edited."""

    class Event(models.TextChoices):
        SAID = "", "留言"
        RAISED = "raised", "提出异常"
        ANSWERED = "answered", "答复异常"
        REOPENED = "reopened", "重新提出异常"

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="notes")
    place = models.PositiveIntegerField()
    author = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    event = models.CharField(max_length=8, choices=Event.choices, blank=True)
    irregularity = models.ForeignKey(
        Irregularity, on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    text = EncryptedText()
    written_at = models.DateTimeField()
    # The writer's own name for it: sent twice, said once.
    key = models.CharField(max_length=64, null=True, blank=True)

    class Meta:
        constraints = [
            # What is said in a conversation stands in one order.
            models.UniqueConstraint(fields=["court", "thread", "place"], name="note_place_once"),
            # The same note sent again is the same note.
            models.UniqueConstraint(fields=["court", "thread", "author", "key"], name="note_once"),
        ]
        indexes = [models.Index(fields=["court", "-written_at"], name="note_recent")]


class Withdrawal(TenantModel):
    """撤回: the message is no longer shown; that it was said, who took it back, when and why, is."""

    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="withdrawal")
    place = models.PositiveIntegerField()
    by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    reason = EncryptedText()
    at = models.DateTimeField()


class Mention(TenantModel):
    """提及: a person, or everybody of a role at this court."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            # A mention names a person or a role, not both and not neither.
            models.CheckConstraint(
                name="mention_names_one",
                condition=models.Q(person__isnull=False, role="")
                | (models.Q(person__isnull=True) & ~models.Q(role="")),
            ),
        ]
        indexes = [
            models.Index(fields=["court", "person"], name="mention_of_person"),
            models.Index(fields=["court", "role"], name="mention_of_role"),
        ]


class Following(TenantModel):
    """A person's part in a conversation, and how far they have read it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="followings")
    person = models.ForeignKey("songda.Person", on_delete=models.CASCADE, related_name="+")
    # The place up to which this person has read.
    read_to = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # A person takes part in a conversation once.
            models.UniqueConstraint(fields=["court", "thread", "person"], name="following_once"),
        ]
        indexes = [models.Index(fields=["court", "person"], name="following_of_person")]


class Attachment(TenantModel):
    """A file beside a note: looked at before it was kept, in the vault by its digest."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="attachments")
    filename = EncryptedText()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()


class AttachmentReading(TenantModel):
    """Who opened which file, and when."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Improvement(TenantModel):
    """改进建议: what could be better in the work of the centre, from being asked to being verified."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "已提出"
        ACCEPTED = "accepted", "已采纳"
        DECLINED = "declined", "未采纳"
        IN_WORK = "in_work", "办理中"
        DONE = "done", "已完成"
        VERIFIED = "verified", "已验证"

    title = EncryptedText()
    text = EncryptedText()
    asked_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SUBMITTED)
    owner = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    # What a person let go beyond the court: these words and no others.
    released_text = EncryptedText(blank=True, default="")
    released_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Who takes it up says who does it and by when.
            models.CheckConstraint(
                name="improvement_has_owner",
                condition=models.Q(status__in=["submitted", "declined"])
                | models.Q(owner__isnull=False, due_on__isnull=False),
            ),
            # Nothing is beyond the court that nobody let go.
            models.CheckConstraint(
                name="improvement_released_by",
                condition=models.Q(released_at__isnull=True) | models.Q(released_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["court", "status", "-asked_at"], name="improvement_status")]


class ImprovementMove(TenantModel):
    """One step of an improvement request: who moved it where, when, with which words."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="moves")
    status = models.CharField(max_length=12, choices=Improvement.Status.choices)
    by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = EncryptedText(blank=True, default="")


class Vote(TenantModel):
    """附议: another of the court wants the same."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey("songda.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # One voice each.
            models.UniqueConstraint(fields=["court", "improvement", "person"], name="vote_once"),
        ]
