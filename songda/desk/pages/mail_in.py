"""What comes back by mail: returned parcels taken in and given back to the court, receipts scanned in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.mail import ReadingForm, ReceiptsForm, ReturnForm
from songda.desk.pages.files import send
from songda.desk.pages.mail_room import TONES, last_scans, said
from songda.engine.mail import receipts as receipt_images
from songda.engine.mail import returns as returned_mail
from songda.engine.mail.receipts import Brought, File
from songda.engine.mail.returns import Return
from songda.engine.saying import ActRefused
from songda.law.facts import RETURN_REASONS
from songda.methods import custody
from songda.methods.mailroom import Manifest, ReceiptImage, ReturnedPiece
from songda.methods.models import PieceState

SHOWN = 100
_LAST_SHELF = "mail_shelf"


# ---- returns ---------------------------------------------------------------------------------------------------


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def returns(request: DeskRequest) -> HttpResponse:
    """Taking in, what lies on which shelf, and what the carrier says is on its way back."""
    return _show_returns(request, ReturnForm(initial={"shelf": request.session.get(_LAST_SHELF, "")}))


def _show_returns(request: DeskRequest, form: ReturnForm, status: int = 200) -> HttpResponse:
    coming = custody.pieces().filter(state=PieceState.RETURNED).order_by("heard_at", "id")
    stored = returned_mail.in_store()
    given_back = Manifest.objects.filter(kind=Manifest.Kind.TO_COURT).exclude(closed_at=None)
    shown = {
        "form": form,
        "stored": [(one, RETURN_REASONS.get(one.because, ""), _agreement(one)) for one in stored],
        "coming": list(coming[:SHOWN]),
        "scans": last_scans("return"),
        "open_list": Manifest.objects.filter(kind=Manifest.Kind.TO_COURT, closed_at=None).first(),
        "given_back": list(given_back.order_by("-closed_at")[:10]),
        "may_handle": request.seat.holds(Role.MAIL),
    }
    return render(request, "desk/mail/returns.html", shown, status=status)


def _agreement(back: ReturnedPiece) -> tuple[str, str]:
    """Whether cover and carrier give the same reason, as tone and words."""
    if not back.carrier_says:
        return "info", "投递局尚无退回信息"
    if back.carrier_says == back.because:
        return "ok", "与投递局信息一致"
    return "danger", f"投递局：{RETURN_REASONS.get(back.carrier_says, back.carrier_says)}"


@require_GET
@at_desk(Role.MAIL)
def look(request: DeskRequest) -> HttpResponse:
    """What is known of a parcel just scanned, before it is taken in: the carrier's reason is proposed; of one that was
    taken in before, where it lies."""
    sought = custody.seek(request.GET.get("number", ""))
    theirs = returned_mail.carrier_says(sought.piece) if sought.piece else ""
    back = ReturnedPiece.objects.filter(waybill=sought.piece).select_related("taken_in_by").first()
    shown = {"sought": sought, "theirs": theirs, "reason": RETURN_REASONS.get(theirs, ""), "back": back}
    return render(request, "desk/mail/return_known.html", shown)


@require_POST
@at_desk(Role.MAIL)
def take_in(request: DeskRequest) -> HttpResponse:
    """One returned parcel. What is wrong comes back in the form; the shelf stays for the next one."""
    form = ReturnForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_returns(request, form, 422)
    given = form.cleaned_data
    seen = Return(given["because"], given["shelf"], given["remark"], given["cover"].read() if given["cover"] else b"")
    try:
        told = said(returned_mail.take_in(request.seat.person, request.seat.court, given["number"], seen))
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _show_returns(request, form, 422)
    request.session[_LAST_SHELF] = given["shelf"]
    TONES[told["tone"]](request, f"{told['number']}：{told['words']}。")
    return redirect("desk:mail_returns")


@require_POST
@at_desk(Role.MAIL)
def move(request: DeskRequest, piece_id: UUID) -> HttpResponse:
    """Another shelf for a returned piece."""
    try:
        returned_mail.move(request.seat.person, request.seat.court, piece_id, request.POST.get("shelf", ""))
    except ActRefused as refused:
        messages.error(request, refused.message)
    return redirect("desk:mail_returns")


# ---- receipts --------------------------------------------------------------------------------------------------


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def receipts(request: DeskRequest) -> HttpResponse:
    """Bringing images in, what a person must look at, and what was matched last."""
    return _show_receipts(request, ReceiptsForm())


def _show_receipts(
    request: DeskRequest, form: ReceiptsForm, brought: list[Brought] | None = None, status: int = 200
) -> HttpResponse:
    rows = ReceiptImage.objects.select_related("waybill__service__case", "waybill__service__party", "brought_by")
    waiting = rows.filter(standing="to_check").order_by("brought_at", "page")
    shown = {
        "form": form,
        "brought": [(one, *OUTCOMES[one.outcome]) for one in brought] if brought is not None else None,
        "waiting": [(one, ReadingForm(initial={"number": one.number}, prefix=str(one.pk))) for one in waiting[:SHOWN]],
        "matched": list(rows.filter(standing="matched").order_by("-settled_at")[:20]),
        "may_handle": request.seat.holds(Role.MAIL),
    }
    return render(request, "desk/mail/receipts.html", shown, status=status)


OUTCOMES = {
    "matched": ("ok", "已入档"),
    "to_check": ("warn", "请核对"),
    "known": ("info", "重复"),
    "refused": ("danger", "不收"),
}


@require_POST
@at_desk(Role.MAIL)
def bring(request: DeskRequest) -> HttpResponse:
    """Images brought in, and what became of each."""
    form = ReceiptsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_receipts(request, form, status=422)
    files = [File(file.name or "", file.read()) for file in form.cleaned_data["images"]]
    try:
        brought = receipt_images.bring(request.seat.person, request.seat.court, files)
    except ActRefused as refused:
        form.add_error("images", refused.message)
        return _show_receipts(request, form, status=422)
    return _show_receipts(request, ReceiptsForm(), brought)


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def image(_: DeskRequest, image_id: UUID) -> HttpResponse:
    found = get_object_or_404(ReceiptImage, pk=image_id)
    return send(found.sha256, f"回执{found.number}.{found.media_type.rpartition('/')[2]}", found.media_type)


@require_POST
@at_desk(Role.MAIL)
def settle(request: DeskRequest, image_id: UUID) -> HttpResponse:
    """A person read the image: its number, or that it is no receipt. What is refused comes back where it was typed."""
    seat = request.seat
    form = ReadingForm(request.POST, prefix=str(image_id))
    if not form.is_valid():
        return _refused(request, image_id, form)
    try:
        if "aside" in request.POST:
            receipt_images.put_aside(seat.person, seat.court, image_id, form.cleaned_data["reason"])
            messages.success(request, "已移出，影像仍保留。")
        else:
            piece = receipt_images.settle(seat.person, seat.court, image_id, form.reading())
            messages.success(request, f"已归入邮件 {piece.number}。")
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _refused(request, image_id, form)
    return redirect("desk:mail_receipts")


def _refused(request: DeskRequest, image_id: UUID, form: ReadingForm) -> HttpResponse:
    found = get_object_or_404(ReceiptImage, pk=image_id)
    return render(request, "desk/mail/receipt.html", {"image": found, "form": form}, status=422)
