"""What a judge sees before a public notice: each way, whether it was tried, what came of it, and the law beside it."""

from typing import Any

from songda.engine.standing import Course, Standing
from songda.lib.clock import BEIJING

# Way, its Chinese name, the facts that show it was tried, the facts that show how it ended, the article.
_WAYS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        "electronic",
        "电子送达",
        ("call.attempted", "message.sent"),
        ("consent.refused", "message.failed"),
        "民事诉讼法第九十条",
    ),
    ("find", "协查找人", ("inquiry.opened",), ("inquiry.closed",), "民事诉讼法第九十五条"),
    ("postal", "邮寄送达", ("mail.accepted",), ("mail.returned",), "民事诉讼法第九十一条"),
    ("field", "直接送达、留置送达", ("visit.failed",), ("visit.failed",), "民事诉讼法第八十八条、第八十九条"),
)


def exhaustion(course: Course, standing: Standing) -> list[dict[str, Any]]:
    """One row a way: what was tried and when, and why it gave nothing more."""
    why = dict(standing.passed)
    return [
        {
            "way": way,
            "label": label,
            "tries": _days(course, tried),
            "ended": _days(course, ended),
            "why": why.get(way, ""),
            "article": article,
        }
        for way, label, tried, ended, article in _WAYS
    ]


def _days(course: Course, names: tuple[str, ...]) -> list[str]:
    return [f"{fact.happened_at.astimezone(BEIJING):%Y-%m-%d %H:%M}" for fact in course.facts if fact.name in names]
