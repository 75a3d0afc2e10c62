"""What an operator says on a call, as a table: which lines, in which situation, and what nobody else may be told.

Until whoever answers has shown to be the recipient, nothing of the case is said. What a person who consents must be
told is the law's list: scope, effect, how the address is changed (在线诉讼规则第三十条).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from songda.filing.models import DocumentKind

# Papers that may never be served by telephone; electronically they may since 2022, with paper on request
# (民事诉讼法第九十条第一款).
RULINGS = frozenset({DocumentKind.JUDGMENT, DocumentKind.RULING, DocumentKind.MEDIATION})


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides which lines are said."""

    audience: str
    kinds: frozenset[str]
    knows_id_number: bool
    capacity: str = "full"
    calls_before: int = 0
    is_divorce: bool = False

    @property
    def has_rulings(self) -> bool:
        return bool(self.kinds & RULINGS)


_When = Callable[[Situation], bool]


def _always(_: Situation) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say. `{blank}` is filled from the case; `basis` is the rule that asks for it."""

    part: str
    words: str
    when: _When = _always
    basis: str = ""


PARTS = {
    "open": "先核对是不是本人",
    "matter": "是本人，再说来意",
    "tell": "依法告知",
    "ask": "征询",
    "agreed": "同意以后",
    "refused": "不同意",
    "close": "结束",
}

LINES: tuple[Line, ...] = (
    Line(
        "open",
        "您好，这里是送达中心，受{court}委托打来，本次通话录音。请问您是{addressee}吗？",
        lambda s: s.audience != "organisation",
    ),
    Line(
        "open",
        "您好，这里是送达中心，受{court}委托打来，本次通话录音。请问是{addressee}吗？请问您的姓名和职务？",
        lambda s: s.audience == "organisation",
    ),
    Line("open", "请您慢慢听，听不清我可以重复；也可以请家人在旁边一起听。", lambda s: s.audience == "elderly"),
    Line("open", "之前打过{calls_before}次，今天占用您两三分钟。", lambda s: s.calls_before > 0),
    Line(
        "open",
        "为核对身份，请说一下您身份证号码的后四位。（只请对方说，不要自己念出来）",
        lambda s: s.knows_id_number and s.audience in {"person", "elderly"},
        "个人信息保护法第五十一条",
    ),
    Line(
        "open",
        "为核对身份，请说一下您知道的案件情况，比如对方是谁。（只请对方说，不要提示）",
        lambda s: not s.knows_id_number or s.audience not in {"person", "elderly"},
        "个人信息保护法第五十一条",
    ),
    Line(
        "open",
        "当事人没有完全民事行为能力：只与法定代理人办理，请其报出姓名和与当事人的关系。",
        lambda s: s.capacity != "full",
        "民事诉讼法第六十条",
    ),
    Line("matter", "{case}一案，有{count}份文书要送达给您：{papers}。"),
    Line("ask", "经您同意，法院可以用电子方式送达，您在手机上就能查阅和签收。您同意吗？", basis="民事诉讼法第九十条"),
    Line(
        "tell",
        "适用范围是本案的诉讼文书和证据材料；电子送达与送达纸质文书效力相同；号码变更请及时告诉法院。",
        basis="在线诉讼规则第三十条",
    ),
    Line(
        "tell",
        "其中{rulings}也可以电子送达；您需要纸质文书的，法院应当提供。",
        lambda s: s.has_rulings,
        "民事诉讼法第九十条",
    ),
    Line(
        "tell",
        "{rulings}不能在电话里送达：只征询同意，不念内容，不说结果。",
        lambda s: s.has_rulings,
        "法发〔2017〕19号第十四条",
    ),
    Line(
        "tell",
        "上诉期限从送达的次日起算，文书里写明了期限，请及时查阅。",
        lambda s: "judgment" in s.kinds,
        "民事诉讼法第一百七十一条",
    ),
    Line(
        "agreed",
        "就用现在这个号码接收吗？确认以后，信息到达这个号码就是送达。还有没有电子邮箱？",
        basis="在线诉讼规则第三十条、第三十一条",
    ),
    Line("agreed", "短信前面写着【{court}】。请点开链接，输入验证码查阅、签收。"),
    Line("agreed", "不会操作的，请家人帮忙，或者告诉我们邮寄纸质文书。", lambda s: s.audience == "elderly"),
    Line("refused", "好的，我们记下了。文书会邮寄到您的地址，请问您现在的收件地址和收件人？"),
    Line("close", "法院不会要您转账，不会要银行密码。有疑问请拨打{phone}或者12368核实。"),
)

# What is kept from whoever is not the recipient.
SILENCE: tuple[Line, ...] = (
    Line(
        "third", "不说案由、文书名称、对方当事人、金额和结果；不说是不是被起诉。", basis="个人信息保护法第六条、第十条"
    ),
    Line("third", "不请对方转告案情。只可以说：请转告本人回电{phone}。"),
    Line("third", "不问本人的其他号码以外的私事；对方愿意告知新号码的，按“接电话的人告知新号码”登记。"),
    Line(
        "third",
        "离婚案件：配偶是对方当事人，不能代收，更不能向其透露。",
        lambda s: s.is_divorce,
        "法释〔2004〕13号第七条",
    ),
    Line("third", "打错了：说“对不起，打扰了，我们不会再打这个号码”，按“不是本人”登记；号码停用，链接立即失效。"),
)


def lines(situation: Situation, values: Mapping[str, str]) -> list[tuple[str, list[Line]]]:
    """What to say in this situation, part by part, with the blanks filled."""
    return [
        (title, found)
        for part, title in PARTS.items()
        if (found := [_filled(one, values) for one in LINES if one.part == part and one.when(situation)])
    ]


def silence(situation: Situation, values: Mapping[str, str]) -> list[Line]:
    """What nobody but the recipient may be told."""
    return [_filled(one, values) for one in SILENCE if one.when(situation)]


def _filled(line: Line, values: Mapping[str, str]) -> Line:
    return Line(line.part, line.words.format_map(_Blanks(values)), line.when, line.basis)


class _Blanks(dict[str, str]):
    """Blanks nobody filled are shown as such, never as an error on the telephone."""

    def __missing__(self, name: str) -> str:
        return "……"
