"""What each way of service keeps beside its facts."""

from typing import Any

from django.db import models
from django.db.models.functions import Right

from songda.lib.fields import EncryptedJson, EncryptedText
from songda.lib.tenancy import TenantModel


class Access(TenantModel):
    """The recipient's way to the papers of one service: a link, a code, limited tries.

    The link's secret is kept as a digest; the code is kept encrypted because the court's window may have to say it."""

    class Level(models.TextChoices):
        LINK = "link", "仅凭链接"
        LINK_AND_CODE = "link_and_code", "链接加验证码"
        LINK_AND_IDENTITY = "link_and_identity", "链接、验证码加证件号码"

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="accesses")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    token = EncryptedText()
    code = EncryptedText()
    level = models.CharField(max_length=20, choices=Level.choices)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The numbers law firms' software addresses the papers by: 签到编号、送达编号、受送达人编号.
    qdbh = models.CharField(max_length=40, unique=True)
    sdbh = models.CharField(max_length=40)
    sdsin = models.CharField(max_length=40)

    class Meta:
        constraints = [
            # One way in for each contact point of a service.
            models.UniqueConstraint(fields=["service", "contact_point"], name="access_once"),
        ]


class PieceState(models.TextChoices):
    """Where a piece of court mail stands, as its facts say; the furthest last but for what came back."""

    ORDERED = "ordered", "待取号"
    PRINTING = "printing", "待打印"
    PRINTED = "printed", "待核页"
    COUNTED = "counted", "待封装"
    SEALED = "sealed", "待交接"
    HANDED_OVER = "handed_over", "已交接，待收寄"
    ACCEPTED = "accepted", "邮寄途中"
    NOT_MET = "not_met", "投递未成"
    HELD = "held", "留局待领"
    DELIVERED = "delivered", "已妥投，待回执"
    COMPLETE = "complete", "已办结"
    RETURNED = "returned", "退回途中"
    SHELVED = "shelved", "退件在库"
    GIVEN_BACK = "given_back", "退件已交还"


class Waybill(TenantModel):
    """One piece of court mail (法院专递): one service, one address, one try."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="waybills")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("songda.PrintSite", on_delete=models.PROTECT, related_name="+")
    # The carrier's number, once it took the order.
    number = models.CharField(max_length=24, blank=True)
    # Its last four characters, by which a piece is asked for aloud. A column of its own: behind row-level security only
    # what cannot leak, such as "=" on a column, may use an index.
    ending = models.GeneratedField(
        expression=Right("number", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    pages = models.PositiveIntegerField(default=0)
    papers_sha256 = models.CharField(max_length=64, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    # How often a person had it sent to this address again, and said why.
    turn = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    # Where the piece stands and when the carrier last spoke of it: a cache of its facts (methods.custody).
    state = models.CharField(max_length=12, choices=PieceState.choices, default=PieceState.ORDERED)
    heard_at = models.DateTimeField(null=True, blank=True)
    # The mail room: its batch, how often it was printed anew, what was counted, who sealed it, what list it stands on.
    batch = models.ForeignKey("songda.Batch", on_delete=models.PROTECT, null=True, blank=True, related_name="pieces")
    copy = models.PositiveSmallIntegerField(default=0)
    counted_pages = models.PositiveIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    # Nobody where the printer counted.
    counted_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    manifest = models.ForeignKey(
        "songda.Manifest", on_delete=models.PROTECT, null=True, blank=True, related_name="pieces"
    )
    listed_at = models.DateTimeField(null=True, blank=True)
    listed_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            # A piece whose pages were not counted, or did not agree, is never sealed.
            models.CheckConstraint(
                name="waybill_sealed_counted",
                condition=models.Q(sealed_at=None)
                | models.Q(counted_at__isnull=False, counted_pages=models.F("pages")),
            ),
            # Only what is sealed stands on a list for the carrier.
            models.CheckConstraint(
                name="waybill_listed_sealed", condition=models.Q(manifest=None) | models.Q(sealed_at__isnull=False)
            ),
            # Nobody gets a second piece at the same contact point of the same service unless a person said why.
            models.UniqueConstraint(fields=["service", "contact_point", "turn"], name="waybill_once"),
            # The carrier's number means one piece.
            models.UniqueConstraint(
                fields=["court", "number"], name="waybill_number_once", condition=~models.Q(number="")
            ),
        ]
        indexes = [
            models.Index(fields=["court", "state", "heard_at"], name="waybill_standing"),
            models.Index(fields=["court", "ending"], name="waybill_ending"),
        ]


class Visit(TenantModel):
    """One field visit (外出送达): planned for a courier, told as facts when it has taken place."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="visits")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    planned_for = models.DateTimeField()
    outside_working_hours = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The plan of the day: who goes, as which stop, when they should be there. The desk may fix who, and when.
    courier = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_courier_fixed = models.BooleanField(default=False)
    turn = models.PositiveSmallIntegerField(null=True, blank=True)
    arrives_at = models.DateTimeField(null=True, blank=True)
    is_time_fixed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "contact_point", "ordinal"], name="visit_once"),
        ]
        indexes = [
            models.Index(fields=["court", "planned_for"], name="visit_to_come", condition=models.Q(ended_at=None)),
        ]


class PublicNotice(TenantModel):
    """公告: the text a judge approves, where it was published, and until when it runs."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="notices")
    slug = models.CharField(max_length=32, unique=True)
    text = models.TextField()
    reason = models.TextField()
    # What the complaint asks or the judgment decides, in the words the judge approved (民诉法解释第一百三十九条).
    gist = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    # A judge stopped it because another way turned up; it stays on file and off the public page.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One notice runs for a service at a time.
            models.UniqueConstraint(
                fields=["service"], name="notice_once", condition=models.Q(withdrawn_at__isnull=True)
            ),
        ]


class Paper(TenantModel):
    """A PDF the platform made for a service: proof, envelope, letter, notice, record."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    # What made it: the same key again is the same paper.
    key = models.CharField(max_length=120)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="older")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "key"], name="paper_once")]
        # Anyone may ask whether a file is one of ours.
        indexes = [models.Index(fields=["sha256"], name="paper_digest")]


class Exhibit(TenantModel):
    """Something seen or signed: a signature, a receipt's image, a photograph, a recording."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="exhibits")
    kind = models.CharField(
        max_length=16,
        choices=[
            ("signature", "签名"),
            ("receipt", "邮件回执"),
            ("photo", "照片"),
            ("video", "录像"),
            ("recording", "录音"),
            ("confirmation", "送达地址确认书"),
            ("scan", "扫描件"),
            ("authority", "身份与授权材料"),
            ("submission", "当事人提交的材料"),
        ],
    )
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=64)
    note = EncryptedJson(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "kind", "sha256"], name="exhibit_once")]


class Collection(TenantModel):
    """到窗口领取: papers wait at the court's counter for their recipient until a day, under a code that can be said on
    the telephone."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="collections")
    code = models.CharField(max_length=8)
    last_day = models.DateField()
    made_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A code said at the counter means one recipient's papers.
            models.UniqueConstraint(fields=["court", "code"], name="collection_code_once"),
        ]
        indexes = [models.Index(fields=["court", "last_day"], name="collection_until")]


class Attendance(TenantModel):
    """到访窗口: one person who stood at the counter for one recipient, how they were known, and what came of it."""

    class Ended(models.TextChoices):
        OPEN = "", "办理中"
        COLLECTED = "collected", "已领取"
        REFUSED = "refused", "拒绝签收"
        LEFT = "left", "未领取离开"
        OTHER = "other", "已办结其他事项"

    class Check(models.TextChoices):
        MATCHED = "matched", "与案卷登记一致"
        RECORDED = "recorded", "案卷无登记，已核对证件并记录"

    party = models.ForeignKey("songda.Party", on_delete=models.PROTECT, related_name="attendances")
    officer = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    # In which capacity they sign: a code of law.facts.SIGNERS.
    signer = models.CharField(max_length=24)
    name = EncryptedText()
    id_number = EncryptedText()
    id_index = models.CharField(max_length=64, db_index=True)
    id_check = models.CharField(max_length=8, choices=Check.choices)
    # What shows that they may sign for the recipient: kept under its digest with each service.
    authority_sha256 = models.CharField(max_length=64, blank=True)
    came_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=Ended.choices, default=Ended.OPEN, blank=True)
    services: "models.ManyToManyField[Any, AttendedService]" = models.ManyToManyField(
        "songda.Service", through="AttendedService", related_name="attendances"
    )

    class Meta:
        constraints = [
            # What has ended has ended at some time, and the other way round.
            models.CheckConstraint(
                name="attendance_ends_once",
                condition=models.Q(ended="", ended_at__isnull=True)
                | (~models.Q(ended="") & models.Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["court", "-came_at"], name="attendance_day")]


class AttendedService(TenantModel):
    """A service whose papers lay on the counter during an attendance; `fact` is what was recorded on it."""

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="+")
    fact = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attendance", "service"], name="attended_service_once"),
        ]
