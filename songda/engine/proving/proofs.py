"""送达回证 and 电子送达凭证: the outcome of a service, its course and its articles, as a paper for the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from songda.courts.models import Person
from songda.engine.keeping import retention
from songda.engine.standing import Course, reckoned
from songda.evidence.models import Fact, Speaker
from songda.law.explanation import Explanation
from songda.law.facts import FACTS, SIGNERS
from songda.lib import clock
from songda.methods.electronic import CHANNEL_OF
from songda.methods.models import Exhibit
from songda.methods.queries import enclosures_of, matter_of, verify_url
from songda.papers import proof
from songda.papers.parts import Happening, Receipt
from songda.papers.render import Attachment

# Facts of ours that the law does not read but a reader of the course should.
OWN_FACTS = {
    "inquiry.closed": "协查结束",
    "inquiry.failed": "信息平台未能答复",
    "inquiry.authority_asked": "报请协查授权",
    "inquiry.authorised": "协查授权",
    "inquiry.authority_refused": "不予协查授权",
    "inquiry.letter_made": "制作协查函",
    "inquiry.letter_fetched": "平台调取协查函",
    "inquiry.number_wanted": "平台要求证件号码",
    "inquiry.number_given": "向平台提供证件号码",
    "inquiry.number_allowed": "准许提供证件号码",
    "inquiry.number_refused": "不提供证件号码",
    "recipient.identified": "补录证件号码",
    "inquiry.emptied": "清空协查答复",
    "contact.recalled": "调取既往已核实的联系方式",
    "address.placed": "确定行政区划",
    "address.retried": "再次投递同一地址",
    "notice.paused": "公告暂不认定",
    "notice.upheld": "公告继续",
    "notice.withdrawn": "停止公告",
    "visit.planned": "安排上门",
    "visit.broken_off": "安全撤离",
    "visit.questioned": "外送报告存疑",
    "letter.prepared": "函件制作",
    "letter.sent": "函件寄出",
    "letter.failed": "函件退回",
    "service.stopped": "停止送达",
    "service.reopened": "恢复送达",
    "route.chosen": "选定送达途径",
    "rung.skipped": "跳过环节",
    "notice.refused": "不批准公告",
    "conformity.accepted": "法院审查确认",
    "correction.refused": "不同意更正",
    "work.done": "待办办结",
    "contact.withdrawn": "联系方式停用",
    "contact.added": "补充联系方式",
    "courtesy.sent": "告知信息发出",
    "courtesy.reached": "告知信息到达",
    "courtesy.failed": "告知信息未能到达",
    "message.asked_again": "决定重发通知",
    "recording.added": "通话录音存卷",
    "private.revealed": "查看个人信息",
    "result.filed": "结果入卷",
    "papers.downloaded": "下载文书",
    "procedure.converted": "转为普通程序",
    "irregularity.raised": "提出异常",
    "irregularity.answered": "答复异常",
    "irregularity.reopened": "重新提出异常",
    "mail.counted": "核页相符",
    "mail.miscounted": "核页不符",
    "papers.discarded": "作废重印",
    "mail.sealed": "装封",
    "mail.handed_over": "交接邮政",
    "mail.shelved": "退件入库",
    "mail.return_scanned": "投递局退回信息",
    "mail.given_back": "退件交还法院",
    "mail.looked_up": "查询邮件下落",
    "indicators.sealed": "指标封存",
    "report.made": "出具统计报告",
    "report.downloaded": "下载统计报告",
    "slip.printed": "打印凭条",
    "file.kept": "文件入库",
    "file.erased": "文件到期删除",
    "files.held": "采取文件保留措施",
    "files.released": "解除文件保留措施",
    "submission.received": "收到当事人提交的材料",
}


def chinese_of(name: str) -> str:
    """What a fact is called on a page."""
    return FACTS[name].chinese if name in FACTS else OWN_FACTS.get(name, name)


@dataclass(frozen=True, slots=True)
class Issue:
    """What makes one paper of many for a service: its serial, its time, what it replaces, the law's answer."""

    serial: str
    made_at: datetime
    explanation: Explanation
    replaces: str = ""

    @property
    def is_electronic(self) -> bool:
        return self.explanation.outcome is not None and self.explanation.outcome.method == "electronic"


def proof_of(known: Course, issue: Issue, attachments: Sequence[Attachment] = ()) -> bytes:
    """The paper for this outcome: of the electronic kind where it was reached electronically."""
    if issue.is_electronic:
        return proof.electronic_proof(_electronic(known, issue), attachments=attachments)
    return proof.proof_of_service(_on_paper(known, issue), attachments=attachments)


def _on_paper(known: Course, issue: Issue) -> proof.ProofOfService:
    service = known.service
    return proof.ProofOfService(
        matter=matter_of(service),
        serial=issue.serial,
        made_at=issue.made_at,
        verify_url=verify_url(issue.serial),
        recipient=service.party.name,
        place=_place(known, issue),
        papers=enclosures_of(service),
        finding=proof.Finding.of(issue.explanation),
        receipt=_receipt(known),
        served_by=(f"{service.court.name}集约送达中心",),
        remarks=_remarks(known),
        course=_course(known.facts),
        replaces=issue.replaces,
    )


def _electronic(known: Course, issue: Issue) -> proof.ElectronicProof:
    service = known.service
    return proof.ElectronicProof(
        matter=matter_of(service),
        serial=issue.serial,
        made_at=issue.made_at,
        verify_url=verify_url(issue.serial),
        recipient=service.party.name,
        consent=_consent(known.facts),
        papers=enclosures_of(service),
        channels=_channels(known),
        finding=proof.Finding.of(issue.explanation),
        receipt=_receipt(known),
        course=_course(known.facts),
    )


def _place(known: Course, issue: Issue) -> str:
    """The court's counter where the papers were signed for or refused there, else the address at which the last thing
    happened that has one."""
    outcome = issue.explanation.outcome
    if outcome and any(_beijing(fact) == outcome.effective_on for fact in _at_the_counter(known)):
        return f"{known.service.court.name}诉讼服务中心窗口"
    values = {str(point.id): point.value for point in known.contacts if point.kind == "address"}
    used = [values[contact] for fact in known.facts if (contact := str(fact.detail.get("contact", ""))) in values]
    return used[-1] if used else ""


def _at_the_counter(known: Course) -> list[Fact]:
    hands = {"receipt.signed", "receipt.refused"}
    return [fact for fact in reckoned(known.facts) if fact.name in hands and fact.detail.get("via") == "window"]


def _remarks(known: Course) -> str:
    """What the receipt has to note of a refusal at court, and who noted it (民诉法解释第一百三十一条)."""
    refused = [fact for fact in _at_the_counter(known) if fact.name == "receipt.refused"]
    if not refused:
        return ""
    first, private = refused[0], refused[0].private or {}
    words = [f"{_stamp(first)}，{SIGNERS[first.detail['by']]}到达本院后拒绝签署送达回证。"]
    words += [f"{label}：{private[name]}。" for name, label in _OF_REFUSAL.items() if private.get(name)]
    noted = [fact for fact in reckoned(known.facts) if fact.name == "refusal.noted"]
    if noted:
        who = Person.objects.filter(id=noted[0].speaker_ref).values_list("name", flat=True).first() or ""
        account = (noted[0].private or {}).get("account", "")
        words.append(f"{who}于{_stamp(noted[0])}注明并签名{account and f'：{account}'}。")
    return "".join(words)


def _stamp(fact: Fact) -> str:
    at = fact.happened_at.astimezone(clock.BEIJING)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


_OF_REFUSAL = {"reason": "拒签理由", "witnesses": "在场人"}


def _receipt(known: Course) -> Receipt | None:
    signed = [fact for fact in reckoned(known.facts) if fact.name == "receipt.signed"]
    if not signed:
        return None
    fact = signed[-1]
    private = fact.private or {}
    signature, gone = _signature(known, str(fact.detail.get("exhibit") or ""))
    return Receipt(
        name=str(private.get("name") or known.service.party.name),
        signer=str(fact.detail.get("signer", "other")),
        received_on=_beijing(fact),
        id_number=str(private.get("id_number", "")),
        signature=signature,
        signature_gone=gone,
    )


def _signature(known: Course, sha256: str) -> tuple[bytes, str]:
    """The signature as it was drawn; where it was erased nothing, and what the paper says in its place."""
    row = Exhibit.objects.filter(service=known.service, sha256=sha256).first() if sha256 else None
    if row is None:
        return b"", ""
    drawn = retention.content(row)
    return (b"", f"签名影像{retention.reason(row)}") if drawn is None else (drawn, "")


def _beijing(fact: Fact) -> date:
    return fact.happened_at.astimezone(clock.BEIJING).date()


def _consent(facts: Iterable[Fact]) -> str:
    given = [fact for fact in facts if fact.name == "consent.given"]
    if not given:
        return ""
    moment = given[-1].happened_at.astimezone(clock.BEIJING)
    return f"{moment:%Y年%m月%d日 %H:%M}，{Speaker(given[-1].speaker).label}告知：同意"


# Which of a channel's four moments a fact is.
_MOMENTS = {
    "message.sent": "sent_at",
    "message.reached": "reached_at",
    "content.opened": "opened_at",
    "receipt.signed": "signed_at",
}


def _channels(known: Course) -> tuple[proof.ChannelRecord, ...]:
    return tuple(
        proof.ChannelRecord(
            channel=point.platform or CHANNEL_OF[point.kind],
            address=point.value,
            address_source=point.get_rank_display(),
            **_moments(known.facts, str(point.id)),
        )
        for point in known.contacts
        if point.kind in CHANNEL_OF and _moments(known.facts, str(point.id))
    )


def _moments(facts: Iterable[Fact], contact: str) -> dict[str, Any]:
    """The first of each moment reported for one contact point."""
    moments: dict[str, Any] = {}
    for fact in facts:
        if fact.detail.get("contact") == contact and (moment := _MOMENTS.get(fact.name)):
            moments.setdefault(moment, fact.happened_at)
    return moments


def _course(facts: Iterable[Fact]) -> tuple[Happening, ...]:
    return tuple(
        Happening(fact.happened_at, fact.learnt_at, Speaker(fact.speaker).label, chinese_of(fact.name))
        for fact in facts
        if fact.name in FACTS
    )
