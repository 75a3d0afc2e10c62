"""`songda retention`: which files' years are over and what keeps them; takes away what two persons had deleted."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songda.courts.models import Court
from songda.engine.keeping import erasure, retention
from songda.evidence import erasing
from songda.lib.tenancy import acting_for

Say = Callable[[str], object]


class Command(BaseCommand):
    help = "Files whose years are over: due (a dry run), finish, again. Two persons order it, at the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        for name, (_, about) in VERBS.items():
            part = parts.add_parser(name, help=about)
            part.add_argument("--court", help="its code, such as 川0191; without it, every court")

    def handle(self, *_args: Any, **options: Any) -> None:
        code = options["court"]
        courts = list(Court.objects.filter(code=code) if code else Court.objects.order_by("code"))
        if not courts:
            raise CommandError(f"no court {code}" if code else "no courts")
        verb, _ = VERBS[options["what"]]
        verb(self.stdout.write, courts)


def _due(say: Say, courts: list[Court]) -> None:
    for court in courts:
        with acting_for(court.id):
            found = retention.look(court)
        for one in found:
            file = one.file
            say(f"{court.code} {one.kept_until} {file.kind} {file.sha256} {file.case_number} {one.held or '可以删除'}")
        held = sum(bool(one.held) for one in found)
        say(f"{court.code}: {len(found) - held} may go, {held} are held")


def _finish(say: Say, _: list[Court]) -> None:
    say(f"{erasure.finish()} files done with, {len(erasing.waiting())} still wait")


def _again(say: Say, courts: list[Court]) -> None:
    for court in courts:
        say(f"{court.code}: {erasing.again(court.id)} erased files to be looked for again")


VERBS: dict[str, tuple[Callable[[Say, list[Court]], None], str]] = {
    "due": (_due, "list what could be deleted and what keeps the rest; changes nothing"),
    "finish": (_finish, "remove what was ordered, as the engine does every few seconds"),
    "again": (_again, "after an older copy of the vault was restored: note what was erased, to be removed again"),
}
