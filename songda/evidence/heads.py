"""A log's heads: checkpoints signed, stamped by an authority outside, and laid out for witnesses.

A stamp on a newer checkpoint covers all before it, so what an authority's outage left unstamped is caught up by
stamping the log as it is when the authority is back. Late stamps on old checkpoints would say the wrong time.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from songda.evidence import canonical, checkpoint, founding, stamping, timestamps
from songda.evidence.models import Checkpoint, Stamp, StampRoot
from songda.evidence.naming import checkpoint_id, stamp_id
from songda.evidence.sealing import hold, right_edge
from songda.lib import clock
from songda.lib.tenancy import acting_for

log = structlog.get_logger()
# Once an authority has not answered, it is left alone for a while: proofs do not wait for it one by one.
_LEFT_ALONE_SECONDS = 30.0
_silent_until: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority by its address, with the roots that vouch for it."""

    url: str
    roots: tuple[x509.Certificate, ...]


def read_authority(url: str, roots: Path) -> Authority:
    """An authority whose roots stand in a PEM file. Raises `OSError`, `ValueError` for a file that is no such thing."""
    return Authority(url, tuple(x509.load_pem_x509_certificates(roots.read_bytes())))


def make(court_id: UUID) -> Checkpoint | None:
    """The log's head as it is now, signed by every key in force; None while the log is empty."""
    with acting_for(court_id):
        hold(court_id)
        edge, now = right_edge(court_id), clock.now()
        if not edge.size:
            return None
        signers = founding.signers(court_id, now)
        latest = Checkpoint.objects.filter(court_id=court_id, size=edge.size).order_by("-made_at").first()
        if latest and _is_signed_by(latest.note, signers):
            return latest
        head = checkpoint.Checkpoint(founding.origin_of(court_id), edge.size, edge.root())
        return _keep(court_id, edge.size, checkpoint.sign(head, signers))


def _is_signed_by(note: str, signers: Sequence[checkpoint.Signer]) -> bool:
    signed = {each.key_id for each in checkpoint.read(note).signatures}
    return signed >= {signer.public.id for signer in signers}


def _keep(court_id: UUID, size: int, note: str) -> Checkpoint:
    made_at = clock.now()
    return Checkpoint.objects.create(
        id=checkpoint_id(court_id, size, canonical.instant(made_at), note),
        court_id=court_id,
        size=size,
        note=note,
        made_at=made_at,
    )


def stamp(head: Checkpoint, authority: Authority | None) -> bool:
    """Have a checkpoint stamped; False where nobody answers, and nothing is lost. Holds no transaction meanwhile."""
    if _stamped(head):
        return True
    if authority is None or time.monotonic() < _silent_until.get(authority.url, 0.0):
        return False
    try:
        reply = stamping.ask(authority.url, head.note.encode(), roots=authority.roots)
    except (stamping.StampUnavailable, timestamps.StampError) as problem:
        log.warning("checkpoint not stamped", court=str(head.court_id), size=head.size, problem=str(problem))
        _silent_until[authority.url] = time.monotonic() + _LEFT_ALONE_SECONDS
        return False
    _keep_stamp(head, reply, authority)
    return True


def _stamped(head: Checkpoint) -> bool:
    with acting_for(head.court_id):
        return Stamp.objects.filter(checkpoint_id=head.id).exists()


def _keep_stamp(head: Checkpoint, reply: bytes, authority: Authority) -> None:
    stamped_at = timestamps.verify(reply, head.note.encode(), authority.roots)
    row = Stamp(
        id=stamp_id(head.court_id, head.id, canonical.instant(stamped_at), reply),
        court_id=head.court_id,
        checkpoint_id=head.id,
        reply=reply,
        stamped_at=stamped_at,
    )
    with acting_for(head.court_id):
        for root in authority.roots:
            StampRoot.objects.get_or_create(
                court_id=head.court_id,
                fingerprint=root.fingerprint(hashes.SHA256()).hex(),
                defaults={"pem": root.public_bytes(Encoding.PEM).decode()},
            )
        # Two who asked at once have two stamps that say the same; one is enough.
        Stamp.objects.bulk_create([row], ignore_conflicts=True)


def stamped_now(court_id: UUID, authority: Authority | None) -> Checkpoint | None:
    """The log as it is now, signed, and stamped where the authority answers; None while the log is empty."""
    head = make(court_id)
    if head is not None:
        stamp(head, authority)
    return head


def is_due(court_id: UUID, every: timedelta) -> bool:
    """Whether the log has grown since its last stamp, and that is some time ago."""
    with acting_for(court_id):
        last = Stamp.objects.filter(court_id=court_id).order_by("-stamped_at").select_related("checkpoint").first()
        if last is None:
            return right_edge(court_id).size > 0
        return last.stamped_at <= clock.now() - every and right_edge(court_id).size > last.checkpoint.size


def stamp_roots(court_id: UUID) -> tuple[x509.Certificate, ...]:
    """The roots of every authority that has stamped for the court, in the order in which they came."""
    rows = StampRoot.objects.filter(court_id=court_id).order_by("id")
    return tuple(x509.load_pem_x509_certificate(row.pem.encode()) for row in rows)
