"""Short pages that say one thing: what is the matter and what to do."""

from django.http import HttpResponse
from django.template.loader import render_to_string


def notice_page(title: str, text: str, *, status: int) -> HttpResponse:
    content = render_to_string("portal/notice.html", {"title": title, "text": text})
    return HttpResponse(content, status=status)


def unknown_link() -> HttpResponse:
    """The same answer for every link that is not ours."""
    return notice_page(
        "链接无效", "没有找到这个链接。请核对短信里的完整链接；仍打不开的，请致电12368核实。", status=404
    )


def nothing_here() -> HttpResponse:
    """For papers and pages that are not there, or not for this visitor."""
    return notice_page("没有找到", "没有这份文书或者这个页面。请返回上一页，或者重新打开短信里的链接。", status=404)


def too_many() -> HttpResponse:
    return notice_page("操作过于频繁", "这个网络在短时间内尝试次数过多，请十分钟后再试。", status=429)
