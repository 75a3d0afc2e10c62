"""What every template may say: icons, Beijing time, how long is left, masked values, links that keep the question."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songda.lib import clock, lasting, masking

register = template.Library()

# What was due a moment ago is being done: the loop takes it up within seconds.
AT_ONCE = timedelta(minutes=1)
SOON = timedelta(hours=24)
FONTS = "fonts/noto-sans-sc/wght.css"
TONES = {"success": "ok", "warning": "warn", "error": "danger"}
MASKS = {
    "name": masking.name,
    "id_number": masking.id_number,
    "phone": masking.phone,
    "email": masking.email,
    "account": masking.account,
    "address": masking.address,
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from icons.svg; words beside it carry the meaning, so readers aloud skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("songda/icons.svg"),
        name,
    )


@register.simple_tag
def fonts() -> SafeString:
    """The style sheet of the Chinese web font where set-up has put it; the machine's own fonts serve elsewhere."""
    if finders.find(FONTS) is None:
        return SafeString("")
    return format_html('<link rel="stylesheet" href="{}">', static(FONTS))


@register.filter
def beijing(moment: datetime | None, shape: str = "full") -> str:
    """A moment in Beijing time: full 2026年3月4日 09:05, short 3月4日 09:05, clock 09:05, day 2026年3月4日."""
    if moment is None:
        return ""
    at = moment.astimezone(clock.BEIJING)
    shapes = {
        "full": f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        "short": f"{at.month}月{at.day}日 {at:%H:%M}",
        "clock": f"{at:%H:%M}",
        "day": f"{at.year}年{at.month}月{at.day}日",
    }
    return shapes[shape]


@register.filter
def day(value: date | str | None) -> str:
    """A date as Chinese papers write it; takes the ISO form that JSON columns hold as well."""
    if not value:
        return ""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{on.year}年{on.month}月{on.day}日"


@register.simple_tag
def moment(value: datetime | None, shape: str = "short") -> SafeString:
    """A `<time>`: short to the eye, whole in its title and for machines."""
    if value is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), beijing(value), beijing(value, shape)
    )


@register.filter
def took(length: timedelta | float) -> str:
    """How long something took, as `lasting` says it; a number is of seconds."""
    return lasting.took(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.simple_tag
def due(value: datetime | None, passed: str = "已超期") -> SafeString:
    """What is left until a time limit, or by how much it has passed; late and soon are said in words and colour.

    `passed` is the word for what has passed: a hearing is over (已过), not overdue.
    """
    if value is None:
        return SafeString('<span class="quiet">无期限</span>')
    left = value - clock.now()
    if -AT_ONCE < left < timedelta(0):
        tone, words = "due", "正在办理"
    elif left < timedelta(0):
        tone, words = "due--late", f"{passed}{lasting.roughly(-left)}"
    else:
        tone, words = ("due--soon" if left < SOON else "due"), f"还有{lasting.roughly(left)}"
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', tone, value.isoformat(), beijing(value), words
    )


@register.filter
def since(value: datetime | None) -> str:
    """How long ago."""
    return "" if value is None else f"{lasting.roughly(max(clock.now() - value, timedelta(0)))}前"


@register.filter
def tone(level: str) -> str:
    """A message's level, in Django's words, as the tone of a part."""
    return TONES.get(level, "info")


@register.filter
def masked(value: str | None, kind: str) -> str:
    """A personal value with its middle hidden; kinds: name, id_number, phone, email, address."""
    return MASKS[kind](value or "")


@register.simple_tag(takes_context=True)
def asking(context: dict[str, Any], **changes: Any) -> str:
    """This page's question with some parts changed (None drops a part), for links that sort, filter and page."""
    request: HttpRequest = context["request"]
    question = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            question.pop(key, None)
        else:
            question[key] = str(value)
    return f"?{urlencode(sorted(question.lists()), doseq=True)}"


@register.inclusion_tag("parts/field.html")
def field(bound: Any, label: str | None = None) -> dict[str, Any]:
    """A form's field with its label, hint and errors; a wrong one keeps what was typed and says what is wrong."""
    about = [f"{bound.auto_id}-hint"] if bound.help_text else []
    if bound.errors:
        about.append(f"{bound.auto_id}-wrong")
    attributes = {"aria-describedby": " ".join(about)} if about else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "label": label or bound.label,
        "widget": bound.as_widget(attrs=attributes),
        "kind": kind,
        "many": kind in {"radio", "checkbox"} and hasattr(bound.field, "choices"),
    }
