"""One conversation between court and post about each order, service and parcel; it grows, and stays in its court."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from songda.courts.actions import enrol
from songda.courts.models import Court, Person
from songda.engine.saying import ActRefused
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.gateways.models import Dispatch
from songda.liaison import actions, queries
from songda.liaison.actions import File
from songda.liaison.models import AttachmentReading, Following, Note, Thread
from songda.liaison.queries import Asked, Subject
from songda.lib import vault
from songda.lib.tenancy import acting_for
from tests import cast
from tests.cast import DENG, World

SECRETS = ("510107198001010312", "13900000001", "028-85551234", "deng@example.org", "邓春生")


def _about(world: World, service: Service) -> Subject:
    found = queries.subject("service", service.id)
    assert found is not None
    return found


def _say(world: World, service: Service, person: Person, text: str, **more: Any) -> Note:
    with world.here():
        return actions.say(_about(world, service), person, text, **more)


def _texts(world: World, service: Service) -> list[str]:
    with world.here():
        thread = queries.thread_of(_about(world, service))
        return [one.text for one in queries.notes(thread)] if thread else []


# ---- one conversation ------------------------------------------------------------------------------------------


def test_court_and_post_speak_in_one_conversation_about_a_service(world: World) -> None:
    service = world.service()
    _say(world, service, world.an, "被告已搬家，请先打电话")
    _say(world, service, world.zhou, "已联系，下午再打")
    assert _texts(world, service) == ["被告已搬家，请先打电话", "已联系，下午再打"]
    with world.here():
        assert Thread.objects.count() == 1


def test_an_order_its_services_and_their_parcels_each_have_one_and_the_order_gathers_them(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.printed(service)
    with world.here():
        order, parcel = world.read(service).order, service.waybills.get()
        for about, row in (("order", order), ("service", service), ("parcel", parcel)):
            found = queries.subject(about, row.id)
            assert found is not None
            assert found.id == row.id
            actions.say(found, world.an, f"说{about}")
        assert {one.about for one in queries.gathered(order)} == {"order", "service", "parcel"}


def test_a_note_sent_twice_is_said_once(world: World) -> None:
    service = world.service()
    for _ in range(2):
        _say(world, service, world.an, "请先打电话", key="form-1")
    assert _texts(world, service) == ["请先打电话"]


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2001])
def test_nothing_and_too_much_are_refused(world: World, text: str) -> None:
    with pytest.raises(ActRefused):
        _say(world, world.service(), world.an, text)


def test_who_only_looks_does_not_speak(world: World) -> None:
    auditor = Person.objects.create_user("shen", cast.PASSWORD, name="沈计", organisation="court")
    enrol(auditor, world.court, ["auditor"])
    with pytest.raises(ActRefused, match="没有办理业务的角色"):
        _say(world, world.service(), auditor, "看一下")


# ---- it only grows ---------------------------------------------------------------------------------------------


def test_a_note_is_never_changed_not_even_by_the_owner_of_the_table(world: World) -> None:
    _say(world, world.service(), world.an, "请先打电话")
    with pytest.raises(Exception, match="only grows"), connection.cursor() as cursor:
        cursor.execute("UPDATE songda_note SET side = 'post'")


def test_what_is_withdrawn_leaves_a_trace_with_its_reason(world: World) -> None:
    note = _say(world, world.service(), world.an, "发错了")
    with world.here():
        actions.withdraw(note, world.an, "发到了别的案件")
        [shown] = queries.notes(note.thread)
        assert shown.withdrawal.reason == "发到了别的案件"
        assert shown.withdrawal.by == world.an
        assert queries.withdrawn_since(note.thread, 1) == [shown], "who has read it sees it go"


def test_one_takes_back_only_what_one_said_oneself_once_and_with_a_reason(world: World) -> None:
    note = _say(world, world.service(), world.an, "发错了")
    with world.here():
        for person, reason, why in ((world.zhou, "不该说", "自己的"), (world.an, " ", "说明理由")):
            with pytest.raises(ActRefused, match=why):
                actions.withdraw(note, person, reason)
        actions.withdraw(note, world.an, "发错了")
        with pytest.raises(ActRefused, match="已经撤回"):
            actions.withdraw(note, world.an, "发错了")


# ---- kept safe -------------------------------------------------------------------------------------------------


def test_what_is_said_is_not_readable_in_the_database(world: World) -> None:
    _say(world, world.service(), world.an, "邓春生电话13900000001", files=[File("邓春生的信.pdf", cast.pdf("信"))])
    with connection.cursor() as cursor:
        for table in ("songda_note", "songda_attachment"):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            for (row,) in cursor.fetchall():
                assert "邓春生" not in row
                assert "邓春生".encode().hex() not in row


def test_whoever_reads_a_hidden_number_says_why_and_that_is_a_fact(world: World) -> None:
    service = world.service()
    note = _say(world, service, world.an, f"电话 {SECRETS[1]}")
    with world.here():
        found = queries.note(note.id)
        assert found is not None
        with pytest.raises(ActRefused):
            actions.reveal(found, world.zhou, "")
        assert actions.reveal(found, world.zhou, "电话联系受送达人") == f"电话 {SECRETS[1]}"
        [fact] = Fact.objects.filter(about=service.id, name="private.revealed")
        assert fact.speaker_ref == str(world.zhou.id)


def test_a_file_is_looked_at_kept_encrypted_and_every_opening_noted(world: World) -> None:
    note = _say(world, world.service(), world.an, "见附件", files=[File("说明.pdf", cast.pdf("说明"))])
    with world.here():
        attachment = note.attachments.get()
        actions.open_file(attachment, world.zhou)
        assert vault.get(attachment.sha256) == cast.pdf("说明")
        assert [one.person for one in AttachmentReading.objects.all()] == [world.zhou]
    stored = [path.read_bytes() for path in vault.folder().rglob("*") if path.is_file()]
    assert all(b"%PDF" not in content for content in stored)


HOSTILE = [
    File("传票.pdf.exe", b"MZ"),
    File("照片.jpg", b"<html><script>alert(1)</script>"),
    File("a.pdf", b"%PDF-1.4 broken"),
    File("../../etc/passwd.txt", b"root"),
    File("空.pdf", b""),
]


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.filename)
def test_a_hostile_file_is_refused_and_nothing_is_said(world: World, file: File) -> None:
    service = world.service()
    with pytest.raises(ActRefused) as refused:
        _say(world, service, world.an, "见附件", files=[file])
    assert refused.value.field == "files"
    assert _texts(world, service) == []


def test_the_files_of_a_withdrawn_note_are_given_to_nobody(world: World) -> None:
    note = _say(world, world.service(), world.an, "见附件", files=[File("说明.pdf", cast.pdf("说明"))])
    with world.here():
        actions.withdraw(note, world.an, "发错了")
        with pytest.raises(ActRefused, match="已经撤回"):
            actions.open_file(note.attachments.get(), world.zhou)


# ---- who is called ---------------------------------------------------------------------------------------------


def _called(note: Note) -> set[str]:
    return {one.person.name if one.person else one.role for one in note.mentions.select_related("person")}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@周岚请再打一次", {"周岚"}),
        ("@邮寄 破损了，@法官 请看", {"mail", "judge"}),
        ("＠外送 明天去", {"field"}),
        ("发到 an@example.org", set()),
    ],
)
def test_an_at_calls_a_colleague_or_a_zone(world: World, text: str, called: set[str]) -> None:
    service = world.service()
    _say(world, service, world.zhou, "先说一句")
    note = _say(world, service, world.an, text)
    with world.here():
        assert _called(note) == called


def test_nobody_of_another_court_is_called(world: World) -> None:
    service = world.service()
    _say(world, service, world.zhou, "先说一句")
    note = _say(world, service, world.an, "@程立 你看")
    with world.here():
        assert _called(note) == set()
        assert not Following.objects.filter(person=world.cheng).exists()


def test_a_first_note_that_calls_nobody_goes_to_the_zone_that_has_the_service(world: World) -> None:
    note = _say(world, world.service(), world.an, "被告已搬家")
    with world.here():
        assert _called(note) == {"electronic"}
        assert queries.unread(world.zhou) == 1


def test_a_note_of_the_posts_reaches_the_clerk_who_handed_the_order_over(world: World) -> None:
    _say(world, world.service(), world.zhou, "电话是空号")
    with world.here():
        assert queries.unread(world.an) == 1


def test_what_is_new_is_counted_until_it_is_read(world: World) -> None:
    service = world.service()
    for text in ("一", "二"):
        note = _say(world, service, world.an, f"第{text}句")
    with world.here():
        assert queries.unread_in(world.zhou, [note.thread]) == {note.thread_id: 2}
        actions.read(note.thread, world.zhou, 1)
        assert queries.unread_in(world.zhou, [note.thread]) == {note.thread_id: 1}
        actions.read(note.thread, world.zhou, 2)
        actions.read(note.thread, world.zhou, 1)
        assert queries.unread(world.zhou) == 0
        assert queries.unread(world.an) == 0, "one's own words are not new to oneself"


# ---- the inbox -------------------------------------------------------------------------------------------------


def _found(world: World, person: Person, **asked: str) -> int:
    roles = frozenset({"window", "electronic", "mail", "field"}) if person == world.zhou else frozenset({"clerk"})
    with world.here():
        return len(queries.inbox(person, roles, Asked(**asked)))


def test_an_inbox_holds_mine_what_calls_me_and_all(world: World) -> None:
    _say(world, world.service(), world.an, "被告已搬家")
    with world.here():
        mail = actions.say(_about(world, world.service(case_number="（2026）川0191民初9号")), world.an, "@法官 请看")
    assert mail.place == 1
    assert (_found(world, world.zhou), _found(world, world.zhou, tab="all")) == (1, 2)
    assert _found(world, world.zhou, tab="mentions") == 1
    assert _found(world, world.fang) == 0


@pytest.mark.parametrize("words", ["搬家", "1234", "(2026)川0191民初1234", "邓春生"])
def test_an_inbox_is_searched_by_words_case_and_name(world: World, words: str) -> None:
    _say(world, world.service(), world.an, "被告已搬家")
    assert _found(world, world.an, tab="all", words=words) == 1
    assert _found(world, world.an, tab="all", words="没有这句话") == 0


def test_an_inbox_is_narrowed_by_zone_and_state(world: World) -> None:
    service = world.service()
    _say(world, service, world.an, "被告已搬家")
    assert [_found(world, world.zhou, zone=zone) for zone in ("electronic", "mail")] == [1, 0]
    assert [_found(world, world.zhou, state=state) for state in ("unread", "open", "closed", "irregular")] == [
        1,
        1,
        0,
        0,
    ]


# ---- courts apart ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["程", "周"])
def test_at_another_court_nothing_of_it_is_there_not_even_for_who_works_at_both(world: World, who: str) -> None:
    enrol(world.zhou, world.other_court, ["electronic"])
    note = _say(world, world.service(), world.an, "@电子 被告已搬家")
    person = world.cheng if who == "程" else world.zhou
    with acting_for(world.other_court.id):
        roles = frozenset({"clerk", "judge", "manager", "electronic"})
        assert queries.inbox(person, roles, Asked(tab="all")) == []
        assert queries.inbox(person, roles, Asked(tab="all", words="被告已搬家")) == []
        assert queries.unread(person) == 0
        assert queries.note(note.id) is None
        assert queries.subject("service", note.thread.service_id) is None


def test_nobody_of_another_court_speaks_here(world: World) -> None:
    with pytest.raises(ActRefused, match="没有办理业务的角色"):
        _say(world, world.service(), world.cheng, "我看看")


# ---- the court's own system ------------------------------------------------------------------------------------


def test_the_courts_system_is_told_that_the_post_wrote_but_not_what(world: World) -> None:
    Court.objects.filter(id=world.court.id).update(webhook_url="https://cases.example.org/hook")
    service = world.service()
    _say(world, service, world.an, "请先打电话")
    _say(world, service, world.zhou, "邓春生说明天来")
    with world.here():
        [sent] = Dispatch.objects.filter(counterparty="court_system")
    assert sent.request["event"] == "note.written"
    assert sent.request["body"]["service"] == str(service.id)
    assert "邓春生" not in str(sent.request)
