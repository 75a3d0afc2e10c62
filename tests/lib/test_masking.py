"""Personal data as shown before anyone gave a reason to see it whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songda.lib import masking


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.name, "邓小芳", "邓**"),
        (masking.name, "王某", "王*"),
        (masking.id_number, "510107199001011234", "5101**********1234"),
        (masking.phone, "13812341234", "138****1234"),
        (masking.phone, "028-85551234", "028-****1234"),
        (masking.email, "fang@example.org", "f***@example.org"),
        (masking.address, "四川省成都市高新区天府大道1号2栋3号", "四川省成都市高新区****"),
        (masking.address, "四川省德阳市广汉市中山大道1号", "四川省德阳市广汉市****"),
        (masking.address, "大邑县晋原街道1号", "大邑县****"),
    ],
)
def test_enough_is_shown_to_recognise(mask: object, value: str, shown: str) -> None:
    assert mask(value) == shown  # type: ignore[operator]


@given(st.text(max_size=40))
def test_masking_never_fails_and_never_shows_a_long_value_whole(value: str) -> None:
    for mask in (masking.name, masking.id_number, masking.phone, masking.email, masking.address):
        assert isinstance(mask(value), str)
    assert len(value) < 9 or masking.id_number(value) != value or set(value[4:-4]) == {"*"}
