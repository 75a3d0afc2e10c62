"""What a kind of work item is made of, and the inputs that many kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from songda.courts.models import Role
from songda.law.facts import SIGNERS


@dataclass(frozen=True, slots=True)
class Field:
    """An input of an outcome. `kind`: text, long_text, yes_no, count, date, moment (past), moment_ahead, choice, files,
    recording."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    # Kept encrypted, apart from what the law reads.
    private: bool = False


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact that an outcome tells: fixed details, and details copied from the inputs."""

    name: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    label: str
    facts: tuple[FactOf, ...] = ()
    fields: tuple[Field, ...] = ()
    # What else happens: a name in engine.effects.EFFECTS.
    effect: str = ""


@dataclass(frozen=True, slots=True)
class WorkKind:
    label: str
    role: Role
    patience: timedelta
    question: str
    outcomes: Mapping[str, Outcome]


def signers(*codes: str) -> dict[str, str]:
    return {code: SIGNERS[code] for code in codes or SIGNERS}


REASON = Field("reason", "理由", "long_text", private=True)
REMARK = Field("remark", "备注", "long_text", required=False, private=True)
SIGNER = Field("signer", "签收人", "choice", choices=signers())
ID_GIVEN = Field("id_number_given", "已核对并填写证件号码", "yes_no", required=False)
NAME = Field("name", "签收人姓名", private=True)
PHOTOS = Field("photos", "照片", "files", required=False)
RECORDED = Field("recorded", "已拍照、录像记录过程", "yes_no", required=False)
WITNESSES = Field("witnesses", "见证人人数", "count", required=False)
REFUSED_BY = Field(
    "refused_by",
    "拒收人",
    "choice",
    choices=signers("self", "co_resident_adult", "legal_representative", "principal", "mail_staff"),
)
BY = replace(REFUSED_BY, name="by")
# 民诉法解释第一百三十九条：公告送达起诉状、上诉状副本应当说明要点，送达裁判文书应当说明主要内容。
GIST = Field("gist", "起诉要点或者裁判主要内容（写入公告）", "long_text", required=False)
DAY = timedelta(days=1)
NOTED = Outcome("已处理，继续等待", fields=(REMARK,))
