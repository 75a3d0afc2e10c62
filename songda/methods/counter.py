"""窗口领取: papers that wait at the court's counter, who may show what to sign for them, and the slips that are printed
(民诉法解释第一百三十一条: 人民法院直接送达诉讼文书的，可以通知当事人到人民法院领取)."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from songda.courts.models import Person
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.law.facts import SIGNERS
from songda.lib import clock, masking
from songda.methods.actions import keep_paper
from songda.methods.models import Attendance, Collection, Paper
from songda.methods.queries import matter_of, serial_of, verify_url
from songda.papers import words
from songda.papers.parts import Matter
from songda.papers.slip import Slip, SlipCase, SlipLine, slip

_CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity somebody signs at the counter, and the paper that shows it; `on_file`: not where the file
    names them already."""

    shown_by: str = ""
    on_file: bool = False
    organisation: bool = False

    @property
    def is_himself(self) -> bool:
        return not self.shown_by


# By the codes of law.facts.SIGNERS; who is in no row signs for nobody here.
CAPACITIES: Mapping[str, Capacity] = {
    "self": Capacity(),
    "guardian": Capacity("监护关系证明（户口簿、出生医学证明等）"),
    "legal_representative": Capacity("法定代表人身份证明书", on_file=True, organisation=True),
    "principal": Capacity("主要负责人身份证明书", organisation=True),
    "mail_staff": Capacity("单位介绍信或者工作证", organisation=True),
    "agent": Capacity("授权委托书", on_file=True),
    "named_receiver": Capacity("指定代收的书面材料", on_file=True),
    "co_resident_adult": Capacity("亲属关系和同住的证明"),
}

# What the person is told before signing an address confirmation, and the article behind each.
CONSEQUENCES: tuple[tuple[str, str], ...] = (
    ("您应当提供自己准确的送达地址和联系电话。", "法释〔2004〕13号第三条、第四条"),
    ("地址不准确，或者变更后没有书面告知，文书被退回的，退回之日视为送达之日；您能证明自己没有过错的除外。",
     "法释〔2004〕13号第十一条"),
    ("您或者您指定的代收人拒绝签收，文书被退回的，退回之日视为送达之日。", "法释〔2004〕13号第十一条"),
    ("同意电子送达的，信息到达您确认的手机、邮箱系统的日期就是送达日期，包括判决书、裁定书、调解书；需要纸质文书可以向法院提出。",
     "民事诉讼法第九十条，民诉法解释第一百三十五条、第一百三十六条"),
    ("您确认的地址在第二审、审判监督和执行程序中继续适用，直到您书面变更。", "民诉法解释第一百三十七条"),
    ("您要求保密的，法院对确认书的内容保密。", "法释〔2004〕13号第四条"),
)  # fmt: skip

REFUSED_ADDRESS = (
    "经告知后仍不提供送达地址的，自然人以户籍登记的住所地或者经常居住地、单位以登记备案的住所地为送达地址；"
    "文书因此未能实际收到的，退回之日视为送达之日（法释〔2004〕13号第三条、第五条、第十一条）。"
)


# ---- waiting ---------------------------------------------------------------------------------------------------


def appoint(service: Service, officer: Person, last_day: date) -> Collection:
    """Papers wait for the recipient until the day, under a new code."""
    return Collection.objects.create(
        court_id=service.court_id,
        service=service,
        code=_new_code(),
        last_day=last_day,
        made_by=officer,
        made_at=clock.now(),
    )


def _new_code() -> str:
    """A code that no papers of the court waited under before."""
    while True:
        code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}"
        if not Collection.objects.filter(code=code).exists():
            return code


def said_code(code: str) -> str:
    """A code as people read it aloud, in two halves."""
    return f"{code[:4]} {code[4:]}"


def appointed(collection: Collection, officer: Person, *, pronounced: bool) -> Told:
    """The recipient is to collect until the day. Only of a judgment pronounced in court does the end of the period
    serve (简易程序若干规定第二十八条); a day agreed for anything else ends and serves nobody."""
    detail = {
        "last_day": collection.last_day.isoformat(),
        "pronounced": pronounced,
        "collection": str(collection.id),
    }
    key = f"collection:{collection.id}"
    return Told("collection.appointed", clock.now(), Speaker.PERSON, str(officer.id), detail, key=key)


# ---- what came of an attendance --------------------------------------------------------------------------------


def signed(attendance: Attendance, officer: Person, signature: str, shown: Iterable[str]) -> Told:
    """Signed for at the counter, on the day itself: the officer saw the document and the hand that drew."""
    detail = {
        **_of(attendance, shown),
        "signer": attendance.signer,
        "id_number_given": True,
        "exhibit": signature,
    }
    return _told("receipt.signed", attendance, officer, detail, {})


def refused(attendance: Attendance, officer: Person, shown: list[str], private: Mapping[str, Any]) -> Told:
    """Refused to sign at the counter, after being told what follows."""
    detail = {**_of(attendance, shown), "by": attendance.signer, "recorded": bool(shown)}
    return _told("receipt.refused", attendance, officer, detail, private)


def _of(attendance: Attendance, shown: Iterable[str]) -> dict[str, Any]:
    authority = [attendance.authority_sha256] if attendance.authority_sha256 else []
    return {
        "via": "window",
        "attendance": str(attendance.id),
        "id_check": attendance.id_check,
        "exhibits": [*authority, *shown],
    }


def _told(
    name: str, attendance: Attendance, officer: Person, detail: Mapping[str, Any], private: Mapping[str, Any]
) -> Told:
    who = {"name": attendance.name, "id_number": attendance.id_number}
    key = f"counter:{attendance.id}:{name}"
    return Told(name, clock.now(), Speaker.PERSON, str(officer.id), detail, {**who, **private}, key=key)


# ---- slips -----------------------------------------------------------------------------------------------------


def notice_slip(collection: Collection) -> Paper:
    """领取通知单: what the recipient brings along to find the papers at once."""
    service = collection.service
    until = collection.last_day
    lines = (
        SlipLine("受送达人", masked(service)),
        SlipLine("领取地点", service.court.address or service.court.name),
        SlipLine("领取期限", f"{until.year}年{until.month}月{until.day}日前的工作时间"),
        *([SlipLine("联系电话", service.court.phone)] if service.court.phone else []),
    )
    notes = (
        "本人领取的，请带有效身份证件；他人代领的，另带授权委托书或者能够证明身份关系的材料。",
        "同一案件的对方当事人不得代领（法释〔2004〕13号第七条）。",
    )
    cases = (SlipCase(service.case.number, _titles(service)),)
    return _slip([service], f"collection:{collection.id}", "领取通知单", "L", lines, cases, notes, collection.code)


def receipt_slip(attendance: Attendance, services: list[Service]) -> Paper:
    """领取凭证: what was handed over, to whom, and what follows from it. Kept with every service it names."""
    lines = (
        SlipLine("领取人", masking.name(attendance.name)),
        SlipLine("身份", SIGNERS[attendance.signer]),
        SlipLine("领取时间", _moment(attendance)),
        SlipLine("经办", attendance.officer.name),
    )
    cases = tuple(SlipCase(one.case.number, _titles(one), tuple(_effects(one))) for one in services)
    notes = ("请核对文书名称和份数，妥善保管。对期限有疑问的，请当场询问工作人员。",)
    return _slip(services, f"attendance:{attendance.id}", "领取凭证", "P", lines, cases, notes)


def masked(service: Service) -> str:
    party = service.party
    return party.name if party.kind == "organisation" else masking.name(party.name)


def _titles(service: Service) -> tuple[str, ...]:
    return tuple(line.document.title for line in service.lines.select_related("document"))


def _moment(attendance: Attendance) -> str:
    at = (attendance.ended_at or attendance.came_at).astimezone(clock.BEIJING)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _effects(service: Service) -> Iterable[str]:
    """The effect and the last days of periods, once facts carry them."""
    if service.effective_on is None:
        return
    on, method = service.effective_on, words.METHODS.get(service.result_method, "")
    yield f"{method}，{on.year}年{on.month}月{on.day}日{words.RESULTS[service.result]}。"
    for period in (service.outcome or {}).get("periods", ()):
        last = date.fromisoformat(period["last_day"])
        yield f"{words.PERIODS[period['name']]}：{last.year}年{last.month}月{last.day}日"


def _slip(
    services: list[Service],
    key: str,
    title: str,
    letter: str,
    lines: tuple[SlipLine, ...],
    cases: tuple[SlipCase, ...],
    notes: tuple[str, ...],
    code: str = "",
) -> Paper:
    """The slip that was made, or a new one: kept with the first service and, under the same digest, with the others."""
    first = services[0]
    if made := Paper.objects.filter(service=first, key=key).first():
        return made
    serial = serial_of(first, f"{letter}{first.papers.filter(kind='slip').count() + 1}")
    pdf = slip(
        Slip(
            matter=Matter(matter_of(first).court, None),
            title=title,
            serial=serial,
            made_at=clock.now(),
            verify_url=verify_url(serial),
            lines=lines,
            cases=cases,
            code=said_code(code) if code else "",
            notes=notes,
        )
    )
    kept = [keep_paper(one, kind="slip", title=f"{title} {serial}", key=key, pdf=pdf) for one in services]
    return kept[0]


def printed(paper: Paper, officer: Person, times: int) -> Told:
    """The slip came out of the printer: the first time, or again."""
    detail = {"paper": str(paper.id), "times": times}
    return Told("slip.printed", clock.now(), Speaker.PERSON, str(officer.id), detail)
