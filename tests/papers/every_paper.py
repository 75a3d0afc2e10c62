"""Every paper by name, so that one test can hold for all of them."""

from collections.abc import Callable, Mapping

from songda.papers.address import address_confirmation
from songda.papers.catalogue import catalogue
from songda.papers.letters import entrusting_letter, forwarding_letter, inquiry_letter
from songda.papers.mail import envelope, handover_list, manifest, waybill_label
from songda.papers.notice import public_notice
from songda.papers.proof import correction, electronic_proof, proof_of_service
from songda.papers.records import call_record, visit_record
from songda.papers.report import report
from songda.papers.slip import slip
from tests.papers import samples

EVERY: Mapping[str, Callable[[], bytes]] = {
    "送达回证": lambda: proof_of_service(samples.proof()),
    "电子送达凭证": lambda: electronic_proof(samples.electronic()),
    "更正说明": lambda: correction(samples.amended()),
    "送达地址确认书": lambda: address_confirmation(samples.confirmation()),
    "法院专递": lambda: envelope(samples.court_mail()),
    "面单": lambda: waybill_label(samples.label()),
    "打印封装清单": lambda: manifest(samples.batch(5)),
    "公告": lambda: public_notice(samples.notice()),
    "公告（报刊）": lambda: public_notice(samples.notice(), "newspaper"),
    "协查函": lambda: inquiry_letter(samples.inquiry()),
    "委托送达函": lambda: entrusting_letter(samples.entrusting()),
    "转交送达函": lambda: forwarding_letter(samples.forwarding()),
    "留置送达记录": lambda: visit_record(samples.visit()),
    "电话送达记录": lambda: call_record(samples.call()),
    "送达材料目录": lambda: catalogue(samples.filed()),
    "交接清单": lambda: handover_list(samples.given_to_the_carrier()),
    "凭条": lambda: slip(samples.handed_over()),
    "周报": lambda: report(samples.weekly()),
}
