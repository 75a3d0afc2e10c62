"""What the recipient says and does behind the link. Each act is a fact; repeated, it is the same fact."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from songda.engine import actions, inbound
from songda.engine.reading import course, locked
from songda.engine.standing import Course, reckoned, situation_of
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.actions import Reach
from songda.finding.models import ContactKind, ContactPoint, Rank
from songda.law.course import Course as LawCourse
from songda.law.facts import SIGNERS
from songda.law.signers import lawful_signers
from songda.lib import clock
from songda.methods import electronic, entering
from songda.methods.actions import keep_exhibit, keep_paper
from songda.methods.models import Access, Exhibit, Paper
from songda.methods.queries import matter_of, serial_of, verify_url
from songda.papers.address import AddressConfirmation, ElectronicAddress, NamedReceiver, address_confirmation


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a recipient confirms: where papers reach them, and the electronic ways they agree to."""

    address: str
    phone: str
    email: str = ""
    account: str = ""
    account_platform: str = ""
    postcode: str = ""
    ways: tuple[str, ...] = ("sms",)
    # Whether electronic service is agreed to; behind the link it was agreed before.
    consent: bool = True
    receiver: NamedReceiver | None = None
    # The litigation agent who confirms for the recipient (法发〔2017〕19号第二条).
    agent: str = ""
    # 要求保密 (法释〔2004〕13号第四条).
    confidential: bool = False

    @classmethod
    def noted(cls, note: Mapping[str, Any]) -> "Confirmed":
        """What was confirmed, as the exhibit's note has it."""
        receiver = note.get("receiver")
        named = NamedReceiver(**receiver) if receiver else None
        return cls(**{**note, "ways": tuple(note["ways"]), "receiver": named})

    def electronic(self) -> tuple[ElectronicAddress, ...]:
        if not self.consent:
            return ()
        said = {"sms": ("sms", self.phone), "email": ("email", self.email)}
        said["account"] = (self.account_platform, self.account)
        return tuple(ElectronicAddress(channel=said[way][0], value=said[way][1]) for way in self.ways if said[way][1])

    def reaches(self) -> list[Reach]:
        said = ((ContactKind.ADDRESS, self.address), (ContactKind.PHONE, self.phone), (ContactKind.EMAIL, self.email))
        ways = [Reach(kind, value, "recipient", Rank.CONFIRMED) for kind, value in said if value]
        # An account is good for nothing but papers: one that was not agreed to for them is not kept.
        if self.consent and "account" in self.ways and self.account:
            platform = self.account_platform
            ways.append(Reach(ContactKind.ACCOUNT, self.account, "recipient", Rank.CONFIRMED, platform=platform))
        return ways


# ---- what is known ---------------------------------------------------------------------------------------------


def consent_of(known: Course) -> bool | None:
    """The recipient's last word on electronic service; None where there is none."""
    answers = [fact for fact in reckoned(known.facts) if fact.name in {"consent.given", "consent.refused"}]
    return answers[-1].name == "consent.given" if answers else None


def first(known: Course, name: str) -> Fact | None:
    """The earliest fact of this name that counts."""
    return next((fact for fact in reckoned(known.facts) if fact.name == name), None)


def signed_here(known: Course) -> Fact | None:
    """The signature given on the page, where one was."""
    return next(
        (
            one
            for one in reckoned(known.facts)
            if one.name == "receipt.signed" and one.detail.get("via") == "electronic"
        ),
        None,
    )


def signers_of(known: Course) -> dict[str, str]:
    """Who may sign these papers on the page for this recipient, as the law has it, the likeliest first."""
    allowed = lawful_signers(LawCourse(situation_of(known, clock.now()), known.calendar), "electronic").signers
    # An organisation does not hold a pen: somebody of it signs, and says who.
    hidden = {"self"} if known.service.party.kind == "organisation" else set()
    return {code: SIGNERS[code] for code in SIGNERS if code in allowed - hidden}


def confirmation_of(service: Service) -> Paper | None:
    """The address confirmation in force: the last one made."""
    return Paper.objects.filter(service=service, kind="confirmation", superseded_by=None).first()


# ---- what they do ----------------------------------------------------------------------------------------------


def _turn(known: Course) -> int:
    return sum(fact.name in {"consent.given", "consent.refused"} for fact in known.facts)


def consent(access: Access) -> None:
    """同意电子送达 on the page; said again while it stands, nothing changes."""
    known = course(locked(access.service_id))
    if consent_of(known) is not True:
        actions.record(access.service_id, electronic.consented(access, _turn(known)))


def decline(access: Access) -> None:
    """不同意电子送达: the service goes on by other ways."""
    known = course(locked(access.service_id))
    if consent_of(known) is not False:
        actions.record(access.service_id, electronic.declined(access, _turn(known)))


def open_papers(access: Access, *, by_software: bool = False) -> None:
    """A paper was shown, or fetched by a law firm's software."""
    told = electronic.fetched_by_software(access) if by_software else electronic.opened(access)
    actions.record(access.service_id, told)


def download(access: Access) -> None:
    """All papers were taken at once; to have them is to have opened them."""
    actions.record(access.service_id, [electronic.opened(access), electronic.downloaded(access)])


def not_me(access: Access) -> None:
    """Whoever holds this phone says it is not the recipient's: it is withdrawn and the link is shut at once."""
    point = access.contact_point
    inbound.wrong_person(point)
    told = Told(
        "contact.withdrawn",
        clock.now(),
        Speaker.PLATFORM,
        detail={"contact": str(point.id), "why": "wrong_person", "said_at": "portal"},
        key=f"not_me:{access.id}",
    )
    actions.record(access.service_id, told)


def confirm(access: Access, said: Confirmed) -> Paper:
    """Keep what the recipient confirms as contact points of the first rank and as 送达地址确认书."""
    service = locked(access.service_id)
    points = finding.learn(service.party, said.reaches())
    paper = keep_confirmation(service, said, Signed(id_number=_known_number(access)))
    actions.record(service.id, [added(point, paper) for point in points])
    return paper


def added(point: ContactPoint, paper: Paper, speaker: Speaker = Speaker.RECIPIENT, by: str = "") -> Told:
    """A way to reach the recipient that they confirmed on this paper."""
    detail = {"contact": str(point.id), "kind": point.kind, "rank": Rank.CONFIRMED.value, "paper": str(paper.id)}
    return Told("contact.added", clock.now(), speaker, by, detail, key=f"confirmed:{paper.id}:{point.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Under a confirmation: the number its signer showed, the drawing, and who of the court took it."""

    id_number: str = ""
    signature: bytes = b""
    clerk: str = ""


def _known_number(access: Access) -> str:
    return access.service.party.id_number if entering.knows_identity(access) else ""


def keep_confirmation(service: Service, said: Confirmed, signed: Signed) -> Paper:
    """送达地址确认书 as paper and as exhibit. A new one takes the place of the one before it; both stay on file."""
    older = confirmation_of(service)
    count = service.papers.filter(kind="confirmation").count() + 1
    serial = serial_of(service, f"Q{count}")
    pdf = address_confirmation(_filled(service, said, serial, signed))
    paper = keep_paper(
        service, kind="confirmation", title=f"送达地址确认书 {serial}", key=f"confirmation:{count}", pdf=pdf
    )
    keep_exhibit(service, kind="confirmation", content=pdf, media_type="application/pdf", note=asdict(said))
    if older is not None:
        Paper.objects.filter(id=older.id).update(superseded_by=paper)
    return paper


def _filled(service: Service, said: Confirmed, serial: str, signed: Signed) -> AddressConfirmation:
    party = service.party
    return AddressConfirmation(
        matter=matter_of(service),
        serial=serial,
        made_at=clock.now(),
        verify_url=verify_url(serial),
        party=party.name,
        role=party.role,
        address=said.address,
        postcode=said.postcode,
        phone=said.phone,
        id_number=signed.id_number,
        consent=said.consent,
        electronic=said.electronic(),
        receiver=said.receiver,
        agent=said.agent,
        confidential=said.confidential,
        signature=signed.signature,
        confirmed_on=clock.today(),
        clerk=signed.clerk,
    )


def sign(access: Access, *, signer: str, name: str, picture: bytes) -> Fact | None:
    """A drawn signature: kept as it was received, told as a fact, and set under the address confirmation. None when
    the papers were signed here before."""
    service = locked(access.service_id)
    known = course(service)
    if signed_here(known) is not None:
        return None
    exhibit = keep_exhibit(
        service, kind="signature", content=picture, media_type="image/png", note={"signer": signer, "name": name}
    )
    _sign_confirmation(service, access, picture)
    told = electronic.signed(access, signer, exhibit, {"name": name})
    kept = actions.record(service.id, told)
    return kept[0] if kept else None


def _sign_confirmation(service: Service, access: Access, picture: bytes) -> None:
    paper = confirmation_of(service)
    if paper is None:
        return
    exhibit = Exhibit.objects.get(service=service, kind="confirmation", sha256=paper.sha256)
    said = Confirmed.noted(exhibit.note or {})
    keep_confirmation(service, said, Signed(id_number=_known_number(access), signature=picture))


# ---- whether a message was ours --------------------------------------------------------------------------------


def messages_sent(facts: list[Fact], contact: str = "") -> list[datetime]:
    """When messages went out, to one contact point or to all."""
    return [
        fact.happened_at
        for fact in facts
        if fact.name == "message.sent" and (not contact or fact.detail.get("contact") == contact)
    ]
