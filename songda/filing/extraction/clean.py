"""Make the text of a file even before it is read: line wraps, spaces used for layout, punctuation of two widths."""

import re

from songda.filing.extraction.words import REPRESENTATIVE_WORDS, ROLE

_FOLD = str.maketrans(
    ",:;()?!０１２３４５６７８９＊ｘＸ　—﹣－",
    "，：；（）？！0123456789*xX -" + "--",
)
_HAN = "[一-鿿]"
_FULL_STOP = re.compile(rf"(?<=[一-鿿）])\.(?=\n|$|{_HAN})|(?<=\d)\.(?=\n|$)")
_TITLE_WORD = r"(?:刑事|民事|行政|执行|国家赔偿)[^，。：\n]{0,14}书"
# How far a line is set in, kept until it is known which lines a page broke.
_SET_IN = "\u2060"
_PAGE_NUMBER = r"(?m)^\s*(?:第\s*\d+\s*页(?:\s*[，/，共]*\s*\d+\s*页)?|[-—–·•]\s*\d+\s*[-—–·•]|\d+\s*/\s*\d+)\s*$\n?"
_GLUED_LABEL = (
    r"(?:住所地|性别|民族|出生日期|身份证号码?|公民身份号码|统一社会信用代码|联系电话|"
    r"(?<![家庭送达单位联系办公注册经常邮寄通讯收件证载固定移动营业])(?:住址|地址|电话))"
)
# (what, with what): applied in order to the whole text
_LINES: tuple[tuple[str, str], ...] = (
    (r"\r\n?|\x0b|\x0c|\u2028|\u2029", "\n"),  # every line end is one
    (r"[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\ud800-\udfff]", ""),  # marks nobody sees
    (r"[\u00a0\u2002-\u200a]", " "),  # odd spaces
    (_PAGE_NUMBER, ""),
    (r"(?m)^(?: {2,}|\u3000+|\t)[ \u3000\t]*(?=\S)", _SET_IN),
    (r"[ \t\u3000]+(?=\n)|(?<=\n)[ \u3000\t]+|\A\s+", ""),  # the ends of lines
    (rf"(?<={_HAN}) (?=[A-Za-z0-9（(])|(?<=[A-Za-z0-9）)]) (?={_HAN})", ""),  # 川 0191 民初 1 号
)
_LAYOUT: tuple[tuple[str, str | None], ...] = (
    (r"(?:[民刑行执] [事政行] )?[判裁调决] [决定解] 书", None),  # the same within a line
    (rf"(?m)^{_SET_IN}?(?:{_HAN}[ \u3000]+)+{_HAN}$", None),  # 民 事 判 决 书
    (rf"(?<=[：:\s])({_HAN})[ \u3000]+({_HAN})(?=[，。,；;\s（(]|$)", r"\1\2"),  # 张　三
    (r"(?<=\S) +(?=[男女](?:[ ，,。]|$))|(?<=[ ，][男女]) +", "，"),  # 张某 男 电话
    (rf"(?<=\S) (?={_HAN}{{2,8}}[：:])", "，"),  # the next label on a line
    (rf"(?<={_HAN})(?<![居户籍现原系告])(?={_GLUED_LABEL}[：:])", "，"),  # columns that a PDF has lost
    (r"(?<=[：:，,。；;、]) +| +(?=[：:，,。；;、])", ""),  # around punctuation
    (r"(?<=\S)(?:[ \u3000]{2,}|[ \u3000]*\t[ \u3000]*)(?=\S)", "，"),  # columns
)
# papers whose lines were lost: cut between court, title, number and first party
_GLUED: tuple[tuple[str, str], ...] = (
    (rf"(法院) ?(?={_TITLE_WORD})", r"\1\n"),
    (r"(法院|决书|定书|解书|支付令|通知书) ?(?=[（(〔\[]\d{4}|案\s*号)", r"\1\n"),
    (rf"(\d号(?:之[一二三四五])?)[ ，]?(?={ROLE})", r"\1\n"),
    (rf"([诉辩]状|申请书) ?(?={ROLE}[：:（(])", r"\1\n"),
    (rf"(?m)^({_HAN}{{2,20}}[省市区县州盟旗级])\n({_HAN}{{0,12}}人民法院)$", r"\1\2"),  # a court in two lines
)


def _without_spaces(found: re.Match[str]) -> str:
    return re.sub(r"\s", "", found[0])


def clean(text: str) -> str:
    """Lay the text out evenly; what is written stays as written."""
    for pattern, instead in _LINES:
        text = re.sub(pattern, instead, text)
    text = "\n".join(_evenly_spaced(line) for line in text.split("\n"))
    for pattern, instead_or_none in _LAYOUT:
        text = re.sub(pattern, _without_spaces if instead_or_none is None else instead_or_none, text)
    text = _unwrap(text)
    head, rest = text[:400], text[400:]
    for pattern, instead in _GLUED:
        head = re.sub(pattern, instead, head)
    return head + rest


_LONE = re.compile(r"(?:(?<=[\s：:，,])|^)(?![男女年月日号])[一-鿿](?=\s)")
_SPACES_OF_HAN = re.compile(r"(?<=[一-鿿\d）)：:，,。；;、]) +(?=[一-鿿\d（(：:，,。；;、])")
_FIELDS = re.compile(rf"^{_SET_IN}?(?:{ROLE}|{'|'.join(REPRESENTATIVE_WORDS)}|委托\S{{0,4}}代理人) \S")
# So many letters that stand alone tell a line spaced for looks.
_LOOKS = 4


def _evenly_spaced(line: str) -> str:
    """A line with spaces between its letters loses them; one with spaces for commas gets commas."""
    if len(_LONE.findall(line)) >= _LOOKS and len(line) > len("民 事 判 决 书"):
        return _SPACES_OF_HAN.sub("", line)
    if _FIELDS.match(line) and not re.search("[，。；,;]", line) and line.count(" ") > 1:
        return line.replace(" ", "：", 1).replace(" ", "，")
    return line


def fold(text: str) -> str:
    """The text with punctuation and digits in one width, character for character: spans stay valid."""
    return _FULL_STOP.sub("。", text.translate(_FOLD))


# a line that begins a field of its own is never the rest of the line before it
_LABEL = (
    r"执行事务|法人代表|诉讼代|法定代|指定|经营|投资人|主要负责|统一社会|住所|住址|地址|联系|电话|手机|身份证|公民身份|"
    r"姓名|名称|性别|证件|经常居住|户籍|现住|以上|上述|翻译"
)
_STARTS = re.compile(
    rf"(?:{ROLE}(?![。，；）])|委托|法定代|负责人|辩护人|[一二三四五六七八九十]+、|\d+[.、]|案\s*[号由]|此致|传唤|应到|[一-鿿]{{2,30}}法院$|审判[员长]|书记员|二[〇○零]|诉讼请求|事实|{_LABEL})"
)
_CARRIED_ON = re.compile(r"[与诉和、及对向，系为被由即同]$")
_OPEN_BRACKET = re.compile(r"[（(][^（()）]{0,40}$")
_WORD = re.compile(r"[A-Za-z0-9*×（(]*.(?:[。，；：、）)]|[:,.;][A-Za-z0-9*]*[:,.;]?)?")
_NARROWEST, _WIDEST = 44.0, 130.0
_INDENT = 4.0
# How much of a full line may be left blank; more where it breaks off within a clause.
_EXACT, _RAGGED = 0.5, 4.5
_CLAUSE_ENDS = re.compile(r"[。；：，、）.;:,)]$")
# In a text whose paragraphs are set in, a line that is not goes on with an unfinished one.
_OPEN_PARAGRAPH = re.compile(rf"{_SET_IN}.*[^。；：:;.!！?？\n]$")
_SOME = 3


def _width(line: str) -> float:
    """How far a line reaches, in half characters: Chinese takes two, Latin letters and digits a little over one."""
    indent = _INDENT if line.startswith(_SET_IN) else 0.0
    return indent + sum(2.0 if letter > "\u2e7f" else 1.15 for letter in line.removeprefix(_SET_IN))


def first_word(line: str) -> str:
    """What a page cannot break: Latin letters and digits together, and a mark that may not begin a line."""
    word = _WORD.match(line)
    return word[0] if word else ""


def goes_on(before: str, line: str) -> bool:
    """Whether a line can be the rest of the full line before it, and is not a field of its own."""
    return bool(_CARRIED_ON.search(before) or _OPEN_BRACKET.search(before)) or not _STARTS.match(line)


def _unwrap(text: str) -> str:
    """Join lines that were broken only because the page was full: the next word would not have fitted."""
    lines = [line for line in text.split("\n") if line.strip(_SET_IN)]
    widest = max((_width(line) for line in lines), default=0.0)
    set_in = sum(line.startswith(_SET_IN) for line in lines) >= _SOME
    if not set_in and not _NARROWEST <= widest <= _WIDEST:
        return "\n".join(lines).replace(_SET_IN, "")
    joined: list[str] = []
    reach = 0.0
    for line in lines:
        slack = _RAGGED if joined and not _CLAUSE_ENDS.search(joined[-1]) else _EXACT
        full = reach + _width(first_word(line)) > widest - slack
        open_paragraph = set_in and bool(joined) and _OPEN_PARAGRAPH.match(joined[-1]) is not None
        if joined and (full or open_paragraph) and not line.startswith(_SET_IN) and goes_on(joined[-1], line):
            joined[-1] += line
        else:
            joined.append(line)
        reach = _width(line)
    return "\n".join(joined).replace(_SET_IN, "")
