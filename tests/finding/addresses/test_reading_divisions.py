"""Which province, city, county and town an address names, however it is written."""

import pytest

from songda.finding.addresses import parse

WUHOU, JINJIANG, CHENGHUA, XINDU, DAYI = "510107", "510104", "510108", "510114", "510129"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("四川省成都市武侯区人民南路四段27号", WUHOU),
        ("四川成都武侯人民南路四段27号", WUHOU),
        ("成都市武侯区人民南路四段27号", WUHOU),
        ("武侯区人民南路四段27号", WUHOU),
        ("四川省/成都市/锦江区/东大街1号", JINJIANG),
        ("四川省-成都市-锦江区东大街1号", JINJIANG),
        ("四川省 成都市 锦江区 东大街1号", JINJIANG),
        ("四川省成都市成都市锦江区东大街1号", JINJIANG),
        ("成都成华区建设北路一段10号", CHENGHUA),
        ("成都市新都区大丰街道蓉北路48号", XINDU),
        ("大邑县晋原街道东壕沟北段15号", DAYI),
        ("四川省大邑县晋原街道", DAYI),
        ("重庆市县城口县葛城街道", "500229"),
        ("重庆忠县忠州街道", "500233"),
        ("上海市上海市浦东新区三林路15号", "310115"),
        ("北京市市辖区朝阳区建国路88号", "110105"),
        ("内蒙古自治区通辽市科尔沁左翼后旗甘蓝子街98号", "150522"),
        ("黑龙江齐齐哈尔市梅里斯区", "230208"),
        ("吉林省吉林市船营区北京路1号", "220204"),
        ("海南共和县恰卜恰镇", "632521"),
        ("海南藏族自治州", "6325"),
        ("阿坝州汶川县威州镇", "513221"),
        ("凉山西昌市航天大道四段1号", "513401"),
        ("北川县永昌镇", "510726"),
        ("香港特别行政区湾仔区轩尼诗道1号", "810002"),
        ("台湾省台北市", "7101"),
    ],
)
def test_levels_that_are_cut_off_repeated_or_missing_are_found(text: str, code: str) -> None:
    assert parse(text).code == code


def test_missing_province_and_city_are_filled_in_and_said_to_be_guessed() -> None:
    address = parse("武侯区人民南路四段27号")
    assert (address.province, address.city, address.county) == ("四川省", "成都市", "武侯区")
    assert address.guessed == ("province", "city")


def test_nothing_is_guessed_when_everything_is_written() -> None:
    assert parse("四川省成都市武侯区人民南路四段27号").guessed == ()


@pytest.mark.parametrize(
    ("text", "county", "code"),
    [
        ("四川省成都市新津县五津镇武阳东路1号", "新津区", "510118"),
        ("郫县红光镇港通北二路19号", "郫都区", "510117"),
        ("双流县华阳镇华府大道一段1号", "双流区", "510116"),
        ("崇庆县崇阳镇", "崇州市", "510184"),
        ("四川省灌县幸福镇", "都江堰市", "510181"),
        ("资阳市简阳市石桥镇回龙村2社", "简阳市", "510185"),
        ("四川省宜宾县柏溪镇", "叙州区", "511504"),
        ("绵阳市安县花荄镇", "安州区", "510705"),
        ("达县石桥镇列宁街", "达川区", "511703"),
        ("会理县城关镇滨河路", "会理市", "513402"),
        ("浙江省杭州市江干区凯旋路1号", "上城区", "330102"),
        ("宁波市江东区百丈东路1号", "鄞州区", "330212"),
        ("浙江省台州市玉环县楚门镇", "玉环市", "331083"),
        ("北京市宣武区广安门内大街1号", "西城区", "110102"),
        ("上海市闸北区裕通路316号", "静安区", "310106"),
        ("河南省许昌市许昌县将官池镇", "建安区", "411003"),
        ("湖北省襄樊市樊城区", "樊城区", "420606"),
        ("莱芜市莱城区", "莱芜区", "370116"),
    ],
)
def test_old_names_of_divisions_lead_to_what_they_became(text: str, county: str, code: str) -> None:
    address = parse(text)
    assert (address.county, address.code) == (county, code)
    assert any(note.why == "former name" for note in address.notes)


def test_a_name_borne_today_is_not_taken_for_an_old_name() -> None:
    address = parse("朝阳区建国路88号")  # and not 朝阳县 of the city 朝阳
    assert address.code == ""
    assert address.candidates == ("110105", "220104")
    assert address.county == "朝阳区"


def test_a_town_decides_between_counties_of_one_name() -> None:
    assert parse("西湖区三墩镇丰盛九座").code == "330106"


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("成都市高新区天府三街218号", "成都高新技术产业开发区", "510107"),
        ("成都高新技术产业开发区天府五街200号", "成都高新技术产业开发区", "510107"),
        ("成都高新区中和街道应龙路1号", "成都高新技术产业开发区", "510116"),
        ("成都市高新西区西芯大道1号", "成都高新技术产业开发区西部园区", "510117"),
        ("成都市高新区（西区）合作路89号", "成都高新技术产业开发区西部园区", "510117"),
        ("中国（四川）自由贸易试验区成都高新区天府大道1480号", "成都高新技术产业开发区", "510107"),
        ("四川天府新区正兴街道湖畔路北段366号", "四川天府新区", "510116"),
        ("天府新区华阳街道华府大道一段1号", "四川天府新区", "510116"),
        ("四川天府新区视高街道环天路1号", "天府新区眉山片区", "511421"),
        ("成都经济技术开发区车城东三路1号", "成都经济技术开发区", "510112"),
        ("成都市东部新区三岔街道", "成都东部新区", "510185"),
        ("绵阳市高新区普明南路1号", "绵阳高新技术产业开发区", "510703"),
    ],
)
def test_functional_districts_are_no_counties_but_lie_in_one(text: str, zone: str, code: str) -> None:
    address = parse(text)
    assert (address.zone, address.code) == (zone, code)
    assert address.county != zone
    assert "county" in address.guessed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("成都市武候区玉林南路98号", WUHOU),
        ("成都市武侯侯区玉林南路98号", WUHOU),
        ("成都市龙泉译区十陵街道", "510112"),
        ("成都市郫督区犀浦街道", "510117"),
        ("成都市青洋区西大街1号", "510105"),
        ("成嘟市武侯区玉林南路98号", WUHOU),
    ],
)
def test_typing_errors_are_read_within_the_city_and_noted(text: str, code: str) -> None:
    address = parse(text)
    assert address.code == code
    assert any(note.why == "typing error" for note in address.notes)


def test_a_county_of_another_city_is_not_bent_into_one_of_this() -> None:
    address = parse("成都市西湖区文三路1号")
    assert address.county == ""
    assert [(note.was, note.why) for note in address.notes] == [("西湖区", "not in 成都市")]


@pytest.mark.parametrize(
    ("text", "city", "county", "code"),
    [
        ("湖北省仙桃市沙嘴街道何李路12号", "", "仙桃市", "429004"),
        ("河南省济源市沁园街道", "", "济源市", "419001"),
        ("海南省陵水黎族自治县英州镇", "", "陵水黎族自治县", "469028"),
        ("新疆生产建设兵团第八师石河子市北四路14小区", "", "石河子市", "659001"),
        ("新疆兵团第一师幸福路街道", "", "阿拉尔市", "659002"),
        ("广东省东莞市长安镇", "东莞市", "", "441900"),
        ("中山市石岐区民族路1号", "中山市", "", "442000"),
        ("重庆市渝中区中山三路131号", "重庆市", "渝中区", "500103"),
    ],
)
def test_counties_without_a_city_and_cities_without_counties(text: str, city: str, county: str, code: str) -> None:
    address = parse(text)
    assert (address.city, address.county, address.code) == (city, county, code)


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("成都市武侯区玉林街道玉林南路98号", "510107005"),
        ("成都市龙泉驿区大面镇南二路99号", "510112002"),
        ("成都市龙泉驿区大面街道办事处南二路99号", "510112002"),
        ("简阳市石桥镇回龙村2社", "510185007"),
        ("温州市柳市镇柳黄路1号", "330382114"),
    ],
)
def test_towns_bear_their_codes_even_where_the_kind_has_changed(text: str, town: str) -> None:
    assert parse(text).codes["town"] == town


@pytest.mark.parametrize(
    "text", ["中山路3号", "成都路5号", "北京西路12号", "建设大厦8楼", "32323", "", "   ", "无", "???"]
)
def test_names_of_roads_and_noise_give_no_division(text: str) -> None:
    assert parse(text).code == ""


def test_divisions_said_twice_count_as_last_written() -> None:
    address = parse("四川省成都市郫县中国浙江省衢州市柯城区崇文路")
    assert address.code == "330802"
    assert any(note.why == "two divisions given" for note in address.notes)
