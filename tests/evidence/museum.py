"""A museum of forged proofs. Each exhibit alters one kind of byte, and says with which words it has to be found out.

Most exhibits are the worst case: whoever made them could use the court's own certificate to sign the PDF again.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter

from songda.evidence import bundle, certificates, checkpoint, keys, pades
from songda.evidence.checkpoint import Checkpoint
from songda.gateways.sandbox import tsa
from tests.evidence import press
from tests.evidence.press import COURSE, Telling


@dataclass(frozen=True)
class Exhibit:
    """A forgery and the codes it has to be found out with, in the order of the checks."""

    name: str
    codes: tuple[str, ...]
    forge: Callable[[], bytes]


EXHIBITS: list[Exhibit] = []


def exhibit(*codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def hang(forge: Callable[[], bytes]) -> Callable[[], bytes]:
        EXHIBITS.append(Exhibit(forge.__name__, codes, forge))
        return forge

    return hang


def _flipped(text: str) -> str:
    """The same base64 with one bit of its first byte changed."""
    raw = base64.b64decode(text)
    return press.encoded(bytes([raw[0] ^ 1]) + raw[1:])


def _altered(change: Callable[[press.Made], Any]) -> bytes:
    made = press.make()
    change(made)
    return made.printed()


# The paper itself


@exhibit("signature.broken")
def visible_text_altered() -> bytes:
    return press.make().printed().replace(b"first of April", b"tenth of April")


@exhibit("file.unreadable")
def not_a_paper() -> bytes:
    return b"%PDF-1.7\nnothing"


@exhibit("signature.absent")
def signature_taken_off() -> bytes:
    made = press.make()
    return press.paper({**made.files, bundle.FILE_NAME: json.dumps(made.value).encode()})


@exhibit("signature.many")
def signed_by_two() -> bytes:
    made, signer = press.make(), pades._simple_signer(press.court().credential)
    pdf = press.paper({**made.files, bundle.FILE_NAME: json.dumps(made.value).encode()})
    for name in ("one", "two"):
        as_approval = PdfSignatureMetadata(field_name=name, subfilter=SigSeedSubFilter.PADES)
        pdf = sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), as_approval, signer).getvalue()
    return pdf


@exhibit("signature.unreadable")
def signature_torn() -> bytes:
    return press.make().printed().replace(b"/Contents <30", b"/Contents <ff")


@exhibit("signature.stamp")
def stamped_by_a_stranger() -> bytes:
    made = press.make()
    pdf = press.paper({**made.files, bundle.FILE_NAME: json.dumps(made.value).encode()})
    stranger = press.InProcess(tsa.new())
    return pades.sign(pdf, press.court().credential, at=press.NOW, reason="", authority=stranger)


@exhibit("signature.partial")
def written_on_after_signing() -> bytes:
    return press.make().printed() + b"\n% a line more\n"


@exhibit("signature.untrusted")
def signed_by_a_stranger() -> bytes:
    stranger = certificates.new_authority("陌生根", at=press.NOW)
    return press.make().printed(certificates.issue(stranger, press.COURT_NAME, at=press.NOW))


@exhibit("signature.other_court")
def signed_by_another_court_of_the_same_authority() -> bytes:
    return press.make().printed(certificates.issue(press.court().authority, press.OTHER_COURT_NAME, at=press.NOW))


# What is attached


@exhibit("papers.altered")
def receipt_exchanged_for_another_recipients() -> bytes:
    return _altered(lambda made: made.files.update({"receipt.jpg": b"a picture of somebody else's receipt"}))


@exhibit("papers.missing")
def receipt_left_out() -> bytes:
    return _altered(lambda made: made.files.clear())


@exhibit("papers.unknown")
def file_slipped_in() -> bytes:
    return _altered(lambda made: made.files.update({"more.jpg": b"more"}))


@exhibit("bundle.absent")
def proof_data_left_out() -> bytes:
    return pades.sign(press.paper({}), press.court().credential, at=press.NOW, reason="")


@exhibit("bundle.malformed")
def proof_data_of_another_form() -> bytes:
    return _altered(lambda made: made.value.update({"note": "something more"}))


@exhibit("bundle.malformed")
def one_name_twice() -> bytes:
    made = press.make()
    doubled = json.dumps(made.value).replace('"supersedes":', '"recipient_name": "他人", "supersedes":', 1)
    pdf = press.paper({**made.files, bundle.FILE_NAME: doubled.encode()})
    return pades.sign(pdf, press.court().credential, at=press.NOW, reason="")


@exhibit("file.same_name")
def two_files_of_one_name() -> bytes:
    made = press.make()
    pdf = press.paper({**made.files, bundle.FILE_NAME: json.dumps(made.value).encode()}, again="receipt.jpg")
    return pades.sign(pdf, press.court().credential, at=press.NOW, reason="")


# Facts


@exhibit("facts.not_in_log")
def fact_altered() -> bytes:
    return _altered(lambda made: made.fact("receipt.signed")["record"].update(by_ref="another"))


@exhibit("facts.not_in_log", "outcome.differs")
def happening_moved_to_an_earlier_day() -> bytes:
    def move(made: press.Made) -> None:
        earlier = made.fact("order.accepted")["record"]["happened_at"]
        made.fact("content.available")["record"].update(happened_at=earlier)

    return _altered(move)


@exhibit("facts.not_in_log")
def salt_altered() -> bytes:
    return _altered(lambda made: made.fact("consent.given").update(salt=_flipped(made.fact("consent.given")["salt"])))


@exhibit("facts.not_in_log")
def inclusion_proof_altered() -> bytes:
    def alter(made: press.Made) -> None:
        path = made.fact("message.sent")["path"]
        path[-1] = _flipped(path[-1])

    return _altered(alter)


@exhibit("facts.not_in_log")
def inclusion_proof_of_another_fact() -> bytes:
    return _altered(lambda made: made.fact("message.sent").update(path=made.fact("consent.given")["path"]))


@exhibit("facts.beyond_log")
def fact_beyond_the_log() -> bytes:
    return _altered(lambda made: made.fact("message.sent").update(index=10_000))


@exhibit("facts.missing")
def fact_left_out() -> bytes:
    return _altered(lambda made: made.value["facts"].remove(made.fact("consent.given")))


@exhibit("facts.other_service")
def receipt_fact_of_another_recipient() -> bytes:
    other = replace(COURSE[-1], about=press.OTHER_SERVICE)
    return press.make((*COURSE[:-1], other)).printed()


@exhibit("facts.other_court")
def fact_of_another_court() -> bytes:
    return press.make((*COURSE[:-1], replace(COURSE[-1], court=press.OTHER_COURT))).printed()


@exhibit("facts.back_dated")
def fact_back_dated_by_the_court_itself() -> bytes:
    return press.make(late=(Telling("message.reached", 3, {"channel": "sms"}),)).printed()


@exhibit("facts.post_dated")
def fact_from_the_future() -> bytes:
    return press.make(late=(Telling("message.reached", -2, {"channel": "sms"}),)).printed()


@exhibit("private.altered")
def name_of_the_signer_exchanged() -> bytes:
    return _altered(lambda made: made.fact("receipt.signed")["opened"]["private"].update(name="方某"))


# The log


@exhibit("checkpoint.malformed")
def checkpoint_of_another_form() -> bytes:
    return _altered(lambda made: made.value["checkpoints"][0].update(note="hello", stamp=None))


def _resigned(made: press.Made, signers: list[checkpoint.Signer], **changes: Any) -> None:
    head = made.value["checkpoints"][-1]
    note = checkpoint.sign(replace(checkpoint.read(head["note"]).checkpoint, **changes), signers)
    head.update(note=note, stamp=press.encoded(press.court().stamp(note)))


@exhibit("checkpoint.unsigned", "facts.not_in_log")
def root_altered_under_the_old_signatures() -> bytes:
    def alter(made: press.Made) -> None:
        head = made.value["checkpoints"][-1]
        signed = checkpoint.read(head["note"])
        other = Checkpoint(signed.checkpoint.origin, signed.checkpoint.size, bytes(32))
        note = other.text() + "\n" + head["note"].partition("\n\n")[2]
        head.update(note=note, stamp=press.encoded(press.court().stamp(note)))
        made.value["checkpoints"] = [head | {"consistency": []}]

    return _altered(alter)


@exhibit("checkpoint.unsigned")
def checkpoint_signed_by_a_stranger_under_the_courts_name() -> bytes:
    strangers: list[checkpoint.Signer] = [keys.Ed25519Signer.new(press.ORIGIN), press.court().sm]
    return _altered(lambda made: _resigned(made, strangers))


@exhibit("checkpoint.unsigned")
def second_signature_taken_away() -> bytes:
    return _altered(lambda made: _resigned(made, [press.court().ed]))


@exhibit("checkpoint.other_log")
def checkpoint_of_another_log() -> bytes:
    both: list[checkpoint.Signer] = [press.court().ed, press.court().sm]
    return _altered(lambda made: _resigned(made, both, origin="songda/ledger/川0108"))


@exhibit("stamp.wrong")
def stamp_of_a_stranger() -> bytes:
    def alter(made: press.Made) -> None:
        head = made.value["checkpoints"][-1]
        asked = press.timestamps.request(head["note"].encode()).as_bytes()
        head.update(stamp=press.encoded(tsa.new().handle(asked)))

    return _altered(alter)


@exhibit("stamp.wrong")
def stamp_of_another_checkpoint() -> bytes:
    def alter(made: press.Made) -> None:
        first, last = made.value["checkpoints"]
        last.update(stamp=first["stamp"])

    return _altered(alter)


@exhibit("log.truncated", "facts.not_in_log")
def log_truncated() -> bytes:
    return _altered(lambda made: made.value["checkpoints"].reverse())


@exhibit("log.forked")
def log_forked_by_the_court_itself() -> bytes:
    return press.make(forked=True).printed()


# The statement


@exhibit("statement.altered")
def recipient_exchanged() -> bytes:
    return _altered(lambda made: made.value["statement"].update(recipient_name="方某"))


@exhibit("statement.altered", "outcome.differs")
def effective_date_altered() -> bytes:
    return _altered(lambda made: made.value["statement"]["outcome"].update(effective_on="2026-01-05"))


@exhibit("statement.not_sealed")
def proof_that_was_never_issued() -> bytes:
    return press.make(is_issued=False).printed()


@exhibit("outcome.differs")
def outcome_that_the_facts_do_not_carry() -> bytes:
    outcome = {
        "result": "served",
        "method": "postal",
        "effective_on": (press.NOW - timedelta(days=4)).date().isoformat(),
        "articles": ["民事诉讼法第九十一条"],
        "rebuttable": False,
    }
    return press.make(stated={"outcome": outcome}).printed()


@exhibit("outcome.other_version")
def outcome_by_tables_that_are_not_ours() -> bytes:
    return press.make(stated={"outcome": None, "law_version": "songda-law 0000000000000000"}).printed()


@exhibit("outcome.calendar")
def calendar_too_short() -> bytes:
    return press.make(stated={"calendar": {"first": "2020-01-01", "last": "2020-01-02", "days_off": []}}).printed()


@exhibit("outcome.unreadable")
def situation_the_law_cannot_read() -> bytes:
    made = press.make()
    asked = made.value["statement"]["situation"] | {"recipient": {"age": 7}}
    return press.make(stated={"situation": asked}).printed()
