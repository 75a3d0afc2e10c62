"""The command as the shell sees it: lines in, JSON lines out."""

import json
import subprocess
import sys

import pytest


def run(*words: str, lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "songda", "address", *words], input=lines, capture_output=True, text=True, check=False
    )


def test_parse_answers_every_line_with_one_line() -> None:
    done = run("parse", lines="武侯区玉林南路98号\n\n同上\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == ["武侯区玉林南路98号", "", "同上"]
    assert answers[0]["codes"]["county"] == "510107"
    assert done.returncode == 0


def test_match_answers_pairs() -> None:
    pair = {"a": "武侯区玉林南路98号", "b": "成都市武侯区玉林南路九十八号"}
    done = run("match", lines=json.dumps(pair) + "\n")
    assert json.loads(done.stdout)["relation"] == "same"


def test_gate_says_what_is_missing() -> None:
    done = run("gate", lines="成都市武侯区玉林南路\n")
    assert json.loads(done.stdout)["verdict"] == "incomplete"


def test_a_line_that_is_no_pair_says_so_in_its_place_and_the_others_go_on() -> None:
    good = json.dumps({"a": "武侯区玉林南路98号", "b": "成都市武侯区玉林南路九十八号"})
    done = run("match", lines='{"a": "一"}\n{"a": 1, "b": null}\n[]\nnot JSON\n' + good + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["relation"] for one in answers] == [None, None, None, None, "same"]
    assert all('{"a"' in one["error"] for one in answers[:4])
    assert done.returncode == 1


PLACE = "武侯区玉林南路98号"


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b"", []),
        (b"\n\n", ["", ""]),
        (b"\xef\xbb\xbf" + PLACE.encode() + b"\r\n", [PLACE]),
        (PLACE.encode("gb18030") + b"\n" + PLACE.encode() + b"\n", [PLACE, PLACE]),
        (PLACE.encode() + "\u2028".encode() + b"\x00\n", None),
        (bytes(range(256)) * 4, None),
        (b"\xff\xfe\xff\n", None),
        (PLACE.encode() * 400_000 + b"\n", None),
    ],
)
@pytest.mark.parametrize("word", ["parse", "gate"])
def test_whatever_comes_one_line_in_is_one_line_out(word: str, content: bytes, texts: list[str] | None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "songda", "address", word], input=content, capture_output=True, check=False
    )
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(answers) == content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    if texts is not None and word == "parse":
        assert [one["text"] for one in answers] == texts


def test_a_file_that_is_not_there_is_said() -> None:
    done = run("parse", "no-such-file", lines="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such file" in done.stderr


def test_an_unknown_word_shows_how_to_use_it() -> None:
    done = run("dance", lines="")
    assert done.returncode == 2
    assert "usage" in done.stderr
