"""Addresses: read them, compare them, decide whether one can be printed on an envelope."""

from songda.finding.addresses.address import Address
from songda.finding.addresses.reading import parse, parse_lines

__all__ = ["Address", "parse", "parse_lines"]
