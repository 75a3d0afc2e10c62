"""协查函, 委托送达函, 转交送达函, 送达地址确认书, 送达笔录, 电话送达记录."""

import pytest

from songda.papers.address import address_confirmation
from songda.papers.letters import entrusting_letter, forwarding_letter, inquiry_letter
from songda.papers.records import call_record, visit_record
from tests.papers import reading, samples


def test_an_inquiry_names_whom_it_seeks_what_it_asks_and_until_when_and_carries_the_answer_form() -> None:
    pdf = inquiry_letter(samples.inquiry())
    text = reading.words(pdf)
    assert "请你单位协助查询其联系电话、现住址，并于2026年3月20日16:15前将结果反馈我院" in text
    assert "1邓明远510107199001011234原住武侯区天府大道中段530号" in text
    assert "协查回执对应（2026）川0191协查56号" in text
    assert reading.pages(pdf) == 2


def test_an_entrusting_letter_sets_the_ten_days_and_encloses_papers_and_a_form_of_proof() -> None:
    text = reading.words(entrusting_letter(samples.entrusting()))
    assert "大邑县人民法院：" in text
    assert "收到本函及诉讼文书之日起十日内代为送达" in text
    assert "4.送达回证1份" in text


@pytest.mark.parametrize(
    ("forwarder", "article"), [("army", "第九十二条"), ("prison", "第九十三条"), ("education", "第九十三条")]
)
def test_a_forwarding_letter_rests_on_the_article_for_its_recipient(forwarder: str, article: str) -> None:
    text = reading.words(forwarding_letter(samples.forwarding(forwarder=forwarder)))
    assert f"《中华人民共和国民事诉讼法》{article}、第九十四条" in text
    assert "收到后立即交受送达人签收" in text


def test_a_confirmation_tells_the_consequences_and_shows_what_the_party_chose() -> None:
    text = reading.words(address_confirmation(samples.confirmation()))
    assert "文书退回之日视为送达之日" in text
    assert "√同意不同意短信：13800138000电子邮件：deng@example.cn" in text
    assert "√第一审程序√第二审程序√审判监督程序√执行程序" in text
    assert "邓明珠（姐姐）电话：13900139000" in text


@pytest.mark.parametrize(("consent", "shown"), [(None, "同意不同意"), (False, "同意√不同意")])
def test_a_consent_not_given_is_not_ticked(consent: bool | None, shown: str) -> None:
    text = reading.words(address_confirmation(samples.confirmation(consent=consent, electronic=())))
    assert f"电子送达{shown}适用范围" in text


def test_a_confirmation_covers_only_what_was_agreed() -> None:
    text = reading.words(address_confirmation(samples.confirmation(scope=("第一审程序",), confidential=True)))
    assert "√第一审程序第二审程序" in text
    assert "√要求保密不要求保密" in text


def test_a_confirmation_by_an_agent_says_so() -> None:
    text = reading.words(address_confirmation(samples.confirmation(agent="康律师")))
    assert "诉讼代理人康律师代为确认" in text


def test_a_blank_confirmation_leaves_room_for_the_pen() -> None:
    pdf = address_confirmation(samples.confirmation(signature=b"", confirmed_on=None))
    assert reading.pictures(pdf) == 0
    assert "签名、盖章或者捺印：年月日" in reading.words(pdf)


def test_leaving_in_place_is_recorded_with_refusal_witnesses_photographs_and_footage() -> None:
    pdf = visit_record(samples.visit())
    text = reading.words(pdf)
    for expected in ("留置送达记录", "拒收人何某", "称与本人无关", "罗敏桂溪街道吉泰社区居民委员会", "a" * 64):
        assert expected in text
    assert "照片2文书留置现场拍摄时间：2026年3月12日19:20" in text
    assert reading.pictures(pdf) == 4


def test_a_visit_without_refusal_is_a_plain_record() -> None:
    pdf = visit_record(samples.visit(refused_by="", photos=(), witnesses=(), footage=()))
    text = reading.words(pdf)
    assert "送达笔录" in text
    assert "拒收" not in text.replace("拒收的法律后果", "")
    assert reading.pages(pdf) == 1


def test_a_record_shows_the_hand_that_took_the_papers_and_how_the_report_was_signed() -> None:
    report = f"2026年3月12日19:22由手机签名，签名核验一致；报告摘要{'c' * 64}"
    plain = visit_record(samples.visit(refused_by="", photos=(), witnesses=(), footage=()))
    signed = samples.visit(
        refused_by="", photos=(), witnesses=(), footage=(), signature=samples.drawing(), report=report
    )
    pdf = visit_record(signed)
    assert reading.pictures(pdf) == reading.pictures(plain) + 1
    assert "c" * 64 in reading.words(pdf)
    assert "报告存证" not in reading.words(plain)


def test_a_call_is_recorded_with_its_reason_identity_check_and_the_digest_of_the_recording() -> None:
    text = reading.words(call_record(samples.call()))
    for expected in ("报出身份证件号码后六位，与案卷一致", "通话时长3分41秒", "拒不告知地址", "b" * 64):
        assert expected in text
