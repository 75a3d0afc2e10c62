"""What the people at the other end are like: a table of temperaments, and who is reached at a number or an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from songda.gateways.sandbox.register import DemoPerson, address_of, chance, phone_of, pick

_MINUTES = timedelta(minutes=1)
_LONGEST_PERSONAL_NAME = 5


@dataclass(frozen=True, slots=True)
class Temperament:
    """How someone behaves. `calls` are the answers to the first, second … call, the last one for ever; `receipt` is
    what the network says of an SMS; `portal` names acts on the portal, `after` how long they take to begin; `mail`
    names a journey of `post`; `account` is what becomes of a message to an account."""

    calls: tuple[str, ...]
    receipt: str
    portal: tuple[str, ...]
    after: timedelta
    mail: str
    account: str = "read"


TEMPERAMENTS: dict[str, Temperament] = {
    "signs_quickly": Temperament(("agree",), "DELIVRD", ("open", "confirm", "sign"), 12 * _MINUTES, "self"),
    "opens_unsigned": Temperament(("agree",), "DELIVRD", ("open",), 90 * _MINUTES, "self"),
    "ignores": Temperament(("no_answer", "no_answer", "hung_up"), "DELIVRD", (), 0 * _MINUTES, "family", "delivered"),
    "answers_late": Temperament(
        ("no_answer", "agree"), "DELIVRD", ("open", "confirm", "sign"), 26 * 60 * _MINUTES, "self"
    ),
    "declines_electronic": Temperament(("decline",), "DELIVRD", (), 0 * _MINUTES, "self"),
    "refuses": Temperament(("decline",), "DELIVRD", (), 0 * _MINUTES, "refused", "blocked"),
    "wrong_number": Temperament(("agree",), "DELIVRD", ("open", "sign"), 30 * _MINUTES, "self"),
    "switched_off": Temperament(("switched_off",), "MI:0024", (), 0 * _MINUTES, "family", "delivered"),
    "dead_number": Temperament(("agree",), "DELIVRD", ("open", "sign"), 30 * _MINUTES, "self"),
    "moved": Temperament(("no_answer",), "DELIVRD", (), 0 * _MINUTES, "self", "delivered"),
    "untraceable": Temperament(("no_such_number",), "MK:0001", (), 0 * _MINUTES, "no_such_person", "unknown"),
    "deceased": Temperament(("wrong_person",), "DELIVRD", (), 0 * _MINUTES, "deceased", "delivered"),
    "mail_room": Temperament(("call_later", "decline"), "DELIVRD", (), 0 * _MINUTES, "mail_staff"),
    "gone": Temperament(("no_such_number",), "MK:0001", (), 0 * _MINUTES, "no_such_organisation", "unknown"),
    "stranger": Temperament(("wrong_person",), "DELIVRD", (), 0 * _MINUTES, "self", "delivered"),
    "nobody": Temperament(("no_such_number",), "MK:0001", (), 0 * _MINUTES, "no_such_person", "unknown"),
    "long_absent": Temperament(("no_answer",), "DELIVRD", (), 0 * _MINUTES, "absent", "delivered"),
}

_UNKNOWN_PEOPLE = (
    ("signs_quickly", 40),
    ("opens_unsigned", 12),
    ("ignores", 14),
    ("declines_electronic", 10),
    ("refuses", 6),
    ("long_absent", 8),
    ("untraceable", 10),
)


class Directory:
    """Who is reached where. People outside the cast are given a temperament by what they are reached at."""

    def __init__(self, seed: int, people: tuple[DemoPerson, ...]) -> None:
        self.seed = seed
        self._by_phone: dict[str, tuple[DemoPerson | None, str]] = {}
        self._by_account: dict[str, DemoPerson] = {}
        self._by_name: dict[str, DemoPerson] = {}
        self.people: list[DemoPerson] = []
        for person in people:
            self.add(person)

    def add(self, person: DemoPerson) -> None:
        """Let someone live here; the same name or number again replaces who was known by it."""
        self.people.append(person)
        self._by_name[person.name] = person
        if person.filed_phone != person.phone:
            other = "nobody" if person.temperament == "dead_number" else "stranger"
            self._by_phone[person.filed_phone] = (None, other)
        self._by_phone[person.phone] = (person, person.temperament)
        if person.account:
            self._by_account[f"{person.account_platform}:{person.account}"] = person

    def at_phone(self, phone: str) -> tuple[DemoPerson | None, Temperament]:
        """Who picks up, and what they are like."""
        known = self._by_phone.get(phone)
        person, code = known or (None, pick(_UNKNOWN_PEOPLE, chance(self.seed, "phone", phone)))
        return person, TEMPERAMENTS[code]

    def at(self, where: Mapping[str, str]) -> tuple[DemoPerson | None, Temperament]:
        """Who reads at a `phone`, or at an `account` of a `platform`, and what they are like."""
        if "phone" in where:
            return self.at_phone(where["phone"])
        person = self.at_account(where["platform"], where["account"])
        return person, TEMPERAMENTS[person.temperament if person else "nobody"]

    def at_account(self, platform: str, account: str) -> DemoPerson | None:
        """Whose account this is; None where nobody has it."""
        return self._by_account.get(f"{platform}:{account}")

    def named(self, name: str) -> DemoPerson | None:
        """The one of that name, if we know one."""
        return self._by_name.get(name)

    def invent(self, name: str, id_number: str) -> DemoPerson:
        """Someone outside the cast, whom a newcomer's own case brought in; they do not live here yet."""
        mark = ("invented", name, id_number)
        division, address = address_of(self.seed, *mark)
        phone = phone_of(self.seed, *mark)
        return DemoPerson(
            number=-1,
            kind="organisation" if len(name) > _LONGEST_PERSONAL_NAME else "person",
            name=name,
            id_number=id_number.upper(),
            phone=phone,
            filed_phone=phone,
            address=address,
            filed_address=address,
            division=division,
            email="",
            temperament=pick(_UNKNOWN_PEOPLE, chance(self.seed, *mark)),
        )

    def journey(self, name: str, address: str) -> str:
        """What becomes of a letter to this name at this address."""
        person = self._by_name.get(name)
        if person is None:
            return TEMPERAMENTS[pick(_UNKNOWN_PEOPLE, chance(self.seed, "letter", name, address))].mail
        if person.filed_address != person.address and _lies_at(address, person.filed_address):
            return "moved"
        return TEMPERAMENTS[person.temperament].mail


def _lies_at(written: str, address: str) -> bool:
    """Whether an address as written contains the street and house of one we know."""
    tail = address.partition("区")[2] or address.partition("县")[2] or address
    return tail in written
