"""What the mail room keeps beside a piece's facts: batches, lists that change hands, scans, returns, receipts."""

from django.db import models

from songda.lib.fields import EncryptedText
from songda.lib.tenancy import TenantModel


class Batch(TenantModel):
    """批次: the pieces that one print site prints for one court on one day."""

    site = models.ForeignKey("songda.PrintSite", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A site's day is one batch.
            models.UniqueConstraint(fields=["court", "site", "day"], name="batch_once"),
        ]

    @property
    def number(self) -> str:
        """What its list shows as a barcode."""
        return f"PC{self.day:%Y%m%d}-{self.site.division_code}"


class Manifest(TenantModel):
    """交接清单: pieces that change hands at once, scanned one by one, then closed by both sides."""

    class Kind(models.TextChoices):
        TO_CARRIER = "to_carrier", "交寄"
        TO_COURT = "to_court", "退件交还"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Where the carrier takes them over; none where returned pieces go back to the court.
    site = models.ForeignKey("songda.PrintSite", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=32)
    opened_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who took them over, as written on the list.
    taken_by = EncryptedText(blank=True)
    # What was missing or too many when it was closed, and what was said of it.
    remark = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "number"], name="manifest_number_once"),
            # Two workers at one site scan into the same list.
            models.UniqueConstraint(
                fields=["court", "kind", "site"],
                name="manifest_open_once",
                condition=models.Q(closed_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="manifest_closed_whole",
                condition=models.Q(closed_at=None) | (models.Q(closed_by__isnull=False) & ~models.Q(sha256="")),
            ),
        ]


class MailScan(TenantModel):
    """What somebody in the mail room scanned, where, and what came of it: no scan is lost, not even a wrong one."""

    place = models.CharField(max_length=12)
    number = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16)
    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    waybill = models.ForeignKey("songda.Waybill", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    manifest = models.ForeignKey(
        "songda.Manifest", on_delete=models.PROTECT, null=True, blank=True, related_name="scans"
    )

    class Meta:
        indexes = [models.Index(fields=["court", "-at"], name="mail_scan_recent")]


class ReturnedPiece(TenantModel):
    """退件: a piece that lies with the post again: why it came back, what its cover shows, on which shelf it lies."""

    waybill = models.OneToOneField("songda.Waybill", on_delete=models.PROTECT, related_name="returned")
    because = models.CharField(max_length=24)
    # What the carrier's scans say; empty while they say nothing.
    carrier_says = models.CharField(max_length=24, blank=True)
    remark = EncryptedText(blank=True)
    cover_sha256 = models.CharField(max_length=64, blank=True)
    shelf = models.CharField(max_length=32)
    taken_in_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField()
    manifest = models.ForeignKey(
        "songda.Manifest", on_delete=models.PROTECT, null=True, blank=True, related_name="returns"
    )
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["court", "shelf"], name="returned_shelf", condition=models.Q(given_back_at=None))
        ]


class ReceiptImage(TenantModel):
    """回执影像: one scanned receipt or one page of a scan, and the piece it belongs to once that is known."""

    class Standing(models.TextChoices):
        MATCHED = "matched", "已入档"
        TO_CHECK = "to_check", "请核对"
        PUT_ASIDE = "put_aside", "不是回执"

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=24)
    # The digest of the file it came in, its name there and its page.
    source_sha256 = models.CharField(max_length=64)
    filename = EncryptedText(blank=True)
    page = models.PositiveSmallIntegerField(default=1)
    # What its barcode says; empty where none was read.
    number = models.CharField(max_length=64, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    # Why a person must look, in words.
    why = models.CharField(max_length=100, blank=True)
    waybill = models.ForeignKey(
        "songda.Waybill", on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    brought_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    settled_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # The same image again is the same receipt.
            models.UniqueConstraint(fields=["court", "sha256"], name="receipt_image_once"),
            # What counts as a receipt belongs to a piece.
            models.CheckConstraint(
                name="receipt_image_whose",
                condition=~models.Q(standing="matched") | models.Q(waybill__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["court", "standing", "brought_at"], name="receipt_image_open")]
