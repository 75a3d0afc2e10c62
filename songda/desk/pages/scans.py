"""Papers that people bring, scanned in: the codes on them say to which service they belong; what has none is told."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from songda.desk.access import DeskRequest, at_desk
from songda.desk.callers import services_named
from songda.desk.forms.counter import BROUGHT, ScansForm
from songda.desk.pages.counter import COUNTER_ROLES
from songda.desk.people import shown_name
from songda.engine.acts import Shown
from songda.engine.counter import handing
from songda.filing import case_number
from songda.filing.models import Service
from songda.filing.scanned import Scanned


@dataclass(frozen=True, slots=True)
class Filed:
    """A file and where it went: by the code on it, or by the number that was typed."""

    filename: str
    pages: int
    service: Service
    by_code: bool

    @property
    def name(self) -> str:
        return shown_name(self.service.party)


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def scans(request: DeskRequest) -> HttpResponse:
    """All files are filed or none: one without a code and without a number is named, and nothing is kept."""
    number = request.GET.get("number", "")
    form = ScansForm(request.POST, request.FILES) if request.method == "POST" else ScansForm(initial={"number": number})
    filed: list[Filed] = []
    if form.is_bound and form.is_valid() and (found := _matched(form)):
        _keep(request, form, found)
        filed = [Filed(name, scan.pages, service, by_code) for name, scan, service, by_code in found]
        messages.success(request, f"已归入 {len(filed)} 个文件。")
        form = ScansForm()
    shown = {"form": form, "filed": filed, "here": "scans"}
    return render(request, "desk/counter/scans.html", shown, status=422 if form.errors else 200)


Match = tuple[str, Scanned, Service, bool]


def _matched(form: ScansForm) -> list[Match]:
    """Each file with its service; empty, and said in the form, where one has none."""
    typed = _typed(form)
    found: list[Match] = []
    for name, scan in form.cleaned_data["scans"]:
        by_code = _by_codes(scan)
        service = by_code or typed
        if service is None:
            form.add_error("number", f"“{name}”上没有读到我院文书的条码，请填写案号或者送达编号。")
        else:
            found.append((name, scan, service, by_code is not None))
    return [] if form.errors else found


def _by_codes(scan: Scanned) -> Service | None:
    """The one service that the codes mean; several would leave it open to which the paper belongs."""
    means = {one.pk: one for code in scan.codes for one in services_named(code).select_related("case", "party")[:2]}
    return next(iter(means.values())) if len(means) == 1 else None


def _typed(form: ScansForm) -> Service | None:
    number = form.cleaned_data["number"].strip()
    if not number:
        return None
    services = Service.objects.select_related("case", "party").order_by("-created_at")
    by_number = list(services.filter(number=number)[:1])
    if not by_number:
        try:
            by_number = list(services.filter(case__number=case_number.normalise(number))[:2])
        except case_number.NotACaseNumber:
            by_number = []
    if len(by_number) > 1:
        form.add_error("number", "本案有几名受送达人，请填写送达编号。")
    elif not by_number:
        form.add_error("number", "没有这个案号或者送达编号。")
    return by_number[0] if len(by_number) == 1 else None


def _keep(request: DeskRequest, form: ScansForm, found: list[Match]) -> None:
    what, brought_by = form.cleaned_data["what"], form.cleaned_data["brought_by"]
    by_service: dict[Service, list[Shown]] = {}
    for _, scan, service, _ in found:
        by_service.setdefault(service, []).append(Shown(scan.content, scan.media_type, BROUGHT[what]))
    for service in sorted(by_service, key=lambda one: one.pk):
        handing.take_in(service, request.seat.person, what, brought_by, by_service[service])
