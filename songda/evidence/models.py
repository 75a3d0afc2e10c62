"""The ledger's rows: facts as they were learnt, and their leaves in the court's Merkle log.

Nobody changes or deletes either: the role the application works under may only read and add, and a trigger
refuses the owner too.
"""

import os

from django.db import models

from songda.lib.fields import EncryptedJson
from songda.lib.tenancy import TenantModel


def new_salt() -> bytes:
    return os.urandom(16)


class Speaker(models.TextChoices):
    """Who says so."""

    PERSON = "person", "工作人员"
    RECIPIENT = "recipient", "受送达人"
    CARRIER = "carrier", "邮政投递"
    PROVIDER = "provider", "通信服务商"
    SOURCE = "source", "信息平台"
    PLATFORM = "platform", "本平台"
    COURT_SYSTEM = "court_system", "法院案件系统"


class Fact(TenantModel):
    """Something that happened in the course of one service (or order, or inquiry): append-only, two times."""

    about = models.UUIDField()
    name = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    learnt_at = models.DateTimeField()
    speaker = models.CharField(max_length=16, choices=Speaker.choices)
    # Which person, carrier or source: an id or a code, never a name.
    speaker_ref = models.CharField(max_length=64, blank=True)
    # What the law and the ladder read; holds no personal data.
    detail = models.JSONField(default=dict, blank=True)
    # What people may read with a reason: names, numbers, remarks.
    private = EncryptedJson(null=True, blank=True)
    # The same event told twice carries the same key and is kept once.
    source_key = models.CharField(max_length=160, null=True, blank=True)
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [
            # A fact told again by the same source is the same fact.
            models.UniqueConstraint(fields=["court", "about", "source_key"], name="fact_told_once"),
        ]
        indexes = [
            models.Index(fields=["about", "happened_at"], name="fact_course"),
            models.Index(fields=["court", "learnt_at"], name="fact_stream"),
        ]


class Leaf(TenantModel):
    """A sealed fact: its place in its court's log and the hash that stands there."""

    index = models.BigIntegerField()
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="leaf")
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A place in a court's log is taken once.
            models.UniqueConstraint(fields=["court", "index"], name="leaf_place_once"),
        ]
