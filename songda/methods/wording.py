"""The words of messages: one table by stage, audience and channel; a court may have its own, within these rules.

`{name}` is filled in; what stands in `[...]` is left out where something in it is empty. A message says that papers
wait and where; it never says what they are or what the case is about (个人信息保护法第六条). The first sentence of the
first message is read by law firms' software, so it is not to be reworded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from songda.courts.models import Court, Person
from songda.courts.policy import Policy
from songda.courts.queries import policy_of
from songda.filing.extraction.causes import CAUSES, CRIMES
from songda.filing.models import DocumentKind
from songda.finding.audience import AUDIENCES
from songda.gateways.accounts import LONGEST_TEXT
from songda.gateways.sms import segments
from songda.lib import clock
from songda.methods.messages import Wording

CHANNELS = {"sms": "短信", "email": "电子邮件", "account": "账号消息"}
# Those whose messages have a subject, or a card its title.
TITLED = frozenset({"email", "account"})


@dataclass(frozen=True, slots=True)
class Stage:
    """A kind of message: what may be filled in, what must be, and whether it carries the way to the papers."""

    label: str
    when: str
    allowed: frozenset[str]
    required: frozenset[str]
    carries_link: bool = False


_OPEN = frozenset({"addressee", "case", "link", "code", "law_firm_link", "court", "phone", "until"})
STAGES: dict[str, Stage] = {
    "knock": Stage("首次通知", "文书可以查阅时", _OPEN, frozenset({"addressee", "case", "link"}), carries_link=True),
    "reminder": Stage(
        "提醒", "已到达而未查阅时", _OPEN | {"sent_on"}, frozenset({"addressee", "case", "link"}), carries_link=True
    ),
    "code": Stage("验证码", "受送达人来电索取时", frozenset({"code", "court", "phone"}), frozenset({"code"})),
    "withdrawn": Stage("误发告知", "号码不是本人、链接已停用时", frozenset({"court", "phone"}), frozenset()),
    "proof": Stage(
        "签收告知", "签收以后", frozenset({"addressee", "case", "court", "phone"}), frozenset({"addressee"})
    ),
}
NAMES = {
    "addressee": "受送达人姓名",
    "case": "案号",
    "link": "查阅链接",
    "code": "验证码",
    "law_firm_link": "律师软件用的链接",
    "court": "法院名称",
    "phone": "法院电话",
    "until": "链接有效至",
    "sent_on": "首次发送日",
}

_CORE = "{addressee}，您好！您有{case}案件文书送达，请点击链接查收：{link}"
_CODE = "[ 验证码：{code}]"
_FIRM = "[ 律师软件请用：{law_firm_link}]"
_REMIND = "{addressee}，您好！{case}案件文书已于{sent_on}发送，尚未查阅，请点击链接查收：{link}" + _CODE
_GENUINE = "可以致电12368或者在送达平台“核验短信”页面核对本通知是否真实。"
_SUBJECT = "【{court}】{case}案件文书送达"


@dataclass(frozen=True, slots=True)
class Text:
    """What is sent; an SMS has no subject, of a card it is the title."""

    text: str
    subject: str = ""


# Where an audience has no text of its own, that of `person` is sent.
HOUSE: dict[tuple[str, str, str], Text] = {
    ("knock", "person", "sms"): Text(_CORE + _CODE + _FIRM),
    ("knock", "elderly", "sms"): Text(
        _CORE + _CODE + " 不会操作可请家人帮忙[，或者致电{phone}]。法院不会要您转账或者要银行密码。"
    ),
    ("knock", "lawyer", "sms"): Text(_CORE + _CODE + _FIRM),
    ("knock", "organisation", "sms"): Text(_CORE + _CODE + _FIRM + " 请交法定代表人或者负责收件的人员。"),
    ("knock", "person", "email"): Text(f"【{{court}}】{_CORE}{_CODE}{_FIRM}\n\n{_GENUINE}", _SUBJECT),
    ("knock", "elderly", "email"): Text(
        f"【{{court}}】{_CORE}{_CODE}\n\n不会操作可请家人帮忙[，或者致电{{phone}}由工作人员协助]；"
        f"也可以要求法院邮寄纸质文书。\n\n{_GENUINE}",
        _SUBJECT,
    ),
    ("knock", "organisation", "email"): Text(
        f"【{{court}}】{_CORE}{_CODE}{_FIRM}\n\n请转交法定代表人、主要负责人或者负责收件的人员。\n\n{_GENUINE}",
        _SUBJECT,
    ),
    ("knock", "person", "account"): Text(f"{_CORE}{_CODE}{_FIRM}\n{_GENUINE}", _SUBJECT),
    ("knock", "elderly", "account"): Text(
        f"{_CORE}{_CODE}\n不会操作可请家人帮忙[，或者致电{{phone}}]。法院不会要您转账或者要银行密码。", _SUBJECT
    ),
    ("knock", "organisation", "account"): Text(
        f"{_CORE}{_CODE}{_FIRM}\n请交法定代表人或者负责收件的人员。\n{_GENUINE}", _SUBJECT
    ),
    ("reminder", "person", "sms"): Text(_REMIND),
    ("reminder", "elderly", "sms"): Text(_REMIND + " 不会操作可请家人帮忙[，或者致电{phone}]。"),
    ("reminder", "person", "email"): Text(
        f"【{{court}}】{_REMIND}\n\n链接有效至{{until}}。\n\n{_GENUINE}", "【{court}】{case}案件文书尚待查阅"
    ),
    ("reminder", "person", "account"): Text(
        f"{_REMIND}\n链接有效至{{until}}。\n{_GENUINE}", "【{court}】{case}案件文书尚待查阅"
    ),
    ("code", "person", "sms"): Text("您查阅法院文书的验证码：{code}。工作人员不会向您索要，请勿告诉他人。"),
    ("code", "person", "email"): Text(
        "【{court}】您查阅法院文书的验证码：{code}。工作人员不会向您索要，请勿告诉他人。", "【{court}】验证码"
    ),
    ("code", "person", "account"): Text(
        "您查阅法院文书的验证码：{code}。工作人员不会向您索要，请勿告诉他人。", "【{court}】验证码"
    ),
    ("withdrawn", "person", "sms"): Text(
        "此前发到本号码的文书送达通知系误发，链接已经停用，请忽略并删除。打扰之处，敬请谅解。"
    ),
    ("withdrawn", "person", "email"): Text(
        "【{court}】此前发到本邮箱的文书送达通知系误发，链接已经停用，请忽略并删除。打扰之处，敬请谅解。",
        "【{court}】误发告知",
    ),
    ("withdrawn", "person", "account"): Text(
        "此前发到本账号的文书送达通知系误发，链接已经停用，请忽略并删除。打扰之处，敬请谅解。", "【{court}】误发告知"
    ),
    ("proof", "person", "sms"): Text(
        "{addressee}，您好！您的案件文书已签收，签收记录将入卷。[需要纸质文书，请致电{phone}。]"
    ),
    ("proof", "person", "email"): Text(
        "【{court}】{addressee}，您好！您的{case}案件文书已签收，签收记录将入卷。[需要纸质文书，请致电{phone}。]\n\n"
        + _GENUINE,
        "【{court}】签收告知",
    ),
    ("proof", "person", "account"): Text(
        "{addressee}，您好！您的{case}案件文书已签收，签收记录将入卷。[需要纸质文书，请致电{phone}。]",
        "【{court}】签收告知",
    ),
}

# What a preview is filled with: nobody's data, as long as what is real.
SAMPLE: dict[str, str] = {
    "addressee": "某某某",
    "case": "（2026）川0191民初12345号",
    "link": "https://songda.example/sd?key=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "code": "0000",
    "law_firm_link": "",
    "court": "某某人民法院",
    "phone": "028-00000000",
    "until": "12月31日",
    "sent_on": "12月1日",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text for one message, and which it is: `knock/elderly/sms@0`; version 0 is the house's."""

    text: str
    subject: str
    label: str


def chosen(stage: str, audience: str, channel: str) -> Chosen:
    """The court's own text for this audience, else the house's, else the same two for `person`. Inside a scope."""
    own = {
        (one.audience, one.channel): one
        for one in Wording.objects.filter(stage=stage, channel=channel).order_by("version")
    }
    for who in dict.fromkeys((audience, "person")):
        said, house = own.get((who, channel)), HOUSE.get((stage, who, channel))
        if said is not None and said.text:
            return Chosen(said.text, said.subject, f"{stage}/{who}/{channel}@{said.version}")
        if house is not None:
            return Chosen(house.text, house.subject, f"{stage}/{who}/{channel}@0")
    raise LookupError(f"no text for {stage} by {channel}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled; a part in brackets goes where one of its blanks stays empty."""

    def part(found: re.Match[str]) -> str:
        inner = found[1]
        return _fill(inner, values) if all(values.get(name) for name in blanks(inner)) else ""

    return _fill(re.sub(r"\[([^\[\]]*)\]", part, text), values)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), text)


def blanks(text: str) -> list[str]:
    """The names of a text's blanks."""
    return re.findall(r"\{(\w+)\}", text)


def length(channel: str, court: str, text: str) -> int:
    """How many text messages a filled text is billed as; an e-mail or a message to an account is one."""
    return segments(f"【{court}】{text}") if channel == "sms" else 1


# ---- what a court's own text may not be ------------------------------------------------------------------------

# Words that tell what a case is about or what was decided; short causes are other words as well, so only these of them.
_ABOUT = frozenset(
    {
        *(one for one in (*CAUSES, *CRIMES) if len(one) > 2),
        *("离婚", "借款", "欠款", "债务", "抚养", "赡养", "继承", "盗窃", "诈骗", "判刑", "犯罪", "失信", "拘留"),
        *(kind.label for kind in DocumentKind if kind not in {DocumentKind.NOTICE, DocumentKind.OTHER}),
        *("原告", "被告", "被执行人"),
    }
)
_PRIVACY = "个人信息保护法第六条"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text may not be sent so, and the rule behind it."""

    why: str
    basis: str


def problems(stage: str, channel: str, subject: str, text: str, policy: Policy) -> list[Problem]:
    """Everything that keeps a court's own text from being sent; empty when it may."""
    return [Problem(why, basis) for why, basis in _problems(stage, channel, subject, text, policy)]


def _problems(stage: str, channel: str, subject: str, text: str, policy: Policy) -> Iterable[tuple[str, str]]:
    about, whole = STAGES[stage], f"{subject}\n{text}"
    used = set(blanks(whole))
    if not text.strip():
        yield "内容不能为空", "系统规则"
    if channel in TITLED and not subject.strip():
        yield "邮件和账号消息须有主题", "系统规则"
    for name in sorted(used - about.allowed):
        yield f"“{about.label}”不能使用{{{name}}}", _PRIVACY if name in NAMES else "系统规则"
    for name in sorted(about.required - set(blanks(_always(text)))):
        yield f"缺少{{{name}}}（{NAMES[name]}）", "系统规则"
    if _is_unbalanced(whole):
        yield "大括号、方括号没有成对", "系统规则"
    if re.search(r"https?://|www\.", whole, re.IGNORECASE):
        yield "网址只能用{link}填入，不能手写", "系统规则"
    if channel == "sms" and re.search("[【】]", text):
        yield "短信签名由通信服务商加在前面，内容里不能再写【】", "系统规则"
    if stage == "knock" and _CORE not in text:
        yield f"首句须保持“{_CORE}”，律师软件据此识别", "系统规则"
    if told := sorted(word for word in _ABOUT if word in whole):
        yield f"不能透露案情或者文书种类：{'、'.join(told[:3])}", _PRIVACY
    sample = filled(text, SAMPLE)
    if channel == "account" and len(sample) > LONGEST_TEXT:
        yield f"账号消息最长{LONGEST_TEXT}字", "系统规则"
    if (count := length(channel, SAMPLE["court"], sample)) > policy.sms_segments:
        yield f"按{count}条计费，超过本院上限{policy.sms_segments}条", "本院设置"


def _always(text: str) -> str:
    """The text without the parts that may be left out."""
    return re.sub(r"\[[^\[\]]*\]", "", text)


def _is_unbalanced(text: str) -> bool:
    left = re.sub(r"\{\w+\}", "", text)
    return bool(re.search(r"[{}]", left)) or bool(re.search(r"[\[\]]", re.sub(r"\[[^\[\]]*\]", "", text)))


class WordingRefused(ValueError):
    """A text that may not be sent, with all its problems."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("；".join(f"{one.why}（{one.basis}）" for one in found))
        self.problems = found


def decide(court: Court, person: Person, key: tuple[str, str, str], subject: str, text: str) -> Wording:
    """A court's own text of (stage, audience, channel) from now on; an empty one goes back to the house's. Raises
    WordingRefused. Inside a scope of the court."""
    stage, audience, channel = key
    if stage not in STAGES or audience not in AUDIENCES or channel not in CHANNELS:
        raise WordingRefused([Problem("没有这样的通知", "系统规则")])
    text, subject = text.replace("\r\n", "\n").strip(), subject.strip()
    if text and (found := problems(stage, channel, subject, text, policy_of(court))):
        raise WordingRefused(found)
    earlier = Wording.objects.filter(stage=stage, audience=audience, channel=channel)
    return Wording.objects.create(
        court=court,
        stage=stage,
        audience=audience,
        channel=channel,
        version=earlier.count() + 1,
        subject=subject if text else "",
        text=text,
        decided_by=person,
        decided_at=clock.now(),
    )
