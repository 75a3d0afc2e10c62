"""电子送达: asking for consent, sending the link, and what the recipient does behind it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from songda.courts.models import Person
from songda.courts.policy import Policy
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding.audience import audience_of
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.gateways.heard import fingerprint
from songda.gateways.models import Dispatch
from songda.lib import clock, crypto
from songda.methods import wording
from songda.methods.messages import Notification
from songda.methods.models import Access, Exhibit

_CODE_DIGITS = 4


# ---- asking and sending ---------------------------------------------------------------------------------------


def seek_consent(service: Service, point: ContactPoint, key: str) -> Dispatch:
    """Have the call robot ask whether the recipient consents to electronic service."""
    words = {
        "court": service.court.name,
        "addressee": service.party.name,
        "case": service.case.number,
        "service": service.number,
    }
    return dispatch.plan(
        service.court_id,
        key=f"{service.id}:{key}",
        counterparty="calls",
        about=service.id,
        request={
            "phone": point.value,
            "script": "consent",
            "words": words,
            "contact": str(point.id),
        },
    )


def grant_access(service: Service, point: ContactPoint, policy: Policy) -> Access:
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


def send_message(
    service: Service,
    point: ContactPoint,
    policy: Policy,
    key: str,
    *,
    stage: str = "knock",
    turn: int = 0,
    asked_by: Person | None = None,
) -> Dispatch:
    """Have a message sent to the contact point, by SMS or by e-mail, in the words of its stage and audience; which
    words they were is kept with it."""
    audience, channel = audience_of(service.party, point.value), "sms" if point.kind == "phone" else "email"
    words = wording.chosen(stage, audience, channel)
    values = _values(service, point, policy, stage)
    text, subject = wording.filled(words.text, values), wording.filled(words.subject, values)
    way = (
        {"phone": point.value, "signature": service.court.name, "text": text}
        if channel == "sms"
        else {"to": point.value, "subject": subject, "text": text}
    )
    row = dispatch.plan(
        service.court_id,
        key=f"{service.id}:{key}",
        counterparty=channel,
        about=service.id,
        request={**way, "contact": str(point.id), "stage": stage, "wording": words.label},
    )
    Notification.objects.get_or_create(
        court_id=service.court_id,
        key=row.key,
        defaults={
            "service": service,
            "contact_point": point,
            "channel": channel,
            "stage": stage,
            "audience": audience,
            "wording": words.label,
            "segments": wording.length(channel, service.court.name, text),
            "turn": turn,
            "asked_by": asked_by,
            "planned_at": clock.now(),
        },
    )
    return row


def _values(service: Service, point: ContactPoint, policy: Policy, stage: str) -> dict[str, str]:
    """What fills the blanks of a message; a way in is made only for the stages whose words may carry it."""
    plain = {
        "addressee": service.party.name,
        "case": service.case.number,
        "court": service.court.name,
        "phone": service.court.phone,
    }
    if "code" not in wording.STAGES[stage].allowed:
        return plain
    access = grant_access(service, point, policy)
    first = Notification.objects.filter(service=service, contact_point=point, stage="knock").order_by("sent_at").first()
    return plain | {
        "link": link_of(access),
        "code": "" if access.level == Access.Level.LINK else access.code,
        "law_firm_link": law_firm_link_of(access) if policy.law_firm_link else "",
        "until": _day(access.expires_at),
        "sent_on": _day(first.sent_at or first.planned_at) if first else "",
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(clock.BEIJING)
    return f"{local.month}月{local.day}日"


def renew_access(service: Service, point: ContactPoint, policy: Policy) -> None:
    """A link whose time ran out is good again for as long; one that was withdrawn stays shut."""
    Access.objects.filter(service=service, contact_point=point, withdrawn_at=None, expires_at__lte=clock.now()).update(
        expires_at=clock.now() + policy.hours("link_valid_days")
    )


def carries_link(stage: str) -> bool:
    """Whether a message of this stage brings the papers; the others only say something, and serve nobody."""
    return wording.STAGES[stage].carries_link


def after_message(row: Dispatch, result: dispatch.Result) -> list[Told]:
    """What the sending of a message tells: the provider took it over, or it could not be sent at all. Of an unknown
    fate nothing is told: a person finds out."""
    if result.state == Dispatch.State.UNKNOWN:
        return []
    channel, about = row.counterparty, told_of(row)
    told = {**about, "channel": channel, "contact": row.request["contact"]}
    kind = "message" if carries_link(row.request.get("stage", "knock")) else "courtesy"
    if result.state == Dispatch.State.DONE:
        name, detail = f"{kind}.sent", told
    else:
        name, detail = f"{kind}.failed", {**told, "reason": "not_sent"}
    return [
        Told(name, clock.now(), Speaker.PROVIDER, channel, detail, key=f"dispatch:{row.key}:{name}"),
    ]


def told_of(row: Dispatch) -> dict[str, str]:
    """Which message a fact speaks of, and in which words it was sent."""
    return {"message": row.key, "wording": row.request.get("wording", "")}


# ---- what the provider and the robot report -------------------------------------------------------------------


def arrival(
    point: ContactPoint, channel: str, at: datetime, key: str, about: Mapping[str, str] | None = None
) -> list[Told]:
    """A message reached the recipient's own system: with it, the papers did (民事诉讼法第九十条)."""
    contact = str(point.id)
    reached = {"channel": channel, "contact": contact, **(about or {})}
    return [
        Told("message.reached", at, Speaker.PROVIDER, channel, reached, key=key),
        Told(
            "content.available",
            at,
            Speaker.PLATFORM,
            detail={"address": address_of(point), "channel": channel, "contact": contact},
            key=f"{key}:available",
        ),
    ]


def address_of(point: ContactPoint) -> str:
    """Whether the recipient confirmed this electronic address, on paper or on a recorded call (在线诉讼规则第三十条),
    or it was found: which of the two decides when papers sent there are served (同第三十一条)."""
    return "confirmed" if point.rank == "confirmed" or point.confirmed_at is not None else "found"


# ---- behind the link ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody may not see the papers, in words for the page, and until when trying is useless."""

    why: str
    until: datetime | None = None


def find_access(token: str) -> Access | None:
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


def _behind(access: Access, **detail: Any) -> Mapping[str, Any]:
    """`verified` says what whoever acts had to know: the link, the code with it, or an identity number as well."""
    known = (
        "identity" if knows_identity(access) else {Access.Level.LINK: "link"}.get(Access.Level(access.level), "code")
    )
    return {"contact": str(access.contact_point_id), "verified": known, **detail}


def opened(access: Access) -> Told:
    """The papers were opened from this link: known once an access. It is the platform that says so, and `verified`
    says what whoever opened them had to know."""
    return Told("content.opened", clock.now(), Speaker.PLATFORM, detail=_behind(access), key=f"opened:{access.id}")


def fetched_by_software(access: Access) -> Told:
    """A law firm's software fetched a paper: known once an access, apart from the recipient's own opening."""
    detail = {
        "contact": str(access.contact_point_id),
        "address": address_of(access.contact_point),
        "channel": "law_firm",
    }
    return Told("content.opened", clock.now(), Speaker.PLATFORM, "law_firm", detail, key=f"opened:{access.id}:law_firm")


def downloaded(access: Access) -> Told:
    return Told(
        "papers.downloaded", clock.now(), Speaker.PLATFORM, detail=_behind(access), key=f"downloaded:{access.id}"
    )


def consented(access: Access, turn: int = 0) -> list[Told]:
    """The recipient says on the page that electronic service is agreed; the papers are available with that.

    `turn` counts the answers given before: a mind that is changed is another answer."""
    at = clock.now()
    key = f"consent:{access.id}:{turn}"
    return [
        Told("consent.given", at, Speaker.RECIPIENT, detail=_behind(access, how="stated"), key=key),
        Told(
            "content.available",
            at,
            Speaker.PLATFORM,
            detail=_behind(access, address=address_of(access.contact_point), channel="portal"),
            key=f"{key}:available",
        ),
    ]


def declined(access: Access, turn: int = 0) -> Told:
    key = f"declined:{access.id}:{turn}"
    return Told("consent.refused", clock.now(), Speaker.RECIPIENT, detail=_behind(access), key=key)


def signed(access: Access, signer: str, exhibit: Exhibit, private: Mapping[str, Any]) -> Told:
    """A signature on the page. `exhibit` is the drawn signature as it was received; the number that was asked for at
    the door is the recipient's own, so it is given only where the recipient signs."""
    detail = _behind(
        access,
        signer=signer,
        via="electronic",
        id_number_given=signer == "self" and knows_identity(access),
        exhibit=exhibit.sha256,
    )
    key = f"signed:{access.id}:{fingerprint(exhibit.sha256)}"
    return Told("receipt.signed", clock.now(), Speaker.RECIPIENT, detail=detail, private=private, key=key)


def withdraw_accesses(point: ContactPoint) -> None:
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
