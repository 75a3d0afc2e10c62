"""`songda ledger`: reads courts' logs again, lays out checkpoints, publishes and renews keys."""

import os
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand, CommandError

from songda.courts.models import Court
from songda.engine.proving import issuing
from songda.evidence import checkpoint, documents, founding, heads, publishing, rereading
from songda.evidence.audit import AuditError
from songda.evidence.certificates import Credential
from songda.evidence.checkpoint import NoteError, SignedCheckpoint


class Command(BaseCommand):
    help = "Courts' ledgers: verify, checkpoints, trust, rotate, certificate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        for name, (_, about) in VERBS.items():
            part = parts.add_parser(name, help=about)
            part.add_argument("--court", help="its code, such as 川0191; without it, every court")
            if name == "verify":
                part.add_argument("--against", type=Path, action="append", default=[], help="a witness's checkpoint")
                part.add_argument("--processes", type=int, default=os.cpu_count() or 1)
                part.add_argument(
                    "--documents",
                    action=BooleanOptionalAction,
                    default=True,
                    help="read the files in the vault again as well: as many bytes as there are files",
                )
            if name == "certificate":
                part.add_argument("--certificates", type=Path, required=True, help="PEM, the court's own first")
                part.add_argument("--key", type=Path, required=True, help="PEM, not encrypted")

    def handle(self, *_args: Any, **options: Any) -> None:
        verb, _ = VERBS[options["what"]]
        for court in _courts(options["court"]):
            verb(self.stdout.write, court, options)


Say = Callable[[str], object]


def _courts(code: str | None) -> list[Court]:
    found = list(Court.objects.filter(code=code) if code else Court.objects.order_by("code"))
    if not found:
        raise CommandError(f"no court {code}" if code else "no courts")
    return found


def _verify(say: Say, court: Court, options: dict[str, Any]) -> None:
    """Ends the command with status 1 at the first thing wrong."""
    witnessed = [each for each in _witnessed(options["against"]) if _is_of(each, court)]
    if options["court"] and len(witnessed) < len(options["against"]):
        raise CommandError(f"{court.code}: a checkpoint given is of another log")
    try:
        found = rereading.verify(court.id, witnessed, processes=options["processes"])
        files = documents.verify(court.id, threads=options["processes"]) if options["documents"] else None
    except AuditError as wrong:
        raise CommandError(f"{court.code}: {wrong}") from wrong
    say(
        f"{court.code}: {found.leaves} leaves, {found.checkpoints} checkpoints, {found.stamps} time stamps"
        f"{f', {len(witnessed)} witnessed' if witnessed else ''}"
        f"{f', {files.kept} files, {files.erased} erased with a reason' if files else ''}: all of it holds"
    )


def _witnessed(files: Sequence[Path]) -> list[SignedCheckpoint]:
    try:
        return [checkpoint.read(file.read_text()) for file in files]
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise CommandError(f"not a checkpoint: {error}") from error


def _is_of(signed: SignedCheckpoint, court: Court) -> bool:
    return signed.checkpoint.origin == publishing.trust_of(court.id).origin


def _checkpoints(say: Say, court: Court, _: dict[str, Any]) -> None:
    head = heads.stamped_now(court.id, issuing.time_authority())
    say(f"{court.code}: {publishing.write_checkpoint(head, court.code)}" if head else f"{court.code}: the log is empty")


def _trust(say: Say, court: Court, _: dict[str, Any]) -> None:
    path = publishing.write_trust(court.id, court.code)
    say(f"{court.code}: {path}\n  {publishing.trust_of(court.id).fingerprint()}")


def _rotate(say: Say, court: Court, options: dict[str, Any]) -> None:
    # What was signed with the old keys has to carry a stamp by the time they end.
    heads.stamped_now(court.id, issuing.time_authority())
    founding.rotate(court.id)
    _checkpoints(say, court, options)
    _trust(say, court, options)


def _certificate(say: Say, court: Court, options: dict[str, Any]) -> None:
    if not options["court"]:
        raise CommandError("a certificate is one court's: name it with --court")
    founding.bring_certificate(court.id, _credential(options["certificates"], options["key"]))
    _trust(say, court, options)


def _credential(certificates: Path, key: Path) -> Credential:
    try:
        own, *above = x509.load_pem_x509_certificates(certificates.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"not a certificate and its key: {error}") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != own.public_key():
        raise CommandError("the key has to be of an elliptic curve, and the certificate's own")
    return Credential(private, own, tuple(above))


VERBS: dict[str, tuple[Callable[[Say, Court, dict[str, Any]], None], str]] = {
    "verify": (_verify, "read everything again and name the first thing wrong"),
    "checkpoints": (_checkpoints, "sign and stamp each log as it is now, and lay it out for witnesses"),
    "trust": (_trust, "write the keys and roots that courts publish"),
    "rotate": (_rotate, "new keys for checkpoints from now on"),
    "certificate": (_certificate, "sign a court's papers with a licensed authority's certificate"),
}
