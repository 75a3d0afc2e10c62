"""How many papers a second one core sets, beside an empty page set by the same typesetter in the same run.

Run: .venv/bin/python bench/papers.py [--seconds N]
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import typst

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from songda.papers import fonts
from songda.papers.bundle import bundle
from songda.papers.mail import envelope, waybill_label
from songda.papers.proof import electronic_proof, proof_of_service
from tests.papers import samples

EMPTY = '#set page(paper: "a4")\n#set text(font: "Noto Serif SC")\n'


def rate(make: Callable[[int], object], seconds: float) -> float:
    """Papers a second, each different from the one before, after a first that warms the typesetter up."""
    make(-1)
    began, made = time.perf_counter(), 0
    for number in count():
        make(number)
        made += 1
        if time.perf_counter() - began >= seconds:
            break
    return made / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    bare = typst.Compiler(font_paths=fonts.loaded(), ignore_system_fonts=True)

    def empty(number: int) -> object:
        source = f"{EMPTY}空白{number}".encode()
        return bare.compile(source, format="pdf", sys_inputs={}, pdf_standards=["a-2b"], timestamp=number + 1)

    def serial(number: int) -> str:
        return f"SD-0191-{number:08d}"

    short, long = samples.proof(), samples.proof(course=samples.course(60))
    mail, label = samples.court_mail(), samples.label()
    job = [envelope(mail), proof_of_service(long), proof_of_service(short)]
    kinds: dict[str, Callable[[int], object]] = {
        "proof of service, 5 facts": lambda n: proof_of_service(replace(short, serial=serial(n), made_at=_at(n))),
        "proof of service, 60 facts": lambda n: proof_of_service(replace(long, serial=serial(n), made_at=_at(n))),
        "electronic proof with signature": lambda n: electronic_proof(
            samples.electronic(serial=serial(n), made_at=_at(n))
        ),
        "envelope": lambda n: envelope(replace(mail, waybill=f"{1093847000000 + n}")),
        "label": lambda n: waybill_label(replace(label, waybill=f"{1093847000000 + n}")),
        "print job of three papers": lambda _: bundle(job),
    }
    baseline = rate(empty, seconds)
    print(f"{'an empty page (baseline)':34} {baseline:8.1f}/s")
    for name, make in kinds.items():
        measured = rate(make, seconds)
        print(f"{name:34} {measured:8.1f}/s   {measured / baseline:6.3f} of the baseline")


def _at(number: int) -> datetime:
    return samples.MADE + timedelta(seconds=number + 1)


if __name__ == "__main__":
    main()
