"""What simulated people decide is drawn from the seed and from what they decide on, never from an id."""

import re
from random import Random

# Ids in an item's key are new every time: what is decided must not hang on them.
_IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def dice(seed: int, number: str, kind: str, key: str) -> Random:
    """What a person's decisions on an item are drawn from: the same for the same item of the same service, every time
    the day is played."""
    return Random(f"{seed}:{number}:{kind}:{_IDS.sub('', key)}")  # noqa: S311
