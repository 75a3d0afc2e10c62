"""Papers without a list of parties name them in a sentence: 本院受理原告甲诉被告乙买卖合同纠纷一案."""

# ruff: noqa: E501  (a row of a table stays on its line; Chinese counts double)

import re

from songda.filing.extraction.person import kind_of, names_in
from songda.filing.extraction.result import ExtractedParty
from songda.filing.extraction.words import ROLE

# The causes met most often; where a name runs into its cause the longest of these is taken off.
CAUSES: tuple[str, ...] = (
    "民间借贷", "借款合同", "金融借款合同", "小额借款合同", "买卖合同", "房屋买卖合同", "商品房预售合同", "商品房销售合同", "房屋租赁合同", "租赁合同", "建设工程施工合同",
    "装饰装修合同", "承揽合同", "运输合同", "保证合同", "追偿权", "委托合同", "服务合同", "物业服务合同", "供用电合同", "供用水合同", "供用热力合同", "信用卡",
    "机动车交通事故责任", "生命权、健康权、身体权", "生命权、身体权、健康权", "健康权", "提供劳务者受害责任", "劳务合同", "劳动合同", "劳动争议", "追索劳动报酬", "离婚", "离婚后财产", "婚姻家庭",
    "抚养费", "赡养费", "抚养", "赡养", "继承", "法定继承", "遗嘱继承", "分家析产", "婚约财产", "变更抚养关系", "不当得利", "合同", "股权转让", "股东资格确认", "损害公司利益责任",
    "财产损害赔偿", "侵权责任", "排除妨害", "返还原物", "相邻关系", "名誉权", "侵害商标权", "侵害作品信息网络传播权", "著作权权属、侵权", "保险", "财产保险合同", "人身保险合同",
    "融资租赁合同", "合伙", "合伙协议", "土地承包经营权", "案外人执行异议之诉", "执行异议之诉", "债权人撤销权", "债权转让合同", "票据追索权", "居间合同", "中介合同",
    "公告", "申请支付令", "申请宣告失踪", "行政处罚", "行政强制", "政府信息公开", "不履行法定职责", "工伤保险资格认定", "房屋拆迁", "行政协议",
)  # fmt: skip
_CAUSE = "|".join(sorted(CAUSES, key=len, reverse=True))
_SIDE = rf"(?P<{{0}}_role>{ROLE})(?:（[^（）]*）)?(?P<{{0}}>[^，。；：\n]{{{{2,60}}}}?)"
_CASE = re.compile(
    _SIDE.format("first").replace("{{", "{").replace("}}", "}")
    + r"(?:诉|与|和|申请执行|申请)(?:被申请人的)?"
    + _SIDE.format("second").replace("{{", "{").replace("}}", "}")
    + rf"(?:(?:因|之间的?|关于)?(?:{_CAUSE})(?:合同)?(?:纠纷|争议)?|犯.{{2,20}}罪|纠纷)"
    + r"(?:[^，。；\n]{0,20})(?:一案|案件|纠纷)"
)
_THIRD = re.compile(rf"^(?P<name>.+?)[、，及和与]+(?P<role>{ROLE})(?P<other>.+)$")
_YOU = re.compile(
    rf"(?P<role>{ROLE})(?P<name>[^，。；：\n]{{2,40}}?)(?:诉|与)(?:你|贵)(?:单位|公司|方)?(?:[^。]{{2,40}})(?:一案|纠纷)"
)
# A paper without a list names its parties near its top.
_FAR = 4000
_ADDRESSEE = re.compile(r"(?:^|\n)(?P<name>[^，。；：\n]{2,40})：(?=\n|$)")


def _party(role: str, name: str) -> list[ExtractedParty]:
    return [ExtractedParty(role=role, name=each, kind=kind_of(each, "")) for each in names_in(name) if each]


def _side(role: str, names: str) -> list[ExtractedParty]:
    """The parties of one side; a third party may be named behind it."""
    third = _THIRD.match(names)
    if third is None:
        return _party(role, names)
    return _party(role, third["name"]) + _side(third["role"], third["other"])


def parties_in(folded: str) -> list[ExtractedParty]:
    """The parties that the first such sentence names, by name and role only."""
    flat = folded[:_FAR].replace("\n", "")
    found = _CASE.search(flat)
    if found:
        return _side(found["first_role"], found["first"]) + _side(found["second_role"], found["second"])
    you, addressee = _YOU.search(flat), _ADDRESSEE.search(folded)
    if you is None:
        return []
    other = {"原告": "被告", "申请执行人": "被执行人", "申请人": "被申请人", "上诉人": "被上诉人"}.get(you["role"])
    answering = _party(other, addressee["name"]) if addressee and other else []
    return _party(you["role"], you["name"]) + answering
