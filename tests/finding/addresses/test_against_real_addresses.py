"""Real labelled addresses: shares that must not fall. The material lies beside the repository and may be missing."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from songda.finding.addresses import match, parse
from songda.finding.addresses.text import count_in_digits

FOLDER = Path(__file__).resolve().parents[3] / "../shared/data/addresses"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no labelled addresses in {FOLDER.name}/ beside the repository"
)

RELATIONS = {"完全匹配": "same", "部分匹配": "part", "不匹配": "different"}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text().splitlines()]


def test_counties_of_labelled_addresses_are_found() -> None:
    rows = [row for row in lines("neuralcap_dev.jsonl") if row["level"] == "county"]
    found = sum(parse(row["text"]).code == row["adcode"] for row in rows)
    assert found / len(rows) > 0.99


@pytest.mark.parametrize(
    ("label", "field", "share"), [("road", "road", 0.78), ("roadno", "number", 0.8), ("floorno", "floor", 0.9)]
)
def test_details_of_labelled_addresses_are_found(label: str, field: str, share: float) -> None:
    found = asked = 0
    for row in lines("neuralcap_dev.jsonl"):
        spans = [count_in_digits(span["text"]) for span in row["spans"] if span["label"] == label]
        if len(spans) == 1:
            asked += 1
            found += getattr(parse(row["text"]), field).startswith(spans[0])
    assert found / asked > share


def test_cases_of_the_other_libraries_are_read() -> None:
    cases = json.loads((FOLDER / "akebe_cases.json").read_text()) + json.loads((FOLDER / "cpca_cases.json").read_text())
    coded = [(str(case["input"]), case.get("adcode") or case.get("code")) for case in cases]
    wrong = [text for text, code in coded if code and parse(text).code != code]
    assert wrong == []


def test_divisions_of_jionlps_cases_are_read() -> None:
    wrong = []
    for case in json.loads((FOLDER / "jionlp_location_cases.json").read_text()):
        address, wanted = parse(case["input"]), case["expected"]
        names = (wanted["province"] or "", wanted["county"] or "")
        if wanted["province"] and (address.province, address.county) != names:
            wrong.append(case["input"])
    assert wrong == []


def test_the_shipped_model_knows_its_pairs() -> None:
    right = total = 0
    for row in lines("pairs.jsonl")[::10]:
        for candidate in row["candidate"]:
            right += match(row["query"], candidate["text"]).relation == RELATIONS[candidate["label"]]
            total += 1
    assert right / total > 0.7


def test_thousands_of_lines_a_second_are_read() -> None:
    texts = [row["text"] for row in lines("neuralcap_dev.jsonl")]
    for text in texts[:300]:
        parse(text)
    started = time.process_time()
    for text in texts:
        parse(text)
    assert len(texts) / (time.process_time() - started) > 5000
