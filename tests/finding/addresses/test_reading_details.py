"""What stands below the divisions, and what is only stuck to the address."""

import json

import pytest

from songda.finding.addresses import parse, parse_lines

CHENGDU = "四川省成都市武侯区"


@pytest.mark.parametrize(
    ("detail", "building", "unit", "room"),
    [
        ("3栋2单元501", "3栋", "2单元", "501"),
        ("3栋2单元501室", "3栋", "2单元", "501室"),
        ("三栋二单元五零一", "3栋", "2单元", "501"),
        ("3幢2单元501号", "3幢", "2单元", "501号"),
        ("3号楼2单元501", "3号楼", "2单元", "501"),
        ("十三号楼二单元501房", "13号楼", "2单元", "501房"),
        ("3#2单元501", "3#", "2单元", "501"),
        ("3-2-501", "3", "2", "501"),
        ("3-501", "3", "", "501"),
        ("A座2905", "A座", "", "2905"),
        ("A3栋1201", "A3栋", "", "1201"),
        ("1楼三单元301", "1楼", "3单元", "301"),
        ("３栋２单元５０１", "3栋", "2单元", "501"),
    ],
)
def test_houses_units_and_rooms_in_every_way_of_writing(detail: str, building: str, unit: str, room: str) -> None:
    address = parse(f"{CHENGDU}玉林南路98号{detail}")
    assert (address.number, address.building, address.unit, address.room) == ("98号", building, unit, room)


@pytest.mark.parametrize(
    ("text", "road", "number"),
    [
        ("人民南路四段27号", "人民南路四段", "27号"),
        ("人民南路4段27号", "人民南路4段", "27号"),
        ("一环路南一段24号", "一环路南一段", "24号"),
        ("天府大道北段1700号", "天府大道北段", "1700号"),
        ("天府三街218号", "天府三街", "218号"),
        ("西大街八十四号之二", "西大街", "84号之2"),
        ("红星路二段70号附3号", "红星路二段", "70号附3号"),
        ("春熙路南段8号", "春熙路南段", "8号"),
        ("东壕沟北段15号附2号", "东壕沟北段", "15号附2号"),
        ("金盆地大道8号院", "金盆地大道", "8号院"),
        ("德胜门外大街甲10号院", "德胜门外大街", "甲10号院"),
        ("何李路东12号", "何李路东", "12号"),
        ("科华北路 99 号", "科华北路", "99号"),
        ("小天竺街75号", "小天竺街", "75号"),
        ("武侯祠大街231号", "武侯祠大街", "231号"),
        ("武侯大道顺江段77号", "武侯大道顺江段", "77号"),
        ("宽窄巷子1号", "", "1号"),
        ("帽儿胡同13号", "帽儿胡同", "13号"),
        ("320国道12号", "320国道", "12号"),
        ("4号大街116号", "4号大街", "116号"),
    ],
)
def test_roads_and_their_numbers(text: str, road: str, number: str) -> None:
    address = parse(CHENGDU + text)
    assert (address.road, address.number) == (road, number)


def test_a_road_that_begins_like_its_county_keeps_its_name() -> None:
    address = parse("成都市金牛区金牛坝路1号")
    assert (address.county, address.road) == ("金牛区", "金牛坝路")
    assert parse("成都市武侯祠大街231号").road == "武侯祠大街"


def test_numerals_in_names_stay_as_they_are() -> None:
    address = parse("成都市锦江区三圣街道一环路东五段1号")
    assert (address.town, address.road) == ("三圣街道", "一环路东五段")


def test_lanes_of_shanghai_number_the_place_and_houses_within() -> None:
    address = parse("上海市徐汇区漕溪北路398弄5支弄12号301室")
    assert (address.number, address.building, address.room) == ("398弄5支弄", "12号", "301室")


@pytest.mark.parametrize(
    ("text", "village", "group", "number"),
    [
        ("四川省中江县仓山镇响滩村6社24号", "响滩村", "6社", "24号"),
        ("成都市青白江区城厢镇绣川村十三组", "绣川村", "13组", ""),
        ("大邑县安仁镇元兴社区第五村民小组8号", "元兴社区", "第五村民小组", "8号"),
        ("北票市东官营镇小巴沟村下洼组6096号", "小巴沟村", "下洼组", "6096号"),
        ("四川省简阳市石桥镇回龙村2队", "回龙村", "2队", ""),
    ],
)
def test_villages_and_their_groups(text: str, village: str, group: str, number: str) -> None:
    address = parse(text)
    assert (address.village, address.group, address.number) == (village, group, number)


def test_estates_and_firms_are_places() -> None:
    assert parse("都江堰市幸福镇翔凤路金江小区15幢1单元6楼12号").place == "金江小区"
    assert parse(f"{CHENGDU}光华村街55号西南财经大学").place == "西南财经大学"


@pytest.mark.parametrize(
    ("text", "name", "phones", "postcode"),
    [
        ("610041 成都市武侯区玉林南路98号 李四 13800138000", "李四", ("13800138000",), "610041"),
        ("收件人：李四 地址：成都市武侯区玉林南路98号 电话：028-87654321", "李四", ("028-87654321",), ""),
        ("张三，13800138000，成都市武侯区玉林南路98号", "张三", ("13800138000",), ""),
        ("成都市武侯区玉林南路98号13800138000 唐娜明收", "唐娜明", ("13800138000",), ""),
        ("成都市武侯区玉林南路98号（李四收）", "李四", (), ""),
        ("成都市武侯区玉林南路98号，邮编610041", "", (), "610041"),
        ("成都市武侯区玉林南路98号　１８６０２８８８８８８　李四（收）", "李四", ("18602888888",), ""),
    ],
)
def test_names_telephones_and_post_codes_are_taken_off(
    text: str, name: str, phones: tuple[str, ...], postcode: str
) -> None:
    address = parse(text)
    assert (address.name, address.phones, address.postcode) == (name, phones, postcode)
    assert (address.road, address.number, address.room, address.rest) == ("玉林南路", "98号", "", "")


def test_a_room_glued_to_a_telephone_number_is_kept() -> None:
    address = parse("北京市密云区花园小区1楼三单元30115801691123 唐娜明收")
    assert (address.room, address.phones) == ("301", ("15801691123",))


def test_ditto_repeats_the_line_above() -> None:
    first, second, third = parse_lines(["成都市成华区建设北路一段10号3栋2单元501", "同上", "同上，4栋1单元302"])
    assert second.normal == first.normal
    assert third.normal == "四川省成都市成华区建设北路一段10号4栋1单元302"
    assert "road" in third.guessed
    assert "building" not in third.guessed


def test_ditto_under_nothing_is_no_address() -> None:
    assert next(parse_lines(["同上"])).code == ""


def test_the_normal_form_carries_the_whole_address_and_no_name() -> None:
    address = parse("武侯区玉林南路九十八号三号楼二单元501 李四 13800138000")
    assert address.normal == "四川省成都市武侯区玉林南路98号3栋2单元501"


def test_reading_the_normal_form_again_changes_nothing() -> None:
    for text in ("成都高新区天府三街218号1号楼1201", "新津县五津镇武阳东路1号", "蒲江县寿安镇松华路3组12号"):
        once = parse(text).normal
        assert parse(once).normal == once


def test_json_names_every_field_and_null_where_nothing_is_said() -> None:
    shown = json.loads(json.dumps(parse("武侯区玉林南路98号").as_json()))
    assert shown["codes"] == {"province": "51", "city": "5101", "county": "510107", "town": None}
    assert (shown["county"], shown["road"], shown["unit"]) == ("武侯区", "玉林南路", None)
    assert shown["guessed"] == ["province", "city"]
