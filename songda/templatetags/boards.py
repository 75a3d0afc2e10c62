"""What board pages say beside the desk's own words."""

from django import template

from songda.insight.indicators import Indicator, shown

register = template.Library()


@register.filter
def target(indicator: Indicator) -> str:
    """An indicator's target in its own unit."""
    return "" if indicator.target is None else shown(indicator, indicator.target)
