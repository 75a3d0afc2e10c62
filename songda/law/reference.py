"""docs/law.md, written from the tables: what the platform applies is what a jurist reads."""

from collections.abc import Iterable, Iterator

from .articles import ARTICLES, Article
from .course import GIVEN_BY_RECIPIENT
from .effect import REBUTTALS
from .facts import FACTS, REBUTTAL_GROUNDS, RETURN_REASONS, SIGNERS
from .handing import VIA_METHODS
from .methods import BARS, METHODS
from .notice import NOTICE_TERMS
from .periods import PERIOD_NAMES, PERIOD_ROWS
from .returning import RETURN_RULES
from .signers import LEAVING, REFUSING_IN_PERSON, REFUSING_MAIL, SIGNATURES, SignerRow
from .situation import ADDRESS_RANKS, DOCUMENT_KINDS, PROCEDURES, RECIPIENT_KINDS
from .steps import RESULTS, ROWS, STEPS

_HEAD = """# 送达的法律规则

<!-- 由 `songda law docs` 从 songda/law 的规则表生成，请勿手改；tests/law/test_reference.py 检查是否最新。 -->

平台对每一次送达的判断都出自下列各表。案件适用当日有效的法律；条号为现行条号，旧文本条号不同的在说明中一并写明。
"""


def reference() -> str:
    """The whole document in Markdown."""
    return "\n".join([_HEAD, *_sections()]) + "\n"


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(columns)
    lines = [f"## {title}\n", _line(head), _line("---" for _ in head), *map(_line, rows), ""]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _codes(articles: Iterable[Article]) -> str:
    return "、".join(article.code for article in articles)


def _sections() -> Iterator[str]:
    yield _table("方式", ("代码", "方式", "条文"), ((m, name, art.code) for m, (name, art) in METHODS.items()))
    yield _bars()
    yield _signers("谁可以签收", SIGNATURES)
    yield _signers("谁拒收可以留置", LEAVING)
    yield _signers("谁在法院或者住所地以外拒签视为送达", REFUSING_IN_PERSON)
    yield _signers("谁拒收邮件、退回视为送达", REFUSING_MAIL)
    yield _table(
        "签收的途径",
        ("代码", "方式", "条文"),
        ((via, METHODS[method][0], _codes(articles)) for via, (method, _, articles) in VIA_METHODS.items()),
    )
    yield _table(
        "邮件退回",
        ("原因", "何时视为送达"),
        ((RETURN_REASONS[reason], rule.when) for reason, rule in RETURN_RULES.items()),
    )
    yield _table(
        "送达地址的来源",
        ("来源", "退回是否可归责于受送达人"),
        (
            (name, "是" if rank in GIVEN_BY_RECIPIENT else "仅在记明拒不提供地址时")
            for rank, name in ADDRESS_RANKS.items()
        ),
    )
    yield _notices()
    yield _rebuttals()
    yield _periods()
    yield _steps()
    yield _facts()
    yield _articles()


def _bars() -> str:
    rows = (
        (
            "、".join(METHODS[m][0] for m in METHODS if m in row.methods),
            row.when,
            row.why,
            row.article.code,
            _voids(row.voids),
        )
        for row in BARS
    )
    return _table("何时不能用", ("方式", "情形", "理由", "条文", "违反的后果"), rows)


def _voids(voids: bool) -> str:
    return "不发生送达效力" if voids else "另看送达事实"


def _signers(title: str, rows: tuple[SignerRow, ...]) -> str:
    cells = (
        (row.name, "、".join(SIGNERS[s] for s in SIGNERS if s in row.signers), _codes(row.articles)) for row in rows
    )
    return _table(f"{title}（自上而下，先合者用）", ("情形", "人", "条文"), cells)


def _notices() -> str:
    rows = (
        (
            "、".join(RECIPIENT_KINDS[k] for k in RECIPIENT_KINDS if k in row.kinds) or "一般",
            f"{row.valid_from.isoformat()}—{row.valid_until.isoformat() if row.valid_until else ''}",
            f"{row.months}个月" if row.months else f"{row.days}日",
            _codes(row.articles),
        )
        for row in NOTICE_TERMS
    )
    return _table("公告期（自最后一次张贴、刊登起，期满之日送达）", ("受送达人", "发布于", "期间", "条文"), rows)


_BASES = {"reading": "推定送达（查阅）", "return": "退回视为送达", "arrival": "到达确认地址（仅改变日期）"}


def _rebuttals() -> str:
    rows = (
        (REBUTTAL_GROUNDS[ground], "、".join(_BASES[b] for b in sorted(bases)), article.code)
        for ground, (bases, article) in REBUTTALS.items()
    )
    return _table("推翻", ("理由", "对何种送达有效", "条文"), rows)


def _periods() -> str:
    rows = (
        (
            DOCUMENT_KINDS[row.paper],
            "、".join(PROCEDURES[p] for p in PROCEDURES if p in row.procedures),
            "、".join(RECIPIENT_KINDS[k] for k in RECIPIENT_KINDS if k in row.kinds),
            f"{PERIOD_NAMES[row.name]} {row.days} 日",
            _codes(row.articles),
        )
        for row in PERIOD_ROWS
    )
    return _table("自送达次日起算的期间", ("文书", "程序", "受送达人", "期间", "条文"), rows)


def _steps() -> str:
    names = "\n".join(f"    {step}: {name}" for step, name in STEPS.items())
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        for start in sorted(row.start - {row.to}):
            label = FACTS[row.fact].chinese + (f"（{row.condition}）" if row.condition else "")
            arrows.setdefault((start, row.to), []).append(label)
    moves = "\n".join(f"    {start} --> {to}: {'、'.join(dict.fromkeys(why))}" for (start, to), why in arrows.items())
    ends = "\n".join(f"    {result} --> [*]" for result in sorted(RESULTS))
    rows = _table(
        "环节的转移",
        ("自", "事实", "条件", "至", "条文"),
        (
            (
                "、".join(STEPS[s] for s in STEPS if s in row.start),
                FACTS[row.fact].chinese,
                row.condition,
                STEPS[row.to],
                row.article.code,
            )
            for row in ROWS
        ),
    )
    note = "事实一经构成送达，环节即为其结果；其余按下图转移，无对应转移的事实不改变环节。\n"
    diagram = f"```mermaid\nstateDiagram-v2\n    [*] --> to_accept\n{names}\n{moves}\n{ends}\n```"
    return f"## 环节图\n\n{note}\n{diagram}\n\n{rows}"


def _facts() -> str:
    rows = (
        (f"`{name}`", kind.chinese, kind.etsi or "—", "、".join(f"`{key}`" for key in kind.keys) or "—")
        for name, kind in FACTS.items()
    )
    return _table("事实", ("代码", "事实", "ETSI EN 319 522", "细目"), rows)


def _articles() -> str:
    rows = (
        (
            x.code,
            x.title,
            x.instrument.title,
            x.valid_from.isoformat(),
            x.valid_until.isoformat() if x.valid_until else "",
        )
        for x in ARTICLES.values()
    )
    return _table("条文", ("条文", "内容", "文件", "自", "至"), rows)
