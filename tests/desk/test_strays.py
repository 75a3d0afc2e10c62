"""What was sent up and came into no file goes after the court's days, and leaves its leaf; what was used stays."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from songda.courts import actions as courts
from songda.courts.policy import PolicyRefused
from songda.engine import worker
from songda.engine.keeping import erasure, strays
from songda.evidence import sealing
from songda.evidence.models import Fact, Leaf
from songda.filing import files
from songda.filing.models import BroughtFile
from songda.lib import clock, vault
from songda.lib.tenancy import acting_for
from songda.methods.rounds import RoundFile, RoundPart
from tests.cast import DENG, World, pdf, stop_the_clock, upload
from tests.desk.conftest import At
from tests.desk.courier_phone import Attached, Phone, photo


@pytest.fixture(autouse=True)
def own_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    # The vault's own waiting time runs by the machine's clock, which nobody moves.
    monkeypatch.setattr("songda.evidence.erasing._IDLE", timedelta(0))


@pytest.fixture
def phone(world: World, at: At) -> Phone:
    made = Phone(at(world.fang))
    made.open()
    return made


def days_pass(days: int) -> None:
    stop_the_clock(clock.now() + timedelta(days=days))


def lies_there(content: bytes) -> bool:
    try:
        return bool(vault.get(hashlib.sha256(content).hexdigest()))
    except vault.NotInVault:
        return False


def drop(at: At, world: World, paper: bytes) -> None:
    """A clerk drags a paper into the form and looks at what is proposed."""
    brought = SimpleUploadedFile("传票.pdf", paper, content_type="application/pdf")
    assert at(world.an).post("/hand-over/", {"papers": [brought]}).status_code == 200


def told(world: World) -> list[Fact]:
    with world.here():
        return list(Fact.objects.filter(name="file.erased"))


def test_a_photograph_that_no_report_names_goes_after_seven_days(world: World, phone: Phone) -> None:
    stray = Attached(photo())
    phone.send(stray)
    days_pass(7)
    assert strays.clean() == 0
    days_pass(3)
    assert strays.clean() == 1
    assert erasure.finish() == 1
    assert not lies_there(stray.content)
    with world.here():
        assert not RoundFile.objects.exists()


def test_its_going_is_a_fact_with_digest_rule_and_article_and_is_sealed(world: World, phone: Phone) -> None:
    stray = Attached(photo())
    phone.send(stray)
    days_pass(10)
    strays.clean()
    [fact] = told(world)
    assert fact.about == world.court.id
    assert fact.detail == {
        "erased": hashlib.sha256(stray.content).hexdigest(),
        "kind": "round_upload",
        "rule": "uploads_kept_days",
        "article": "个人信息保护法第十九条",
    }
    sealing.seal_everything(world.court.id)
    with world.here():
        assert Leaf.objects.filter(fact=fact).exists()


def test_a_paper_that_another_court_has_just_dropped_stays_for_it(world: World, at: At) -> None:
    paper = pdf("传票")
    drop(at, world, paper)
    days_pass(8)
    with acting_for(world.other_court.id):
        files.bring(world.other_court.id, paper)
    assert strays.clean() == 1
    erasure.finish()
    assert lies_there(paper)
    days_pass(8)
    assert strays.clean() == 1
    erasure.finish()
    assert not lies_there(paper)


def test_parts_of_a_file_that_never_became_whole_go_with_it(world: World, phone: Phone) -> None:
    stray = Attached(photo())
    phone.send_part(stray, 0, stray.content[:100])
    days_pass(10)
    assert strays.clean() == 1
    with world.here():
        assert not RoundPart.objects.exists()


def test_a_paper_dropped_into_the_form_and_never_handed_over_goes(world: World, at: At) -> None:
    paper = pdf("传票")
    drop(at, world, paper)
    assert lies_there(paper)
    days_pass(8)
    assert strays.clean() == 1
    erasure.finish()
    assert not lies_there(paper)
    assert [fact.detail["kind"] for fact in told(world)] == ["form_upload"]


def test_a_paper_that_was_handed_over_stays_and_nothing_is_told(world: World, at: At) -> None:
    one = upload("summons", "传票")
    drop(at, world, one.content)
    world.service(DENG, uploads=(one,))
    days_pass(8)
    assert strays.clean() == 0
    erasure.finish()
    assert lies_there(one.content)
    assert told(world) == []
    with world.here():
        assert not BroughtFile.objects.exists()


def test_dropped_again_it_waits_from_the_last_time(world: World, at: At) -> None:
    paper = pdf("传票")
    for _ in range(2):
        drop(at, world, paper)
        days_pass(5)
    assert strays.clean() == 0
    days_pass(3)
    assert strays.clean() == 1


def test_a_court_has_days_of_its_own_and_neither_none_nor_years(world: World, phone: Phone) -> None:
    courts.decide_policy(world.court, {"uploads_kept_days": 30})
    phone.send(Attached(photo()))
    days_pass(29)
    assert strays.clean() == 0
    days_pass(3)
    assert strays.clean() == 1
    for days in (1, 91):
        with pytest.raises(PolicyRefused, match="2至90天"):
            courts.decide_policy(world.court, {"uploads_kept_days": days})


def test_the_loop_does_it_and_doing_it_twice_tells_nothing_twice(world: World, phone: Phone) -> None:
    phone.send(Attached(photo()))
    days_pass(10)
    worker.rare()
    worker.rare()
    assert len(told(world)) == 1
