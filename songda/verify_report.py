"""What `songda.verify` says, in Chinese and in English: a result for each check, a sentence for every thing wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, Mapping[str, str]]

PHRASES: Words = {
    "zh": {
        "good": "✓ {name}：{note}",
        "wrong": "✗ {name}：{why}。应为：{expected}；实为：{actual}",
        "holds": "核验通过：本回证真实完整。",
        "fails": "核验未通过。",
        "unreadable": "无法读取：{error}",
    },
    "en": {
        "good": "✓ {name}: {note}",
        "wrong": "✗ {name}: {why}. Expected: {expected}; actual: {actual}",
        "holds": "Verified: this proof is genuine and complete.",
        "fails": "NOT verified.",
        "unreadable": "cannot be read: {error}",
    },
}

CHECK_WORDS: Words = {
    "bundle": {"zh": "证明数据", "en": "Proof data"},
    "anchors": {"zh": "法院公钥", "en": "Court's keys"},
    "signature": {"zh": "电子签名", "en": "Signature on the paper"},
    "papers": {"zh": "附件", "en": "Attached files"},
    "checkpoints": {"zh": "账本检查点", "en": "Ledger checkpoints"},
    "stamps": {"zh": "可信时间戳", "en": "Time stamps"},
    "log": {"zh": "账本连续性", "en": "Ledger only appended to"},
    "facts": {"zh": "事实在账本中", "en": "Facts in the ledger"},
    "times": {"zh": "封存时间", "en": "Time of sealing"},
    "statement": {"zh": "回证内容已封存", "en": "Statement sealed"},
    "subject": {"zh": "事实属于本次送达", "en": "Facts of this service"},
    "private": {"zh": "出示的个人信息", "en": "Personal details shown"},
    "outcome": {"zh": "依法重算送达结果", "en": "Outcome follows by law"},
}

WRONG_WORDS: Words = {
    "file.unreadable": {"zh": "不是可读取的PDF文件", "en": "not a PDF that can be read"},
    "file.same_name": {"zh": "两个附件同名", "en": "two attached files have one name"},
    "bundle.absent": {"zh": "文件中没有证明数据", "en": "the file carries no proof data"},
    "bundle.malformed": {"zh": "证明数据格式不符", "en": "the proof data is not of the published form"},
    "anchors.unknown": {
        "zh": "公钥来自文件自身，无人担保；请用 --trust 指定法院公布的公钥文件",
        "en": "the keys come from the file itself and nobody vouches for them; name the court's published file",
    },
    "signature.absent": {"zh": "文件没有电子签名", "en": "the file is not signed"},
    "signature.many": {"zh": "文件有不止一个电子签名", "en": "the file is signed more than once"},
    "signature.broken": {"zh": "签名后文件被改动", "en": "the file was changed after it was signed"},
    "signature.unreadable": {"zh": "电子签名无法读取", "en": "the signature cannot be read"},
    "signature.partial": {"zh": "签名之后又添加了内容", "en": "something was added after the signature"},
    "signature.untrusted": {
        "zh": "签名证书不是法院认可的机构签发",
        "en": "the signer's certificate is not issued under a root that the court names",
    },
    "signature.other_court": {"zh": "签名人不是本法院", "en": "the signer is not this court"},
    "signature.stamp": {"zh": "签名的时间戳无效", "en": "the time stamp on the signature does not hold"},
    "papers.missing": {"zh": "缺少应附的文件", "en": "a file that should be attached is missing"},
    "papers.unknown": {"zh": "附有回证没有列明的文件", "en": "a file is attached that the proof does not name"},
    "papers.altered": {"zh": "附件内容与摘要不符", "en": "an attached file does not have the digest stated"},
    "checkpoint.malformed": {"zh": "检查点格式不符", "en": "a checkpoint is not of the published form"},
    "checkpoint.other_log": {"zh": "检查点不属于本法院账本", "en": "a checkpoint is of another log"},
    "checkpoint.unsigned": {"zh": "检查点签名不成立", "en": "a signature that the checkpoint needs does not hold"},
    "stamp.wrong": {"zh": "检查点的时间戳不成立", "en": "the time stamp on a checkpoint does not hold"},
    "log.truncated": {"zh": "账本被截短", "en": "the log was cut short"},
    "log.forked": {"zh": "账本前后不一致，曾被改写", "en": "the log forked: an older checkpoint is not its beginning"},
    "facts.not_in_log": {"zh": "事实与账本封存的不符", "en": "a fact is not what the log has sealed"},
    "facts.beyond_log": {"zh": "事实所在位置超出检查点", "en": "a fact lies beyond the checkpoint"},
    "facts.back_dated": {
        "zh": "事实被倒签：封存时间远晚于所称得知时间",
        "en": "a fact was back-dated: it was sealed long after it says it was learnt",
    },
    "facts.post_dated": {
        "zh": "事实所称得知时间晚于封存时间",
        "en": "a fact says it was learnt after it had been sealed",
    },
    "facts.missing": {"zh": "缺少回证所依据的事实", "en": "a fact that the outcome rests on is missing"},
    "facts.other_court": {"zh": "事实属于其他法院", "en": "a fact is of another court"},
    "facts.other_service": {"zh": "事实属于对其他人的送达", "en": "a fact is of the service on somebody else"},
    "statement.not_sealed": {
        "zh": "账本中没有出具本回证的记录",
        "en": "the ledger has no record that this proof was issued",
    },
    "statement.altered": {
        "zh": "回证内容与出具时封存的不符",
        "en": "the statement is not the one that was sealed when the proof was issued",
    },
    "private.altered": {
        "zh": "出示的个人信息与封存的不符",
        "en": "the personal details shown are not those that were sealed",
    },
    "outcome.differs": {
        "zh": "送达结果不能由所列事实依法得出",
        "en": "the outcome does not follow from the facts by law",
    },
    "outcome.other_version": {
        "zh": "按本程序的法律版本得出不同结果，请用所列版本的程序复核",
        "en": "another version of the law's tables finds otherwise; ask again with the version named",
    },
    "outcome.calendar": {"zh": "所附日历不足以计算期间", "en": "the calendar carried is too short for the periods"},
    "outcome.unreadable": {"zh": "法律无法读取所列事实", "en": "the law cannot read the facts"},
}


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended. `code` is empty where it holds; `note` is what it found."""

    check: str
    code: str = ""
    note: str = ""
    expected: str = ""
    actual: str = ""

    @property
    def holds(self) -> bool:
        return not self.code

    def line(self, lang: str) -> str:
        """One line for a person, in `zh` or `en`."""
        phrases, name = PHRASES[lang], CHECK_WORDS[self.check][lang]
        if self.holds:
            return phrases["good"].format(name=name, note=self.note)
        why = WRONG_WORDS[self.code][lang]
        return phrases["wrong"].format(name=name, why=why, expected=self.expected, actual=self.actual)


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one file, in order."""

    results: tuple[Result, ...]

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.results)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The codes of what is wrong, in order."""
        return tuple(each.code for each in self.results if not each.holds)

    def lines(self, lang: str) -> list[str]:
        """The report for a person, the verdict last."""
        return [*(each.line(lang) for each in self.results), PHRASES[lang]["holds" if self.holds else "fails"]]
