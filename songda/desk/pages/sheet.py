"""Orders by Excel: the template, the check with every error of every row, and the loading with its progress."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.hand_over import SheetForm
from songda.desk.listing import XLSX
from songda.desk.pages.hand_over import HANDS_OVER
from songda.filing.intake import Refused
from songda.filing.sheet import read_all
from songda.filing.sheet_template import template as empty_sheet


@require_GET
@at_desk(*HANDS_OVER)
def template(_: DeskRequest) -> HttpResponse:
    response = HttpResponse(empty_sheet(), content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('集约送达委托.xlsx')}"
    return response


@require_http_methods(["GET", "POST"])
@at_desk(*HANDS_OVER)
def sheet(request: DeskRequest) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = read_all(form.cleaned_data["sheet"].read())
        except Refused as refused:
            form.add_error("sheet", refused.message)
    return render(request, "desk/sheet.html", {"form": form, "report": report})
