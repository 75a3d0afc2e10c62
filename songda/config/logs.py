"""One line of JSON for each thing that happened. What could name a person is struck out on the way."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# ID numbers (18), mobile numbers (11) and anything else long enough to point at somebody.
_POINTS_AT_SOMEBODY = re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|1[3-9]\d{9})(?![\dA-Za-z])")
_QUIET = {"axes": "WARNING", "procrastinate": "WARNING", "httpx": "WARNING", "fontTools": "WARNING"}


def _strike_out(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _POINTS_AT_SOMEBODY.sub("[struck out]", value)
    return event


def configure(*, level: str, as_json: bool) -> None:
    """Send structlog and the standard library's logging through the same lines to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    look = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _strike_out,
                look,
            ],
        )
    )
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known.formatter, structlog.stdlib.ProcessorFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, threshold in _QUIET.items():
        logging.getLogger(name).setLevel(threshold)
