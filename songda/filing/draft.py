"""An order before it is accepted: plain values from a form, a sheet or the API."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AgentDraft:
    name: str
    kind: str = "agent"
    phone: str = ""
    account: str = ""
    account_platform: str = ""


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party of the case. `serve` marks the recipients. Consent that the party gave before is said with how
    (在线诉讼规则 29); `address_rank` is the law's rank of the address given (RULES 3). An account is one at its
    platform (filing/accounts.py)."""

    role: str
    name: str
    kind: str = "person"
    capacity: str = "full"
    id_number: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""
    account_platform: str = ""
    address: str = ""
    address_rank: str = "filed"
    legal_representative: str = ""
    agents: tuple[AgentDraft, ...] = ()
    consent: str = ""
    serve: bool = True


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to serve: its bytes, its kind and title on the proof, and the digest its sender declares."""

    filename: str
    content: bytes = field(repr=False)
    kind: str = "other"
    title: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What is handed over at once: a case, its papers, its recipients."""

    case_number: str
    procedure: str
    parties: tuple[PartyDraft, ...]
    uploads: tuple[Upload, ...]
    cause: str = ""
    judge: str = ""
    hearing_at: datetime | None = None
    hearing_place: str = ""
    note: str = ""
    repeat_reason: str = ""
    idempotency_key: str = ""
    door: str = "web"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an order is refused: a code for machines, words for people, and the field they are about."""

    code: str
    message: str
    field: str


class OrderRefused(ValueError):
    """The order is not accepted; nothing of it was kept. All reasons at once."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__("；".join(reason.message for reason in reasons))
        self.reasons = reasons


class AlreadyHandedOver(ValueError):
    """The same person is to be served the same papers again, and nobody has said why. A warning, not a refusal:
    hand over again with `repeat_reason`."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("以下受送达人已有同样文书的送达任务：" + "、".join(names) + "。如需再次送达，请填写理由。")
        self.names = names
