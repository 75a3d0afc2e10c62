"""The machine door: one object in, one out; lines in order; what is wrong is named."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from songda.law.facts import FACTS
from songda.law.schema import input_schema, output_schema, schema
from songda.management.cli.law import main
from tests.law.asking import situation

SIGNED = ("2026-03-04", "receipt.signed", {"signer": "self", "via": "visit"})
LEAST = {
    "as_of": "2026-03-05T09:00:00+08:00",
    "case": {"procedure": "ordinary"},
    "recipient": {"kind": "person"},
    "documents": [],
    "facts": [],
}


def run(monkeypatch: pytest.MonkeyPatch, text: str, *words: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return main(list(words))


def test_answers_one_object_as_its_schema_says(monkeypatch, capsys):
    given = situation(SIGNED, papers="judgment")
    Draft202012Validator(input_schema()).validate(given)
    assert run(monkeypatch, json.dumps(given), "explain") == 0
    found = json.loads(capsys.readouterr().out)
    Draft202012Validator(output_schema()).validate(found)
    assert found["outcome"]["effective_on"] == "2026-03-04"
    assert [v["method"] for v in found["allowed_methods"]] == [
        "direct", "left_in_place", "electronic", "postal", "entrusted", "forwarded", "notice", "telephone",
    ]  # fmt: skip


def test_is_a_command_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "songda", "law", "explain"],
        input=json.dumps(LEAST),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["outcome"] is None


def test_needs_only_what_the_answer_turns_on(monkeypatch, capsys):
    Draft202012Validator(input_schema()).validate(LEAST)
    assert run(monkeypatch, json.dumps(LEAST), "explain") == 0
    assert json.loads(capsys.readouterr().out)["step"] == "to_accept"


@pytest.mark.parametrize(
    "field", ["as_of", "case", "case.procedure", "recipient", "recipient.kind", "documents", "facts"]
)
@pytest.mark.parametrize("nothing", [..., None])
def test_never_guesses_what_the_answer_turns_on(monkeypatch, capsys, field, nothing):
    given = changed(field, nothing)
    assert list(Draft202012Validator(input_schema()).iter_errors(given))
    assert run(monkeypatch, json.dumps(given), "explain") == 2
    assert f"{field}: 缺少此项" in capsys.readouterr().err


def test_reads_past_a_byte_order_mark(monkeypatch, capsys):
    assert run(monkeypatch, "\ufeff" + json.dumps(LEAST), "explain") == 0
    assert run(monkeypatch, "\ufeff" + json.dumps(LEAST) + "\n", "explain", "--lines") == 0


@pytest.mark.parametrize(
    ("procedure", "article"),
    [
        ("ordinary", "民诉法解释第五百三十六条"),
        ("summary", "民诉法解释第五百三十六条"),
        ("criminal", "刑事诉讼法第二百三十条"),
        ("administrative", "行政诉讼法第八十五条"),
    ],
)
def test_told_of_one_party_says_when_a_judgment_is_final_if_the_others_periods_have_run_out(
    monkeypatch, capsys, procedure, article
):
    given = situation(SIGNED, papers="judgment ruling", procedure=procedure)
    assert run(monkeypatch, json.dumps(given), "explain") == 0
    found = json.loads(capsys.readouterr().out)
    [final] = [p for p in found["periods"] if p["name"] == "final"]
    [appeal] = [p for p in found["periods"] if p["name"] == "appeal" and p["last_day"] == final["last_day"]]
    assert article in final["articles"]
    assert set(appeal["articles"]) <= set(final["articles"])
    assert "其他当事人的上诉期也均已届满而无人上诉的" in found["explanation"]


def test_answers_lines_in_order_and_skips_blank_ones(monkeypatch, capsys):
    lines = [json.dumps(situation(SIGNED, as_of=f"2026-03-{day:02d}")) for day in range(1, 9)]
    assert run(monkeypatch, "\n\n".join(lines) + "\n", "explain", "--lines") == 0
    found = [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()]
    assert [o is not None for o in found] == [False] * 3 + [True] * 5


def test_stops_at_a_bad_line_naming_it_and_its_field(monkeypatch, capsys):
    good = json.dumps(situation(SIGNED))
    bad = json.dumps({**situation(SIGNED), "as_of": "yesterday"})
    assert run(monkeypatch, f"{good}\n{bad}\n{good}\n", "explain", "--lines") == 2
    found = capsys.readouterr()
    assert len(found.out.splitlines()) == 1
    assert "第2行" in found.err
    assert "as_of" in found.err


def changed(path: str, value: Any) -> dict[str, Any]:
    """A good situation with one thing wrong."""
    whole: Any = json.loads(json.dumps(situation(SIGNED)))
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = whole
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return dict(whole)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("as_of", ..., "as_of"),
        ("as_of", "2026-13-01T00:00:00+08:00", "as_of"),
        ("as_of", 20260302, "as_of"),
        ("as_of", "0000-01-01", "as_of"),
        ("as_of", "0001-01-01T00:00:00+14:00", "as_of"),
        ("as_of", "9999-12-31", "as_of"),
        ("case", [], "case"),
        ("case", "（2026）川0191民初1号", "case"),
        ("case.procedure", "civil", "case.procedure"),
        ("case.number", 1, "case.number"),
        ("case.parties", "邓某", "case.parties"),
        ("case.parties", [{"role": "被告"}], "case.parties[0].name"),
        ("recipient", "邓某", "recipient"),
        ("recipient.kind", "company", "recipient.kind"),
        ("recipient.capacity", "half", "recipient.capacity"),
        ("recipient.address_rank", "guessed", "recipient.address_rank"),
        ("recipient.electronic_consent", "true", "recipient.electronic_consent"),
        ("recipient.electronic_consent", 1, "recipient.electronic_consent"),
        ("recipient.electronic_address", "email", "recipient.electronic_address"),
        ("documents", {}, "documents"),
        ("documents", [{"kind": "letter"}], "documents[0].kind"),
        ("documents", [{}], "documents[0].kind"),
        ("facts", "none", "facts"),
        ("facts", [3], "facts[0]"),
        ("facts.0.fact", "receipt.signd", "facts[0].fact"),
        ("facts.0.fact", ["receipt.signed"], "facts[0].fact"),
        ("facts.0.fact", ..., "facts[0].fact"),
        ("facts.0.happened_at", ..., "facts[0].happened_at"),
        ("facts.0.happened_at", "soon", "facts[0].happened_at"),
        ("facts.0.learnt_at", "2026-02-30", "facts[0].learnt_at"),
        ("facts.0.by", 7, "facts[0].by"),
        ("facts.0.detail", [], "facts[0].detail"),
        ("facts.0.detail", "x", "facts[0].detail"),
        ("facts.0.detail.signer", ..., "facts[0].detail.signer"),
        ("facts.0.detail.signer", "wife", "facts[0].detail.signer"),
        ("facts.0.detail.via", "pigeon", "facts[0].detail.via"),
        ("facts.0.detail.id_number_given", "yes", "facts[0].detail.id_number_given"),
    ],
)
def test_bad_input_exits_2_and_names_the_field(monkeypatch, capsys, path, value, field):
    assert run(monkeypatch, json.dumps(changed(path, value)), "explain") == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert f"{field}:" in found.err


@pytest.mark.parametrize(
    ("name", "detail", "field"),
    [
        ("mail.returned", {}, "because"),
        ("mail.returned", {"because": "lost"}, "because"),
        ("visit.left_in_place", {"witnesses": -1}, "witnesses"),
        ("visit.left_in_place", {"witnesses": True}, "witnesses"),
        ("visit.left_in_place", {"witnesses": "2"}, "witnesses"),
        ("collection.appointed", {}, "last_day"),
        ("collection.appointed", {"last_day": "Friday"}, "last_day"),
        ("notice.published", {"in": "wall"}, "in"),
        ("service.rebutted", {}, "ground"),
        ("service.rebutted", {"ground": "other_arrival_time", "arrived_at": "late"}, "arrived_at"),
        ("consent.given", {"how": "guessed"}, "how"),
        ("content.available", {"address": "none"}, "address"),
        ("call.served", {"recorded": "yes"}, "recorded"),
    ],
)
def test_bad_detail_exits_2_and_names_the_key(monkeypatch, capsys, name, detail, field):
    given = json.dumps(situation(("2026-03-04", name, detail)))
    assert run(monkeypatch, given, "explain") == 2
    assert f"facts[0].detail.{field}:" in capsys.readouterr().err
    assert list(Draft202012Validator(input_schema()).iter_errors(json.loads(given))) or field in (
        "last_day",
        "arrived_at",
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '"x"', "[" * 100_000])
def test_what_is_not_an_object_exits_2(monkeypatch, capsys, text):
    assert run(monkeypatch, text, "explain") == 2
    assert "输入" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["explain", "--line"], ["judge"]])
def test_an_unknown_command_exits_2_with_the_usage(monkeypatch, capsys, words):
    assert run(monkeypatch, "", *words) == 2
    assert "songda law explain" in capsys.readouterr().err


class TestTimes:
    @pytest.mark.parametrize(
        ("when", "day"),
        [
            ("2026-03-04T23:59:00+08:00", "2026-03-04"),
            ("2026-03-04T23:59:00Z", "2026-03-05"),
            ("2026-03-04T23:59:00", "2026-03-04"),  # without an offset it is Beijing's
            ("2026-03-04", "2026-03-04"),
        ],
    )
    def test_days_are_beijings(self, monkeypatch, capsys, when, day):
        given = situation((when, "receipt.signed", {"signer": "self", "via": "visit"}))
        assert run(monkeypatch, json.dumps(given), "explain") == 0
        assert json.loads(capsys.readouterr().out)["outcome"]["effective_on"] == day


def test_the_schemas_are_whole_and_know_every_fact(monkeypatch, capsys):
    assert run(monkeypatch, "", "schema") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == schema()
    given, found = printed["input"], printed["output"]
    Draft202012Validator.check_schema(given)
    Draft202012Validator.check_schema(found)
    assert set(FACTS) == set(given["properties"]["facts"]["items"]["properties"]["fact"]["enum"])
    Draft202012Validator(given).validate(situation(SIGNED))
    assert list(Draft202012Validator(given).iter_errors({}))
    assert list(Draft202012Validator(found).iter_errors({}))
