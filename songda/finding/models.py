"""How a person can be reached, who said so, and the inquiries that asked."""

from django.db import models

from songda.lib.fields import EncryptedJson, EncryptedText
from songda.lib.tenancy import TenantModel


class ContactKind(models.TextChoices):
    PHONE = "phone", "电话"
    EMAIL = "email", "电子邮箱"
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
    """A phone, e-mail or address of a party, with where it came from and how good it proved."""

    party = models.ForeignKey("songda.Party", on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    value = EncryptedText()
    value_index = models.CharField(max_length=64, db_index=True)
    # For addresses: what two writings of the same place have in common, so none is tried twice.
    place_index = models.CharField(max_length=64, blank=True, db_index=True)
    division_code = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=32)
    rank = models.CharField(max_length=20, choices=Rank.choices, default=Rank.UNKNOWN)
    confidence = models.FloatField(default=0.5)
    learnt_at = models.DateTimeField()
    # Wrong person, moved away: nobody uses it any more, and nobody forgets it.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "party", "kind", "value_index"], name="contact_point_once"),
        ]


class Inquiry(TenantModel):
    """协查找人: one question about one party to many sources, with ten minutes to answer."""

    service = models.ForeignKey("songda.Service", on_delete=models.PROTECT, related_name="inquiries")
    party = models.ForeignKey("songda.Party", on_delete=models.PROTECT, related_name="inquiries")
    ground = models.CharField(max_length=100)
    authority = models.CharField(max_length=100)
    asks = models.JSONField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["closes_at"], name="inquiry_open", condition=models.Q(closed_at=None))]


class Answer(TenantModel):
    """What one source was asked and what it said. `values` are kept encrypted and shown masked."""

    class Status(models.TextChoices):
        ASKED = "asked", "已询问"
        FOUND = "found", "查得"
        NOT_FOUND = "not_found", "查无"
        FAILED = "failed", "未答复"

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="answers")
    source = models.CharField(max_length=32)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    values = EncryptedJson(null=True, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "source"], name="answer_once_a_source"),
        ]
