"""Papers without a list of parties name them in a sentence: 本院受理原告甲诉被告乙买卖合同纠纷一案."""

import re
from collections.abc import Iterable, Iterator

from songda.filing.extraction.causes import CAUSES, CRIMES
from songda.filing.extraction.person import kind_of, names_in
from songda.filing.extraction.result import ExtractedParty
from songda.filing.extraction.words import ROLE


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_ADDRESSED = "[你贵](?:单位|公司|方|们)?(?=因|诉|与|和|申请|[^，。]{2,40}(?:纠纷|一案))"
_NAMES = r"[^，。；：\n]{2,60}?"
_ABOUT = (
    rf"(?:(?:因|之间的?|关于)?(?:{_any(CAUSES)})(?:合同)?(?:纠纷|争议)?|犯.{{2,20}}罪|纠纷)"
    r"(?:[^，。；\n]{0,20}?)(?:一案|案件|纠纷|的起诉状|提起的诉讼)"
)
_CASE = re.compile(
    rf"(?:(?P<first_role>{ROLE})(?:（[^（）]*）)?|(?:受理|审理)(?:的|了)?(?!{ROLE}|的)|(?=[你贵]))(?P<first>{_ADDRESSED}|{_NAMES})"
    rf"(?:因)?(?P<verb>申请执行(?!人)|诉|与|和|申请(?!执行))(?:被申请人的)?(?:(?P<second_role>{ROLE})(?:（[^（）]*）)?)?"
    rf"(?P<second>{_ADDRESSED}|{_NAMES}){_ABOUT}"
)
_ACCUSED = re.compile(
    rf"(?P<role>(?:原审|附带民事诉讼)?被告人)(?P<name>[^，。；：\n]{{2,30}}?)(?:犯|涉嫌)?(?:{_any(CRIMES)})(?:罪|)(?:、[^，。]{{2,20}}罪)?[^，。；\n]{{0,10}}?一案"
)
_APPLICANT = re.compile(rf"(?P<role>申请执行人)(?P<name>{_NAMES})(?:于\d{{4}}年|向本院|申请(?:强制)?执行)")
_THIRD = re.compile(rf"^(?P<name>.+?)[、，及和与]+(?P<role>{ROLE})(?P<other>.+)$")
_YOU = re.compile(r"^(?:你|贵)(?:单位|公司|方|们)?$")
# A paper without a list names its parties near its top.
_FAR = 4000
# No sentence that names a case is longer.
_LONG = 300
_ADDRESSEE = re.compile(r"(?:^|\n)(?P<name>[^，。；：\n]{2,40})：(?=\n|$)")
_CALLED = re.compile(rf"通知[你贵](?:单位|公司|方|们)?作为本?案?的?(?P<role>{ROLE})参加")
# The positions of who acts and who answers, where the verb alone tells them.
_POSITIONS = {"诉": ("原告", "被告"), "申请执行": ("申请执行人", "被执行人")}
_OPPOSITE = {"原告": "被告", "申请执行人": "被执行人", "申请人": "被申请人", "上诉人": "被上诉人"}


def _party(role: str, name: str) -> list[ExtractedParty]:
    return [ExtractedParty(role=role, name=each, kind=kind_of(each, "")) for each in names_in(name) if each]


def _side(role: str, names: str) -> list[ExtractedParty]:
    """The parties of one side; a third party may be named behind it."""
    third = _THIRD.match(names)
    if third is None:
        return _party(role, names)
    return _party(role, third["name"]) + _side(third["role"], third["other"])


def _sentences(flat: str) -> Iterator[str]:
    """The stretches that may name a case, none so long that reading it is slow."""
    for sentence in re.split("[。；]", flat):
        for part in re.findall(r".*?(?:一案|案件|起诉状|诉讼)|.+$", sentence):
            yield part[-_LONG:]


def _roles(found: re.Match[str]) -> tuple[str, str] | None:
    """What each side is called: by its own word, else by the other's or by the verb; None where nothing tells."""
    acting, answering = _POSITIONS.get(found["verb"], (None, None))
    first = found["first_role"] or acting
    second = found["second_role"] or answering
    if first and not second and _YOU.match(found["second"]):
        second = _OPPOSITE.get(first)
    return (first, second) if first and second else None


def _of_case(found: re.Match[str], addressee: str) -> list[ExtractedParty]:
    roles = _roles(found)
    if roles is None:
        return []
    sides = [addressee if _YOU.match(found[side]) else found[side] for side in ("first", "second")]
    return [party for role, names in zip(roles, sides, strict=True) for party in _side(role, names)]


def parties_in(folded: str) -> list[ExtractedParty]:
    """The parties that the first such sentence names, by name and role only."""
    named = _ADDRESSEE.search(folded[:_FAR])
    addressee = named["name"] if named else ""
    sentences = list(_sentences(folded[:_FAR].replace("\n", "")))
    for sentence in sentences:
        found = _CASE.search(sentence)
        if found and (parties := _of_case(found, addressee)):
            return parties + _called(sentences, addressee)
    return _accused(sentences) or _applicant(sentences, addressee)


def _called(sentences: list[str], addressee: str) -> list[ExtractedParty]:
    """通知你作为本案第三人参加诉讼 is addressed to one who was no party till then."""
    found = next(filter(None, map(_CALLED.search, sentences)), None)
    return _party(found["role"], addressee) if found else []


def _accused(sentences: list[str]) -> list[ExtractedParty]:
    """受理被告人甲盗窃一案: a criminal case names the accused only."""
    found = next(filter(None, map(_ACCUSED.search, sentences)), None)
    return _party(found["role"], found["name"]) if found else []


def _applicant(sentences: list[str], addressee: str) -> list[ExtractedParty]:
    """A notice of enforcement is addressed to whom it is enforced against."""
    found = next(filter(None, map(_APPLICANT.search, sentences)), None)
    if found is None:
        return []
    return _party(found["role"], found["name"]) + _party("被执行人", addressee)
