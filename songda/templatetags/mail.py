"""Tags of the mail zone's pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songda.desk import words
from songda.desk.pieces import LOOKS
from songda.law.facts import RETURN_REASONS
from songda.methods.models import Waybill

register = template.Library()


@register.simple_tag
def piece_badge(piece: Waybill) -> SafeString:
    """A piece's state as a badge; its title says what comes next."""
    look = LOOKS[piece.state]
    return format_html(
        '<span class="badge badge--{}" title="接下来：{}">{}</span>', look.tone, look.next, piece.get_state_display()
    )


@register.filter
def fact_title(name: str) -> str:
    """A fact's name for people; empty where nothing was told."""
    return words.fact(name).title if name else ""


@register.filter
def return_reason(code: str) -> str:
    """The law's words for why a piece came back."""
    return RETURN_REASONS.get(code, code)
