"""Courses of services that end in every way a board counts."""

from dataclasses import replace

from songda.insight import actions
from tests.cast import DENG, World

# Somebody else than 邓, of whom an earlier case may know a telephone.
NO_PHONE = replace(DENG, name="邓秋实", id_number="", phone="")


def fold_all() -> None:
    while actions.fold():
        pass


def by_phone(world: World, number: int) -> None:
    """Consent within two minutes, signed on the telephone: electronic, the first step."""
    service = world.service(DENG, case_number=f"（2026）川0191民初{number}号")
    carried = {"contact": world.contact(service, "phone")}
    world.later(minutes=2)
    world.tell(service, "call.attempted", "provider", answered=True, **carried)
    world.tell(service, "consent.given", "recipient", how="stated", **carried)
    world.tell(service, "message.sent", "provider", channel="sms", **carried)
    world.tell(service, "content.available", "platform", address="confirmed", channel="sms", **carried)
    world.tell(service, "receipt.signed", "recipient", signer="self", via="electronic", **carried)
