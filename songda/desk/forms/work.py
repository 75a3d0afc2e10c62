"""A work item's outcomes as forms, drawn from the engine's table."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from songda.desk.forms.acts import ExhibitsField, RecordingField
from songda.engine.acts import Shown
from songda.engine.work import Field, Outcome, WorkKind
from songda.lib import clock


def _moment(label: str, required: bool) -> forms.Field:
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


def _field(field: Field) -> forms.Field:
    """An input of the table as a form's field."""
    label, required = field.label, field.required
    plain: dict[str, forms.Field] = {
        "text": forms.CharField(label=label, required=required, max_length=200),
        "long_text": forms.CharField(
            label=label, required=required, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
        ),
        "yes_no": forms.BooleanField(label=label, required=False),
        "count": forms.IntegerField(label=label, required=required, min_value=0, max_value=20),
        "date": forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"})),
        "moment": _moment(label, required),
        "moment_ahead": _moment(label, required),
        "recording": RecordingField(label=label, required=required),
        "choice": forms.ChoiceField(label=label, required=required, choices=[("", "请选择"), *field.choices.items()]),
        "files": ExhibitsField(label=label, required=required),
    }
    return plain[field.kind]


class OutcomeForm(forms.Form):
    """One way to finish the item. Its fields carry the outcome's code, so that all stand on one page."""

    def __init__(self, code: str, outcome: Outcome, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=code)
        self.code, self.outcome = code, outcome
        self.fields.update({one.name: _field(one) for one in outcome.fields})

    @property
    def takes_files(self) -> bool:
        return any(one.kind in {"files", "recording"} for one in self.outcome.fields)

    def clean_happened_at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        if moment > clock.now():
            raise forms.ValidationError("还没有发生的事不能记为事实。")
        return moment

    def inputs(self) -> dict[str, Any]:
        """What was given, without files; times and days in ISO 8601."""
        return {name: _told(value) for name, value in self._given().items() if not isinstance(value, list)}

    def shown(self) -> tuple[Shown, ...]:
        return tuple(one for value in self._given().values() if isinstance(value, list) for one in value)

    def _given(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def outcome_forms(kind: WorkKind, chosen: str = "", data: Any = None, files: Any = None) -> list[OutcomeForm]:
    """All outcomes of a kind; only the chosen one is bound to what was sent."""
    return [
        OutcomeForm(code, outcome, data, files) if code == chosen else OutcomeForm(code, outcome)
        for code, outcome in kind.outcomes.items()
    ]


class PassOnForm(forms.Form):
    """Handing an item to a colleague who may do it, or back to everybody of its role."""

    def __init__(self, colleagues: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(label="移交给", choices=[_BACK, *colleagues.items()], required=False)
        self.fields["reason"] = forms.CharField(label="事由", max_length=200, required=False)


_BACK = ("", "退回本岗位，谁都可以认领")


class EscalateForm(forms.Form):
    """Calling an item up."""

    reason = forms.CharField(label="上报理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), min_length=2)


class HandOverForm(forms.Form):
    """Everything a colleague has, to another or back to its roles."""

    def __init__(self, holders: Mapping[str, str], takers: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["of"] = forms.ChoiceField(label="谁的待办", choices=[("", "请选择"), *holders.items()])
        self.fields["to"] = forms.ChoiceField(
            label="移交给",
            choices=[_BACK, *takers.items()],
            required=False,
            help_text="接手人没有相应角色的，退回本岗位。",
        )
        self.fields["reason"] = forms.CharField(
            label="事由", max_length=200, min_length=2, help_text="如：病假三天；每件待办都会留下记录。"
        )
