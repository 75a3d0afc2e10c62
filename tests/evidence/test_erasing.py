"""What retention law has deleted leaves its leaf and a reason; what is gone without one is named."""

import hashlib
import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from songda import verify
from songda.courts import actions as courts
from songda.courts.models import Person
from songda.courts.policy import PolicyRefused
from songda.courts.retention import PERIODS
from songda.engine import acts
from songda.engine.keeping import erasure, retention
from songda.engine.models import ErasureOrder, Hold, WorkItem
from songda.engine.proving import dossier, issuing
from songda.engine.saying import ActRefused
from songda.evidence import attachments, bundle, documents, erasing, publishing, rereading, sealing
from songda.evidence.heads import Authority
from songda.evidence.models import Erasure, Fact, Unerased
from songda.filing.models import Case, Document, Order, Service
from songda.lib import clock, crypto, vault
from songda.lib.locks import tenant_models
from songda.lib.tenancy import acting_for
from songda.methods import postal
from songda.methods.actions import keep_exhibit
from songda.methods.models import Exhibit, Paper
from tests.cast import DENG, World, stop_the_clock, upload
from tests.papers.reading import words

RECORDING = b"what was seen and said at the window " * 20_000
PHOTO = b"\xff\xd8\xff a door"
LONG_AGO = timedelta(days=40)


@pytest.fixture(autouse=True)
def own_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))


@pytest.fixture
def mu(world: World) -> Person:
    """The manager who asks; 白 the judge grants."""
    made = Person.objects.create_user("mu", "songda-demo-2026", name="慕容", organisation="court")
    courts.enrol(made, world.court, ["manager"])
    return made


def file_of(sha256: str) -> Path:
    name = crypto.blind_index(sha256, purpose="vault")
    return vault.folder() / name[:2] / name[2:]


def rest() -> None:
    """Nobody has put anything for a while."""
    for path in vault.folder().rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - LONG_AGO.total_seconds(),) * 2)


def ended(world: World, **about: Any) -> Service:
    """A service that is over, its recipient filmed and photographed at the window."""
    service = world.service(DENG, **about)
    shown = (acts.Shown(RECORDING, "video/mp4", "video"), acts.Shown(PHOTO, "image/jpeg", "photo"))
    with world.here():
        acts.record_by_hand(
            world.read(service),
            world.an,
            "receipt.signed",
            happened_at=clock.now(),
            detail={"signer": "self", "via": "window", "id_number_given": True},
            shown=shown,
        )
        WorkItem.objects.filter(service=service).update(done_at=clock.now())
    assert world.read(service).closed_at is not None
    return service


def years_pass(years: int) -> None:
    stop_the_clock(clock.now() + timedelta(days=366 * years))


def keep_for(world: World, **years: int) -> None:
    courts.decide_policy(world.court, {f"keep_{name}_years": count for name, count in years.items()})


def due(world: World) -> list[retention.Looked]:
    with world.here():
        return retention.look(world.court)


def delete(world: World, by: Person) -> ErasureOrder:
    with world.here():
        order = erasure.ask(world.court, by, "保存期限届满")
        return erasure.answer(order.id, world.bai, granted=True)


def ledger(*words: str) -> str:
    said = StringIO()
    call_command("ledger", *words, stdout=said)
    return said.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ---- the whole way -----------------------------------------------------------------------------------------------


def test_what_two_persons_had_deleted_leaves_its_leaf_and_the_ledger_says_so(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    assert delete(world, mu).erased == 1
    assert erasure.finish() == 1
    assert not file_of(digest(RECORDING)).exists()
    sealing.seal_everything(world.court.id)
    said = ledger("verify", "--court", "川0191")
    assert "1 erased with a reason" in said
    with world.here():
        fact = Fact.objects.get(name="file.erased")
    assert fact.about == service.id
    assert fact.speaker_ref == str(world.bai.id)
    assert fact.detail == {
        "erased": digest(RECORDING),
        "kind": "video",
        "rule": "keep_recordings_years",
        "article": "个人信息保护法第四十七条",
        "kept_until": "2029-03-17",
        "order": fact.detail["order"],
        "asked_by": str(mu.id),
    }
    assert erasing.words(fact) == "已按个人信息保护法第四十七条于2030年03月05日删除，摘要仍在"


def test_what_goes_into_the_cases_file_names_what_was_deleted_and_by_what_rule(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    assert delete(world, mu).erased == 1
    with world.here():
        made = dossier.put_together(Order.objects.get(id=service.order_id), world.an)
    bundle = zipfile.ZipFile(BytesIO(made.content))
    assert [name[-4:] for name in bundle.namelist()] == [".jpg", ".pdf"]
    listed = words(bundle.read("00-送达材料目录.pdf"))
    assert "个人信息保护法第四十七条" in listed
    assert digest(RECORDING) in listed


def test_a_file_that_is_missing_without_a_leaf_is_named(world: World) -> None:
    ended(world)
    sealing.seal_everything(world.court.id)
    assert "0 erased" in ledger("verify", "--court", "川0191")
    file_of(digest(RECORDING)).unlink()
    named = f"川0191: file {digest(RECORDING)} named by receipt.signed at leaf .*no file, and no leaf that says why"
    with pytest.raises(CommandError, match=named):
        ledger("verify", "--court", "川0191")
    assert "all of it holds" in ledger("verify", "--court", "川0191", "--no-documents")


@pytest.mark.parametrize("change", [lambda data: data[:-1] + bytes([data[-1] ^ 1]), lambda _: b"", lambda d: d[:20]])
def test_a_file_that_was_altered_is_named(world: World, change: Callable[[bytes], bytes]) -> None:
    ended(world)
    sealing.seal_everything(world.court.id)
    path = file_of(digest(PHOTO))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CommandError, match=f"file {digest(PHOTO)} .*expected these bytes, got others"):
        ledger("verify", "--court", "川0191")


def test_every_kind_of_file_a_service_has_is_named_by_a_sealed_fact(world: World) -> None:
    service = world.service()
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    with world.here():
        piece = service.waybills.get()
        piece.number = "1234567890123"
        piece.save(update_fields=["number"])
        postal.print_piece(piece)
    sealing.seal_everything(world.court.id)
    with world.here():
        stored = {*Paper.objects.values_list("sha256", flat=True), *Exhibit.objects.values_list("sha256", flat=True)}
        for pair in Document.objects.values_list("sha256", "pdf_sha256"):
            stored |= set(pair)
    assert documents.verify(world.court.id) == documents.Files(kept=len(stored), erased=0)


# ---- killed, doubled, put again ----------------------------------------------------------------------------------


def test_who_is_killed_between_the_leaf_and_the_file_is_followed_by_the_next_run(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    delete(world, mu)
    with world.here():
        assert Unerased.objects.count() == 1
    assert file_of(digest(RECORDING)).exists(), "killed here: the leaf is there, the file still is"
    assert [erasure.finish(), erasure.finish()] == [1, 0]
    with world.here():
        assert (Erasure.objects.count(), Unerased.objects.count()) == (1, 0)
        assert Fact.objects.filter(name="file.erased").count() == 1


def test_who_is_killed_after_the_file_is_gone_leaves_only_the_note_to_take_away(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    delete(world, mu)
    vault.remove(digest(RECORDING), idle=timedelta())
    assert erasure.finish() == 1
    with world.here():
        assert not Unerased.objects.exists()


def test_a_list_is_granted_once(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    order = delete(world, mu)
    with world.here(), pytest.raises(ActRefused, match="已经审批"):
        erasure.answer(order.id, world.bai, granted=True)


def test_what_somebody_put_again_a_moment_ago_stays_until_he_has_said_what_for(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    delete(world, mu)
    vault.put(RECORDING)
    assert erasure.finish() == 0
    with world.here():
        assert Unerased.objects.get().problem == "PutLately"
    rest()
    assert erasure.finish() == 1


def test_a_file_that_was_erased_and_handed_in_again_has_to_be_there_again(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    delete(world, mu)
    erasure.finish()
    stop_the_clock(clock.now() + timedelta(days=1))
    world.tell(service, "call.attempted", "person", answered=True, exhibits=[digest(RECORDING)])
    sealing.seal_everything(world.court.id)
    with pytest.raises(CommandError, match="no file, and no leaf"):
        ledger("verify", "--court", "川0191")
    vault.put(RECORDING)
    assert "0 erased" in ledger("verify", "--court", "川0191")


def test_what_an_older_copy_of_the_vault_brought_back_is_removed_again(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    copy = file_of(digest(RECORDING)).read_bytes()
    delete(world, mu)
    erasure.finish()
    file_of(digest(RECORDING)).write_bytes(copy)
    rest()
    said = StringIO()
    call_command("retention", "again", stdout=said)
    call_command("retention", "finish", stdout=said)
    assert not file_of(digest(RECORDING)).exists()


# ---- what keeps a file -------------------------------------------------------------------------------------------


def test_nothing_is_due_unless_the_court_gives_it_years(world: World) -> None:
    ended(world)
    years_pass(80)
    assert due(world) == []


def test_a_court_cannot_give_fewer_years_than_the_article_behind_them(world: World) -> None:
    for period in PERIODS:
        with pytest.raises(PolicyRefused, match=period.because.code):
            courts.decide_policy(world.court, {period.setting: period.fewest - 1 or -1})
        courts.decide_policy(world.court, {period.setting: period.fewest})


def test_an_open_service_of_the_case_keeps_its_files(world: World) -> None:
    ended(world)
    world.service(DENG, repeat_reason="补充送达", uploads=(upload("judgment", "民事判决书"),))
    keep_for(world, recordings=3)
    years_pass(4)
    assert [one.held for one in due(world)] == ["案件还有未办结的送达任务"]


def test_a_period_that_began_with_service_is_waited_for(world: World) -> None:
    ended(world)
    keep_for(world, recordings=3)
    with world.here():
        outcome = Service.objects.get().outcome
        assert outcome is not None
        last = max(one["last_day"] for one in outcome["periods"])
    stop_the_clock(clock.now() + timedelta(days=3 * 365 + 2))
    assert due(world) == []
    years_pass(1)
    assert {one.kept_until.isoformat()[5:] for one in due(world)} == {last[5:]}


def test_a_hold_keeps_a_case_until_it_is_lifted(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    with world.here():
        held = erasure.hold(Case.objects.get(id=service.case_id), mu, "当事人申请再审")
    assert [one.held for one in due(world)] == ["案件文件已采取保留措施"]
    with world.here(), pytest.raises(ActRefused, match="没有保存期限已经届满"):
        erasure.ask(world.court, mu, "保存期限届满")
    with world.here():
        erasure.lift(held.id, world.bai, "再审审查终结")
        assert Hold.objects.get().lifted_by == world.bai
        assert list(
            Fact.objects.filter(about=service.case_id).order_by("learnt_at", "id").values_list("name", flat=True)
        ) == ["files.held", "files.released"]
    assert [one.held for one in due(world)] == [""]


def test_what_came_to_be_held_after_it_was_asked_for_stays(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    with world.here():
        order = erasure.ask(world.court, mu, "保存期限届满")
        erasure.hold(Case.objects.get(id=service.case_id), world.bai, "当事人申请再审")
        assert erasure.answer(order.id, world.bai, granted=True).erased == 0
        assert not Erasure.objects.exists()


def test_a_file_that_another_case_of_the_court_needs_stays(world: World) -> None:
    ended(world)
    other = ended(world, case_number="（2026）川0191民初99号")
    with world.here():
        Service.objects.filter(id=other.id).update(closed_at=clock.now() + timedelta(days=3 * 365))
    keep_for(world, recordings=3)
    years_pass(4)
    assert {one.held for one in due(world)} == {"本院其他记录仍需要同一文件"}


def test_a_picture_that_travels_in_a_proof_is_kept_with_the_proof(world: World) -> None:
    service = ended(world)
    with world.here():
        key = Fact.objects.get(about=service.id, name="service.effective").source_key
    issuing.issue(world.court.id, service.id, str(key))
    keep_for(world, pictures=3, recordings=3)
    years_pass(4)
    held = {one.file.kind: one.held for one in due(world)}
    assert held == {"video": "", "photo": "是仍须保存的回证、笔录等文件的一部分"}


def test_a_list_wants_a_role_a_reason_and_a_second_person(world: World, mu: Person) -> None:
    ended(world)
    keep_for(world, recordings=3)
    years_pass(4)
    with world.here():
        with pytest.raises(ActRefused, match="没有提出删除的角色"):
            erasure.ask(world.court, world.bai, "保存期限届满")
        with pytest.raises(ActRefused, match="须说明理由"):
            erasure.ask(world.court, mu, " ")
        order = erasure.ask(world.court, mu, "保存期限届满")
        with pytest.raises(ActRefused, match="已有待审批"):
            erasure.ask(world.court, mu, "保存期限届满")
        with pytest.raises(ActRefused, match="第二人"):
            erasure.answer(order.id, mu, granted=True)
        with pytest.raises(ActRefused, match="没有审批删除的角色"):
            erasure.answer(order.id, world.fang, granted=True)
        erasure.answer(order.id, world.bai, granted=False)
        assert not Erasure.objects.exists()


# ---- courts apart ------------------------------------------------------------------------------------------------


def test_a_court_deletes_nothing_of_anothers_and_its_bytes_stay_while_another_needs_them(
    world: World, mu: Person
) -> None:
    ended(world)
    theirs = _theirs(world)
    keep_for(world, recordings=3)
    years_pass(4)
    rest()
    with world.here():
        order = erasure.ask(world.court, mu, "保存期限届满")
    with pytest.raises(ErasureOrder.DoesNotExist), acting_for(world.other_court.id):
        erasure.answer(order.id, world.cheng, granted=True)
    with world.here():
        erasure.answer(order.id, world.bai, granted=True)
    assert erasure.finish() == 1
    assert vault.get(digest(RECORDING)) == RECORDING, "the other court has not let go of it"
    with world.here():
        [gone] = retention.erased(one for one in retention._named([digest(RECORDING)])).values()
        assert gone.name == "file.erased"
    with acting_for(world.other_court.id):
        assert not Erasure.objects.exists()
        assert not retention.erased(retention._named([digest(RECORDING)]))
        assert Exhibit.objects.get().service_id == theirs.id


def _theirs(world: World) -> Service:
    """The same recording in a case of court B, which keeps its files for good."""
    ours, world.court = world.court, world.other_court
    clerk, world.an = world.an, world.cheng
    try:
        service = world.service(DENG, case_number="（2026）川0108民初7号")
        with world.here():
            keep_exhibit(service, kind="video", content=RECORDING, media_type="video/mp4")
    finally:
        world.court, world.an = ours, clerk
    return service


def test_every_column_that_holds_a_digest_is_a_files_or_is_set_aside_or_keeps_the_file() -> None:
    there = {
        (model._meta.model_name, column.name)
        for model in tenant_models()
        for column in model._meta.local_fields
        if column.name.endswith("sha256")
    }
    owned = {(owner.model._meta.model_name, column) for owner in retention.OWNERS for column in owner.columns}
    others = {(model._meta.model_name, column) for model, column in retention._others()}
    assert owned | retention.ASIDE | others == there
    assert owned & retention.ASIDE == set()


# ---- proofs ------------------------------------------------------------------------------------------------------


def test_a_proof_keeps_its_word_when_what_it_names_has_been_erased(
    world: World, mu: Person, connected: Authority
) -> None:
    service = ended(world)
    with world.here():
        key = Fact.objects.get(about=service.id, name="service.effective").source_key
    paper = issuing.issue(world.court.id, service.id, str(key))
    assert paper is not None
    pdf = vault.get(paper.sha256)
    keep_for(world, copies=1, recordings=3, pictures=3, records=30)
    years_pass(31)
    rest()
    delete(world, mu)
    while erasure.finish():
        pass
    assert not any(file_of(one).exists() for one in (digest(RECORDING), digest(PHOTO), paper.sha256))
    assert verify.check(pdf, [publishing.trust_of(world.court.id)]).holds
    sealing.seal_everything(world.court.id)
    assert rereading.verify(world.court.id).leaves > 0
    assert "0 files" in ledger("verify", "--court", "川0191")


def test_a_proof_made_after_the_erasure_says_what_was_erased(world: World, mu: Person) -> None:
    service = ended(world)
    keep_for(world, recordings=3, pictures=3)
    years_pass(4)
    rest()
    delete(world, mu)
    while erasure.finish():
        pass
    with world.here():
        key = Fact.objects.get(about=service.id, name="service.effective").source_key
    paper = issuing.issue(world.court.id, service.id, str(key))
    assert paper is not None
    pdf = vault.get(paper.sha256)
    assert verify.check(pdf, [publishing.trust_of(world.court.id)]).holds
    _, files = attachments.open_pdf(pdf)
    stated = bundle.parse(dict(files)[bundle.FILE_NAME]).statement
    evidence = [one for one in stated["papers"] if one["role"] == "evidence"]
    assert {one["sha256"] for one in evidence} == {digest(RECORDING), digest(PHOTO)}
    assert not any(one["attached"] for one in evidence)
