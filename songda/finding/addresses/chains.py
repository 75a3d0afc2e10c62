"""Chains of division names at the head of an address: 四川省成都市武侯区, however cut off, repeated or renamed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from songda.finding.addresses import divisions as known

_SEPARATORS = frozenset(" ,-_/\\、.·|:;>")
# After a shortened name these make it part of another name: 成都路, 江北大道, 上海中路, 西湖花园.
_ROAD_GOES_ON = re.compile(
    r"[\u4e00-\u9fff]?[一二三四五六七八九十\d]{0,2}(?:路|街(?!道)|大道|大街|巷|弄|胡同|道(?!口))|[村镇乡里庄湾]"
    r"|新村|街道|站(?!前)"
)
_WITHOUT_CONTEXT = re.compile(
    r"社区|大厦|广场|小区|花园|花苑|公寓|大桥|公园|机场|车站|码头|湖|河|山庄|大?酒店|宾馆|银行|小学|中学|集团|公司|有限|工业|开发区|市场"
)
_MISSPELT_SOON = re.compile(r"[^\W城市郊新老东西南北][区县]")
_AFTER_FULL = re.compile(r"路(?!桥)|街(?!道)|大道|大街")
_ROAD_STARTS = frozenset("路街大")
_FILLERS = ("市辖区", "城区", "其它区", "其他区", "省直辖县级行政单位", "省直辖县级行政区划", "省直辖", "县", "区")
_FILLER_STARTS = frozenset(filler[0] for filler in _FILLERS)
MOST_NAMES = 6  # in one chain, repetitions included
# Cut-off names that are ordinary words; alone they say nothing about where.
_VAGUE = frozenset((
    "城东", "城西", "城南", "城北", "城中", "城关", "新城", "东城", "西城", "江北", "江南", "江东", "河东",
    "河西", "桥东", "桥西", "城区", "郊区", "矿区", "市中", "中原", "新市", "新华", "新兴", "和平", "解放",
    "建华", "朝阳", "鼓楼", "长安", "兴安", "永定", "龙华", "白云", "海港", "南山", "宝山", "东山", "西山",
    "钟山", "青山", "中山", "东方", "黄龙", "南湖", "西湖", "南岸", "海南", "吉利", "滨海", "凌云",
))  # fmt: skip
MAX_LEAD = 24  # divisions that start later than this belong to something else


class Step(NamedTuple):
    """One name that was read: the divisions it may mean and where it ends."""

    codes: tuple[str, ...]
    name: known.Name
    end: int

    @property
    def sure(self) -> bool:
        """Written with its kind and borne by one division only: no other reading is worth trying."""
        return self.name.kind != "short" and len(self.codes) == 1


def skip(text: str, at: int) -> int:
    while text[at : at + 1] in _SEPARATORS:
        at += 1
    return at


def within(codes: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    """The divisions of a name that fit what is known; one that is known already counts (成都成都市)."""
    if not prefix:
        return codes
    if len(codes) == 1:
        return codes if codes[0].startswith(prefix) or prefix.startswith(codes[0]) else ()
    fitting = tuple(c for c in codes if c.startswith(prefix) and len(c) > len(prefix))
    return fitting or tuple(c for c in codes if prefix.startswith(c))


def readable(text: str, end: int, name: known.Name, prefix: str = "") -> bool:
    if name.kind != "short":
        return text[end : end + 1] not in _ROAD_STARTS or not _AFTER_FULL.match(text, end)
    if _ROAD_GOES_ON.match(text, end):
        return False
    return not (_MISSPELT_SOON if prefix else _WITHOUT_CONTEXT).match(text, end)


@lru_cache(maxsize=16384)
def _ways_on(head: str, prefix: str) -> tuple[tuple[known.Name, tuple[str, ...]], ...]:
    """The names that begin with two characters and fit what is known, each with the divisions it then means."""
    fitting = ((name, within(name.codes, prefix)) for name in known.names().get(head, ()))
    return tuple((name, codes) for name, codes in fitting if codes)


def _steps(text: str, at: int, prefix: str) -> list[Step]:
    """The readings of the name at a position; none after one that is sure."""
    found: list[Step] = []
    today = ""  # a name borne today is not taken for somebody's old name
    for name, codes in _ways_on(text[at : at + 2], prefix):
        written = name.text
        if not text.startswith(written, at) or written == today:
            continue
        end = at + len(written)
        if readable(text, end, name, prefix):
            today = written
            step = Step(codes, name, end)
            found.append(step)
            if step.sure:
                break
    return found


Chain = tuple[str, int, tuple[Step, ...]]


def _worth(path: Chain) -> tuple[int, int, int, int]:
    code, end, steps = path
    formal = sum(step.name.kind != "short" for step in steps)
    return (len(steps), formal, len(code), end)


def follow(text: str, at: int, prefix: str, depth: int = 0) -> Chain:
    """The longest consistent chain of division names from a position."""
    at = skip(text, at)
    if depth > MOST_NAMES:
        return (prefix, at, ())
    readings = _steps(text, at, prefix)
    if readings:
        step = readings[0]
        if step.sure:
            code = step.codes[0]
            code, end, steps = follow(text, step.end, code if len(code) > len(prefix) else prefix, depth + 1)
            return (code, end, (step, *steps))
        best = _best_chain(text, at, prefix, depth, readings)
        if best[2]:
            return best
    if depth and prefix and text[at : at + 1] in _FILLER_STARTS:
        return _through_filler(text, at, prefix, depth)
    return (prefix, at, ())


def _best_chain(text: str, at: int, prefix: str, depth: int, readings: list[Step]) -> Chain:
    best: Chain = (prefix, at, ())
    for step in readings:
        codes = step.codes if len(step.codes) == 1 else _openings(step.codes)
        for code in codes:
            deeper = code if len(code) > len(prefix) else prefix
            # Several counties of one name: what follows cannot be read as a division of all of them.
            code_after, end, steps = follow(text, step.end, deeper, depth + 1) if deeper else ("", step.end, ())
            if not steps and step.name.kind == "short" and len(code) <= len(prefix):
                continue  # 武侯 again, in 武侯区武侯祠大街
            path = (code_after, end, (step, *steps))
            if not best[2] or _worth(path) > _worth(best):
                best = path
    return best


def _openings(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Which readings of an ambiguous name are worth following: those with something below them."""
    larger = tuple(code for code in codes if len(code) < 6)
    return larger or ("",)


def _through_filler(text: str, at: int, prefix: str, depth: int) -> Chain:
    for filler in _FILLERS:
        if text.startswith(filler, at):
            path = follow(text, at + len(filler), prefix, depth + 1)
            if path[2] or len(filler) > 2:
                return path
    return (prefix, at, ())


# Up to three names with their kinds, which is how most lines begin; the excluded characters end it before a street.
_HEAD = re.compile(r"(?:[^\W\d路街道号村镇乡小园]{1,14}?[省市区县旗]){1,3}")


@lru_cache(maxsize=8192)
def _whole(head: str) -> Chain | None:
    """The chain of a head of which every name is sure to its end, so that it reads the same whatever follows.

    The lines of a list begin with few heads: 浙江省杭州市余杭区 is read once, not on each line.
    """
    code, end, steps = follow(head, 0, "")
    if end < len(head) or not all(step.sure for step in steps):
        return None
    tails = [head[step.end - len(step.name.text) :] for step in steps]
    longer = any(name.text.startswith(tail) and name.text != tail for tail in tails for name in known.names()[tail[:2]])
    return None if longer else (code, end, steps)


def _known_head(text: str) -> Chain | None:
    """The chain of a known head behind which no other division and no road's name goes on."""
    head = _HEAD.match(text)
    path = _whole(head.group()) if head else None
    if not path:
        return None
    code, end, _ = path
    ends = text[end : end + 1] not in _MAY_GO_ON and not _ways_on(text[end : end + 2], code)
    return path if ends else None


_MAY_GO_ON = _SEPARATORS | _ROAD_STARTS | _FILLER_STARTS


def first_chain(text: str) -> tuple[int, Chain]:
    """Where the divisions start: usually at once, else after a name or a town put first."""
    if path := _known_head(text):
        return 0, path
    path = follow(text, 0, "")
    if _vague(text, path):
        path = ("", 0, ())
    if path[2] and (path[0] or len(text) < 4):
        return 0, path
    heads = known.names()
    for at in range(1, min(len(text) - 1, MAX_LEAD)):
        if text[at : at + 2] in heads:
            later = follow(text, at, "")
            if later[0] and _formal(later) and _worth(later) > _worth(path):
                return at, later
    return 0, path


_TOWN_SOON = re.compile(r"[\u4e00-\u9fff]?(?:街道|镇|乡)")


def _vague(text: str, path: Chain) -> bool:
    """One cut-off name that is an ordinary word, or the beginning of a town's name (独山 in 独山港镇)."""
    if len(path[2]) != 1 or path[2][0].name.kind != "short" or len(path[0]) == 4:
        return False
    step = path[2][0]
    town = _TOWN_SOON.match(text, step.end)
    return step.name.text in _VAGUE or bool(town and not _is_town(town.group(), path[0]))


def _is_town(name: str, county: str) -> bool:
    return any(town.startswith(name) for town, _ in known.towns(county)) and len(name) > 1


def _formal(path: Chain) -> bool:
    first = path[2][0].name
    return len(path[2]) > 1 or (
        first.kind == "full" and bool(first.text[:-1].strip("东西南北中城新")) and len(first.text) > 2
    )


_BEFORE_AGAIN = frozenset(" ,中")
_AGAIN = re.compile(r"[ ,]*(?:中国)?(?=[\u4e00-\u9fff]{2,8}[省市区县])")


def last_chain(text: str, path: Chain) -> Chain:
    """Two whole chains of divisions, one after the other: the one next to the street is meant."""
    end = path[1]
    if text[end : end + 1] not in _BEFORE_AGAIN and text[end : end + 2] not in known.names():
        return path
    again = _AGAIN.match(text, end)
    if not again or not path[0]:
        return path
    sibling = follow(text, again.end(), path[0][:4]) if len(path[0]) == 6 else ("", 0, ())
    if sibling[2] and sibling[2][0].name.kind == "full" and len(sibling[0]) == 6:
        return sibling
    second = follow(text, again.end(), "")
    if len(second[2]) >= 2 and second[2][1].name.kind != "short" and not second[0].startswith(path[0]):
        return second
    return path
