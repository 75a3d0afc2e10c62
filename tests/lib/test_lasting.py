"""How long something lasts, as people say it."""

from datetime import timedelta

import pytest

from songda.lib.lasting import roughly, took


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0秒"),
        (0.04, "0秒"),
        (2.44, "2.4秒"),
        (9.94, "9.9秒"),
        (9.96, "10秒"),
        (42, "42秒"),
        (59.6, "1分钟"),
        (60, "1分钟"),
        (185, "3分5秒"),
        (3009.9, "50分10秒"),
        (3599.7, "1小时"),
        (3900, "1小时5分"),
        (86_400, "1天"),
        (86_400 + 59 * 60, "1天"),
        (183_600, "2天3小时"),
    ],
)
def test_what_something_took_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert took(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "不到1分钟"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(hours=23, minutes=59), "23小时"),
        (timedelta(days=3, hours=23), "3天"),
    ],
)
def test_what_is_left_is_said_in_its_largest_whole_unit(length: timedelta, words: str) -> None:
    assert roughly(length) == words
