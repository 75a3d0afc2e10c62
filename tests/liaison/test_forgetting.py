"""What court and post said about a case goes with the case's files: asked by one, granted by another, with its leaf."""

import hashlib
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from songda.courts import actions as courts
from songda.courts.models import Person
from songda.engine import acts
from songda.engine.keeping import erasure, retention
from songda.engine.models import ErasureOrder, WorkItem
from songda.engine.saying import ActRefused
from songda.evidence import sealing
from songda.evidence.models import Fact, Leaf
from songda.filing.models import Service
from songda.liaison import actions, irregularities, queries
from songda.liaison.actions import File
from songda.liaison.models import Attachment, Irregularity, Note, Withdrawal
from songda.lib import clock, vault
from songda.lib.fields import GONE
from tests import cast
from tests.cast import DENG, World

SAID = "被告的哥哥说他已经搬到江苏，电话13900000001"
MAP = b"name,address\nDeng,Jiangsu\n"
DIGEST = hashlib.sha256(MAP).hexdigest()


def ended(world: World) -> tuple[Service, Note]:
    """A service that is over, about which the post said something and brought a file."""
    service = world.service(DENG)
    with world.here():
        subject = queries.subject("service", service.id)
        assert subject is not None
        note = actions.say(subject, world.zhou, SAID, [File("邓的新地址.txt", MAP)])
        wrong = actions.say(subject, world.zhou, "说错了的话")
        actions.withdraw(wrong, world.zhou, "这是别的案件的")
        acts.record_by_hand(
            world.read(service),
            world.an,
            "receipt.signed",
            happened_at=clock.now(),
            detail={"signer": "self", "via": "window", "id_number_given": True},
            shown=(acts.Shown(b"a film", "video/mp4", "video"),),
        )
        WorkItem.objects.filter(service=service).update(done_at=clock.now())
    return service, note


def years_pass(world: World, years: int, **kept: int) -> None:
    courts.decide_policy(world.court, {f"keep_{name}_years": count for name, count in kept.items()})
    cast.stop_the_clock(clock.now() + timedelta(days=366 * years))


def kinds_due(world: World) -> set[str]:
    with world.here():
        return {one.file.kind for one in retention.look(world.court) if not one.held}


def delete(world: World, asking: Person) -> ErasureOrder:
    with world.here():
        order = erasure.ask(world.court, asking, "保存期限届满")
        return erasure.answer(order.id, world.bai, granted=True)


def again(world: World, note: Note) -> Note:
    with world.here():
        found = queries.note(note.id)
    assert found is not None
    return found


def test_words_and_files_go_on_the_word_of_two_and_leave_a_leaf_each(world: World, meng: Person) -> None:
    service, note = ended(world)
    years_pass(world, 4, conversations=3)
    assert delete(world, meng).erased == 2
    with world.here():
        assert set(Note.objects.values_list("text", flat=True)) == {""}
        assert Withdrawal.objects.get().reason == ""
        assert Attachment.objects.get().filename == ""
        facts = Fact.objects.filter(about=service.id, name="file.erased")
        assert {fact.detail["kind"]: fact.detail["rule"] for fact in facts} == {
            "conversation": "keep_conversations_years",
            "attachment": "keep_conversations_years",
        }
        assert {fact.detail["asked_by"] for fact in facts} == {str(meng.id)}
    sealing.seal_everything(world.court.id)
    with world.here():
        assert Leaf.objects.filter(fact__name="file.erased").count() == 2
    assert again(world, note).author == world.zhou


def test_nothing_of_the_words_stays_in_the_database(world: World, meng: Person) -> None:
    ended(world)
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    with world.here(), connection.cursor() as cursor:
        cursor.execute("SELECT max(octet_length(text)) FROM songda_note")
        assert cursor.fetchone() == (0,)


def test_the_file_leaves_the_vault(world: World, meng: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(world)
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    monkeypatch.setattr("songda.evidence.erasing._IDLE", timedelta(0))
    assert erasure.finish() == 2
    with pytest.raises(vault.NotInVault):
        vault.get(DIGEST)


def test_a_page_says_in_their_place_by_what_rule_they_went(world: World, meng: Person, client: Client) -> None:
    service, note = ended(world)
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    client.force_login(world.an)
    shown = client.get(f"/liaison/service/{service.id}/").content.decode()
    assert "已按个人信息保护法第四十七条于" in shown
    assert "搬到江苏" not in shown
    with world.here():
        left = client.get(f"/liaison/files/{Attachment.objects.get().id}/")
        with pytest.raises(ActRefused, match="第四十七条"):
            actions.reveal(again(world, note), world.an, "核对")
    assert left.status_code == 410


def test_what_has_no_years_of_its_own_goes_with_the_file_of_the_case_and_not_before(world: World) -> None:
    ended(world)
    years_pass(world, 29, records=30)
    assert kinds_due(world) == set()
    years_pass(world, 2, records=30)
    assert {"conversation", "attachment", "document"} <= kinds_due(world)


def test_nobody_is_done_with_what_was_never_given_years(world: World) -> None:
    ended(world)
    years_pass(world, 60, recordings=3)
    assert kinds_due(world) == {"video"}


def test_what_was_said_after_the_list_was_asked_for_is_not_on_it(world: World, meng: Person) -> None:
    service, note = ended(world)
    years_pass(world, 4, conversations=3)
    with world.here():
        order = erasure.ask(world.court, meng, "保存期限届满")
        subject = queries.subject("service", service.id)
        assert subject is not None
        actions.say(subject, world.an, "申请再审，请先留着")
        erasure.answer(order.id, world.bai, granted=True)
    assert again(world, note).text == SAID


def test_what_is_said_after_the_deletion_stands(world: World, meng: Person) -> None:
    service, note = ended(world)
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    cast.stop_the_clock(clock.now() + timedelta(days=1))
    with world.here():
        subject = queries.subject("service", service.id)
        assert subject is not None
        later = actions.say(subject, world.an, "有人来问")
        assert queries.erased(again(world, later)) == ""
        assert queries.erased(again(world, note)) != ""
    assert again(world, later).text == "有人来问"
    assert kinds_due(world) == {"conversation"}


def test_the_words_of_an_irregularity_go_with_the_conversation(world: World, meng: Person) -> None:
    service = world.service(DENG)
    with world.here():
        subject = queries.subject("service", service.id)
        assert subject is not None
        one = irregularities.raise_one(subject, world.an, "address", "grave", SAID)
        irregularities.answer(one.item, world.zhou, "resolved", {"answer": "已查"})
        acts.record_by_hand(
            world.read(service),
            world.an,
            "receipt.signed",
            happened_at=clock.now(),
            detail={"signer": "self", "via": "window", "id_number_given": True},
        )
        WorkItem.objects.filter(service=service).update(done_at=clock.now())
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    with world.here():
        assert Irregularity.objects.get().words == ""


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE songda_note SET text = '\\x01'",
        "UPDATE songda_note SET text = ''",
        "UPDATE songda_withdrawal SET reason = ''",
    ],
)
def test_the_database_lets_no_words_go_without_their_erasure(world: World, change: str) -> None:
    ended(world)
    with (
        pytest.raises(ProgrammingError, match="only grows"),
        world.here(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_database_lets_nothing_but_the_words_go(world: World, meng: Person) -> None:
    ended(world)
    years_pass(world, 4, conversations=3)
    delete(world, meng)
    for change in ("SET text = '\\x01'", "SET text = '', place = place + 1"):
        with (
            pytest.raises(ProgrammingError, match="only grows|permission denied"),
            world.here(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE songda_note {change}")
    with world.here():
        assert Note.objects.update(text=GONE) == 2


def test_a_file_that_somebody_of_another_case_was_shown_too_stays_for_that_case(world: World) -> None:
    ended(world)
    years_pass(world, 4, conversations=3)
    other = world.service(DENG, case_number="（2026）川0191民初77号")
    with world.here():
        subject = queries.subject("service", other.id)
        assert subject is not None
        actions.say(subject, world.zhou, "同一份地址", [File("地址.txt", MAP)])
    assert kinds_due(world) == {"conversation"}
