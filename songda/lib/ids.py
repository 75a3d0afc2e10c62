"""Identifiers made in Python, so that a row has its name before the database sees it."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562 section 6.2, method 3): Unix milliseconds, the twelve bits of time below them, 62 random bits.

    What one process makes in a row sorts in that row, so that rows written together keep their order.
    """
    milliseconds, below = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = milliseconds << 80 | 0x7 << 76 | (below << 12) // 1_000_000 << 64 | 0x2 << 62 | random
    return UUID(int=value & ((1 << 128) - 1))
