"""What a service's papers need to know, in the words of the papers."""

from urllib.parse import quote

from django.conf import settings

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


def serial_of(service: Service, suffix: str) -> str:
    """A paper's number, one in the nation: the court's code, the service's number there, which paper of it."""
    return f"{service.court.code}-{service.number}-{suffix}"


def read_serial(serial: str) -> tuple[str, str]:
    """The court's code and the service's number in a serial; papers made before 2026-11-24 carry no code."""
    number, _, _ = serial.strip().rpartition("-")
    code, _, rest = number.partition("-")
    return ("", number) if code.isdecimal() else (code, rest)


def verify_url(serial: str) -> str:
    """Where anyone checks the paper with this number: what its QR code says."""
    return f"{settings.SONGDA_PORTAL_URL}/verify/{quote(serial)}"
