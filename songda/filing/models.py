"""What a clerk hands over: cases, their parties and documents, orders, and the services an order becomes."""

from django.db import models
from django.db.models.functions import Cast

from songda.lib.fields import EncryptedText
from songda.lib.tenancy import TenantModel


class Procedure(models.TextChoices):
    ORDINARY = "ordinary", "普通程序"
    SUMMARY = "summary", "简易程序"
    PAYMENT_ORDER = "payment_order", "督促程序"
    APPEAL = "appeal", "第二审程序"
    ENFORCEMENT = "enforcement", "执行程序"
    CRIMINAL = "criminal", "刑事诉讼"
    ADMINISTRATIVE = "administrative", "行政诉讼"


class RecipientKind(models.TextChoices):
    PERSON = "person", "自然人"
    ORGANISATION = "organisation", "法人或者其他组织"
    SOLDIER = "soldier", "军人"
    PRISONER = "prisoner", "被监禁人员"
    ABROAD = "abroad", "国外当事人"
    HK_MACAO = "hk_macao", "香港、澳门当事人"
    TAIWAN = "taiwan", "台湾当事人"


class DocumentKind(models.TextChoices):
    COMPLAINT = "complaint", "起诉状副本"
    SUMMONS = "summons", "传票"
    JUDGMENT = "judgment", "判决书"
    RULING = "ruling", "裁定书"
    MEDIATION = "mediation", "调解书"
    PAYMENT_ORDER = "payment_order", "支付令"
    NOTICE = "notice", "通知书"
    EVIDENCE = "evidence", "证据材料"
    OTHER = "other", "其他文书"


class Case(TenantModel):
    """A case of the court. The number is kept in its normal form, with full-width brackets."""

    number = models.CharField(max_length=64)
    procedure = models.CharField(max_length=16, choices=Procedure.choices)
    cause = models.CharField(max_length=100, blank=True)
    judge = models.ForeignKey("songda.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hearing_at = models.DateTimeField(null=True, blank=True)
    hearing_place = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    # The serial in the number, by which a part of it is found. A column and not an index on the expression: behind
    # row-level security only what cannot leak, such as "=" on a column, may use an index.
    serial = models.GeneratedField(
        expression=Cast(
            models.Func(models.F("number"), models.Value("([0-9]{1,9})号"), function="SUBSTRING"),
            models.IntegerField(),
        ),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        constraints = [
            # A case number means one case in its court.
            models.UniqueConstraint(fields=["court", "number"], name="case_number_once"),
        ]
        indexes = [models.Index(fields=["court", "serial"], name="case_serial")]

    def __str__(self) -> str:
        return self.number


class Party(TenantModel):
    """A person or organisation of a case, as the papers name it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=24)
    kind = models.CharField(max_length=16, choices=RecipientKind.choices)
    capacity = models.CharField(
        max_length=8,
        choices=[("full", "完全"), ("limited", "限制"), ("none", "无")],
        default="full",
    )
    name = EncryptedText()
    name_index = models.CharField(max_length=64, db_index=True)
    id_number = EncryptedText(blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    legal_representative = EncryptedText(blank=True, default="")
    # Their order in the papers, so that 被告一 and 被告二 keep their places.
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal", "id"]


class Agent(TenantModel):
    """诉讼代理人 or 代收人 of a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="agents")
    kind = models.CharField(max_length=16, choices=[("agent", "诉讼代理人"), ("named_receiver", "代收人")])
    name = EncryptedText()
    phone = EncryptedText(blank=True, default="")


class BroughtFile(TenantModel):
    """A file that was dropped into a form and lies in the vault before anybody says what it is for."""

    sha256 = models.CharField(max_length=64)
    brought_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["court", "brought_at"], name="brought_file_age")]


class Document(TenantModel):
    """A paper to serve, bound to its bytes by SHA-256 when it was handed over."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    # What is printed and shown: the same bytes for a PDF, a rendition of a text or a picture.
    pdf_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The same bytes are the same paper of a case.
            models.UniqueConstraint(fields=["court", "case", "sha256"], name="document_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Order(TenantModel):
    """集约送达委托: what a clerk hands over at once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    handed_over_by = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()
    door = models.CharField(max_length=8, choices=[("web", "网页"), ("excel", "表格"), ("api", "接口")])
    # The caller's own name for the request; the same key again is the same order.
    idempotency_key = models.CharField(max_length=120, null=True, blank=True)
    request_digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)
    # Reasons given for serving again what was already handed over.
    repeat_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # A repeated call is harmless.
            models.UniqueConstraint(fields=["court", "idempotency_key"], name="order_once"),
        ]
        indexes = [models.Index(fields=["court", "handed_over_at"], name="order_recent")]


class Service(TenantModel):
    """送达任务: one recipient and one set of documents. Where it stands is computed by the engine from its
    facts; the columns below the line are that answer, cached, and `engine.actions.rebuild` makes them again."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="services")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="services")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="services")
    documents: "models.ManyToManyField[Document, ServiceDocument]" = models.ManyToManyField(
        Document, through="ServiceDocument", related_name="services"
    )
    # A short number people can say on the telephone, unique in the court.
    number = models.CharField(max_length=24)
    created_at = models.DateTimeField()
    # ---- the cache ----
    step = models.CharField(max_length=32, default="accepted")
    method = models.CharField(max_length=16, blank=True)
    waiting_for = models.CharField(max_length=100, blank=True)
    next_action = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # The action that was begun and is waited for: named once, begun once.
    action_key = models.CharField(max_length=120, blank=True)
    action_since = models.DateTimeField(null=True, blank=True)
    owner_role = models.CharField(max_length=16, blank=True)
    result = models.CharField(max_length=20, blank=True)
    result_method = models.CharField(max_length=16, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    # Articles, whether it can be rebutted, the sentence, periods: the law's whole answer.
    outcome = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField()
    # A row that broke the loop is pushed away and shouts.
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "number"], name="service_number_once"),
            # No silent state: what is open has a time at which someone looks at it.
            models.CheckConstraint(
                name="service_open_has_due",
                condition=models.Q(closed_at__isnull=False) | models.Q(due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="service_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["court", "step", "due_at"], name="service_standing"),
            models.Index(fields=["court", "-created_at"], name="service_recent"),
            # What is open and what took effect lately are found in as little time however long the history is.
            models.Index(fields=["court", "due_at"], name="service_open", condition=models.Q(closed_at=None)),
            models.Index(
                fields=["court", "effective_on"],
                name="service_effective",
                condition=models.Q(effective_on__isnull=False),
            ),
        ]


class ServiceDocument(TenantModel):
    """A document in the set of a service, in the order of the list on the proof."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="lines")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["service", "document"], name="service_document_once"),
        ]
