"""Tenants: courts, the post offices that serve them, their people and what each may do."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from songda.lib.fields import EncryptedText
from songda.lib.ids import uuid7


class Role(models.TextChoices):
    """What a person does at one court. One person may hold several roles, at several courts."""

    CLERK = "clerk", "书记员"
    JUDGE = "judge", "法官"
    MANAGER = "manager", "诉讼服务中心"
    COURT_LIAISON = "court_liaison", "法院联络人"
    WINDOW = "window", "窗口专员"
    ELECTRONIC = "electronic", "电子送达专员"
    MAIL = "mail", "邮寄专员"
    FIELD = "field", "外送专员"
    COURIER = "courier", "投递员"
    POST_LIAISON = "post_liaison", "邮政联络人"
    POST_MANAGER = "post_manager", "邮政管理人员"
    AUDITOR = "auditor", "审计人员"


COURT_ROLES = frozenset({Role.CLERK, Role.JUDGE, Role.MANAGER, Role.COURT_LIAISON})
POST_ROLES = frozenset(
    {Role.WINDOW, Role.ELECTRONIC, Role.MAIL, Role.FIELD, Role.COURIER, Role.POST_LIAISON, Role.POST_MANAGER}
)

ORGANISATIONS = [("court", "法院"), ("post", "邮政"), ("machine", "系统")]


class Court(models.Model):
    """A tenant. Its code is the one its case numbers carry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    # The court's own settings: see courts/policy.py. What is absent has the default of the house.
    policy = models.JSONField(default=dict, blank=True)
    webhook_url = models.URLField(blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PrintSite(models.Model):
    """A post site that prints and seals court mail near the recipients. Sites serve many courts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    division_code = models.CharField(max_length=12, unique=True)
    address = models.CharField(max_length=200)
    ipp_uri = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **extra: Any) -> "Person":
        person = self.model(username=username, **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone of a court or of the post who logs in, or a machine that calls the API."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("用户名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    organisation = models.CharField(max_length=8, choices=[("court", "法院"), ("post", "邮政"), ("machine", "系统")])
    # Where the morning's brief is sent, if the person gave an address and the court's policy has it sent.
    email = EncryptedText(blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role at a court."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Nobody holds the same role twice at one court.
            models.UniqueConstraint(fields=["court", "person", "role"], name="membership_once"),
        ]


class ApiKey(models.Model):
    """A machine's credential at one court. Only the digest of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="api_keys")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
