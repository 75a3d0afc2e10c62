"""The command as the shell sees it: lines in, JSON lines out."""

import json
import subprocess
import sys


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


def test_a_broken_pair_ends_the_run_with_its_line() -> None:
    done = run("match", lines='{"a": "一"}\n')
    assert done.returncode == 1
    assert "line 1" in done.stderr


def test_an_unknown_word_shows_how_to_use_it() -> None:
    done = run("dance", lines="")
    assert done.returncode == 2
    assert "usage" in done.stderr
