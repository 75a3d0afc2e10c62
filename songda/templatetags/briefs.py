"""What the page of briefs says beside the desk's own words."""

from datetime import date

from django import template

from songda.desk import briefs
from songda.insight.briefs import has_nothing
from songda.insight.models import Brief

register = template.Library()


@register.filter
def day_words(day: date) -> str:
    return briefs.day_words(day)


@register.filter
def gist(brief: Brief) -> str:
    """One line about a brief of the past."""
    if has_nothing(brief.said):
        return "无事"
    news = sum(len(ids) for ids in brief.said["news"].values())
    counted = (
        (len(brief.said["waiting"]), "件待办"),
        (len(brief.said["hearings"]), "件临近开庭"),
        (news, "项进展"),
        (len(brief.said["notices"]) + len(brief.said["final"]), "个届满日"),
    )
    return "、".join(f"{n}{words}" for n, words in counted if n)
