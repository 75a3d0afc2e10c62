"""The record of a visit told by phone: the courier's answers in words, signed time and place, witnesses, pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from songda.law.facts import SIGNERS
from songda.lib import vault
from songda.lib.clock import BEIJING
from songda.methods import field, plausible
from songda.methods.models import Exhibit, Paper, Visit
from songda.methods.plausible import Place
from songda.methods.questions import REASONS
from songda.papers.records import Witness

_SIGNED = {True: "签名核验一致", False: "签名与登记的手机密钥不符"}
# Answers in the courier's own words: kept with the fact, read for a reason.
TEXTS = frozenset({"name", "refusal", "source", "remark", "why_no_id", "no_pictures", *REASONS})
_IN_WORDS = {
    "refusal": "对方拒收时称：",
    "source": "据：",
    "why_no_id": "未核对证件，身份确认方式：",
    "why_sign": "依法不能签收而仍交付的理由：",
    "why_leave": "依法不能留置而仍留置的理由：",
    "why_unproved": "没有见证人和拍照、录像的理由：",
    "no_pictures": "未拍照的原因：",
    "remark": "",
}


def _account(label: str, signer: str, answers: Mapping[str, Any], codes: Sequence[str]) -> tuple[str, ...]:
    """What happened, paragraph by paragraph, in the order in which it was asked."""
    lines = [f"上门结果：{label}。"]
    if answers.get("signer"):
        lines.append(f"在场的是{signer}。")
    if answers.get("id_number_given") == "yes":
        lines.append("已核对身份证件。")
    lines += [f"{before}{answers[name]}" for name, before in _IN_WORDS.items() if answers.get(name)]
    lines += [f"核对提示：{plausible.CHECKS[code].words}。" for code in codes]
    return tuple(lines)


def _position(place: Place | None) -> str:
    if place is None:
        return "手机没有给出位置"
    return f"东经{place.longitude:.5f}° 北纬{place.latitude:.5f}°（误差{place.accuracy:.0f}米）"


def as_json(place: Place | None) -> dict[str, float] | None:
    if place is None:
        return None
    return {"latitude": place.latitude, "longitude": place.longitude, "accuracy": place.accuracy}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a report says, read and measured, as its record needs it."""

    label: str
    courier: str
    signer: str
    is_left: bool
    answers: Mapping[str, Any]
    witnesses: Sequence[Mapping[str, Any]]
    place: Place | None
    began_at: datetime
    happened_at: datetime
    phone_at: datetime
    skew_seconds: int
    is_genuine: bool
    sha256: str
    remarks: Sequence[str]
    key: str

    @property
    def report(self) -> str:
        """How the report was signed, in words."""
        moment = f"{self.happened_at.astimezone(BEIJING):%Y年%m月%d日 %H:%M:%S}"
        shown = self.phone_at.astimezone(BEIJING).isoformat(" ", "seconds")
        return (
            f"{moment}由投递员手机签名，手机时间{shown}，与平台相差{self.skew_seconds}秒；"
            f"{_SIGNED[self.is_genuine]}。报告SHA-256：{self.sha256}"
        )


def write(visit: Visit, door: Door, exhibits: Sequence[tuple[str, Exhibit]]) -> Paper:
    """Make the record's paper; `exhibits` come with whose each is (signer, witness:0, nobody)."""
    name = str(door.answers.get("name", ""))
    drawn = {whose: vault.get(one.sha256) for whose, one in exhibits if one.kind == "signature"}
    told = field.Doorstep(
        courier=door.courier,
        account=_account(door.label, SIGNERS[door.signer], door.answers, door.remarks),
        began_at=door.began_at,
        ended_at=door.happened_at,
        refused_by=door.signer if door.is_left else "",
        refusal_reason=str(door.answers.get("refusal", "")),
        present=(f"{name}（{SIGNERS[door.signer]}）",) if name else (),
        position=_position(door.place),
        witnesses=tuple(
            Witness(name=str(one["name"]), unit=str(one.get("unit", "")), signature=drawn.get(f"witness:{number}", b""))
            for number, one in enumerate(door.witnesses)
        ),
        signature=drawn.get("signer", b""),
        report=door.report,
        key=door.key,
    )
    return field.write_record(visit, told, [one for _, one in exhibits])
