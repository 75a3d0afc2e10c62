"""How a recipient can be reached, for the court's own system: masked, with source, rank, worth and history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from songda.api import problems, schemas
from songda.api.access import for_its_court, key_of
from songda.api.orders import PROBLEMS
from songda.engine import acts
from songda.engine.proving.proofs import chinese_of
from songda.filing import accounts
from songda.filing.models import Service
from songda.finding import contacts
from songda.finding.models import ContactPoint
from songda.finding.sources import name_of
from songda.lib import masking

router = Router(tags=["联系方式"])


class TryOut(Schema):
    fact: str
    label: str
    at: datetime


class ContactOut(Schema):
    id: UUID
    kind: str = Field(description="phone、email、account、address")
    platform: str = Field(description="账号所在的平台：wechat、qq、litigation、lawyer；其余为空")
    platform_name: str
    masked: str = Field(description="隐去中间部分；全文须说明用途另行调取")
    source: str
    source_name: str
    rank: str
    rank_name: str
    article: str = Field(description="该等级的依据")
    as_of: date | None
    learnt_at: datetime
    consent: str = Field(description="given、refused，或者为空")
    consent_at: datetime | None
    proved: bool | None
    proved_at: datetime | None
    confidence: float
    because: str
    steps: list[str] = Field(description="可信度的推算过程")
    division: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    tries: list[TryOut]


class RevealedOut(Schema):
    value: str


def _service(service_id: UUID) -> Service | None:
    return Service.objects.select_related("court", "case", "party").filter(id=service_id).first()


@router.get(
    "/services/{service_id}/contacts", response={200: list[ContactOut], **PROBLEMS}, summary="受送达人的联系方式"
)
@for_its_court
def list_contacts(request: HttpRequest, service_id: UUID) -> Any:
    """按方案采用的先后排列，停用的在后。"""
    service = _service(service_id)
    if service is None:
        return problems.not_found(request)
    return [_shown(way) for way in contacts.ways_of(service.party)]


@router.post(
    "/services/{service_id}/contacts/{contact_id}/reveal",
    response={200: RevealedOut, **PROBLEMS},
    summary="说明用途，查看联系方式全文",
)
@for_its_court
def reveal(request: HttpRequest, service_id: UUID, contact_id: UUID, said: schemas.ReasonIn) -> Any:
    """谁、何时、为何查看，作为事实留存。"""
    service = _service(service_id)
    point = ContactPoint.objects.filter(id=contact_id, party=service.party_id).first() if service else None
    if service is None or point is None or not point.value:
        return problems.not_found(request)
    try:
        acts.reveal(service, key_of(request).person, str(point.id), said.reason)
    except acts.ActRefused as refusal:
        return problems.problem(422, "act-refused", refusal.message, field=refusal.field)
    return RevealedOut(value=point.value)


def _shown(way: contacts.Way) -> ContactOut:
    point = way.point
    return ContactOut(
        id=point.id,
        kind=point.kind,
        platform=point.platform,
        platform_name=accounts.label(point.platform),
        masked=masking.BY_KIND[point.kind](point.value) if point.value else "",
        source=point.source,
        source_name=name_of(point.source),
        rank=point.rank,
        rank_name=point.get_rank_display(),
        article=way.article,
        as_of=point.as_of,
        learnt_at=point.learnt_at,
        consent=point.consent,
        consent_at=point.consent_at,
        proved=point.proved,
        proved_at=point.proved_at,
        confidence=round(way.estimate.chance, 3),
        because=way.estimate.because,
        steps=list(way.steps),
        division=point.division_code,
        withdrawn_at=point.withdrawn_at,
        withdrawn_why=point.withdrawn_why if point.withdrawn_at else "",
        tries=[TryOut(fact=one.name, label=chinese_of(one.name), at=one.at) for one in way.tries],
    )
