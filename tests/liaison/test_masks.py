"""Numbers and names of people are hidden in what somebody typed; numbers that are not theirs stay."""

import pytest

from songda.liaison.masks import masked, stripped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("证件510107198001010312核对", "证件5101**********0312核对"),
        ("证件51010719800101031x", "证件5101**********031x"),
        ("旧证510107800101031。", "旧证5101*******1031。"),
        ("打13900000001", "打139****0001"),
        ("打 139 0000 0001 吧", "打 139******0001 吧"),
        ("打１３９００００００１１", "打１３９****００１１"),
        ("+8613900000001", "+86*******0001"),
        ("座机028-85551234", "座机028-****1234"),
        ("写信到 deng@example.org。", "写信到 d***@example.org。"),
        ("卡6222020200112233445", "卡6222***********3445"),
        ("微信：deng_2026，加好友", "微信：de*****26，加好友"),
        ("微信 deng_2026.", "微信 de*****26."),
        ("微信号是Deng_2026", "微信号是De*****26"),
        ("她的 QQ 12345678", "她的 QQ 12****78"),
        ("qq号：12345678", "qq号：12****78"),
        ("诉讼平台账号 deng.cs", "诉讼平台账号 de***cs"),
        ("律师服务平台：he@firm", "律师服务平台：he***rm"),
        ("微信13900000001", "微信13*******01"),
    ],
)
def test_a_number_is_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "（2026）川0191民初1234号",
        "邮件1234567890123",
        "EA123456789CN",
        "任务20261123-00001",
        "2026-11-23 14:30",
        "第301室",
        "微信2026年3月起不用",
        "诉讼平台 2026-11-23 上线",
        "QQ没有，微信没有",
    ],
)
def test_numbers_of_cases_parcels_and_days_stay(text: str) -> None:
    assert masked(text) == text


def test_the_people_of_the_case_are_hidden_by_name() -> None:
    assert masked("邓春生和邓春在家", ["邓春", "邓春生"]) == "邓**和邓*在家"


def test_stripped_words_say_only_what_was_there() -> None:
    assert stripped("邓春生13900000001", ["邓春生"]) == "［姓名］［电话］"
    assert stripped("微信：deng_2026") == "微信：［账号］"
