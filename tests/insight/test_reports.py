"""Weekly and monthly reports: made once on the right morning, from sealed numbers, and the same to the byte again."""

import io
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from python_calamine import CalamineWorkbook

from songda.courts.actions import enrol
from songda.engine import acts
from songda.evidence.models import Fact
from songda.insight import reports
from songda.insight.indicators import INDICATORS
from songda.insight.models import PostReport, Report, ServiceFigure, Snapshot
from songda.insight.reports import Ground
from songda.insight.sealing import digest, seal_due
from songda.insight.sentences import summary
from songda.insight.telling import pictures, tables, total
from songda.lib import vault
from songda.lib.clock import BEIJING, now
from songda.lib.tenancy import for_every_court
from songda.papers import pages
from tests.cast import DENG, World, stop_the_clock
from tests.insight.days import NO_PHONE, by_phone, fold_all

MONDAY_MORNING = datetime(2026, 3, 9, 8, 0, tzinfo=BEIJING)
APRIL_MORNING = datetime(2026, 4, 1, 8, 0, tzinfo=BEIJING)


@pytest.fixture
def busy(world: World) -> World:
    """A week with an electronic service that took effect, one that came back by mail, and one that is open."""
    by_phone(world, 1)
    mailed = world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    world.later(minutes=20)
    world.returned(mailed, "untraceable")
    world.service(DENG, case_number="（2026）川0191民初3号")
    return world


def until(world: World, moment: datetime) -> None:
    world.later(seconds=(moment - now()).total_seconds())
    fold_all()


def read(court_report: Report | PostReport) -> str:
    return pages.text(vault.get(court_report.pdf_sha256)).replace("\n", "")


def sheets(made: Report | PostReport) -> Mapping[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(vault.get(made.xlsx_sha256)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_weeks_report_is_made_on_monday_morning_and_only_once(busy: World) -> None:
    until(busy, MONDAY_MORNING.replace(hour=7, minute=59))
    assert reports.make_due() == 0
    until(busy, MONDAY_MORNING)
    assert reports.make_due() == 1
    assert reports.make_due() == 0
    with busy.here():
        made = Report.objects.get()
    assert (made.rhythm, made.first, made.last) == ("week", date(2026, 3, 2), date(2026, 3, 8))


def test_after_a_holiday_the_report_waits_for_the_first_working_day(busy: World) -> None:
    # The week of 27 April ends on 3 May, within the holiday that lasts until 5 May.
    span = reports.week_of(date(2026, 4, 30))
    assert reports.ready_at(busy.court, span) == datetime(2026, 5, 6, 8, 0, tzinfo=BEIJING)


def test_nothing_is_reported_while_news_of_the_week_waits(busy: World) -> None:
    busy.later(days=7)
    stop_the_clock(MONDAY_MORNING.replace(hour=9))
    assert reports.make_due() == 0


def test_the_months_report_says_what_the_seal_says_whatever_is_corrected_afterwards(busy: World) -> None:
    until(busy, APRIL_MORNING.replace(hour=1))
    assert seal_due() == 1
    with busy.here():
        sealed = Snapshot.objects.get()
        service = ServiceFigure.objects.get(way="electronic").service
        told = Fact.objects.get(about=service.id, name="receipt.signed")
        acts.ask_correction(service, busy.an, told.id, "不是本案受送达人")
    busy.does(busy.bai, service, "correction", "granted")
    until(busy, APRIL_MORNING)
    reports.make_due()
    with busy.here():
        made = Report.objects.get(rhythm="month")
    assert made.said["now"] == sealed.values["counters"]
    assert made.said["days"] == sealed.values["days"]
    shown = {row[0]: row[1] for row in sheets(made)["指标"][1:]}
    assert shown["电子送达率"] == pytest.approx(sealed.values["indicators"]["electronic_rate"]["value"])


def test_both_files_are_made_again_to_the_byte_from_the_sealed_numbers(busy: World) -> None:
    until(busy, MONDAY_MORNING)
    reports.make_due()
    with busy.here():
        made = Report.objects.get()
    assert digest(made.said) == made.sha256
    assert reports.pdf(made.said, made.made_at) == vault.get(made.pdf_sha256)
    assert reports.xlsx(made.said, made.made_at) == vault.get(made.xlsx_sha256)


def test_the_ledger_has_the_digests_of_numbers_and_files(busy: World) -> None:
    until(busy, MONDAY_MORNING)
    reports.make_due()
    with busy.here():
        made, fact = Report.objects.get(), Fact.objects.get(name="report.made")
    assert fact.about == busy.court.id
    assert (fact.detail["sha256"], fact.detail["pdf"], fact.detail["xlsx"]) == (
        made.sha256,
        made.pdf_sha256,
        made.xlsx_sha256,
    )


@pytest.mark.parametrize("statement", ["UPDATE songda_report SET sha256 = ''", "DELETE FROM songda_report"])
def test_not_even_the_owner_changes_a_report(busy: World, statement: str) -> None:
    until(busy, MONDAY_MORNING)
    reports.make_due()
    with pytest.raises(ProgrammingError, match="only grows"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_print_and_sheet_say_the_same_numbers_with_their_definitions(busy: World) -> None:
    until(busy, MONDAY_MORNING)
    reports.make_due()
    with busy.here():
        made = Report.objects.get()
    said, written = read(made), sheets(made)
    assert "成都高新技术产业开发区人民法院" in said
    assert "2026年3月2日至3月8日" in said
    for table in tables(made.said):
        assert [str(cell) for cell in written[table.title][0]] == list(table.columns)
        assert len(table.rows) <= len(written[table.title])
    for one in INDICATORS.values():
        assert one.formula.replace(" ", "") in said.replace(" ", "")
        assert one.formula in [row[1] for row in written["指标定义"]]
    returned = {row[0]: row[1] for row in written["退回原因"][1:]}
    assert returned["查无此人、下落不明"] == 1.0


def test_the_summary_says_only_what_the_numbers_carry(busy: World) -> None:
    until(busy, MONDAY_MORNING)
    reports.make_due()
    with busy.here():
        said = Report.objects.get().said
    text = "".join(summary(said))
    assert f"本周受理送达任务{total(said['now'], 'started')}项；" in text
    assert "电子送达占100.0%" in text
    assert "邮政集约送达率100.0%（1 ÷ 1），达到80.0%的目标" in text
    assert "退回邮件1件，最多的原因是" in text
    assert "没有责任事故" in text
    assert "上周没有数据" in text
    # Too few tries to call any way the best.
    assert "成功率最高" not in text


def test_best_and_worst_are_named_from_enough_tries_and_periods_are_compared() -> None:
    before = {"started": {"": 10}, "finished": {"served": 10}, "effective": {"electronic": 5}}
    now = {
        "started": {"": 12},
        "finished": {"served": 12},
        "effective": {"electronic": 9, "postal": 3},
        "tried_electronic": {"": 10},
        "tried_postal": {"": 12},
        "tried_field": {"": 4},
    }
    said = {"side": "court", "rhythm": "month", "first": "2026-03-01", "now": now, "before": before, "loads": {}}
    text = "".join(summary(said))
    assert "本月受理送达任务12项，比上月增加2项" in text
    assert "用过5次以上的方式中，电子成功率最高（90.0%），邮寄最低（25.0%）" in text
    assert "办结的任务中，100.0%送达生效，比上月增加50.0个百分点" in text


def test_a_quiet_week_says_so_and_draws_nothing(world: World) -> None:
    by_phone(world, 1)
    until(world, datetime(2026, 3, 16, 8, 0, tzinfo=BEIJING))
    reports.make_due()
    with world.here():
        quiet = Report.objects.get(first=date(2026, 3, 9)).said
    assert summary(quiet)[0] == "本周没有受理也没有办结的送达任务。"
    assert pictures(tables(quiet)) == []


def test_weeks_missed_while_the_platform_was_off_are_made_up_for(world: World) -> None:
    by_phone(world, 1)
    until(world, datetime(2026, 3, 25, 12, 0, tzinfo=BEIJING))
    assert reports.make_due() == 3


# ---- the post ----


@pytest.fixture
def posted(busy: World) -> World:
    """周岚 looks after both courts, 方远 after one."""
    for court in (busy.court, busy.other_court):
        enrol(busy.zhou, court, ["post_manager"])
    enrol(busy.fang, busy.court, ["post_liaison"])
    until(busy, MONDAY_MORNING)
    reports.make_due()
    return busy


def test_the_post_has_one_report_for_each_circle_of_courts_somebody_looks_after(posted: World) -> None:
    both = sorted((posted.court, posted.other_court), key=lambda court: court.code)
    assert sorted(reports.circles(), key=len) == [(posted.court,), tuple(both)]
    assert PostReport.objects.count() == 2
    assert reports.make_due() == 0


def test_the_posts_report_has_every_courts_numbers_and_nothing_of_any_case(posted: World) -> None:
    wide = max(PostReport.objects.all(), key=lambda one: len(one.circle))
    rows = {row[0]: row[1] for row in sheets(wide)["各法院"][1:3]}
    assert rows == {"成都高新": 3.0, "成华": 0.0}
    everything = read(wide) + str(sheets(wide)) + str(wide.said)
    for private in ("民初", DENG.name, NO_PHONE.name, DENG.phone, "人民南路"):
        assert private not in everything


def test_the_posts_report_stands_in_the_ledger_of_each_court_it_covers(posted: World) -> None:
    wide = max(PostReport.objects.all(), key=lambda one: len(one.circle))
    with for_every_court():
        facts = Fact.objects.filter(name="report.made", detail__report=str(wide.id))
        assert {fact.court_id for fact in facts} == set(wide.circle)


def test_a_post_report_is_read_only_by_who_works_at_all_its_courts(posted: World) -> None:
    only = [posted.court.id]
    assert all(one.circle == only for one in reports.of_post(only))
    assert len(reports.of_post([posted.court.id, posted.other_court.id])) == 2


def test_a_report_of_days_to_come_is_refused(busy: World) -> None:
    fold_all()
    with busy.here(), pytest.raises(reports.NotReady):
        reports.make(Ground("court", "week", reports.week_of(date(2026, 3, 9)), (busy.court,)))
