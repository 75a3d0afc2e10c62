"""What concerns the case and not one recipient: its hearing, its notice's words, the day its judgment becomes final."""

from dataclasses import replace
from datetime import date, timedelta

from songda.engine.stations import STATIONS
from songda.filing.models import Case, Service
from songda.filing.queries import finality_of
from songda.lib.clock import now
from songda.methods.models import PublicNotice
from tests.cast import DENG, JUDGMENT, World

NO_PHONE = replace(DENG, phone="")
SUN = replace(DENG, name="孙若兰", id_number="", phone="", address="四川省成都市成华区建设路26号3栋1单元1201室")


def test_a_hearing_nearer_than_the_present_rung_raises_its_hand_once(world: World) -> None:
    service = world.service(hearing_at=now() + timedelta(days=6), hearing_place="第三审判庭")
    item = world.item(service, "hearing_at_risk")
    assert item.role == "clerk"
    assert "开庭" in item.reason
    world.does(world.an, service, "hearing_at_risk", "next_rung", reason="开庭在即，直接邮寄")
    assert world.read(service).step in {"finding", "printing"}


def test_a_hearing_far_away_troubles_nobody(world: World) -> None:
    service = world.service(hearing_at=now() + timedelta(days=60))
    with world.here():
        assert not service.work_items.exists()


def test_every_step_a_service_was_seen_on_has_an_owner(world: World) -> None:
    service = world.service(NO_PHONE)
    seen = {service.step}
    world.later(minutes=11)
    seen.add(world.read(service).step)
    assert seen <= STATIONS.keys()
    assert world.read(service).owner_role == "mail"


def test_the_gist_a_judge_approves_is_what_the_notice_says(world: World) -> None:
    service = world.service(replace(NO_PHONE, address_rank="registered"))
    world.later(minutes=11)
    world.returned(service, "untraceable")
    world.later(minutes=10)
    world.does(world.bai, service, "inquiry_authority", "granted", reason="邮件因下落不明退回，须查明户籍地址")
    world.later(minutes=20)
    world.does(world.bai, service, "notice_approval", "approved", gist="原告请求判令你偿还借款三十万元及利息")
    with world.here():
        notice = PublicNotice.objects.get(service=service)
    assert "偿还借款三十万元" in notice.text


def test_a_judgment_is_final_when_the_last_partys_appeal_has_run_out(world: World) -> None:
    order = world.hand_over(NO_PHONE, SUN, uploads=(JUDGMENT,))
    world.later(minutes=11)
    with world.here():
        first, second = Service.objects.filter(order=order).order_by("number")
        case = Case.objects.get()
    world.mailed(first, "self")
    with world.here():
        known = finality_of(case)
    assert known is not None
    assert (known.on, known.open, known.parties) == (None, 1, 2)
    world.later(days=3)
    world.mailed(second, "self")
    with world.here():
        after = finality_of(case)
    assert after is not None
    assert after.on == date(2026, 3, 23), "15 days after 7 March, a Sunday moved to Monday"
