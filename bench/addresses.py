"""Accuracy and speed of `parse` beside cpca and JioNLP, on the same lines in the same run, on one core.

    python bench/addresses.py [../shared/data/addresses]

cpca and JioNLP are measured where they can be imported (they are no dependencies of the product):
`pip install "setuptools<81" cpca jionlp` in a scratch environment that also holds rapidfuzz and pypinyin.
A line is right when the deepest division the truth names is found: its code for county, city or province.

`parse` keeps a bounded memo of how lines begin (浙江省杭州市余杭区), since the lines of a list share their heads. The
row "songda, heads all different" is what is left without it: only one line of each beginning, and every memo emptied
first (the tables of divisions stay loaded, as those of the libraries do).
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from songda.finding.addresses import (  # noqa: E402 - after the path is set
    chains,
    levels,
    match,
    parse,
    reading,
    spelling,
)
from songda.finding.addresses.address import full_name  # noqa: E402
from songda.finding.addresses.divisions import divisions  # noqa: E402
from songda.finding.addresses.text import count_in_digits, narrow  # noqa: E402

Line = tuple[str, str]  # text, code of two to six digits
Reader = Callable[[str], str]  # text to code
SLOW_SAMPLE = 600  # lines timed for a reader that manages a few hundred a second
HEAD = 6  # characters by which lines begin alike
MEMOS = (chains._ways_on, chains._whole, levels._meant_by, reading._names_above, spelling.closest)
DEPTH = {"county": 6, "city": 4, "province": 2}


def by_names() -> dict[tuple[str, str, str], str]:
    """Codes by (province, city, county), for readers that answer in names."""
    found = {}
    for code in divisions():
        names = [divisions()[code[:n]].name if len(code) >= n else "" for n in (2, 4, 6)]
        found[(names[0], names[1], names[2])] = code
        if not names[1]:
            found[(names[0], names[2], names[2])] = code
            found[(names[0], names[2], "")] = code
    return found


def hand_written(folder: Path) -> list[Line]:
    """Cases of the libraries' own authors: akebe and cpca name a code, JioNLP names."""
    lines = []
    for name in ("akebe_cases.json", "cpca_cases.json"):
        for case in json.loads((folder / name).read_text()):
            code = case.get("adcode") or case.get("code")
            if code:
                lines.append((str(case["input"]), code))
    codes = by_names()
    for case in json.loads((folder / "jionlp_location_cases.json").read_text()):
        wanted = case["expected"]
        code = codes.get(tuple(wanted[level] or "" for level in ("province", "city", "county")))  # type: ignore[arg-type]
        if code:
            lines.append((case["input"], code))
    return lines


def labelled(folder: Path) -> tuple[list[Line], list[dict[str, Any]]]:
    """Addresses with labelled spans: those whose division is settled, and all of them with their spans."""
    rows = [json.loads(line) for line in (folder / "neuralcap_dev.jsonl").read_text().splitlines()]
    settled = [
        (row["text"], row["adcode"][: DEPTH[row["level"]]]) for row in rows if row["level"] in ("county", "city")
    ]
    return settled, rows


def renamed(rows: list[dict[str, Any]], published: Path) -> list[Line]:
    """Labelled addresses whose county no longer exists, with the code of what the published changes say it became."""
    became = {}
    codes = by_names()
    for line in published.read_text().splitlines():
        old, _, new = line.partition("=>")
        names = new.split("\t")
        if len(names) == 3 and (code := codes.get((names[0], names[1], names[2]))):
            became[(names[1], old.split("\t")[-2])] = code
    lines = []
    for row in rows:
        said = {span["label"]: span["text"] for span in row["spans"]}
        code = became.get((said.get("city", "").removesuffix("市") + "市", said.get("district", "")))
        if row["level"] == "unresolved" and code:
            lines.append((row["text"], code))
    return lines


def ours(text: str) -> str:
    return parse(text).code


def cpca_reader() -> Callable[[Sequence[str]], list[str]] | None:
    try:
        import cpca
    except ImportError:
        return None
    return lambda texts: [str(code or "") for code in cpca.transform(list(texts))["adcode"]]


def jionlp_reader() -> tuple[Reader, Reader] | None:
    """Two readers: to codes and to town names."""
    try:
        import jionlp
    except ImportError:
        return None
    codes = by_names()

    def to_code(text: str) -> str:
        read = jionlp.parse_location(text, town_village=True)
        names = tuple(read[level] or "" for level in ("province", "city", "county"))
        return codes.get(names, "")  # type: ignore[arg-type]

    return to_code, lambda text: jionlp.parse_location(text, town_village=True)["town"] or ""


def right(lines: list[Line], found: Sequence[str]) -> float:
    """Share of lines whose division is found, however much deeper the answer goes."""
    good = sum(got[: len(code)] == code and bool(code) for (_, code), got in zip(lines, found, strict=True))
    return good / len(lines)


def per_second(read: Callable[[], object], lines: int) -> float:
    started = time.process_time()
    read()
    return lines / (time.process_time() - started)


FIELDS = {
    "town": "town",
    "road": "road",
    "roadno": "number",
    "houseno": "building",
    "cellno": "unit",
    "floorno": "floor",
    "roomno": "room",
}
ENDINGS = ("号楼", "栋", "幢", "座", "单元", "室", "房", "号", "楼", "层", "街道", "镇", "乡")


def bare(text: str) -> str:
    text = count_in_digits(narrow(text)).upper()
    while ending := next((end for end in ENDINGS if text.endswith(end) and len(text) > len(end)), ""):
        text = text.removesuffix(ending)
    return text


def spans_right(rows: list[dict[str, Any]], label: str, read: Callable[[str], str]) -> float:
    """Share of lines with one span of a label (or none, but something found) where it is found as labelled."""
    good = asked = 0
    for row in rows:
        wanted = [span["text"] for span in row["spans"] if span["label"] == label]
        got = read(row["text"])
        if len(wanted) == 1 or (got and not wanted):
            asked += 1
            good += bool(wanted) and bare(wanted[0]) == bare(got)
    return good / asked


def one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def row(name: str, *cells: str) -> None:
    print(f"| {name:<27} | " + " | ".join(f"{cell:>10}" for cell in cells) + " |")


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def without_memory(texts: list[str]) -> float:
    """Lines per second over lines no two of which begin alike, each memo empty at the start."""
    apart = list({text[:HEAD]: text for text in texts}.values())
    for memo in MEMOS:
        memo.cache_clear()
    return per_second(lambda: [parse(text) for text in apart], len(apart))


def compare(folder: Path) -> None:
    cases, (settled, rows) = hand_written(folder), labelled(folder)
    texts = [row["text"] for row in rows]
    old = renamed(rows, folder.parent / "regions" / "changes.txt")
    everyone: dict[str, tuple[float | None, float | None, float | None, float | None, float]] = {}

    [parse(text) for text in texts[:300]]
    everyone["songda parse"] = (
        right(cases, [ours(text) for text, _ in cases]),
        right(settled, [ours(text) for text, _ in settled]),
        right(old, [ours(text) for text, _ in old]),
        spans_right(rows, "town", lambda text: parse(text).town),
        per_second(lambda: [parse(text) for text in texts], len(texts)),
    )
    everyone["songda, heads all different"] = (None, None, None, None, without_memory(texts))
    if cpca := cpca_reader():
        cpca(texts[:3])
        by_code, by_span, by_change = (right(some, cpca([text for text, _ in some])) for some in (cases, settled, old))
        accuracy = by_code, by_span, by_change
        single = per_second(lambda: [cpca([text]) for text in texts[:SLOW_SAMPLE]], SLOW_SAMPLE)
        everyone["cpca, a call per line"] = (*accuracy, None, single)
        everyone["cpca, one call for all"] = (*accuracy, None, per_second(lambda: cpca(texts), len(texts)))
    if jionlp := jionlp_reader():
        to_code, to_town = jionlp
        to_code(texts[0])
        everyone["JioNLP"] = (
            right(cases, [to_code(text) for text, _ in cases]),
            right(settled, [to_code(text) for text, _ in settled]),
            right(old, [to_code(text) for text, _ in old]),
            spans_right(rows, "town", to_town),
            per_second(lambda: [to_code(text) for text in texts[:SLOW_SAMPLE]], SLOW_SAMPLE),
        )
    print(f"{len(cases)} hand-written cases, {len(settled)} labelled addresses with a settled division,")
    print(f"{len(old)} with a county renamed or merged since, {len(rows)} for towns and speed; one core\n")
    row("", "cases", "labelled", "renamed", "towns", "lines/s", "songda is")
    row("-" * 27, *["-" * 10] * 6)
    fastest = everyone["songda parse"][-1]
    for name, (first, second, third, towns, speed) in everyone.items():
        row(name, shown(first), shown(second), shown(third), shown(towns), f"{speed:,.0f}", f"{fastest / speed:.1f}x")
    if len(everyone) == 1:
        print('\ncpca and JioNLP are not installed: pip install "setuptools<81" cpca jionlp')
    print("\nBelow the town, which neither library reads (labelled span found as labelled):")
    for label, field in FIELDS.items():
        share = spans_right(rows, label, lambda text, field=field: getattr(parse(text), field))  # type: ignore[misc]
        print(f"  {field:<9} {share:.1%}")


def matching(folder: Path) -> None:
    pairs = [json.loads(line) for line in (folder / "pairs.jsonl").read_text().splitlines()][:60]
    work = [(row["query"], c["text"]) for row in pairs for c in row["candidate"]]
    match(*work[0])  # loads the model
    speed = per_second(lambda: [match(a, b) for a, b in work], len(work))
    print(f"\nmatch: {speed:,.0f} pairs/s; how well it does is measured by bench/address_fit.py")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/data/addresses"
    if not folder.is_dir():
        sys.exit(f"no addresses to measure with in {folder}")
    one_core()
    assert full_name("510107") == "四川省成都市武侯区"
    compare(folder)
    matching(folder)


if __name__ == "__main__":
    main()
