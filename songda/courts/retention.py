"""How long files are kept: which kinds there are, whence a court may have them deleted at all, and how soon at the
earliest.

Nothing is deleted unless the court's policy gives a kind its years; they run from the end of everything in the case.
The ground for deleting is the 个人信息保护法; the fewest years come from what a file may still be needed for.
"""

from dataclasses import dataclass
from datetime import date

from songda.law.articles import Article, Instrument

_PIPL = Instrument("个人信息保护法", "中华人民共和国个人信息保护法", date(2021, 11, 1))
_CPL = Instrument("民事诉讼法", "中华人民共和国民事诉讼法（2023年修正）", date(2024, 1, 1))
_ARCHIVES = Instrument(
    "诉讼档案保管期限规定", "最高人民法院、国家档案局关于人民法院诉讼档案保管期限的规定", date(1984, 1, 4)
)

SHORTEST = Article("个人信息保护法第十九条", "保存期限为实现处理目的所必要的最短时间", _PIPL, _PIPL.since)
DELETE = Article("个人信息保护法第四十七条", "保存期限届满的，应当主动删除", _PIPL, _PIPL.since)
ENFORCING = Article("民事诉讼法第二百五十条", "申请执行的期间为二年", _CPL, _CPL.since)
ARCHIVED = Article(
    "诉讼档案保管期限规定第三条", "诉讼档案分永久、长期、短期保管，短期为三十年", _ARCHIVES, _ARCHIVES.since
)


@dataclass(frozen=True, slots=True)
class Period:
    """One class of files. `setting` names the years in the court's policy (0: kept for good); `kinds` are kinds of
    papers and exhibits, `document` what the court handed over; `fewest` years, by the article `because`."""

    setting: str
    label: str
    kinds: frozenset[str]
    fewest: int
    because: Article
    ground: Article = DELETE
    # What counts where the court gave this one no years of its own.
    otherwise: str = ""


PERIODS: tuple[Period, ...] = (
    Period("keep_copies_years", "邮寄用的打印件", frozenset({"envelope"}), 1, SHORTEST),
    Period("keep_recordings_years", "录音、录像", frozenset({"recording", "video"}), 3, ENFORCING),
    Period("keep_pictures_years", "现场照片、签名、扫描件", frozenset({"photo", "signature", "scan"}), 3, ENFORCING),
    Period(
        "keep_conversations_years",
        "联络留言及附件（没有单设的，随卷宗材料）",
        frozenset({"conversation", "attachment"}),
        3,
        ENFORCING,
        otherwise="keep_records_years",
    ),
    Period(
        "keep_records_years",
        "卷宗材料：文书、回证、回执、笔录、函件、公告、确认书",
        frozenset({"document", "proof", "receipt", "record", "letter", "notice", "confirmation"}),
        30,
        ARCHIVED,
    ),
)


def period_of(kind: str) -> Period:
    """The class a kind belongs to; one that no class names is kept as long as the file of the case."""
    return next((one for one in PERIODS if kind in one.kinds), PERIODS[-1])
