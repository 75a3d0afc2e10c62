"""Forms of the mail zone: a returned parcel, images of receipts, what a person reads off one."""

from typing import Any

from django import forms

from songda.desk.forms.hand_over import FilesField, ManyFiles
from songda.engine.mail.receipts import MOST_FILES, Reading
from songda.engine.mail.returns import causes
from songda.law.facts import SIGNERS
from songda.papers.scans import LARGEST_FILE

# A phone offers its camera for these; what came is judged by its bytes.
_PICTURES = "image/*"
_SCANNER = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "enterkeyhint": "next"}


class ReturnForm(forms.Form):
    """退件入库."""

    number = forms.CharField(
        label="邮件号", max_length=64, widget=forms.TextInput(attrs={**_SCANNER, "autofocus": True, "data-scan": True})
    )
    because = forms.ChoiceField(label="退回原因")
    shelf = forms.CharField(label="存放位置", max_length=32, help_text="货架或者箱号，例如 A-03")
    cover = forms.FileField(
        label="封面照片",
        required=False,
        help_text="可不传；拍下投递员填写的退回原因",
        widget=forms.ClearableFileInput(attrs={"accept": _PICTURES, "capture": "environment"}),
    )
    remark = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        because = self.fields["because"]
        assert isinstance(because, forms.ChoiceField)
        because.choices = [("", "请选择"), *causes().items()]

    def clean_cover(self) -> Any:
        cover = self.cleaned_data["cover"]
        if cover and cover.size > LARGEST_FILE:
            raise forms.ValidationError(f"照片超过 {LARGEST_FILE // 2**20} MB。")
        return cover


class ReceiptsForm(forms.Form):
    """回执影像."""

    images = FilesField(
        label="回执影像",
        widget=ManyFiles(attrs={"accept": f"{_PICTURES},application/pdf"}),
        error_messages={"required": "还没有选文件。", "empty": "有一个文件是空的。"},
    )

    def clean_images(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["images"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多上传 {MOST_FILES} 个文件。")
        return files


class ReadingForm(forms.Form):
    """What a person reads off a receipt, or why it is none."""

    number = forms.CharField(label="邮件号", max_length=40, required=False, widget=forms.TextInput(attrs=_SCANNER))
    signer = forms.ChoiceField(label="签收人", required=False, choices=[("", "回执没有写明"), *SIGNERS.items()])
    id_number_given = forms.BooleanField(label="回执上填有证件号码", required=False)
    reason = forms.CharField(label="不是回执的，说明是什么", max_length=100, required=False)

    def reading(self) -> Reading:
        given = self.cleaned_data
        return Reading(given["number"], given["signer"], given["id_number_given"])
