"""What a courier's phone leaves with us: the round it carries, the reports it signs, the files that come in parts.

Tables only; `methods.field` and `engine.doorstep` act on them.
"""

from django.db import models

from songda.lib.fields import EncryptedJson, EncryptedText
from songda.lib.tenancy import TenantModel


class Round(TenantModel):
    """外送行程: one courier's day at one court on one phone, which signs with a key made for it."""

    courier = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    # ECDSA P-256, SubjectPublicKeyInfo in base64; the private half never leaves the phone.
    public_key = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Seconds by which the phone's clock was ahead of the server's when the round was opened.
    skew_seconds = models.IntegerField(default=0)

    class Meta:
        constraints = [
            # A phone that opens its round again opens the same round.
            models.UniqueConstraint(fields=["court", "public_key"], name="round_key_once"),
        ]


class RoundFile(TenantModel):
    """A photograph, video or signature on its way from the phone: it comes in parts and goes on where it stopped."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="files")
    key = models.UUIDField()
    kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    # As the phone sent it, and signed for it.
    sha256 = models.CharField(max_length=64)
    got = models.PositiveIntegerField(default=0)
    # As it is kept: without what a camera wrote into it. Empty until it is whole.
    kept_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The phone's key means one file.
            models.UniqueConstraint(fields=["court", "key"], name="round_file_once"),
        ]


class RoundPart(TenantModel):
    """One part of a file that is not whole yet, sealed; gone once the file is."""

    file = models.ForeignKey(RoundFile, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            # Sent twice is kept once.
            models.UniqueConstraint(fields=["court", "file", "start"], name="round_part_once"),
        ]


class VisitReport(TenantModel):
    """外送报告: what the courier told at the door, word for word as the phone signed it."""

    class Kind(models.TextChoices):
        VISIT = "visit", "上门情况"
        SAFETY = "safety", "安全撤离"

    key = models.UUIDField()
    visit = models.ForeignKey("songda.Visit", on_delete=models.PROTECT, related_name="reports")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The signed text itself, its digest, and whether the signature is the round's.
    body = EncryptedText()
    signature = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    is_genuine = models.BooleanField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_seconds = models.IntegerField(default=0)
    # Latitude, longitude and accuracy in metres; None where the phone could not tell.
    place = EncryptedJson(null=True, blank=True)
    # Codes of methods.plausible: what does not fit. Facts are kept all the same.
    remarks = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            # A report that is sent twice is one report.
            models.UniqueConstraint(fields=["court", "key"], name="visit_report_once"),
        ]
        indexes = [models.Index(fields=["court", "round", "happened_at"], name="visit_report_course")]
