"""The files of orders that come together: each looked at once and kept once, however many orders bring it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from songda.filing import intake, reading
from songda.filing.draft import Upload
from songda.filing.intake import AcceptedFile
from songda.filing.models import BroughtFile
from songda.lib import clock, vault
from songda.papers import renditions
from songda.papers.bundle import page_count

# What can be served, and how it becomes a PDF.
SERVABLE: dict[str, Callable[[bytes], bytes]] = {
    intake.PDF: lambda content: content,
    intake.TEXT: lambda content: renditions.of_text(reading.decode(content), made_at=clock.now()),
    intake.JPEG: renditions.of_picture,
    intake.PNG: renditions.of_picture,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the vault with the PDF that is printed and shown for it."""

    pdf_sha256: str
    pages: int


def bring(court_id: UUID, content: bytes) -> str:
    """Keep a file of which nobody has said yet what it is for, noted so that it does not lie there for ever; returns
    its SHA-256 (hex). Call inside the court's scope."""
    noted = BroughtFile.objects.create(
        court_id=court_id, sha256=hashlib.sha256(content).hexdigest(), brought_at=clock.now()
    )
    vault.put(content)
    return noted.sha256


@dataclass(slots=True)
class Files:
    """What was seen of the files so far. The bytes of an upload must stay alive and unchanged while this is used."""

    _seen: dict[tuple[str, int, str | None], AcceptedFile | intake.Refused] = field(default_factory=dict)
    _kept: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def look(self, upload: Upload) -> AcceptedFile:
        """Raises `intake.Refused` with the first reason found."""
        key = (upload.filename, id(upload.content), upload.sha256)
        if key not in self._seen:
            self._seen[key] = _looked(upload)
        seen = self._seen[key]
        if isinstance(seen, intake.Refused):
            raise seen
        return seen

    def keep(self, upload: Upload) -> Kept:
        """Put the file and its PDF into the vault. Raises `intake.Refused` for a file that cannot be taken."""
        file = self.look(upload)
        key = (file.media_type, file.sha256)
        if key not in self._kept:
            pdf = SERVABLE[file.media_type](upload.content)
            vault.put(upload.content)
            self._kept[key] = Kept(vault.put(pdf), page_count(pdf))
        return self._kept[key]


def _looked(upload: Upload) -> AcceptedFile | intake.Refused:
    try:
        return intake.accept(upload.filename, upload.content, declared_sha256=upload.sha256)
    except intake.Refused as refused:
        return refused
