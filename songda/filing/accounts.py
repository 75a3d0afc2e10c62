"""Accounts at which somebody is written to: instant messages and platforms of litigation (在线诉讼规则第二十九条).

An account is a name at a platform; without its platform it says nothing. A name that passes is possible, not proved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from songda.filing.identity import NotValid


@dataclass(frozen=True, slots=True)
class Platform:
    """Where accounts are: what people call it, other words for it, how its names look, and what to say of a wrong
    one."""

    label: str
    words: tuple[str, ...]
    looks: str
    wrong: str


_MOBILE = r"1[3-9]\d{9}"
PLATFORMS: Mapping[str, Platform] = {
    "wechat": Platform(
        "微信",
        ("微信号", "微信账号", "wechat"),
        rf"[a-z][a-z0-9_-]{{5,19}}|{_MOBILE}",
        "微信号是6至20位字母、数字、下划线或者减号，以字母开头；也可以是绑定的手机号",
    ),
    "qq": Platform("QQ", ("qq号",), r"[1-9]\d{4,11}", "QQ号是5至12位数字"),
    "litigation": Platform(
        "诉讼平台", ("诉讼平台账号", "人民法院在线服务"), r"[a-z0-9][a-z0-9_.@-]{3,39}", "诉讼平台账号格式不对"
    ),
    "lawyer": Platform(
        "律师服务平台", ("律师平台", "律师服务平台账号"), r"[a-z0-9][a-z0-9_.@-]{3,39}", "律师服务平台账号格式不对"
    ),
}
CHOICES = [(code, one.label) for code, one in PLATFORMS.items()]


def account(platform: str, value: str) -> str:
    """The account in its one written form: no platform tells capital letters from small ones. Raises `NotValid`, which
    never repeats what was given."""
    known = PLATFORMS.get(platform)
    if known is None:
        raise NotValid(
            "account_platform", f"请选择账号所在的平台：{'、'.join(one.label for one in PLATFORMS.values())}"
        )
    plain = re.sub(r"\s", "", value).lower()
    if not re.fullmatch(known.looks, plain, re.ASCII):
        raise NotValid("account", known.wrong)
    return plain


def read(text: str) -> tuple[str, str]:
    """Platform and account as people write them in one line, such as `微信：deng_2026`; raises `NotValid`."""
    where, mark, value = text.partition("：") if "：" in text else text.partition(":")
    if not mark:
        raise NotValid("account", "请写成“平台：账号”，例如“微信：账号”")
    platform = _NAMES.get(where.strip().lower(), "")
    return platform, account(platform, value)


_NAMES = {word.lower(): code for code, one in PLATFORMS.items() for word in (one.label, *one.words)}


def label(platform: str) -> str:
    """What people call the platform; a code nobody knows any more stands as it is."""
    known = PLATFORMS.get(platform)
    return known.label if known else platform
