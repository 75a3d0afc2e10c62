"""The cases, parties and documents of many orders, found or made in a few statements each.

The court's row is held by the caller, so that nobody makes the same case or party at the same moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from songda.courts.models import Court, Person
from songda.filing import case_number, identity
from songda.filing.checking import identity_kind
from songda.filing.draft import OrderDraft, PartyDraft, Upload
from songda.filing.files import Files
from songda.filing.models import Agent, Case, Document, Party
from songda.lib import clock, crypto
from songda.lib.ids import uuid7

_ROWS = 500


class PartyKey(NamedTuple):
    """What makes a party of a case the same party: its name, sought by its blind index, in the same role."""

    case_number: str
    name_index: str
    role: str


_PaperKey = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that orders refer to."""

    cases: Mapping[str, Case]
    parties: Mapping[PartyKey, Party]
    documents: Mapping[_PaperKey, Document]

    def case(self, draft: OrderDraft) -> Case:
        return self.cases[case_number.normalise(draft.case_number)]

    def papers(self, draft: OrderDraft, files: Files) -> list[Document]:
        """The papers of an order in the order they were given, each once."""
        case = self.case(draft)
        found = [self.documents[case.id, files.look(upload).sha256] for upload in draft.uploads]
        return list({one.id: one for one in found}.values())


def party_key(draft: OrderDraft, said: PartyDraft) -> PartyKey:
    index = crypto.blind_index(said.name, purpose="name")
    return PartyKey(case_number.normalise(draft.case_number), index, said.role)


# ---- cases -----------------------------------------------------------------------------------------------------


def keep_cases(court: Court, drafts: Sequence[OrderDraft]) -> dict[str, Case]:
    """Cases by number; what is newly said of a known case is added to it."""
    judges = _people(draft.judge for draft in drafts if draft.judge)
    numbers = {case_number.normalise(draft.case_number) for draft in drafts}
    cases = {case.number: case for case in Case.objects.filter(court=court, number__in=numbers)}
    fresh: list[Case] = []
    changed: dict[UUID, Case] = {}
    for draft in drafts:
        number = case_number.normalise(draft.case_number)
        if number not in cases:
            cases[number] = Case(id=uuid7(), court=court, number=number, created_at=clock.now())
            fresh.append(cases[number])
        if _change(cases[number], _said_of_case(draft, judges)):
            changed[cases[number].id] = cases[number]
    Case.objects.bulk_create(fresh, batch_size=_ROWS)
    known = [case for case in changed.values() if case not in fresh]
    Case.objects.bulk_update(known, _OF_CASE, batch_size=_ROWS)
    return cases


_OF_CASE = ("procedure", "cause", "hearing_at", "hearing_place", "judge")


def _said_of_case(draft: OrderDraft, judges: Mapping[str, Person]) -> dict[str, Any]:
    return {
        "procedure": draft.procedure,
        "cause": draft.cause[:100],
        "hearing_at": draft.hearing_at,
        "hearing_place": draft.hearing_place[:100],
        "judge": judges.get(draft.judge),
    }


def _people(usernames: Iterable[str]) -> dict[str, Person]:
    return {person.username: person for person in Person.objects.filter(username__in=set(usernames))}


def _change(row: object, said: Mapping[str, Any]) -> bool:
    """Write what is said and new; silence takes nothing away."""
    new = {name: value for name, value in said.items() if value and getattr(row, name) != value}
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)


# ---- parties ---------------------------------------------------------------------------------------------------


def keep_parties(cases: Mapping[str, Case], drafts: Sequence[OrderDraft]) -> dict[PartyKey, Party]:
    """Parties of these cases by name and role; what is newly said of a known one is added to it."""
    parties = _known_parties(cases)
    fresh: list[Party] = []
    changed: dict[UUID, Party] = {}
    for draft in drafts:
        for place, said in enumerate(draft.parties):
            key = party_key(draft, said)
            if key not in parties:
                parties[key] = _new_party(cases[key.case_number], key, said, place)
                fresh.append(parties[key])
            if _change(parties[key], _said_of_party(said)):
                changed[parties[key].id] = parties[key]
    Party.objects.bulk_create(fresh, batch_size=_ROWS)
    made = {party.id for party in fresh}
    Party.objects.bulk_update([one for one in changed.values() if one.id not in made], _OF_PARTY, batch_size=_ROWS)
    _keep_agents(parties, drafts)
    return parties


_OF_PARTY = ("kind", "capacity", "id_number", "id_index", "legal_representative")


def _known_parties(cases: Mapping[str, Case]) -> dict[PartyKey, Party]:
    numbers = {case.id: number for number, case in cases.items()}
    parties: dict[PartyKey, Party] = {}
    for party in Party.objects.filter(case_id__in=numbers).order_by("ordinal", "id"):
        parties.setdefault(PartyKey(numbers[party.case_id], party.name_index, party.role), party)
    return parties


def _new_party(case: Case, key: PartyKey, said: PartyDraft, place: int) -> Party:
    name = said.name.strip()
    return Party(
        id=uuid7(),
        court_id=case.court_id,
        case=case,
        role=key.role,
        name=name,
        name_index=key.name_index,
        ordinal=place,
    )


def _said_of_party(said: PartyDraft) -> dict[str, str]:
    about = {"kind": said.kind, "capacity": said.capacity, "legal_representative": said.legal_representative}
    if not said.id_number:
        return about
    number = identity.identify(said.id_number, identity_kind(said)).number
    return {**about, "id_number": number, "id_index": crypto.blind_index(number, purpose="id")}


def _keep_agents(parties: Mapping[PartyKey, Party], drafts: Iterable[OrderDraft]) -> None:
    said = [
        (parties[party_key(draft, one)], agent) for draft in drafts for one in draft.parties for agent in one.agents
    ]
    if not said:
        return
    rows = Agent.objects.filter(party_id__in={party.id for party, _ in said})
    known = {(agent.party_id, agent.name) for agent in rows}
    fresh = {(party.id, agent.name): (party, agent) for party, agent in said if (party.id, agent.name) not in known}
    Agent.objects.bulk_create(
        Agent(court_id=party.court_id, party=party, kind=agent.kind, name=agent.name, phone=agent.phone)
        for party, agent in fresh.values()
    )


# ---- documents -------------------------------------------------------------------------------------------------


def keep_documents(cases: Mapping[str, Case], drafts: Sequence[OrderDraft], files: Files) -> dict[_PaperKey, Document]:
    """Papers of these cases by their bytes: the same bytes are the same paper of a case."""
    wanted = {
        (cases[case_number.normalise(draft.case_number)].id, files.look(upload).sha256): (draft, upload)
        for draft in reversed(drafts)
        for upload in reversed(draft.uploads)
    }
    rows = Document.objects.filter(case_id__in={case for case, _ in wanted}, sha256__in={sha for _, sha in wanted})
    documents = {(one.case_id, one.sha256): one for one in rows}
    fresh = [
        _document(cases[case_number.normalise(draft.case_number)], upload, files)
        for key, (draft, upload) in wanted.items()
        if key not in documents
    ]
    Document.objects.bulk_create(fresh, batch_size=_ROWS)
    return documents | {(one.case_id, one.sha256): one for one in fresh}


def _document(case: Case, upload: Upload, files: Files) -> Document:
    file, kept = files.look(upload), files.keep(upload)
    return Document(
        id=uuid7(),
        court_id=case.court_id,
        case=case,
        kind=upload.kind,
        title=upload.title or upload.filename.rsplit(".", 1)[0],
        filename=file.filename,
        sha256=file.sha256,
        pdf_sha256=kept.pdf_sha256,
        size=file.size,
        pages=kept.pages,
        media_type=file.media_type,
        created_at=clock.now(),
    )
