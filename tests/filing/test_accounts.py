"""Accounts: a name at a platform, in one written form."""

import pytest

from songda.filing import accounts
from songda.filing.identity import NotValid


@pytest.mark.parametrize(
    ("platform", "typed", "plain"),
    [
        ("wechat", " Deng_2026 ", "deng_2026"),
        ("wechat", "13900000001", "13900000001"),
        ("qq", "10 0001", "100001"),
        ("litigation", "deng@example.org", "deng@example.org"),
        ("lawyer", "JS5101-0001", "js5101-0001"),
    ],
)
def test_an_account_has_one_written_form(platform: str, typed: str, plain: str) -> None:
    assert accounts.account(platform, typed) == plain


@pytest.mark.parametrize(
    ("platform", "typed"),
    [("wechat", "_deng2026"), ("wechat", "deng"), ("wechat", "邓小芳的微信"), ("qq", "0123456"), ("lawyer", "a")],
)
def test_a_name_no_account_can_have_is_refused_without_being_repeated(platform: str, typed: str) -> None:
    with pytest.raises(NotValid) as refused:
        accounts.account(platform, typed)
    assert typed not in str(refused.value)


def test_an_account_without_a_known_platform_says_nothing() -> None:
    with pytest.raises(NotValid, match="请选择账号所在的平台"):
        accounts.account("", "deng_2026")


@pytest.mark.parametrize("line", ["微信：Deng_2026", "微信号: deng_2026", "WeChat：deng_2026"])
def test_platform_and_account_are_read_from_one_line(line: str) -> None:
    assert accounts.read(line) == ("wechat", "deng_2026")


@pytest.mark.parametrize("line", ["deng_2026", "飞鸽：deng_2026", "微信："])
def test_a_line_without_platform_or_account_is_refused(line: str) -> None:
    with pytest.raises(NotValid):
        accounts.read(line)
