"""What a court jurist expects of plain cases, from the texts alone. Each line is a case: its name, who and what, the
facts, and what they come to."""

from typing import Any

import pytest

from tests.law.asking import ask, bar, outcome

D = "2026-03-02"  # a Monday; fifteen days on is Tuesday 17 March
E = {"electronic_consent": True, "electronic_address": "confirmed"}
FOUND = {"electronic_consent": True, "electronic_address": "found"}
ORGANISATION = {"kind": "organisation"}
CONFIRMED = {"address_rank": "confirmed"}
REGISTERED = {"address_rank": "registered"}
ORDER = {"papers": "payment_order", "procedure": "payment_order", "as_of": "2026-03-05"}


def signed(signer="self", via="visit", on=D, learnt=None):
    return (on, "receipt.signed", {"signer": signer, "via": via, "id_number_given": True}, learnt)


def refused(by="self", via="window", on=D):
    return (on, "receipt.refused", {"by": by, "via": via})


def left(by="self", witnesses=2, recorded=False, on=D):
    return (on, "visit.left_in_place", {"refused_by": by, "witnesses": witnesses, "recorded": recorded})


def returned(because, on=D):
    return (on, "mail.returned", {"because": because})


def arrived(address="confirmed", on=D, channel="sms"):
    return (on, "content.available", {"address": address, "channel": channel})


def opened(on="2026-03-04"):
    return (on, "content.opened")


def acted(how="reply", on="2026-03-05"):
    return (on, "recipient.acted", {"how": how})


def consented(how="stated", on="2026-03-01"):
    return (on, "consent.given", {"how": how})


def rebutted(ground, on="2026-03-20", **detail):
    return (on, "service.rebutted", {"ground": ground, **detail})


def published(on="2026-04-09", where="newspaper"):
    return (on, "notice.published", {"in": where})


def called(recorded=True, on="2026-03-20"):
    return (on, "call.served", {"recorded": recorded})


APPROVED = ("2026-04-01", "notice.approved")
NO_TRACE = (returned("untraceable", "2026-03-20"), ("2026-03-25", "visit.failed"), APPROVED)
FAILED_TWICE = (("2026-03-05", "visit.failed"), returned("unclaimed", "2026-03-10"))
APPOINTED = (D, "collection.appointed", {"last_day": "2026-03-12"})
ISSUED = (D, "order.accepted")

Row = tuple[str, dict[str, Any], tuple[Any, ...], str | None]
SIGNING: list[Row] = [
    ("本人在住处签收", {}, (signed(),), "served direct 2026-03-02"),
    ("本人到法院窗口领取", {}, (signed(via="window"),), "served direct 2026-03-02"),
    ("本人签收法院专递", {}, (signed(via="mail"),), "served postal 2026-03-02"),
    ("本人经受托法院签收", {}, (signed(via="entrusted"),), "served entrusted 2026-03-02"),
    ("本人在线签收", E, (signed(via="electronic"),), "served electronic 2026-03-02"),
    ("同住成年家属代收", {}, (signed("co_resident_adult"),), "served direct 2026-03-02"),
    ("同住成年家属代收专递", {}, (signed("co_resident_adult", "mail"),), "served postal 2026-03-02"),
    ("诉讼代理人签收", {}, (signed("agent", "mail"),), "served postal 2026-03-02"),
    ("指定的代收人签收", {}, (signed("named_receiver", "mail"),), "served postal 2026-03-02"),
    ("离婚案件的配偶代收不算", {}, (signed("opposing_party"),), None),
    ("离婚案件的配偶代收专递不算", {}, (signed("opposing_party", "mail"),), None),
    ("邻居代收不算", {}, (signed("other", "mail"),), None),
    ("自然人的单位收发室代收不算", {}, (signed("mail_staff", "mail"),), None),
    ("配偶代收后本人补签, 以本人签收之日", {}, (signed("opposing_party"), signed(on="2026-03-05")),
     "served direct 2026-03-05"),
    ("回执漏填证件号码仍为送达", {}, ((D, "receipt.signed", {"signer": "self", "via": "mail",
     "id_number_given": False}),), "served postal 2026-03-02"),
    ("只有妥投扫描, 没有签收, 尚未送达", {}, ((D, "mail.delivered"),), None),
    ("两次签收, 以在先者为准", {}, (signed(on="2026-03-05"), signed(via="mail", on="2026-03-03")),
     "served postal 2026-03-03"),
    ("法定代表人签收", ORGANISATION, (signed("legal_representative", "mail"),), "served postal 2026-03-02"),
    ("主要负责人签收", ORGANISATION, (signed("principal"),), "served direct 2026-03-02"),
    ("收发室签收", ORGANISATION, (signed("mail_staff", "mail"),), "served postal 2026-03-02"),
    ("公司的诉讼代理人签收", ORGANISATION, (signed("agent", "mail"),), "served postal 2026-03-02"),
    ("公司没有同住家属", ORGANISATION, (signed("co_resident_adult", "mail"),), None),
    ("收发室的人是对方当事人", ORGANISATION, (signed("opposing_party", "mail"),), None),
    ("未成年人自己签收不算", {"capacity": "none"}, (signed(),), None),
    ("限制行为能力人自己签收不算", {"capacity": "limited"}, (signed(),), None),
    ("法定代理人代未成年人签收", {"capacity": "none"}, (signed("guardian"),), "served direct 2026-03-02"),
    ("RULES called 法定代理人 a legal representative", {"capacity": "limited"}, (signed("legal_representative"),),
     "served direct 2026-03-02"),
    ("对方当事人是其父母时签收不算", {"capacity": "none"}, (signed("opposing_party"),), None),
    ("调解书本人签收", {"papers": "mediation"}, (signed(),), "served direct 2026-03-02"),
    ("调解书由指定的代收人签收", {"papers": "mediation"}, (signed("named_receiver"),), "served direct 2026-03-02"),
    ("调解书家属代收不算", {"papers": "mediation"}, (signed("co_resident_adult"),), None),
    ("调解书代理人代收不算", {"papers": "mediation"}, (signed("agent"),), None),
    ("调解书由法定代表人签收", {"papers": "mediation", **ORGANISATION}, (signed("legal_representative"),),
     "served direct 2026-03-02"),
    ("支付令债务人本人签收", ORDER, (signed(),), "served direct 2026-03-02"),
    ("支付令家属代收不算", ORDER, (signed("co_resident_adult"),), None),
    ("军人经政治机关转交签收", {"kind": "soldier"}, (signed(via="forwarded"),), "served forwarded 2026-03-02"),
    ("服刑人员经监所转交签收", {"kind": "prisoner"}, (signed(via="forwarded"),), "served forwarded 2026-03-02"),
    ("军人签收专递不算, 应当转交", {"kind": "soldier"}, (signed(via="mail"),), None),
    ("监所人员不能代签", {"kind": "prisoner"}, (signed("other", "forwarded"),), None),
    ("国外当事人经委托签收", {"kind": "abroad"}, (signed(via="entrusted"),), "served entrusted 2026-03-02"),
    ("香港当事人经委托签收", {"kind": "hk_macao"}, (signed(via="entrusted"),), "served entrusted 2026-03-02"),
    ("台湾当事人经委托签收", {"kind": "taiwan"}, (signed(via="entrusted"),), "served entrusted 2026-03-02"),
    ("香港当事人签收邮件回执", {"kind": "hk_macao"}, (signed(via="mail"),), "served postal 2026-03-02"),
]  # fmt: skip
REFUSING: list[Row] = [
    ("有见证人的留置", {}, (left(),), "deemed_served left_in_place 2026-03-02"),
    ("只有录像的留置", {}, (left(witnesses=0, recorded=True),), "deemed_served left_in_place 2026-03-02"),
    ("既无见证人也无录像", {}, (left(witnesses=0),), None),
    ("同住成年家属拒收后留置", {}, (left("co_resident_adult"),), "deemed_served left_in_place 2026-03-02"),
    ("对方当事人拒收不能留置", {}, (left("opposing_party"),), None),
    ("邻居拒收不能留置", {}, (left("other"),), None),
    ("收发室拒收后留置", ORGANISATION, (left("mail_staff"),), "deemed_served left_in_place 2026-03-02"),
    ("简易程序的留置", {"procedure": "summary"}, (left(),), "deemed_served left_in_place 2026-03-02"),
    ("刑事案件有见证人的留置", {"procedure": "criminal"}, (left(),), "deemed_served left_in_place 2026-03-02"),
    ("调解书不适用留置", {"papers": "mediation"}, (left(),), None),
    ("支付令债务人拒收后留置", ORDER, (left(),), "deemed_served left_in_place 2026-03-02"),
    ("支付令家属拒收不能留置", ORDER, (left("co_resident_adult"),), None),
    ("到法院拒绝签署送达回证", {}, (refused(),), "deemed_served direct 2026-03-02"),
    ("定期宣判拒不签收判决书", {"papers": "judgment"}, (refused(),), "deemed_served direct 2026-03-02"),
    ("法定代表人到法院拒签", ORGANISATION, (refused("legal_representative"),), "deemed_served direct 2026-03-02"),
    ("对方当事人在法院拒签", {}, (refused("opposing_party"),), None),
    ("调解书到法院拒签, 不视为送达", {"papers": "mediation"}, (refused(),), None),
    ("上门拒收, 待留置", {}, (refused(via="visit"),), None),
    ("邮件拒收, 待退回", CONFIRMED, (refused(via="mail"),), None),
    ("在线拒收不是送达", E, (refused(via="electronic"),), None),
]
# 法释〔2004〕13号第十一条, by the rank of the address: True is deemed on the day of return, and can be rebutted.
DEEMED_ON_RETURN = {
    "confirmed": {"wrong_address": True, "moved_unreported": True, "incomplete_address": True, "refused": True,
                  "untraceable": False, "unclaimed": False, "other": False},
    "agreed": {"wrong_address": True, "moved_unreported": True, "refused": True, "unclaimed": False},
    "filed": {"wrong_address": True, "moved_unreported": True, "refused": True, "untraceable": False},
    "civil_life": {"wrong_address": False, "moved_unreported": False, "refused": True, "other": False},
    "registered": {"wrong_address": False, "moved_unreported": False, "refused": True, "untraceable": False,
                   "unclaimed": False, "incomplete_address": False},
    "unknown": {"wrong_address": False, "moved_unreported": False, "unclaimed": False},
}  # fmt: skip
RETURNING: list[Row] = [
    ("家属拒收的退件不视为送达", CONFIRMED, (refused("co_resident_adult", "mail", "2026-03-01"), returned("refused")),
     None),
    ("代收人拒收的退件视为送达", REGISTERED, (refused("named_receiver", "mail", "2026-03-01"), returned("refused")),
     "deemed_served? postal 2026-03-02"),
    ("投递不成还不是退件", CONFIRMED, ((D, "mail.attempt_failed", {"reason": "无人"}),), None),
    ("公司迁址未告知的退件", {**CONFIRMED, **ORGANISATION}, (returned("moved_unreported"),),
     "deemed_served? postal 2026-03-02"),
    ("调解书的退件", {**CONFIRMED, "papers": "mediation"}, (returned("refused"),), None),
    ("香港退件", {**CONFIRMED, "kind": "hk_macao"}, (returned("refused"),), None),
    ("证明没有过错的, 不视为送达", CONFIRMED, (returned("wrong_address"), rebutted("no_fault")), None),
    ("称没有看到不能推翻退件", CONFIRMED, (returned("wrong_address"), rebutted("not_read")),
     "deemed_served? postal 2026-03-02"),
]  # fmt: skip
ELECTRONIC: list[Row] = [
    ("到达确认的地址即为送达", E, (arrived(),), "served electronic 2026-03-02"),
    ("明确表示同意", {"electronic_address": "confirmed"}, (consented(), arrived()), "served electronic 2026-03-02"),
    ("诉讼前约定", {"electronic_address": "confirmed"}, (consented("agreed_before"), arrived()),
     "served electronic 2026-03-02"),
    ("诉状中提供电子地址", {"electronic_address": "confirmed"}, (consented("address_in_pleading"), arrived()),
     "served electronic 2026-03-02"),
    ("此前接受过电子送达", {"electronic_address": "confirmed"}, (consented("accepted_earlier"), arrived()),
     "served electronic 2026-03-02"),
    ("未问是否同意", {"electronic_address": "confirmed"}, (arrived(),), None),
    ("不同意电子送达", {**E, "electronic_consent": False}, (arrived(),), None),
    ("当面表示不同意", {"electronic_address": "confirmed"}, (("2026-03-01", "consent.refused"), arrived()), None),
    ("短信发出不是到达", E, ((D, "message.sent"), (D, "message.reached")), None),
    ("到达查得的地址还不是送达", FOUND, (arrived("found"),), None),
    ("查得的地址已阅, 推定送达", FOUND, (arrived("found"), opened()), "presumed_served? electronic 2026-03-04"),
    ("先记录查阅后记录到达", FOUND, (opened(), arrived("found")), "presumed_served? electronic 2026-03-04"),
    ("回复已收悉", FOUND, (arrived("found"), acted()), "served electronic 2026-03-05"),
    ("作出诉讼行为", FOUND, (arrived("found"), acted("litigation_act")), "served electronic 2026-03-05"),
    ("未问同意, 回复即为接受", {"electronic_address": "found"}, (arrived("found"), acted()),
     "served electronic 2026-03-05"),
    ("已表示不同意, 回复不算", {**FOUND, "electronic_consent": False}, (arrived("found"), acted()), None),
    ("未同意而查阅不算", {"electronic_address": "found"}, (arrived("found"), opened()), None),
    ("系统错误推翻推定", FOUND, (arrived("found"), opened(), rebutted("system_fault")), None),
    ("非本人地址推翻推定", FOUND, (arrived("found"), opened(), rebutted("not_own_address")), None),
    ("非本人阅知推翻推定", FOUND, (arrived("found"), opened(), rebutted("not_read")), None),
    ("没有过错不能推翻推定", FOUND, (arrived("found"), opened(), rebutted("no_fault")),
     "presumed_served? electronic 2026-03-04"),
    ("回复后不能再称未阅", FOUND, (arrived("found"), acted(), rebutted("not_read")), "served electronic 2026-03-05"),
    ("确认的地址不能称未阅", E, (arrived(), rebutted("not_read")), "served electronic 2026-03-02"),
    ("证明另一到达日期", E, (arrived(), rebutted("other_arrival_time", arrived_at="2026-03-04T08:00:00+08:00")),
     "served electronic 2026-03-04"),
    ("推定被推翻后上门签收", FOUND, (arrived("found"), opened(), rebutted("not_read", "2026-03-10"),
     signed(on="2026-03-15")), "served direct 2026-03-15"),
    ("多种电子方式以最先者为准", E, (arrived(on="2026-03-04", channel="email"), arrived(on="2026-03-03")),
     "served electronic 2026-03-03"),
    ("查得地址先阅, 确认地址后到", E, (arrived("found"), opened("2026-03-03"), arrived(on="2026-03-05")),
     "presumed_served? electronic 2026-03-03"),
    ("电子在先, 专递在后", E, (arrived(), signed(via="mail", on="2026-03-06")), "served electronic 2026-03-02"),
    ("专递在先, 电子在后", E, (signed(via="mail", on="2026-03-01"), arrived()), "served postal 2026-03-01"),
    ("确认地址到达后再阅, 仍以到达之日", E, (arrived(), opened()), "served electronic 2026-03-02"),
    ("判决书可以电子送达", {**E, "papers": "judgment"}, (arrived(),), "served electronic 2026-03-02"),
    ("调解书可以电子送达", {**E, "papers": "mediation"}, (arrived(),), "served electronic 2026-03-02"),
    ("世界时深夜是北京次日", E, (arrived(on="2026-03-02T16:30:00Z"),), "served electronic 2026-03-03"),
    ("军人不得电子送达", {**E, "kind": "soldier"}, (arrived(),), None),
    ("服刑人员不得电子送达", {**E, "kind": "prisoner"}, (arrived(),), None),
]  # fmt: skip
NOTICE: list[Row] = [
    ("4月9日公告, 30日, 5月9日期满", REGISTERED, (*NO_TRACE, published()), "deemed_served notice 2026-05-09"),
    ("期满当日", {**REGISTERED, "as_of": "2026-05-09"}, (*NO_TRACE, published()), "deemed_served notice 2026-05-09"),
    ("期满前一日", {**REGISTERED, "as_of": "2026-05-08"}, (*NO_TRACE, published()), None),
    ("两次刊登以最后一次为准", REGISTERED, (*NO_TRACE, published("2026-04-05", "board"), published()),
     "deemed_served notice 2026-05-09"),
    ("期满在劳动节也不顺延", REGISTERED, (*NO_TRACE, published("2026-04-02")), "deemed_served notice 2026-05-02"),
    ("简易程序不适用公告", {**REGISTERED, "procedure": "summary"}, (*NO_TRACE, published()), None),
    ("调解书不能公告", {"papers": "mediation"}, (APPROVED, published()), None),
    ("支付令不能公告, 三十日后失效", {**ORDER, "as_of": "2026-06-30"}, (ISSUED, APPROVED, published()),
     "not_served None 2026-04-01"),
    ("军人不能公告", {"kind": "soldier"}, (APPROVED, published()), None),
    ("2021年4月的公告是60日", {"as_of": "2021-07-01"}, (("2021-04-01", "notice.approved"), published("2021-04-09")),
     "deemed_served notice 2021-06-08"),
    ("2021年最后一日的公告是60日", {"as_of": "2022-04-01"}, (published("2021-12-31"),),
     "deemed_served notice 2022-03-01"),
    ("2022年第一日的公告是30日", {"as_of": "2022-04-01"}, (published("2022-01-01"),),
     "deemed_served notice 2022-01-31"),
    ("国外当事人60日", {"kind": "abroad"}, (APPROVED, published()), "deemed_served notice 2026-06-08"),
    ("2023年国外当事人三个月", {"kind": "abroad", "as_of": "2023-12-01"}, (published("2023-04-09"),),
     "deemed_served notice 2023-07-09"),
    ("香港当事人三个月", {"kind": "hk_macao"}, (APPROVED, published()), "deemed_served notice 2026-07-09"),
    ("公告期间本人来领", REGISTERED, (*NO_TRACE, published(), signed(via="window", on="2026-04-20")),
     "served direct 2026-04-20"),
    ("二审径行公告", {"procedure": "appeal"}, (APPROVED, published()), "deemed_served notice 2026-05-09"),
]  # fmt: skip
OTHER_WAYS: list[Row] = [
    ("当庭宣判后期满未领取", {"papers": "judgment", "procedure": "summary"}, (APPOINTED,), "served direct 2026-03-12"),
    ("期内领取", {"papers": "judgment"}, (APPOINTED, signed(via="window", on="2026-03-06")),
     "served direct 2026-03-06"),
    ("领取期间未满", {"papers": "judgment", "as_of": "2026-03-10"}, (APPOINTED,), None),
    ("直接、邮寄均不成后的电话送达", {}, (*FAILED_TWICE, called()), "served telephone 2026-03-20"),
    ("电话没有录音", {}, (*FAILED_TWICE, called(recorded=False)), None),
    ("先打电话, 未试其他方式", {}, (called(),), None),
    ("判决书不能电话送达", {"papers": "judgment"}, (*FAILED_TWICE, called()), None),
    ("裁定书不能电话送达", {"papers": "ruling"}, (*FAILED_TWICE, called()), None),
    ("传票与判决书一并, 不能电话送达", {"papers": "summons judgment"}, (*FAILED_TWICE, called()), None),
    ("支付令三十日未送达失效", {**ORDER, "as_of": "2026-04-02"}, (ISSUED,), "not_served None 2026-04-01"),
    ("支付令第三十日尚未失效", {**ORDER, "as_of": "2026-04-01T12:00:00"}, (ISSUED,), None),
    ("支付令失效后签收无用", {**ORDER, "as_of": "2026-04-20"}, (ISSUED, signed(on="2026-04-10")),
     "not_served None 2026-04-01"),
    ("晚知道的签收仍以签收之日", {"as_of": "2026-03-13"}, (signed(via="mail", learnt="2026-03-12"),),
     "served postal 2026-03-02"),
    ("尚不知道的签收", {"as_of": "2026-03-10"}, (signed(via="mail", learnt="2026-03-12"),), None),
    ("将来的事实不算", {"as_of": "2026-03-10"}, (signed(on="2026-05-02"),), None),
    ("重复的事实", {}, (signed(), signed(), signed()), "served direct 2026-03-02"),
]  # fmt: skip
CASES = [*SIGNING, *REFUSING, *RETURNING, *ELECTRONIC, *NOTICE, *OTHER_WAYS]


@pytest.mark.parametrize(("who_and_what", "facts", "result"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_the_facts_come_to(who_and_what, facts, result):
    assert outcome(*facts, **who_and_what) == result


@pytest.mark.parametrize(
    ("rank", "because", "deemed"),
    [(rank, because, deemed) for rank, reasons in DEEMED_ON_RETURN.items() for because, deemed in reasons.items()],
)
def test_whether_a_return_is_service_turns_on_the_address_and_the_reason(rank, because, deemed):
    expected = "deemed_served? postal 2026-03-02" if deemed else None
    assert outcome(returned(because), address_rank=rank) == expected


EIGHT = ("direct", "left_in_place", "electronic", "postal", "entrusted", "forwarded", "notice", "telephone")
OPEN: list[tuple[str, dict[str, Any], tuple[Any, ...], set[str]]] = [
    ("自然人, 尚无事实", CONFIRMED, (), {"direct", "postal", "entrusted"}),
    ("公司, 尚无事实", {**CONFIRMED, **ORGANISATION}, (), {"direct", "postal", "entrusted"}),
    ("同意电子送达", E, (), {"direct", "electronic", "postal", "entrusted"}),
    ("不同意电子送达", {**E, "electronic_consent": False}, (), {"direct", "postal", "entrusted"}),
    ("上门被拒", {}, (refused("co_resident_adult", "visit"),), {"direct", "left_in_place", "postal", "entrusted"}),
    ("直接、邮寄均不成", {}, FAILED_TWICE, {"direct", "postal", "entrusted", "notice", "telephone"}),
    ("直接、邮寄均不成, 判决书", {"papers": "judgment"}, FAILED_TWICE, {"direct", "postal", "entrusted", "notice"}),
    ("下落不明", REGISTERED, NO_TRACE[:2], {"direct", "entrusted", "notice", "telephone"}),
    ("下落不明, 简易程序", {"procedure": "summary"}, NO_TRACE[:1], {"direct", "entrusted", "telephone"}),
    ("指定期间到法院领取", {"as_of": "2026-03-10"}, (APPOINTED,), {"direct", "entrusted"}),
    ("军人", {"kind": "soldier", **E}, (), {"forwarded"}),
    ("服刑人员", {"kind": "prisoner", **E}, (), {"forwarded"}),
    ("刑事案件的在押人员", {"kind": "prisoner", "procedure": "criminal"}, (), {"forwarded"}),
    ("国外", {"kind": "abroad"}, (), {"entrusted"}),
    ("港澳, 可以邮寄", {"kind": "hk_macao"}, (), {"entrusted", "postal"}),
    ("台湾, 可以邮寄", {"kind": "taiwan"}, (), {"entrusted", "postal"}),
]


@pytest.mark.parametrize(("who_and_what", "facts", "methods"), [c[1:] for c in OPEN], ids=[c[0] for c in OPEN])
def test_which_methods_are_open(who_and_what, facts, methods):
    verdicts = ask(*facts, **who_and_what)["allowed_methods"]
    assert tuple(v["method"] for v in verdicts) == EIGHT
    assert {v["method"] for v in verdicts if v["barred"] is None} == methods


BARRED = [
    ("未问同意", "electronic", {"electronic_address": "confirmed"}, (), "民事诉讼法第九十条"),
    ("其他方式未用尽", "notice", CONFIRMED, (), "民事诉讼法第九十五条"),
    ("不是军人", "forwarded", {}, (), "民事诉讼法第九十二条"),
    ("未试其他方式", "telephone", {}, (), "法发〔2017〕19号第十四条"),
    ("无人拒收", "left_in_place", {}, (), "民事诉讼法第八十九条"),
    ("简易程序", "notice", {"procedure": "summary"}, NO_TRACE, "民诉法解释第一百四十条"),
    ("调解书公告", "notice", {"papers": "mediation"}, (), "民诉法解释第一百三十三条"),
    ("调解书留置", "left_in_place", {"papers": "mediation"}, (), "民诉法解释第一百三十三条"),
    ("支付令公告", "notice", ORDER, (), "民诉法解释第四百三十条"),
    ("下落不明", "postal", {}, (returned("untraceable"),), "法释〔2004〕13号第一条"),
    ("约定到法院领取", "postal", {"as_of": "2026-03-10"}, (APPOINTED,), "法释〔2004〕13号第一条"),
    ("判决书电话", "telephone", {"papers": "judgment"}, FAILED_TWICE, "法发〔2017〕19号第十四条"),
    ("军人邮寄", "postal", {"kind": "soldier"}, (), "民事诉讼法第九十二条"),
    ("服刑人员直接送达", "direct", {"kind": "prisoner"}, (), "民事诉讼法第九十三条"),
]


@pytest.mark.parametrize(
    ("method", "who_and_what", "facts", "article"), [c[1:] for c in BARRED], ids=[c[0] for c in BARRED]
)
def test_a_bar_names_its_article(method, who_and_what, facts, article):
    assert bar(method, *facts, **who_and_what) == article


RUNS = [
    # paper, procedure, recipient, served on, the period and its last day; holidays as the State Council gave them
    ("complaint", "ordinary", {}, D, "answer 2026-03-17"),
    ("complaint", "ordinary", {}, "2026-02-03", "answer 2026-02-24"),  # 春节 2月15至23日
    ("complaint", "ordinary", {}, "2026-02-13", "answer 2026-02-28"),  # 周六, 调休上班
    ("complaint", "ordinary", {}, "2026-03-06", "answer 2026-03-23"),  # 周六
    ("complaint", "ordinary", {}, "2023-12-17", "answer 2024-01-02"),  # 元旦
    ("complaint", "appeal", {}, D, "answer 2026-03-17"),
    ("complaint", "administrative", {}, D, "answer 2026-03-17"),
    ("complaint", "ordinary", {"kind": "abroad"}, D, "answer 2026-04-01"),
    ("judgment", "ordinary", {}, "2019-01-20", "appeal 2019-02-11"),  # 春节 2月4至10日
    ("judgment", "ordinary", {}, "2019-04-16", "appeal 2019-05-05"),  # 劳动节后的周日调休上班
    ("judgment", "ordinary", {}, "2020-01-09", "appeal 2020-02-03"),  # 春节假期延长至2月2日
    ("judgment", "ordinary", {}, "2020-09-16", "appeal 2020-10-09"),  # 国庆、中秋 10月1至8日
    ("judgment", "ordinary", {}, "2021-01-27", "appeal 2021-02-18"),
    ("judgment", "ordinary", {}, "2022-01-16", "appeal 2022-02-07"),
    ("judgment", "ordinary", {}, "2023-01-06", "appeal 2023-01-28"),  # 周六, 调休上班
    ("judgment", "ordinary", {}, "2024-01-26", "appeal 2024-02-18"),  # 周日, 调休上班
    ("judgment", "ordinary", {}, "2024-02-15", "appeal 2024-03-01"),  # 闰年
    ("judgment", "ordinary", {}, "2025-01-13", "appeal 2025-02-05"),
    ("judgment", "ordinary", {}, "2025-09-16", "appeal 2025-10-09"),
    ("judgment", "ordinary", {}, "2025-12-17", "appeal 2026-01-04"),  # 元旦后的周日调休上班
    ("judgment", "ordinary", {}, "2026-03-20", "appeal 2026-04-07"),  # 清明
    ("judgment", "ordinary", {}, "2026-04-20", "appeal 2026-05-06"),  # 劳动节
    ("judgment", "ordinary", {}, "2026-04-24", "appeal 2026-05-09"),  # 周六, 调休上班
    ("judgment", "ordinary", {}, "2026-09-16", "appeal 2026-10-08"),
    ("judgment", "ordinary", {}, "2026-09-25", "appeal 2026-10-10"),  # 周六, 调休上班
    ("judgment", "summary", {}, D, "appeal 2026-03-17"),
    ("judgment", "ordinary", {"kind": "abroad"}, "2026-03-05", "appeal 2026-04-07"),
    ("judgment", "ordinary", {"kind": "hk_macao"}, D, "appeal 2026-04-01"),
    ("judgment", "criminal", {}, D, "appeal 2026-03-12"),
    ("judgment", "administrative", {}, D, "appeal 2026-03-17"),
    ("judgment", "appeal", {}, D, "final 2026-03-02"),
    ("ruling", "ordinary", {}, "2026-03-26", "appeal 2026-04-07"),
    ("ruling", "ordinary", {"kind": "taiwan"}, D, "appeal 2026-04-01"),
    ("ruling", "criminal", {}, D, "appeal 2026-03-09"),  # 3月7日是周六
    ("ruling", "administrative", {}, D, "appeal 2026-03-12"),
    ("payment_order", "payment_order", {}, D, "objection 2026-03-17"),
    ("complaint summons evidence", "ordinary", {}, D, "answer 2026-03-17"),
    ("summons", "ordinary", {}, D, None),
    ("mediation", "ordinary", {}, D, None),
    ("complaint", "criminal", {}, D, None),
    ("ruling", "enforcement", {}, D, None),
]


@pytest.mark.parametrize(("papers", "procedure", "recipient", "on", "runs"), RUNS)
def test_what_runs_from_the_day_of_service(papers, procedure, recipient, on, runs):
    found = ask(signed(via="entrusted", on=on), papers=papers, procedure=procedure, as_of=on, **recipient)
    assert [f"{p['name']} {p['last_day']}" for p in found["periods"]] == ([runs] if runs else [])


def test_a_signature_the_law_cannot_accept_is_explained():
    found = ask(signed("opposing_party"))
    assert found["step"] == "visit_failed"
    assert "同一案件的对方当事人" in found["explanation"]
    assert "法释〔2004〕13号第七条" in found["explanation"]
