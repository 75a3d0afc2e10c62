"""Same place, part of it or another: what `match` says, and the key that names a place."""

import pytest

from songda.finding.addresses import match, same_place_key
from songda.finding.addresses.bearings import bearings
from songda.finding.addresses.reading import parse
from songda.finding.addresses.spelling import heard
from songda.finding.addresses.wording import longest_common

HOME = "四川省成都市武侯区玉林南路98号3栋2单元501室"


@pytest.mark.parametrize(
    "other",
    [
        HOME,
        "武侯区玉林南路98号3栋2单元501",
        "成都市武侯区玉林街道玉林南路98号3-2-501",
        "四川成都武侯区玉林南路九十八号三号楼二单元501室",
        "四川省　成都市　武侯区　玉林南路９８号３幢２单元５０１号",
        "成都市武侯区玉林南路98号芳草小区3栋2单元5楼501室",
        "成都市武候区玉林南路98号3栋2单元501室 李四 13800138000",
    ],
)
def test_one_door_has_one_key_however_it_is_written(other: str) -> None:
    assert same_place_key(other) == same_place_key(HOME)
    assert match(HOME, other).relation == "same"


@pytest.mark.parametrize(
    "other",
    [
        "四川省成都市武侯区玉林南路98号3栋2单元502室",
        "四川省成都市武侯区玉林南路98号3栋1单元501室",
        "四川省成都市武侯区玉林南路98号2栋2单元501室",
        "四川省成都市武侯区玉林南路89号3栋2单元501室",
        "四川省成都市武侯区玉林北路98号3栋2单元501室",
        "四川省成都市锦江区玉林南路98号3栋2单元501室",
        "四川省成都市武侯区玉林南路98号附3号2单元501室",
    ],
)
def test_another_door_has_another_key(other: str) -> None:
    assert same_place_key(other) != same_place_key(HOME)


def test_numerals_of_road_sections_do_not_matter() -> None:
    assert same_place_key("成都市武侯区一环路南1段24号") == same_place_key("成都市武侯区一环路南一段24号")


def test_old_and_new_county_names_give_one_key() -> None:
    assert same_place_key("新津县武阳东路1号") == same_place_key("四川省成都市新津区武阳东路1号")


def test_a_division_alone_has_no_key() -> None:
    assert same_place_key("四川省成都市武侯区") == ""


def test_the_same_road_and_number_in_another_city_is_different() -> None:
    found = match("四川省成都市锦江区人民路12号", "浙江省杭州市西湖区人民路12号")
    assert (found.relation, found.reasons) == ("different", ("城市不同",))


def test_unrelated_places_are_different_and_say_why() -> None:
    found = match("四川省成都市武侯区人民南路四段27号商鼎国际", "浙江省杭州市余杭区文一西路969号西溪园区")
    assert found.relation == "different"
    assert found.score < 0.3
    assert found.reasons


def test_an_estate_is_part_of_a_flat_in_it() -> None:
    found = match("景联路1111弄万科燕南园450号", "景联路1111弄万科燕南园东门")
    assert found.relation == "part"
    assert 0.2 < found.score < 0.9


def test_scores_order_the_relations() -> None:
    same = match(HOME, HOME).score
    part = match(HOME, "成都市武侯区玉林南路98号").score
    other = match(HOME, "浙江省杭州市余杭区文一西路969号").score
    assert same > part > other


def test_chances_add_up() -> None:
    assert sum(match("玉林南路98号", "玉林北路98号").chances) == pytest.approx(1)


@pytest.mark.parametrize(("a", "b"), [("", ""), ("无", "成都市"), ("???", "!!!"), ("成都市", "成都市")])
def test_nothing_to_compare_is_no_error(a: str, b: str) -> None:
    assert match(a, b).relation in {"same", "part", "different"}


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("成都", "四川省成都市", "same"),
        ("重庆市", "重庆", "same"),
        ("新津县", "四川省成都市新津区", "same"),
        ("四川", "成都市武侯区", "part"),
        ("成都市武侯区玉林街道", "武侯区", "part"),
        ("成都市武侯区", "成都市锦江区", "different"),
    ],
)
def test_divisions_alone_are_compared_by_their_codes(a: str, b: str, relation: str) -> None:
    assert match(a, b).relation == relation
    assert match(b, a).relation == relation


def test_a_county_name_borne_by_several_is_probably_the_one_the_other_means() -> None:
    found = match("朝阳区", "北京市朝阳区")
    assert (found.relation, found.score) == ("same", 0.9)
    assert match("朝阳区", "上海市黄浦区").relation == "different"


@pytest.mark.parametrize("division", ["四川省", "成都市", "成都市武侯区"])
def test_a_door_is_part_of_the_division_it_lies_in(division: str) -> None:
    assert match(division, HOME).relation == match(HOME, division).relation == "part"


@pytest.mark.parametrize(
    "other",
    [
        "四川省成都市武侯区玉林南路98号3栋2单元502室",
        "四川省成都市武侯区玉林南路98号3栋1单元501室",
        "四川省成都市武侯区玉林南路98号2栋2单元501室",
    ],
)
def test_another_door_of_the_same_house_is_never_the_same_place(other: str) -> None:
    found = match(HOME, other)
    assert (found.relation, found.reasons) == ("part", ("同一地点，楼栋、单元或房号不同",))


def test_another_room_is_not_the_same_place_however_the_estate_is_written() -> None:
    found = match("武侯区玉林南路98号芳草小区3栋2单元501室", "武侯区芳草小区3栋2单元502室")
    assert found.relation != "same"
    assert sum(found.chances) == pytest.approx(1)


def test_two_shops_at_one_road_number_are_not_the_same_place() -> None:
    assert match("游府西街46号南京广播电视大学", "游府西街46号南京易充充电站").relation != "same"


def test_a_village_of_one_name_is_not_the_same_in_another_county() -> None:
    assert match("坪上乡石禾村", "章贡区石禾村").relation == "different"


def test_characters_that_sound_alike_are_heard_alike() -> None:
    assert heard("阎家嘴12号") == heard("闫家嘴12号")
    assert heard("东井村") != heard("西井村")


def test_a_town_is_known_to_lie_in_a_county_or_not() -> None:
    def fits(a: str, b: str) -> float:
        return bearings(parse(a), parse(b), lambda _pair: 1.0)["town_fits"]

    assert fits("横村镇方埠北环路", "桐庐县横渡路") == 1
    assert fits("横村镇方埠北环路", "武侯区玉林南路") == -1
    assert fits("玉林南路98号", "武侯区玉林南路") == 0


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [("芳草小区3栋", "新芳草小区", "芳草小区"), ("甲乙", "丙丁", ""), ("", "甲", ""), ("甲丙", "丙甲", "甲")],
)
def test_the_longest_common_run_is_the_first_of_equals(a: str, b: str, common: str) -> None:
    assert longest_common(a, b) == common
