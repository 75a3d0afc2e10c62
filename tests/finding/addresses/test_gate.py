"""What may be printed on an envelope, and the site that prints it."""

import pytest

from songda.finding.addresses import gate, nearest


@pytest.mark.parametrize(
    "text",
    [
        "四川省成都市武侯区玉林南路98号3栋2单元501室",
        "成都市高新区天府三街218号1号楼1201",
        "四川省中江县仓山镇响滩村6社24号",
        "成都市青白江区城厢镇绣川村十三组",
        "四川省成都市新津县五津镇武阳东路1号",
        "成都市武侯区四川大学华西医院",
        "湖北省仙桃市沙嘴街道何李路12号",
        "广东省东莞市长安镇上沙大龙工业区8栋5号",
    ],
)
def test_an_address_a_courier_can_find_is_complete(text: str) -> None:
    found = gate(text)
    assert found.verdict == "complete"
    assert found.passes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("成都市武侯区玉林南路", "门牌号"),
        ("成都市武侯区", "街道门牌"),
        ("成都市玉林南路98号", "区县"),
        ("玉林南路98号", "省市区县"),
        ("成都市武侯区芳草小区", "楼栋"),
        ("大邑县安仁镇元兴社区", "组或门牌"),
        ("成都市武侯区玉林南路XXX号XX栋", "隐去"),
    ],
)
def test_what_is_missing_is_named(text: str, reason: str) -> None:
    found = gate(text)
    assert found.verdict == "incomplete"
    assert any(reason in said for said in found.reasons)


def test_a_name_borne_by_several_counties_is_ambiguous_with_all_of_them_suggested() -> None:
    found = gate("朝阳区建国路88号")
    assert found.verdict == "ambiguous"
    assert found.suggestions == ("北京市朝阳区建国路88号", "吉林省长春市朝阳区建国路88号")


def test_a_typing_error_is_for_a_clerk_to_confirm() -> None:
    found = gate("成都市武候区玉林南路98号")
    assert found.verdict == "ambiguous"
    assert found.suggestions == ("四川省成都市武侯区玉林南路98号",)


def test_a_cut_off_county_with_nothing_around_it_is_for_a_clerk_to_confirm() -> None:
    assert gate("滨江和城8栋2单元501").verdict == "ambiguous"  # an estate in Chengdu, a county in Hangzhou


def test_a_county_that_is_not_in_the_city_is_impossible_with_where_it_is_suggested() -> None:
    found = gate("成都市西湖区文三路1号")
    assert found.verdict == "impossible"
    assert "浙江省杭州市西湖区文三路1号" in found.suggestions


@pytest.mark.parametrize("text", ["", "无", "不详", "地址不详", "下落不明", "13800138000", "成都市武侯区玉林南路0号"])
def test_what_is_no_address_is_impossible(text: str) -> None:
    assert gate(text).verdict == "impossible"


def test_a_division_chosen_beside_the_address_must_fit_it() -> None:
    address = "成都市武侯区玉林南路98号"
    assert gate(address, "510107").verdict == "complete"
    assert gate(address, "5101").verdict == "complete"
    found = gate(address, "510104")
    assert found.verdict == "ambiguous"
    assert found.suggestions == ("四川省成都市锦江区玉林南路98号",)


def test_the_site_in_the_same_county_prints() -> None:
    assert nearest("510107005", ["510104", "510107", "330106"]) == "510107"


def test_else_a_site_of_the_same_city_before_a_nearer_one_across_its_border() -> None:
    assert nearest("510112", ["511421", "510129"]) == "510129"


def test_among_sites_of_the_city_the_nearer_county_prints() -> None:
    assert nearest("510108", ["510131", "510104"]) == "510104"


def test_far_away_the_nearer_province_prints() -> None:
    assert nearest("500103", ["230103", "510107"]) == "510107"


def test_without_sites_or_code_no_site_is_chosen() -> None:
    assert nearest("510107", []) is None
    assert nearest("", ["510107"]) is None
