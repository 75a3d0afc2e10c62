"""One filled example of every paper, with the cast of the house: recipient 邓, clerk 安, courier 方."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

from PIL import Image, ImageDraw

from songda.lib.clock import BEIJING
from songda.papers.address import AddressConfirmation, ElectronicAddress, NamedReceiver
from songda.papers.catalogue import Catalogue, CatalogueLine
from songda.papers.letters import EntrustingLetter, ForwardingLetter, InquiryLetter, Sought
from songda.papers.mail import Addressee, BatchItem, Envelope, HandoverItem, HandoverList, Label, Manifest
from songda.papers.notice import Appeal, Complaint, Decision, PublicNotice, Summons
from songda.papers.parts import Desk, Enclosure, Happening, LastDay, Matter, Picture, Receipt
from songda.papers.proof import Change, ChannelRecord, Correction, ElectronicProof, Finding, ProofOfService
from songda.papers.records import CallRecord, Footage, VisitRecord, Witness
from songda.papers.report import Drawing, ReportPaper, Sheet
from songda.papers.slip import Slip, SlipCase, SlipLine

MADE = datetime(2026, 3, 20, 16, 5, tzinfo=BEIJING)
COURT = "成都高新技术产业开发区人民法院"
NUMBER = "（2026）川0191民初1234号"
MATTER = Matter(court=COURT, number=NUMBER, cause="民间借贷纠纷")
PAPERS = (
    Enclosure("起诉状副本", 1, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    Enclosure("传票", 1, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
    Enclosure("应诉通知书、举证通知书", 2),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BEIJING)


def drawing(width: int = 360, height: int = 140) -> bytes:
    """A signature as a finger draws it."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    pen.line([(30, 40), (120, 30), (70, 110), (40, 60), (140, 100)], fill="black", width=6, joint="curve")
    pen.arc([(150, 20), (250, 120)], 30, 340, fill="black", width=6)
    pen.line([(220, 70), (330, 50), (260, 120)], fill="black", width=6, joint="curve")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def photo(colour: str = "steelblue") -> bytes:
    picture = Image.new("RGB", (800, 600), colour)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([(300, 180), (520, 600)], fill="saddlebrown")
    pen.ellipse([(480, 390), (500, 410)], fill="gold")
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def course(length: int) -> tuple[Happening, ...]:
    said = (
        ("四川省高新邮政支局投递员方某", "在确认地址投递，家中无人，电话无人接听，改日再投。"),
        ("法院专递邮件系统", "邮件到达成都高新投递部。"),
        ("短信平台", "通知短信已送至运营商，运营商回报到达手机。"),
    )
    return tuple(
        Happening(at(2 + n % 18, 9 + n % 8), at(2 + n % 18, 9 + n % 8, 30), *said[n % 3]) for n in range(length)
    )


def deemed() -> Finding:
    return Finding(
        result="deemed_served",
        method="postal",
        effective_on=date(2026, 3, 18),
        sentence="受送达人于2026年2月10日书面确认送达地址，邮件在该地址五日内投递三次未妥投，"
        "2026年3月18日以“迁移新址不明”退回；受送达人变更地址未及时书面告知，文书退回之日视为送达之日。",
        articles=("法释〔2004〕13号第六条第二款、第十一条第一款",),
        rebuttable=True,
        periods=(LastDay("answer", date(2026, 4, 2), ("民事诉讼法第一百二十八条", "第八十五条")),),
    )


def proof(**changes: object) -> ProofOfService:
    given: dict[str, object] = {
        "matter": MATTER,
        "serial": "SD-0191-20260320-000017",
        "made_at": MADE,
        "verify_url": "https://sd.example.cn/verify?p=0192f0c1-7b1e-7c3a-9d55-2f6d1c4b8a90",
        "recipient": "邓明远",
        "place": "四川省成都市武侯区天府大道中段530号2栋1单元1204号",
        "papers": PAPERS,
        "finding": deemed(),
        "served_by": ("安晓", "方达"),
        "remarks": "邮件号 1093847561234，退回原因：迁移新址不明。",
        "course": course(5),
    }
    return ProofOfService(**{**given, **changes})  # type: ignore[arg-type]


def electronic(**changes: object) -> ElectronicProof:
    given: dict[str, object] = {
        "matter": MATTER,
        "serial": "DZ-0191-20260320-000018",
        "made_at": MADE,
        "verify_url": "https://sd.example.cn/verify?p=0192f0c1-7b1e-7c3a-9d55-2f6d1c4b8a91",
        "recipient": "邓明远",
        "consent": "2026年2月10日在送达地址确认书中确认同意电子送达（民诉法解释第一百三十六条）。",
        "papers": PAPERS,
        "channels": (
            ChannelRecord(
                channel="sms",
                address="13800138000",
                address_source="送达地址确认书确认",
                sent_at=at(3, 9, 1),
                reached_at=at(3, 9, 1),
                opened_at=at(3, 12, 20),
                signed_at=at(3, 12, 24),
            ),
            ChannelRecord(channel="email", address="deng@example.cn", sent_at=at(3, 9, 1), failure="对方邮箱已满"),
        ),
        "finding": Finding(
            result="served",
            method="electronic",
            effective_on=date(2026, 3, 3),
            sentence="受送达人同意电子送达并确认手机号码，2026年3月3日09:01信息到达其特定系统，到达之日为送达日期。",
            articles=("民事诉讼法第九十条", "在线诉讼规则第三十一条第一款"),
            periods=(LastDay("answer", date(2026, 3, 18), ("民事诉讼法第一百二十八条",)),),
        ),
        "receipt": Receipt("邓明远", "self", date(2026, 3, 3), "510107199001011234", drawing()),
        "course": course(4),
    }
    return ElectronicProof(**{**given, **changes})  # type: ignore[arg-type]


def amended() -> Correction:
    return Correction(
        matter=MATTER,
        serial="GZ-0191-20260325-000002",
        made_at=MADE,
        verify_url="https://sd.example.cn/verify?p=gz2",
        recipient="邓明远",
        old_serial="SD-0191-20260320-000017",
        old_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        new_serial="SD-0191-20260325-000031",
        new_sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        reason="投递员补传的回执影像显示邮件已于2026年3月17日由受送达人本人签收，原回证依据退回记录误载为视为送达。",
        changes=(
            Change("送达结果", "视为送达", "已送达"),
            Change("生效日期", "2026年3月18日", "2026年3月17日"),
            Change("签收人", "", "邓明远（本人）"),
        ),
        proposed_by="安晓（书记员）",
        agreed_by="白洁（审判员）",
    )


DENG = Addressee(
    name="邓明远", address="四川省成都市武侯区天府大道中段530号2栋1单元1204号", postcode="610041", phone="13800138000"
)
COURT_ADDRESS = Addressee(
    name=COURT, address="四川省成都市高新区天府大道北段966号", postcode="610041", phone="028-82878001"
)


def court_mail(**changes: object) -> Envelope:
    given: dict[str, object] = {
        "matter": MATTER,
        "court_code": "川0191",
        "waybill": "1093847561234",
        "made_at": MADE,
        "recipient": DENG,
        "sender": COURT_ADDRESS,
        "papers": PAPERS,
        "barred": ("白玉兰",),
    }
    return Envelope(**{**given, **changes})  # type: ignore[arg-type]


def label(**changes: object) -> Label:
    given: dict[str, object] = {
        "matter": MATTER,
        "waybill": "XA123456785CN",
        "made_at": MADE,
        "recipient": DENG,
        "sender": COURT_ADDRESS,
        "tracking_url": "https://sd.example.cn/m/XA123456785CN",
        "route": "610-高新-07",
        "weight_grams": 180,
    }
    return Label(**{**given, **changes})  # type: ignore[arg-type]


def batch(length: int) -> Manifest:
    items = tuple(
        BatchItem(
            waybill=f"10938475{n:05d}",
            recipient=f"当事人{n}",
            case_number=f"（2026）川0191民初{1000 + n}号",
            pages=7 + n % 5,
            papers=("起诉状副本", "传票", "举证通知书"),
        )
        for n in range(length)
    )
    return Manifest(
        matter=Matter(COURT, None),
        batch="PR-510107-20260320-03",
        site="成都市天府大道邮政支局",
        made_at=MADE,
        items=items,
    )


DESK = Desk(name="安晓", phone="028-82878001", address="四川省成都市高新区天府大道北段966号", postcode="610041")


def confirmation(**changes: object) -> AddressConfirmation:
    given: dict[str, object] = {
        "matter": MATTER,
        "serial": "DZQR-0191-20260210-0007",
        "made_at": MADE,
        "verify_url": "https://sd.example.cn/verify?p=dzqr7",
        "party": "邓明远",
        "role": "被告",
        "address": "四川省成都市武侯区天府大道中段530号2栋1单元1204号",
        "postcode": "610041",
        "phone": "13800138000",
        "id_number": "510107199001011234",
        "consent": True,
        "electronic": (
            ElectronicAddress(channel="sms", value="13800138000"),
            ElectronicAddress(channel="email", value="deng@example.cn"),
        ),
        "receiver": NamedReceiver(name="邓明珠", relation="姐姐", phone="13900139000"),
        "signature": drawing(),
        "confirmed_on": date(2026, 2, 10),
        "clerk": "安晓",
    }
    return AddressConfirmation(**{**given, **changes})  # type: ignore[arg-type]


def inquiry(**changes: object) -> InquiryLetter:
    given: dict[str, object] = {
        "matter": MATTER,
        "letter_number": "（2026）川0191协查56号",
        "made_at": MADE,
        "addressed_to": "中国移动通信集团四川有限公司成都分公司",
        "people": (
            Sought(name="邓明远", id_number="510107199001011234", known="原住武侯区天府大道中段530号"),
            Sought(name="邓明珠"),
        ),
        "asked": ("联系电话", "现住址"),
        "answer_by": at(20, 16, 15),
        "desk": DESK,
    }
    return InquiryLetter(**{**given, **changes})  # type: ignore[arg-type]


def entrusting(**changes: object) -> EntrustingLetter:
    given: dict[str, object] = {
        "matter": MATTER,
        "letter_number": "（2026）川0191委送3号",
        "made_at": MADE,
        "addressed_to": "大邑县人民法院",
        "recipient": "邓明远",
        "address": "四川省成都市大邑县晋原街道东街12号",
        "phone": "13800138000",
        "reason": "受送达人居住在你院辖区，直接送达有困难",
        "papers": PAPERS,
        "desk": DESK,
        "hearing": "2026年5月12日9时30分，本院第六审判庭",
    }
    return EntrustingLetter(**{**given, **changes})  # type: ignore[arg-type]


def forwarding(**changes: object) -> ForwardingLetter:
    given: dict[str, object] = {
        "matter": MATTER,
        "letter_number": "（2026）川0191转送1号",
        "made_at": MADE,
        "addressed_to": "四川省川西监狱",
        "forwarder": "prison",
        "recipient": "邓明远",
        "papers": PAPERS,
        "desk": DESK,
        "recipient_detail": "三监区",
        "return_by": date(2026, 4, 10),
    }
    return ForwardingLetter(**{**given, **changes})  # type: ignore[arg-type]


def notice(**changes: object) -> PublicNotice:
    given: dict[str, object] = {
        "matter": MATTER,
        "made_at": MADE,
        "issued_on": date(2026, 4, 9),
        "recipient": "邓明远",
        "reason": "因你下落不明，以直接、邮寄、电子等方式均无法送达",
        "items": (
            Complaint(gist="原告白玉兰请求判令你归还借款本金80000元及利息，并承担诉讼费用", evidence_days=15),
            Summons(at=datetime(2026, 6, 15, 9, 30, tzinfo=BEIJING), place="本院第六审判庭"),
        ),
        "desk": DESK,
    }
    return PublicNotice(**{**given, **changes})  # type: ignore[arg-type]


def judgment_notice() -> PublicNotice:
    return notice(
        items=(
            Decision(
                title="（2026）川0191民初1234号民事判决书",
                gist="邓明远于本判决生效之日起十日内归还白玉兰借款本金80000元及利息",
                appeal=Appeal(court="四川省成都市中级人民法院", days=15),
            ),
        )
    )


def visit(**changes: object) -> VisitRecord:
    given: dict[str, object] = {
        "matter": MATTER,
        "serial": "WS-0191-20260312-0004",
        "made_at": MADE,
        "recipient": "邓明远",
        "place": "四川省成都市武侯区天府大道中段530号2栋1单元1204号",
        "began_at": at(12, 19, 5),
        "ended_at": at(12, 19, 22),
        "served_by": ("安晓", "方达"),
        "papers": PAPERS,
        "account": (
            "19时05分到达现场，邓明远之妻何某开门，出示工作证件并说明来意，告知送达文书的名称和件数。",
            "何某称不愿代收。告知拒收的法律后果后仍拒绝签收。19时20分将诉讼文书留在受送达人住所，全程录像。",
        ),
        "present": ("何某（同住成年家属）",),
        "position": "东经104.0668° 北纬30.5728°（误差12米）",
        "refused_by": "何某（受送达人的同住成年家属）",
        "refusal_reason": "称与本人无关",
        "witnesses": (
            Witness(name="罗敏", unit="桂溪街道吉泰社区居民委员会", signature=drawing()),
            Witness(name="秦川"),
        ),
        "photos": (
            Picture(photo(), "受送达人住所门牌", at(12, 19, 6)),
            Picture(photo("darkolivegreen"), "文书留置现场", at(12, 19, 20)),
            Picture(photo("slategray"), "送达人与见证人", at(12, 19, 21)),
        ),
        "footage": (Footage(name="执法记录仪录像", sha256="a" * 64, length="17分02秒"),),
    }
    return VisitRecord(**{**given, **changes})  # type: ignore[arg-type]


def call(**changes: object) -> CallRecord:
    given: dict[str, object] = {
        "matter": MATTER,
        "serial": "DH-0191-20260313-0011",
        "made_at": MADE,
        "recipient": "邓明远",
        "phone": "13800138000",
        "called_at": at(13, 10, 2),
        "length": "3分41秒",
        "answered_by": "邓明远",
        "identity_checked": "报出身份证件号码后六位，与案卷一致",
        "papers": (Enclosure("开庭通知"),),
        "reason": "受送达人电话可以接通，但拒不告知地址，直接送达和邮寄送达均未成功",
        "account": (
            "告知案号、案由和原告姓名，告知定于2026年6月15日9时30分在本院第六审判庭开庭。",
            "受送达人表示已经知道。",
        ),
        "called_by": "安晓",
        "recording": Footage(name="通话录音", sha256="b" * 64, length="3分41秒"),
    }
    return CallRecord(**{**given, **changes})  # type: ignore[arg-type]


def handed_over() -> Slip:
    """What a recipient takes along from the counter."""
    return Slip(
        matter=MATTER,
        title="领取凭证",
        serial="20260302-00001-P1",
        made_at=MADE,
        verify_url="https://songda.example/verify/20260302-00001-P1",
        lines=(SlipLine("领取人", "邓**"), SlipLine("身份", "受送达人本人")),
        cases=(SlipCase(NUMBER, ("起诉状副本", "传票"), ("直接送达，2026年3月2日生效。",)),),
        code="4821 0937",
        notes=("请妥善保管。",),
    )


def filed() -> Catalogue:
    """What lies in front of the pieces that go into a case's file."""
    line = CatalogueLine(
        recipient="邓春生", title="送达回证", pages=3, made_at=MADE, sha256="5e" * 32, file="01-邓春生-送达回证.pdf"
    )
    absent = replace(line, title="录音", pages=None, file="", absent="文件较大，存于平台，凭摘要调取")
    return Catalogue(
        matter=MATTER,
        serial="RJ20260320160500",
        made_at=MADE,
        filed_by="安雨",
        results=("邓春生（任务 20260302-00001）：直接送达，2026年3月2日生效。",),
        lines=(line, absent),
    )


def given_to_the_carrier() -> HandoverList:
    """What both sides keep of a batch that changed hands."""
    items = tuple(
        HandoverItem(waybill=f"110012345678{each}", recipient="邓春生", case_number=NUMBER, pages=5 + each)
        for each in range(3)
    )
    return HandoverList(
        matter=MATTER,
        title="邮件交接清单",
        number="JJ20260302001",
        place="成都市武侯区打印点",
        made_at=MADE,
        given_by=("四川省高级人民法院集约送达中心", "周敏"),
        taken_by=("成都市邮政速递", "吴强"),
        items=items,
        remark="",
    )


def weekly() -> ReportPaper:
    """A court's week: every shape of chart, a table with a note, a definition."""
    days = tuple(f"3月{day}日" for day in range(2, 9))
    return ReportPaper(
        matter=Matter(COURT, None),
        title="集约送达周报",
        about="数据范围：本院全部集约送达委托",
        days="2026年3月2日至3月8日",
        made_at=MADE,
        digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        sentences=("本周受理送达任务12项；9项送达生效。", "没有责任事故。"),
        sheets=(
            Sheet(
                title="各方式成效", columns=("方式", "用过的任务"), rows=(("电子", "10"),), note="期间内办结的任务。"
            ),
        ),
        drawings=(
            Drawing(title="逐日", shape="lines", names=("受理",), labels=days, series=((1, 3, 0, 2, 4, 0, 2),)),
            Drawing(title="方式", shape="columns", names=("用过", "生效"), labels=("电子",), series=((10,), (8,))),
            Drawing(title="退回", shape="bars", names=("件数",), labels=("拒收",), series=((2,),)),
        ),
        definitions=(("指标", "公式"), ("电子送达率", "以电子方式生效的任务 ÷ 全部生效的任务")),
    )
