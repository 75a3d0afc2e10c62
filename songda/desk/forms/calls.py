"""Forms of the electronic zone: sending again, mending a number, a recording, a court's own text."""

from collections.abc import Iterable
from typing import Any

from django import forms

from songda.desk.forms.acts import RecordingField
from songda.engine.calls.resending import Choice
from songda.methods.wording import TITLED


class ResendForm(forms.Form):
    """Which message, and why; only those that may be sent are there to choose."""

    def __init__(self, choices: Iterable[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.stage, one.label) for one in choices]
        self.fields["stage"] = forms.ChoiceField(label="发哪一种", choices=offered, widget=forms.RadioSelect)
        self.fields["reason"] = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class RecordingForm(forms.Form):
    """A recording that comes after its call."""

    recording = RecordingField(label="通话录音", help_text="wav、mp3、m4a、ogg，不超过 40 MB")


class TextForm(forms.Form):
    """A court's own text of one message; empty goes back to the house's."""

    def __init__(self, channel: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel in TITLED:
            self.fields["subject"] = forms.CharField(label="主题", max_length=100, required=False)
        self.fields["text"] = forms.CharField(
            label="内容",
            max_length=2000,
            required=False,
            strip=False,
            help_text="留空并保存，就恢复平台文本。",
            widget=forms.Textarea(attrs={"rows": 7}),
        )
