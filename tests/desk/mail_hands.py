"""The hands of the mail room in tests: a piece at the printer, counted, sealed, listed, handed over."""

from dataclasses import replace

from songda.courts.models import PrintSite
from songda.engine import outbox
from songda.engine.mail import lists, mailing
from songda.engine.mail.lists import Closing
from songda.evidence.models import Fact
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.methods import custody, postal
from songda.methods.mailroom import Manifest
from songda.methods.models import Waybill
from tests.cast import DENG, World

NUMBER = "1093847561234"
OTHER_NUMBER = "1093847561999"


def piece_of(world: World, number: str = NUMBER, case: str = "（2026）川0191民初1234号") -> Waybill:
    """A piece whose job lies at the printer."""
    service = world.service(replace(DENG, phone=""), case_number=case)
    world.later(minutes=11)
    with world.here():
        piece = service.waybills.get()
        order = Dispatch.objects.get(key=postal.order_key(piece))
        piece = postal.note_number(order, number)
        postal.print_piece(piece)
    return again(world, piece)


def came_out(world: World, piece: Waybill, impressions: int = 0) -> None:
    """The printer says that the latest job of the piece came out."""
    with world.here():
        piece.refresh_from_db(fields=["copy"])
        jobs = Dispatch.objects.filter(counterparty="printing", about=piece.service_id)
        job = next(one for one in jobs if postal.copy_of(one) == piece.copy)
        postal.after_print(job, dispatch.Result(Dispatch.State.DONE))
        key = f"{job.key}:watch"
        Dispatch.objects.filter(key=key).update(state=Dispatch.State.UNDER_WAY, tries=1)
        watch = Dispatch.objects.get(key=key)
        watch.tries = 0
    outbox.settle(watch, dispatch.Result(Dispatch.State.DONE, {"impressions": impressions}))


def printed(world: World, number: str = NUMBER, case: str = "（2026）川0191民初1234号") -> Waybill:
    piece = piece_of(world, number, case)
    came_out(world, piece)
    return again(world, piece)


def again(world: World, piece: Waybill) -> Waybill:
    with world.here():
        return custody.pieces().get(id=piece.id)


def count(world: World, piece: Waybill, sheets: int | None = None) -> str:
    with world.here():
        return mailing.count(world.zhou, world.court, piece.number, piece.pages if sheets is None else sheets).code


def seal(world: World, piece: Waybill) -> str:
    with world.here():
        return mailing.seal(world.zhou, world.court, piece.number).code


def sealed(world: World, number: str = NUMBER, case: str = "（2026）川0191民初1234号") -> Waybill:
    piece = printed(world, number, case)
    count(world, piece)
    assert seal(world, piece) == "sealed"
    return again(world, piece)


def a_list(world: World) -> Manifest:
    with world.here():
        return lists.open_list(world.zhou, world.court, PrintSite.objects.get())


def enlist(world: World, manifest: Manifest, number: str) -> str:
    with world.here():
        return lists.enlist(world.zhou, world.court, manifest.id, number).code


def close(world: World, manifest: Manifest, remark: str = "", taken_by: str = "揽投员郭平") -> Manifest:
    with world.here():
        seen = lists.difference(manifest).mark
        return lists.close(world.zhou, world.court, manifest.id, Closing(taken_by, seen, remark))


def state(world: World, piece: Waybill) -> str:
    return again(world, piece).state


def facts(world: World, piece: Waybill, name: str) -> list[Fact]:
    with world.here():
        return [fact for fact in custody.facts_about(piece) if fact.name == name]
