"""Forms of conversations, irregularities and improvement requests."""

from collections.abc import Mapping
from typing import Any

from django import forms

from songda.desk.forms.hand_over import FilesField
from songda.liaison.actions import LONGEST, MOST_FILES, File
from songda.liaison.improving import LONGEST_TITLE, Step
from songda.liaison.kinds import KINDS, SEVERITIES
from songda.liaison.releasing import LONGEST as LONGEST_RELEASED

_LINES = {"rows": 3}


class NoteForm(forms.Form):
    """Something to say, with files."""

    text = forms.CharField(
        label="留言", required=False, max_length=LONGEST, strip=True, widget=forms.Textarea(attrs={"rows": 2})
    )
    attached = FilesField(label="附件", required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def clean_attached(self) -> list[File]:
        given = [one for one in self.cleaned_data["attached"] or [] if one]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"一次最多{MOST_FILES}个附件。")
        return [File(one.name or "", one.read()) for one in given]


class IrregularityForm(forms.Form):
    """What is wrong; for an order, with which of its services."""

    service = forms.ChoiceField(label="哪一件送达")
    kind = forms.ChoiceField(
        label="种类",
        choices=[(code, f"{kind.label}（{kind.hint}）") for code, kind in KINDS.items()],
        widget=forms.RadioSelect,
    )
    severity = forms.ChoiceField(
        label="程度",
        choices=[(code, severity.label) for code, severity in SEVERITIES.items()],
        initial="normal",
        widget=forms.RadioSelect,
        help_text="越紧急，对方答复的时限越短。",
    )
    words = forms.CharField(
        label="发生了什么",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="对方凭这段话去核实。",
    )

    def __init__(self, services: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if services:
            self.fields["service"] = forms.ChoiceField(label="哪一件送达", choices=list(services.items()))
        else:
            del self.fields["service"]


class WordsForm(forms.Form):
    """A reason or an account, where nothing else is asked."""

    words = forms.CharField(label="说明", max_length=500, widget=forms.Textarea(attrs=_LINES))


class ImprovementForm(forms.Form):
    """What could be better."""

    title = forms.CharField(label="一句话说明", max_length=LONGEST_TITLE)
    text = forms.CharField(
        label="现在怎样，希望怎样",
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_LINES),
        help_text="不必写案件和当事人。",
    )


class StepForm(forms.Form):
    """One step of a request: only what this step wants."""

    words = forms.CharField(label="说明", max_length=500, widget=forms.Textarea(attrs=_LINES))
    owner = forms.ChoiceField(label="经办人")
    due_on = forms.DateField(label="完成日期", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, code: str, step: Step, colleagues: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data, prefix=code)
        self.code, self.step = code, step
        self.fields["words"].required = step.wants_words
        if step.wants_owner:
            self.fields["owner"] = forms.ChoiceField(label="经办人", choices=[("", "请选择"), *colleagues.items()])
        else:
            del self.fields["owner"], self.fields["due_on"]


class ReleaseForm(forms.Form):
    """The words that may leave the court."""

    text = forms.CharField(
        label="共享的文字",
        max_length=LONGEST_RELEASED,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="只有这段文字会给邮政管理人员看。含有案号、姓名、电话、证件号码的，平台不让共享。",
    )
