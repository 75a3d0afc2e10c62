"""The ledger's rows: facts as they were learnt, their leaves in the court's log, the log's signed heads, its keys.

Nobody changes or deletes a fact or what seals it: the role the application works under may only read and add, and a
trigger refuses the owner too. What seals is named by its own columns (`naming`), so a column changed by whoever gets
past both is found out even where no hash covers it.
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


class Unsealed(TenantModel):
    """A fact that waits for its leaf: noted by the database itself with the fact, gone with the sealing.

    `id` is the fact's; `noted_at` is the machine's clock, never a played one.
    """

    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["court", "noted_at"], name="unsealed_in_turn")]


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


class Tile(TenantModel):
    """The root of 256 full nodes one level below (`merkle.Tile`): what keeps proofs from reading the whole log."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            # A place in the tree is taken once.
            models.UniqueConstraint(fields=["court", "level", "index"], name="tile_place_once"),
        ]


class Checkpoint(TenantModel):
    """The log's head at some size, signed: a C2SP note."""

    size = models.BigIntegerField()
    note = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["court", "size"], name="checkpoint_size")]


class Stamp(TenantModel):
    """An authority's RFC 3161 reply over a checkpoint's note, and the time it says."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="stamp")
    reply = models.BinaryField()
    stamped_at = models.DateTimeField()


class Erasure(TenantModel):
    """A file that retention law had deleted: its digest, and the fact that says why, by which rule, on whose word."""

    sha256 = models.CharField(max_length=64)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="erasure")

    class Meta:
        indexes = [models.Index(fields=["court", "sha256"], name="erasure_digest")]


class Unerased(TenantModel):
    """A file whose erasure is in the ledger and that still lies in the vault: noted with its erasure, gone with the
    file. `id` is the erasure's; `problem` is what kept it there when last looked at."""

    sha256 = models.CharField(max_length=64)
    problem = models.CharField(max_length=100, blank=True)


class StampRoot(TenantModel):
    """A root above the authorities that have stamped for this court; the court publishes it with its keys."""

    fingerprint = models.CharField(max_length=64)
    pem = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "fingerprint"], name="stamp_root_once"),
        ]


class LogKey(TenantModel):
    """A key that signs the court's checkpoints between two moments; its private half is locked by the data key."""

    key = models.CharField(max_length=400)
    locked = models.BinaryField()
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)


class PaperKey(TenantModel):
    """The court's certificate for signatures on papers, those above it (PEM), and its locked private key."""

    certificates = models.TextField()
    locked = models.BinaryField()
    # Made here, under a root of the court's own; otherwise a licensed authority's, brought by the court.
    is_own = models.BooleanField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
