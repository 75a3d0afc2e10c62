"""Numbers that mail carries: thirteen digits inside China, or the UPU's S10 form with its check digit."""

import re

_S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)
_DOMESTIC = re.compile(r"[19]\d{12}", re.ASCII)
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10_check_digit(serial: str) -> int:
    """The check digit of eight serial digits (UPU S10, 5.3): weighted sum modulo 11, where 10 is 0 and 11 is 5."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: 0, 11: 5}.get(rest, rest)


def normalised(number: str) -> str:
    """The number without the spaces and hyphens people write, in capitals."""
    return re.sub(r"[\s-]", "", number).upper()


def is_s10(number: str) -> bool:
    """Whether this is an S10 identifier whose check digit holds."""
    match = _S10.fullmatch(normalised(number))
    return bool(match) and s10_check_digit(match[2]) == int(match[3]) if match else False


def is_waybill(number: str) -> bool:
    """Whether a letter may carry this number; thirteen digits have no public check digit, only a form."""
    return bool(_DOMESTIC.fullmatch(normalised(number))) or is_s10(number)
