"""Keeping the papers made and the exhibits received for a service."""

from collections.abc import Mapping
from typing import Any

from songda.evidence.actions import Told, append
from songda.filing.models import Service
from songda.lib import clock, vault
from songda.methods.models import Exhibit, Paper
from songda.papers.bundle import page_count


def keep_paper(service: Service, *, kind: str, title: str, key: str, pdf: bytes) -> Paper:
    """Keep a PDF made for the service, its digest in the ledger; the same key again is the same paper, and the first
    one stays."""
    made = Paper.objects.filter(service=service, key=key).first()
    if made is not None:
        return made
    made = Paper.objects.create(
        court_id=service.court_id,
        service=service,
        kind=kind,
        title=title,
        key=key,
        sha256=vault.put(pdf),
        pages=page_count(pdf),
        made_at=clock.now(),
    )
    # About the paper and not the service: the course tells what happened to the recipient, not what was filed.
    detail = {"service": str(service.id), "kind": kind, "file": made.sha256}
    append(service.court_id, made.id, Told("file.kept", made.made_at, detail=detail, key="kept"))
    return made


def keep_exhibit(
    service: Service, *, kind: str, content: bytes, media_type: str, note: Mapping[str, Any] | None = None
) -> Exhibit:
    """Keep something seen or signed; the same bytes again are the same exhibit. The fact that tells what happened
    names its digest."""
    exhibit, _ = Exhibit.objects.get_or_create(
        court_id=service.court_id,
        service=service,
        kind=kind,
        sha256=vault.put(content),
        defaults={"media_type": media_type, "note": dict(note) if note else None, "made_at": clock.now()},
    )
    return exhibit
