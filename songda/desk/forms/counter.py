"""Forms of the counter: who came, how they refused, where they can be reached, what they brought."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from songda.desk.forms.acts import ExhibitsField
from songda.desk.forms.hand_over import FilesField
from songda.engine.acts import Shown
from songda.engine.counter.attending import Came, Choice
from songda.engine.counter.handing import Refusal
from songda.engine.recipient import Confirmed
from songda.filing import accounts, identity, scanned
from songda.filing.intake import Refused
from songda.filing.models import Service
from songda.finding.addresses import gate
from songda.lib import clock
from songda.papers import signature
from songda.papers.address import NamedReceiver

_ONE_LINE = {"autocomplete": "off"}


class LookForm(forms.Form):
    """One box for whatever a person says or shows; or a photograph of the code they show."""

    said = forms.CharField(
        label="领取码、案号、姓名、电话、证件号码",
        max_length=600,
        required=False,
        widget=forms.TextInput(attrs={**_ONE_LINE, "autofocus": True, "class": "look__box"}),
    )
    picture = forms.FileField(
        label="拍摄或者选择二维码照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def clean_picture(self) -> tuple[str, ...]:
        file = self.cleaned_data["picture"]
        if not file:
            return ()
        codes = _scanned(file).codes
        if not codes:
            raise forms.ValidationError("照片里没有读到二维码或者条形码，请靠近一些、避开反光再拍一次。")
        return codes

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not given.get("said", "").strip() and not given.get("picture"):
            self.add_error("said", "请输入或者扫描一项。")
        return given

    def words(self) -> list[str]:
        """What to look for: what was typed, else what the codes say."""
        typed = self.cleaned_data["said"].strip()
        return [typed] if typed else list(self.cleaned_data["picture"])


def _scanned(file: Any) -> scanned.Scanned:
    try:
        return scanned.read(file.name or "", file.read())
    except Refused as refused:
        raise forms.ValidationError(f"{file.name}：{refused.message}") from refused


class AuthorityField(forms.FileField):
    """What shows that somebody may sign for the recipient, scanned or photographed."""

    def clean(self, data: Any, initial: Any = None) -> Shown | None:
        file = super().clean(data, initial)
        if not file:
            return None
        scan = _scanned(file)
        return Shown(scan.content, scan.media_type, "authority")


class OnceInput(forms.TextInput):
    """A field whose value is not sent back to the page."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:  # noqa: ARG002 - on purpose
        return super().get_context(name, None, attrs)


class CameForm(forms.Form):
    """Who stands there, by the document they show. The number is never shown again once it was sent."""

    services = forms.MultipleChoiceField(
        label="办理哪些文书",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项要办理的文书。"},
    )
    signer = forms.ChoiceField(
        label="来人是", widget=forms.RadioSelect, error_messages={"required": "请选择来人的身份。"}
    )
    name = forms.CharField(
        label="证件上的姓名",
        max_length=60,
        help_text="与证件一字不差",
        widget=forms.TextInput(attrs=_ONE_LINE),
        error_messages={"required": "请按证件填写姓名。"},
    )
    id_number = forms.CharField(
        label="证件号码",
        max_length=40,
        help_text="用读卡器读取或者手工输入；提交后不再显示",
        widget=OnceInput(attrs={**_ONE_LINE, "spellcheck": "false"}),
        error_messages={"required": "请核对证件并填写号码。"},
    )
    seen = forms.BooleanField(
        label="已当面核对证件原件，照片与来人一致",
        error_messages={"required": "请先核对证件原件和来人。"},
    )
    authority = AuthorityField(
        label="身份或者授权材料",
        required=False,
        help_text="代理人、代收人、单位工作人员须出示；案卷里已经登记的不必再交",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*,.tif,.tiff", "capture": "environment"}),
    )
    special = forms.BooleanField(label="授权委托书写明特别授权", required=False)

    def __init__(self, services: Iterable[Service], choices: Iterable[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = [(str(one.id), one.case.number) for one in services]  # type: ignore[attr-defined]
        self.fields["signer"].choices = [(one.code, one.label) for one in choices]  # type: ignore[attr-defined]

    def came(self) -> Came:
        given = self.cleaned_data
        return Came(
            signer=given["signer"],
            name=given["name"],
            id_number=given["id_number"],
            services=tuple(UUID(one) for one in given["services"]),
            authority=given["authority"],
            special=given["special"],
        )


class SignatureField(forms.CharField):
    """A drawing as the tablet sends it, looked at before it is kept."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> bytes:
        try:
            return signature.read(super().clean(value))
        except signature.NotASignature as error:
            raise forms.ValidationError(str(error)) from error


_NO_SIGNATURE = {"required": "请先在方框内手写签名。"}


class SignForm(forms.Form):
    """The tablet's form: the drawing, and a photograph where the court wants one."""

    signature = SignatureField(label="签名", error_messages=_NO_SIGNATURE)
    photos = ExhibitsField(
        label="现场照片（可不拍）",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def photos_shown(self) -> tuple[Shown, ...]:
        return tuple(self.cleaned_data["photos"])


class RefusalForm(forms.Form):
    """How somebody refused to sign at the counter."""

    reason = forms.CharField(
        label="拒签的理由或者当事人的说法", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    told = forms.BooleanField(
        label="已当面告知：到达法院后拒绝签署送达回证的，视为送达",
        error_messages={"required": "请先当面告知拒签的后果。"},
    )
    witnesses = forms.CharField(label="在场的工作人员、见证人", max_length=100, required=False)
    account = forms.CharField(
        label="注明的送达情况",
        max_length=300,
        required=False,
        help_text="审判人员、书记员办理时填写并签名；窗口人员办理的，由书记员随后注明",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown = ExhibitsField(label="照片、录像截图（可不附）", required=False)

    takes_files = True

    def how(self) -> Refusal:
        given = self.cleaned_data
        return Refusal(
            reason=given["reason"],
            witnesses=given["witnesses"],
            account=given["account"],
            shown=tuple(given["shown"]),
        )


_WAYS = (("sms", "手机短信（上面的电话）"), ("email", "电子邮件（上面的邮箱）"), ("account", "账号（上面的账号）"))


class AddressForm(forms.Form):
    """送达地址确认书, filled in with the person."""

    address = forms.CharField(label="收件地址", max_length=200, widget=forms.TextInput(attrs=_ONE_LINE))
    insist = forms.BooleanField(label="已与当事人核对，地址就是这样写的", required=False)
    postcode = forms.RegexField(
        r"^\d{6}$", label="邮政编码", required=False, error_messages={"invalid": "邮政编码是六位数字。"}
    )
    phone = forms.CharField(label="联系电话", max_length=24, widget=forms.TextInput(attrs=_ONE_LINE))
    email = forms.EmailField(label="电子邮箱", required=False)
    account_platform = forms.ChoiceField(
        label="账号的平台", choices=[("", "没有账号"), *accounts.CHOICES], required=False
    )
    account = forms.CharField(label="账号", max_length=40, required=False, widget=forms.TextInput(attrs=_ONE_LINE))
    consent = forms.ChoiceField(
        label="是否同意电子送达", choices=(("yes", "同意"), ("no", "不同意")), widget=forms.RadioSelect
    )
    ways = forms.MultipleChoiceField(
        label="用来接收文书的电子方式", choices=_WAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    receiver = forms.CharField(label="指定代收人姓名", max_length=60, required=False)
    relation = forms.CharField(label="与当事人的关系", max_length=40, required=False)
    receiver_phone = forms.CharField(label="代收人电话", max_length=24, required=False)
    confidential = forms.BooleanField(label="要求对确认书内容保密", required=False)

    def clean_phone(self) -> str:
        return _telephone(self.cleaned_data["phone"])

    def clean_receiver_phone(self) -> str:
        given = self.cleaned_data["receiver_phone"]
        return _telephone(given) if given else ""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("consent") == "yes":
            self._check_ways(given)
        if given.get("receiver") and not given.get("relation"):
            self.add_error("relation", "请写明代收人与当事人的关系。")
        if given.get("address") and not given.get("insist"):
            self._question(given["address"])
        return given

    def _check_ways(self, given: dict[str, Any]) -> None:
        if not given.get("ways"):
            self.add_error("ways", "同意电子送达的，请至少选择一种方式。")
        if "email" in given.get("ways", ()) and not given.get("email"):
            self.add_error("email", "选择电子邮件的，请填写电子邮箱。")
        if "account" in given.get("ways", ()):
            self._check_account(given)
        if "sms" in given.get("ways", ()) and given.get("phone") and not identity.phone(given["phone"]).takes_messages:
            self.add_error("ways", "固定电话收不到短信，请填写手机号码或者改选电子邮件。")

    def _check_account(self, given: dict[str, Any]) -> None:
        try:
            given["account"] = accounts.account(given.get("account_platform", ""), given.get("account", ""))
        except identity.NotValid as wrong:
            self.add_error(wrong.field, wrong.message)

    def _question(self, address: str) -> None:
        """A letter that comes back from a confirmed address counts as served, so an odd one is asked about."""
        verdict = gate(address)
        if not verdict.passes:
            reasons = "；".join(verdict.reasons) or "地址可能不完整"
            self.add_error("address", f"{reasons}。请与当事人核对；确实无误的，勾选“已与当事人核对”。")

    def said(self) -> Confirmed:
        given = self.cleaned_data
        receiver = NamedReceiver(name=given["receiver"], relation=given["relation"], phone=given["receiver_phone"])
        consents = given["consent"] == "yes"
        return Confirmed(
            address=given["address"],
            phone=given["phone"],
            email=given["email"],
            account=given["account"],
            account_platform=given["account_platform"],
            postcode=given["postcode"],
            ways=tuple(given["ways"]) if consents else (),
            consent=consents,
            receiver=receiver if given["receiver"] else None,
            confidential=given["confidential"],
        )


def _telephone(given: str) -> str:
    """As clerks file it: a number already known is the same contact point."""
    try:
        return identity.phone(given).national.replace(" ", "")
    except identity.NotValid as error:
        raise forms.ValidationError(str(error)) from error


class NoAddressForm(forms.Form):
    reason = forms.CharField(label="经过和当事人的说法", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    told = forms.BooleanField(
        label="已告知拒不提供送达地址的不利后果", error_messages={"required": "请先告知不利后果，并记入笔录。"}
    )


class AppointForm(forms.Form):
    """Until when papers wait; `pronounced` only for those who told it in court."""

    last_day = forms.DateField(label="领取期限", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pronounced = forms.BooleanField(
        label="当庭宣判后告知的领取期间（期满未领取，期满之日即为送达之日）", required=False
    )

    def __init__(self, data: Any, *, of_court: bool, first: date) -> None:
        super().__init__(data, initial={"last_day": first})
        if not of_court:
            del self.fields["pronounced"]

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < clock.today():
            raise forms.ValidationError("领取期限不能早于今天。")
        return day


# What people bring, in the words of the file, and as what it is kept.
BROUGHT = {
    "答辩状": "submission",
    "证据材料": "submission",
    "申请书": "submission",
    "授权委托书": "authority",
    "身份证明": "authority",
    "送达回证（纸质签收）": "scan",
    "其他材料": "submission",
}


class ScansField(FilesField):
    """Scans of many pages, each looked at, with the codes on it."""

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, scanned.Scanned]]:
        return [(file.name or "", _scanned(file)) for file in super().clean(data, initial) if file]


class ScansForm(forms.Form):
    scans = ScansField(
        label="扫描件、照片",
        error_messages={"required": "还没有选文件。", "empty": "有一个文件是空的。"},
    )
    what = forms.ChoiceField(label="是什么材料", choices=[(one, one) for one in BROUGHT])
    brought_by = forms.CharField(label="提交人", max_length=60, required=False, widget=forms.TextInput(attrs=_ONE_LINE))
    number = forms.CharField(
        label="案号或者送达编号",
        max_length=64,
        required=False,
        help_text="文件上有我院文书的条形码、二维码的，自动归入，不必填写",
        widget=forms.TextInput(attrs=_ONE_LINE),
    )
