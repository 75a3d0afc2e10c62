"""Forms of acts. A fact's form is made from the law's own table of facts: a page says only what the law reads."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms

from songda.desk import words
from songda.desk.forms.hand_over import FilesField
from songda.engine.acts import NOT_CORRECTED, Shown
from songda.evidence.models import Fact, Speaker
from songda.filing.intake import Refused, accept
from songda.law.facts import FACTS, Key
from songda.lib import clock
from songda.methods import recordings


class ReasonForm(forms.Form):
    """An act that wants nothing but its reason."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SkipForm(ReasonForm):
    """Leaving out a rung of the ladder."""

    rung = forms.ChoiceField(
        label="跳过", choices=[(code, words.METHODS[code]) for code in ("electronic", "find", "postal", "field")]
    )
    field_order = ("rung", "reason")


class RouteForm(ReasonForm):
    """Another way than the ladder."""

    route = forms.ChoiceField(
        label="途径", choices=[(code, words.METHODS[code]) for code in ("entrusted", "forwarded")]
    )
    field_order = ("route", "reason")


class CorrectionForm(ReasonForm):
    """Which fact is wrong, and why."""

    field_order = ("fact", "reason")

    def __init__(self, facts: Iterable[Fact], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(fact.id, _line(fact)) for fact in facts if fact.name not in NOT_CORRECTED]
        self.fields["fact"] = forms.TypedChoiceField(
            label="哪一条记错了", choices=[("", "请选择，最近的在前"), *reversed(lines)], coerce=UUID
        )
        self.order_fields(self.field_order)


def _line(fact: Fact) -> str:
    at = fact.happened_at.astimezone(clock.BEIJING)
    return f"{at:%Y-%m-%d %H:%M}　{words.fact(fact.name).title}　{Speaker(fact.speaker).label}"


class ExhibitsField(FilesField):
    """Photographs and scans, each looked at before it is kept."""

    def clean(self, data: Any, initial: Any = None) -> list[Shown]:
        return [_shown(file) for file in super().clean(data, initial) if file]


def _shown(file: Any) -> Shown:
    content = file.read()
    try:
        taken = accept(file.name or "", content)
    except Refused as refused:
        raise forms.ValidationError(f"{file.name}：{refused.message}") from refused
    return Shown(content, taken.media_type, "photo" if taken.media_type.startswith("image/") else "scan")


class RecordingField(forms.FileField):
    """One recording of a call, recognised by what is in it; comes as a list, like other files that are shown."""

    widget = forms.ClearableFileInput(attrs={"accept": "audio/*,.wav,.mp3,.m4a,.ogg"})

    def clean(self, data: Any, initial: Any = None) -> list[Shown]:  # noqa: ARG002  a form of ours has no initial file
        given = super().clean(data)
        if not given:
            return []
        if given.size > recordings.LARGEST:
            raise forms.ValidationError(f"录音不能超过{recordings.LARGEST // 2**20} MB")
        content = given.read()
        try:
            sound = recordings.read(content)
        except recordings.NotARecording as why:
            raise forms.ValidationError(str(why)) from why
        return [Shown(content, sound.media_type, "recording")]


_INPUT = {"type": "datetime-local"}


def _moment(label: str, *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(attrs=_INPUT, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


def _field(name: str, key: Key) -> forms.Field:
    """A detail key as a form's field."""
    label = words.DETAIL_NAMES.get(name, name)
    if key.kind == "code":
        choices = [(code, words.value(name, code)) for code in key.codes]
        return forms.ChoiceField(label=label, choices=[("", "请选择"), *choices], required=key.required)
    if key.kind == "bool":
        return forms.BooleanField(label=label, required=False)
    if key.kind == "count":
        return forms.IntegerField(label=label, min_value=0, max_value=20, required=key.required)
    if key.kind == "date":
        return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), required=key.required)
    if key.kind == "time":
        return _moment(label, required=key.required)
    return forms.CharField(label=label, max_length=200, required=key.required)


class FactForm(forms.Form):
    """What happened, when, and the details the law reads of it; `fixed` details are not asked."""

    def __init__(self, fact: str, fixed: Mapping[str, Any], asked: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact, self.fixed = fact, dict(fixed)
        self.fields["happened_at"] = _moment("何时发生")
        self.initial.setdefault("happened_at", clock.now().astimezone(clock.BEIJING))
        keys = FACTS[fact].keys
        self._asked = [name for name in asked if name in keys]
        self.fields.update({name: _field(name, keys[name]) for name in self._asked})
        self.fields["note"] = forms.CharField(
            label="备注",
            max_length=300,
            required=False,
            help_text="经过、在场人等；加密保存，不参与法律判断",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["exhibits"] = ExhibitsField(label="照片、扫描件", required=False)
        if fact == "call.served":
            # 法发〔2017〕19号第十四条: the call is recorded, and the recording kept.
            self.fields["recording"] = RecordingField(label="通话录音（wav、mp3、m4a、ogg）", required=False)

    takes_files = True

    def clean_happened_at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        if moment > clock.now():
            raise forms.ValidationError("还没有发生的事不能记为事实。")
        return moment

    def shown(self) -> tuple[Shown, ...]:
        return (*self.cleaned_data["exhibits"], *self.cleaned_data.get("recording", ()))

    def detail(self) -> dict[str, Any]:
        """The fact's detail, as the ledger keeps it."""
        told = {name: _told(self.cleaned_data[name]) for name in self._asked}
        return self.fixed | {name: value for name, value in told.items() if value not in ("", None)}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
