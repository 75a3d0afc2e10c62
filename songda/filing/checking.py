"""Looking at an order before it is kept: everything that keeps it from being accepted, at once."""

from collections.abc import Callable, Iterable

from songda.courts.models import Court
from songda.filing import accounts, case_number, court_codes, identity, intake
from songda.filing.draft import AgentDraft, OrderDraft, PartyDraft, Refusal, Upload
from songda.filing.files import SERVABLE, Files
from songda.filing.models import DocumentKind, Procedure, RecipientKind
from songda.papers import glyphs


def problems(court: Court, draft: OrderDraft, files: Files) -> list[Refusal]:
    """Everything that keeps the order from being accepted."""
    return [
        *_case_problems(court, draft),
        *_party_problems(draft.parties),
        *_upload_problems(draft.uploads, files),
    ]


def remarks(names: Iterable[str]) -> list[str]:
    """Doubts that keep nothing from being accepted: characters of names for which the fonts of the papers have no
    form, and what will be printed in their place. The names themselves are not said: pages and doors mask them."""
    unknown = glyphs.missing("".join(names))
    return [f"当事人姓名中的“{one}”字库中没有，文书上将印作{glyphs.printable(one)}，请核对用字。" for one in unknown]


def other_court(court: Court, code: str) -> str:
    """What is wrong with a case of the court with this code; empty where it is this court's."""
    if code == court.code:
        return ""
    known = court_codes.court_of(code)
    whose = f"（{known.name}）" if known else ""
    return f"案号中的法院代字是{code}{whose}，不是{court.name}的案件"


def _case_problems(court: Court, draft: OrderDraft) -> list[Refusal]:
    found = []
    try:
        number = case_number.parse(draft.case_number)
    except case_number.NotACaseNumber as error:
        return [Refusal("case_number", str(error), "case_number")]
    if whose := other_court(court, number.court_code):
        found.append(Refusal("other_court", whose, "case_number"))
    if draft.procedure not in Procedure.values:
        found.append(Refusal("procedure", "请选择适用的程序", "procedure"))
    return found


def _party_problems(parties: Iterable[PartyDraft]) -> list[Refusal]:
    parties = list(parties)
    found = [one for place, party in enumerate(parties) for one in _one_party(party, f"parties.{place}")]
    if not any(party.serve for party in parties):
        found.append(Refusal("no_recipient", "请至少选择一名受送达人", "parties"))
    return found


def _one_party(party: PartyDraft, place: str) -> list[Refusal]:
    found = []
    if not party.name.strip():
        found.append(Refusal("name", "当事人姓名或者名称不能为空", f"{place}.name"))
    if not party.role.strip():
        found.append(Refusal("role", "请填写诉讼地位", f"{place}.role"))
    if party.kind not in RecipientKind.values:
        found.append(Refusal("kind", "未知的当事人类型", f"{place}.kind"))
    found += _checked(identity.identify, (party.id_number, identity_kind(party)), party.id_number, f"{place}.id_number")
    found += _checked(identity.phone, (party.phone,), party.phone, f"{place}.phone")
    if party.email and "@" not in party.email:
        found.append(Refusal("email", "电子邮箱格式不对", f"{place}.email"))
    found += _account(party, place)
    for at, agent in enumerate(party.agents):
        found += _agent(agent, f"{place}.agents.{at}")
    return found


def _agent(agent: AgentDraft, place: str) -> list[Refusal]:
    unnamed = [] if agent.name.strip() else [Refusal("name", "诉讼代理人或者代收人的姓名不能为空", f"{place}.name")]
    wrong_phone = _checked(identity.phone, (agent.phone,), agent.phone, f"{place}.phone")
    return unnamed + wrong_phone + _account(agent, place)


def _account(whose: PartyDraft | AgentDraft, place: str) -> list[Refusal]:
    """An account says nothing without its platform; a platform chosen for no account is nothing."""
    given = whose.account.strip()
    try:
        if given:
            accounts.account(whose.account_platform, given)
    except identity.NotValid as error:
        return [Refusal("not_valid", error.message, f"{place}.{error.field}")]
    return []


def identity_kind(party: PartyDraft) -> str:
    """Which of the two numbers a party of this kind has."""
    return "organisation" if party.kind == RecipientKind.ORGANISATION else "person"


def _checked(check: Callable[..., object], values: tuple[str, ...], given: str, place: str) -> list[Refusal]:
    if not given.strip():
        return []
    try:
        check(*values)
    except identity.NotValid as error:
        return [Refusal("not_valid", str(error), place)]
    return []


def _upload_problems(uploads: Iterable[Upload], files: Files) -> list[Refusal]:
    uploads = list(uploads)
    found = [] if uploads else [Refusal("no_document", "请至少上传一份诉讼文书", "uploads")]
    for place, upload in enumerate(uploads):
        try:
            accepted = files.look(upload)
        except intake.Refused as error:
            found.append(Refusal(error.code, f"{upload.filename[:60]}：{error.message}", f"uploads.{place}"))
            continue
        if accepted.media_type not in SERVABLE:
            found.append(
                Refusal("not_servable", f"{upload.filename}：请另存为PDF后再送达，以免版式改变", f"uploads.{place}")
            )
        if upload.kind not in DocumentKind.values:
            found.append(Refusal("document_kind", "未知的文书种类", f"uploads.{place}.kind"))
    return found
