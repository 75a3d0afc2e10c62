"""Handing over: the files, then everything the platform proposed, for the clerk to correct."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django import forms
from django.core.signing import BadSignature
from django.core.validators import validate_email

from songda.desk.proposal import Proposal, Slip, read_slip
from songda.filing import accounts, agents, case_number, identity
from songda.filing.draft import AgentDraft
from songda.filing.models import DocumentKind, Procedure, RecipientKind
from songda.finding.models import Rank
from songda.law.facts import CONSENT_WAYS
from songda.lib import clock
from songda.lib.ids import uuid7

_F = TypeVar("_F", bound=forms.Form)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class FilesForm(forms.Form):
    papers = FilesField(label="案件材料", error_messages={"required": "还没有选文件。", "empty": "有一个文件是空的。"})


class CaseForm(forms.Form):
    """The case as the clerk confirms it."""

    number = forms.CharField(label="案号", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    procedure = forms.ChoiceField(label="程序", choices=[("", "请选择"), *Procedure.choices])
    cause = forms.CharField(label="案由", max_length=100, required=False)
    hearing_at = forms.DateTimeField(
        label="开庭时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    hearing_place = forms.CharField(label="开庭地点", max_length=100, required=False)
    # Names this hand-over: pressed twice, or sent again by a browser, it is one order.
    once = forms.CharField(widget=forms.HiddenInput, max_length=120)
    note = forms.CharField(label="备注", max_length=500, required=False, help_text="给邮政驻院专员看的话")
    repeat_reason = forms.CharField(
        label="再次送达的理由",
        max_length=200,
        required=False,
        help_text="同一人、同一文书已经移交过时才填",
    )

    def clean_number(self) -> str:
        try:
            return case_number.normalise(self.cleaned_data["number"])
        except case_number.NotACaseNumber as error:
            raise forms.ValidationError(str(error)) from error

    def clean_hearing_at(self) -> datetime | None:
        hearing_at: datetime | None = self.cleaned_data["hearing_at"]
        if hearing_at is not None and hearing_at < clock.now():
            raise forms.ValidationError("这个开庭时间已经过去，请改正；已经开过庭的，请清空。")
        return hearing_at


class PartyForm(forms.Form):
    """A party, and whether these papers are to be served on it."""

    serve = forms.BooleanField(label="向其送达", required=False)
    role = forms.CharField(label="诉讼地位", max_length=24)
    name = forms.CharField(label="姓名或名称", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label="类型", choices=RecipientKind.choices)
    capacity = forms.ChoiceField(
        label="行为能力", choices=[("full", "完全"), ("limited", "限制"), ("none", "无")], required=False
    )
    id_number = forms.CharField(label="证件号码或统一社会信用代码", max_length=32, required=False)
    phone = forms.CharField(label="电话", max_length=32, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    address_rank = forms.ChoiceField(label="地址来自", choices=Rank.choices, initial=Rank.FILED)
    email = forms.CharField(label="电子邮箱", max_length=100, required=False, validators=[validate_email])
    account_platform = forms.ChoiceField(
        label="账号的平台", choices=[("", "没有账号"), *accounts.CHOICES], required=False
    )
    account = forms.CharField(
        label="账号", max_length=40, required=False, help_text="如微信号；受送达人提供、约定或者确认的才会使用"
    )
    consent = forms.ChoiceField(label="已同意电子送达", choices=[("", "还没有"), *CONSENT_WAYS.items()], required=False)
    legal_representative = forms.CharField(label="法定代表人或者法定代理人", max_length=64, required=False)
    agents = forms.CharField(label="诉讼代理人", max_length=600, required=False, help_text=agents.HOW)

    def clean_agents(self) -> tuple[AgentDraft, ...]:
        try:
            return agents.read(self.cleaned_data["agents"])
        except identity.NotValid as error:
            raise forms.ValidationError(str(error)) from error

    def clean_capacity(self) -> str:
        return self.cleaned_data["capacity"] or "full"

    def clean_phone(self) -> str:
        return self._checked(lambda text: identity.phone(text).e164, "phone")

    def clean_id_number(self) -> str:
        kind = str(self.cleaned_data.get("kind", "person"))
        return self._checked(lambda text: identity.identify(text, kind).number, "id_number")

    def clean_account(self) -> str:
        platform = str(self.cleaned_data.get("account_platform", ""))
        return self._checked(lambda text: accounts.account(platform, text), "account")

    def _checked(self, check: Callable[[str], str], name: str) -> str:
        """The number in its one written form; nothing stays nothing."""
        text: str = self.cleaned_data[name].strip()
        try:
            return check(text) if text else ""
        except identity.NotValid as error:
            raise forms.ValidationError(str(error)) from error


class DocumentForm(forms.Form):
    """A paper to serve."""

    slip = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="种类", choices=DocumentKind.choices)
    title = forms.CharField(label="名称", max_length=200)
    kept: Slip

    def __init__(self, *args: Any, court_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.court_id = court_id

    def clean_slip(self) -> str:
        text: str = self.cleaned_data["slip"]
        try:
            self.kept = read_slip(text, self.court_id)
        except BadSignature as error:
            raise forms.ValidationError("这个文件已经过期或者不是本院上传的，请重新拖入。") from error
        return text

    @property
    def filename(self) -> str:
        """The file's own name, for the eye."""
        text = self.data.get(self.add_prefix("slip")) if self.is_bound else self.initial.get("slip", "")
        try:
            return read_slip(str(text), self.court_id).filename
        except BadSignature:
            return "（文件已失效）"


if TYPE_CHECKING:
    _PartyRows = forms.BaseFormSet[PartyForm]
else:
    _PartyRows = forms.BaseFormSet


class ServedFormSet(_PartyRows):
    def clean(self) -> None:
        if not any(self.errors) and not any(form.cleaned_data.get("serve") for form in kept(self)):
            raise forms.ValidationError("还没有选中受送达人：至少勾选一位当事人的“向其送达”。")


def kept(rows: forms.BaseFormSet[_F]) -> list[_F]:
    """Rows that hold something and were not taken away."""
    return [form for form in rows.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


PartyFormSet = forms.formset_factory(
    PartyForm, formset=ServedFormSet, extra=0, min_num=1, validate_min=True, max_num=200, can_delete=True
)
DocumentFormSet = forms.formset_factory(
    DocumentForm, extra=0, min_num=1, validate_min=True, max_num=100, can_delete=True
)
MESSAGES = {"too_few_forms": "还没有文书：至少要有一份。"}


class HandOver:
    """The three forms together, from a proposal or from what was typed."""

    def __init__(self, *, court_id: UUID, data: Any = None, proposal: Proposal | None = None) -> None:
        found = proposal or Proposal()
        self.case = CaseForm(data, initial={name: getattr(found, name) for name in _CASE} | {"once": f"web:{uuid7()}"})
        self.parties = PartyFormSet(
            data,
            prefix="parties",
            initial=[_initial(party) for party in found.parties],
            error_messages={"too_few_forms": "至少要有一位当事人。"},
        )
        self.documents = DocumentFormSet(
            data,
            prefix="documents",
            initial=[_initial(document) for document in found.documents],
            form_kwargs={"court_id": court_id},
            error_messages=MESSAGES,
        )

    def is_valid(self) -> bool:
        """Asks all three, so that every error is said at once."""
        return all([self.case.is_valid(), self.parties.is_valid(), self.documents.is_valid()])

    def kept_parties(self) -> list[PartyForm]:
        return kept(self.parties)

    def kept_documents(self) -> list[DocumentForm]:
        return kept(self.documents)

    def errors(self) -> list[str]:
        """What is wrong with the whole, not with one field."""
        return [
            str(error)
            for part in (self.case.non_field_errors(), self.parties.non_form_errors(), self.documents.non_form_errors())
            for error in part
        ]


_CASE = ("number", "procedure", "cause", "hearing_at", "hearing_place")


def _initial(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


class SheetForm(forms.Form):
    """The filled sheet, and the papers it names."""

    sheet = forms.FileField(label="填好的表格", error_messages={"required": "还没有选表格。", "empty": "表格是空的。"})
    papers = FilesField(label="表中写到的文书", error_messages={"required": "还没有选文书。"})
