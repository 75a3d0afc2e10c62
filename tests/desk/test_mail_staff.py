"""Simulated hands do in the mail room what a worker does, and no more than that."""

from songda.courts.actions import decide_policy
from songda.lib.tenancy import acting_for
from songda.management import mail_staff
from songda.methods import postal
from songda.methods.mailroom import Manifest, ReturnedPiece
from tests.cast import World
from tests.desk.mail_hands import OTHER_NUMBER, facts, printed, state


def test_what_was_printed_is_counted_sealed_and_handed_over_on_one_list(world: World) -> None:
    first = printed(world)
    mail_staff.work(7, 60)
    assert state(world, first) == "printed", "nobody is that quick"
    pieces = [first, printed(world, OTHER_NUMBER, "（2026）川0191民初9号")]
    world.later(minutes=16)
    mail_staff.work(7, 60)
    assert {state(world, piece) for piece in pieces} == {"sealed"}
    world.later(minutes=21)
    mail_staff.work(7, 60)
    assert {state(world, piece) for piece in pieces} == {"handed_over"}
    with world.here():
        assert Manifest.objects.get().count == 2
    assert all(len(facts(world, piece, name)) == 1 for piece in pieces for name in ("mail.counted", "mail.sealed"))


def test_where_scans_are_wanted_they_keep_the_mail_moving(world: World) -> None:
    with world.here():
        decide_policy(world.court, {"mail_custody": "scan"})
    piece = printed(world)
    for minutes in (16, 21):
        world.later(minutes=minutes)
        mail_staff.work(7, 60)
    assert state(world, piece) == "handed_over"
    with world.here():
        assert not world.read(piece.service).work_items.filter(done_at=None).exists()


def test_a_parcel_that_came_back_is_taken_in_with_the_carriers_reason(world: World) -> None:
    piece = printed(world)
    world.tell(piece.service, "mail.returned", because="refused", **postal.about(piece))
    world.tell(piece.service, "mail.closed", **postal.about(piece))
    world.later(hours=5)
    mail_staff.work(7, 60)
    with acting_for(world.court.id):
        back = ReturnedPiece.objects.get()
    assert (back.because, back.carrier_says) == ("refused", "refused")
    assert len(facts(world, piece, "mail.returned")) == 1


def test_working_again_at_once_moves_nothing_more(world: World) -> None:
    printed(world)
    world.later(minutes=16)
    assert mail_staff.work(7, 60) == 1
    assert mail_staff.work(7, 60) == 0
