"""Identity numbers, credit codes and telephone numbers: are they possible, and what is their one written form.

A number that passes is possible, not proved: nobody is asked whether it was issued.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from songda.lib import clock

Document = Literal["id_card", "uscc", "hk_id", "hk_macao_permit", "taiwan_permit", "passport"]


class NotValid(ValueError):
    """A number cannot be right; the message says in Chinese what is wrong and never repeats the number."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(message)


_WHY: tuple[tuple[type[ValidationError], str], ...] = (
    (InvalidLength, "位数不对，应为 18 位"),
    (InvalidChecksum, "校验码不对，请核对是否抄错"),
    (InvalidComponent, "所含的出生日期不存在"),
    (ValidationError, "格式不对"),
)


def _checked(check: Callable[[str], str], value: str, what: str) -> str:
    compact = re.sub(r"[\s\-]", "", value).upper()
    try:
        return str(check(compact))
    except ValidationError as error:
        why = next(text for kind, text in _WHY if isinstance(error, kind))
        raise NotValid("id_number", f"{what}{why}") from None


def id_card(value: str) -> str:
    """A resident identity number in its written form, 18 characters; raises `NotValid`."""
    return _checked(_resident, value, "居民身份证号")


def _resident(number: str) -> str:
    """Length, digits, check digit and birth date. Not the region: the library's table asks that the county existed in
    the year of birth, but numbers were first given out from 1984 on, by whichever county then registered the person."""
    if len(number) != 18:
        raise InvalidLength
    if not number[:-1].isdecimal():
        raise InvalidFormat
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidChecksum
    if not date(1850, 1, 1) < ric.get_birth_date(number) <= clock.today():
        raise InvalidComponent
    return number


def credit_code(value: str) -> str:
    """A unified social credit code (USCC) in its written form; raises `NotValid`."""
    return _checked(uscc.validate, value, "统一社会信用代码")


def hk_id(value: str) -> str:
    """A Hong Kong identity card number with its check digit, as A123456(3); raises `NotValid`."""
    compact = re.sub(r"[\s()（）]", "", value).upper()
    found = re.fullmatch(r"([A-Z]{1,2})(\d{6})([\dA])", compact)
    if found is None:
        raise NotValid("id_number", "香港身份证号格式不对")
    body = found[1].rjust(2) + found[2]
    values = [36 if letter == " " else int(letter, 36) for letter in body]
    total = sum(weight * number for weight, number in zip(range(9, 1, -1), values, strict=True))
    if (total + int(found[3], 36)) % 11:
        raise NotValid("id_number", "香港身份证号校验码不对，请核对是否抄错")
    return f"{found[1]}{found[2]}({found[3]})"


# documents without a check digit: what they look like
_SHAPES: dict[str, tuple[str, str]] = {
    "hk_macao_permit": (r"[HMhm]\d{8}(?:\d{2})?", "港澳居民来往内地通行证号格式不对"),
    "taiwan_permit": (r"\d{8}(?:\d{2}[A-Z])?", "台湾居民来往大陆通行证号格式不对"),
    "passport": (r"[A-Za-z0-9]{5,20}", "护照号格式不对"),
}


@dataclass(frozen=True, slots=True)
class Identified:
    document: Document
    number: str


def identify(value: str, kind: str) -> Identified:
    """What sort of number a person or organisation gives, checked by the rules of that sort; raises `NotValid`."""
    compact = re.sub(r"[\s\-]", "", value).upper()
    if kind == "organisation":
        return Identified("uscc", credit_code(compact))
    if re.fullmatch(r"\d{15}|\d{17}[\dX]|\d{16,19}", compact):
        return Identified("id_card", id_card(compact))
    if re.fullmatch(r"[A-Z]{1,2}\d{6}[(（]?[\dA][)）]?", compact) and not re.fullmatch(r"[HM]\d{8}", compact):
        return Identified("hk_id", hk_id(compact))
    for document in ("hk_macao_permit", "taiwan_permit", "passport"):
        if re.fullmatch(_SHAPES[document][0], compact):
            return Identified(document, compact)
    raise NotValid("id_number", "证件号码格式不对")


@dataclass(frozen=True, slots=True)
class Phone:
    """`e164` is what machines dial, `national` what people read; only a mobile takes text messages."""

    e164: str
    national: str
    sort: Literal["mobile", "landline", "other"]

    @property
    def takes_messages(self) -> bool:
        return self.sort == "mobile"


_SORTS: dict[int, Literal["mobile", "landline"]] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
}


def phone(value: str, region: str = "CN") -> Phone:
    """A telephone number in its written forms; numbers without a country are Chinese. Raises `NotValid`."""
    try:
        number = phonenumbers.parse(value.strip(), region)
    except phonenumbers.NumberParseException:
        raise NotValid("phone", "电话号码格式不对") from None
    if not phonenumbers.is_valid_number(number):
        raise NotValid("phone", "电话号码不存在，请核对区号和位数")
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        _SORTS.get(phonenumbers.number_type(number), "other"),
    )
