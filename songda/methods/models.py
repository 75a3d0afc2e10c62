"""What each way of service keeps beside its facts."""

from django.db import models

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


class Waybill(TenantModel):
    """One piece of court mail (法院专递): one service, one address, one try."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="waybills")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("songda.PrintSite", on_delete=models.PROTECT, related_name="+")
    # The carrier's number, once it took the order.
    number = models.CharField(max_length=24, blank=True)
    pages = models.PositiveIntegerField(default=0)
    papers_sha256 = models.CharField(max_length=64, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    # How often a person had it sent to this address again, and said why.
    turn = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Nobody gets a second piece at the same contact point of the same service unless a person said why.
            models.UniqueConstraint(fields=["service", "contact_point", "turn"], name="waybill_once"),
            # The carrier's number means one piece.
            models.UniqueConstraint(
                fields=["court", "number"], name="waybill_number_once", condition=~models.Q(number="")
            ),
        ]


class Visit(TenantModel):
    """One field visit (外出送达): planned for a courier, told as facts when it has taken place."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="visits")
    contact_point = models.ForeignKey("songda.ContactPoint", on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    planned_for = models.DateTimeField()
    outside_working_hours = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "contact_point", "ordinal"], name="visit_once"),
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
        ],
    )
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=64)
    note = EncryptedJson(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "kind", "sha256"], name="exhibit_once")]
