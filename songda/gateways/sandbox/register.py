"""The invented people of the demonstration: the same seed gives the same people, to the demo and to the sandbox.

Names are put together from syllables, numbers carry right check digits, streets do not exist, telephone numbers are
well-formed and from one block that is not given out.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from stdnum.cn import ric, uscc

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章云苏潘葛范彭"
_FIRST = "景文书远若思嘉明雨清安承怀予知乐修宁启言"
_SECOND = "澜禾舟棠屿岚珩昀翎岑颂桐砚蘅霁榆樵淳涧菘"
_STREETS = ("望溪路", "青栀街", "云杉巷", "长桥南路", "锦屏东街", "松果路", "白鹭一街", "稻香中路", "石榴巷", "听泉街")
_ESTATES = ("溪畔家园", "青禾苑", "云栖里", "锦色花园", "松间小区", "稻田新居")
_TRADES = ("商贸", "建材", "餐饮管理", "物流", "信息技术", "装饰工程", "农业发展", "文化传播")
_BRANDS = ("望溪", "青栀", "云杉", "长桥", "锦屏", "松果", "白鹭", "稻香", "石榴", "听泉", "禾舟", "岚屿")
# Counties whose codes were in force in every year in which one of the cast may be born.
_BIRTHPLACES = ("510121", "510122", "510321", "510421", "510422")
_PLACES = (
    ("510104", "四川省成都市锦江区"),
    ("510105", "四川省成都市青羊区"),
    ("510106", "四川省成都市金牛区"),
    ("510107", "四川省成都市武侯区"),
    ("510108", "四川省成都市成华区"),
    ("510114", "四川省成都市新都区"),
    ("510129", "四川省成都市大邑县"),
    ("510116", "四川省成都市双流区"),
    ("510703", "四川省绵阳市涪城区"),
    ("500103", "重庆市渝中区"),
    ("440305", "广东省深圳市南山区"),
)

# How often each temperament (see `people`) comes up among a hundred persons and a hundred organisations.
_PERSONS = (
    ("signs_quickly", 30),
    ("opens_unsigned", 10),
    ("ignores", 12),
    ("answers_late", 8),
    ("declines_electronic", 8),
    ("refuses", 6),
    ("wrong_number", 6),
    ("switched_off", 6),
    ("dead_number", 4),
    ("moved", 5),
    ("untraceable", 4),
    ("deceased", 1),
)
_ORGANISATIONS = (("mail_room", 45), ("signs_quickly", 30), ("declines_electronic", 10), ("gone", 15))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person or organisation. `filed_phone` is the number the case file has, `phone` the one that works;
    likewise `filed_address` and `address`. `id_number` is an ID number or a USCC."""

    number: int
    kind: Literal["person", "organisation"]
    name: str
    id_number: str
    phone: str
    filed_phone: str
    address: str
    filed_address: str
    division: str
    email: str
    temperament: str
    legal_representative: str = ""
    gender: str = field(default="")
    # An account for instant messages and its platform, where the court knows one; empty for most.
    account: str = ""
    account_platform: str = ""

    @property
    def identity(self) -> str:
        """What the portal asks for: the last six signs of the number."""
        return self.id_number[-6:]


def draw(seed: int, *parts: object) -> int:
    """A number that depends on the seed and on these words, and on nothing else."""
    digest = hashlib.sha256("\x1f".join(map(str, (seed, *parts))).encode()).digest()
    return int.from_bytes(digest[:8])


def chance(seed: int, *parts: object) -> float:
    """The same as a share between 0 and 1."""
    return draw(seed, *parts) / 2**64


def pick(table: tuple[tuple[str, int], ...], at: float) -> str:
    """The entry of a weighted table that lies at this share."""
    rest = at * sum(weight for _, weight in table)
    for name, weight in table:
        rest -= weight
        if rest < 0:
            return name
    return table[-1][0]


@lru_cache(maxsize=8)
def cast(seed: int, persons: int = 120, organisations: int = 40) -> tuple[DemoPerson, ...]:
    """Everyone of the demonstration, persons first. The n-th is the same however many are asked for."""
    return (
        *(_person(seed, number) for number in range(persons)),
        *(_organisation(seed, number) for number in range(organisations)),
    )


def phone_of(seed: int, *parts: object) -> str:
    """A mobile number of the invented block."""
    return f"19200{draw(seed, 'phone', *parts) % 1_000_000:06d}"


def name_of(seed: int, *parts: object) -> str:
    """A person's name of three characters."""
    at = draw(seed, "name", *parts)
    return _SURNAMES[at % len(_SURNAMES)] + _FIRST[at // 64 % len(_FIRST)] + _SECOND[at // 4096 % len(_SECOND)]


def address_of(seed: int, *parts: object) -> tuple[str, str]:
    """Division code and full address of an invented dwelling."""
    at = draw(seed, "address", *parts)
    division, place = _PLACES[at % 8 if at // 8 % 5 else at % len(_PLACES)]
    street, estate = _STREETS[at // 64 % len(_STREETS)], _ESTATES[at // 512 % len(_ESTATES)]
    numbers = at // 4096 % 280 + 1, at // 2**20 % 18 + 1, at // 2**25 % 4 + 1
    room = f"{at // 2**28 % 24 + 1}{at // 2**34 % 4 + 1:02d}"
    return division, f"{place}{street}{numbers[0]}号{estate}{numbers[1]}栋{numbers[2]}单元{room}室"


def _person(seed: int, number: int) -> DemoPerson:
    mark = ("person", number)
    temperament = pick(_PERSONS, chance(seed, "temperament", *mark))
    division, address = address_of(seed, *mark)
    filed = address_of(seed, "before", *mark)[1] if temperament == "moved" else address
    phone = phone_of(seed, *mark)
    man = draw(seed, "gender", *mark) % 2 == 1
    return DemoPerson(
        number=number,
        kind="person",
        name=name_of(seed, *mark),
        id_number=_id_number(seed, man, *mark),
        phone=phone,
        filed_phone=phone_of(seed, "wrong", *mark) if temperament in ("wrong_number", "dead_number") else phone,
        address=address,
        filed_address=filed,
        division=division,
        email=f"p{number}@example.com",
        temperament=temperament,
        gender="男" if man else "女",
        **_account(seed, *mark),
    )


def _account(seed: int, *parts: object) -> dict[str, str]:
    """Every third person is to be reached at an account."""
    at = draw(seed, "account", *parts)
    if at % 3:
        return {}
    return {"account": f"demo_{at // 4 % 1_000_000:06d}", "account_platform": "wechat"}


def _id_number(seed: int, man: bool, *parts: object) -> str:
    at = draw(seed, "id", *parts)
    serial = at // 2**20 % 499 * 2 + man
    birthplace = _BIRTHPLACES[at // 2**30 % len(_BIRTHPLACES)]
    body = f"{birthplace}{1958 + at % 45}{at // 64 % 12 + 1:02d}{at // 1024 % 28 + 1:02d}{serial:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def _organisation(seed: int, number: int) -> DemoPerson:
    mark = ("organisation", number)
    division, address = address_of(seed, *mark)
    at = draw(seed, "firm", *mark)
    name = f"成都{_BRANDS[at % len(_BRANDS)]}{_SECOND[at // 16 % len(_SECOND)]}"
    body = f"91{division}MA{''.join(_uscc_signs(seed, *mark))}"
    phone = phone_of(seed, *mark)
    return DemoPerson(
        number=number,
        kind="organisation",
        name=f"{name}{_TRADES[at // 512 % len(_TRADES)]}有限公司",
        id_number=body + str(uscc.calc_check_digit(body)),
        phone=phone,
        filed_phone=phone,
        address=address,
        filed_address=address,
        division=division,
        email=f"o{number}@example.com",
        temperament=pick(_ORGANISATIONS, chance(seed, "temperament", *mark)),
        legal_representative=name_of(seed, "head", *mark),
    )


def _uscc_signs(seed: int, *parts: object) -> Iterator[str]:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    at = draw(seed, "uscc", *parts)
    for _ in range(7):
        at, sign = divmod(at, len(alphabet))
        yield alphabet[sign]
