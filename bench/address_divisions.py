"""Build `songda/finding/addresses/data/{divisions,former,centres}.txt` from public codes and published changes.

    python bench/address_divisions.py ../shared/data/regions

`divisions.txt` holds one line per division down to counties; towns follow their county on the same line.
`former.txt` holds old names: name, code of the city it belonged to, codes of the counties or cities it became.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "songda/finding/addresses/data"

# The statistics codes stop at the mainland's 31 divisions. Hong Kong's and Macao's codes are the civil-affairs ones;
# no code below the province is published for Taiwan, so its places carry 71 and a number of ours.
ELSEWHERE = {
    "71 台湾省": ["台北市", "新北市", "桃园市", "台中市", "台南市", "高雄市", "基隆市", "新竹市", "嘉义市", "新竹县",
                "苗栗县", "彰化县", "南投县", "云林县", "嘉义县", "屏东县", "宜兰县", "花莲县", "台东县", "澎湖县"],
    "81 香港特别行政区": ["中西区", "湾仔区", "东区", "南区", "油尖旺区", "深水埗区", "九龙城区", "黄大仙区", "观塘区",
                     "荃湾区", "屯门区", "元朗区", "北区", "大埔区", "西贡区", "沙田区", "葵青区", "离岛区"],
    "82 澳门特别行政区": ["花地玛堂区", "花王堂区", "望德堂区", "大堂区", "风顺堂区", "嘉模堂区", "路凼填海区",
                     "圣方济各堂区"],
}  # fmt: skip

# Renamed or merged before the published list of changes begins or missing from it: old name, old city, what it became.
ALSO_FORMER = """
崇文区 1101 110101|宣武区 1101 110102|塘沽区 1201 120116|汉沽区 1201 120116
大港区 1201 120116|蓟县 1201 120119|卢湾区 3101 310101|闸北区 3101 310106
南汇区 3101 310115|南汇县 3101 310115|唐海县 1302 130209|邯郸县 1304 130402,130403
新市区 1306 130602|北市区 1306 130606|南市区 1306 130606|东陵区 2101 210112
新城子区 2101 210113|北宁市 2107 210782|八道江区 2206 220602|动力区 2301 230110
太平区 2301 230104|白下区 3201 320104|下关区 3201 320106|崇安区 3202 320213
南长区 3202 320213|北塘区 3202 320213|九里区 3203 320302,320311|戚墅堰区 3204 320412
沧浪区 3205 320508|平江区 3205 320508|金阊区 3205 320508|新浦区 3207 320706
清河区 3208 320812|清浦区 3208 320812|楚州区 3208 320803|维扬区 3210 321003
江东区 3302 330212|绍兴县 3306 330603|居巢区 3401 340181|金家庄区 3405 340503
铜官山区 3407 340705|狮子山区 3407 340705|铜陵县 3407 340706|鼓浪屿区 3502 350203
开元区 3502 350203|杏林区 3502 350211|梅列区 3504 350404|九江县 3604 360404
星子县 3604 360483|四方区 3702 370203|胶南市 3702 370211|莱城区 3701 370116
莱芜市 3701 370116|莱芜市莱城区 3701 370116|莱芜市钢城区 3701 370117|苍山县 3713 371324
陵县 3714 371403|开封县 4102 410212|金明区 4102 410202|吉利区 4103 410308
许昌县 4110 411003|陕县 4112 411203|郧县 4203 420304|襄阳区 4206 420607
襄阳县 4206 420607|萝岗区 4401 440112|东山区 4401 440104|芳村区 4401 440103
光明新区 4403 440311|坪山新区 4403 440310|龙华新区 4403 440309|茂港区 4409 440904
东山区 4452 445202|蝶山区 4504 450403|万盛区 5001 500110|双桥区 5001 500111
开县 5001 500154|郫县 5101 510117|灌县 5101 510181|崇庆县 5101 510184
华阳县 5101 510116|安县 5107 510705|元坝区 5108 510811|达县 5117 511703
宜宾县 5115 511504|小河区 5201 520111|金阳新区 5201 520115|遵义县 5203 520304
铜仁市 5206 520602|毕节市 5205 520502|潞西市 5331 533103|中甸县 5334 533401
思茅市 5308 5308|昌都县 5403 540302|林芝县 5404 540402|那曲县 5406 540602
户县 6101 610118|华县 6105 610503|吴旗县 6106 610626|安西县 6209 620922
米泉市 6501 650109|吐鲁番市 6504 650402|哈密市 6505 650502|达川市 5117 511702
涪陵市 5001 500102|万县市 5001 500101|黔江县 5001 500114|襄樊市 4206 4206
资阳市简阳市 5101 510185|巢湖市居巢区 3401 340181|新津县 5101 510118|双流县 5101 510116
温江县 5101 510115|新都县 5101 510114
"""


def division_lines(provinces: list[dict[str, Any]]) -> Iterator[str]:
    for province in provinces:
        yield f"{province['code']} {province['name']}"
        for city in province["children"]:
            yield f"{city['code']} {city['name']}"
            for county in city["children"]:
                towns = [t["code"][len(county["code"]) :] + t["name"] for t in county.get("children", [])]
                yield " ".join([county["code"], county["name"], *towns])
    for head, places in ELSEWHERE.items():
        yield head
        yield f"{head[:2]}00 直辖"
        for number, place in enumerate(places, 1):
            is_county = head[:2] != "71" or place.endswith("县")
            yield f"{head[:2]}{number:04} {place}" if is_county else f"{head[:2]}{number:02} {place}"


def codes_by_name(provinces: list[dict[str, Any]]) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for province in provinces:
        for city in province["children"]:
            found[(province["name"], city["name"])] = city["code"]
            for county in city["children"]:
                found[(province["name"], city["name"], county["name"])] = county["code"]
    return found


def changes(published: str, codes: dict[tuple[str, ...], str]) -> Iterator[tuple[str, str, str]]:
    """Old name, its city today, what it became; lines whose new name the statistics do not hold are left out."""
    for line in published.splitlines():
        old, _, new = line.partition("=>")
        became = codes.get(tuple(new.split("\t")))
        if became:
            yield old.split("\t")[-2], became[:4], became


def further(text: str) -> Iterator[tuple[str, str, str]]:
    for entry in text.replace("\n", "|").split("|"):
        if entry:
            name, city, became = entry.split(" ")
            yield name, city, became


def former_lines(provinces: list[dict[str, Any]], published: str) -> list[str]:
    codes = codes_by_name(provinces)
    still = {(code[:4], names[-1]) for names, code in codes.items()}
    known: dict[tuple[str, str], str] = {}
    for name, city, became in [*changes(published, codes), *further(ALSO_FORMER)]:
        if (city, name) not in still:
            known.setdefault((name, city), became)
    return [f"{name} {city} {became}" for (name, city), became in sorted(known.items())]


# Capitals of provinces, degrees east and north; Sichuan's cities and Chengdu's counties come from the map.
CAPITALS = {
    "11": (116.4, 39.9), "12": (117.2, 39.1), "13": (114.5, 38.0), "14": (112.5, 37.9), "15": (111.7, 40.8),
    "21": (123.4, 41.8), "22": (125.3, 43.9), "23": (126.6, 45.8), "31": (121.5, 31.2), "32": (118.8, 32.1),
    "33": (120.2, 30.3), "34": (117.3, 31.9), "35": (119.3, 26.1), "36": (115.9, 28.7), "37": (117.0, 36.7),
    "41": (113.6, 34.7), "42": (114.3, 30.6), "43": (113.0, 28.2), "44": (113.3, 23.1), "45": (108.4, 22.8),
    "46": (110.3, 20.0), "50": (106.5, 29.5), "51": (104.1, 30.7), "52": (106.7, 26.6), "53": (102.7, 25.0),
    "54": (91.1, 29.7), "61": (108.9, 34.3), "62": (103.8, 36.1), "63": (101.8, 36.6), "64": (106.2, 38.5),
    "65": (87.6, 43.8), "71": (121.5, 25.0), "81": (114.2, 22.3), "82": (113.5, 22.2),
}  # fmt: skip
MAP_CODES = {"510132": "510118"}  # 新津 still bears the code it had as a county


def centre_lines(maps: Path) -> Iterator[str]:
    for code, (longitude, latitude) in CAPITALS.items():
        yield f"{code} {longitude} {latitude}"
    for name in ("510000", "510100"):
        for feature in json.loads((maps / f"{name}.json").read_text())["features"]:
            about = feature["properties"]
            code = str(about["adcode"])
            shown = MAP_CODES.get(code, code) if name == "510100" else code[:4]
            yield f"{shown} {about['center'][0]:.2f} {about['center'][1]:.2f}"


def main(folder: Path) -> None:
    provinces = json.loads((folder / "pcas-code.json").read_text())
    published = (folder / "changes.txt").read_text()
    (TARGET / "divisions.txt").write_text("\n".join(division_lines(provinces)) + "\n")
    (TARGET / "centres.txt").write_text("\n".join(centre_lines(folder.parent / "map")) + "\n")
    (TARGET / "former.txt").write_text("\n".join(former_lines(provinces, published)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
