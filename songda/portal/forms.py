"""What recipients and passers-by write, and what is said to them when it cannot be so."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms

from songda.courts.models import Court
from songda.engine.recipient import Confirmed
from songda.filing import accounts, identity
from songda.finding.addresses import gate
from songda.papers import signature

WAYS = (("sms", "手机短信"), ("email", "电子邮件"), ("account", "账号消息"))
PLATFORMS = [("", "没有账号"), *accounts.CHOICES]
_LARGEST_PROOF = 20 * 2**20


class DoorForm(forms.Form):
    code = forms.CharField(required=False, max_length=16)
    identity = forms.CharField(required=False, max_length=24)

    def clean_identity(self) -> str:
        """Who writes the whole number is as right as who writes its end."""
        return str(self.cleaned_data["identity"]).strip()[-6:]


class ConfirmForm(forms.Form):
    """送达地址确认书 as it is filled in on the phone."""

    address = forms.CharField(max_length=200, error_messages={"required": "请填写收件地址"})
    postcode = forms.RegexField(r"^\d{6}$", required=False, error_messages={"invalid": "邮政编码是六位数字"})
    phone = forms.CharField(max_length=24, error_messages={"required": "请填写联系电话"})
    email = forms.EmailField(required=False, error_messages={"invalid": "电子邮箱格式不对"})
    account_platform = forms.ChoiceField(choices=PLATFORMS, required=False)
    account = forms.CharField(max_length=40, required=False)
    ways = forms.MultipleChoiceField(
        choices=WAYS, error_messages={"required": "请至少选择一种电子送达方式"}, widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(error_messages={"required": "请勾选确认"})
    # The address reads oddly but is right: said after it was questioned once.
    insist = forms.BooleanField(required=False)

    def clean_phone(self) -> str:
        try:
            # As clerks file it: a number already known is the same contact point.
            return identity.phone(self.cleaned_data["phone"]).national.replace(" ", "")
        except identity.NotValid as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "email" in said.get("ways", []) and not said.get("email"):
            self.add_error("email", "选择电子邮件送达的，请填写电子邮箱")
        if "account" in said.get("ways", []):
            self._check_account(said)
        if said.get("address") and not said.get("insist"):
            self._question(said["address"])
        return said

    def _check_account(self, said: dict[str, Any]) -> None:
        try:
            said["account"] = accounts.account(said.get("account_platform", ""), said.get("account", ""))
        except identity.NotValid as error:
            self.add_error(error.field, error.message)

    def _question(self, address: str) -> None:
        """A letter that comes back from a confirmed address counts as served, so an odd one is asked about."""
        verdict = gate(address)
        if not verdict.passes:
            reasons = "；".join(verdict.reasons) or "地址可能不完整"
            self.add_error("address", f"{reasons}。请核对；确实无误的，请勾选下面的“地址无误”再提交。")

    def said(self) -> Confirmed:
        given = self.cleaned_data
        return Confirmed(
            address=given["address"],
            phone=given["phone"],
            email=given["email"],
            account=given["account"],
            account_platform=given["account_platform"],
            postcode=given["postcode"],
            ways=tuple(given["ways"]),
        )


class SignForm(forms.Form):
    signer = forms.ChoiceField(error_messages={"required": "请选择签收人", "invalid_choice": "请选择列出的签收人"})
    name = forms.CharField(required=False, max_length=60)
    signature = forms.CharField(error_messages={"required": "请先在方框内手写签名"})

    def __init__(self, *given: Any, signers: dict[str, str], recipient: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self.recipient = recipient
        self.fields["signer"].choices = list(signers.items())  # type: ignore[attr-defined]

    def clean_signature(self) -> bytes:
        try:
            return signature.read(self.cleaned_data["signature"])
        except signature.NotASignature as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("signer") == "self":
            said["name"] = self.recipient
        elif said.get("signer") and not said.get("name"):
            self.add_error("name", "请填写签收人姓名")
        return said


class MessageForm(forms.Form):
    """A link, or the number of a service with its court."""

    what = forms.CharField(max_length=600, error_messages={"required": "请粘贴短信里的链接，或者填写送达编号"})
    court = forms.ModelChoiceField(
        Court.objects.order_by("code"), required=False, error_messages={"invalid_choice": "请选择列出的法院"}
    )

    def link(self) -> dict[str, str]:
        """The link's own question, from after the ? or from behind the #."""
        try:
            parts = urlsplit(self.cleaned_data["what"].strip())
        except ValueError:
            return {}
        question = parts.query or parts.fragment.partition("?")[2]
        return {name: values[0].strip() for name, values in parse_qs(question).items()}


class ProofForm(forms.Form):
    serial = forms.CharField(required=False, max_length=40)
    file = forms.FileField(required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        file = said.get("file")
        if file is not None and file.size > _LARGEST_PROOF:
            self.add_error("file", "文件超过20兆字节，不是本平台出具的凭证")
        elif file is None and not said.get("serial") and not self.errors:
            self.add_error("serial", "请填写凭证编号，或者选择凭证的PDF文件")
        return said
