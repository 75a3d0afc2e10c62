"""Same place, part of it or another: what `match` says, and the key that names a place."""

import pytest

from songda.finding.addresses import match, same_place_key

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
