"""What a court gives to everybody: its anchors, and its checkpoints for an outside witness to copy.

Files below `SONGDA_VAR`: `trust/<court's code>.json`, and `checkpoints/<court's code>/` with a note for each size and
its time stamp beside it. Writing again changes nothing.
"""

import json
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from songda.evidence import founding, heads
from songda.evidence.models import Checkpoint
from songda.evidence.trust import Trust
from songda.lib import clock
from songda.lib.tenancy import acting_for

# How soon after a fact is learnt it is in a stamped checkpoint: sealing and stamping take seconds, and a machine that
# was down for a moment does not make its facts look back-dated.
_SEALED_WITHIN = timedelta(hours=1)
_PLAYED_SECONDS = 120.0


def folder() -> Path:
    return Path(os.environ.get("SONGDA_VAR") or "var")


def trust_of(court_id: UUID) -> Trust:
    """The court's anchors as they are now. Raises `LogKey.DoesNotExist` for a court whose log was never opened."""
    with acting_for(court_id):
        chains = founding.paper_chains(court_id)
        return Trust(
            court=str(court_id),
            name=founding.common_name(chains[0][0]),
            origin=founding.origin_of(court_id),
            log_keys=founding.public_keys(court_id),
            paper_roots=tuple(chain[-1] for chain in chains),
            stamp_roots=heads.stamp_roots(court_id),
            sealed_within=max(_SEALED_WITHIN, clock.stretch(_PLAYED_SECONDS)),
        )


def write_trust(court_id: UUID, code: str) -> Path:
    """Write the court's anchors where `songda verify` looks for them."""
    path = folder() / "trust" / f"{code}.json"
    _write(path, json.dumps(trust_of(court_id).to_json(), ensure_ascii=False, indent=1).encode())
    return path


def write_checkpoint(head: Checkpoint, code: str) -> Path:
    """Lay a checkpoint out for witnesses, its stamp beside it where there is one."""
    path = folder() / "checkpoints" / code / f"{head.size:012d}.txt"
    _write(path, head.note.encode())
    with acting_for(head.court_id):
        stamp = Checkpoint.objects.select_related("stamp").get(id=head.id)
        if hasattr(stamp, "stamp"):
            _write(path.with_suffix(".tsr"), bytes(stamp.stamp.reply))
    return path


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
        scratch.write(content)
    # Everybody may read what is published; a reader sees the old file or the new one, never half of it.
    Path(scratch.name).chmod(0o644)
    Path(scratch.name).replace(path)
