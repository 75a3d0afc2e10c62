"""What can become of a request to a counterparty, in a few words that the engine reads in one place.

The reasons are short English codes. They never carry a name, a number, an address or a counterparty's free text.
"""

from datetime import timedelta


class TryAgain(Exception):  # noqa: N818 - these are words of the trade, read aloud by the one who catches them
    """The counterparty cannot answer now; `after` is its own wish, or None where it named none."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class GiveUp(Exception):  # noqa: N818
    """Asking again in the same words can never work; a person must look at it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AlreadyDone(Exception):  # noqa: N818
    """Our key was known there: nothing was done twice. `reply` is what the first request was answered."""

    def __init__(self, reply: object) -> None:
        super().__init__("the key was known to the counterparty")
        self.reply = reply


class FateUnknown(Exception):  # noqa: N818
    """The line broke between our last word and their answer, and nobody can be asked what became of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadSignature(Exception):  # noqa: N818
    """A callback that nobody can vouch for: unsigned, wrongly signed, or too old."""
