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
        (masking.address, "人民南路四段27号红旗超市2楼", "人民南****"),
        (masking.address, "新疆维吾尔自治区乌鲁木齐市天山区解放路1号", "新疆维吾尔自治区****"),
        (masking.address, "中山路红星超市旁", "中山路****"),
    ],
)
def test_enough_is_shown_to_recognise(mask: object, value: str, shown: str) -> None:
    assert mask(value) == shown  # type: ignore[operator]


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.name, "阿" * 80, "阿******"),
        (masking.name, "阿" * 40 + "·" + "木" * 39, "阿******"),
        (masking.name, "努尔买买提·艾力江", "努尔买买提·***"),
        (masking.phone, "1" * 60, "111************1111"),
        (masking.phone, "转" * 60, "************"),
        (masking.email, "f" * 64 + "@example.org", "f************@example.org"),
        (masking.account, "d" * 64, "dd************dd"),
    ],
)
def test_what_is_long_is_not_hidden_behind_a_row_of_stars_as_long(mask: object, value: str, shown: str) -> None:
    assert mask(value) == shown  # type: ignore[operator]


@given(st.text(max_size=40))
def test_masking_never_fails_and_never_shows_a_long_value_whole(value: str) -> None:
    for mask in (masking.name, masking.id_number, masking.phone, masking.email, masking.address):
        assert isinstance(mask(value), str)
    assert len(value) < 9 or masking.id_number(value) != value or set(value[4:-4]) == {"*"}
