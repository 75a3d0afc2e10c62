"""The values that extraction gives, in the order in which they are printed."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Agent:
    """A person who acts for a party (民事诉讼法 chapter 5 section 2: 法定代理人 and 委托代理人; 辩护人)."""

    name: str
    role: str


@dataclass(slots=True)
class ExtractedParty:
    role: str
    name: str
    kind: str = "person"
    address: str | None = None
    id_number: str | None = None
    phone: str | None = None
    legal_representative: str | None = None
    agents: list[Agent] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "name": self.name,
            "kind": self.kind,
            "address": self.address,
            "id_number": self.id_number,
            "phone": self.phone,
            "legal_representative": self.legal_representative,
            "agents": [agent.name for agent in self.agents],
        }


@dataclass(slots=True)
class Extracted:
    """A paper read. `cause`, `hearing_at` and `hearing_place` are as a summons writes them, for the clerk's form."""

    file: str
    case_number: str | None = None
    court: str | None = None
    kind: str | None = None
    parties: list[ExtractedParty] = field(default_factory=list)
    title: str | None = None
    cause: str | None = None
    hearing_at: str | None = None
    hearing_place: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "case_number": self.case_number,
            "court": self.court,
            "kind": self.kind,
            "parties": [party.to_json() for party in self.parties],
        }
