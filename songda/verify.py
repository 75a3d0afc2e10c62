"""Checks a proof of service with nothing but the file and the court's public keys: no database, no network.

    songda verify 回证.pdf --trust 法院公钥.json
    python -m songda.verify FILE.pdf --trust court.json --lang en

Each check below is one function that either returns a few words about what it found or raises `Wrong` with what was
expected and what is there. They run in the order of `CHECKS`; one that fails does not stop the others.

What one has to trust is the court's published file of keys and roots. It is looked for in `--trust FILE`, then in the
folder `SONGDA_TRUST` (else `trust` in `SONGDA_VAR`, else `var/trust`). A proof carries a copy of that file, but a
forger would carry his own, so the copy counts only with `--trust-on-first-use`, where the fingerprint shown has to be
compared with the court's.

Exit status: 0 where every check holds, 1 otherwise.
"""

import argparse
import hashlib
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from songda.evidence import attachments, bundle, canonical, checkpoint, merkle, statement, timestamps
from songda.evidence.bundle import Bundle, BundleError, Head, ProvedFact
from songda.evidence.trust import Trust
from songda.lib import clock
from songda.verify_report import PHRASES, Report, Result


class Wrong(Exception):
    """A check that does not hold. `code` is a row of `verify_report.WRONG_WORDS`."""

    def __init__(self, code: str, expected: object, actual: object) -> None:
        super().__init__(f"{code}: expected {expected}, got {actual}")
        self.code, self.expected, self.actual = code, str(expected), str(actual)


class Proof:
    """A file under examination: its parts are taken out when first asked for."""

    def __init__(self, pdf: bytes, anchors: Sequence[Trust], *, first_use: bool, now: datetime) -> None:
        self._pdf, self._anchors, self._first_use, self._now = pdf, anchors, first_use, now

    @cached_property
    def reader(self) -> PdfFileReader:
        return self._opened[0]

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The attached files by name."""
        pairs = self._opened[1]
        if len(files := dict(pairs)) != len(pairs):
            raise Wrong("file.same_name", len(pairs), len(files))
        return files

    @cached_property
    def _opened(self) -> tuple[PdfFileReader, list[tuple[str, bytes]]]:
        try:
            return attachments.open_pdf(self._pdf)
        except attachments.Unreadable as error:
            raise Wrong("file.unreadable", "PDF", error) from error

    @cached_property
    def bundle(self) -> Bundle:
        if bundle.FILE_NAME not in self.files:
            raise Wrong("bundle.absent", bundle.FILE_NAME, ", ".join(self.files) or "-")
        try:
            return bundle.parse(self.files[bundle.FILE_NAME])
        except BundleError as error:
            raise Wrong("bundle.malformed", bundle.FORMAT, error) from error

    @cached_property
    def trust(self) -> Trust:
        """The anchors to check against: the court's own where we have them."""
        carried = self.bundle.trust
        return next((each for each in self._anchors if each.origin == carried.origin), carried)

    @property
    def is_vouched_for(self) -> bool:
        return self.trust in self._anchors or self._first_use

    @property
    def stated(self) -> Mapping[str, Any]:
        return self.bundle.statement

    @cached_property
    def judged(self) -> tuple[ProvedFact, ...]:
        """The facts the law read, in the order the statement names them."""
        by_id = {fact.record["id"]: fact for fact in self.bundle.facts}
        missing = [each for each in self.stated["facts"] if each not in by_id]
        if missing:
            raise Wrong("facts.missing", missing[0], ", ".join(by_id))
        return tuple(by_id[each] for each in self.stated["facts"])

    @cached_property
    def times(self) -> tuple[datetime | None, ...]:
        """When each checkpoint existed, in the word of a time-stamping authority."""
        return tuple(self._stamped_at(head) for head in self.bundle.heads)

    def _stamped_at(self, head: Head) -> datetime | None:
        if head.stamp is None:
            return None
        try:
            return timestamps.verify(head.stamp, head.note.encode(), self.trust.stamp_roots)
        except timestamps.StampError as error:
            raise Wrong("stamp.wrong", "RFC 3161", error) from error

    def made_at(self, place: int) -> datetime:
        """When a checkpoint was made. Without a stamp only the court says so, and then it counts as made now:
        a key or certificate that has ended since could otherwise be used to date something back."""
        return self.times[place] or self._now

    @cached_property
    def checkpoints(self) -> tuple[checkpoint.SignedCheckpoint, ...]:
        try:
            return tuple(head.signed() for head in self.bundle.heads)
        except checkpoint.NoteError as error:
            raise Wrong("checkpoint.malformed", error.expected, f"{error.what}: {error.actual}") from error


def check_bundle(proof: Proof) -> str:
    """The file can be read and carries a bundle of the published form."""
    return f"{proof.stated['serial']} · {proof.stated['recipient_name']}"


def check_anchors(proof: Proof) -> str:
    """Somebody other than the file itself vouches for the court's keys."""
    print_ = proof.trust.fingerprint()
    if not proof.is_vouched_for:
        raise Wrong("anchors.unknown", "--trust", f"{proof.trust.name} {print_}")
    return f"{proof.trust.name} · {print_[:16]}"


def check_signature(proof: Proof) -> str:
    """One PAdES signature over the whole file, by this court, under a root it names."""
    moment = proof.made_at(-1)
    try:
        signatures = proof.reader.embedded_regular_signatures
        if len(signatures) != 1:
            raise Wrong("signature.absent" if not signatures else "signature.many", 1, len(signatures))
        status = validate_pdf_signature(
            signatures[0],
            signer_validation_context=_roots(proof.trust.paper_roots, moment),
            ts_validation_context=_roots(proof.trust.stamp_roots, moment),
        )
        return _judge_signature(proof.trust, signatures[0], status)
    except Wrong:
        raise
    # As with the file: whatever it is that keeps the reader from reading it, it is no signature.
    except Exception as error:
        raise Wrong("signature.unreadable", "PAdES", type(error).__name__) from error


def _judge_signature(trust: Trust, found: Any, status: PdfSignatureStatus) -> str:
    if not (status.intact and status.valid):
        raise Wrong("signature.broken", _signed_digest(found), found.compute_digest().hex())
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise Wrong("signature.partial", SignatureCoverageLevel.ENTIRE_FILE, status.coverage)
    if not status.trusted:
        roots = "; ".join(each.subject.rfc4514_string() for each in trust.paper_roots)
        raise Wrong("signature.untrusted", roots, status.signing_cert.issuer.human_friendly)
    signer = str(status.signing_cert.subject.native.get("common_name", ""))
    if signer != trust.name:
        raise Wrong("signature.other_court", trust.name, signer)
    stamp = status.timestamp_validity
    if stamp and not (stamp.valid and stamp.trusted):
        raise Wrong("signature.stamp", "RFC 3161", stamp.summary())
    return f"{signer} · PAdES"


def _signed_digest(found: Any) -> str:
    attributes = found.signer_info["signed_attrs"]
    values = [each["values"][0].native for each in attributes if each["type"].native == "message_digest"]
    return str(values[0].hex()) if values else "-"


def _roots(certificates: Sequence[Any], moment: datetime) -> ValidationContext:
    roots = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)


def check_papers(proof: Proof) -> str:
    """Every attached file is one the statement names, with the digest it names."""
    stated = {each["name"]: each["sha256"] for each in proof.stated["papers"] if each["attached"]}
    attached = {name: data for name, data in proof.files.items() if name != bundle.FILE_NAME}
    for name in sorted(stated.keys() ^ attached.keys()):
        raise Wrong("papers.missing" if name in stated else "papers.unknown", ", ".join(stated) or "-", name)
    for name, data in attached.items():
        if (digest := hashlib.sha256(data).hexdigest()) != stated[name]:
            raise Wrong("papers.altered", f"{name} {stated[name]}", digest)
    return f"{len(attached)}"


def check_checkpoints(proof: Proof) -> str:
    """Each checkpoint is of this court's log and signed by every key that was in force."""
    signers: tuple[checkpoint.PublicKey, ...] = ()
    for place, signed in enumerate(proof.checkpoints):
        if signed.checkpoint.origin != proof.trust.origin:
            raise Wrong("checkpoint.other_log", proof.trust.origin, signed.checkpoint.origin)
        try:
            signers = checkpoint.verify(signed, proof.trust.log_keys, at=proof.made_at(place))
        except checkpoint.NoteError as error:
            raise Wrong("checkpoint.unsigned", error.expected, f"{error.what}: {error.actual}") from error
    names = ", ".join(checkpoint.ALGORITHMS[each.algorithm] for each in signers)
    return f"{proof.checkpoints[-1].checkpoint.size} · {names}"


def check_stamps(proof: Proof) -> str:
    """Each time stamp holds for its checkpoint; one that has not come yet is said to be missing."""
    return "; ".join(each.isoformat() if each else "—" for each in proof.times)


def check_log(proof: Proof) -> str:
    """Each checkpoint only appends to the one before: the log was neither cut nor forked."""
    heads = [each.checkpoint for each in proof.checkpoints]
    for older, newer, head in zip(heads, heads[1:], proof.bundle.heads[1:], strict=False):
        if newer.size < older.size:
            raise Wrong("log.truncated", f"> {older.size}", newer.size)
        try:
            merkle.verify_consistency(older.size, newer.size, older.root, newer.root, head.consistency)
        except merkle.ProofError as error:
            raise Wrong("log.forked", error.expected, f"{error.what}: {error.actual}") from error
    return " → ".join(str(head.size) for head in heads)


def check_facts(proof: Proof) -> str:
    """Each fact, under its salt, stands in the log where it says it stands."""
    head = proof.checkpoints[-1].checkpoint
    for fact in proof.bundle.facts:
        name = f"{fact.record['fact']} {fact.record['id']}"
        if fact.index >= head.size:
            raise Wrong("facts.beyond_log", f"{name} < {head.size}", fact.index)
        try:
            leaf = canonical.commit(fact.record, fact.salt)
            merkle.verify_inclusion(fact.index, head.size, leaf, fact.path, head.root)
        except merkle.ProofError as error:
            raise Wrong("facts.not_in_log", f"{name}: {error.expected}", error.actual) from error
        except ValueError as error:
            raise Wrong("facts.not_in_log", name, error) from error
    return f"{len(proof.bundle.facts)}"


def check_times(proof: Proof) -> str:
    """No fact was sealed long after it says it was learnt, or before: the stamped checkpoints around it say when."""
    sizes, lag = [each.checkpoint.size for each in proof.checkpoints], proof.trust.sealed_within
    for fact in proof.bundle.facts:
        place = next((number for number, size in enumerate(sizes) if fact.index < size), None)
        if place is None:
            raise Wrong("facts.beyond_log", f"< {sizes[-1]}", fact.index)
        before, after = (proof.times[place - 1] if place else None), proof.times[place]
        name = f"{fact.record['fact']} {fact.record['id']}"
        if before and fact.learnt_at < before - lag:
            raise Wrong("facts.back_dated", f"{name} ≥ {(before - lag).isoformat()}", fact.learnt_at.isoformat())
        if after and fact.learnt_at > after + lag:
            raise Wrong("facts.post_dated", f"{name} ≤ {(after + lag).isoformat()}", fact.learnt_at.isoformat())
    return f"± {lag}"


def check_statement(proof: Proof) -> str:
    """The whole statement was sealed before the proof was printed, by the fact `proof.issued`."""
    issued = [each.record for each in proof.bundle.facts if each.record["fact"] == "proof.issued"]
    sealed = [each["detail"] for each in issued if each["detail"].get("serial") == proof.stated["serial"]]
    if len(sealed) != 1:
        raise Wrong("statement.not_sealed", f"proof.issued {proof.stated['serial']}", len(sealed))
    digest = canonical.digest(proof.stated)
    if sealed[0].get("statement_sha256") != digest:
        raise Wrong("statement.altered", sealed[0].get("statement_sha256"), digest)
    return digest[:16]


def check_subject(proof: Proof) -> str:
    """Every fact is this court's and about this service, or about its order and inquiries."""
    for fact in proof.bundle.facts:
        if fact.record["court"] != proof.trust.court:
            raise Wrong("facts.other_court", proof.trust.court, f"{fact.record['fact']} {fact.record['court']}")
        if fact.record["about"] not in proof.stated["about"]:
            raise Wrong(
                "facts.other_service", proof.stated["about"][0], f"{fact.record['fact']} {fact.record['about']}"
            )
    return str(proof.stated["about"][0])


def check_private(proof: Proof) -> str:
    """Personal details that are shown are those that were sealed."""
    opened = [each for each in proof.bundle.facts if each.private is not None]
    for fact in opened:
        hidden = canonical.hide(fact.private or {}, fact.private_salt or b"")
        if hidden != fact.record["private"]:
            raise Wrong("private.altered", f"{fact.record['fact']} {fact.record['private']}", hidden)
    return f"{len(opened)}"


def check_outcome(proof: Proof) -> str:
    """The outcome follows from the sealed facts by law, asked again here."""
    stated, records = proof.stated["outcome"], [each.record for each in proof.judged]
    version, ours = proof.stated["law_version"], statement.law_version()
    try:
        found = statement.judge(proof.stated, records)
    except statement.OutsideCalendar as error:
        raise Wrong("outcome.calendar", proof.stated["calendar"]["last"], error) from error
    except (TypeError, ValueError, KeyError) as error:
        raise Wrong("outcome.unreadable", "songda.law", f"{type(error).__name__}: {error}") from error
    if found != stated:
        code = "outcome.differs" if version == ours else "outcome.other_version"
        raise Wrong(code, _outcome_words(found, ours), _outcome_words(stated, version))
    return _outcome_words(stated, version)


def _outcome_words(outcome: Mapping[str, Any] | None, version: str) -> str:
    if outcome is None:
        return f"— ({version})"
    articles = "、".join(outcome["articles"])
    return f"{outcome['result']} {outcome['method']} {outcome['effective_on']} {articles} ({version})"


CHECKS: tuple[tuple[str, Callable[[Proof], str]], ...] = (
    ("bundle", check_bundle),
    ("anchors", check_anchors),
    ("signature", check_signature),
    ("papers", check_papers),
    ("checkpoints", check_checkpoints),
    ("stamps", check_stamps),
    ("log", check_log),
    ("facts", check_facts),
    ("times", check_times),
    ("statement", check_statement),
    ("subject", check_subject),
    ("private", check_private),
    ("outcome", check_outcome),
)


def check(pdf: bytes, anchors: Sequence[Trust], *, first_use: bool = False, now: datetime | None = None) -> Report:
    """Every check on a proof. With `first_use`, a court we have no anchors for is taken at its file's word."""
    proof = Proof(pdf, anchors, first_use=first_use, now=now or clock.now())
    results: list[Result] = []
    for name, look in CHECKS:
        try:
            results.append(Result(name, note=look(proof)))
        except Wrong as wrong:
            # One cause (no bundle, a broken stamp) is told once, where it is met first.
            if wrong.code not in [each.code for each in results]:
                results.append(Result(name, wrong.code, expected=wrong.expected, actual=wrong.actual))
    return Report(tuple(results))


def claimed_court(pdf: bytes) -> str | None:
    """The id of the court that a proof says it is of, nothing of it checked; None where it says nothing."""
    try:
        return Proof(pdf, (), first_use=False, now=clock.now()).bundle.trust.court
    except Wrong:
        return None


def read_anchors(files: Sequence[Path]) -> list[Trust]:
    """Anchors from the files named, else from the folder `SONGDA_TRUST`. Raises `BundleError`, `OSError`."""
    folder = Path(os.environ.get("SONGDA_TRUST") or Path(os.environ.get("SONGDA_VAR") or "var", "trust"))
    return [bundle.parse_trust(file.read_bytes()) for file in files or sorted(folder.glob("*.json"))]


def main(argv: list[str] | None = None) -> int:
    """The command `songda verify`."""
    parser = argparse.ArgumentParser(prog="songda verify", description="核验送达回证 / verify a proof of service")
    parser.add_argument("file", type=Path, help="PDF")
    parser.add_argument("--lang", choices=sorted(PHRASES), default="zh")
    parser.add_argument("--trust", type=Path, action="append", default=[], help="法院公布的公钥文件 / the court's keys")
    parser.add_argument("--trust-on-first-use", action="store_true", help="暂信文件自带公钥 / believe the file's own")
    asked = parser.parse_args(argv)
    # The library tells its reasons to the log as well; a reader of the report needs them once.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        pdf, anchors = asked.file.read_bytes(), read_anchors(asked.trust)
    except (OSError, BundleError) as error:
        print(PHRASES[asked.lang]["unreadable"].format(error=error), file=sys.stderr)  # noqa: T201  a command's answer
        return 1
    report = check(pdf, anchors, first_use=asked.trust_on_first_use)
    print("\n".join(report.lines(asked.lang)))  # noqa: T201
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
