"""What the API takes and gives, as OpenAPI sees it."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

RecipientKind = Literal["person", "organisation", "soldier", "prisoner", "abroad", "hk_macao", "taiwan"]
DocumentKind = Literal[
    "complaint", "summons", "judgment", "ruling", "mediation", "payment_order", "notice", "evidence", "other"
]
Consent = Literal["", "stated", "agreed_before", "address_in_pleading", "accepted_earlier"]
AddressRank = Literal["confirmed", "agreed", "filed", "other_proceedings", "civil_life", "registered", "unknown"]

Platform = Literal["", "wechat", "qq", "litigation", "lawyer"]


class AgentIn(Schema):
    name: str = Field(max_length=64)
    kind: Literal["agent", "named_receiver"] = "agent"
    phone: str = Field("", max_length=32, description="诉讼代理人的电话也用来联系受送达人（民事诉讼法第八十八条）")
    account: str = Field("", max_length=40)
    account_platform: Platform = ""


class PartyIn(Schema):
    role: str = Field(max_length=24, examples=["被告"])
    name: str = Field(max_length=100)
    kind: RecipientKind = "person"
    capacity: Literal["full", "limited", "none"] = "full"
    id_number: str = Field("", max_length=32)
    phone: str = Field("", max_length=32)
    email: str = Field("", max_length=200)
    account: str = Field(
        "", max_length=40, description="即时通讯或者平台账号；须是受送达人提供、约定或者确认的才会使用"
    )
    account_platform: Platform = ""
    address: str = Field("", max_length=300)
    address_rank: AddressRank = "filed"
    legal_representative: str = Field("", max_length=64)
    agents: list[AgentIn] = Field(default_factory=list, max_length=20)
    consent: Consent = ""
    serve: bool = True


class DocumentIn(Schema):
    filename: str = Field(max_length=255)
    content: str = Field(description="文件内容，Base64")
    kind: DocumentKind = "other"
    title: str = Field("", max_length=200)
    sha256: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")


class OrderIn(Schema):
    case_number: str = Field(max_length=64, examples=["（2026）川0191民初1234号"])
    procedure: Literal["ordinary", "summary", "payment_order", "appeal", "enforcement", "criminal", "administrative"]
    parties: list[PartyIn] = Field(min_length=1, max_length=500)
    documents: list[DocumentIn] = Field(min_length=1, max_length=50)
    cause: str = Field("", max_length=100)
    judge: str = Field("", max_length=64, description="承办法官的用户名")
    hearing_at: AwareDatetime | None = None
    hearing_place: str = Field("", max_length=100)
    note: str = Field("", max_length=500)
    repeat_reason: str = Field("", max_length=200)


class ServiceBrief(Schema):
    id: UUID
    number: str
    recipient: str = Field(description="姓名只显示一部分")
    recipient_kind: str
    step: str
    result: str
    method: str
    effective_on: date | None
    next_by: datetime | None


class OrderOut(Schema):
    id: UUID
    case_number: str
    handed_over_at: datetime
    services: list[ServiceBrief]
    remarks: list[str]


class FactOut(Schema):
    id: UUID
    fact: str
    label: str
    etsi: str | None
    happened_at: datetime
    learnt_at: datetime
    by: str
    detail: dict[str, Any]


class PaperOut(Schema):
    id: UUID
    kind: str
    title: str
    sha256: str
    pages: int
    made_at: datetime
    superseded: bool


class ServiceOut(ServiceBrief):
    case_number: str
    waiting_for: str
    next_action: str
    outcome: dict[str, Any] | None
    facts: list[FactOut]
    papers: list[PaperOut]


class FieldOut(Schema):
    name: str
    label: str
    kind: str
    required: bool
    choices: dict[str, str]


class OutcomeOut(Schema):
    code: str
    label: str
    fields: list[FieldOut]


class WorkItemOut(Schema):
    id: UUID
    kind: str
    label: str
    question: str
    role: str
    reason: str
    service: UUID
    service_number: str
    recipient: str
    detail: dict[str, Any]
    opened_at: datetime
    due_at: datetime
    outcomes: list[OutcomeOut]


class FileIn(Schema):
    content: str = Field(description="Base64")
    media_type: Literal["image/png", "image/jpeg", "application/pdf", "video/mp4", "audio/mpeg", "audio/wav"]
    kind: Literal["photo", "video", "recording", "scan", "receipt", "signature"] = "photo"


class CompletionIn(Schema):
    outcome: str = Field(max_length=32)
    inputs: dict[str, Any] = Field(default_factory=dict)
    files: list[FileIn] = Field(default_factory=list, max_length=20)


class ReasonIn(Schema):
    reason: str = Field(min_length=2, max_length=500)


class FactIn(Schema):
    fact: str = Field(max_length=40)
    happened_at: AwareDatetime
    detail: dict[str, Any] = Field(default_factory=dict)
    private: dict[str, Any] = Field(default_factory=dict)
    files: list[FileIn] = Field(default_factory=list, max_length=20)


class CollectionIn(Schema):
    last_day: date = Field(description="最后领取日")
    pronounced: bool = Field(False, description="是否当庭宣判后告知的领取期间；期满未领取的，期满之日即为送达之日")


class CollectionOut(Schema):
    id: UUID
    code: str = Field(description="领取码，到窗口报出即可")
    last_day: date


class CorrectionIn(ReasonIn):
    fact: UUID


class NoteFileIn(Schema):
    filename: str = Field(max_length=255)
    content: str = Field(description="Base64")


class NoteIn(Schema):
    text: str = Field("", max_length=2000)
    key: str = Field("", max_length=64, description="调用方自定的编号，重复调用得到同一条留言")
    waybill: UUID | None = Field(None, description="写在这件邮件的会话里")
    files: list[NoteFileIn] = Field(default_factory=list, max_length=10)


class NoteFileOut(Schema):
    filename: str
    sha256: str
    media_type: str
    size: int


class NoteOut(Schema):
    id: UUID
    place: int = Field(description="在会话中的位置")
    side: str = Field(description="court 法院，post 邮政")
    author: str
    event: str = Field(description="空为留言；raised、answered、reopened 为异常的提出、答复、重新提出")
    irregularity: UUID | None
    text: str
    written_at: datetime
    withdrawn_at: datetime | None
    files: list[NoteFileOut]


IrregularityKind = Literal["papers", "address", "parcel", "complaint", "safety", "system", "other"]


class IrregularityIn(Schema):
    kind: IrregularityKind
    severity: Literal["normal", "grave", "urgent"] = "normal"
    words: str = Field(min_length=2, max_length=2000)
    waybill: UUID | None = None


class IrregularityOut(Schema):
    id: UUID
    kind: str
    severity: str
    owner: str = Field(description="由哪一方答复")
    words: str
    raised_at: datetime
    due_at: datetime
    turn: int = Field(description="重新提出过几次")
    item: UUID = Field(description="待办")
    answered_at: datetime | None
    result: str
    answer: str


class AnswerIn(Schema):
    result: Literal["resolved", "unfounded", "impossible"]
    answer: str = Field(min_length=2, max_length=500)


class Problem(Schema):
    type: str
    title: str
    status: int
