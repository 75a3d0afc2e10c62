"""How a person can be reached, who said so, and the inquiries that asked."""

from django.db import models

from songda.filing import accounts
from songda.lib.fields import EncryptedJson, EncryptedText
from songda.lib.tenancy import TenantModel


class ContactKind(models.TextChoices):
    PHONE = "phone", "电话"
    EMAIL = "email", "电子邮箱"
    ACCOUNT = "account", "账号"
    ADDRESS = "address", "地址"


class Rank(models.TextChoices):
    """Which rank in law an address has (民诉法解释137, 法发〔2017〕19号 8-9, 法释〔2004〕13号 5), best first."""

    CONFIRMED = "confirmed", "送达地址确认书"
    AGREED = "agreed", "合同约定"
    FILED = "filed", "诉讼材料载明"
    OTHER_PROCEEDINGS = "other_proceedings", "一年内其他诉讼"
    CIVIL_LIFE = "civil_life", "一年内民事活动"
    REGISTERED = "registered", "户籍或者登记住所"
    UNKNOWN = "unknown", "来源待查"


class ContactPoint(TenantModel):
    """A phone, e-mail, account or address of a party, with where it came from and how good it proved."""

    party = models.ForeignKey("songda.Party", on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    # Where an account is (filing/accounts.py); the same name at two platforms is two people's.
    platform = models.CharField(max_length=16, blank=True)
    value = EncryptedText()
    value_index = models.CharField(max_length=64, db_index=True)
    # For addresses: what two writings of the same place have in common, so none is tried twice.
    place_index = models.CharField(max_length=64, blank=True, db_index=True)
    division_code = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=32)
    rank = models.CharField(max_length=20, choices=Rank.choices, default=Rank.UNKNOWN)
    # The chance that it works, learnt from what came of others of its source and of itself: see finding/confidence.py.
    confidence = models.FloatField(default=0.5)
    learnt_at = models.DateTimeField()
    # The day the source's own record is from, where it said so.
    as_of = models.DateField(null=True, blank=True)
    answer = models.ForeignKey(
        "songda.Answer", on_delete=models.SET_NULL, null=True, blank=True, related_name="contact_points"
    )
    # The last thing that showed whether it works, and which it was.
    proved_at = models.DateTimeField(null=True, blank=True)
    proved = models.BooleanField(null=True, blank=True)
    # What the recipient said to electronic service by this way: given, refused, or nothing yet.
    consent = models.CharField(max_length=8, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    # When the recipient, on a recorded call, confirmed this way for electronic service (在线诉讼规则第三十条).
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Wrong person, moved away: nobody uses it any more, and nobody forgets it.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=40, blank=True)
    # Its purpose ended and its time ran out: the value is gone, the row that says it was there stays.
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "party", "kind", "value_index"], name="contact_point_once"),
            # An account is one at a platform; nothing else is.
            models.CheckConstraint(
                name="contact_point_platform",
                condition=models.Q(kind="account", platform__gt="")
                | (~models.Q(kind="account") & models.Q(platform="")),
            ),
        ]

    @property
    def called(self) -> str:
        """What people call this sort of way: of an account, with its platform."""
        kind = ContactKind(self.kind).label
        return f"{kind}（{accounts.label(self.platform)}）" if self.platform else kind


class ContactOutcome(TenantModel):
    """One thing that showed whether a contact point works: a call answered, a letter back. What confidence rests on."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="outcomes")
    source = models.CharField(max_length=32)
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    worked = models.BooleanField()
    fact = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    key = models.CharField(max_length=160)

    class Meta:
        constraints = [
            # The same event teaches once.
            models.UniqueConstraint(fields=["court", "contact_point", "key"], name="contact_outcome_once"),
        ]
        indexes = [models.Index(fields=["court", "source", "kind", "happened_at"], name="contact_outcome_rate")]


class CallTally(TenantModel):
    """How often calls were answered: by whom, on which sort of day, in which hour of Beijing. Kept with every call."""

    audience = models.CharField(max_length=16)
    # work: a working day of the court; off: any other.
    day = models.CharField(max_length=4)
    hour = models.PositiveSmallIntegerField()
    answered = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # One tally for each sort of person, sort of day and hour of a court.
            models.UniqueConstraint(fields=["court", "audience", "day", "hour"], name="call_tally_once"),
            # Nobody answers a call that was not made.
            models.CheckConstraint(name="call_tally_adds_up", condition=models.Q(answered__lte=models.F("tried"))),
        ]


class Authorisation(TenantModel):
    """协查授权: a judge or manager lets named sources be asked about one party of one case, until a time."""

    party = models.ForeignKey("songda.Party", on_delete=models.PROTECT, related_name="authorisations")
    sources = models.JSONField()
    asks = models.JSONField()
    # Whether they may be told the ID number where they can match no keyed hash.
    number = models.BooleanField(default=False)
    reason = EncryptedText()
    granted_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authorisation_ends", condition=models.Q(expires_at__gt=models.F("granted_at"))
            ),
        ]


class Inquiry(TenantModel):
    """协查找人: one question about one party to many sources, with ten minutes to answer."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="inquiries")
    party = models.ForeignKey("songda.Party", on_delete=models.PROTECT, related_name="inquiries")
    # Why it was opened: first, returned, authorised, before_notice, recheck_10, by_hand.
    trigger = models.CharField(max_length=16, default="first")
    ground = models.CharField(max_length=200)
    authority = models.CharField(max_length=100)
    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.PROTECT, null=True, blank=True, related_name="inquiries"
    )
    asks = models.JSONField()
    # The sealed 协查函 that went along, where a source wants one.
    letter_sha256 = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["closes_at"], name="inquiry_open", condition=models.Q(closed_at=None)),
            models.Index(fields=["court", "-opened_at"], name="inquiry_recent"),
        ]


class Status(models.TextChoices):
    """Where one source's answer stands."""

    PLANNED = "planned", "待询问"
    ASKING = "asking", "询问中"
    TAKEN = "taken", "已受理，待答复"
    FOUND = "found", "查得"
    NOT_FOUND = "not_found", "查无"
    FAILED = "failed", "未能答复"
    # It matches no keyed hash and wants the ID number: whether it gets one is not the machine's to say alone.
    NEEDS_NUMBER = "needs_number", "要求证件号码"


OPEN = (Status.PLANNED, Status.ASKING, Status.TAKEN)


class Answer(TenantModel):
    """One source asked in one inquiry: what is to be asked, how the asking went, and what it said.

    The row is its own outbox: `planned` and due it is claimed, `asking` is committed before the wire is touched, and a
    row left so by a killed process is asked again under the same key, which the contract makes harmless. Nothing about
    the person is copied into it; what the source gave is kept encrypted, shown masked, and emptied when its time is up.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="answers")
    source = models.CharField(max_length=32)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    # When it is to be asked, asked again, or looked up because the promised callback has not come.
    next_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    hedged = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    # The ID number goes with the question in the clear: that it may is a fact of its own.
    with_number = models.BooleanField(default=False)
    problem = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # It came after the inquiry had closed.
    late = models.BooleanField(default=False)
    values = EncryptedJson(null=True, blank=True)
    freshest_on = models.DateField(null=True, blank=True)
    price_fen = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A source is asked once in an inquiry.
            models.UniqueConstraint(fields=["inquiry", "source"], name="answer_once_a_source"),
            # No silent state: what is open has a time at which someone looks at it.
            models.CheckConstraint(
                name="answer_open_has_next",
                condition=~models.Q(status__in=["planned", "taken"]) | models.Q(next_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "next_at"],
                name="answer_due",
                condition=models.Q(status__in=["planned", "asking", "taken"]),
            ),
            models.Index(fields=["expires_at"], name="answer_expiring", condition=models.Q(emptied_at=None)),
        ]


class SourceState(models.Model):
    """How a source is doing, as the process that asks it last saw it: for people to look at, and across restarts.

    Not a court's: a source that is down is down for everybody."""

    code = models.CharField(primary_key=True, max_length=32)
    # closed: asked as usual; open: left alone after failures; half_open: one question tries whether it is back.
    breaker = models.CharField(max_length=12, default="closed")
    since = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)
    quota_left = models.IntegerField(null=True, blank=True)
