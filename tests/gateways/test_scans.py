"""What carriers write, read by our tables: every code, every real trace, and nothing that breaks us."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songda.gateways.carrier import because_of_return, translate_scan, translate_scans
from songda.gateways.reading import rows

BECAUSE = {"wrong_address", "moved_unreported", "refused", "untraceable", "unclaimed", "incomplete_address", "other"}
SIGNERS = {
    "self",
    "legal_representative",
    "principal",
    "mail_staff",
    "guardian",
    "agent",
    "named_receiver",
    "co_resident_adult",
    "opposing_party",
    "other",
}
MAIL_FACTS = {
    "mail.accepted",
    "mail.attempt_failed",
    "mail.held",
    "mail.delivered",
    "mail.returned",
    "mail.receipt_scanned",
    "mail.closed",
}


def scan(code: str, words: str = "", **more: Any) -> dict[str, Any]:
    return {"traceNo": "1200000000011", "opTime": "2026-03-02 10:00:00", "opCode": code, "opDesc": words, **more}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def trace(folder: Path, name: str) -> Any:
    return json.loads((folder / "traces" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("table", "column", "field"),
    [
        ("chinapost_newgen_opcode", "opCode", "opCode"),
        ("chinapost_11183_display_opcode", "opCode", "opCode"),
        ("ems_push_action", "action", "action"),
        ("kuaidi100_state", "adv_state", "state"),
        ("kuaidi100_state", "state", "state"),
        ("kdniao_state_as_seen", "State", "State"),
        ("upu_emsevt_codes", "code", "event"),
    ],
)
def test_every_published_code_is_understood(postal_data: Path, table: str, column: str, field: str) -> None:
    codes = [row[column] for row in read(postal_data / "codes" / f"{table}.csv")]
    assert codes
    assert [code for code in codes if translate_scan({field: code}).unknown] == []


def test_every_published_reason_for_not_delivering_has_its_own_row(postal_data: Path) -> None:
    published = {row["code"] for row in read(postal_data / "codes" / "ems_notproperdelivery_reason.csv")}
    assert published == {row["code"] for row in rows("nondelivery_reasons.csv")}


def test_every_published_kind_of_signature_has_its_own_row(postal_data: Path) -> None:
    published = {row["customer_code"] for row in read(postal_data / "codes" / "ems_properdelivery_signed_by.csv")}
    assert published == {row["code"] for row in rows("signed_by.csv")}


def test_tables_speak_only_the_words_of_the_law() -> None:
    reasons = {row["reason"] for row in rows("failure_reasons.csv")}
    assert {row["fact"] for row in rows("scan_codes.csv")} <= MAIL_FACTS | {""}
    assert {row["because"] for row in rows("failure_reasons.csv")} == BECAUSE
    assert {row["because"] for row in rows("nondelivery_reasons.csv")} <= BECAUSE | {""}
    assert {row["reason"] for row in rows("nondelivery_reasons.csv")} <= reasons | {""}
    assert {row["value"] for row in rows("scan_words.csv") if row["about"] == "reason"} <= reasons
    assert {row["value"] for row in rows("scan_words.csv") if row["about"] == "signer"} <= SIGNERS
    assert {row["signer"] for row in rows("receipt_signers.csv")} == SIGNERS
    assert {row["signer"] for row in rows("signed_by.csv")} <= SIGNERS | {""}


def test_a_relative_who_signed_for_the_recipient_is_not_the_recipient(postal_data: Path) -> None:
    heard = translate_scans(trace(postal_data, "chinapost_opcode_1272448151316_fail_then_family"))
    failed = [one for one in heard if one.fact == "mail.attempt_failed"]
    assert [one.detail["reason"] for one in failed] == ["wrong_address"]
    assert heard[-1].fact == "mail.delivered"
    assert heard[-1].detail["signer"] == "other"
    assert heard[-1].detail["claimed"] == "co_resident_adult"
    assert heard[-1].happened_at.isoformat() == "2024-12-27T12:32:28+08:00"


def test_the_recipients_own_signature_is_read(postal_data: Path) -> None:
    (heard,) = translate_scans(trace(postal_data, "chinapost_push_9620140653354_self"))
    assert (heard.fact, heard.detail["signer"], heard.reference) == ("mail.delivered", "self", "9620140653354")


@pytest.mark.parametrize("name", ["ems_html_BE993634263AU_chengdu_unit_seal", "juhe_ems_1186465887499_unit_seal"])
def test_a_units_seal_is_its_mail_room(postal_data: Path, name: str) -> None:
    heard = translate_scans(trace(postal_data, name))
    assert (heard[-1].fact, heard[-1].detail["signer"]) == ("mail.delivered", "mail_staff")
    assert not any(one.unknown for one in heard)


def test_a_letter_on_its_way_abroad_has_no_outcome_and_breaks_nothing(postal_data: Path) -> None:
    heard = translate_scans(trace(postal_data, "ems_openapi_LZ290346175CN_intransit"))
    assert [one.fact for one in heard] == ["mail.accepted"] + [None] * 13
    assert not any(one.unknown for one in heard)


def test_the_older_push_gives_date_and_time_apart(postal_data: Path) -> None:
    (heard,) = translate_scans(trace(postal_data, "ems_listexpressmail_push_format")["json_example"])
    assert (heard.fact, heard.reference) == ("mail.accepted", "LK434266003CN")
    assert heard.happened_at.isoformat() == "2013-07-02T00:01:00+08:00"


def test_the_open_platforms_answer_is_json_within_json() -> None:
    inner = json.dumps({"responseItems": [scan("203"), scan("954")]})
    assert [one.fact for one in translate_scans({"retCode": "00000", "retBody": inner})] == ["mail.accepted", None]


@pytest.mark.parametrize(
    ("code", "reason", "because"),
    [
        ("101", "wrong_address", "wrong_address"),
        ("104", "refused", "refused"),
        ("118", "moved", "moved_unreported"),
        ("122", "no_such_organisation", "untraceable"),
        ("124", "incomplete_address", "incomplete_address"),
        ("127", "not_collected", "unclaimed"),
    ],
)
def test_a_reason_code_says_why_and_what_a_return_would_mean(code: str, reason: str, because: str) -> None:
    heard = translate_scan({"mailnum": "1200000000011", "action": "20", "notproperdelivery": code})
    assert heard.fact == "mail.attempt_failed"
    assert (heard.detail["reason"], heard.detail["because_if_returned"]) == (reason, because)


def test_a_letter_the_recipient_will_collect_is_held_not_failed() -> None:
    assert translate_scan({"action": "20", "notproperdelivery": "115"}).fact == "mail.held"


def test_a_letter_handed_back_to_its_sender_is_not_delivered() -> None:
    heard = translate_scan({"action": "10", "properdelivery": "14"})
    assert heard.fact == "mail.returned"


def test_a_locker_signs_for_nobody() -> None:
    assert translate_scan(scan("747", "已签收，签收人：丰巢快递柜")).detail["signer"] == "other"


def test_the_word_for_the_recipient_inside_other_words_is_not_a_signature_of_the_recipient() -> None:
    assert translate_scan(scan("704", "非本人签收，由他人代签")).detail["signer"] == "other"


def test_the_receipt_decides_over_the_words() -> None:
    receipt = {"signerCode": "08", "idNumberGiven": True}
    heard = translate_scan(scan("704", "已代签收【家人】", receipt=receipt))
    assert (heard.detail["signer"], heard.detail["id_number_given"]) == ("co_resident_adult", True)


def test_an_unknown_code_is_kept_and_marked() -> None:
    heard = translate_scan(scan("9X7", "内部作业"))
    assert heard.unknown
    assert heard.fact is None
    assert heard.detail["code"] == "9X7"


def test_a_return_without_reason_takes_the_reason_of_the_last_attempt_before_it() -> None:
    earlier = [
        translate_scan(scan("705", "家中无人", opTime="2026-03-02 10:00:00")),
        translate_scan(scan("705", "迁移新址不明", opTime="2026-03-03 10:00:00")),
    ]
    returned = translate_scan(scan("708", "退回", opTime="2026-03-04 10:00:00"))
    assert because_of_return(returned, reversed(earlier)) == "moved_unreported"


def test_a_return_that_names_its_reason_needs_no_attempts() -> None:
    assert because_of_return(translate_scan(scan("708", "退回，退回原因：收件人拒收")), []) == "refused"


def test_the_same_scan_told_twice_is_one_event() -> None:
    once, twice = translate_scan(scan("704", "本人签收")), translate_scan(scan("704", "本人签收"))
    assert once.event == twice.event
    assert once.event != translate_scan(scan("704", "本人签收", opTime="2026-03-02 11:00:00")).event


def test_a_damaged_receipt_image_is_said_to_be_damaged() -> None:
    heard = translate_scan(scan("CM1", receipt={"image": "not base64!", "signerCode": "01"}))
    assert heard.image is None
    assert heard.detail["image_broken"] is True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["opCode", "action", "state", "event", "opTime", "procdate", "proctime", "opDesc", "receipt", "events", "retBody"]
)


@given(st.dictionaries(FIELDS, JSON | st.sampled_from(["704", "705", "708", "CM1", "10", "20"]), max_size=6))
def test_nothing_a_carrier_may_write_breaks_the_reader(payload: dict[str, Any]) -> None:
    for heard in translate_scans(payload):
        assert heard.fact is None or heard.fact in MAIL_FACTS
        assert heard.happened_at.tzinfo is not None
