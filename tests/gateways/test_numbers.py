"""Waybill numbers: the UPU's S10 form and the thirteen digits inside China."""

import json
from pathlib import Path

import pytest

from songda.gateways.numbers import is_s10, is_waybill, s10_check_digit


def test_published_examples_of_s10_hold_and_altered_ones_do_not(postal_data: Path) -> None:
    tests = json.loads((postal_data / "s10" / "s10.json").read_text())["tracking_numbers"][0]["test_numbers"]
    assert all(is_s10(number) for number in tests["valid"])
    assert not is_s10("RB123456786US")


@pytest.mark.parametrize(("serial", "digit"), [("47312482", 9), ("12345678", 5), ("00000000", 5)])
def test_check_digits(serial: str, digit: int) -> None:
    assert s10_check_digit(serial) == digit


@pytest.mark.parametrize("place", range(9))
def test_one_wrong_digit_is_noticed(place: int) -> None:
    number = list("RA473124829CN")
    number[2 + place] = str((int(number[2 + place]) + 1) % 10)
    assert not is_s10("".join(number))


@pytest.mark.parametrize("number", ["1272448151316", "9620140653354", "LZ 290346175 CN", "1186465887499"])
def test_numbers_seen_on_real_letters_are_waybills(number: str) -> None:
    assert is_waybill(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "127244815131",
        "12724481513160",
        "2272448151316",
        "LZ290346176CN",
        "1２７２４４８１５１３１６",
        "LZ2903461７5CN",
    ],
)
def test_other_numbers_are_not(number: str) -> None:
    assert not is_waybill(number)
