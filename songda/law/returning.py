"""Effects of court mail: handed over and closed, returned and deemed, unanswered from outside the mainland."""

from collections.abc import Callable
from dataclasses import dataclass

from . import articles as a
from .carried import Carried, Effect, turned_away
from .course import Course, months_after
from .explanation import Bar
from .facts import RETURN_REASONS, SIGNERS
from .handing import is_opposing
from .methods import voiding_bar
from .signers import REFUSING_MAIL, row_for, why_not_sign
from .situation import Fact

_NO_FAULT_SHOWN = "该退回原因不属于视为送达的情形"


_IN_PERSON = frozenset({"mediation", "payment_order"})


def _address_given(course: Course, _returned: Fact) -> Bar | None:
    # A payment order goes to the debtor in person; nothing but his own refusal stands for his hand.
    if "payment_order" in course.documents:
        return Bar("支付令应当送达债务人本人", a.JI_429.code)
    if course.address_is_his_own:
        return None
    return Bar("该地址不是受送达人自己提供或者确认的，也没有拒不提供地址的记载", a.MAIL_11.code)


def refusals_before(course: Course, returned: Fact) -> list[Fact]:
    """Who is known to have refused the letter before it came back."""
    return course.before(returned.happened_at, "receipt.refused", via="mail")


def _lawful_refusal(course: Course, fact: Fact) -> bool:
    return fact.detail["by"] in row_for(REFUSING_MAIL, course).signers and not is_opposing(course, fact)


def _refused_by_the_right_person(course: Course, returned: Fact) -> Bar | None:
    """A carrier's 拒收 without a name is the addressee's; a named refusal counts by who refused."""
    refusals = refusals_before(course, returned)
    if not refusals or any(_lawful_refusal(course, fact) for fact in refusals):
        return None
    who = SIGNERS[refusals[-1].detail["by"]]
    return Bar(f"拒收的是{who}，不是受送达人本人或者其指定的代收人", a.MAIL_11.code)


def _never(_course: Course, _returned: Fact) -> Bar | None:
    return Bar(_NO_FAULT_SHOWN, a.MAIL_11.code)


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """When a return for one reason counts as service, in words and as the test that names what is missing."""

    when: str
    missing: Callable[[Course, Fact], Bar | None]


_GIVEN = ReturnRule("地址是受送达人自己提供或者确认的，或者其经告知仍拒不提供地址", _address_given)
_NEVER = ReturnRule("不视为送达", _never)

# 法释〔2004〕13号第十一条: why the letter came back, and what must hold for the return to count as service.
# 查无此人 (untraceable), 逾期未领 (unclaimed) are none of its four causes: they open other ways, they do not serve.
RETURN_RULES: dict[str, ReturnRule] = {
    "wrong_address": _GIVEN,
    "incomplete_address": _GIVEN,
    "moved_unreported": _GIVEN,
    "refused": ReturnRule("拒收的是受送达人本人或者其指定的代收人", _refused_by_the_right_person),
    "untraceable": _NEVER,
    "unclaimed": _NEVER,
    "other": _NEVER,
}


def returned(course: Course, fact: Fact) -> Carried:
    """The day of return is the day of service where the return is the recipient's own doing."""
    because = fact.detail["because"]
    said = f"邮件因{RETURN_REASONS[because]}退回"
    bar = voiding_bar(course, "postal", fact.day) or _why_not_deemed(course, fact)
    if bar is None and any(_lawful_refusal(course, f) for f in refusals_before(course, fact)):
        because = "refused"
    bar = bar or RETURN_RULES[because].missing(course, fact)
    if bar:
        yield turned_away(fact, said, bar)
    else:
        yield Effect("deemed_served", "postal", fact.day, fact, (a.MAIL_11,), said, "return", rebuttable=True)


_OUTSIDE_ARTICLES = {"abroad": a.CPL_283, "hk_macao": a.HKM_7, "taiwan": a.TW_5}


def _why_not_deemed(course: Course, _fact: Fact) -> Bar | None:
    if "mediation" in course.documents:
        return Bar("调解书须本人签收，退回不视为送达", a.JI_133.code)
    if course.is_criminal:
        return Bar("刑事诉讼文书的邮件退回不视为送达", a.CRIM_107.code)
    if course.kind in _OUTSIDE_ARTICLES:
        return Bar("境外、港澳台邮件退回不视为送达", _OUTSIDE_ARTICLES[course.kind].code)
    return None


def closed(course: Course, fact: Fact) -> Carried:
    """A letter delivered, its receipt imaged, and closed, serves on the day of delivery.

    Delivered alone is not signed: it is the image of the signed receipt that carries the service. Where the
    signer is stated apart, that statement decides; where the papers need one certain hand, he must be stated.
    """
    delivered = course.before(fact.happened_at, "mail.delivered")
    if not delivered or not course.has("mail.receipt_scanned") or course.has("receipt.signed", via="mail"):
        return
    last = delivered[-1]
    signer = last.detail.get("signer")
    if signer is None and (course.is_incapable or not course.documents.isdisjoint(_IN_PERSON)):
        yield turned_away(last, "邮件妥投", Bar("回执签收人尚未核明", a.MAIL_9.code))
        return
    said = f"邮件妥投，回执影像、结案齐全，{SIGNERS[signer] if signer else '受送达人'}在回执上签收"
    signing = why_not_sign(course, signer, "mail") if signer else None
    bar = voiding_bar(course, "postal", last.day) or signing
    if bar:
        yield turned_away(last, said, bar)
    else:
        yield Effect("served", "postal", last.day, last, (a.CPL_91, a.MAIL_9), said, "signature")


def sent_outside(course: Course, fact: Fact) -> Carried:
    """Three months after posting abroad or to Hong Kong and Macao, what shows receipt makes the last day service.

    What shows receipt is that the recipient acted on the papers (涉港澳送达规定第十二条). Taiwan's rules know no such
    effect: there three silent months are no service.
    """
    article = {"abroad": a.CPL_283, "hk_macao": a.HKM_7}.get(course.kind)
    end = months_after(fact.day, 3)
    if article is None or end > course.today or course.has("mail.returned"):
        return
    if any(f.happened_at >= fact.happened_at for f in course.named("recipient.acted")):
        said = "邮寄满三个月未退回证明文件，受送达人已就文书内容作出行为"
        yield Effect("deemed_served", "postal", end, fact, (article,), said, "outside")
