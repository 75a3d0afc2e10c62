"""Every table of the one Django app, room by room."""

from songda.courts.models import ApiKey, Court, Membership, Person, PrintSite
from songda.engine.models import Correction, WorkItem
from songda.evidence.models import Checkpoint, Fact, Leaf, LogKey, PaperKey, Stamp, StampRoot, Tile, Unsealed
from songda.filing.models import Agent, Case, Document, Order, Party, Service, ServiceDocument
from songda.finding.models import Answer, Authorisation, ContactOutcome, ContactPoint, Inquiry, SourceState
from songda.gateways.models import Dispatch, Payload
from songda.insight.models import Arrival, CaseFigure, Counter, PieceFigure, ServiceFigure, Snapshot
from songda.methods.models import Access, Exhibit, Paper, PublicNotice, Visit, Waybill
from songda.portal.models import Knock

__all__ = [
    "Access",
    "Agent",
    "Answer",
    "ApiKey",
    "Authorisation",
    "Arrival",
    "Case",
    "CaseFigure",
    "Checkpoint",
    "ContactOutcome",
    "ContactPoint",
    "Correction",
    "Counter",
    "Court",
    "Dispatch",
    "Document",
    "Exhibit",
    "Fact",
    "Inquiry",
    "Knock",
    "Leaf",
    "LogKey",
    "Membership",
    "Order",
    "Paper",
    "PaperKey",
    "Party",
    "Payload",
    "Person",
    "PieceFigure",
    "PrintSite",
    "PublicNotice",
    "Service",
    "ServiceDocument",
    "SourceState",
    "ServiceFigure",
    "Snapshot",
    "Stamp",
    "StampRoot",
    "Tile",
    "Unsealed",
    "Visit",
    "Waybill",
    "WorkItem",
]
