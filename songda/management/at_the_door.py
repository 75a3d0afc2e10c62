"""What a simulated courier answers to the questions on the phone, and photographs: walked through the very table the
phone was given, law's gates included.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from songda.management.courier_phone import File

# How visits end, with their weights; the last is a courier who has to leave at once.
ENDINGS = {"handed_over": 50, "left_in_place": 15, "nobody": 25, "moved": 5, "unknown_there": 5, "unsafe": 1}

_TAKES = {"adult": ("yes",), "together": ("yes",), "opposing": ("no",), "willing": ("yes",), "id_checked": ("yes",)}
_REFUSES = {"willing": ("no",), "leaving": ("leave",)}
# Which answer is given to a question, the first that is offered; who is at the door is drawn.
_WANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "handed_over": _TAKES,
    "left_in_place": _REFUSES,
    "nobody": {"door": ("nobody",)},
    "moved": {"door": ("moved",)},
    "unknown_there": {"door": ("unknown",)},
}
_AT_THE_DOOR = {
    "person": ("self", "self", "someone"),
    "organisation": ("mail_staff", "mail_staff", "legal_representative"),
}
# Nobody goes on against the law: what it bars is taken back.
_LAWFUL = {"sign_barred": ("back",), "leave_barred": ("back",), "relation": ("family",)}
_PROOFS = (("witnesses",), ("recording",))
_SAYS: Mapping[str, tuple[str, ...]] = {
    "refusal": ("称与原告已经和解，不肯签", "未说明", "称案件与其无关，拒绝签收"),
    "source": ("隔壁住户称其去年已搬走", "物业前台称没有这位住户", "现住户称租住两年，不认识此人"),
    "why_no_id": ("证件不在身边，核对了本人照片和出生日期",),
}
_WITNESSES = (("罗秀兰", "社区居委会干部"), ("唐国平", "物业服务中心主任"), ("马丽", "村民委员会委员"))


@dataclass(slots=True)
class Told:
    """The answers and files of one interview."""

    answers: dict[str, Any] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)


def interview(table: Mapping[str, Any], stop: Mapping[str, Any], ending: str, rng: Random) -> Told:
    """Answer question after question until there is nothing more to ask. The same dice give the same answers."""
    opened_by = rng.choice(_AT_THE_DOOR[stop["kind"]])
    wants = {"door": (opened_by,), "proof": rng.choice(_PROOFS), **_LAWFUL, **_WANTS[ending]}
    walk = _Walk(table["questions"], stop, wants, rng)
    at = table["first"]
    while at and walk.questions[at]["kind"] != "review":
        at = _STEPS[walk.questions[at]["kind"]](walk, at)
    return walk.told


@dataclass(slots=True)
class _Walk:
    questions: Mapping[str, Any]
    stop: Mapping[str, Any]
    wants: Mapping[str, tuple[str, ...]]
    rng: Random
    told: Told = field(default_factory=Told)

    def add(self, content: bytes, kind: str, media_type: str, whose: str = "") -> None:
        key = str(UUID(int=self.rng.getrandbits(128), version=4))
        self.told.files.append(File(content, kind, media_type, whose, key))


def _gate(walk: _Walk, at: str) -> str:
    gate = walk.questions[at]
    barred = walk.stop["bars"].get(gate["looks_in"], {})
    return str(gate["barred"] if walk.told.answers.get("signer") in barred else gate["next"])


def _choice(walk: _Walk, at: str) -> str:
    offered = {
        one["value"]: one
        for one in walk.questions[at]["options"]
        if not one["only"] or walk.stop["kind"] in one["only"]
    }
    wanted = next((value for value in walk.wants.get(at, ()) if value in offered), next(iter(offered)))
    walk.told.answers |= {at: wanted, **offered[wanted]["sets"]}
    return str(offered[wanted]["next"])


def _text(walk: _Walk, at: str) -> str:
    said = _name(walk) if at == "name" else walk.rng.choice(_SAYS[at]) if at in _SAYS else ""
    if said:
        walk.told.answers[at] = said
    return str(walk.questions[at]["next"])


def _name(walk: _Walk) -> str:
    own = str(walk.stop["name"])
    signer = walk.told.answers.get("signer")
    if signer == "self":
        return own
    return f"{own[0]}小敏" if signer == "co_resident_adult" else "章文静"


def _pictures(walk: _Walk, at: str) -> str:
    for _ in range(walk.questions[at]["least"]):
        walk.add(photograph(walk.rng), "photo", "image/jpeg")
    return str(walk.questions[at]["next"])


def _signature(walk: _Walk, at: str) -> str:
    walk.add(drawn(walk.rng), "signature", "image/png", "signer")
    return str(walk.questions[at]["next"])


def _witnesses(walk: _Walk, at: str) -> str:
    name, unit = walk.rng.choice(_WITNESSES)
    walk.told.answers["witnesses"] = [{"name": name, "unit": unit}]
    walk.add(drawn(walk.rng), "signature", "image/png", "witness:0")
    return str(walk.questions[at]["next"])


_STEPS: Mapping[str, Callable[[_Walk, str], str]] = {
    "gate": _gate,
    "choice": _choice,
    "text": _text,
    "pictures": _pictures,
    "signature": _signature,
    "witnesses": _witnesses,
}


def photograph(rng: Random) -> bytes:
    """A door nobody has seen before: a wall, a door, a plate with a number."""
    picture = Image.new("RGB", (480, 360), _colour(rng, 150, 220))
    pen = ImageDraw.Draw(picture)
    left = rng.randint(120, 200)
    pen.rectangle((left, 50, left + 150, 350), fill=_colour(rng, 60, 130), outline=_colour(rng, 20, 50), width=4)
    pen.rectangle((left + 40, 80, left + 110, 110), fill="white")
    pen.text((left + 48, 86), f"{rng.randint(101, 3204)}", fill="black")
    for _ in range(40):
        x, y = rng.randint(0, 479), rng.randint(0, 359)
        pen.line((x, y, x + rng.randint(-30, 30), y + rng.randint(-30, 30)), fill=_colour(rng, 90, 200))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _colour(rng: Random, least: int, most: int) -> tuple[int, int, int]:
    return rng.randint(least, most), rng.randint(least, most), rng.randint(least, most)


def drawn(rng: Random) -> bytes:
    """What a finger leaves on the glass."""
    image = Image.new("RGBA", (480, 180), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for sign in range(rng.randint(2, 3)):
        strokes = [(40 + sign * 140 + rng.randint(0, 110), 20 + rng.randint(0, 140)) for _ in range(9)]
        pen.line(strokes, fill=(20, 20, 40, 255), width=5, joint="curve")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
