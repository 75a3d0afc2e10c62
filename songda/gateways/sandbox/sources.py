"""The people-finding sources: slow, stale, limited and sometimes down, each in its own way, by one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from songda.gateways.people import keyed_hash
from songda.gateways.sandbox.answers import Answer, refused
from songda.gateways.sandbox.register import DemoPerson, draw
from songda.gateways.sandbox.world import World
from songda.gateways.switchboard import sandbox_source
from songda.lib import clock

_OPERATORS = ("telecom_a", "telecom_b", "telecom_c")


@dataclass(frozen=True, slots=True)
class Manner:
    """How one source behaves. `knows` says what it has of someone; `hits` and `stale` are shares; delays in platform
    seconds, the shorter one for the quickest answer, and zero for an answer at once; `per_minute` is its rate limit."""

    knows: Callable[[World, DemoPerson, bool], tuple[tuple[str, str], ...]]
    hits: float
    stale: float
    delay: tuple[float, float]
    errors: float
    outages: float
    per_minute: int
    price_fen: int


def _phone_at(operator: str) -> Callable[[World, DemoPerson, bool], tuple[tuple[str, str], ...]]:
    def knows(world: World, person: DemoPerson, stale: bool) -> tuple[tuple[str, str], ...]:
        mine = _OPERATORS[draw(world.settings.seed, "operator", person.phone) % 3] == operator
        return (("phone", person.filed_phone if stale else person.phone),) if mine else ()

    return knows


def _registered(world: World, person: DemoPerson, stale: bool) -> tuple[tuple[str, str], ...]:  # noqa: ARG001
    return (("address", person.filed_address),) if person.kind == "person" else ()


def _in_market_register(world: World, person: DemoPerson, stale: bool) -> tuple[tuple[str, str], ...]:  # noqa: ARG001
    if person.kind != "organisation":
        return ()
    return (("address", person.filed_address), ("phone", person.filed_phone))


def _by_post(world: World, person: DemoPerson, stale: bool) -> tuple[tuple[str, str], ...]:  # noqa: ARG001
    if stale:
        return (("address", person.filed_address), ("phone", person.filed_phone))
    return (("address", person.address), ("phone", person.phone))


MANNERS: dict[str, Manner] = {
    **{code: Manner(_phone_at(code), 0.96, 0.06, (15, 90), 0.02, 0.02, 1200, 30) for code in _OPERATORS},
    "household": Manner(_registered, 0.97, 0.0, (60, 400), 0.03, 0.05, 300, 0),
    "market_register": Manner(_in_market_register, 0.99, 0.05, (0, 0), 0.01, 0.02, 600, 0),
    "post_addresses": Manner(_by_post, 0.55, 0.2, (0, 0), 0.01, 0.01, 3000, 10),
    "earlier_services": Manner(_by_post, 0.25, 0.1, (0, 0), 0.0, 0.0, 6000, 0),
    "generic": Manner(_by_post, 0.35, 0.3, (30, 900), 0.08, 0.1, 120, 50),
}


def take_question(world: World, code: str, message: Mapping[str, Any]) -> Answer:
    """POST /sources/{code}/inquiries"""
    manner, key = MANNERS.get(code), str(message.get("key", ""))
    subject = message.get("subject")
    if manner is None:
        return refused(404, "NoSuchSource")
    if not key or not isinstance(subject, dict) or not message.get("ground") or not message.get("authority"):
        return refused(400, "MissingParameter")
    # Asked again with the number beside the hash it is another question, and looked up anew.
    door = f"source {code}" + (" by number" if {"idHash", "idNumber"} <= subject.keys() else "")
    if known := world.store.entry(door, key):
        return _as_it_stands(world, door, known)
    if trouble := _trouble(world, code, manner, key):
        return trouble
    answer = {"key": key, "reference": f"{code}-{world.number(12, code, key)}"}
    world.store.receive(door, key, answer["reference"], _without_number(message), answer)
    return _at_once_or_later(world, code, manner, door, answer | _finding(world, code, manner, message))


def _without_number(message: Mapping[str, Any]) -> dict[str, Any]:
    """The log is open to everyone at the demonstration, so it shows no ID numbers."""
    subject = {name: value for name, value in message["subject"].items() if name != "idNumber"}
    return {**message, "subject": subject}


def _trouble(world: World, code: str, manner: Manner, key: str) -> Answer | None:
    now = clock.now()
    if world.strikes(manner.outages, "outage", code, f"{now:%Y%m%d%H}"):
        return Answer(503, {"code": "Outage"}, {"retry-after": "60"})
    if world.store.count(f"rate {code} {now:%Y%m%d%H%M}") > manner.per_minute:
        return Answer(429, {"code": "TooManyRequests"}, {"retry-after": str(60 - now.second)})
    if world.strikes(manner.errors, "error", code, key, world.store.count(f"asked {code} {key}")):
        return refused(500, "InternalError")
    return None


def _who(world: World, code: str, subject: Mapping[str, Any]) -> DemoPerson | None:
    """Whom the subject means: by number or its keyed hash where one is given, else by name alone."""
    name = str(subject.get("name", ""))
    number, hashed = str(subject.get("idNumber", "")), str(subject.get("idHash", ""))
    person = world.people.named(name)
    if person and number and number.upper() != person.id_number:
        return None
    secret = sandbox_source(code, world.settings.secret)["hash_secret"]
    if person and hashed and hashed != keyed_hash(secret, person.id_number):
        return None
    return person or (world.settle(world.people.invent(name, number)) if number else None)


def _finding(world: World, code: str, manner: Manner, message: Mapping[str, Any]) -> dict[str, Any]:
    subject = message["subject"]
    person = _who(world, code, subject)
    if person is None and "idHash" in subject and "idNumber" not in subject:
        return {"state": "needs_number"}
    if person is None or world.chance("hit", code, person.name) >= manner.hits:
        return {"state": "not_found", "priceFen": manner.price_fen}
    stale = world.strikes(manner.stale, "stale", code, person.name)
    asked = message.get("asks") or ["phone", "address"]
    as_of = clock.today() - timedelta(days=int(world.chance("age", code, person.name) * 90) + stale * 900)
    contacts = [
        {"kind": kind, "value": value, "asOf": as_of.isoformat()}
        for kind, value in manner.knows(world, person, stale)
        if kind in asked
    ]
    return {
        "state": "found" if contacts else "not_found",
        "contacts": contacts,
        "priceFen": manner.price_fen,
        "quotaLeft": 100_000 - world.store.count(f"quota {code}"),
    }


def _at_once_or_later(world: World, code: str, manner: Manner, door: str, answer: Mapping[str, Any]) -> Answer:
    if not manner.delay[1]:
        world.store.tell(door, answer["key"], "answer", answer)
        return Answer(200, answer)
    low, high = manner.delay
    wait = timedelta(seconds=low + (high - low) * world.chance("delay", code, answer["key"]) ** 2)
    event = {"door": door, "source": code, "due": (clock.now() + wait).isoformat(), "answer": dict(answer)}
    world.agenda.soon("source answer", f"{door} {answer['key']}", wait, event)
    return Answer(202, {"state": "pending", "key": answer["key"], "reference": answer["reference"]})


def give_answer(world: World, event: Mapping[str, Any]) -> None:
    """The source has looked it up: remembered for look-ups, and called back."""
    answer, at = event["answer"], datetime.fromisoformat(event["due"])
    world.store.tell(event["door"], answer["key"], "answer", answer)
    body = {"source": event["source"], "answeredAt": at.isoformat(), "answers": [answer]}
    # A callback answers one question: the same key asked again by number has another.
    name = f"{answer['reference']} {event['door'].rpartition(' ')[2]}"
    world.call_back(f"people/{event['source']}", name, timedelta(0), body)


def look_up_question(world: World, code: str, key: str) -> Answer:
    """GET /sources/{code}/inquiries/{key}"""
    by_number = f"source {code} by number"
    known = world.store.entry(by_number, key)
    door = by_number if known else f"source {code}"
    known = known or world.store.entry(door, key)
    return refused(404, "NoSuchInquiry") if known is None else _as_it_stands(world, door, known)


def _as_it_stands(world: World, door: str, known: Mapping[str, Any]) -> Answer:
    said = world.store.told(door, known["key"])
    return Answer(200, said[0]) if said else Answer(202, {"state": "pending", **known["answer"]})
