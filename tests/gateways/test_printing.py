"""Printing over real IPP: once, and said to be printed only when paper came out."""

from dataclasses import replace
from pathlib import Path

import pytest

from songda.gateways import printing
from songda.gateways.errors import AlreadyDone, GiveUp, TryAgain
from songda.gateways.printing import PrintConfig, PrintJob
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.lib import clock
from songda.papers import renditions
from tests.gateways.parties import Running, eventually
from tests.ports import free_port

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 400


def a_job(site: Running, key: str = "print-1", pdf: bytes = PDF) -> PrintJob:
    return PrintJob(site.printer, key, "法院专递 6 页", pdf)


def state_of(site: Running, key: str = "print-1") -> str:
    known = printing.look_up(PrintConfig(), site.printer, key)
    return str(known.heard[-1].detail["state"]) if known else "unheard of"


def test_a_paper_is_printed_byte_for_byte(sandbox: Running, settings: Settings) -> None:
    accepted = printing.send(PrintConfig(), a_job(sandbox))
    eventually(lambda: state_of(sandbox) == "printed")
    known = printing.look_up(PrintConfig(), sandbox.printer, "print-1")
    assert known is not None
    assert (known.reference, known.heard[-1].fact) == (accepted.reference, "papers.printed")
    (kept,) = Path(settings.state / "printed").iterdir()
    assert kept.read_bytes() == PDF


def test_the_same_key_twice_is_one_job(sandbox: Running) -> None:
    first = printing.send(PrintConfig(), a_job(sandbox))
    with pytest.raises(AlreadyDone) as known:
        printing.send(PrintConfig(), a_job(sandbox))
    assert known.value.reply == first
    assert len(sandbox.log("print")) == 1


def test_paper_in_the_printers_memory_is_not_printed(sandbox: Running) -> None:
    printing.send(PrintConfig(), a_job(sandbox))
    known = printing.look_up(PrintConfig(), sandbox.printer, "print-1")
    assert known is not None
    assert known.heard[-1].fact in (None, "papers.printed")
    assert (known.heard[-1].fact is None) == (known.heard[-1].detail["state"] != "printed")


def test_a_jam_stops_the_printer_says_so_in_chinese_and_is_over_when_the_flap_was_opened(settings: Settings) -> None:
    keys = [f"print-{number}" for number in range(24)]
    with Sandbox(replace(settings, trouble=20.0)):
        site = Running(settings)
        for key in keys:
            printing.send(PrintConfig(), a_job(site, key))
        told = eventually(
            lambda: [state for state in [printing.printer(PrintConfig(), site.printer)] if state.state == "stopped"]
        )[0]
        assert told.trouble in ("卡纸", "缺纸", "卡纸、缺纸", "缺纸、卡纸")
        ends = {"printed", "aborted"}
        eventually(lambda: {state_of(site, key) for key in keys} <= ends)


def test_the_printer_says_how_many_sides_it_printed_once_they_are_out(sandbox: Running) -> None:
    printing.send(PrintConfig(), a_job(sandbox, pdf=renditions.of_text("传票\n" * 200, made_at=clock.now())))
    eventually(lambda: state_of(sandbox) == "printed")
    known = printing.look_up(PrintConfig(), sandbox.printer, "print-1")
    assert known is not None
    (kept,) = sandbox.log("print")
    assert known.heard[-1].detail["impressions"] == kept["body"]["pages"] > 1


@pytest.mark.parametrize("pdf", [b"", b"PK\x03\x04 a document of another kind"])
def test_what_is_no_pdf_never_reaches_the_printer(sandbox: Running, pdf: bytes) -> None:
    with pytest.raises(GiveUp):
        printing.send(PrintConfig(), a_job(sandbox, pdf=pdf))
    assert sandbox.log("print") == []


def test_a_site_whose_printer_is_off_is_tried_again() -> None:
    off = f"ipp://127.0.0.1:{free_port()}/ipp/print/off"
    with pytest.raises(TryAgain):
        printing.send(PrintConfig(), PrintJob(off, "print-1", "法院专递", PDF))


def test_a_healthy_printer_says_that_it_is_idle(sandbox: Running) -> None:
    told = printing.printer(PrintConfig(), sandbox.printer)
    assert (told.state, told.accepting, told.trouble) == ("idle", True, "")


def test_jobs_of_two_sites_are_not_mixed_up(sandbox: Running) -> None:
    printing.send(PrintConfig(), a_job(sandbox))
    other = sandbox.printer.replace("wangxi", "baihe")
    assert printing.look_up(PrintConfig(), other, "print-1") is None
