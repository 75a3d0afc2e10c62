"""Who may sign, and whose refusal counts, for whom: rows tried from the top, the first that fits decides.

Each row names the situation it is for. `opposing_party` stands in no row: nobody signs for the other side
(法释〔2004〕13号第七条, 简易程序若干规定第十一条).
"""

from collections.abc import Callable
from dataclasses import dataclass

from . import articles as a
from .articles import Article
from .course import Course
from .explanation import Bar

Signers = frozenset[str]


@dataclass(frozen=True, slots=True)
class SignerRow:
    name: str
    applies: Callable[[Course], bool]
    signers: Signers
    articles: tuple[Article, ...]


def _mediation(course: Course) -> bool:
    return "mediation" in course.documents


def _payment_order(course: Course) -> bool:
    return "payment_order" in course.documents


def _organisation(course: Course) -> bool:
    return course.kind == "organisation"


def _incapable(course: Course) -> bool:
    return course.is_incapable


def _criminal(course: Course) -> bool:
    return course.is_criminal


def _anyone(course: Course) -> bool:
    return course.kind != ""


_ORGANISATION = frozenset({"self", "legal_representative", "principal", "mail_staff"})
# RULES use "legal representative" for 法定代理人 too; for a person without full capacity both codes mean him.
_GUARDIANS = frozenset({"guardian", "legal_representative"})

SIGNATURES: tuple[SignerRow, ...] = (
    SignerRow(
        "无、限制行为能力人的调解书",
        lambda c: _mediation(c) and _incapable(c),
        _GUARDIANS,
        (a.JI_133, a.MAIL_9),
    ),
    SignerRow(
        "组织的调解书",
        lambda c: _mediation(c) and _organisation(c),
        _ORGANISATION | {"named_receiver"},
        (a.JI_133, a.JI_130),
    ),
    SignerRow("调解书", _mediation, frozenset({"self", "named_receiver"}), (a.JI_133,)),
    SignerRow(
        "无、限制行为能力人的支付令",
        lambda c: _payment_order(c) and _incapable(c),
        _GUARDIANS,
        (a.JI_429, a.MAIL_9),
    ),
    SignerRow("组织的支付令", lambda c: _payment_order(c) and _organisation(c), _ORGANISATION, (a.JI_429, a.JI_130)),
    SignerRow("支付令", _payment_order, frozenset({"self"}), (a.JI_429,)),
    SignerRow("无、限制行为能力人的刑事文书", lambda c: _criminal(c) and _incapable(c), _GUARDIANS, (a.CRIM_107,)),
    SignerRow("单位的刑事文书", lambda c: _criminal(c) and _organisation(c), _ORGANISATION, (a.CRIM_107,)),
    # 成年家属 need not live with him, and the head of his workplace may take delivery.
    SignerRow("刑事文书", _criminal, frozenset({"self", "co_resident_adult", "principal"}), (a.CRIM_107,)),
    SignerRow(
        "法人或者其他组织",
        _organisation,
        _ORGANISATION | {"agent", "named_receiver"},
        (a.CPL_88, a.JI_130, a.MAIL_9),
    ),
    SignerRow(
        "无、限制民事行为能力人",
        _incapable,
        _GUARDIANS | {"agent", "named_receiver"},
        (a.CPL_88, a.MAIL_9),
    ),
    SignerRow(
        "自然人",
        _anyone,
        frozenset({"self", "co_resident_adult", "agent", "named_receiver"}),
        (a.CPL_88, a.MAIL_7, a.MAIL_9),
    ),
)

# Whose refusal of a visit lets the papers be left: the recipient and his adult co-resident (第八十九条), an
# organisation's receivers (解释第一百三十条), an agent only where he is the named receiver (解释第一百三十二条).
LEAVING: tuple[SignerRow, ...] = (
    SignerRow("无、限制行为能力人", _incapable, _GUARDIANS, (a.CPL_89,)),
    SignerRow("组织的支付令", lambda c: _payment_order(c) and _organisation(c), _ORGANISATION, (a.JI_429, a.JI_130)),
    SignerRow("支付令", _payment_order, frozenset({"self"}), (a.JI_429, a.CPL_89)),
    SignerRow("单位的刑事文书", lambda c: _criminal(c) and _organisation(c), _ORGANISATION, (a.CRIM_107,)),
    SignerRow("刑事文书", _criminal, frozenset({"self", "co_resident_adult", "principal"}), (a.CRIM_107,)),
    SignerRow("法人或者其他组织", _organisation, _ORGANISATION | {"named_receiver"}, (a.CPL_89, a.JI_130)),
    SignerRow("自然人", _anyone, frozenset({"self", "co_resident_adult", "named_receiver"}), (a.CPL_89,)),
)

# Whose refusal at court, or when met elsewhere, is service: 当事人 himself (解释第一百三十一条).
REFUSING_IN_PERSON: tuple[SignerRow, ...] = (
    SignerRow("无、限制行为能力人", _incapable, _GUARDIANS, (a.JI_131,)),
    SignerRow(
        "法人或者其他组织",
        _organisation,
        frozenset({"self", "legal_representative", "principal"}),
        (a.JI_131,),
    ),
    SignerRow("自然人", _anyone, frozenset({"self"}), (a.JI_131,)),
)

# Whose refusal makes returned court mail count: the recipient himself or the named receiver (法释〔2004〕13号第十一条);
# an adult co-resident may sign but cannot refuse for him. An organisation refuses through those who sign for it.
REFUSING_MAIL: tuple[SignerRow, ...] = (
    SignerRow("无、限制行为能力人", _incapable, _GUARDIANS | {"named_receiver"}, (a.MAIL_11,)),
    SignerRow("法人或者其他组织", _organisation, _ORGANISATION | {"named_receiver"}, (a.MAIL_11,)),
    SignerRow("自然人", _anyone, frozenset({"self", "named_receiver"}), (a.MAIL_11,)),
)

# A relative at home does not read the recipient's own account: electronic papers go to 受送达人特定系统.
NOT_ELECTRONIC: Signers = frozenset({"co_resident_adult", "principal"})


def row_for(rows: tuple[SignerRow, ...], course: Course) -> SignerRow:
    return next(row for row in rows if row.applies(course))


def lawful_signers(course: Course, via: str = "visit") -> SignerRow:
    """Who may sign these papers for this recipient by this way, with the articles."""
    row = row_for(SIGNATURES, course)
    if via == "forwarded":
        # 必须立即交受送达人签收: the unit hands on, it does not sign for him.
        keep = _GUARDIANS if course.is_incapable else frozenset({"self"})
        return SignerRow("转交", row.applies, keep, (a.CPL_94,))
    if via == "electronic" and course.kind != "organisation":
        return SignerRow(row.name, row.applies, row.signers - NOT_ELECTRONIC, row.articles)
    return row


def why_not_sign(course: Course, signer: str, via: str) -> Bar | None:
    """None where the signature serves; else why it serves nobody."""
    row = lawful_signers(course, via)
    if signer == "opposing_party":
        return Bar("对方当事人不得代收", (a.SUM_11 if course.kind == "organisation" else a.MAIL_7).code)
    if signer in row.signers:
        return None
    return Bar("不是依法可以签收的人", row.articles[0].code)
