"""结果入卷: what came of an order, put together for the case's file in one go.

Who files is a fact on every service filed; the same pieces filed again by anybody are told once. A result that is
withheld from the court is not filed, and what retention law has deleted, or is too large to travel, stands in the list
with its digest."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from songda.courts.models import Person
from songda.engine import actions
from songda.engine.keeping import retention
from songda.engine.saying import ActRefused, said
from songda.engine.stations import WITHHELD
from songda.evidence.models import Fact
from songda.filing.models import Order, Service
from songda.lib import clock, vault
from songda.methods.models import Exhibit, Paper
from songda.papers.catalogue import Catalogue, CatalogueLine, catalogue
from songda.papers.parts import Matter

FILED = "result.filed"
# What was only a means of sending, and holds nothing that the papers served and the proof do not.
_MEANS = frozenset({"envelope", "label"})
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
# Larger pieces (recordings, videos) stay in the platform's store; the list names their digest.
_LARGEST = 20 * 1024 * 1024
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper or exhibit that belongs into the file. `pages` is None where it has none; `erased` says by what rule
    retention law had it deleted."""

    service: Service
    title: str
    sha256: str
    media_type: str
    made_at: datetime
    pages: int | None
    erased: str
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """The bundle as a ZIP file."""

    filename: str
    content: bytes
    services: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Filed:
    """That a service's result lies in the case's file: since when, and who put it there."""

    at: datetime
    person_id: str


def ready(services: Iterable[Service]) -> list[Service]:
    """The services of which there is a result to file."""
    return [one for one in services if one.closed_at is not None and one.result and one.step != WITHHELD]


def waiting(services: QuerySet[Service]) -> QuerySet[Service]:
    """Services with a result of which nobody has filed anything."""
    done = services.filter(closed_at__isnull=False).exclude(result="").exclude(step=WITHHELD)
    return done.exclude(id__in=Fact.objects.filter(name=FILED).values("about"))


def filed(services: Iterable[Service]) -> dict[str, Filed]:
    """When each service was last filed, by its id; a paper made later is not in that file."""
    facts = Fact.objects.filter(name=FILED, about__in=[one.id for one in services]).order_by("happened_at")
    return {str(fact.about): Filed(fact.happened_at, fact.speaker_ref) for fact in facts}


def put_together(order: Order, person: Person) -> Dossier:
    """Everything of the order's finished services in one bundle, and the fact that this person filed it.

    Raises ActRefused where nothing is finished. Call inside `acting_for`."""
    services = ready(order.services.select_related("case__court", "party").order_by("number"))
    if not services:
        raise ActRefused("还没有可以入卷的送达结果")
    pieces = [piece for service in services for piece in _pieces(service)]
    now = clock.now()
    serial = f"RJ{now.astimezone(clock.BEIJING):%Y%m%d%H%M%S}"
    content = _bundle(order, person, serial, now, services, pieces)
    for service in services:
        _tell(service, person, [piece for piece in pieces if piece.service.id == service.id])
    return Dossier(f"{_safe(order.case.number)}-送达材料-{serial}.zip", content, len(services), len(pieces))


def _tell(service: Service, person: Person, pieces: list[Piece]) -> None:
    digest = hashlib.sha256("".join(sorted(piece.sha256 for piece in pieces)).encode()).hexdigest()
    detail = {"pieces": len(pieces), "digest": digest}
    actions.record(service.id, said(person, FILED, detail, key=f"filed:{digest}"))


# ---- pieces ----------------------------------------------------------------------------------------------------


def _pieces(service: Service) -> Iterator[Piece]:
    papers = list(Paper.objects.filter(service=service).exclude(kind__in=_MEANS).order_by("made_at", "id"))
    made = {paper.sha256 for paper in papers}
    shown_apart = Exhibit.objects.filter(service=service).exclude(sha256__in=made)
    exhibits = list(shown_apart.order_by("made_at", "id"))
    gone = retention.reasons(papers) | retention.reasons(exhibits)
    for paper in papers:
        old, erased = paper.superseded_by_id is not None, gone.get(paper.id, "")
        yield Piece(service, paper.title, paper.sha256, "application/pdf", paper.made_at, paper.pages, erased, old)
    for shown in exhibits:
        title, erased = shown.get_kind_display(), gone.get(shown.id, "")
        yield Piece(service, title, shown.sha256, shown.media_type, shown.made_at, None, erased)


def _bundle(
    order: Order, person: Person, serial: str, now: datetime, services: list[Service], pieces: list[Piece]
) -> bytes:
    out, lines = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, piece in enumerate(pieces, 1):
            name, absent = _add(archive, place, piece)
            lines.append(_line(piece, name, absent))
        listed = catalogue(
            Catalogue(
                matter=Matter(order.court.name, order.case.number, order.case.cause),
                serial=serial,
                made_at=now,
                filed_by=person.name,
                results=tuple(_result(service) for service in services),
                lines=tuple(lines),
            )
        )
        archive.writestr("00-送达材料目录.pdf", listed)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, place: int, piece: Piece) -> tuple[str, str]:
    """Put the piece into the bundle; its name there, or why it is not there."""
    if piece.erased:
        return "", piece.erased
    try:
        content = vault.get(piece.sha256)
    except vault.Altered:
        return "", "文件与登记的摘要不符，未入卷，请联系审计人员"
    except vault.NotInVault:
        return "", "文件缺失，仅存摘要，请联系审计人员"
    if len(content) > _LARGEST:
        return "", "文件较大，存于平台，凭摘要调取"
    folder = "已被替代/" if piece.superseded else ""
    ending = _ENDINGS.get(piece.media_type, piece.media_type.rpartition("/")[2][:8] or "bin")
    name = f"{folder}{place:02d}-{_safe(piece.service.party.name)}-{_safe(piece.title)}.{ending}"
    archive.writestr(name, content)
    return name, ""


def _safe(text: str) -> str:
    return text.translate(_FORBIDDEN).strip(" .")[:60]


def _line(piece: Piece, name: str, absent: str) -> CatalogueLine:
    return CatalogueLine(
        recipient=piece.service.party.name,
        title=f"{piece.title}（已被替代）" if piece.superseded else piece.title,
        pages=piece.pages,
        made_at=piece.made_at,
        sha256=piece.sha256,
        file=name,
        absent=absent,
    )


def _result(service: Service) -> str:
    """The law's own sentence on what came of the service."""
    said = str((service.outcome or {}).get("explanation", ""))
    return f"{service.party.name}（任务 {service.number}）：{said}"
