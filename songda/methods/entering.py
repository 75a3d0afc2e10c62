"""The recipient's way in to the papers: a link with its secret, the code or number asked for, the tries that are left.

What those who came in do is told in `electronic`; here it is only said whether they may.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from songda.courts.policy import Policy
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib import clock, crypto
from songda.methods.models import Access

_CODE_DIGITS = 4


# ---- links -----------------------------------------------------------------------------------------------------


def grant(service: Service, point: ContactPoint, policy: Policy) -> Access:
    """The recipient's way in from this contact point; the one that is there, if there is one."""
    made = Access.objects.filter(service=service, contact_point=point).first()
    if made is not None:
        return made
    token = crypto.token()
    return Access.objects.create(
        court_id=service.court_id,
        service=service,
        contact_point=point,
        token=token,
        token_digest=crypto.blind_index(token, purpose="access"),
        code=f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}",
        level=policy.access_level,
        made_at=clock.now(),
        expires_at=clock.now() + policy.hours("link_valid_days"),
        # At the level `link` these numbers are all that is asked for: this one cannot be guessed.
        qdbh=secrets.token_hex(16),
        sdbh=service.id.hex,
        sdsin=service.party_id.hex,
    )


def link_of(access: Access) -> str:
    return f"{settings.SONGDA_PORTAL_URL}/sd?key={access.token}"


def law_firm_link_of(access: Access) -> str:
    """The same papers, by the address that law firms' software reads its numbers from."""
    page = "zxfw/#/pagesAjkj/app/wssd/index"
    numbers = f"qdbh={access.qdbh}&sdbh={access.sdbh}&sdsin={access.sdsin}"
    return f"{settings.SONGDA_PORTAL_URL}/{page}?{numbers}"


def renew(service: Service, point: ContactPoint, policy: Policy) -> None:
    """A link whose time ran out is good again for as long; one that was withdrawn stays shut."""
    Access.objects.filter(service=service, contact_point=point, withdrawn_at=None, expires_at__lte=clock.now()).update(
        expires_at=clock.now() + policy.hours("link_valid_days")
    )


def withdraw(point: ContactPoint) -> None:
    """A wrong person answered: nothing opens from here any more."""
    Access.objects.filter(contact_point=point, withdrawn_at=None).update(withdrawn_at=clock.now())


def shut_links(service: Service) -> None:
    """The papers were handed over on paper: nothing of this service opens from a link any more."""
    Access.objects.filter(service=service, withdrawn_at=None).update(withdrawn_at=clock.now())


def file_link(access: Access, document_id: str, *, valid: timedelta) -> str:
    """A signed GET address of one document, good for a short while and for this access only."""
    until = int((clock.now() + valid).timestamp())
    mark = crypto.blind_index(f"{access.id}:{document_id}:{until}", purpose="file-link")
    return f"{settings.SONGDA_PORTAL_URL}/zxfw/file/{access.id}/{document_id}/{until}/{mark}.pdf"


def file_link_holds(access_id: str, document_id: str, until: int, mark: str) -> bool:
    right = crypto.blind_index(f"{access_id}:{document_id}:{until}", purpose="file-link")
    return secrets.compare_digest(mark, right) and clock.now().timestamp() < until


# ---- at the door -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody may not see the papers, in words for the page, and until when trying is useless."""

    why: str
    until: datetime | None = None


def find(token: str) -> Access | None:
    """The access a link's secret opens, whatever its state; None for an unknown one."""
    return _accesses().filter(token_digest=crypto.blind_index(token, purpose="access")).first()


def find_by_numbers(qdbh: str, sdbh: str, sdsin: str) -> Access | None:
    """The access that law firms' software names; all three numbers must belong together."""
    if not (qdbh.isalnum() and sdbh.isalnum() and sdsin.isalnum()):
        return None
    return _accesses().filter(qdbh=qdbh, sdbh=sdbh, sdsin=sdsin).first()


def _accesses() -> QuerySet[Access]:
    return Access.objects.select_related("service__case", "service__party", "service__court", "contact_point", "court")


def may_enter(
    access: Access, policy: Policy, *, code: str = "", identity: str = "", by_machine: bool = False
) -> Refused | None:
    """Whether the papers may be shown now. The row is held meanwhile: a hundred answers at once are a hundred tries."""
    held = Access.objects.select_for_update().get(id=access.id)
    access.wrong_tries, access.locked_until, access.withdrawn_at = (
        held.wrong_tries,
        held.locked_until,
        held.withdrawn_at,
    )
    if closed := shut(access) or _locked(access):
        return closed
    if access.level == Access.Level.LINK:
        return None
    wanted_identity = access.level == Access.Level.LINK_AND_IDENTITY or not by_machine
    right = secrets.compare_digest(code.strip().encode(), access.code.encode())
    if wanted_identity:
        right &= _identity_matches(access, identity)
    if right:
        Access.objects.filter(id=access.id).update(wrong_tries=0, locked_until=None)
        return None
    return _count_wrong(access, policy)


def shut(access: Access) -> Refused | None:
    """Whether the link leads nowhere any more, whoever holds it."""
    if access.withdrawn_at is not None:
        return Refused("本链接已停用。如有疑问，请致电12368。")
    if clock.now() >= access.expires_at:
        return Refused("本链接已过有效期。如需领取文书，请致电法院或者到诉讼服务中心窗口。")
    return None


def _locked(access: Access) -> Refused | None:
    if access.locked_until is not None and clock.now() < access.locked_until:
        return Refused("验证错误次数过多，请稍后再试。", access.locked_until)
    return None


def knows_identity(access: Access) -> bool:
    """Whether whoever entered had to give the last six signs of a number the court knows."""
    return access.level != Access.Level.LINK and bool(access.service.party.id_number)


def _identity_matches(access: Access, given: str) -> bool:
    """The last six signs of the ID number or USCC; where the court knows none, the code alone decides."""
    known = access.service.party.id_number
    if not known:
        return access.level != Access.Level.LINK_AND_IDENTITY
    return secrets.compare_digest(given.strip().upper().encode(), known[-6:].upper().encode())


# A lock lasts twice as long as the one before it, up to this many doublings: four digits are few.
_MOST_DOUBLINGS = 8


def _count_wrong(access: Access, policy: Policy) -> Refused:
    Access.objects.filter(id=access.id).update(wrong_tries=F("wrong_tries") + 1)
    access.wrong_tries += 1
    rounds, used = divmod(access.wrong_tries, policy.access_tries)
    if used:
        return Refused(f"验证码或者证件号码后六位不正确，还可以再试{policy.access_tries - used}次。")
    until = clock.now() + policy.hours("access_lock_minutes") * 2 ** min(rounds - 1, _MOST_DOUBLINGS)
    Access.objects.filter(id=access.id).update(locked_until=until)
    return Refused("验证错误次数过多，请稍后再试。", until)
