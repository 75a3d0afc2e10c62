"""What a courier is asked at a door, as data: each answer leads to the next question, and gates hold the law.

The phone walks this table and knows nothing of the law itself. A gate looks up, for this recipient and these papers,
whether whoever stands there may take them or have them left; where the law says no, the next question says why, with
the article, and whoever goes on must say the reason.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from songda.law import articles as a

END = "remark"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. `sets` are further answers it gives; `only` names the kinds of recipients it is shown for."""

    value: str
    label: str
    next: str
    sets: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`kind`: choice, text, pictures, witnesses, signature, or gate (asked of the law, not of the courier).

    A gate goes to `barred` where `bars[looks_in]` names the signer, else to `next`; `least` counts what must be there.
    """

    ask: str
    kind: str = "choice"
    next: str = ""
    options: tuple[Option, ...] = ()
    law: str = ""
    hint: str = ""
    looks_in: str = ""
    barred: str = ""
    least: int = 0
    # Where pictures cannot be taken: the answer under which the reason stands.
    excuse: str = ""


def _signer(code: str, label: str, *only: str) -> Option:
    return Option(code, label, "may_sign", {"signer": code}, only)


_NOT_HIS = {"signer": "other"}
_BACK = Option("back", "不留置，带回文书", "trace", {"outcome": "refused"})

FIRST = "door"
QUESTIONS: dict[str, Question] = {
    "door": Question(
        "谁在门口？",
        options=(
            _signer("self", "受送达人本人", "person"),
            _signer("legal_representative", "法定代表人", "organisation"),
            _signer("principal", "主要负责人", "organisation"),
            _signer("mail_staff", "收发室、前台等负责收件的人", "organisation"),
            Option("someone", "其他人", "relation"),
            Option("nobody", "没有人应门", "trace", {"outcome": "nobody"}),
            Option("moved", "被告知已经搬走", "source", {"outcome": "moved"}),
            Option("unknown", "被告知没有这个人", "source", {"outcome": "unknown_there"}),
            Option("no_place", "找不到这个地址", "trace", {"outcome": "wrong_address"}),
        ),
        law=a.CPL_88.code,
    ),
    "relation": Question(
        "这个人与受送达人是什么关系？",
        options=(
            Option("family", "家属", "adult", only=("person",)),
            _signer("guardian", "法定代理人（监护人）"),
            _signer("agent", "诉讼代理人"),
            _signer("named_receiver", "受送达人指定的代收人"),
            _signer("other", "邻居、物业、同事等其他人"),
        ),
        law=a.CPL_88.code,
    ),
    "adult": Question(
        "是否年满十八周岁？",
        options=(Option("yes", "是", "together"), Option("no", "否", "may_sign", _NOT_HIS)),
        law=a.CPL_88.code,
        hint="可以签收的只有同住的成年家属。",
    ),
    "together": Question(
        "是否与受送达人同住？",
        options=(Option("yes", "是，同住", "opposing"), Option("no", "不同住", "may_sign", _NOT_HIS)),
        law=a.CPL_88.code,
    ),
    "opposing": Question(
        "是不是本案的对方当事人？",
        options=(
            Option("no", "不是", "may_sign", {"signer": "co_resident_adult"}),
            Option("yes", "是，例如离婚案件的另一方", "may_sign", {"signer": "opposing_party"}),
        ),
        law=a.MAIL_7.code,
        hint="对方当事人不得代收，也不能以其拒收为由留置。",
    ),
    "may_sign": Question("", "gate", "willing", looks_in="sign", barred="sign_barred"),
    "sign_barred": Question(
        "这个人依法不能签收这些文书。",
        options=(
            Option("back", "不交付，带回文书", "trace", {"outcome": "no_lawful_signer"}),
            Option("anyway", "仍然交付", "why_sign"),
        ),
        looks_in="sign",
    ),
    "why_sign": Question(
        "为什么仍然交付？", "text", "willing", least=2, hint="依法不发生送达效力；理由将一并交法院审查。"
    ),
    "willing": Question(
        "是否愿意签收？",
        options=(
            Option("yes", "愿意签收", "id_checked", {"outcome": "handed_over"}),
            Option("no", "拒绝签收", "refusal", {"outcome": "refused"}),
        ),
        hint="先出示证件、说明来意和文书的名称、件数；拒收的，告知拒收的后果。",
    ),
    "id_checked": Question(
        "是否核对了身份证件？",
        options=(
            Option("yes", "已核对，与本人一致", "name", {"id_number_given": "yes"}),
            Option("no", "没有核对", "why_no_id"),
        ),
    ),
    "why_no_id": Question("为什么没有核对？怎样确认身份？", "text", "name", least=2),
    "name": Question("签收人姓名", "text", "signature", least=1),
    "signature": Question("请签收人在屏幕上签名", "signature", "pictures", least=1, law=a.CPL_87.code),
    "pictures": Question("照片或者录像（可以不拍）", "pictures", END),
    "refusal": Question("对方拒收时说了什么？", "text", "may_leave", hint="没有说理由的，写“未说明”。", least=2),
    "may_leave": Question("", "gate", "leaving", looks_in="leave", barred="leave_barred"),
    "leaving": Question(
        "是否依法留置？",
        options=(Option("leave", "把文书留在住所", "proof", {"outcome": "left_in_place"}), _BACK),
        law=a.CPL_89.code,
    ),
    "leave_barred": Question(
        "这一拒收依法不能留置。",
        options=(_BACK, Option("anyway", "仍然留置", "why_leave", {"outcome": "left_in_place"})),
        looks_in="leave",
    ),
    "why_leave": Question(
        "为什么仍然留置？", "text", "proof", least=2, hint="依法不发生送达效力；理由将一并交法院审查。"
    ),
    "proof": Question(
        "怎样证明留置？",
        options=(
            Option("witnesses", "有见证人到场", "witnesses"),
            Option("recording", "拍照、录像记录过程", "recording"),
            Option("nothing", "两样都没有", "why_unproved"),
        ),
        law=f"{a.CPL_89.code}、{a.JI_130.code}",
        hint="邀请基层组织或者所在单位的代表到场；或者用拍照、录像等方式记录送达过程。",
    ),
    "witnesses": Question("见证人", "witnesses", "pictures", least=1, law=a.CPL_89.code),
    "recording": Question("送达过程的照片或者录像", "pictures", END, least=1, law=a.CPL_89.code),
    "why_unproved": Question(
        "既没有见证人也没有拍照、录像的留置不发生送达效力。为什么？", "text", END, least=2, law=a.CPL_89.code
    ),
    "source": Question("谁说的？怎么说的？", "text", "trace", least=2, hint="例如：隔壁302室住户，称其去年已搬走。"),
    "trace": Question(
        "拍下门牌和现场", "pictures", END, least=1, hint="光线不好或者不便拍摄的，可以说明原因。", excuse="no_pictures"
    ),
    END: Question("还有要说明的吗？（可以不填）", "text", "review"),
    "review": Question("核对后提交", "review"),
}
# Reasons that a courier gives who goes on where the law says no.
REASONS = ("why_sign", "why_leave", "why_unproved")


def as_data() -> dict[str, Any]:
    """The table as the phone reads it."""
    return {"first": FIRST, "questions": {name: asdict(one) for name, one in QUESTIONS.items()}}
