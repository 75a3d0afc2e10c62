"""One filled example of every paper, with the cast of the house: recipient 邓, clerk 安, courier 方."""

from datetime import date, datetime
from io import BytesIO

from PIL import Image, ImageDraw

from songda.lib.clock import BEIJING
from songda.papers.parts import Enclosure, Happening, LastDay, Matter, Receipt
from songda.papers.proof import Change, ChannelRecord, Correction, ElectronicProof, Finding, ProofOfService

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
