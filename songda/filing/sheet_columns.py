"""The columns of the order sheet, in one table used by the template and by the reader."""

from dataclasses import dataclass

from songda.filing import agents

SHEET = "送达委托"
FIRST_ROW = 2
"""The first row that people fill in, as Excel counts."""


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    heading: str
    sort: str
    """text, case, choice, consent, moment, id, phone, email, account, agents or list."""
    required: bool
    width: int
    hint: str
    longest: int = 200
    newer: bool = False
    """Sheets that people saved before the column was there may lack it."""


COLUMNS: tuple[Column, ...] = (
    Column("case_number", "案号", "case", True, 28, "如（2021）川0191民初1234号，全角半角括号都可以"),
    Column("procedure", "程序", "choice", True, 12, "从下拉列表选择"),
    Column("cause", "案由", "text", False, 20, "如 民间借贷纠纷"),
    Column("hearing_at", "开庭时间", "moment", False, 20, "如 2021-04-01 09:30，北京时间，可不填"),
    Column("recipient_name", "受送达人", "text", True, 28, "自然人姓名或单位全称"),
    Column("recipient_role", "诉讼地位", "text", True, 14, "如 原告、被告、第三人、被执行人", 40),
    Column("recipient_kind", "类型", "choice", True, 10, "自然人或单位"),
    Column("id_number", "证件号码", "id", False, 24, "身份证号或统一社会信用代码；请用文本格式"),
    Column("phone", "电话", "phone", False, 18, "手机或带区号的座机；请用文本格式"),
    Column("address", "送达地址", "text", False, 40, "写到门牌号"),
    Column("email", "电子邮箱", "email", False, 24, "可不填"),
    Column("account", "账号", "account", False, 24, "如 微信：账号；可不填", 60, newer=True),
    Column("electronic_consent", "同意电子送达", "consent", False, 14, "是、否；不清楚就不填"),
    Column("legal_representative", "法定代表人", "text", False, 14, "单位的法定代表人或负责人"),
    Column("agents", "代理人", "agents", False, 36, agents.HOW, 600),
    Column("documents", "文书文件名", "list", True, 44, "与一同上传的文件名一致，几份用分号隔开", 2000),
)
# what people choose -> what the law's words are
CHOICES: dict[str, dict[str, object]] = {
    "procedure": {
        "普通程序": "ordinary",
        "简易程序": "summary",
        "督促程序": "payment_order",
        "二审": "appeal",
        "执行": "enforcement",
        "刑事": "criminal",
        "行政": "administrative",
    },
    "recipient_kind": {"自然人": "person", "单位": "organisation"},
    "electronic_consent": {"是": True, "否": False},
}
