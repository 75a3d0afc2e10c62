"""Read a whole paper: heading, list of parties, and for papers without a list the sentence that names the case."""

from songda.filing.extraction import block, heading, parties, sentence, summons
from songda.filing.extraction.clean import clean, fold
from songda.filing.extraction.result import Extracted

_HEAD = 400


def extract(text: str, file: str = "") -> Extracted:
    """What a paper's text says about itself. Never raises: what cannot be read is None."""
    cleaned = clean(text)
    folded = fold(cleaned)
    start = block.begin(folded)
    head = folded[: start if start is not None else _HEAD]
    title = heading.title_of(head)
    read = Extracted(
        file=file,
        case_number=heading.number_of(head, folded, has_block=start is not None),
        court=heading.court_of(head, folded),
        kind=heading.kind_of(title, folded),
        title=title,
    )
    if title and summons.FORMS.search(title):
        summons.fill(read, folded)
    elif start is not None:
        read.parties = parties.parties_in(folded, start, block.finish(folded, start))
    if not read.parties:
        read.parties = sentence.parties_in(folded)
    parties.as_written(read.parties, cleaned, folded, start or 0)
    return read
