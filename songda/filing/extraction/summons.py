"""A 传票 is a table: labels and what is written beside them."""

import re

from songda.filing.extraction.person import kind_of
from songda.filing.extraction.result import Extracted, ExtractedParty

_LABELS = {
    "case": r"案号",
    "cause": r"案由",
    "who": r"被传唤人(?:姓名|名称)?|受传唤人|被传人",
    "where": r"(?:工作单位或)?(?:住址|住所地?|地址)|送达地址|工作单位(?:及住址|和住址)?",
    "why": r"传唤事由",
    "when": r"应到时间|到庭时间|开庭时间",
    "place": r"应到处所|应到地点|到庭地点|开庭地点",
    "phone": r"联系电话|电话",
    "note": r"注意事项|备注",
}
_ANY = "|".join(f"(?:{label})" for label in _LABELS.values())


def _value(text: str, name: str) -> str | None:
    """What stands beside a label, up to the next label or the line's end."""
    found = re.search(
        rf"(?:^|[\n，。])(?:{_LABELS[name]})[：，\s]*(?P<value>[^\n]*?)(?=[，\s](?:{_ANY})|[\n。]|$)", text
    )
    value = found["value"].strip(" ，：") if found else ""
    return value or None


def fill(read: Extracted, folded: str) -> None:
    """Fill in who is summoned, and when and where to."""
    read.hearing_at, read.hearing_place = _value(folded, "when"), _value(folded, "place")
    who = _value(folded, "who")
    if who is None:
        return
    for name in re.split("、", who):
        party = ExtractedParty(role="被传唤人", name=re.sub(r"（[^（）]*）$", "", name), kind=kind_of(name, ""))
        party.address, party.phone = _value(folded, "where"), _value(folded, "phone")
        read.parties.append(party)
