"""A court's printing press for tests: it makes genuine proofs, and lets its keys be misused in one chosen way."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from songda.evidence import bundle, canonical, certificates, checkpoint, keys, merkle, pades, statement, timestamps
from songda.evidence.bundle import Head, ProvedFact
from songda.evidence.checkpoint import Checkpoint, PublicKey
from songda.evidence.statement import Paper
from songda.evidence.trust import Trust
from songda.gateways.sandbox import tsa
from songda.law import situation as law
from songda.law.explain import explain
from songda.lib import clock
from songda.lib.calendar import WorkingDays

NOW = clock.now()
COURT_NAME, OTHER_COURT_NAME = "成都高新技术产业开发区人民法院", "成都市成华区人民法院"
ORIGIN = "songda/ledger/川0191"
COURT, OTHER_COURT, SERVICE, OTHER_SERVICE, ORDER = (
    uuid5(UUID(int=0), name) for name in ("court", "other court", "service", "other service", "order")
)
RECEIPT = b"a picture of the receipt"
PRIVATE = {"name": "邓某", "id_number": "510104199001011234"}


@dataclass(frozen=True)
class Telling:
    """A fact as it enters the ledger of a test."""

    fact: str
    days_ago: float
    detail: dict[str, Any] = field(default_factory=dict)
    by: str = "platform"
    about: UUID = SERVICE
    court: UUID = COURT
    private: dict[str, Any] | None = None

    def sealed(self, number: int) -> tuple[dict[str, Any], bytes]:
        moment, seed = NOW - timedelta(days=self.days_ago), hashlib.sha256(f"seed {number}".encode()).digest()
        record = canonical.record(
            id=uuid5(SERVICE, f"{self.fact} {number}"),
            court=self.court,
            about=self.about,
            fact=self.fact,
            happened_at=moment,
            learnt_at=moment,
            by=self.by,
            by_ref="",
            key=None,
            detail=self.detail,
            private=self.private,
            seed=seed,
        )
        return record, seed


COURSE = (
    Telling("order.accepted", 6, about=ORDER),
    Telling("consent.given", 5.5, {"how": "stated"}, by="recipient"),
    Telling("message.sent", 5, {"channel": "sms"}),
    Telling("content.available", 4.9, {"address": "confirmed", "channel": "sms"}),
    Telling("receipt.signed", 4, {"signer": "self", "via": "electronic"}, by="recipient", private=PRIVATE),
)


@cache
def court() -> "Court":
    return Court()


class Court:
    """A court's keys, certificates and published anchors."""

    def __init__(self) -> None:
        self.ed, self.sm = keys.Ed25519Signer.new(ORIGIN), keys.Sm2Signer.new(ORIGIN)
        self.tsa = tsa.new()
        self.authority = certificates.new_authority("测试根", at=NOW)
        self.credential = certificates.issue(self.authority, COURT_NAME, at=NOW)
        self.trust = Trust(
            court=str(COURT),
            name=COURT_NAME,
            origin=ORIGIN,
            log_keys=(
                PublicKey(ORIGIN, checkpoint.ED25519, self.ed.public.key, since=NOW - timedelta(days=30)),
                PublicKey(ORIGIN, checkpoint.SM2, self.sm.public.key),
            ),
            paper_roots=(self.authority.certificate,),
            stamp_roots=(self.tsa.root,),
        )

    def stamp(self, note: str) -> bytes:
        return self.tsa.handle(timestamps.request(note.encode()).as_bytes())

    def sign(self, leaves: list[bytes]) -> str:
        return checkpoint.sign(Checkpoint(ORIGIN, len(leaves), merkle.root(leaves)), [self.ed, self.sm])

    def head(self, leaves: list[bytes], consistency: tuple[bytes, ...] = ()) -> Head:
        note = self.sign(leaves)
        return Head(note, self.stamp(note), consistency)


@dataclass
class Made:
    """A proof before it is printed: the bundle as JSON, still open to changes, and the files to attach."""

    value: dict[str, Any]
    files: dict[str, bytes]

    def printed(self, credential: certificates.Credential | None = None) -> bytes:
        """The PDF, signed by the court, or by somebody else."""
        pdf = paper({**self.files, bundle.FILE_NAME: json.dumps(self.value).encode()})
        return pades.sign(pdf, credential or court().credential, at=NOW, reason="送达回证")

    def fact(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.value["facts"] if each["record"]["fact"] == name)
        return found


class InProcess(TimeStamper):
    """A time-stamping authority without the network in between."""

    def __init__(self, authority: tsa.Tsa) -> None:
        super().__init__()
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._authority.handle(req.dump()))


def paper(files: dict[str, bytes], *, again: str | None = None) -> bytes:
    """A page of text that carries files, one of them twice."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    text = DecodedStreamObject()
    text.set_data(b"BT /F1 12 Tf 72 720 Td (Served on the first of April) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(text)
    for name, data in files.items():
        writer.add_attachment(name, data)
    if again is not None:
        writer.add_attachment(again, b"a second of that name")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def situation(records: list[dict[str, Any]]) -> law.Situation:
    return statement.situation(
        {
            "situation": {
                "as_of": canonical.instant(NOW),
                "case": {
                    "number": "（2026）川0191民初1234号",
                    "procedure": "ordinary",
                    "parties": [{"name": "某公司", "role": "原告", "kind": "organisation"}, {"name": "邓某"}],
                },
                "recipient": {"kind": "person", "electronic_consent": True, "electronic_address": "confirmed"},
                "documents": [{"kind": "complaint"}, {"kind": "summons"}],
            }
        },
        records,
    )


def make(
    course: tuple[Telling, ...] = COURSE,
    *,
    strangers: tuple[Telling, ...] = (),
    stated: dict[str, Any] | None = None,
    late: tuple[Telling, ...] = (),
    is_issued: bool = True,
    forked: bool = False,
) -> Made:
    """A proof. The facts of `course` are in a first checkpoint; `late` and the issuing are sealed after its stamp.

    `strangers` are sealed and shown but not judged; `stated` overrides the statement before it is sealed; a `forked`
    log forgets its first leaf between the two checkpoints.
    """
    now = court()
    sealed = [telling.sealed(number) for number, telling in enumerate((*course, *strangers))]
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(13)]
    places = _append(leaves, sealed)
    first, first_size = now.head(leaves), len(leaves)
    after = [telling.sealed(number + 100) for number, telling in enumerate(late)]
    judged = [*sealed[: len(course)], *after]
    value = _statement([record for record, _ in judged]) | (stated or {})
    if is_issued:
        issued = Telling("proof.issued", 0, bundle.seal_statement(value)).sealed(200)
        after = [*after, issued]
    places += _append(leaves, after)
    if forked:
        leaves[0] = merkle.leaf_hash(b"another past")
    subtree, size = merkle.subtree_of(leaves), len(leaves)
    facts = [
        ProvedFact(record, canonical.record_salt(seed), place, tuple(merkle.prove_inclusion(place, size, subtree)))
        for place, (record, seed) in zip(places, [*sealed, *after], strict=True)
    ]
    heads = [first, now.head(leaves, tuple(merkle.prove_consistency(first_size, size, subtree)))]
    written = bundle.make(value, [_opened(fact, [*sealed, *after]) for fact in facts], heads, now.trust)
    return Made(json.loads(written), {"receipt.jpg": RECEIPT})


def _append(leaves: list[bytes], sealed: list[tuple[dict[str, Any], bytes]]) -> list[int]:
    """Seal each among strangers' leaves; returns the places."""
    places = []
    for record, seed in sealed:
        places.append(len(leaves))
        leaves += [canonical.commit(record, canonical.record_salt(seed)), merkle.leaf_hash(seed)]
    return places


def _opened(fact: ProvedFact, sealed: list[tuple[dict[str, Any], bytes]]) -> ProvedFact:
    if fact.record["fact"] != "receipt.signed":
        return fact
    seed = next(seed for record, seed in sealed if record is fact.record)
    return ProvedFact(fact.record, fact.salt, fact.index, fact.path, PRIVATE, canonical.private_salt(seed))


def _statement(records: list[dict[str, Any]]) -> dict[str, Any]:
    asked = situation(records)
    return statement.make(
        serial="川0191-2026-000001",
        issued_at=NOW,
        about=[SERVICE, ORDER],
        recipient_name="邓某",
        papers=[
            Paper("receipt.jpg", "evidence", hashlib.sha256(RECEIPT).hexdigest(), attached=True),
            Paper("起诉状副本.pdf", "served", hashlib.sha256(b"complaint").hexdigest(), attached=False),
        ],
        facts=[UUID(record["id"]) for record in records],
        situation=asked,
        calendar=WorkingDays(),
        explanation=explain(asked, WorkingDays()),
    )


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
