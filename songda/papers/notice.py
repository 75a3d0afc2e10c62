"""公告: what a public notice must say for each kind of paper (民诉法解释 139), for the board and for a newspaper."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from typing import Literal

from songda.lib import clock
from songda.papers.parts import Desk, Matter
from songda.papers.render import plain, render

Version = Literal["board", "newspaper"]
_BASIS = {30: "第九十五条", 60: "第二百八十三条"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """起诉状 or 上诉状副本: its gist, the time to answer, and what follows from not answering."""

    gist: str
    answer_days: int = 15
    evidence_days: int | None = None
    appeal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summons:
    """传票: time and place of the hearing, and what follows from staying away (民事诉讼法 147)."""

    at: datetime | None
    """None where the hearing falls on a day counted from the notice; then `after` says which."""
    place: str
    after: str = ""
    """Such as 举证期限届满后第三日上午九时（遇法定休假日顺延）."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """The right to appeal that a judgment's notice must name."""

    court: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """判决书 or 裁定书: its title, what it decides, and the appeal where there is one."""

    title: str
    gist: str
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPaper:
    """Any other paper that may be served by notice, with what the recipient is to do."""

    title: str
    demand: str = ""


Item = Complaint | Summons | Decision | OtherPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """One public notice. `reason` says why no other way was left; `days` is 30, or 60 for a party without domicile
    in China (民事诉讼法 95, 283). Raises ValueError for other days or no items.
    """

    matter: Matter
    made_at: datetime
    issued_on: date
    recipient: str
    reason: str
    items: tuple[Item, ...]
    days: int = 30
    collect_at: str = ""
    """Where the papers can be fetched meanwhile."""
    desk: Desk = Desk()

    def __post_init__(self) -> None:
        if self.days not in _BASIS:
            raise ValueError("a public notice runs for 30 or 60 days")
        if not self.items:
            raise ValueError("a public notice serves at least one paper")


def public_notice(paper: PublicNotice, version: Version = "board") -> bytes:
    """公告 as PDF: a sheet for the court's board and the dwelling, or a column as newspapers set it."""
    data = {**plain(paper), "body": plain(paragraphs(paper)), "text": plain(text(paper))}
    return render(f"notice_{version}", data, made_at=paper.made_at)


def text(paper: PublicNotice) -> str:
    """The notice in one paragraph, as newspapers and websites take it."""
    return f"{paper.recipient}：" + "".join(paragraphs(paper)) + f"（{paper.matter.court}）"


def paragraphs(paper: PublicNotice) -> list[str]:
    """What the notice says after the recipient's name, paragraph by paragraph."""
    titles = "、".join(_title(item) for item in paper.items)
    number = paper.matter.number or ""
    opening = (
        f"本院受理{number}{paper.matter.cause}一案，{paper.reason}，依照《中华人民共和国民事诉讼法》"
        f"{_BASIS[paper.days]}的规定，现向你公告送达{titles}。"
    )
    ending = f"自本公告发出之日起，经过{paper.days}日，即视为送达。"
    if paper.collect_at:
        ending = f"你可在公告期内到{paper.collect_at}领取上述诉讼文书；{ending}"
    return [opening, *(_says(item) for item in paper.items if _says(item)), ending]


@singledispatch
def _title(item: object) -> str:
    raise TypeError(f"no public notice for a {type(item).__name__}")


@_title.register
def _(item: Complaint) -> str:
    return "上诉状副本" if item.appeal else "起诉状副本、应诉通知书、举证通知书"


@_title.register
def _(_item: Summons) -> str:
    return "开庭传票"


@_title.register(Decision)
@_title.register(OtherPaper)
def _(item: Decision | OtherPaper) -> str:
    return item.title


@singledispatch
def _says(item: object) -> str:
    raise TypeError(f"no public notice for a {type(item).__name__}")


@_says.register
def _(item: Complaint) -> str:
    kind = "上诉" if item.appeal else "起诉"
    evidence = f"举证期限为公告期满后的{item.evidence_days}日内。" if item.evidence_days else ""
    return (
        f"{kind}要点：{_ended(item.gist)}提出答辩状的期限为公告期满后的{item.answer_days}日内，"
        f"逾期不答辩的，不影响人民法院审理。{evidence}"
    )


@_says.register
def _(item: Summons) -> str:
    when = _clock(item.at) if item.at else item.after
    return f"本院定于{when}在{item.place}公开开庭审理，无正当理由逾期不到庭的，将依法缺席判决。"


@_says.register
def _(item: Decision) -> str:
    gist = f"{item.title}主要内容：{_ended(item.gist)}"
    if item.appeal is None:
        return gist
    return (
        f"{gist}如不服本{_kind(item.title)}，可在公告期满之日起{item.appeal.days}日内，向本院递交上诉状，"
        f"上诉于{item.appeal.court}；逾期不上诉的，本{_kind(item.title)}即发生法律效力。"
    )


@_says.register
def _(item: OtherPaper) -> str:
    return _ended(item.demand) if item.demand else ""


def _clock(moment: datetime) -> str:
    local = moment.astimezone(clock.BEIJING)
    return f"{plain(local.date())}{local.hour}时{local.minute:02d}分"


def _kind(title: str) -> str:
    return "裁定" if "裁定" in title else "判决"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "！", "？")) else f"{sentence}。"
