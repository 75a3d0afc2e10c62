"""Addresses: read them, compare them, decide whether one can be printed on an envelope."""

from songda.finding.addresses.address import Address
from songda.finding.addresses.gate import Gate, gate
from songda.finding.addresses.keys import same_place_key
from songda.finding.addresses.matching import Match, match
from songda.finding.addresses.nearness import nearest
from songda.finding.addresses.reading import parse, parse_lines

__all__ = ["Address", "Gate", "Match", "gate", "match", "nearest", "parse", "parse_lines", "same_place_key"]
