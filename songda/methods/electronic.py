"""电子送达: asking for consent, sending the link, and what the recipient does behind it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from songda.courts.models import Person
from songda.courts.policy import Policy
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding.audience import audience_of
from songda.finding.models import ContactPoint
from songda.gateways import accounts, dispatch
from songda.gateways.heard import fingerprint
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import entering, wording
from songda.methods.messages import Notification
from songda.methods.models import Access, Exhibit

# By what somebody is written to at each kind of contact point; at an address nobody is.
CHANNEL_OF = {"phone": "sms", "email": "email", "account": "account"}


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
    """Have a message sent to the contact point, by the channel of its kind, in the words of its stage and audience;
    which words they were is kept with it."""
    audience, channel = audience_of(service.party, point.value), CHANNEL_OF[point.kind]
    words = wording.chosen(stage, audience, channel)
    values = _values(service, point, policy, stage)
    text, subject = wording.filled(words.text, values), wording.filled(words.subject, values)
    way = {
        "sms": {"phone": point.value, "signature": service.court.name},
        "email": {"to": point.value, "subject": subject},
        "account": {
            "platform": point.platform,
            "account": point.value,
            "template": stage,
            "title": subject,
            "link": values["link"] if carries_link(stage) else "",
        },
    }[channel]
    row = dispatch.plan(
        service.court_id,
        key=f"{service.id}:{key}",
        counterparty=channel,
        about=service.id,
        request={**way, "text": text, "contact": str(point.id), "stage": stage, "wording": words.label},
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
    access = entering.grant(service, point, policy)
    first = Notification.objects.filter(service=service, contact_point=point, stage="knock").order_by("sent_at").first()
    return plain | {
        "link": entering.link_of(access),
        "code": "" if access.level == Access.Level.LINK else access.code,
        "law_firm_link": entering.law_firm_link_of(access) if policy.law_firm_link else "",
        "until": _day(access.expires_at),
        "sent_on": _day(first.sent_at or first.planned_at) if first else "",
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(clock.BEIJING)
    return f"{local.month}月{local.day}日"


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
        reason = result.problem if result.problem in accounts.REFUSALS else "not_sent"
        name, detail = f"{kind}.failed", {**told, "reason": reason}
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


def _behind(access: Access, **detail: Any) -> Mapping[str, Any]:
    """`verified` says what whoever acts had to know: the link, the code with it, or an identity number as well."""
    known = (
        "identity"
        if entering.knows_identity(access)
        else {Access.Level.LINK: "link"}.get(Access.Level(access.level), "code")
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
        id_number_given=signer == "self" and entering.knows_identity(access),
        exhibit=exhibit.sha256,
    )
    key = f"signed:{access.id}:{fingerprint(exhibit.sha256)}"
    return Told("receipt.signed", clock.now(), Speaker.RECIPIENT, detail=detail, private=private, key=key)
