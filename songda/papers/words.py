"""What the law's codes are called on paper."""

from collections.abc import Mapping

METHODS: Mapping[str, str] = {
    "direct": "直接送达",
    "left_in_place": "留置送达",
    "electronic": "电子送达",
    "postal": "邮寄送达（法院专递）",
    "entrusted": "委托送达",
    "forwarded": "转交送达",
    "notice": "公告送达",
    "telephone": "电话送达",
}

RESULTS: Mapping[str, str] = {
    "served": "已送达",
    "presumed_served": "推定送达",
    "deemed_served": "视为送达",
    "not_served": "未能送达",
}

SIGNERS: Mapping[str, str] = {
    "self": "本人",
    "legal_representative": "法定代表人",
    "principal": "主要负责人",
    "mail_staff": "负责收件的人",
    "guardian": "法定代理人",
    "agent": "诉讼代理人",
    "named_receiver": "指定代收人",
    "co_resident_adult": "同住成年家属",
    "opposing_party": "同案对方当事人",
    "other": "其他",
}

PERIODS: Mapping[str, str] = {
    "answer": "答辩期限届满",
    "appeal": "上诉期限届满",
    "objection": "提出书面异议期限届满",
    "final": "裁判发生法律效力",
}

CHANNELS: Mapping[str, str] = {
    "sms": "短信",
    "email": "电子邮件",
    "app": "移动端应用",
    "account": "账号消息",
    "wechat": "微信",
    "qq": "QQ",
    "litigation": "诉讼平台",
    "lawyer": "律师服务平台",
    "fax": "传真",
    "portal": "送达平台",
    "law_firm": "律所系统",
}
