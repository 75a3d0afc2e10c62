"""The articles the tables cite, as values: code, title, instrument, and the days between which each holds.

`code` is today's number of the article. Where an older text of the same instrument held the rule under another
number, `formerly` says until when, so that a case of those days can be explained in its own numbers.
"""

from dataclasses import dataclass
from datetime import date

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 to 999 as statutes write it: 95 is 九十五, 107 is 一百零七, 110 is 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A statute or judicial interpretation: the name used in citations, its full title, its number or version."""

    short: str
    title: str
    since: date


@dataclass(frozen=True, slots=True)
class Formerly:
    """The number the rule had in an older text: used for days before `until`."""

    until: date
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article; `valid_from` is when its rule, under whatever number, came into force."""

    code: str
    title: str
    instrument: Instrument
    valid_from: date
    valid_until: date | None = None
    formerly: tuple[Formerly, ...] = ()

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def cited_on(self, day: date) -> str:
        """The citation for an event of that day, with the number the article then had where it differed."""
        for old in self.formerly:
            if day < old.until:
                return f"{self.code}（时为{old.text}第{chinese_number(old.number)}条）"
        return self.code


CPL = Instrument("民事诉讼法", "中华人民共和国民事诉讼法（2023年修正）", date(2013, 1, 1))
JI = Instrument("民诉法解释", "最高人民法院关于适用民事诉讼法的解释（2022年修正）", date(2015, 2, 4))
MAIL = Instrument("法释〔2004〕13号", "最高人民法院关于以法院专递方式邮寄送达民事诉讼文书的若干规定", date(2005, 1, 1))
OLR = Instrument("在线诉讼规则", "人民法院在线诉讼规则", date(2021, 8, 1))
SUM = Instrument(
    "简易程序若干规定", "最高人民法院关于适用简易程序审理民事案件的若干规定（2020年修正）", date(2003, 12, 1)
)
OP17 = Instrument("法发〔2017〕19号", "最高人民法院关于进一步加强民事送达工作的若干意见", date(2017, 7, 19))
PAY = Instrument("督促程序规定", "最高人民法院关于适用督促程序若干问题的规定", date(2001, 1, 21))
HKM = Instrument("涉港澳送达规定", "最高人民法院关于涉港澳民商事案件司法文书送达问题若干规定", date(2009, 3, 16))
TW = Instrument("涉台送达规定", "最高人民法院关于涉台民事诉讼文书送达的若干规定", date(2008, 4, 23))
CRIM = Instrument("刑事诉讼法", "中华人民共和国刑事诉讼法（2018年修正）", date(2013, 1, 1))
ADMIN = Instrument("行政诉讼法", "中华人民共和国行政诉讼法（2017年修正）", date(2015, 5, 1))
PILOT = Instrument("繁简分流试点办法", "民事诉讼程序繁简分流改革试点实施办法", date(2020, 1, 15))

ARTICLES: dict[str, Article] = {}

_REVISED_2021 = date(2022, 1, 1)
_REVISED_2023 = date(2024, 1, 1)


def _article(
    instrument: Instrument,
    number: int,
    title: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    formerly: tuple[Formerly, ...] = (),
) -> Article:
    code = f"{instrument.short}第{chinese_number(number)}条"
    ARTICLES[code] = Article(code, title, instrument, valid_from or instrument.since, valid_until, formerly)
    return ARTICLES[code]


def _cpl(number: int, title: str, in_2017: int, in_2021: int | None = None) -> Article:
    """An article of the civil procedure law with its number in the texts of 2017 and, where it differed, of 2021."""
    formerly: tuple[Formerly, ...] = (Formerly(_REVISED_2021, "2017年文本", in_2017),)
    if in_2021:
        formerly += (Formerly(_REVISED_2023, "2021年文本", in_2021),)
    return _article(CPL, number, title, formerly=formerly)


CPL_85 = _cpl(85, "期间的计算", 82)
CPL_87 = _cpl(87, "送达回证与送达日期", 84)
CPL_88 = _cpl(88, "直接送达与可以签收的人", 85)
CPL_89 = _cpl(89, "留置送达", 86)
CPL_90 = _cpl(90, "电子送达", 87)
CPL_91 = _cpl(91, "委托送达、邮寄送达", 88)
CPL_92 = _cpl(92, "军人转交送达", 89)
CPL_93 = _cpl(93, "被监禁、被采取强制性教育措施的人转交送达", 90)
CPL_94 = _cpl(94, "转交后的签收与送达日期", 91)
CPL_95 = _cpl(95, "公告送达", 92)
CPL_128 = _cpl(128, "答辩期", 125)
CPL_171 = _cpl(171, "上诉期", 164)
CPL_174 = _cpl(174, "上诉状副本的送达与答辩期", 167)
CPL_182 = _cpl(182, "第二审判决、裁定是终审的判决、裁定", 175)
CPL_227 = _cpl(227, "支付令的清偿与异议期", 216, 223)
CPL_283 = _cpl(283, "对在我国领域内没有住所的当事人的送达方式", 267, 274)
CPL_285 = _cpl(285, "在我国领域内没有住所的被告的答辩期", 268, 275)
CPL_286 = _cpl(286, "在我国领域内没有住所的当事人的上诉期", 269, 276)

JI_125 = _article(JI, 125, "期间自次日起算")
JI_130 = _article(JI, 130, "向法人或者其他组织送达")
JI_131 = _article(JI, 131, "到法院领取及住所地以外直接送达时拒签")
JI_132 = _article(JI, 132, "诉讼代理人为代收人的留置送达")
JI_133 = _article(JI, 133, "调解书应当直接送达本人")
JI_134 = _article(JI, 134, "委托送达十日内完成")
JI_135 = _article(JI, 135, "电子送达的到达日期")
JI_136 = _article(JI, 136, "电子送达的同意应当确认")
JI_137 = _article(JI, 137, "确认的地址沿用于后续程序")
JI_138 = _article(JI, 138, "公告的方式与发出日期")
JI_139 = _article(JI, 139, "公告的内容")
JI_140 = _article(JI, 140, "简易程序不适用公告送达")
JI_141 = _article(JI, 141, "定期宣判时拒不签收")
JI_244 = _article(JI, 244, "上诉期从各自收到之日计算")
JI_261 = _article(JI, 261, "简易程序的简便送达方式")
JI_266 = _article(JI, 266, "简易程序的答辩期间")
JI_429 = _article(JI, 429, "支付令送达债务人本人与留置")
JI_430 = _article(JI, 430, "三十日内无法送达的支付令失效")
JI_532 = _article(JI, 532, "公告送达裁判文书后的上诉期")
JI_533 = _article(JI, 533, "在我国领域内的外国人及外国组织的负责人")
JI_534 = _article(JI, 534, "向国外邮寄送达")
JI_535 = _article(JI, 535, "二审径行公告送达")
JI_536 = _article(JI, 536, "上诉期均已届满的裁判生效")
JI_549 = _article(JI, 549, "涉港澳台案件参照涉外程序")

MAIL_1 = _article(MAIL, 1, "可以与不可以邮寄的情形")
MAIL_5 = _article(MAIL, 5, "拒绝提供地址时的送达地址")
MAIL_6 = _article(MAIL, 6, "五日内投送三次以上与退回")
MAIL_7 = _article(MAIL, 7, "代收人与同住成年家属，对方当事人除外")
MAIL_8 = _article(MAIL, 8, "签收与身份证件号码")
MAIL_9 = _article(MAIL, 9, "邮寄送达即为送达的情形")
MAIL_10 = _article(MAIL, 10, "邮件内容不符的退回")
MAIL_11 = _article(MAIL, 11, "文书退回之日视为送达")

OLR_29 = _article(OLR, 29, "同意电子送达的四种情形")
OLR_31 = _article(OLR, 31, "电子送达的生效")

SUM_8 = _article(SUM, 8, "无法通知被告应诉时转入普通程序")
SUM_9 = _article(SUM, 9, "拒不提供地址时的送达地址")
SUM_10 = _article(SUM, 10, "地址不准确时直接送达的视为送达")
SUM_11 = _article(SUM, 11, "拒签留置，对方当事人除外")
SUM_28 = _article(SUM, 28, "当庭宣判后的领取")

OP17_8 = _article(OP17, 8, "规避送达时的送达地址")
OP17_14 = _article(OP17, 14, "电话送达")

PAY_6 = _article(PAY, 6, "三十日内无法送达的终结督促程序")

HKM_3 = _article(HKM, 3, "在内地的受送达人直接送达")
HKM_4 = _article(HKM, 4, "向诉讼代理人送达")
HKM_6 = _article(HKM, 6, "按照相互委托送达安排送达")
HKM_7 = _article(HKM, 7, "邮寄送达与三个月")
HKM_8 = _article(HKM, 8, "能够确认收悉的其他方式")
HKM_9 = _article(HKM, 9, "公告送达三个月")
HKM_10 = _article(HKM, 10, "最先实现的送达")
HKM_11 = _article(HKM, 11, "在内地的留置送达")
HKM_12 = _article(HKM, 12, "未签收但视为送达的情形")

TW_3 = _article(TW, 3, "涉台送达的方式")
TW_4 = _article(TW, 4, "在大陆送达的签收与留置")
TW_5 = _article(TW, 5, "邮寄送达与三个月")
TW_6 = _article(TW, 6, "传真、电子邮件送达")
TW_8 = _article(TW, 8, "公告的媒体")

CRIM_105 = _article(CRIM, 105, "期间的计算")
CRIM_107 = _article(CRIM, 107, "刑事诉讼文书的送达")
CRIM_230 = _article(CRIM, 230, "上诉、抗诉的期限")

ADMIN_67 = _article(ADMIN, 67, "行政案件的答辩期")
ADMIN_85 = _article(ADMIN, 85, "行政案件的上诉期")
ADMIN_101 = _article(ADMIN, 101, "送达适用民事诉讼法")

PILOT_25 = _article(PILOT, 25, "试点法院裁判文书的电子送达", valid_until=date(2021, 12, 31))
