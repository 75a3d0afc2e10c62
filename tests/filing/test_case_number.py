"""The grammar of 案号 and the tables of codes."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from songda.filing import case_number, court_codes
from songda.filing.case_number import CaseNumber, NotACaseNumber


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("（2021）川0191民初1234号", "（2021）川0191民初1234号"),
        ("(2021)川0191民初1234号", "（2021）川0191民初1234号"),
        ("〔2021〕川0191民初1234号", "（2021）川0191民初1234号"),
        ("[2021] 川 0191 民初 1234 号", "（2021）川0191民初1234号"),
        ("（２０２１）川０１９１民初１２３４号", "（2021）川0191民初1234号"),
        ("（2020）川01执异15号之二", "（2020）川01执异15号之二"),
        ("（2020）川01执异15号 之一", "（2020）川01执异15号之一"),
        ("（2021）最高法知民终8号", "（2021）最高法知民终8号"),
        ("（2021）最高法民申777号", "（2021）最高法民申777号"),
        ("（2021）京73行初1号", "（2021）京73行初1号"),
        ("（2015）武侯民初字第0123号", "（2015）武侯民初字第0123号"),
        ("（2009）民提字第15号", "（2009）民提字第15号"),
    ],
)
def test_a_number_has_one_written_form(written: str, kept: str) -> None:
    assert case_number.normalise(written) == kept
    assert case_number.normalise(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2021川0191民初1234号",
        "（2021）川0191民初号",
        "（2021）民初1234号",
        "（21）川0191民初1号",
        "（2021）川0191民初1234号。",
        "（2021）川0191吃饭12号",
        "（2021）川0191民初1234",
    ],
)
def test_what_is_no_number_is_refused_in_chinese(written: str) -> None:
    with pytest.raises(NotACaseNumber, match="案号格式不对"):
        case_number.parse(written)


def test_a_number_is_taken_apart() -> None:
    assert case_number.parse("(2020)川01执异15号之二") == CaseNumber(2020, "川01", "执异", "15", "之二")


def test_a_prosecutors_number_is_no_case_number() -> None:
    assert case_number.find("以成武检刑诉〔2021〕210号起诉书指控") == []


@pytest.mark.parametrize(
    "typed",
    [
        "1234",
        "1234号",
        "初1234",
        "民初 1234",
        "川0191民初1234",
        "(2026)川0191民初1234",
        "〔2026〕川 0191 民初 1234 号",
        "（２０２６）川０１９１民初１２３４号",
        "2026川0191民初1234",
        "(2026)民初1234",
    ],
)
def test_a_part_that_has_the_whole_serial_fits_its_number(typed: str) -> None:
    part = case_number.part(typed)
    assert part is not None
    assert part.serial == 1234
    assert re.search(part.pattern, "（2026）川0191民初1234号")


@pytest.mark.parametrize("typed", ["(2025)川0191民初1234", "终1234", "1234号之一", "(2026)川0108民初1234"])
def test_a_part_of_another_number_does_not_fit(typed: str) -> None:
    part = case_number.part(typed)
    assert part is not None
    assert not re.search(part.pattern, "（2026）川0191民初1234号")


@pytest.mark.parametrize(
    "typed", ["", "民初", "（2026）", "邓春生", "13900000001", "S-1234", "1234@qq.com", "139 0000 0001"]
)
def test_what_has_no_serial_is_no_part_of_a_number(typed: str) -> None:
    assert case_number.part(typed) is None


def test_an_old_number_is_found_with_and_without_its_word_and_its_noughts() -> None:
    for typed in ("武侯民初字第0123号", "武侯民初123", "(2015)武侯民初字123"):
        part = case_number.part(typed)
        assert part is not None
        assert re.search(part.pattern, "（2015）武侯民初字第0123号"), typed


@given(
    year=st.integers(2016, 2030),
    court=st.sampled_from(["川0191", "川01", "川", "京73", "最高法"]),
    kind=st.sampled_from(sorted(court_codes.TYPE_CODES)),
    serial=st.integers(1, 99999),
    suffix=st.sampled_from(["", "之一", "之十二"]),
)
def test_every_number_that_is_written_is_read_back(year: int, court: str, kind: str, serial: int, suffix: str) -> None:
    # 最高法知, 最高法商 … are courts of their own: after 最高法 those signs never begin a type.
    assume(court != "最高法" or kind[0] not in "知商委")
    number = CaseNumber(year, court, kind, str(serial), suffix)
    assert case_number.parse(str(number)) == number
    part = case_number.part(str(number))
    assert part is not None
    assert part.serial == serial
    assert re.search(part.pattern, str(number))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("川0191", "成都高新技术产业开发区人民法院"),
        ("川0108", "成都市成华区人民法院"),
        ("川0114", "成都市新都区人民法院"),
        ("川0129", "大邑县人民法院"),
        ("川01", "四川省成都市中级人民法院"),
    ],
)
def test_the_demonstration_courts_are_known_by_code(code: str, name: str) -> None:
    court = court_codes.court_of(code)
    assert court is not None
    assert court.name == name


def test_an_observed_code_stands_before_a_derived_one() -> None:
    court = court_codes.court_of("云2331")
    assert court is not None
    assert (court.name, court.basis) == ("云南省禄丰县人民法院", "observed")


def test_an_unknown_code_is_unknown_and_not_computed() -> None:
    assert court_codes.court_of("川9999") is None


@pytest.mark.parametrize(
    ("case_type", "procedure"),
    [
        ("民初", "ordinary"),
        ("民终", "appeal"),
        ("民督", "payment_order"),
        ("执", "enforcement"),
        ("执异", "enforcement"),
        ("刑初", "criminal"),
        ("刑终", "criminal"),
        ("行初", "administrative"),
        ("民特", None),
        ("吃饭", None),
    ],
)
def test_the_type_code_tells_the_procedure_where_it_settles_it(case_type: str, procedure: str | None) -> None:
    assert court_codes.procedure_of(case_type) == procedure
