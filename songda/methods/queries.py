"""What a service's papers need to know, in the words of the papers."""

from songda.filing.models import Service
from songda.papers.parts import Desk, Enclosure, Matter


def matter_of(service: Service) -> Matter:
    return Matter(court=service.court.name, number=service.case.number, cause=service.case.cause)


def enclosures_of(service: Service) -> tuple[Enclosure, ...]:
    """The documents of the service, in the order of the list."""
    lines = service.lines.select_related("document").all()
    return tuple(Enclosure(line.document.title, 1, line.document.pdf_sha256) for line in lines)


def desk_of(service: Service) -> Desk:
    """Who answers questions about the papers: the court, at the number people may call back."""
    court = service.court
    return Desk(name=court.name, phone=court.phone, address=court.address)
