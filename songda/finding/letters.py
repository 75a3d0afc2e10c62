"""Where a source fetches the sealed 协查函 of its question: an address for one source, one question and a time.

The address holds no secret that opens the letter: the source also signs with its own key. The mark only says that the
address is ours and unchanged, so that nobody tries their way through.
"""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from songda.finding.keeping import STILL_WANTED
from songda.finding.models import Answer
from songda.lib import crypto


def address_of(row: Answer) -> str:
    """The address for the source of this answer; as long as its inquiry wants an answer."""
    until = int((row.inquiry.closes_at + STILL_WANTED).timestamp())
    mark = mark_of(row.source, row.id, row.court_id, until)
    return f"{settings.SONGDA_PORTAL_URL}/api/sources/letters/{row.court_id}/{row.id}?until={until}&mark={mark}"


def mark_of(source: str, answer: UUID, court: UUID, until: int) -> str:
    """What ties source, question, court and time of an address together (hex)."""
    said = f"{source}\n{court}\n{answer}\n{until}"
    return hmac.new(crypto.key_for("inquiry letter"), said.encode(), hashlib.sha256).hexdigest()


def is_ours(source: str, answer: UUID, court: UUID, until: int, mark: str) -> bool:
    """Whether we made this address, for this source."""
    return hmac.compare_digest(mark_of(source, answer, court, until).encode(), mark.encode())
