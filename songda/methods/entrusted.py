"""委托送达、转交送达 and parties outside the mainland: letters that a clerk sends, and whose answer a clerk tells."""

from songda.filing.models import Service
from songda.lib import clock
from songda.methods.actions import keep_paper
from songda.methods.models import Paper
from songda.methods.queries import desk_of, enclosures_of, matter_of
from songda.papers.letters import EntrustingLetter, Forwarder, ForwardingLetter, entrusting_letter, forwarding_letter

# Who forwards for whom (民事诉讼法 92-93).
_FORWARDERS: dict[str, tuple[Forwarder, str]] = {
    "soldier": ("army", "受送达人所在部队团以上单位的政治机关"),
    "prisoner": ("prison", "受送达人所在监所"),
}

# To whom the request for service goes, and why the ordinary ladder is not open.
_ENTRUSTED: dict[str, tuple[str, str, str]] = {
    "entrusted": ("受送达人住所地人民法院", "直接送达诉讼文书有困难（民事诉讼法第九十一条）", "委托送达函"),
    "hk_macao": (
        "本院上级高级人民法院",
        "受送达人在香港、澳门，应当按照内地与港澳送达安排及法释〔2009〕2号办理",
        "港澳送达委托书",
    ),
    "taiwan": ("本院上级高级人民法院", "受送达人在台湾地区，应当按照法释〔2008〕4号办理", "台湾地区送达请求书"),
    "abroad": (
        "本院上级高级人民法院",
        "受送达人在中华人民共和国领域内没有住所，应当按照民事诉讼法第二百八十三条办理",
        "域外送达委托书",
    ),
}


def prepare_letter(service: Service, route: str) -> Paper:
    """The letter that the route asks for, kept with the service; a clerk sends it and tells what came back."""
    title, pdf = _forwarding(service) if route == "forwarded" else _entrusting(service, route)
    return keep_paper(service, kind="letter", title=title, key=f"letter:{route}", pdf=pdf)


def _forwarding(service: Service) -> tuple[str, bytes]:
    forwarder, addressed_to = _FORWARDERS.get(service.party.kind, ("education", "受送达人所在的强制性教育机构"))
    letter = ForwardingLetter(
        matter=matter_of(service),
        letter_number=service.number,
        made_at=clock.now(),
        addressed_to=addressed_to,
        forwarder=forwarder,
        recipient=service.party.name,
        papers=enclosures_of(service),
        desk=desk_of(service),
    )
    return "转交送达函", forwarding_letter(letter)


def _entrusting(service: Service, route: str) -> tuple[str, bytes]:
    addressed_to, reason, title = _ENTRUSTED[route]
    points = service.party.contact_points.filter(withdrawn_at=None).order_by("-confidence")
    known = {kind: next((point.value for point in points if point.kind == kind), "") for kind in ("address", "phone")}
    letter = EntrustingLetter(
        matter=matter_of(service),
        letter_number=service.number,
        made_at=clock.now(),
        addressed_to=addressed_to,
        recipient=service.party.name,
        address=known["address"],
        phone=known["phone"],
        reason=reason,
        papers=enclosures_of(service),
        desk=desk_of(service),
    )
    return title, entrusting_letter(letter)
