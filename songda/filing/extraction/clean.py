"""Make the text of a file even before it is read: line wraps, spaces used for layout, punctuation of two widths."""

import re

from songda.filing.extraction.words import ROLE

_FOLD = str.maketrans(
    ",:;()?!０１２３４５６７８９＊ｘＸ　—﹣－",
    "，：；（）？！0123456789*xX -" + "--",
)
_HAN = "[一-鿿]"
_FULL_STOP = re.compile(rf"(?<=[一-鿿）])\.(?=\n|$|{_HAN})|(?<=\d)\.(?=\n|$)")
# (what, with what): applied in order to the whole text
_LAYOUT: tuple[tuple[str, str | None], ...] = (
    (r"\r\n?|\x0b|\x0c|\u2028|\u2029", "\n"),  # every line end is one
    (r"[\u200b-\u200f\ufeff\u00ad\u202a-\u202e\ud800-\udfff]", ""),  # marks nobody sees
    (r"[\u00a0\u2002-\u200a]", " "),  # odd spaces
    (r"[ \t\u3000]+(?=\n)|(?<=\n)[ \u3000\t]+|\A\s+", ""),  # the ends of lines
    (rf"(?m)^(?:{_HAN}[ \u3000]+)+{_HAN}$", None),  # 民 事 判 决 书
    (rf"(?<=[：:\s])({_HAN})[ \u3000]+({_HAN})(?=[，。,；;\s（(]|$)", r"\1\2"),  # 张　三
    (rf"(?<={_HAN}) (?=[A-Za-z0-9（(])|(?<=[A-Za-z0-9）)]) (?={_HAN})", ""),  # 川 0191 民初 1 号
    (r"(?<=\S) +(?=[男女](?:[ ，,。]|$))|(?<=[ ，][男女]) +", "，"),  # 张某 男 电话
    (rf"(?<=\S) (?={_HAN}{{2,8}}[：:])", "，"),  # the next label on a line
    (r"(?<=[：:，,。；;、]) +| +(?=[：:，,。；;、])", ""),  # around punctuation
    (r"(?<=\S)(?:[ \u3000]{2,}|[ \u3000]*\t[ \u3000]*)(?=\S)", "，"),  # columns
)
# papers whose lines were lost: cut between court, title, number and first party
_GLUED: tuple[tuple[str, str], ...] = (
    (r"(法院)(?=(?:刑事|民事|行政|执行|国家赔偿)[^，。：\n]{0,14}书)", r"\1\n"),
    (r"(法院|决书|定书|解书|支付令)(?=[（(〔\[]\d{4})", r"\1\n"),
    (rf"(\d号(?:之[一二三四五])?)(?={ROLE})", r"\1\n"),
    (rf"([诉辩]状|申请书)(?={ROLE}[：:（(])", r"\1\n"),
)


def _without_spaces(found: re.Match[str]) -> str:
    return re.sub(r"\s", "", found[0])


def clean(text: str) -> str:
    """Lay the text out evenly; what is written stays as written."""
    for pattern, instead in _LAYOUT:
        text = re.sub(pattern, _without_spaces if instead is None else instead, text)
    text = _unwrap(text)
    head, rest = text[:400], text[400:]
    for pattern, instead in _GLUED:
        head = re.sub(pattern, instead, head)
    return head + rest


def fold(text: str) -> str:
    """The text with punctuation and digits in one width, character for character: spans stay valid."""
    return _FULL_STOP.sub("。", text.translate(_FOLD))


# a line that begins a field of its own is never the rest of the line before it
_LABEL = (
    r"执行事务|法人代表|诉讼代|法定代|指定|经营|投资人|主要负责|统一社会|住所|住址|地址|联系|电话|手机|身份证|公民身份|"
    r"姓名|名称|性别|证件|经常居住|户籍|现住|以上|上述|翻译"
)
_STARTS = re.compile(
    rf"(?:{ROLE}|委托|法定代|负责人|辩护人|[一二三四五六七八九十]+、|\d+[.、]|案\s*[号由]|此致|传唤|应到|诉讼请求|事实|{_LABEL})"
)
_CARRIED_ON = re.compile(r"[与诉和、及对向，系为被由即]$")
_WORD = re.compile(r"[A-Za-z0-9*×（(]*.[。，；：、）)]?")
_NARROWEST, _WIDEST = 44.0, 130.0


def _width(line: str) -> float:
    """How far a line reaches, in half characters: Chinese takes two, Latin letters and digits a little over one."""
    return sum(2.0 if letter > "\u2e7f" else 1.15 for letter in line)


def first_word(line: str) -> str:
    """What a page cannot break: Latin letters and digits together, and a mark that may not begin a line."""
    word = _WORD.match(line)
    return word[0] if word else ""


def goes_on(before: str, line: str) -> bool:
    """Whether a line can be the rest of the full line before it, and is not a field of its own."""
    return bool(_CARRIED_ON.search(before)) or not _STARTS.match(line)


def _unwrap(text: str) -> str:
    """Join lines that were broken only because the page was full: the next word would not have fitted."""
    lines = [line for line in text.split("\n") if line]
    widest = max((_width(line) for line in lines), default=0.0)
    if not _NARROWEST <= widest <= _WIDEST:
        return "\n".join(lines)
    joined: list[str] = []
    reach = 0.0
    for line in lines:
        full = reach + _width(first_word(line)) > widest - 0.5
        if joined and full and goes_on(joined[-1], line):
            joined[-1] += line
        else:
            joined.append(line)
        reach = _width(line)
    return "\n".join(joined)
