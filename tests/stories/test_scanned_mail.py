"""A court that has its mail scanned from hand to hand: printed, counted, sealed, listed, carried, and answered for.

The printers, the carrier, its scans and its receipts are the sandbox's, over the real protocols.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Person, PrintSite
from songda.engine import acts
from songda.engine.mail import asking, lists, mailing, receipts, returns
from songda.engine.mail.lists import Closing
from songda.engine.mail.receipts import File
from songda.engine.mail.returns import Return
from songda.engine.models import WorkItem
from songda.evidence.models import Fact
from songda.filing.draft import PartyDraft
from songda.filing.models import Service
from songda.gateways import switchboard
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import DEFAULT_SECRET, Settings
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.methods import custody, postal
from songda.methods.mailroom import Batch, Manifest
from songda.methods.models import Waybill
from tests import cast
from tests.cast import DENG, World
from tests.desk.receipts import a_receipt
from tests.gateways.parties import Listener, Running
from tests.ports import free_port
from tests.stories.post_road import Road

WUHOU, CHENGHUA = "510107", "510108"
HOME = replace(DENG, phone="")
SUN = replace(DENG, name="孙若兰", id_number="", phone="", address="四川省成都市成华区建设路26号3栋1单元1201室")


@pytest.fixture
def road(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """A world whose court wants every hand on record, with two print sites and a carrier outside."""
    door = Listener()
    settings = Settings(
        state=tmp_path / "sandbox",
        portal=door.url,
        api=door.url,
        port=free_port(),
        smtp_port=free_port(),
        ipp_port=free_port(),
        secret=DEFAULT_SECRET,
        trouble=0.0,
    )
    monkeypatch.setenv("SONGDA_SANDBOX_URL", f"http://127.0.0.1:{settings.port}")
    switchboard.forget()
    with Sandbox(settings) as sandbox, ThreadPoolExecutor(4) as pool:
        outside = Running(settings)
        _open_sites(settings.ipp_port)
        decide_policy(world.court, {"mail_custody": "scan"})
        enrol(_meng(), world.court, ["post_manager"])
        yield Road(world, sandbox, outside, door, pool)
    door.close()
    switchboard.forget()


def _open_sites(port: int) -> None:
    for division, name in ((WUHOU, "武侯打印点"), (CHENGHUA, "成华打印点")):
        uri = f"ipp://127.0.0.1:{port}/ipp/print/{division}"
        PrintSite.objects.update_or_create(
            division_code=division, defaults={"name": name, "address": "四川省成都市", "ipp_uri": uri}
        )


def _meng() -> Person:
    return Person.objects.create_user("meng", cast.PASSWORD, name="孟川", organisation="post")


# ---- hands and eyes --------------------------------------------------------------------------------------------


def _settled(road: Road, name: str, temperament: str) -> None:
    road.outside.settle(name=name, phone="19200000001", temperament=temperament)


def _printed(road: Road, party: PartyDraft = HOME, case_number: str = "（2026）川0191民初1234号") -> Service:
    service = road.world.service(party, case_number=case_number)
    road.later(minutes=20)
    return service


def _piece(road: Road, service: Service) -> Waybill:
    with road.world.here():
        return custody.pieces().get(service=service)


def _pack(road: Road, site: str) -> list[str]:
    """Whoever stands at the printer scans each envelope, counts its sheets and seals it; what the scanner said."""
    said = []
    for number, sheets in road.printed_pages(site):
        with road.world.here():
            said.append(mailing.count(road.world.zhou, road.world.court, number, sheets).code)
            said.append(mailing.seal(road.world.zhou, road.world.court, number).code)
    return said


def _hand_over(road: Road, site: str) -> Manifest:
    with road.world.here():
        zhou, court = road.world.zhou, road.world.court
        manifest = lists.open_list(zhou, court, PrintSite.objects.get(division_code=site))
        for number, _ in road.printed_pages(site):
            assert lists.enlist(zhou, court, manifest.id, number).code == "listed"
        return lists.close(zhou, court, manifest.id, Closing("揽投员郭平", lists.difference(manifest).mark))


def _carried_to(road: Road, service: Service) -> list[str]:
    """What the carrier's own book says of the service's letter."""
    return road.carrier_has_told(postal.order_key(_piece(road, service)))


def _page(person: Person, path: str) -> str:
    client = Client(raise_request_exception=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def _alarm(person: Person, label: str) -> tuple[int, int]:
    """A number of the post's board, and how many rows the list behind it has."""
    board = _page(person, "/boards/post/live/")
    found = re.search(rf'href="([^"]+)">{label} <b data-alarm="{label}">(\d+)</b>', board)
    assert found is not None, board
    behind = _page(person, found[1].replace("&amp;", "&"))
    return int(found[2]), len(re.findall(r"<tr", behind.partition("<tbody")[2]))


def _open(road: Road, service: Service, kind: str) -> list[WorkItem]:
    with road.world.here():
        return list(WorkItem.objects.filter(service=service, kind=kind, done_at=None))


def _first_of_list(person: Person) -> str:
    """The uppermost item on somebody's own list."""
    found = re.search(r"/work-items/([0-9a-f-]{36})/", _page(person, "/work-items/"))
    return found[1] if found else ""


# ---- every hand scans ------------------------------------------------------------------------------------------


def test_pieces_lie_in_a_batch_of_their_print_site(road: Road) -> None:
    first = _printed(road)
    second = _printed(road, SUN, "（2026）川0191民初1235号")
    with road.world.here():
        sites = {batch.site.division_code: batch.pieces.get().service_id for batch in Batch.objects.all()}
    assert sites == {WUHOU: first.id, CHENGHUA: second.id}
    assert [number for number, _ in road.printed_pages(WUHOU)] == [_piece(road, first).number]
    assert [number for number, _ in road.printed_pages(CHENGHUA)] == [_piece(road, second).number]


def test_a_letter_scanned_from_hand_to_hand_is_served_on_the_day_it_was_signed_for(road: Road) -> None:
    _settled(road, HOME.name, "declines_electronic")
    service = _printed(road)
    road.later(hours=2)
    assert _carried_to(road, service) == [], "the carrier waits for the list"
    assert _pack(road, WUHOU) == ["counted", "sealed"]
    manifest = _hand_over(road, WUHOU)
    assert manifest.count == 1
    road.later(hours=28)
    assert road.world.read(service).waiting_for == "回执影像与结案"
    number = _piece(road, service).number
    with road.world.here():
        brought = receipts.bring(road.world.zhou, road.world.court, [File("回执.png", a_receipt(number))])
    assert [(one.outcome, one.number) for one in brought] == [("matched", number)]
    road.later(hours=8)
    done = road.world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "postal", date(2026, 3, 3))
    facts = road.world.facts(service)
    course = [name for name in facts if name.startswith(("mail.", "papers.")) and name != "mail.receipt_scanned"]
    assert course == [
        *("papers.printed", "mail.counted", "mail.sealed", "mail.handed_over"),
        *("mail.accepted", "mail.delivered", "mail.closed"),
    ]
    assert facts.count("service.effective") == 1
    with road.world.here():
        assert not WorkItem.objects.filter(service=service, done_at=None).exists()


def test_a_letter_that_comes_back_is_taken_in_and_given_back_to_the_court(road: Road) -> None:
    _settled(road, HOME.name, "untraceable")
    service = _printed(road)
    assert _pack(road, WUHOU) == ["counted", "sealed"]
    _hand_over(road, WUHOU)
    road.later(days=6)
    number = _piece(road, service).number
    with road.world.here():
        zhou, court = road.world.zhou, road.world.court
        assert returns.take_in(zhou, court, number, Return("untraceable", "A-01")).code == "taken_in"
        manifest = lists.open_list(zhou, court)
        assert lists.enlist(zhou, court, manifest.id, number).code == "listed"
        lists.close(zhou, court, manifest.id, Closing("书记员安雨", lists.difference(manifest).mark))
    road.later(hours=1)
    assert _piece(road, service).state == "given_back"
    facts = road.world.facts(service)
    assert (facts.count("mail.returned"), facts.count("mail.closed")) == (1, 1)
    after = road.world.read(service)
    assert (after.result, after.step != "mailing") == ("", True), "nobody is served by a letter that came back"


# ---- nobody scans ----------------------------------------------------------------------------------------------


def test_a_letter_that_nobody_scans_is_not_sent_and_calls_louder_with_its_age(road: Road) -> None:
    service = _printed(road)
    road.later(hours=23)
    now = road.world.read(service)
    assert (now.step, now.waiting_for, _carried_to(road, service)) == ("printing", "核页、封装、交接", [])
    road.later(hours=2)
    (item,) = _open(road, service, "handover_late")
    assert (item.role, item.owner, item.due_at > clock.now()) == ("mail", None, True)
    assert _first_of_list(road.world.zhou) == str(item.id)
    road.later(days=1)
    meng = Person.objects.get(username="meng")
    assert _first_of_list(meng) == str(item.id), "past its limit it lies before who looks after the mail room"
    assert _alarm(meng, "超期待办") == (1, 1)
    assert road.world.read(service).step == "printing"
    assert not {"mail.handed_over", "mail.accepted"} & set(road.world.facts(service))


def test_who_says_he_waits_on_and_does_nothing_is_asked_again(road: Road) -> None:
    service = _printed(road)
    road.later(days=1, hours=1)
    road.world.does(road.world.zhou, service, "handover_late", "noted")
    assert _open(road, service, "handover_late") == []
    road.later(days=1, hours=1)
    assert len(_open(road, service, "handover_late")) == 1


def test_what_was_late_is_late_no_more_once_it_is_handed_over(road: Road) -> None:
    service = _printed(road)
    road.later(days=2, hours=1)
    meng = Person.objects.get(username="meng")
    assert _alarm(meng, "超期待办") == (1, 1)
    _pack(road, WUHOU)
    _hand_over(road, WUHOU)
    assert _open(road, service, "handover_late") == []
    assert _alarm(meng, "超期待办") == (0, 0)


# ---- silence ---------------------------------------------------------------------------------------------------


def _gone_silent(road: Road) -> Service:
    """On its way, and then the wire between the carrier and us is down for days."""
    _settled(road, HOME.name, "declines_electronic")
    service = _printed(road)
    _pack(road, WUHOU)
    _hand_over(road, WUHOU)
    road.later(hours=2)
    assert road.world.read(service).step == "mailing"
    road.shut()
    road.later(days=5)
    return service


def _silent_rows(person: Person) -> tuple[int, int]:
    """The mail room's number of silent parcels, and how many rows of its list are marked as such."""
    number = re.search(r'data-tally="silent">(\d+)', _page(person, "/mail/"))
    assert number is not None
    return int(number[1]), len(re.findall(r'<span class="due--late">', _page(person, "/mail/silent/")))


def test_a_parcel_that_is_silent_too_long_is_somebodys_until_the_next_scan(road: Road) -> None:
    service = _gone_silent(road)
    (item,) = _open(road, service, "carrier_silent")
    assert (item.role, item.due_at > clock.now()) == ("mail", True)
    assert _first_of_list(road.world.zhou) == str(item.id)
    assert _silent_rows(road.world.zhou) == (1, 1)
    road.later(days=1, hours=1)
    meng = Person.objects.get(username="meng")
    assert _alarm(meng, "超期待办") == _alarm(meng, "已上报待办") == (1, 1)
    road.open()
    road.later(minutes=1)
    assert _open(road, service, "carrier_silent") == []
    assert _alarm(meng, "超期待办") == _alarm(meng, "已上报待办") == (0, 0)
    assert _silent_rows(road.world.zhou) == (0, 0)
    with road.world.here():
        delivered = Fact.objects.get(about=service.id, name="mail.delivered")
    done = road.world.read(service)
    assert (done.result, done.effective_on) == ("served", delivered.happened_at.astimezone(BEIJING).date())


def test_asking_the_carrier_brings_what_was_not_heard_and_ends_the_silence(road: Road) -> None:
    service = _gone_silent(road)
    with road.world.here():
        answer = asking.ask(road.world.zhou, road.world.court, _piece(road, service).id)
    assert (answer.tone, answer.new > 0) == ("ok", True)
    assert _open(road, service, "carrier_silent") == []
    assert road.world.read(service).result == "served"


def test_a_parcel_that_stays_silent_is_asked_for_again(road: Road) -> None:
    service = _gone_silent(road)
    (item,) = _open(road, service, "carrier_silent")
    with road.world.here():
        acts.complete(item, road.world.zhou, "noted", {"remark": "已致电揽投部"})
    road.later(days=4, hours=20)
    assert _open(road, service, "carrier_silent") == []
    road.later(hours=5)
    (again,) = _open(road, service, "carrier_silent")
    assert again.id != item.id
