"""The keys of a court's log and of its papers: made when the court is founded, locked, replaced by adding."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.db.models import Q

from songda.evidence import certificates, keys
from songda.evidence.certificates import Credential
from songda.evidence.checkpoint import ED25519, SM2, PublicKey, Signer, read_key
from songda.evidence.keys import Ed25519Signer, Sm2Signer
from songda.evidence.models import LogKey, PaperKey
from songda.evidence.sealing import hold
from songda.lib import clock
from songda.lib.tenancy import acting_for

# Authorities stamp to the second and clocks differ a little: so near its beginning or end a key signs as well.
_MARGIN_SECONDS = 60.0
# A certificate of our own is renewed so long before its end.
_RENEWED_BEFORE = timedelta(days=90)
_KINDS: dict[bytes, type[Ed25519Signer] | type[Sm2Signer]] = {ED25519: Ed25519Signer, SM2: Sm2Signer}


def open_log(court_id: UUID, *, code: str, name: str, sm2: bool = False) -> None:
    """A court's first keys and its certificate; safe to repeat, and repeated where the court's policy changes.

    With `sm2` checkpoints carry a second signature from now on; without it, that key comes to its end.
    """
    with acting_for(court_id):
        hold(court_id)
        if not LogKey.objects.filter(court_id=court_id).exists():
            _add(court_id, Ed25519Signer.new(f"songda/ledger/{code}/{court_id.hex[-8:]}"), since=None)
        _use_sm2(court_id, wanted=sm2)
        if not _is_certified(court_id):
            _certify(court_id, name)


def _add(court_id: UUID, signer: Ed25519Signer | Sm2Signer, *, since: datetime | None) -> None:
    key = signer.public.verification_key()
    LogKey.objects.create(court_id=court_id, key=key, locked=keys.lock(signer), since=since)


def _use_sm2(court_id: UUID, *, wanted: bool) -> None:
    used = [row for row in _in_use(court_id) if read_key(row.key).algorithm == SM2]
    if wanted and not used:
        _add(court_id, Sm2Signer.new(origin_of(court_id)), since=clock.now())
    elif used and not wanted:
        LogKey.objects.filter(id__in=[row.id for row in used]).update(until=clock.now())


def _in_use(court_id: UUID) -> list[LogKey]:
    return list(LogKey.objects.filter(court_id=court_id, until=None).order_by("id"))


def _certify(court_id: UUID, name: str) -> None:
    """A certificate under a root made for it, whose key nobody keeps: it vouches for this one certificate."""
    now = clock.now()
    made = certificates.issue(certificates.new_authority(f"{name}签名根", at=now), name, at=now)
    _keep_paper_key(court_id, made, is_own=True)


def _keep_paper_key(court_id: UUID, credential: Credential, *, is_own: bool) -> None:
    PaperKey.objects.create(
        court_id=court_id,
        certificates=credential.certificates(),
        locked=credential.lock(),
        is_own=is_own,
        made_at=clock.now(),
        ends_at=credential.certificate.not_valid_after_utc,
    )


def rotate(court_id: UUID) -> None:
    """New keys of the same kinds from this moment on. What the old ones signed before, with a stamp, keeps holding."""
    with acting_for(court_id):
        hold(court_id)
        now = clock.now()
        for row in _in_use(court_id):
            old = read_key(row.key)
            LogKey.objects.filter(id=row.id).update(until=now)
            _add(court_id, _KINDS[old.algorithm].new(old.name), since=now)


def renew(court_id: UUID) -> bool:
    """A new certificate for the court's papers where the last one nears its end; True where one was made. What the old
    one signed keeps holding by its stamp."""
    with acting_for(court_id):
        if _is_certified(court_id):
            return False
        hold(court_id)
        if _is_certified(court_id):
            return False
        _certify(court_id, common_name(paper_chains(court_id)[0][0]))
        return True


def _is_certified(court_id: UUID) -> bool:
    return PaperKey.objects.filter(court_id=court_id, ends_at__gt=clock.now() + _RENEWED_BEFORE).exists()


def bring_certificate(court_id: UUID, credential: Credential) -> None:
    """Sign the court's papers with a licensed authority's certificate from now on (电子签名法第十六条)."""
    with acting_for(court_id):
        _keep_paper_key(court_id, credential, is_own=False)


def origin_of(court_id: UUID) -> str:
    """The name of the court's log, which all its keys carry. Raises `LogKey.DoesNotExist` where it was never opened."""
    return public_key(LogKey.objects.filter(court_id=court_id).earliest("id")).name


def public_key(row: LogKey) -> PublicKey:
    return read_key(row.key, since=row.since, until=row.until)


def public_keys(court_id: UUID) -> tuple[PublicKey, ...]:
    """Every key the log ever had, the oldest first."""
    return tuple(public_key(row) for row in LogKey.objects.filter(court_id=court_id).order_by("id"))


def signers(court_id: UUID, at: datetime) -> Sequence[Signer]:
    """All that have to sign at a moment, whichever second a stamp will say."""
    margin = max(timedelta(seconds=_MARGIN_SECONDS), clock.stretch(_MARGIN_SECONDS))
    begun = Q(since=None) | Q(since__lte=at + margin)
    goes_on = Q(until=None) | Q(until__gt=at - margin)
    rows = LogKey.objects.filter(begun, goes_on, court_id=court_id).order_by("id")
    return [keys.unlock(bytes(row.locked), public_key(row)) for row in rows]


def credential_of(court_id: UUID) -> Credential:
    """What signs the court's papers now: the latest, a licensed authority's before one of our own."""
    row = PaperKey.objects.filter(court_id=court_id, ends_at__gt=clock.now()).order_by("is_own", "-made_at").first()
    if row is None:
        raise PaperKey.DoesNotExist(f"court {court_id} has no certificate in force")
    return certificates.unlock(bytes(row.locked), row.certificates)


def paper_chains(court_id: UUID) -> list[list[x509.Certificate]]:
    """Every certificate the court ever signed with, each with those above it, the latest first."""
    rows = PaperKey.objects.filter(court_id=court_id).order_by("-made_at", "-id")
    return [x509.load_pem_x509_certificates(row.certificates.encode()) for row in rows]


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
