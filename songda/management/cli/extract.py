"""`songda extract FILE...`: what court papers say about themselves, as JSON Lines."""

import json
import sys
from pathlib import Path

from songda.filing.extraction import extract
from songda.filing.intake import Refused
from songda.filing.reading import text_of_file

USAGE = """\
songda extract FILE...
从裁判文书、起诉状、传票等（PDF、DOCX、TXT）读出案号、法院、文书种类和当事人，按所给顺序每个文件输出一行 JSON。
读不了的文件在标准错误上报出名称，其余照常读完，退出码为 2。"""


def main(argv: list[str]) -> int:
    """Read each file in turn; 0 where all were read, 2 where one could not be or none was named."""
    if not argv or argv[0] in ("-h", "--help"):
        print(USAGE, file=sys.stdout if argv else sys.stderr)
        return 0 if argv else 2
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    return max([_read_one(name) for name in argv])


def _read_one(name: str) -> int:
    try:
        read = extract(text_of_file(Path(name)), name)
    except Refused as refusal:
        print(f"{name}：{refusal.message}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{name}：无法读取（{error.strerror}）", file=sys.stderr)
        return 2
    print(json.dumps(read.to_json(), ensure_ascii=False), flush=True)
    return 0
