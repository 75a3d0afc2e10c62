"""Find the list of parties in a paper and cut it into pieces, one for each person named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from songda.filing.extraction.words import (
    AGENT,
    ALSO,
    END,
    OTHER,
    REPRESENTATIVE,
    ROLE,
    STORY_BEGINS,
    STORY_WORDS,
)

_ORDINAL = r"(?:第?[一二三四五六七八九十\d]{1,2}(?=[：（]))?"
# 原告兼原告乙的法定代理人 speaks for another besides; of 自诉人暨附带民事诉讼原告人 the first is the role.
_BESIDES = rf"(?:(?P<also>{ALSO})|(?:(?:[暨兼/]|及(?=附带|反诉)){ROLE}|、{ROLE}(?=[：（]))*)"
_PARTY = rf"(?:第[一二三四五六七八九十\d]{{1,2}})?(?P<role>{ROLE}){_ORDINAL}{_BESIDES}"
_POSITION = r"(?P<position>(?:（[^（）\n]{1,60}）)*)"
_MARK = re.compile(
    rf"(?P<edge>^|[。；\n，、：（）\s]|(?=.))(?:{AGENT}|{REPRESENTATIVE}|{OTHER}|{_PARTY}){_POSITION}(?P<colon>[：，]?\s*)"
)
_STARTS_LINE = re.compile(rf"(?:^|[\n。；])\s*{_PARTY}{_POSITION}(?P<colon>[：，]?\s*)(?P<name>[^，。；\n]*)")
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]*")
# How many letters after a role are looked at to tell a name from a story.
_NEAR = 160
_BRACKETED = re.compile(r"（[^（）]*）")
_CLAUSE_NAME = re.compile(r"(?:[^，。；：\n（]|（[^（）\n]*）)*")
_AFTER_NAME = re.compile(
    r"(?:（[^（）]*）)?，?(?:男|女|[一-鿿]{1,4}族|生于|\d{4}年|住|现住|原住|户籍|营业场所|统一社会|公民身份|身份证|法定代表|负责人|经营者|性别)"
)
_SHORT_NAME = re.compile(r"[于向应和经关是在对为方][某一-鿿]{1,2}\d?")
_OFFICE = re.compile(r"(?:职工|员工|职员|人员|会计|法务|股东|经理|主任|之.|父|母|妻|夫|儿子|女儿|亲属)$")
_JOINED = re.compile(r"兼|暨|系|与|为|是|即|由|及|和|对|向|因|该|本|受")


@dataclass(frozen=True, slots=True)
class Piece:
    """One person's stretch of the list: what he is called, and all that follows until the next is named."""

    sort: str
    """party, agent, representative or other."""
    word: str
    position: str
    group: str
    also: str
    """Whom a party speaks for besides."""
    body: str
    aside: bool
    """Said of the one just named, within his sentence."""


def _is_story(name: str, *, attested: bool = False) -> bool:
    """Whether words after a role tell a story; `attested` where a colon or what follows shows a name."""
    bare = _BRACKETED.sub("", name).strip()
    attested = attested or bool(_SHORT_NAME.fullmatch(bare))
    return bool(STORY_WORDS.search(bare) or END.search(bare)) or (not attested and bool(STORY_BEGINS.search(bare)))


def begin(folded: str) -> int | None:
    """Where the first party is named, None where the paper has no list of parties."""
    for found in _STARTS_LINE.finditer(folded):
        name = found["name"].strip()
        if "：" in found["colon"] and not name:
            return found.start("role")
        rest = folded[found.end("colon") : found.end("colon") + 120]
        sentence = re.split(r"[。；\n]", rest, maxsplit=1)[0]
        attested = "：" in found["colon"] or bool(_AFTER_NAME.match(rest[len(found["name"]) :]))
        if name and not _is_story(name, attested=attested) and not END.search(sentence.split("，", 1)[0]):
            return found.start("role")
        if "：" not in found["colon"]:
            return None
    return None


def finish(folded: str, start: int) -> int:
    """Where the story begins that follows the list."""
    for sentence in _SENTENCE.finditer(folded, start):
        told = END.search(sentence[0])
        if told is None:
            continue
        first_clause = re.split("[，。；]", sentence[0], maxsplit=1)[0]
        if sentence.start() == start or (_MARK.match(first_clause) and not _is_story(_own_name(first_clause))):
            cut = sentence[0].rfind("，", 0, told.start())
            if cut > 0 and not _tells_of_two(sentence[0]):
                return sentence.start() + cut
        return sentence.start()
    return len(folded)


def _own_name(clause: str) -> str:
    found = _MARK.match(clause)
    return clause[found.end() :] if found else clause


def _tells_of_two(sentence: str) -> bool:
    return re.match(rf"{ROLE}[^，。]{{1,60}}(?:诉|与|因|不服|申请|犯)", sentence) is not None


def _is_mark(folded: str, found: re.Match[str]) -> bool:
    """Whether a role word here names a new person and is not part of what is said about another."""
    edge, colon = found["edge"], "：" in found["colon"]
    before = folded[found.start() - 1 : found.start()] if found.start() else ""
    clear = found.start() == 0 or (edge and edge in "。；\n") or (not edge and before in "。；\n")
    rest = folded[found.end() : found.end() + _NEAR]
    name = (_CLAUSE_NAME.match(rest) or [""])[0].strip()
    attested = colon or bool(_AFTER_NAME.match(rest[len(name) :]))
    if found["role"] and _is_story(name, attested=attested):
        return False
    if clear:
        return True
    if edge == "（":
        return False
    if colon:
        return not _JOINED.match(before or "") or bool(edge)
    if found["role"]:
        return edge == "，" and bool(name) and not _OFFICE.search(name) and attested
    if not edge:
        return found["agent"] in ("委托诉讼代理人", "委托代理人") and not _JOINED.match(before)
    return bool(name) and len(name) <= 40 and not _is_story(name)


def pieces(folded: str, start: int, end: int) -> Iterator[Piece]:
    """The list cut where each person is named."""
    region = folded[start:end]
    marks = [found for found in _MARK.finditer(region) if _is_mark(region, found)]
    for found, following in zip(marks, [*marks[1:], None], strict=True):
        stop = following.start() if following else len(region)
        sort = next(sort for sort in ("agent", "representative", "other", "role") if found[sort])
        yield Piece(
            sort="party" if sort == "role" else sort,
            word=found[sort],
            position=found["position"],
            group=found["group"] or "",
            also=found["also"] or "",
            body=region[found.end() : stop],
            aside=found["edge"] == "，",
        )
