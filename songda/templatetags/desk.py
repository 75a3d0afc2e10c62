"""Tags of the desk's pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songda.desk import shell as shells
from songda.desk import words
from songda.desk.people import shown_name
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.filing.models import Party
from songda.lib import clock

register = template.Library()


@register.simple_tag(takes_context=True)
def shell(context: dict[str, Any]) -> shells.Shell:
    """The rail, the court and the clock around a page."""
    return shells.shell_of(context["request"])


@register.simple_tag
def step_badge(code: str) -> SafeString:
    """A step as a badge; its title says what comes next."""
    step = words.step(code)
    return format_html('<span class="badge badge--{}" title="接下来：{}">{}</span>', step.tone, step.next, step.label)


@register.filter
def method(code: str) -> str:
    return words.METHODS.get(code, code)


@register.simple_tag
def reveal_reasons() -> tuple[str, ...]:
    """Reasons for looking at a masked value."""
    return words.REVEAL_REASONS


@register.filter
def next_words(code: str) -> str:
    """What comes next at a step."""
    return words.step(code).next


@register.filter
def shown(party: Party) -> str:
    """A party's name as lists show it."""
    return shown_name(party)


@register.filter
def of(words_by_row: Mapping[Any, str], row: object) -> str:
    """What a table of words has for a row; nothing where it has none."""
    return words_by_row.get(row, "") if words_by_row else ""


@register.filter
def is_late(item: WorkItem) -> bool:
    return item.done_at is None and item.due_at < clock.now()


@register.filter
def work_question(kind: str) -> str:
    """What a work item asks of whoever does it: its next action."""
    return WORK[kind].question if kind in WORK else ""


@register.filter
def work_title(kind: str) -> str:
    """A work item's heading."""
    return WORK[kind].label if kind in WORK else "待办"
