"""Reports at the desk: who reads which, and that taking one is kept."""

import re

import pytest

from songda.courts.actions import enrol
from songda.evidence.models import Fact
from songda.insight import reports
from songda.insight.models import PostReport, Report
from tests.cast import World
from tests.insight.conftest import At
from tests.insight.days import by_phone
from tests.insight.test_reports import MONDAY_MORNING, until


@pytest.fixture
def reported(world: World) -> World:
    """A week over, reported for the court, and for 周岚 who looks after both courts."""
    for court in (world.court, world.other_court):
        enrol(world.zhou, court, ["post_manager"])
    by_phone(world, 1)
    until(world, MONDAY_MORNING)
    reports.make_due()
    return world


def test_a_report_is_listed_read_and_taken_in_both_forms(reported: World, at: At) -> None:
    page = at(reported.an)
    listed = page.get("/reports/").content.decode()
    assert "2026年3月2日至3月8日" in listed
    with reported.here():
        made = Report.objects.get()
    read = page.get(f"/reports/court/{made.id}/").content.decode()
    assert "本周受理送达任务1项" in read
    assert made.sha256[:16] in read
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        taken = page.get(f"/reports/court/{made.id}/{form}/")
        assert taken.content.startswith(begins)
        assert "attachment" in taken["Content-Disposition"]


def test_who_took_a_report_is_in_the_ledger(reported: World, at: At) -> None:
    with reported.here():
        made = Report.objects.get()
    at(reported.an).get(f"/reports/court/{made.id}/pdf/")
    with reported.here():
        fact = Fact.objects.get(name="report.downloaded")
    assert fact.speaker_ref == str(reported.an.pk)
    assert fact.detail == {"report": str(made.id), "form": "pdf", "sha256": made.pdf_sha256}


def test_looking_at_a_report_is_not_taking_it(reported: World, at: At) -> None:
    with reported.here():
        made = Report.objects.get()
    at(reported.an).get(f"/reports/court/{made.id}/")
    with reported.here():
        assert not Fact.objects.filter(name="report.downloaded").exists()


def test_the_post_reads_its_own_report_and_not_the_courts(reported: World, at: At) -> None:
    page, wide = at(reported.zhou), PostReport.objects.get()
    assert page.get(f"/reports/post/{wide.id}/").status_code == 200
    with reported.here():
        made = Report.objects.get(court=reported.court)
    assert page.get(f"/reports/court/{made.id}/").status_code == 404


def test_who_works_at_one_of_its_courts_only_does_not_read_the_posts_report(reported: World, at: At) -> None:
    wide = PostReport.objects.get()
    page = at(reported.fang)
    assert page.get(f"/reports/post/{wide.id}/").status_code == 404
    assert page.get(f"/reports/post/{wide.id}/pdf/").status_code == 404
    assert str(wide.id) not in page.get("/reports/").content.decode()


def test_another_court_does_not_see_the_report(reported: World, at: At) -> None:
    with reported.here():
        made = Report.objects.get(court=reported.court)
    page = at(reported.cheng)
    assert page.get(f"/reports/court/{made.id}/").status_code == 404
    assert str(made.id) not in page.get("/reports/").content.decode()


def test_taking_the_posts_report_is_kept_by_every_court_it_covers(reported: World, at: At) -> None:
    wide = PostReport.objects.get()
    assert at(reported.zhou).get(f"/reports/post/{wide.id}/xlsx/").content[:2] == b"PK"
    with reported.here():
        assert Fact.objects.filter(name="report.downloaded", detail__report=str(wide.id)).count() == 1


def test_what_is_not_there_is_not_found(reported: World, at: At) -> None:
    with reported.here():
        made = Report.objects.get(court=reported.court)
    page = at(reported.an)
    for path in (f"/reports/court/{made.id}/docx/", f"/reports/post/{made.id}/", f"/reports/nobody/{made.id}/"):
        assert page.get(path).status_code == 404, path


def test_every_link_of_the_list_answers(reported: World, at: At) -> None:
    page = at(reported.an)
    links = re.findall(r'href="(/reports/court/[^"]+)"', page.get("/reports/").content.decode())
    assert len(links) == 3
    assert {page.get(link).status_code for link in links} == {200}
