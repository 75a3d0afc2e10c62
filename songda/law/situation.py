"""What the law is asked about: a case, a recipient, papers, and the facts known so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

PROCEDURES: dict[str, str] = {
    "ordinary": "普通程序",
    "summary": "简易程序",
    "payment_order": "督促程序",
    "appeal": "第二审程序",
    "enforcement": "执行程序",
    "criminal": "刑事诉讼程序",
    "administrative": "行政诉讼程序",
}
RECIPIENT_KINDS: dict[str, str] = {
    "person": "自然人",
    "organisation": "法人或者其他组织",
    "soldier": "军人",
    "prisoner": "被监禁的人",
    "abroad": "在我国领域内没有住所的人",
    "hk_macao": "住所地在港澳的人",
    "taiwan": "住所地在台湾地区的人",
}
CAPACITIES: dict[str, str] = {
    "full": "完全民事行为能力",
    "none": "无民事行为能力",
    "limited": "限制民事行为能力",
}
ADDRESS_RANKS: dict[str, str] = {
    "confirmed": "受送达人确认的地址",
    "agreed": "合同、函件约定的地址",
    "filed": "诉讼材料中自己写明的地址",
    "other_proceedings": "一年内其他诉讼、仲裁中提供的地址",
    "civil_life": "一年内民事活动常用的地址",
    "registered": "户籍、登记的住所地",
    "unknown": "来源不明或者没有地址",
}
ELECTRONIC_ADDRESSES: dict[str, str] = {
    "confirmed": "受送达人提供或者确认的电子地址",
    "found": "能够确认为其本人的电子地址",
    "none": "没有电子地址",
}
DOCUMENT_KINDS: dict[str, str] = {
    "complaint": "起诉状副本",
    "summons": "传票",
    "judgment": "判决书",
    "ruling": "裁定书",
    "mediation": "调解书",
    "payment_order": "支付令",
    "notice": "通知书",
    "evidence": "证据材料",
    "other": "其他诉讼文书",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. `by` is who says so, not who did it; `detail` is as stored, or typed."""

    fact: str
    happened_at: datetime
    learnt_at: datetime
    by: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The Beijing day on which it happened."""
        return beijing_day(self.happened_at)


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    role: str = ""
    kind: str = "person"


@dataclass(frozen=True, slots=True)
class Case:
    number: str | None = None
    procedure: str = "ordinary"
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """`electronic_consent` is what stands apart from the facts; consent facts change it from their own time on."""

    kind: str = "person"
    capacity: str = "full"
    address_rank: str = "unknown"
    electronic_consent: bool | None = None
    electronic_address: str = "none"


@dataclass(frozen=True, slots=True)
class Document:
    kind: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the law may look at; what is learnt or happens after `as_of` does not exist for it."""

    as_of: datetime
    case: Case
    recipient: Recipient
    documents: tuple[Document, ...]
    facts: tuple[Fact, ...]


def beijing_day(moment: datetime) -> date:
    """The statutory day of a moment: Beijing's."""
    return moment.astimezone(BEIJING).date()
