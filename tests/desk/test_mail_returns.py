"""退件: taken in with its cause and its shelf, held against what the carrier says, told once, given back on a list."""

import pytest

from songda.engine import inbound
from songda.engine.mail import lists, returns
from songda.engine.mail.lists import Closing
from songda.engine.mail.returns import Return
from songda.engine.saying import ActRefused
from songda.gateways.heard import Heard
from songda.law.facts import RETURN_REASONS
from songda.lib import clock, vault
from songda.methods import custody, postal
from songda.methods.mailroom import MailScan, ReturnedPiece
from songda.methods.models import Waybill
from tests.cast import World
from tests.desk.mail_hands import NUMBER, again, facts, printed, sealed, state
from tests.desk.receipts import a_receipt
from tests.papers import reading


def away(world: World) -> Waybill:
    """A piece that the carrier has."""
    piece = sealed(world)
    world.tell(piece.service, "mail.accepted", **postal.about(piece))
    return again(world, piece)


def comes_back(world: World, because: str = "untraceable", cover: bytes = b"", shelf: str = "A-03") -> str:
    with world.here():
        seen = Return(because, shelf, cover=cover)
        return returns.take_in(world.zhou, world.court, NUMBER, seen).code


def carrier_tells(world: World, piece: Waybill, because: str) -> None:
    detail = {"because": because, "because_stated": True, "code": "708", "scheme": "newgen"}
    heard = Heard("", "mail.returned", clock.now(), detail, reference=NUMBER, event=f"back-{because}")
    with world.here():
        inbound.record_scan(heard, again(world, piece))


def give_back(world: World, remark: str = "") -> str:
    with world.here():
        manifest = lists.open_list(world.zhou, world.court)
        lists.enlist(world.zhou, world.court, manifest.id, NUMBER)
        closing = Closing("安雨", lists.difference(manifest).mark, remark)
        return lists.close(world.zhou, world.court, manifest.id, closing).sha256


def test_a_parcel_taken_in_first_tells_the_return_itself(world: World) -> None:
    piece = away(world)
    assert comes_back(world) == "taken_in"
    [told] = facts(world, piece, "mail.returned")
    assert (told.speaker, told.detail["because"]) == ("person", "untraceable")
    assert state(world, piece) == "shelved"
    with world.here():
        assert ReturnedPiece.objects.get().shelf == "A-03"


def test_a_return_the_carrier_told_is_not_told_again(world: World) -> None:
    piece = away(world)
    carrier_tells(world, piece, "untraceable")
    comes_back(world)
    assert len(facts(world, piece, "mail.returned")) == 1
    assert len(facts(world, piece, "mail.shelved")) == 1


def test_what_the_carrier_tells_afterwards_is_kept_and_counts_once(world: World) -> None:
    piece = away(world)
    comes_back(world)
    carrier_tells(world, piece, "untraceable")
    assert len(facts(world, piece, "mail.returned")) == 1
    assert len(facts(world, piece, "mail.return_scanned")) == 1
    with world.here():
        assert ReturnedPiece.objects.get().carrier_says == "untraceable"


@pytest.mark.parametrize("carrier_first", [True, False])
def test_reasons_that_differ_are_somebodys_work_whoever_spoke_first(world: World, carrier_first: bool) -> None:
    piece = away(world)
    if carrier_first:
        carrier_tells(world, piece, "refused")
        comes_back(world, "untraceable")
    else:
        comes_back(world, "untraceable")
        carrier_tells(world, piece, "refused")
    item = world.item(world.read(piece.service), "return_disagrees")
    assert RETURN_REASONS["refused"] in item.reason
    assert RETURN_REASONS["untraceable"] in item.reason


def test_a_parcel_scanned_twice_is_taken_in_once(world: World) -> None:
    away(world)
    assert [comes_back(world), comes_back(world, shelf="B-01")] == ["taken_in", "in_before"]
    with world.here():
        assert ReturnedPiece.objects.get().shelf == "A-03"
        assert MailScan.objects.filter(place="return").count() == 2


def test_what_was_never_posted_cannot_come_back(world: World) -> None:
    printed(world)
    assert comes_back(world) == "not_gone"


def test_the_photographed_cover_is_the_image_that_a_complete_result_wants(world: World) -> None:
    piece = away(world)
    comes_back(world, cover=a_receipt(NUMBER))
    [told] = facts(world, piece, "mail.receipt_scanned")
    assert len(told.detail["exhibits"]) == 1


def test_a_cover_that_is_no_picture_is_refused_and_nothing_is_taken_in(world: World) -> None:
    away(world)
    with pytest.raises(ActRefused, match="不是图片"):
        comes_back(world, cover=b"MZ\x90\x00 not a picture")
    with world.here():
        assert not ReturnedPiece.objects.exists()


@pytest.mark.parametrize(("because", "shelf", "field"), [("", "A-03", "because"), ("refused", " ", "shelf")])
def test_a_return_wants_its_cause_and_its_place(world: World, because: str, shelf: str, field: str) -> None:
    away(world)
    with pytest.raises(ActRefused) as refused:
        comes_back(world, because, shelf=shelf)
    assert refused.value.field == field


def test_every_cause_of_the_law_is_offered_in_the_carriers_words_too() -> None:
    offered = returns.causes()
    assert set(offered) == set(RETURN_REASONS)
    assert all(offered[code].startswith(name) for code, name in RETURN_REASONS.items())
    assert "（" in offered["untraceable"]


def test_a_returned_parcel_goes_back_to_the_court_on_a_list_with_both_names(world: World) -> None:
    piece = away(world)
    comes_back(world)
    words = reading.words(vault.get(give_back(world)))
    for expected in ("退件交还清单", "安雨", "周岚", "A-03", "邓**"):
        assert expected in words
    assert state(world, piece) == "given_back"
    assert len(facts(world, piece, "mail.given_back")) == 1


def test_a_parcel_that_lies_with_the_court_again_is_closed_even_if_the_carrier_never_says_so(world: World) -> None:
    piece = away(world)
    comes_back(world, "refused", cover=a_receipt(NUMBER))
    assert world.read(piece.service).result == ""
    give_back(world)
    assert len(facts(world, piece, "mail.closed")) == 1
    assert "mail.returned" in world.facts(piece.service)
    assert world.read(piece.service).step != "mailing", "the return is complete now and counts"


def test_a_parcel_that_was_not_taken_in_is_not_given_back(world: World) -> None:
    away(world)
    with world.here():
        manifest = lists.open_list(world.zhou, world.court)
        assert lists.enlist(world.zhou, world.court, manifest.id, NUMBER).code == "not_returned"


def test_a_parcel_is_put_on_another_shelf_until_it_is_given_back(world: World) -> None:
    piece = away(world)
    comes_back(world)
    with world.here():
        returns.move(world.zhou, world.court, piece.id, "B-07")
        assert ReturnedPiece.objects.get().shelf == "B-07"
    give_back(world)
    with world.here(), pytest.raises(ActRefused, match="不在库"):
        returns.move(world.zhou, world.court, piece.id, "C-01")


def test_where_the_parcel_lies_is_what_its_facts_say(world: World) -> None:
    piece = away(world)
    comes_back(world)
    with world.here():
        kept = again(world, piece)
        assert custody.state_of(custody.facts_about(kept), NUMBER) == kept.state == "shelved"
