"""What the electronic zone's people are asked: calls, and numbers to be mended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from songda.courts.models import Role
from songda.engine.work.fields import REASON, REMARK, FactOf, Field, Outcome, WorkKind

# What a person takes down of a call. An electronic address said there is the recipient's own giving; confirmed on a
# recorded call it is a confirmed one (在线诉讼规则第三十条、第三十一条).
_ON_TAPE = Field("recorded", "通话已全程录音", "yes_no", required=False)
_RECORDING = Field("recording", "通话录音（wav、mp3、m4a、ogg）", "recording", required=False)
IDENTITY = {
    "id_number": "报出证件号码后四位，与案卷一致",
    "case": "说得出案件的另一方和经过",
    "organisation": "报出单位名称、本人姓名和职务",
}
_HOW_KNOWN = Field("identity", "怎样核对身份", "choice", required=False, choices=IDENTITY)
_CONFIRMED = Field("address_confirmed", "本人在录音中确认用本号码接收电子送达", "yes_no", required=False)
_EMAIL = Field("email", "另报的电子邮箱", required=False, private=True)
_ACCOUNT = Field("account", "另报的账号（写成“微信：账号”）", required=False, private=True)
_OTHER_PHONE = Field("phone", "另报的手机号码", required=False, private=True)


def _call_came_to(answered: bool, outcome: str, answer: str = "", **more: Any) -> FactOf:  # noqa: FBT001
    """A call as the robot's reports tell it too: what happened on the line, and what was said."""
    fixed = {"answered": answered, "outcome": outcome, **({"answer": answer} if answer else {}), **more}
    return FactOf("call.attempted", fixed, ("again_at", "identity"))


# In the order of the keys 1 to 9.
_CALL = WorkKind(
    "电话征询电子送达",
    Role.ELECTRONIC,
    timedelta(minutes=5),
    "请致电受送达人，说明来意，征询是否同意电子送达。",
    {
        "consented": Outcome(
            "同意电子送达",
            (
                _call_came_to(True, "answered", "agree"),
                FactOf("consent.given", {"how": "stated", "via": "call"}, ("recorded", "address_confirmed")),
            ),
            (_HOW_KNOWN, _ON_TAPE, _CONFIRMED, _OTHER_PHONE, _EMAIL, _ACCOUNT, _RECORDING, REMARK),
            effect="note_ways",
        ),
        "refused": Outcome(
            "不同意电子送达",
            (_call_came_to(True, "answered", "decline"), FactOf("consent.refused", {"via": "call"}, ("recorded",))),
            (_HOW_KNOWN, _ON_TAPE, _RECORDING, REMARK),
        ),
        "no_answer": Outcome("无人接听", (_call_came_to(False, "no_answer"),), (REMARK,)),
        "busy": Outcome("占线、拒接或者关机", (_call_came_to(False, "busy"),), (REMARK,)),
        "dead_number": Outcome("空号", (_call_came_to(False, "no_such_number"),), (REMARK,)),
        "call_later": Outcome(
            "约定时间再打",
            (_call_came_to(True, "answered", "call_later"),),
            (Field("again_at", "约定的时间", "moment_ahead"), _HOW_KNOWN, _RECORDING, REMARK),
        ),
        "new_number": Outcome(
            "接电话的人告知新号码",
            (_call_came_to(True, "answered", "new_number"),),
            (Field("phone", "新的手机号码", private=True), _RECORDING, REMARK),
            effect="note_ways",
        ),
        "unclear": Outcome(
            "接通，没有表态或者中途挂断", (_call_came_to(True, "answered", "unclear"),), (_RECORDING, REMARK)
        ),
        "wrong_person": Outcome(
            "不是本人",
            (_call_came_to(True, "answered", "wrong_person", wrong_person=True),),
            (REMARK,),
            effect="withdraw_contact",
        ),
    },
)

_REPAIR = WorkKind(
    "号码待修复",
    Role.ELECTRONIC,
    timedelta(hours=4),
    "号码打不通或者收不到通知。请核对卷宗，改正抄写错误，或者停用。原来的尝试都保留。",
    {
        "repaired": Outcome(
            "改正号码",
            fields=(Field("phone", "正确的号码", private=True), REMARK),
            effect="repair_number",
        ),
        "right": Outcome("号码无误，留待以后再试", fields=(REMARK,)),
        "unusable": Outcome("停用该号码", fields=(REASON,), effect="set_aside"),
    },
)

KINDS: Mapping[str, WorkKind] = {
    "call": _CALL,
    "number_repair": _REPAIR,
}
