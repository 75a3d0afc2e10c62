"""Pages for anyone: whether a message or a proof is genuine, and what is published."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from songda.engine import errands
from songda.evidence.queries import course_of
from songda.lib import vault
from songda.lib.tenancy import acting_for
from songda.methods import notice as method
from songda.methods.entering import law_firm_link_of, link_of
from songda.methods.models import Paper, PublicNotice
from songda.portal import limits
from tests.cast import World
from tests.portal.conftest import Phone, reach


def _check(client: Client, what: str, court: object = "") -> str:
    return client.post("/verify-message", {"what": what, "court": str(court)}).content.decode()


def test_the_link_of_a_message_tells_which_court_sent_it_and_when_and_nothing_of_the_case(
    client: Client, phone: Phone
) -> None:
    for link in (link_of(phone.access), f" {link_of(phone.access)} ", law_firm_link_of(phone.access)):
        said = _check(client, link)
        assert "是真的" in said
        assert "成都高新技术产业开发区人民法院" in said
        assert "2026年3月2日 09:00" in said
        assert "1234" not in said
        assert "邓" not in said


def test_the_number_of_a_service_is_checked_at_its_court_only(client: Client, phone: Phone) -> None:
    number = phone.service.number
    assert "是真的" in _check(client, number, phone.world.court.id)
    assert "没有查到" in _check(client, number, phone.world.other_court.id)
    assert "请选择法院" in _check(client, number)


@pytest.mark.parametrize(
    "link",
    ["https://example.com/sd?key=AAAA", "http://[bad", "javascript:alert(1)", "//?key=%00", "?qdbh=%00&sdbh=1&sdsin=2"],
)
def test_a_link_that_is_not_ours_is_not_vouched_for(client: Client, phone: Phone, link: str) -> None:
    assert "是真的" not in _check(client, link, phone.world.court.id)


def test_a_service_of_which_no_message_was_sent_is_not_vouched_for(client: Client, world: World) -> None:
    service = world.service()
    assert "没有查到" in _check(client, service.number, world.court.id)


def test_checking_messages_by_the_hundred_is_stopped(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "message", 2)
    statuses = [client.post("/verify-message", {"what": "x?key=1"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# ---- proofs ----------------------------------------------------------------------------------------------------


@pytest.fixture
def proof(world: World) -> Paper:
    phone = reach(world)
    phone.enter()
    phone.signs()
    with world.here():
        key = next(one.source_key for one in course_of(phone.service.id) if one.name == "service.effective")
    errands.issue_proof(court_id=str(world.court.id), service_id=str(phone.service.id), key=key)
    with world.here():
        return Paper.objects.get(service=phone.service, kind="proof")


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("凭证.pdf", content, "application/pdf")


def test_a_serial_tells_court_time_and_digest_and_nothing_of_the_case(client: Client, proof: Paper) -> None:
    said = client.get(f"/verify/{proof.title.split()[1]}").content.decode()
    assert "有这份凭证" in said
    assert proof.sha256 in said
    assert "成都高新技术产业开发区人民法院" in said
    assert "邓" not in said
    assert "1234号" not in said


def test_the_file_itself_is_compared_byte_for_byte(client: Client, proof: Paper) -> None:
    content = vault.get(proof.sha256)
    assert "完全一致" in client.post("/verify", {"file": _file(content)}).content.decode()
    changed = client.post("/verify", {"file": _file(content + b"\n")}).content.decode()
    assert "完全一致" not in changed
    assert "已被改动" in changed


def test_a_genuine_file_under_another_serial_is_said_to_be_another(client: Client, proof: Paper) -> None:
    sent = {"file": _file(vault.get(proof.sha256)), "serial": "川0191-20260302-00009-1"}
    assert "与您填写的“川0191-20260302-00009-1”不同" in client.post("/verify", sent).content.decode()


def test_a_proof_that_was_replaced_names_its_successor(client: Client, proof: Paper) -> None:
    with acting_for(proof.court_id):
        newer = Paper.objects.create(
            court_id=proof.court_id,
            service_id=proof.service_id,
            kind="proof",
            title="电子送达凭证 川0191-20260302-00001-2",
            sha256="0" * 64,
            made_at=proof.made_at,
            key="later",
        )
        Paper.objects.filter(id=proof.id).update(superseded_by=newer)
    page = client.get(f"/verify/{proof.title.split()[1]}").content.decode()
    assert "已被“电子送达凭证 川0191-20260302-00001-2”替换" in page


@pytest.mark.parametrize("serial", ["nothing", "20260302-00001-9", "-", "%", "'"])
def test_an_unknown_serial_is_not_found(client: Client, proof: Paper, serial: str) -> None:
    assert "没有查到" in client.post("/verify", {"serial": serial}).content.decode()


def test_neither_serial_nor_file_is_asked_for_again(client: Client, world: World) -> None:
    answer = client.post("/verify", {})
    assert answer.status_code == 422
    assert "请填写凭证编号" in answer.content.decode()


# ---- notices ---------------------------------------------------------------------------------------------------


@pytest.fixture
def notice(world: World) -> PublicNotice:
    service = world.service()
    with world.here():
        made = method.draft(service, "下落不明")
        method.publish(made, ("network",))
        return PublicNotice.objects.get(id=made.id)


def test_a_running_notice_is_listed_with_its_days_and_shown_whole(client: Client, notice: PublicNotice) -> None:
    listed = client.get("/notices").content.decode()
    assert f"/notices/{notice.slug}" in listed
    assert "2026年4月1日期满" in listed
    shown = client.get(f"/notices/{notice.slug}").content.decode()
    assert "邓春生" in shown
    assert client.get(f"/notices/{notice.slug}/sheet.pdf").content.startswith(b"%PDF")


def test_an_ended_notice_moves_to_the_ended_ones_and_stays_readable(
    client: Client, world: World, notice: PublicNotice
) -> None:
    world.later(days=31)
    assert notice.slug not in client.get("/notices").content.decode()
    assert notice.slug in client.get("/notices?ended=1").content.decode()
    assert "已期满" in client.get(f"/notices/{notice.slug}").content.decode()


def test_notices_are_picked_by_court(client: Client, notice: PublicNotice) -> None:
    assert notice.slug in client.get("/notices?court=川0191").content.decode()
    for court in ("川0108", "%00", "x" * 300):
        assert notice.slug not in client.get(f"/notices?court={court}").content.decode() or court == "%00"


def test_a_draft_that_no_judge_approved_is_not_public(client: Client, world: World, notice: PublicNotice) -> None:
    with world.here():
        PublicNotice.objects.update(published_at=None)
    assert client.get(f"/notices/{notice.slug}").status_code == 404
    assert notice.slug not in client.get("/notices").content.decode()


def test_a_withdrawn_notice_says_so_and_is_listed_nowhere(client: Client, world: World, notice: PublicNotice) -> None:
    with world.here():
        PublicNotice.objects.update(withdrawn_at=notice.published_at)
    assert "已于2026年3月2日撤回" in client.get(f"/notices/{notice.slug}").content.decode()
    assert notice.slug not in client.get("/notices").content.decode()


def test_a_notice_nobody_made_is_not_found(client: Client, world: World) -> None:
    assert client.get("/notices/none").status_code == 404
    assert client.get("/notices/none/sheet.pdf").status_code == 404
