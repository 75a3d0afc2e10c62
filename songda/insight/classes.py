"""How the classes of measures are said, and which roles make up a zone: for boards and reports alike."""

from songda.courts.models import Role
from songda.finding.addresses.divisions import name_of
from songda.insight import figures

WAYS = {"electronic": "电子", "postal": "邮寄", "field": "外送", "notice": "公告", "other": "窗口、转交等"}
PIECES = {
    "printing": "打印封装中",
    "printed": "已打印待收寄",
    "on_its_way": "投递途中",
    "not_met": "投递未遇",
    "held": "留局待领",
    "delivered": "已妥投",
    "returned": "已退回",
}
FINDING = {"in_time": "10分钟内查得", "late": "超时查得", "none": "未查得", "open": "等待答复"}
# First and last day of each class.
DAY_CLASSES = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 7), (8, 15), (16, 30), (31, 60), (61, figures.MOST_DAYS))
# The centre's four zones, then the court's own.
ZONES: dict[str, tuple[Role, ...]] = {
    "窗口": (Role.WINDOW,),
    "电子": (Role.ELECTRONIC,),
    "邮寄": (Role.MAIL,),
    "外送": (Role.FIELD, Role.COURIER),
    "书记员": (Role.CLERK,),
    "法官": (Role.JUDGE,),
    "督办、联络": (Role.MANAGER, Role.COURT_LIAISON, Role.POST_LIAISON, Role.POST_MANAGER),
}


def day_class(first: int, last: int) -> str:
    """A class of days to effect, in words."""
    if first == last:
        return "当日" if first == 0 else f"{first}天"
    return f"{first}天以上" if last == figures.MOST_DAYS else f"{first}—{last}天"


def city(code: str) -> str:
    """A city by the first four digits of its division code; its province where the city is not known."""
    return name_of(code) or name_of(code[:2]) or "未识别"
