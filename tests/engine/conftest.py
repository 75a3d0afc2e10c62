"""The same people as in the tests of liaison: those who look after each side."""

from tests.liaison.conftest import meng, qin, world

__all__ = ["meng", "qin", "world"]
