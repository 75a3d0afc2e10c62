"""What a court paper says about itself: its case, court, kind and parties.

Values are taken as written. Nothing is filled in from elsewhere: what the paper does not say is None.
"""

from songda.filing.extraction.paper import extract
from songda.filing.extraction.result import Agent, Extracted, ExtractedParty

__all__ = ["Agent", "Extracted", "ExtractedParty", "extract"]
