"""公告: each kind of paper brings what article 139 of the interpretation asks for."""

import pytest

from songda.papers.notice import OtherPaper, PublicNotice, Summons, public_notice, text
from tests.papers import reading, samples


@pytest.mark.parametrize("version", ["board", "newspaper"])
def test_a_notice_says_why_no_other_way_was_left(version: str) -> None:
    said = reading.words(public_notice(samples.notice(), version))  # type: ignore[arg-type]
    assert "因你下落不明，以直接、邮寄、电子等方式均无法送达" in said
    assert said.startswith("成都高新" if version == "board" else "公告邓明远：")


def test_a_complaint_brings_its_gist_the_time_to_answer_and_what_silence_means() -> None:
    said = reading.words(public_notice(samples.notice()))
    assert "起诉要点：原告白玉兰请求判令你归还借款本金80000元及利息，并承担诉讼费用。" in said
    assert "提出答辩状的期限为公告期满后的15日内，逾期不答辩的，不影响人民法院审理。" in said


def test_a_summons_brings_time_place_and_what_absence_means() -> None:
    said = reading.words(public_notice(samples.notice()))
    assert "本院定于2026年6月15日9时30分在本院第六审判庭公开开庭审理，无正当理由逾期不到庭的，将依法缺席判决。" in said


def test_a_hearing_may_be_counted_from_the_notice() -> None:
    item = Summons(at=None, after="举证期限届满后第三日上午9时（遇法定休假日顺延）", place="第二审判庭")
    assert "本院定于举证期限届满后第三日上午9时（遇法定休假日顺延）在第二审判庭" in text(samples.notice(items=(item,)))


def test_a_judgment_brings_its_gist_and_right_time_and_court_of_appeal() -> None:
    said = reading.words(public_notice(samples.judgment_notice()))
    assert "主要内容：邓明远于本判决生效之日起十日内归还白玉兰借款本金80000元及利息。" in said
    assert "如不服本判决，可在公告期满之日起15日内，向本院递交上诉状，上诉于四川省成都市中级人民法院" in said


@pytest.mark.parametrize(("days", "article"), [(30, "第九十五条"), (60, "第二百八十三条")])
def test_a_notice_runs_30_days_or_60_for_a_party_without_domicile_in_china(days: int, article: str) -> None:
    said = text(samples.notice(days=days))
    assert f"自本公告发出之日起，经过{days}日，即视为送达。" in said
    assert article in said


def test_another_paper_brings_what_it_demands() -> None:
    item = OtherPaper(title="执行通知书", demand="自公告期满之日起三日内履行生效法律文书确定的义务")
    said = text(samples.notice(items=(item,)))
    assert "现向你公告送达执行通知书。自公告期满之日起三日内履行生效法律文书确定的义务。" in said


def test_a_notice_for_other_days_or_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="30 or 60"):
        samples.notice(days=45)
    with pytest.raises(ValueError, match="at least one"):
        samples.notice(items=())


def test_the_newspaper_version_is_one_narrow_column() -> None:
    pdf = public_notice(samples.notice(), "newspaper")
    assert reading.pages(pdf) == 1
    assert reading.millimetres(pdf)[0] == 68


def test_the_text_for_a_website_ends_with_the_court() -> None:
    notice: PublicNotice = samples.notice()
    assert text(notice).startswith("邓明远：本院受理")
    assert text(notice).endswith(f"（{samples.COURT}）")
