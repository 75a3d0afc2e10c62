"""送达回证, 电子送达凭证, 更正说明: what stands on them is what was given, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from songda.law.explain import explain
from songda.law.explanation import Explanation
from songda.law.facts import SIGNERS
from songda.law.methods import METHODS
from songda.law.periods import PERIOD_NAMES
from songda.law.situation import Case, Document, Fact, Party, Recipient, Situation
from songda.law.steps import RESULTS
from songda.lib.calendar import WorkingDays
from songda.papers import words
from songda.papers.parts import Enclosure, Picture, Receipt
from songda.papers.proof import Finding, correction, electronic_proof, proof_of_service
from tests.papers import reading, samples


def test_a_proof_names_court_case_recipient_place_and_papers() -> None:
    text = reading.words(proof_of_service(samples.proof()))
    for expected in (
        samples.COURT,
        "送达回证",
        samples.NUMBER,
        "民间借贷纠纷",
        "邓明远",
        "四川省成都市武侯区天府大道中段530号2栋1单元1204号",
        "3.应诉通知书、举证通知书2份",
        "安晓、方达",
    ):
        assert expected in text


def test_a_proof_states_result_effective_date_articles_and_the_last_day_to_answer() -> None:
    text = reading.words(proof_of_service(samples.proof()))
    assert "视为送达生效日期：2026年3月18日方式：邮寄送达（法院专递）" in text
    assert "依据：法释〔2004〕13号第六条第二款、第十一条第一款" in text
    assert "本结论可由受送达人举证推翻" in text
    assert "答辩期限届满2026年4月2日民事诉讼法第一百二十八条；第八十五条" in text


def test_the_course_shows_when_it_happened_when_we_learnt_and_who_says_so() -> None:
    text = reading.words(proof_of_service(samples.proof()))
    assert "2026年3月2日09:002026年3月2日09:30四川省高新邮政支局投递员方某" in text


def test_the_digest_of_each_paper_is_printed_whole() -> None:
    text = reading.words(proof_of_service(samples.proof()))
    for paper in samples.PAPERS:
        assert paper.sha256 in text


def test_the_qr_code_leads_to_the_page_that_verifies_this_proof() -> None:
    paper = samples.proof()
    assert reading.codes(proof_of_service(paper)) == [paper.verify_url]


def test_a_relative_who_signed_stands_in_the_row_for_receivers_with_the_relation() -> None:
    signed = Receipt("邓明珠", "co_resident_adult", date(2026, 3, 17), "510107199201011222")
    text = reading.words(proof_of_service(samples.proof(receipt=signed)))
    assert "邓明珠关系：同住成年家属" in text
    assert "收到日期2026年3月17日证件号码510107199201011222" in text


def test_a_proof_that_corrects_another_names_it() -> None:
    text = reading.words(proof_of_service(samples.proof(replaces="SD-0191-20260301-000009")))
    assert "本回证更正并替代编号SD-0191-20260301-000009的送达回证" in text


def test_empty_fields_are_struck_through_and_no_word_none_appears() -> None:
    bare = samples.proof(
        matter=replace(samples.MATTER, number=None, cause=""),
        place="",
        papers=(),
        course=(),
        served_by=(),
        remarks="",
        finding=replace(samples.deemed(), effective_on=None, articles=(), periods=(), result="not_served"),
    )
    pdf = proof_of_service(bare)
    text = reading.words(pdf)
    assert text.count("／") == 10
    assert "none" not in text.lower()
    assert "未能送达方式" in text
    assert reading.pages(pdf) == 1


def test_sixty_facts_and_twenty_papers_run_over_pages_with_the_head_of_the_table_on_each() -> None:
    papers = tuple(Enclosure(f"证据材料第{n}册", n, f"{n:064x}") for n in range(1, 21))
    pdf = proof_of_service(samples.proof(course=samples.course(60), papers=papers))
    text = reading.words(pdf)
    assert 3 <= reading.pages(pdf) <= 6
    assert text.count("序发生时间知悉时间来源情况") >= 2
    assert all(paper.name in text and paper.sha256 in text for paper in papers)


def test_an_unknown_signer_is_an_error_and_never_printed_as_a_code() -> None:
    with pytest.raises(KeyError):
        proof_of_service(samples.proof(receipt=Receipt("某", "neighbour", None)))


def test_an_electronic_proof_keeps_sent_reached_opened_and_signed_apart() -> None:
    text = reading.words(electronic_proof(samples.electronic()))
    assert "渠道电子地址发出到达查阅签收" in text
    moments = "2026年3月3日09:012026年3月3日09:012026年3月3日12:202026年3月3日12:24"
    assert moments in text


def test_a_moment_nobody_reported_is_said_to_be_unrecorded() -> None:
    text = reading.words(electronic_proof(samples.electronic()))
    assert "失败：对方邮箱已满2026年3月3日09:01未记录未记录未记录" in text


def test_the_drawn_signature_is_in_the_file_as_a_picture() -> None:
    unsigned = electronic_proof(samples.electronic(receipt=Receipt("邓明远", "self", date(2026, 3, 3))))
    assert reading.pictures(unsigned) == 0
    assert reading.pictures(electronic_proof(samples.electronic())) == 1


def test_a_correction_links_the_old_proof_with_the_new_and_says_who_agreed() -> None:
    paper = samples.amended()
    text = reading.words(correction(paper))
    for expected in (paper.old_serial, paper.old_sha256, paper.new_serial, paper.new_sha256, "白洁（审判员）"):
        assert expected in text
    assert "送达结果视为送达已送达" in text


def test_the_scan_of_the_mail_receipt_is_printed_after_the_proof() -> None:
    scan = Picture(samples.photo(), "邮件1093847561234回执", samples.at(18, 10))
    pdf = proof_of_service(samples.proof(exhibits=(scan,)))
    assert "影像1邮件1093847561234回执拍摄时间：2026年3月18日10:00" in reading.words(pdf)
    assert reading.pictures(pdf) == 1
    assert reading.pages(pdf) == reading.pages(proof_of_service(samples.proof())) + 1


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.METHODS, METHODS),
        (words.RESULTS, RESULTS),
        (words.PERIODS, PERIOD_NAMES),
        (words.SIGNERS, SIGNERS),
    ],
)
def test_each_code_of_the_law_has_one_name_on_paper(table: Mapping[str, str], codes: Iterable[str]) -> None:
    assert set(table) == set(codes)
    assert len(set(table.values())) == len(table)


def test_kinship_is_printed_where_it_is_known() -> None:
    wife = Receipt("何某", "co_resident_adult", date(2026, 3, 17), relation="同住成年家属（妻子）")
    assert "何某关系：同住成年家属（妻子）" in reading.words(proof_of_service(samples.proof(receipt=wife)))


def test_what_the_law_explains_is_what_the_proof_says() -> None:
    confirmed = Recipient(kind="person", capacity="full", address_rank="confirmed")
    facts = (Fact("mail.accepted", samples.at(2, 9), samples.at(2, 9), "carrier", {}),) + tuple(
        Fact("mail.attempt_failed", samples.at(day, 10), samples.at(day, 11), "carrier", {"reason": "no_answer"})
        for day in (3, 4, 5)
    )
    back = Fact("mail.returned", samples.at(18, 9), samples.at(18, 10), "carrier", {"because": "moved_unreported"})
    situation = Situation(
        as_of=samples.MADE,
        case=Case(samples.NUMBER, "ordinary", (Party("邓明远", "被告"),)),
        recipient=confirmed,
        documents=(Document("complaint"),),
        facts=(*facts, back),
    )
    explanation = explain(situation, WorkingDays())
    text = reading.words(proof_of_service(samples.proof(finding=Finding.of(explanation))))
    assert "视为送达生效日期：2026年3月18日方式：邮寄送达（法院专递）" in text
    assert "".join(explanation.explanation.split()) in text
    assert "答辩期限届满2026年4月2日" in text


def test_a_service_without_an_outcome_has_nothing_to_prove() -> None:
    pending = Explanation(step="electronic", allowed_methods=(), outcome=None, periods=(), explanation="尚未送达。")
    with pytest.raises(ValueError, match="no outcome"):
        Finding.of(pending)


def test_a_payment_order_that_lapsed_shows_a_date_and_no_method() -> None:
    lapsed = replace(samples.deemed(), result="not_served", method=None, periods=(), sentence="支付令失效。")
    assert "未能送达日期：2026年3月18日支付令失效。" in reading.words(proof_of_service(samples.proof(finding=lapsed)))
