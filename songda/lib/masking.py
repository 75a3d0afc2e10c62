"""Personal data as it is shown before anyone gave a reason to see it whole: enough to recognise, too little to use."""

import re
from collections.abc import Callable, Mapping

# No house number stands before a district, and a supermarket is no city.
_DISTRICT = re.compile(
    r"^\D{2,16}?(?:(?<![小社园街厂校片])区(?!域)|[县旗])"
    r"|^\D{2,12}?(?<!超)[市州盟][^省市州盟\d]{1,6}(?<!超)市"
    r"|^\D{1,12}?(?<!超)[省市州盟]"
)
# Something longer is hidden as if it were this long: a mask is to be read at a glance, and tells no more by its length.
_MOST_OF_A_NAME = 6
_MOST = 12


def name(value: str) -> str:
    """A person's name with only the surname left; organisations' names are public and do not come here.

    >>> name("邓小芳")
    '邓**'
    >>> name("约翰·史密斯")
    '约翰·***'
    """
    kept = value.find("·", 0, _MOST) + 1 if "·" in value[:-1] else 1
    return value[: kept or 1] + "*" * min(len(value) - (kept or 1), _MOST_OF_A_NAME)


def id_number(value: str) -> str:
    """An identity number with its first and last four characters left.

    >>> id_number("510107199001011234")
    '5101**********1234'
    """
    return _middle(value, 4, 4)


def phone(value: str) -> str:
    """A telephone number with its head and last four digits left.

    >>> phone("13812341234"), phone("028-85551234")
    ('138****1234', '028-****1234')
    """
    if len(re.sub(r"\D", "", value)) < 7:
        return _stars(len(value))
    return _middle(value, 4 if value.startswith("0") else 3, 4)


def email(value: str) -> str:
    """An e-mail address with the first letter of its box and its host left.

    >>> email("fang@example.org")
    'f***@example.org'
    """
    user, at, host = value.partition("@")
    return _middle(user, 1, 0) + at + host if at else _stars(len(value))


def account(value: str) -> str:
    """An account's name with its first two and last two characters left.

    >>> account("deng_2026")
    'de*****26'
    """
    return _middle(value, 2, 2)


def address(value: str) -> str:
    """A postal address down to its district; where none can be told, to its first three characters.

    >>> address("四川省成都市高新区天府大道1号")
    '四川省成都市高新区****'
    """
    found = _DISTRICT.match(value)
    kept = found[0] if found else value[:3]
    return kept + "****" if len(value) > len(kept) else value


def _middle(value: str, head: int, tail: int) -> str:
    """Stars between the first and last characters; all but one where the value is too short to hide anything."""
    hidden = len(value) - head - tail
    if hidden <= 0:
        return value[:1] + _stars(len(value) - 1)
    return value[:head] + _stars(hidden) + (value[-tail:] if tail else "")


def _stars(hidden: int) -> str:
    return "*" * min(hidden, _MOST)


# The mask of each kind of contact point.
BY_KIND: Mapping[str, Callable[[str], str]] = {"phone": phone, "email": email, "account": account, "address": address}
