"""Copies that leave the file hide what their reader need not know (个人信息保护法 6; 法释〔2004〕13号 4)."""

import re

_HOUSE = re.compile(r"\d.*$", re.DOTALL)


def id_number(text: str) -> str:
    """Only the first three and the last two characters stay; a short number is hidden whole."""
    return _middle(text, 3, 2)


def phone(text: str) -> str:
    """Only the first three and the last four digits stay."""
    return _middle(text, 3, 4)


def address(text: str) -> str:
    """What follows the street's name, from the first digit on, is hidden."""
    return _HOUSE.sub("＊＊＊", text)


def _middle(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
