"""The demonstration: five Chengdu courts, people of both organisations, and a few dozen cases of invented people.

Loading again changes nothing but the addresses of the sandbox's printers, which move with its port.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Max

from songda.courts import actions as courts
from songda.courts.models import Court, Person, PrintSite, Role
from songda.engine.intake import hand_over
from songda.evidence.models import Fact
from songda.filing.draft import OrderDraft, PartyDraft, Upload
from songda.filing.models import Order
from songda.gateways.sandbox.register import DemoPerson, cast
from songda.lib import clock
from songda.lib.calendar import WorkingDays
from songda.lib.tenancy import acting_for, for_every_court
from songda.management import talk
from songda.management.gait import REAL
from songda.papers import renditions

SEED = 1
# How many seconds of the platform's time pass in one: an hour in six seconds, a day in two and a half minutes.
SPEED = 600.0
PASSWORD = "songda-demo-2026"  # noqa: S105 - opens the demonstration only; it is printed at every start


@dataclass(frozen=True, slots=True)
class DemoCourt:
    code: str
    name: str
    short_name: str
    slug: str
    division: str
    address: str
    settings: dict[str, object]


COURTS = (
    DemoCourt(
        "川0191",
        "成都高新技术产业开发区人民法院",
        "成都高新",
        "gaoxin",
        "510107",
        "四川省成都市高新区天府大道北段966号",
        {"consent_by": "both"},
    ),
    DemoCourt("川0108", "成都市成华区人民法院", "成华", "chenghua", "510108", "四川省成都市成华区建设北路三段98号", {}),
    DemoCourt("川0114", "成都市新都区人民法院", "新都", "xindu", "510114", "四川省成都市新都区桂湖中路11号", {}),
    DemoCourt(
        "川0129",
        "大邑县人民法院",
        "大邑",
        "dayi",
        "510129",
        "四川省成都市大邑县晋原街道桃源大道63号",
        {"access_level": "link", "law_firm_link": True},
    ),
    DemoCourt("川01", "四川省成都市中级人民法院", "成都中院", "zhongyuan", "510104", "四川省成都市抚琴西路109号", {}),
)

# user name before the court's own, name, organisation, roles
_COURT_PEOPLE: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("an", "安雨", "court", (Role.CLERK,)),
    ("bai", "白松", "court", (Role.JUDGE,)),
    ("meng", "孟珂", "court", (Role.MANAGER, Role.COURT_LIAISON, Role.JUDGE)),
)
# The post's centre staff serve every court; one couriers for all.
_POST_PEOPLE: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("zhou", "周岚", (Role.ELECTRONIC, Role.WINDOW)),
    ("wu", "吴桐", (Role.MAIL,)),
    ("fang", "方远", (Role.FIELD, Role.COURIER)),
    ("qin", "秦朗", (Role.POST_LIAISON, Role.POST_MANAGER)),
)
_SITES = (
    ("510107", "武侯打印点", "四川省成都市武侯区"),
    ("510108", "成华打印点", "四川省成都市成华区"),
    ("510114", "新都打印点", "四川省成都市新都区"),
    ("510129", "大邑打印点", "四川省成都市大邑县"),
    ("510703", "绵阳打印点", "四川省绵阳市涪城区"),
    ("500103", "重庆打印点", "重庆市渝中区"),
    ("440305", "深圳打印点", "广东省深圳市南山区"),
)

_SITTINGS = (time(9, 30), time(14, 30), time(10, 0))

# procedure, case type, cause, papers
_SORTS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("ordinary", "民初", "民间借贷纠纷", (("complaint", "起诉状副本"), ("summons", "传票"), ("notice", "应诉通知书"))),
    ("ordinary", "民初", "买卖合同纠纷", (("complaint", "起诉状副本"), ("summons", "传票"))),
    ("summary", "民初", "物业服务合同纠纷", (("complaint", "起诉状副本"), ("summons", "传票"))),
    ("ordinary", "民初", "信用卡纠纷", (("judgment", "民事判决书"),)),
    ("enforcement", "执", "民间借贷纠纷", (("notice", "执行通知书"), ("notice", "报告财产令"))),
    ("ordinary", "民初", "离婚纠纷", (("complaint", "起诉状副本"), ("summons", "传票"))),
)


def load(orders_per_court: int = 8) -> None:
    """Make what is not there yet, and let the clock go on from the last thing that happened."""
    _go_on()
    _sites()
    for place, about in enumerate(COURTS):
        court = courts.found(
            code=about.code,
            name=about.name,
            short_name=about.short_name,
            settings=about.settings,
            division_code=about.division,
            address=about.address,
            phone="028-12368",
        )
        _people(court, about.slug)
        with acting_for(court.id):
            if not Order.objects.exists():
                _orders(court, place, orders_per_court)
                speakers = (username("an", about.slug), "zhou", "wu")
                talk.begin(court, *(Person.objects.get(username=one) for one in speakers))


def _go_on() -> None:
    """At the machine's own speed: nobody is at work yet. `songda pace` lets the clock run once everybody is."""
    with for_every_court():
        last = Fact.objects.aggregate(last=Max("learnt_at"))["last"]
    clock.resume(last or clock.now(), speed=REAL, asked=SPEED)


def _sites() -> None:
    port = os.environ.get("SONGDA_SANDBOX_IPP", "8603")
    for division, name, address in _SITES:
        uri = f"ipp://127.0.0.1:{port}/ipp/print/{division}"
        PrintSite.objects.update_or_create(
            division_code=division, defaults={"name": name, "address": address, "ipp_uri": uri}
        )


def username(name: str, slug: str) -> str:
    """The first court's people have the short names: an, bai; the others' carry their court: an.dayi."""
    return name if slug == COURTS[0].slug else f"{name}.{slug}"


def _people(court: Court, slug: str) -> None:
    for name, chinese, organisation, roles in _COURT_PEOPLE:
        courts.enrol(_person(username(name, slug), chinese, organisation), court, roles)
    for name, chinese, post_roles in _POST_PEOPLE:
        courts.enrol(_person(name, chinese, "post"), court, post_roles)


def _person(name: str, chinese: str, organisation: str) -> Person:
    found = Person.objects.filter(username=name).first()
    return found or Person.objects.create_user(name, PASSWORD, name=chinese, organisation=organisation)


def _orders(court: Court, place: int, many: int) -> None:
    an = Person.objects.get(username=username("an", COURTS[place].slug))
    bai = username("bai", COURTS[place].slug)
    people = _recipients(place, many)
    for serial, person in enumerate(people, start=1):
        hand_over(court, an, draft(court, person, next(people, None), serial, judge=bai))
        if serial >= many:
            return


def _recipients(place: int, many: int) -> Iterator[DemoPerson]:
    """Each court has its own stretch of the cast, organisations among the persons."""
    everybody = cast(SEED)
    persons = [one for one in everybody if one.kind == "person"]
    organisations = [one for one in everybody if one.kind == "organisation"]
    for turn in range(2 * many):
        source = organisations if turn % 5 == 4 else persons
        yield source[(place * 2 * many + turn) % len(source)]


def draft(court: Court, first: DemoPerson, second: DemoPerson | None, serial: int, *, judge: str = "") -> OrderDraft:
    """An order of one or two recipients, of a sort that goes by its serial."""
    procedure, case_type, cause, papers = _SORTS[serial % len(_SORTS)]
    number = f"（{clock.today().year}）{court.code}{case_type}{1000 + serial}号"
    recipients = [one for one in (first, second if serial % 3 == 0 else None) if one is not None]
    roles = ("申请执行人", "被执行人") if procedure == "enforcement" else ("原告", "被告")
    parties = (
        PartyDraft(role=roles[0], name=f"{court.short_name}望溪小额贷款有限公司", kind="organisation", serve=False),
        *(_party(one, roles[1], serial) for one in recipients),
    )
    names = "、".join(one.name for one in recipients)
    hearing = _hearing(serial, procedure)
    return OrderDraft(
        case_number=number,
        procedure=procedure,
        parties=parties,
        uploads=tuple(_paper(court, number, cause, names, kind, title) for kind, title in papers),
        cause=cause,
        judge=judge,
        hearing_at=hearing,
        hearing_place="第三审判庭" if hearing else "",
    )


def _hearing(serial: int, procedure: str) -> datetime | None:
    """Every second trial has its day set, one in twelve so soon that not every way of service fits before it."""
    if serial % 2 or procedure == "enforcement":
        return None
    calendar = WorkingDays()
    day = clock.today() + timedelta(days=7 if serial % 12 == 2 else 25 + serial % 9)
    while calendar.is_day_off(day):
        day += timedelta(days=1)
    return datetime.combine(day, _SITTINGS[serial % len(_SITTINGS)], clock.BEIJING)


def _party(person: DemoPerson, role: str, serial: int) -> PartyDraft:
    return PartyDraft(
        role=role,
        name=person.name,
        kind=person.kind,
        id_number=person.id_number,
        phone=person.filed_phone if serial % 4 else "",
        email=person.email if serial % 5 == 0 else "",
        account=person.account,
        account_platform=person.account_platform,
        # Some gave the account in their own papers: to the others nothing is sent there.
        consent="address_in_pleading" if person.account and serial % 4 == 0 else "",
        address=person.filed_address,
        address_rank="confirmed" if serial % 6 == 5 else "filed",
        legal_representative=person.legal_representative,
    )


def _paper(court: Court, number: str, cause: str, names: str, kind: str, title: str) -> Upload:
    says = f"本院受理{cause}一案，现依法向你送达{title}。"
    lines = (court.name, title, number, f"{names}：", says, "（演示文书，人物和内容均为虚构）")
    content = renditions.of_text("\n\n".join(lines), made_at=clock.now())
    return Upload(filename=f"{title}.pdf", content=content, kind=kind, title=title)


def logins() -> Iterable[tuple[str, str, str]]:
    """User name, what the person is, and where: for the first page of a demonstration."""
    for about in COURTS[:2]:
        for name, chinese, _, roles in _COURT_PEOPLE:
            yield (
                username(name, about.slug),
                f"{chinese}（{'、'.join(role.label for role in roles)}）",
                about.short_name,
            )
    for name, chinese, post_roles in _POST_PEOPLE:
        yield name, f"{chinese}（{'、'.join(role.label for role in post_roles)}）", "邮政，服务各法院"
