"""One print job of many papers: complete, in order, and with nothing stamped on what a court wrote."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from songda.papers.bundle import NotAPaper, bundle, page_count
from songda.papers.mail import envelope
from songda.papers.notice import public_notice
from songda.papers.proof import proof_of_service
from tests.papers import reading, samples


def test_a_print_job_holds_every_page_in_order() -> None:
    papers = [
        envelope(samples.court_mail()),
        proof_of_service(samples.proof(course=samples.course(60))),
        public_notice(samples.notice()),
    ]
    job = bundle(papers)
    assert page_count(job) == sum(map(page_count, papers))
    assert reading.words(job) == "".join(map(reading.words, papers))


def test_nothing_is_stamped_on_the_documents() -> None:
    paper = public_notice(samples.notice())
    assert reading.picture(bundle([envelope(samples.court_mail()), paper]), page=1) == reading.picture(paper)


def test_printing_on_both_sides_lets_each_paper_begin_on_its_own_sheet() -> None:
    one, three = envelope(samples.court_mail()), proof_of_service(samples.proof(course=samples.course(30)))
    assert page_count(three) == 3
    assert page_count(bundle([one, three, one], both_sides=True)) == 2 + 4 + 1


def test_the_same_papers_give_the_same_job() -> None:
    papers = [envelope(samples.court_mail()), public_notice(samples.notice())]
    assert bundle(papers) == bundle(papers)


def test_a_broken_or_locked_paper_is_named_by_its_place() -> None:
    good = public_notice(samples.notice())
    for bad in (b"not a pdf", good[:200], b"", _locked(good)):
        with pytest.raises(NotAPaper) as caught:
            bundle([good, bad])
        assert caught.value.place == 1


def _locked(paper: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(paper)))
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
