"""A 传票, 送达回证 or 送达地址确认书 is a table: labels and what is written beside them."""

import re

from songda.filing.extraction.person import kind_of
from songda.filing.extraction.result import Extracted, ExtractedParty

_LABELS = {
    "case": r"案号",
    "cause": r"案由",
    "who": r"(?P<role>被传唤人|受传唤人|被传人|受送达人|当事人)(?:姓名|名称)?",
    "where": r"(?:工作单位或)?(?:住址|住所地?|地址)|送达地址(?!确认)|工作单位(?:及住址|和住址)?",
    "why": r"传唤事由",
    "when": r"应到时间|到庭时间|开庭时间",
    "place": r"应到处所|应到地点|到庭地点|开庭地点",
    "phone": r"联系电话|电话",
    "note": r"注意事项|备注",
}
_ANY = "|".join(f"(?:{label})" for label in _LABELS.values()).replace("?P<role>", "?:")
_FOOT = re.compile(r"[\n，。](?:注意事项|备注|审判员|书记员|法官|签发人|联系人)")
FORMS = re.compile("传票|送达回证|地址确认书")


def _found(text: str, name: str) -> re.Match[str] | None:
    """A label with what stands beside it, up to the next label or the line's end."""
    return re.search(
        rf"(?:^|[\n，。])(?:{_LABELS[name]})[：，\s]*(?P<value>[^\n]*?)(?=[，\s](?:{_ANY})|[\n。]|$)", text
    )


def _value(text: str, name: str) -> str | None:
    found = _found(text, name)
    value = found["value"].strip(" ，：") if found else ""
    return value or None


def fill(read: Extracted, folded: str) -> None:
    """Fill in who is summoned or served, and for a summons when and where to."""
    read.hearing_at, read.hearing_place = _value(folded, "when"), _value(folded, "place")
    read.cause = _value(folded, "cause")
    body = _FOOT.split(folded, maxsplit=1)[0]
    who, names = _found(body, "who"), _value(body, "who")
    if who is None or names is None:
        return
    role = "被传唤人" if "传" in who["role"] else who["role"]
    for name in re.split("、", names):
        party = ExtractedParty(role=role, name=re.sub(r"（[^（）]*）$", "", name), kind=kind_of(name, ""))
        party.address, party.phone = _value(body, "where"), _value(body, "phone")
        read.parties.append(party)
