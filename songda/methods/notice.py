"""公告送达: the draft with what the law wants in it, a judge's approval, publication, and the last day."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.lib import clock
from songda.methods.actions import keep_paper
from songda.methods.models import PublicNotice
from songda.methods.queries import desk_of, matter_of
from songda.papers import notice as paper

DAYS = 30
ABROAD_DAYS = 60
_HIGHER_COURT = "上一级人民法院"


def _complaint(service: Service, _title: str, gist: str) -> paper.Item:
    return paper.Complaint(
        gist=gist or "（诉讼请求详见起诉状副本）",
        answer_days=ABROAD_DAYS // 2 if service.party.kind == "abroad" else DAYS // 2,
        appeal=service.case.procedure == "appeal",
    )


def _summons(service: Service, _title: str, _gist: str) -> paper.Item:
    place = service.case.hearing_place or "本院审判庭"
    if service.case.hearing_at is None:
        return paper.Summons(at=None, place=place, after="举证期限届满后第三日上午九时（遇法定休假日顺延）")
    return paper.Summons(at=service.case.hearing_at, place=place)


def _decision(days: int) -> Callable[[Service, str, str], paper.Item]:
    def make(service: Service, title: str, gist: str) -> paper.Item:
        can_appeal = service.case.procedure in {"ordinary", "summary"}
        appeal = paper.Appeal(court=_HIGHER_COURT, days=days) if can_appeal else None
        return paper.Decision(title=title, gist=gist or "（裁判主文详见文书）", appeal=appeal)

    return make


def _other(_service: Service, title: str, _gist: str) -> paper.Item:
    return paper.OtherPaper(title=title)


# What a notice says for each kind of paper (民诉法解释 139).
_ITEMS: dict[str, Callable[[Service, str, str], paper.Item]] = {
    "complaint": _complaint,
    "summons": _summons,
    "judgment": _decision(15),
    "ruling": _decision(10),
}


def draft(service: Service, reason: str) -> PublicNotice:
    """The notice for a judge to approve. `reason` tells why no other way was left; it goes into the file."""
    made = PublicNotice.objects.filter(service=service, withdrawn_at=None).first()
    if made is not None:
        return made
    content = _content(service, reason, "")
    return PublicNotice.objects.create(
        court_id=service.court_id,
        service=service,
        slug=secrets.token_hex(8),
        text=paper.text(content),
        reason=reason,
        made_at=clock.now(),
    )


def tell_gist(made: PublicNotice, gist: str) -> None:
    """Put the gist that the judge approves into the notice; an approved notice keeps its words."""
    if made.approved_at is None and gist:
        made.gist, made.text = gist, paper.text(_content(made.service, made.reason, gist))
        made.save(update_fields=["gist", "text"])


def _content(service: Service, reason: str, gist: str) -> paper.PublicNotice:
    lines = service.lines.select_related("document")
    return paper.PublicNotice(
        matter=matter_of(service),
        made_at=clock.now(),
        issued_on=clock.today(),
        recipient=service.party.name,
        reason=reason,
        items=tuple(_ITEMS.get(line.document.kind, _other)(service, line.document.title, gist) for line in lines),
        days=ABROAD_DAYS if service.party.kind == "abroad" else DAYS,
        collect_at=f"{service.court.name}诉讼服务中心",
        desk=desk_of(service),
    )


def approved(made: PublicNotice, judge: str) -> Told:
    PublicNotice.objects.filter(id=made.id, approved_at=None).update(approved_at=clock.now())
    return Told("notice.approved", clock.now(), Speaker.PERSON, judge, {}, key=f"notice:{made.id}:approved")


def publish(made: PublicNotice, media: tuple[str, ...]) -> list[Told]:
    """Put the approved notice on the public page and have its sheet for the board; told once a medium."""
    now = clock.now()
    service = made.service
    if made.published_at is None:
        content = _content(service, made.reason, made.gist)
        pdf = paper.public_notice(content)
        keep_paper(service, kind="notice", title="公告", key=f"notice:{made.id}", pdf=pdf)
        days = ABROAD_DAYS if service.party.kind == "abroad" else DAYS
        made.published_at, made.ends_on = now, clock.today() + timedelta(days=days)
        made.save(update_fields=["published_at", "ends_on"])
    detail: dict[str, Any] = {"slug": made.slug}
    return [
        Told(
            "notice.published",
            made.published_at,
            Speaker.PLATFORM,
            detail={**detail, "in": medium},
            key=f"notice:{made.id}:{medium}",
        )
        for medium in media
    ]


def withdraw(service: Service) -> None:
    """Stop the notice that runs: it leaves the public page and stays on file; another needs an approval of its own."""
    PublicNotice.objects.filter(service=service, withdrawn_at=None).update(withdrawn_at=clock.now())
