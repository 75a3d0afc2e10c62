"""What may go wrong behind everybody's back becomes somebody's work: late seals, papers that cannot be made,
certificates that end."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from songda import verify
from songda.courts import actions as courts
from songda.engine import errands
from songda.engine.keeping import sealing_watch
from songda.engine.models import WorkItem
from songda.engine.proving import issuing
from songda.evidence import founding, publishing, sealing
from songda.evidence import worker as sealer
from songda.evidence.heads import Authority
from songda.evidence.models import Fact, PaperKey, Speaker
from songda.filing.models import Service
from songda.law.facts import FACTS
from songda.lib import clock, vault
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import electronic
from songda.methods.models import Access, Paper
from songda.methods.queries import read_serial, serial_of, verify_url
from tests.cast import DENG, JUDGMENT, World, stop_the_clock
from tests.house.test_errands import carry_out_everything


def items(kind: str) -> list[WorkItem]:
    with for_every_court():
        return list(WorkItem.objects.filter(kind=kind).select_related("service").order_by("opened_at", "id"))


# ---- seals that are late -----------------------------------------------------------------------------------------


def make_late(minutes: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE songda_unsealed SET noted_at = noted_at - interval '{minutes} minute'")


def test_a_seal_that_is_late_is_one_item_of_the_oldest_facts_service_and_closes_by_itself(world: World) -> None:
    service = world.service(DENG)
    sealing_watch.watch()
    assert items("sealing_late") == [], "ten seconds are allowed"
    make_late()
    for _ in range(3):
        sealing_watch.watch()
    [item] = items("sealing_late")
    assert (item.service_id, item.role, item.done_at) == (service.id, "manager", None)
    sealing.seal_everything(world.court.id)
    sealing_watch.watch()
    [item] = items("sealing_late")
    assert item.done_at is not None
    assert item.outcome == "superseded"


def test_an_item_that_somebody_has_done_is_not_opened_again_in_the_same_spell_but_in_the_next(world: World) -> None:
    service = world.service(DENG)
    make_late()
    sealing_watch.watch()
    with world.here():
        WorkItem.objects.filter(kind="sealing_late").update(done_at=clock.now(), outcome="noted")
    sealing_watch.watch()
    assert len(items("sealing_late")) == 1
    sealing.seal_everything(world.court.id)
    sealing_watch.watch()
    stop_the_clock(clock.now() + timedelta(hours=1))
    world.tell(service, "call.attempted", "person", answered=False)
    make_late()
    sealing_watch.watch()
    assert [item.done_at is None for item in items("sealing_late")] == [False, True]


def test_a_late_seal_of_one_court_is_nobodys_work_in_another(world: World) -> None:
    world.service(DENG)
    with acting_for(world.other_court.id):
        sealing.seal(world.other_court.id)
    make_late()
    sealing_watch.watch()
    assert {item.court_id for item in items("sealing_late")} == {world.court.id}


def test_the_item_stays_when_its_service_is_over(world: World) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    make_late()
    sealing_watch.watch()
    world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    assert world.read(service).closed_at is not None
    assert [item.done_at for item in items("sealing_late")] == [None]


# ---- errands that were given up ----------------------------------------------------------------------------------


def _at_its_last_attempt(name: str) -> int:
    """The errand as it is after every attempt but the last has failed."""
    job = ProcrastinateJob.objects.get(task_name=name, status="todo")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [errands.ATTEMPTS, job.id])
    return int(job.id)


@pytest.mark.django_db(transaction=True)
class TestGivenUp:
    def test_a_proof_that_cannot_be_made_is_a_work_item_and_again_makes_it(
        self, committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = committed_world
        monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
        service = world.service(DENG, uploads=(JUDGMENT,))
        world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
        with world.here():
            kept = PaperKey.objects.get()
            PaperKey.objects.update(ends_at=clock.now())
        carry_out_everything()
        assert items("errand_failed") == [], "it is tried again by itself first"
        number = _at_its_last_attempt("issue_proof")
        _now(number)
        carry_out_everything()
        assert ProcrastinateJob.objects.get(id=number).status == "failed"
        [item] = items("errand_failed")
        assert (item.service_id, item.role) == (service.id, "manager")
        assert item.reason == "送达回证未能生成（DoesNotExist）"
        with world.here():
            PaperKey.objects.filter(id=kept.id).update(ends_at=kept.ends_at)
        _give_role(world)
        world.does(world.an, service, "errand_failed", "again")
        carry_out_everything()
        with world.here():
            assert Paper.objects.filter(service=service, kind="proof").count() == 1

    def test_a_piece_of_mail_that_cannot_be_made_is_a_work_item_too(
        self, committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = committed_world
        monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
        service = world.service(DENG)
        world.tell(service, "consent.refused", "recipient")
        world.later(minutes=20)
        with world.here():
            piece = service.waybills.get()
            service.waybills.update(number="1234567890123")
            sha256 = service.lines.get(ordinal=0).document.pdf_sha256
        _path(sha256).unlink()
        errands.print_piece.defer(court_id=str(world.court.id), waybill_id=str(piece.id))
        _at_its_last_attempt("print_piece")
        carry_out_everything()
        [item] = items("errand_failed")
        assert item.service_id == service.id
        assert item.reason == "邮件封面和文书未能生成（NotInVault）"
        assert item.detail == {
            "errand": "print_piece",
            "about": {"court_id": str(world.court.id), "waybill_id": str(piece.id)},
        }

    def test_one_that_fails_for_good_again_is_another_item(self, committed_world: World) -> None:
        world = committed_world
        service = world.service(DENG)
        about = {"court_id": str(world.court.id), "service_id": str(service.id), "key": "outcome:x"}
        for _ in range(2):
            errands._given_up("issue_proof", about, KeyError("邓春生"))
        assert len(items("errand_failed")) == 1
        with world.here():
            WorkItem.objects.filter(kind="errand_failed").update(done_at=clock.now(), outcome="again")
        errands._given_up("issue_proof", about, KeyError("邓春生"))
        assert len(items("errand_failed")) == 2
        assert "邓" not in "".join(item.reason for item in items("errand_failed"))


def _now(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = %s", [number])


def _path(sha256: str) -> Path:
    return vault._path(sha256)


def _give_role(world: World) -> None:
    courts.enrol(world.an, world.court, ["manager"])


def test_every_errand_but_the_daily_plan_knows_whose_work_it_is_when_it_fails() -> None:
    ours = {name for name, task in app.tasks.items() if task.func.__module__ == errands.__name__}
    assert ours - set(errands._FOR) == {"plan_rounds"}


# ---- certificates ------------------------------------------------------------------------------------------------


def _keys(world: World) -> list[Any]:
    with world.here():
        return list(PaperKey.objects.order_by("made_at").values_list("made_at", "is_own"))


def test_a_courts_own_certificate_is_renewed_by_the_loop_before_it_ends(
    world: World, connected: Authority, tmp_path: Path
) -> None:
    ours = {world.court.id: "川0191"}
    service = world.service(DENG, uploads=(JUDGMENT,))
    world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    sealer.look_after(ours, connected)
    assert len(_keys(world)) == 1
    old = _proof(world, service)
    with world.here():
        end = PaperKey.objects.get().ends_at
    stop_the_clock(end - timedelta(days=91))
    sealer.look_after(ours, connected)
    assert len(_keys(world)) == 1, "it has three months left"
    stop_the_clock(end - timedelta(days=89))
    sealer.look_after(ours, connected)
    sealer.look_after(ours, connected)
    assert len(_keys(world)) == 2
    with world.here():
        assert founding.credential_of(world.court.id).certificate.not_valid_after_utc > end
    published = json.loads((tmp_path / "trust" / "川0191.json").read_text())
    assert len(published["paper_roots"]) == 2
    stop_the_clock(end + timedelta(days=1))
    other = world.service(DENG, uploads=(JUDGMENT,), case_number="（2026）川0191民初77号")
    world.tell(other, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    anchors = [publishing.trust_of(world.court.id)]
    assert [verify.check(pdf, anchors).wrong for pdf in (old, _proof(world, other))] == [(), ()]


def _proof(world: World, service: Service) -> bytes:
    with world.here():
        key = Fact.objects.get(about=service.id, name="service.effective").source_key
    paper = issuing.issue(world.court.id, service.id, str(key))
    assert paper is not None
    return vault.get(paper.sha256)


# ---- numbers of papers -------------------------------------------------------------------------------------------


def test_a_papers_number_is_one_in_the_nation_and_the_page_finds_it(world: World, client: Client) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    _proof(world, service)
    serial = serial_of(world.read(service), "1")
    assert serial == f"川0191-{service.number}-1"
    assert read_serial(serial) == ("川0191", service.number)
    with world.here():
        assert Paper.objects.get(service=service, kind="proof").title == f"送达回证 {serial}"
    said = client.get(f"/verify/{serial}").content.decode()
    assert "有这份凭证" in said
    assert serial in said
    theirs = serial.replace("川0191", "川0108")
    assert "没有查到" in client.get(f"/verify/{theirs}").content.decode()
    assert verify_url(serial).isascii()
    assert "有这份凭证" in client.get("/verify/" + verify_url(serial).rpartition("/")[2]).content.decode()


def test_a_paper_made_when_numbers_had_no_court_is_still_found_by_its_number(world: World, client: Client) -> None:
    service = world.service(DENG, uploads=(JUDGMENT,))
    world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    _proof(world, service)
    old = f"{service.number}-1"
    with world.here():
        Paper.objects.filter(service=service, kind="proof").update(title=f"送达回证 {old}")
    assert read_serial(old) == ("", service.number)
    assert "有这份凭证" in client.get(f"/verify/{old}").content.decode()


# ---- who says so -------------------------------------------------------------------------------------------------


def test_that_papers_were_opened_is_the_platforms_word_and_not_the_recipients(world: World) -> None:
    access = Access(contact_point_id=world.court.id, level=Access.Level.LINK)
    assert electronic.opened(access).speaker == Speaker.PLATFORM
    assert "platform" in FACTS["content.opened"].by
