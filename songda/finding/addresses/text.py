"""What stands around and inside an address: widths, numerals, telephone numbers, post codes, names of recipients."""

import re
from dataclasses import dataclass

_WIDE_FROM = "\u3000\u00a0\t\r\n\ufeff—–−‐―～~﹣，。；：【】（）〇＃「」"
_WIDE_TO = "      --------,,,:()()零#  "
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(_WIDE_FROM, _WIDE_TO)
_ODD = re.compile(f"[\uff01-\uff5e{_WIDE_FROM}\u200b\u200e\u200f]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f]")

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "壹": 1, "贰": 2, "叁": 3}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "零一二三四五六七八九十百千两"
# Before these words a Chinese numeral counts something; in 金家一路 or 三圣街道 it is part of a name.
_COUNTED = re.compile(
    rf"(?<![{_CHINESE}\d])([{_CHINESE}]+)(?=号(?!大街|路)|栋|幢|座|单元|层|楼|室|组|社(?!区)|队|弄|附|排|房(?!产|屋)|户|期|区(?!域))"
)
_LATER = re.compile(r"(?<=[之附])([一二三四五六七八九十]+)")

_LABEL = re.compile(
    r"(?:详细地址|收货地址|收件地址|联系地址|通讯地址|送达地址|所在地区|户籍地|住所地|现住址|住址|地址|住所|住)\s*[:：为]?\s*"
)
_LABEL_STARTS = frozenset("详收联通送所户住现地")
_PHONE = re.compile(
    r"(?:(?:手机|联系)?(?:号码|电话)|手机|电话|tel)?[:：]?\s*(?:\+?86[- ]?)?(1[3-9]\d{9})(?!\d)", re.IGNORECASE
)
_LANDLINE = re.compile(r"(?:电话[:：]?\s*)?(?<!\d)(0\d{2,3}[- ]?\d{7,8})(?:-\d{1,4})?(?!\d)")
_POSTCODE = re.compile(r"(?:邮政编码|邮编|邮码)[:：]?\s*(\d{6})|^\(?(\d{6})\)?(?=\D)|(?:(?<=[ ,])\(?)(\d{6})\)?$")
_NAMED = re.compile(
    r"(?:收货人|收件人|联系人|姓名|收信人)[:：]?\s*([\u4e00-\u9fff]{2,4}?)(?=手机|电话|所在|地址|号码|[ ,(:]|\d|$)"
)
_RECEIVED = re.compile(r"[ ,(]+([\u4e00-\u9fff]{1,4}?)(?:\(?(?:先生|女士|小姐))?\)?\(?(?:亲?收|启)\)?$")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff0-9A-Za-z)])[ ,]+([\u4e00-\u9fff]{1,4})$")
_LEADING = re.compile(r"^([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff][a-z*]{1,3})[ ,:]+(?=\S{5})")
_PLACE_ENDING = re.compile(r"[省市区县州盟旗镇乡村路街巷道号楼栋幢座室园苑城店厂院校司场馆庄里弄组社队期门口旁内面]$")
_NOISE = re.compile(
    r"(?=[nu收联手详电*])(?:null|undefined|None|收货人|收件人|联系人|手机号码|详细地址|电联|\*{3,})", re.IGNORECASE
)
_LOOSE = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d)")
_BLANKS = re.compile(r"\s+")
_PLAIN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z#-]*")
_NO_NOISE = re.compile(r"[^\WnNuU_收联手详电*]*")
_HAS_CHINESE_NUMERAL = re.compile(f"[{_CHINESE}]")
_LONG_DIGITS = re.compile(r"\d{6}")


LONGEST = 200  # characters; what is longer is no address, and is not read further


@dataclass(slots=True)
class Cleaned:
    """An address on its own, and what was stuck to it."""

    body: str
    name: str = ""
    phones: tuple[str, ...] = ()
    postcode: str = ""


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation become narrow; every dash becomes '-'."""
    return _INVISIBLE.sub("", text.translate(_WIDE)) if _ODD.search(text) else text


def number(chinese: str) -> int:
    """十三 is 13, 一二〇 is 120, 一百零五 is 105."""
    if not any(char in _SCALES for char in chinese):
        return int("".join(str(_DIGITS.get(char, 0)) for char in chinese))
    total, digit = 0, 0
    for char in chinese:
        if char in _SCALES:
            total += (digit or 1) * _SCALES[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


_SPELT = re.compile(r"(?<=[元楼层栋幢座号])[零一二三四五六七八九]{3,4}(?=$|[室号 ,(])")


def _arabic(found: re.Match[str]) -> str:
    return str(number(found.group(1)))


def count_in_digits(text: str) -> str:
    """十三号楼 becomes 13号楼; names of roads and towns keep their numerals."""
    if not _HAS_CHINESE_NUMERAL.search(text):
        return text
    text = _COUNTED.sub(_arabic, _SPELT.sub(lambda found: str(number(found.group())), text))
    return _LATER.sub(_arabic, text) if "之" in text or "附" in text else text


def _take_phones(text: str) -> tuple[str, tuple[str, ...]]:
    found = tuple(_PHONE.findall(text))
    text = _PHONE.sub(" ", text) if found else text
    fixed = tuple(_LANDLINE.findall(text))
    return (_LANDLINE.sub(" ", text) if fixed else text), found + fixed


def _take_postcode(text: str) -> tuple[str, str]:
    found = _POSTCODE.search(text)
    if not found:
        return text, ""
    code = next(group for group in found.groups() if group)
    return (text[: found.start()] + " " + text[found.end() :]).strip(" ,"), code


def _take_name(text: str) -> tuple[str, str]:
    for pattern in (_NAMED, _RECEIVED, _SPACED, _LEADING):
        found = pattern.search(text)
        if found and not _PLACE_ENDING.search(found.group(1)):
            return (text[: found.start()] + " " + text[found.end() :]).strip(" ,"), found.group(1)
    return text, ""


_FREE_TRADE = re.compile(r"^(?:中国)?\(?([\u4e00-\u9fff]{2,3})\)?自由贸易试验区")
_REGION_LABEL = re.compile(r"所在地区[:：]?\s*(?=\S{4})")


def _take_label(text: str) -> str:
    # The head of a shop's form; what stands before it is another place.
    form = _REGION_LABEL.search(text) if "所在地区" in text else None
    text = text[form.end() :] if form else text
    found = _LABEL.match(text) if text[:1] in _LABEL_STARTS else None
    text = text[found.end() :] if found else text
    return _FREE_TRADE.sub(r"\1", text) if "自由贸易" in text else text


def clean(text: str) -> Cleaned:
    """Separate an address from telephone numbers, a post code, a recipient's name and noise."""
    body = text[:LONGEST]
    plain = _PLAIN.fullmatch(body)
    if not plain:
        body = narrow(body).strip(" ,.;:'\"")
        plain = _PLAIN.fullmatch(body)
    if plain and not _LONG_DIGITS.search(body):
        return Cleaned(_take_label(body if _NO_NOISE.fullmatch(body) else _NOISE.sub("", body)))
    phones: tuple[str, ...] = ()
    postcode = ""
    if _LONG_DIGITS.search(body):
        body, phones = _take_phones(body)
        body, postcode = _take_postcode(body.strip(" ,"))
    body, name = _take_name(_BLANKS.sub(" ", body).strip(" ,"))
    body = _LOOSE.sub("", _take_label(_NOISE.sub(" ", body).strip(" ,")))
    return Cleaned(body, name, phones, postcode)
