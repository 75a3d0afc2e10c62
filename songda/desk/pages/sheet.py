"""Orders by Excel: the template, the check with every error of every row, and the loading with its progress."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.hand_over import SheetForm
from songda.desk.listing import XLSX
from songda.desk.loading import Loaded, check_cases, check_papers, load, papers_from
from songda.desk.pages.hand_over import HANDS_OVER
from songda.filing.intake import Refused
from songda.filing.sheet import Progress, SheetReport, read_all
from songda.filing.sheet_template import template as empty_sheet

# Where the page is cut in two: what comes before is sent at once, what comes after when the work is done.
_CUT = "<!-- here the progress is told -->"


@require_GET
@at_desk(*HANDS_OVER)
def template(_: DeskRequest) -> HttpResponse:
    response = HttpResponse(empty_sheet(), content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('集约送达委托.xlsx')}"
    return response


@require_http_methods(["GET", "POST"])
@at_desk(*HANDS_OVER)
def sheet(request: DeskRequest) -> HttpResponseBase:
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if not form.is_valid():
        return render(request, "desk/sheet.html", {"form": form}, status=422 if form.errors else 200)
    try:
        report = read_all(form.cleaned_data["sheet"].read())
        papers = papers_from(form.cleaned_data["papers"])
    except Refused as refused:
        form.add_error("sheet", refused.message)
        return render(request, "desk/sheet.html", {"form": form}, status=422)
    report.errors += [*check_cases(request.seat.court, report.drafts), *check_papers(report.drafts, papers)]
    report.errors.sort(key=lambda error: error.row)
    if report.errors:
        return render(request, "desk/sheet.html", {"form": form, "report": report}, status=422)
    page = render_to_string("desk/sheet_progress.html", {"rows": len(report.drafts)}, request)
    return StreamingHttpResponse(_told(page, load(request.seat, report.drafts, papers)))


def _told(page: str, loading: Iterator[Progress | Loaded]) -> Iterator[str]:
    """The page while the work is under way; it needs no script: each line hides the one before it."""
    before, after = page.split(_CUT)
    yield before
    for told in loading:
        if isinstance(told, Loaded):
            report = SheetReport(told.rows, [], told.errors)
            yield render_to_string("desk/parts/sheet_end.html", {"loaded": told, "report": report})
        else:
            words = "正在移交" if told.done < told.total else "正在收尾"
            progress = {"done": told.done, "total": told.total, "words": words}
            yield render_to_string("parts/progress.html", {"progress": progress})
    yield after
