"""A proof from the ledger: issued once whatever is killed, checked by a stranger with the file and the court's keys."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from songda import verify
from songda.engine import acts
from songda.engine.proving import issuing
from songda.evidence import bundle, heads, proving, publishing, sealing
from songda.evidence import worker as sealer
from songda.evidence.attachments import open_pdf
from songda.evidence.heads import Authority
from songda.evidence.models import Fact
from songda.evidence.queries import course_of
from songda.filing.models import Service
from songda.lib import clock, vault
from songda.methods.models import Paper
from songda.papers import fonts
from tests.cast import DENG, JUDGMENT, World, stop_the_clock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _with_fonts() -> None:
    try:
        fonts.folders()
    except fonts.NoFonts:
        pytest.skip("the fonts are not installed: run `make assets`")


def collected(world: World) -> Service:
    """Papers that 邓 came to the court for: served, and nothing further to wait for."""
    service = world.service(DENG, uploads=(JUDGMENT,))
    sign_for(world, service)
    return world.read(service)


def sign_for(world: World, service: Service) -> None:
    world.act(
        acts.record_by_hand,
        service,
        world.zhou,
        "receipt.signed",
        happened_at=clock.now(),
        detail={"signer": "self", "via": "window", "id_number_given": True},
        private={"name": "邓春生", "id_number": "510107198001010312"},
    )


def keys_of(world: World, service: Service) -> list[str]:
    with world.here():
        told = [fact for fact in course_of(service.id) if fact.name == "service.effective"]
        return [fact.source_key or "" for fact in sorted(told, key=lambda fact: fact.id)]


def issue(world: World, service: Service) -> Paper:
    paper = issuing.issue(world.court.id, service.id, keys_of(world, service)[-1])
    assert paper is not None
    return paper


def proofs(world: World, service: Service) -> list[Paper]:
    with world.here():
        return list(Paper.objects.filter(service=service, kind="proof").order_by("made_at", "id"))


def bundle_in(pdf: bytes) -> bundle.Bundle:
    return bundle.parse(dict(open_pdf(pdf)[1])[bundle.FILE_NAME])


def test_it_holds_in_every_check_by_the_courts_published_keys(world: World, connected: Authority) -> None:
    paper = issue(world, collected(world))
    report = verify.check(vault.get(paper.sha256), [publishing.trust_of(world.court.id)])
    assert report.wrong == (), report.lines("en")


def test_a_stranger_checks_it_in_a_process_without_database_or_settings(
    world: World, connected: Authority, tmp_path: Path
) -> None:
    pdf = vault.get(issue(world, collected(world)).sha256)
    trust = publishing.write_trust(world.court.id, "川0191")
    genuine, forged = tmp_path / "genuine.pdf", tmp_path / "forged.pdf"
    genuine.write_bytes(pdf)
    forged.write_bytes(pdf.replace(b"/Type /Page", b"/Type /Pagf", 1))
    assert genuine.read_bytes() != forged.read_bytes()

    def said(file: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "songda.verify", str(file), "--lang", "en", *words]
        surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, text=True)

    done = said(genuine, "--trust", str(trust))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verified" in done.stdout
    assert said(genuine, "--trust", str(tmp_path / "absent.json")).returncode == 1
    assert said(forged, "--trust", str(trust)).returncode == 1


def test_every_fact_lies_between_the_stamps_before_and_after_it(world: World, connected: Authority) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    sealer.seal_waiting()
    heads.stamped_now(world.court.id, connected)
    stop_the_clock(clock.now() + timedelta(hours=3))
    sign_for(world, service)
    found = bundle_in(vault.get(issue(world, service).sha256))
    assert len(found.heads) == 2
    assert all(head.stamp for head in found.heads)
    stated = {fact.record["fact"]: fact.index for fact in found.facts}
    first = found.heads[0].signed().checkpoint.size
    assert stated["order.accepted"] < first <= stated["receipt.signed"]


def test_a_fact_back_dated_by_the_court_itself_is_found_out(world: World, connected: Authority) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    stop_the_clock(clock.now() + timedelta(days=3))
    sealer.seal_waiting()
    heads.stamped_now(world.court.id, connected)
    moment = clock.now()
    stop_the_clock(moment - timedelta(days=2))  # somebody turns the clock back, and signs for the papers
    sign_for(world, service)
    stop_the_clock(moment)
    pdf = vault.get(issue(world, service).sha256)
    assert "facts.back_dated" in verify.check(pdf, [publishing.trust_of(world.court.id)]).wrong


def test_without_an_authority_it_is_issued_all_the_same(world: World) -> None:
    paper = issue(world, collected(world))
    found = bundle_in(vault.get(paper.sha256))
    assert [head.stamp for head in found.heads] == [None]
    assert verify.check(vault.get(paper.sha256), [publishing.trust_of(world.court.id)]).holds


@pytest.mark.parametrize("after", ["stating", "sealing", "stamping"])
def test_killed_between_two_steps_it_goes_on_with_the_same_serial(
    world: World, after: str, connected: Authority
) -> None:
    service = collected(world)
    [key] = keys_of(world, service)
    with world.here():
        assert issuing._state(service.id, key)
    if after != "stating":
        sealing.seal_everything(world.court.id)
    if after == "stamping":
        heads.stamped_now(world.court.id, connected)
    paper = issue(world, service)
    assert paper.title.endswith(f"{service.number}-1")
    with world.here():
        assert Fact.objects.filter(name="proof.issued").count() == 1
    assert verify.check(vault.get(paper.sha256), [publishing.trust_of(world.court.id)]).holds


def test_nothing_is_printed_before_its_seal(world: World) -> None:
    service = collected(world)
    with world.here():
        assert issuing._state(service.id, keys_of(world, service)[0])
        with pytest.raises(proving.NotYetSealed):
            issuing._print(service.id, keys_of(world, service)[0])


def test_issued_twice_it_is_one_paper(world: World) -> None:
    service = collected(world)
    assert issue(world, service) == issue(world, service)
    assert len(proofs(world, service)) == 1


def test_an_outcome_that_stands_no_more_gets_no_proof(world: World) -> None:
    service = collected(world)
    _strike_the_receipt(world, service)
    assert issuing.issue(world.court.id, service.id, keys_of(world, service)[0]) is None
    assert proofs(world, service) == []


def test_a_correction_leaves_the_old_proof_valid_marks_it_and_names_the_new_one(
    world: World, connected: Authority
) -> None:
    service = collected(world)
    old = issue(world, service)
    _strike_the_receipt(world, service)
    stop_the_clock(clock.now() + timedelta(days=1))
    sign_for(world, service)
    new = issue(world, service)
    [old, new] = proofs(world, service)
    assert old.superseded_by_id == new.id
    anchors = [publishing.trust_of(world.court.id)]
    assert [verify.check(vault.get(each.sha256), anchors).wrong for each in (old, new)] == [(), ()]
    stated = bundle_in(vault.get(new.sha256)).statement
    assert stated["supersedes"] == bundle_in(vault.get(old.sha256)).statement["serial"]


def _strike_the_receipt(world: World, service: Service) -> None:
    with world.here():
        fact = Fact.objects.get(about=service.id, name="receipt.signed").id
    world.act(acts.ask_correction, service, world.an, fact, "签收人并非本人，登记有误")
    world.does(world.bai, service, "correction", "granted")


def test_the_papers_served_and_what_was_signed_are_named_by_digest(world: World) -> None:
    service = collected(world)
    stated = bundle_in(vault.get(issue(world, service).sha256)).statement
    [served] = [each for each in stated["papers"] if each["role"] == "served"]
    with world.here():
        assert served["sha256"] == service.lines.get().document.pdf_sha256
    assert not served["attached"]


def test_the_signers_name_is_opened_and_no_other_personal_part(world: World) -> None:
    found = bundle_in(vault.get(issue(world, collected(world)).sha256))
    opened = {fact.record["fact"]: fact.private for fact in found.facts if fact.private is not None}
    assert opened == {"receipt.signed": {"name": "邓春生", "id_number": "510107198001010312"}}


def test_poppler_finds_the_signature_valid_and_the_bundle_attached(world: World, tmp_path: Path) -> None:
    file = tmp_path / "proof.pdf"
    file.write_bytes(vault.get(issue(world, collected(world)).sha256))
    said = subprocess.run(["pdfsig", str(file)], cwd=tmp_path, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "成都高新技术产业开发区人民法院" in said
    listed = subprocess.run(["pdfdetach", "-list", str(file)], capture_output=True, text=True).stdout
    assert bundle.FILE_NAME in listed


def test_the_portal_gives_whoever_drops_the_file_the_same_answer(
    world: World, connected: Authority, client: Client
) -> None:
    pdf = vault.get(issue(world, collected(world)).sha256)

    def answer(content: bytes) -> str:
        sent = {"file": SimpleUploadedFile("回证.pdf", content, "application/pdf")}
        return client.post("/verify", sent).content.decode()

    assert "核验通过：本回证真实完整。" in answer(pdf)
    assert "核验未通过" in answer(pdf + b"\n% more")
    assert "签名之后又添加了内容" in answer(pdf + b"\n% more")
