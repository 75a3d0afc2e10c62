"""What boards and indicators are answered from: one figure a service, a piece of mail and a case; counters of figures.

All of it is drawn from facts and rows of other rooms and can be made again from them (`actions.rebuild`), but for the
snapshots and reports, which are sealed, and the briefs, which are kept as they were told.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from songda.lib.ids import uuid7
from songda.lib.tenancy import TenantModel


class Arrival(TenantModel):
    """Something about this service is new and not folded yet. Written by triggers (see arriving.py) in the very
    transaction that brought the news, so that none is missed, whatever order transactions end in."""

    about = models.UUIDField()
    # The machine's time, not the platform's: how far behind a board may be is a question of real seconds.
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="arrival_order")]


class ServiceFigure(TenantModel):
    """What indicators need to know of one service. Days are days in Beijing."""

    service = models.OneToOneField("songda.Service", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("songda.Case", on_delete=models.CASCADE, related_name="+")
    started_on = models.DateField()
    finished_on = models.DateField(null=True)
    is_open = models.BooleanField()
    step = models.CharField(max_length=32)
    due_at = models.DateTimeField(null=True)
    hearing_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)
    # By which way it took effect: electronic, postal, field, notice, other.
    way = models.CharField(max_length=12, blank=True)
    is_effective = models.BooleanField()
    days_to_effect = models.PositiveSmallIntegerField(null=True)
    tried_electronic = models.BooleanField()
    tried_postal = models.BooleanField()
    tried_field = models.BooleanField()
    tried_notice = models.BooleanField()
    tried_other = models.BooleanField()
    # It took effect by the first way tried, and no other was.
    by_first_step = models.BooleanField()
    # in_time, late, waiting; empty where no telephone or e-mail was known when the order came.
    contact = models.CharField(max_length=8, blank=True)
    # in_time, late, none, open; with the day the inquiry began.
    finding = models.CharField(max_length=8, blank=True)
    finding_on = models.DateField(null=True)
    conformity_on = models.DateField(null=True)
    incident_on = models.DateField(null=True)
    # When the first piece went out through the centre; when a letter went out past it.
    mailed_on = models.DateField(null=True)
    letter_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["court", "started_on"], name="figure_started"),
            models.Index(fields=["court", "finished_on"], name="figure_finished"),
            models.Index(fields=["court", "due_at"], name="figure_due", condition=models.Q(is_open=True)),
            models.Index(fields=["court", "step"], name="figure_standing", condition=models.Q(is_open=True)),
            models.Index(
                fields=["court", "hearing_at"],
                name="figure_hearing",
                condition=models.Q(is_open=True, hearing_at__isnull=False),
            ),
            models.Index(fields=["case"], name="figure_case"),
        ]


class PieceFigure(TenantModel):
    """What indicators need to know of one piece of court mail."""

    waybill = models.OneToOneField("songda.Waybill", on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("songda.Service", on_delete=models.CASCADE, related_name="+")
    made_on = models.DateField()
    state = models.CharField(max_length=12)
    # The city it goes to, as the first four digits of its division code.
    region = models.CharField(max_length=4, blank=True)
    returned_on = models.DateField(null=True)
    because = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["court", "made_on"], name="piece_made"),
            models.Index(fields=["service"], name="piece_of_service"),
        ]


class CaseFigure(TenantModel):
    """Whether a case used mail, and whether it was the post's centralised service."""

    case = models.OneToOneField("songda.Case", on_delete=models.CASCADE, related_name="+")
    mailed_on = models.DateField(null=True)
    is_centralised = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["court", "mailed_on"], name="case_mailed")]


class Counter(TenantModel):
    """How many figures a measure counts on a day, in one class of them. A gauge of the present has no day."""

    measure = models.CharField(max_length=24)
    day = models.DateField(null=True)
    label = models.CharField(max_length=24, blank=True)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["court", "measure", "day", "label"], nulls_distinct=False, name="counter_once"
            ),
        ]
        indexes = [models.Index(fields=["court", "day"], include=["measure", "label", "n"], name="counter_days")]


class Snapshot(TenantModel):
    """A month's indicators as they stood when it was sealed: nobody re-cuts the past, not even its owner."""

    month = models.DateField()
    # By indicator: numerator, denominator, value; and the counters they were made from.
    values = models.JSONField()
    sha256 = models.CharField(max_length=64)
    fact_id = models.UUIDField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A month is sealed once.
            models.UniqueConstraint(fields=["court", "month"], name="snapshot_once"),
        ]


class Brief(TenantModel):
    """每日简报: what a judge or clerk was told on a working morning. Holds what there was to say; the desk has the
    words. No personal data: people are found through the services it names."""

    person = models.ForeignKey("songda.Person", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    # News in it is what was learnt after this moment, until it was made.
    since = models.DateTimeField()
    made_at = models.DateTimeField()
    said = models.JSONField()

    class Meta:
        constraints = [
            # One brief a person a morning.
            models.UniqueConstraint(fields=["court", "person", "day"], name="brief_once"),
        ]


class Reported(models.Model):
    """A week's or a month's report: the numbers it says, their digest, and its two files in the vault."""

    rhythm = models.CharField(max_length=8, choices=[("week", "周报"), ("month", "月报")])
    first = models.DateField()
    last = models.DateField()
    said = models.JSONField()
    sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    xlsx_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class Report(Reported, TenantModel):
    """A court's report. Sealed as a month is: nobody re-cuts it, not even its owner."""

    class Meta:
        constraints = [
            # A week or a month of a court is reported once.
            models.UniqueConstraint(fields=["court", "rhythm", "first"], name="report_once"),
        ]


class PostReport(Reported):
    """The post's report over the courts somebody of the post looks after: numbers only, nothing of any case.

    No court's own; whoever reads it works for the post at every court of its circle. Each of those courts has the
    digest in its ledger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The courts it covers, in order.
    circle = ArrayField(models.UUIDField())

    class Meta:
        constraints = [
            # A week or a month of a circle of courts is reported once.
            models.UniqueConstraint(fields=["circle", "rhythm", "first"], name="post_report_once"),
        ]
