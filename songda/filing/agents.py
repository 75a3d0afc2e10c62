"""诉讼代理人 in one line, as clerks write them: `何律师 13900000077 微信：he_2026、苗律师`.

Names stand apart by 、，； or a new line; a telephone and an account belong to the name before them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from songda.filing import accounts, identity
from songda.filing.draft import AgentDraft
from songda.filing.identity import NotValid

MOST = 20
LONGEST_NAME = 64
HOW = "几位用顿号隔开；电话、账号写在姓名后面，如“何律师 13800138000 微信：账号”"

_BETWEEN = re.compile(r"[、，,；;\n]+")
_WORDS = sorted({word for one in accounts.PLATFORMS.values() for word in (one.label, *one.words)}, key=len)
_ACCOUNT = rf"(?P<account>(?:{'|'.join(map(re.escape, reversed(_WORDS)))})\s*[:：]\s*[\w.@-]+)"
# Seven digits at the least, written with the marks that people put between them.
_PHONE = r"(?P<phone>[+＋]?\d[\d\s()（）-]{5,}\d)"
_PART = re.compile(f"{_ACCOUNT}|{_PHONE}", re.ASCII | re.IGNORECASE)
_CALLED = re.compile(r"(?:联系|手机|移动)?(?:电话|手机)(?:号码?)?$")
_MARKS = " \t　:：()（）"
_ONE_NAME = "请写成“姓名 电话”，" + HOW


def read(text: str) -> tuple[AgentDraft, ...]:
    """Everybody named, in order; raises `NotValid` with what to write instead, and never repeats a number."""
    found: list[AgentDraft] = []
    for piece in _BETWEEN.split(text):
        end = 0
        for part in _PART.finditer(piece):
            found += _named(piece[end : part.start()])
            _give(found, part)
            end = part.end()
        found += _named(piece[end:])
    if len(found) > MOST:
        raise NotValid("agents", f"诉讼代理人最多写{MOST}位")
    return tuple(found)


def write(agents: Iterable[AgentDraft]) -> str:
    """The line that `read` reads back."""
    return "、".join(" ".join(filter(None, (one.name, one.phone, _account(one)))) for one in agents)


def _account(one: AgentDraft) -> str:
    return f"{accounts.label(one.account_platform)}：{one.account}" if one.account else ""


def _named(text: str) -> list[AgentDraft]:
    plain = _CALLED.sub("", text.strip(_MARKS)).strip(_MARKS)
    if re.search(r"[\d:：@]", plain):
        raise NotValid("agents", _ONE_NAME)
    names = _names(plain)
    if any(len(name) > LONGEST_NAME for name in names):
        raise NotValid("agents", f"诉讼代理人的姓名太长，上限{LONGEST_NAME}个字")
    return [AgentDraft(name) for name in names]


def _names(plain: str) -> list[str]:
    """People set Chinese names apart by a space, and also put one into a name of two characters; other names have
    spaces of their own."""
    words = plain.split()
    if not all(re.fullmatch(r"[\u3400-\u9fff·]+", word) for word in words):
        return [" ".join(words)]
    if any(len(word) == 1 for word in words):
        return ["".join(words)]
    return words


def _give(found: list[AgentDraft], part: re.Match[str]) -> None:
    """The number or account to the one named last."""
    if not found:
        raise NotValid("agents", "电话、账号前面要写代理人的姓名，" + HOW)
    last = found[-1]
    if part["phone"] and last.phone:
        raise NotValid("agents", f"{last.name}只写一个电话")
    if part["account"] and last.account:
        raise NotValid("agents", f"{last.name}只写一个账号")
    found[-1] = _with_phone(last, part["phone"]) if part["phone"] else _with_account(last, part["account"])


def _with_phone(one: AgentDraft, text: str) -> AgentDraft:
    try:
        return replace(one, phone=identity.phone(text).e164)
    except NotValid as wrong:
        raise NotValid("agents", f"{one.name}的电话不对：{wrong.message}") from None


def _with_account(one: AgentDraft, text: str) -> AgentDraft:
    try:
        platform, account = accounts.read(text)
    except NotValid as wrong:
        raise NotValid("agents", f"{one.name}的账号不对：{wrong.message}") from None
    return replace(one, account=account, account_platform=platform)
