"""Our facts in the words of ETSI EN 319 522-1 (events), so that other systems of registered delivery read them."""

from collections.abc import Mapping

EVENTS: Mapping[str, tuple[str, ...]] = {
    "order.accepted": ("A.1 SubmissionAcceptance",),
    "order.refused": ("A.2 SubmissionRejection",),
    "call.attempted": ("C.1 NotificationForAcceptance",),
    "consent.given": ("C.1 NotificationForAcceptance",),
    "consent.refused": ("C.1 NotificationForAcceptance",),
    "message.sent": ("C.1 NotificationForAcceptance",),
    "message.reached": ("NotificationDelivered",),
    "message.failed": ("C.2 NotificationForAcceptanceFailure",),
    "content.available": ("D.1 ContentConsignment",),
    "content.opened": ("D.6 ContentAccessTracking",),
    "receipt.signed": ("C.3 ConsignmentAcceptance", "E.1 ContentHandover"),
    "receipt.refused": ("C.4 ConsignmentRejection",),
    "papers.printed": ("F.1 RelayToNonERDS",),
    "mail.accepted": ("F.1 RelayToNonERDS",),
    "mail.attempt_failed": ("E.2 ContentHandoverFailure",),
    "mail.held": ("D.3 ConsignmentNotification",),
    "mail.delivered": ("E.1 ContentHandover",),
    "mail.returned": ("D.2 ContentConsignmentFailure",),
    "mail.receipt_scanned": ("F.3 ReceivedFromNonERDS",),
    "mail.closed": ("F.3 ReceivedFromNonERDS",),
    "visit.failed": ("E.2 ContentHandoverFailure",),
    "visit.left_in_place": ("E.1 ContentHandover",),
    "notice.published": ("D.1 ContentConsignment",),
    "notice.expired": ("C.5 AcceptanceRejectionExpiry",),
}


def events(fact: str) -> tuple[str, ...]:
    """The standard's names of a fact; empty where the standard has none."""
    return EVENTS.get(fact, ())
