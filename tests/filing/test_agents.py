"""诉讼代理人 as people write them in one line: names, each with a telephone and an account where they are known."""

import pytest

from songda.filing import agents
from songda.filing.draft import AgentDraft
from songda.filing.identity import NotValid

HE = AgentDraft("何律师", phone="+8613900000077")
MIAO = AgentDraft("苗律师")


@pytest.mark.parametrize(
    "written",
    [
        "何律师 13900000077、苗律师",
        "何律师（13900000077）；苗律师",
        "何律师13900000077，苗律师",
        "何律师：139-0000-0077\n苗律师",
        "何律师、13900000077、苗律师",
        "何律师　139 0000 0077；苗律师",
        "何律师 13900000077 苗律师",
        "何律师，电话 13900000077；苗律师",
    ],
)
def test_a_telephone_belongs_to_the_name_before_it(written: str) -> None:
    assert agents.read(written) == (HE, MIAO)


def test_an_account_stands_with_its_platform() -> None:
    (one,) = agents.read("何律师 13900000077 微信：He_2026")
    assert one == AgentDraft("何律师", phone="+8613900000077", account="he_2026", account_platform="wechat")


def test_an_account_that_is_a_mobile_number_is_no_telephone() -> None:
    (one,) = agents.read("何律师 微信:13900000077")
    assert (one.phone, one.account) == ("", "13900000077")


def test_a_landline_with_its_area_code_is_one_number() -> None:
    (one,) = agents.read("何律师 028-86781234")
    assert one.phone == "+862886781234"


def test_names_alone_are_read_as_ever() -> None:
    assert [one.name for one in agents.read("甲律师；乙律师、 丙律师 丁律师")] == [
        "甲律师",
        "乙律师",
        "丙律师",
        "丁律师",
    ]


def test_a_name_may_have_spaces_of_its_own() -> None:
    assert [one.name for one in agents.read("John Smith、买买提·艾力、王　强")] == ["John Smith", "买买提·艾力", "王强"]


def test_nothing_is_nobody() -> None:
    assert agents.read(" 、 ") == ()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("13900000077", "姓名"),
        ("何律师 12345", "“姓名 电话”"),
        ("何律师 13900000", "何律师的电话"),
        ("何律师 13900000077 13900000078", "何律师的电话"),
        ("何律师、13900000077、13900000078", "只写一个电话"),
        ("何律师 微信：1", "何律师的账号"),
        ("何律师 飞鸽：he_2026", "“姓名 电话”"),
        ("何" * 65, "太长"),
        ("、".join(f"何{n:c}" for n in range(0x4E00, 0x4E15)), "20"),
    ],
)
def test_what_cannot_be_read_says_what_to_write_and_repeats_no_number(written: str, why: str) -> None:
    with pytest.raises(NotValid) as wrong:
        agents.read(written)
    assert why in wrong.value.message
    assert "139" not in wrong.value.message


def test_what_is_written_reads_back_the_same() -> None:
    kept = agents.read("何律师 13900000077 QQ：12345678、苗律师")
    assert agents.read(agents.write(kept)) == kept
