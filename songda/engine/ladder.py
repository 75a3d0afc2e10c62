"""The ladder (递进方案): which way of service comes next, for whom, until when. Pure: facts in, one decision out.

The law says what has been achieved and what is barred; the court's policy gives order, waits and counts. Each rung
looks at the same ground and answers one of three things: Passed (it can give nothing more, and why), Wait (something
is under way until a time), or Do (an action, named by a key so that it is begun once). The first rung that has not
passed decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from songda.courts.policy import Policy
from songda.law.electronic import account_bar
from songda.lib.clock import BEIJING

_SOON = timedelta(0)
# What says that a number leads nowhere, or that the recipient is reached by another.
_DEAD = frozenset({"no_such_number", "new_number"})


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point as the ladder sees it: no value, only what decides."""

    id: str
    kind: str
    rank: str
    place: str = ""
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Deed:
    """A fact as the ladder sees it."""

    name: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a decision rests on. `barred` holds the law's reason for each method it bars, hard or for now."""

    now: datetime
    policy: Policy
    deeds: tuple[Deed, ...]
    contacts: tuple[Contact, ...]
    # The place of every address ever known, withdrawn ones too, by contact point.
    places: Mapping[str, str] = field(default_factory=dict)
    barred: Mapping[str, str] = field(default_factory=dict)
    notice_ends: datetime | None = None
    letter: str = ""  # the only way open by law: forwarded, entrusted, hk_macao, taiwan, abroad

    def told(self, *names: str, **detail: Any) -> list[Deed]:
        """The deeds with one of these names and these details, as they happened."""
        return [
            deed
            for deed in self.deeds
            if deed.name in names and all(deed.detail.get(key) == value for key, value in detail.items())
        ]

    def last(self, *names: str, **detail: Any) -> Deed | None:
        found = self.told(*names, **detail)
        return found[-1] if found else None

    def reach(self, *kinds: str) -> list[Contact]:
        """Contact points of these kinds: addresses by their rank in law, electronic ones that were confirmed before
        others; among equals accounts last, unless the policy counts them among the others, and the surest first."""
        late = self.policy.account_turn == "after"

        def order(one: Contact) -> tuple[int, bool, float]:
            standing = RANKS[one.rank] if one.kind == "address" else int(one.rank != "confirmed")
            return standing, late and one.kind == "account", -one.confidence

        return sorted((one for one in self.contacts if one.kind in kinds), key=order)


RANKS = {
    name: place
    for place, name in enumerate(
        ("confirmed", "agreed", "filed", "other_proceedings", "civil_life", "registered", "unknown")
    )
}


@dataclass(frozen=True, slots=True)
class Passed:
    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    step: str
    until: datetime
    waiting_for: str
    # What to do when the time comes and nothing was heard.
    then: str = "look_again"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    step: str
    action: str
    key: str
    waiting_for: str
    patience: timedelta
    contact: str = ""
    reason: str = ""
    # Of an inquiry: why it is opened and what it asks for.
    trigger: str = ""
    asks: tuple[str, ...] = ()


Answer = Passed | Wait | Do


def waking(moment: datetime, policy: Policy) -> datetime:
    """The first moment, not before this one, at which people may be telephoned by the court's policy."""
    local, opens = moment.astimezone(BEIJING), time(policy.calls_from_hour)
    if local.time() < opens:
        return datetime.combine(local.date(), opens, BEIJING)
    if local.hour >= policy.calls_until_hour:
        return datetime.combine(local.date() + timedelta(days=1), opens, BEIJING)
    return moment


def end_of(day: date) -> datetime:
    """The first moment after the day, in Beijing."""
    return datetime.combine(day + timedelta(days=1), time(0), BEIJING)


# ---- electronic ----------------------------------------------------------------------------------------------


def _consent(ground: Ground) -> bool | None:
    answer = ground.last("consent.given", "consent.refused")
    return None if answer is None else answer.name == "consent.given"


def _call(ground: Ground, phone: Contact) -> Answer:
    """Ask by telephone, at different hours; the next call is not due before its time: what was agreed on the telephone,
    else what was planned when nobody answered, else when the gap is over."""
    calls = ground.told("call.attempted", contact=phone.id)
    agreed = bool(calls) and _is_agreed(calls[-1])
    answered = bool(calls) and bool(calls[-1].detail.get("answered"))
    # Who keeps putting the court off is not called for ever.
    if len(calls) >= ground.policy.calls * (2 if agreed else 1) or (answered and not agreed):
        return Passed("电话已联系")
    due = _next_call(ground, calls, agreed=agreed)
    if due > ground.now:
        return Wait("seeking_consent", due, "约定的时间再打" if agreed else "下一次电话联系")
    return Do(
        "seeking_consent",
        "seek_consent",
        f"call:{phone.id}:{len(calls) + 1}",
        "电话征询是否同意电子送达",
        timedelta(hours=4),
        phone.id,
    )


def _is_agreed(call: Deed) -> bool:
    """Whether the person asked to be called again at a time."""
    return bool(call.detail.get("answered") and call.detail.get("again_at"))


def _next_call(ground: Ground, calls: list[Deed], *, agreed: bool) -> datetime:
    if not calls:
        return waking(ground.now, ground.policy)
    planned = calls[-1].detail.get("again_at")
    gap = timedelta(days=ground.policy.calls_over_days) / ground.policy.calls
    due = waking(datetime.fromisoformat(str(planned)) if planned else calls[-1].at + gap, ground.policy)
    that_day = [call for call in calls if call.at.astimezone(BEIJING).date() == due.astimezone(BEIJING).date()]
    if len(that_day) >= ground.policy.calls_a_day and not agreed:
        return waking(end_of(due.astimezone(BEIJING).date()), ground.policy)
    return due


def _is_dead(ground: Ground, contact: Contact) -> bool:
    """Whether the last that was heard of a number says that there is no such number, or names another."""
    last = ground.last("call.attempted", "message.failed", "message.reached", contact=contact.id)
    said = {last.detail.get(key) for key in ("outcome", "answer", "reason")} if last else set()
    return bool(said & _DEAD)


def _message(ground: Ground, contact: Contact) -> Answer:
    """Send the link once to one contact point and give it its days. What a person had sent again after it failed has
    its days anew; a reminder prolongs nothing."""
    deeds = ground.told("message.sent", "message.failed", contact=contact.id)
    failed = max((place for place, one in enumerate(deeds, start=1) if one.name == "message.failed"), default=0)
    sent = deeds[failed] if failed < len(deeds) else None
    if sent is None and deeds:
        return Passed("通知未能到达")
    if sent is None:
        return Do("sending", "send_message", f"message:{contact.id}", "通信服务商回执", timedelta(hours=2), contact.id)
    until = sent.at + ground.policy.hours("wait_for_opening_days")
    if ground.now < until:
        return Wait("awaiting_opening", until, "受送达人查阅")
    return Passed("期限内未查阅")


def _is_left_alone(ground: Ground, point: Contact) -> bool:
    """An account the court does not write to, or that is not shown to be the recipient's own."""
    if point.kind != "account":
        return False
    return ground.policy.account_turn == "never" or account_bar(point.rank) is not None


def electronic(ground: Ground) -> Answer:
    consent = _consent(ground)
    if consent is False:
        return Passed("受送达人不同意电子送达")
    if consent and "electronic" in ground.barred:
        return Passed(ground.barred["electronic"])
    points = [one for one in ground.reach("phone", "email", "account") if not _is_left_alone(ground, one)]
    for point in points:
        if _is_dead(ground, point):
            continue
        if consent is None and point.kind == "phone" and not ground.told("message.sent", contact=point.id):
            answer = _call(ground, point)
            if not isinstance(answer, Passed):
                return answer
        answer = _message(ground, point)
        if not isinstance(answer, Passed):
            return answer
    return Passed("电子送达未果" if points else "没有可用的电子送达方式")


# ---- finding -------------------------------------------------------------------------------------------------


# A letter that came back like this says that the recipient is not there.
_LOST = ("untraceable", "wrong_address", "moved_unreported")
# An inquiry opened within so long before a public notice shows that the recipient was looked for.
_STILL_FRESH = timedelta(days=30)
_RECHECK = "recheck_"


def _running(ground: Ground, *, recheck: bool) -> Deed | None:
    """The latest inquiry that is still open, of those opened during a notice or of the others."""
    closed = {deed.detail.get("inquiry") for deed in ground.told("inquiry.closed")}
    running = [
        deed
        for deed in ground.told("inquiry.opened")
        if deed.detail.get("inquiry") not in closed
        and str(deed.detail.get("trigger", "")).startswith(_RECHECK) == recheck
    ]
    return running[-1] if running else None


def _inquire(ground: Ground, step: str, trigger: str, asks: tuple[str, ...]) -> Do:
    number = len(ground.told("inquiry.opened")) + 1
    patience = ground.policy.hours("inquiry_minutes")
    return Do(step, "open_inquiry", f"inquiry:{number}", "信息平台答复", patience, trigger=trigger, asks=asks)


def find(ground: Ground) -> Answer:
    if running := _running(ground, recheck=False):
        return Wait("finding", max(running.at + ground.policy.hours("inquiry_minutes"), ground.now), "信息平台答复")
    if asks := _lacking(ground):
        return _inquire(ground, "finding", "returned" if _lost(ground) else "first", asks)
    return Passed("协查已完成" if ground.told("inquiry.opened") else "无需协查")


def _lost(ground: Ground) -> Deed | None:
    lost = [deed for deed in ground.told("mail.returned") if deed.detail.get("because") in _LOST]
    return lost[-1] if lost else None


def _lacking(ground: Ground) -> tuple[str, ...]:
    """What to ask for, and no more: a phone until somebody has answered one, an address where there is none or the
    letter came back; each once, and once more after a loss."""
    lost = _lost(ground)
    needs = {"phone": _consent(ground) is None, "address": lost is not None or not ground.reach("address")}
    return tuple(kind for kind, needed in needs.items() if needed and not _asked(ground, kind, lost))


def _asked(ground: Ground, kind: str, since: Deed | None) -> bool:
    return any(
        kind in deed.detail.get("asks", ("phone", "address")) and (since is None or deed.at >= since.at)
        for deed in ground.told("inquiry.opened")
    )


# ---- postal --------------------------------------------------------------------------------------------------

_CARRIER = (
    "mail.accepted",
    "mail.attempt_failed",
    "mail.held",
    "mail.delivered",
    "mail.receipt_scanned",
    "mail.closed",
    "mail.returned",
)


def _addresses(ground: Ground) -> list[Contact]:
    """One contact point for each place, those under way or tried first.

    Nobody gets a second try at the same normalised address, however it is written and even where the first writing was
    withdrawn, unless a person has said why (`address.retried`)."""
    tried = {str(deed.detail.get("contact")) for deed in ground.told("papers.printed", "visit.failed")}
    again = {str(deed.detail.get("contact")) for deed in ground.told("address.retried")}
    used = {place for contact in tried if (place := ground.places.get(contact))}
    places: dict[str, Contact] = {}
    for one in sorted(ground.reach("address"), key=lambda one: one.id not in tried):
        if one.id in tried | again or one.place not in used:
            places.setdefault(one.place or one.id, one)
    return list(places.values())


def _piece(ground: Ground, address: Contact) -> Answer:
    """One piece of court mail to one address, from printing to its complete result."""
    policy = ground.policy
    turns = ground.told("address.retried", contact=address.id)
    if turns:
        ground = replace(ground, deeds=ground.deeds[ground.deeds.index(turns[-1]) :])
    if ground.told("receipt.signed", "mail.returned", contact=address.id):
        return Passed("邮件已有结果")
    if ground.last("papers.printed", contact=address.id) is None:
        key = f"print:{address.id}" + (f":{len(turns)}" if turns else "")
        return Do("printing", "print_papers", key, "打印点打印封装", timedelta(days=1), address.id)
    heard = ground.last("papers.printed", "mail.handed_over", *_CARRIER, contact=address.id)
    assert heard is not None
    if policy.mail_custody == "scan" and heard.name == "papers.printed":
        since = _waiting_since(ground, "handover_late", heard.at)
        key = f"handover:{address.id}:{since:{_MINUTE}}"
        return Wait("printing", since + policy.hours("handover_within_days"), "核页、封装、交接", "handover_late", key)
    if delivered := ground.last("mail.delivered", contact=address.id):
        since = _waiting_since(ground, "result_incomplete", delivered.at)
        key = f"incomplete:{address.id}:{since:{_MINUTE}}"
        until = since + policy.hours("result_complete_days")
        return Wait("completing", until, "回执影像与结案", "result_incomplete", key)
    since = _waiting_since(ground, "carrier_silent", heard.at)
    # Printed is not posted: until somebody says that the piece left, it is not on its way.
    step, awaited = ("printing", "交寄与邮政收寄") if heard.name == "papers.printed" else ("mailing", "邮政投递信息")
    key = f"silent:{address.id}:{since:{_MINUTE}}"
    return Wait(step, since + policy.hours("carrier_silence_days"), awaited, "carrier_silent", key)


_MINUTE = "%Y%m%d%H%M"


def _waiting_since(ground: Ground, kind: str, heard: datetime) -> datetime:
    """From when the wait for more of a piece counts: who looked into it and waits on is given the same time again, and
    is asked again after it."""
    looked = ground.last("work.done", kind=kind)
    return max(heard, looked.at) if looked else heard


def postal(ground: Ground) -> Answer:
    if "postal" in ground.barred:
        return Passed(ground.barred["postal"])
    addresses = _addresses(ground)[: ground.policy.addresses_to_try]
    for address in addresses:
        answer = _piece(ground, address)
        if not isinstance(answer, Passed):
            return answer
    return Passed("邮寄送达未果" if addresses else "没有可投递的地址")


# ---- field ---------------------------------------------------------------------------------------------------

_GONE = frozenset({"wrong_address", "untraceable", "moved_unreported", "incomplete_address"})


def field_visit(ground: Ground) -> Answer:
    if {"direct", "left_in_place"} <= ground.barred.keys():
        return Passed(ground.barred["direct"])
    gone = {deed.detail.get("contact") for deed in ground.told("mail.returned") if deed.detail.get("because") in _GONE}
    addresses = [one for one in _addresses(ground) if one.id not in gone]
    if not addresses:
        return Passed("没有可上门的地址")
    address = addresses[0]
    made = len(ground.told("visit.failed", contact=address.id)) + len(
        ground.told("receipt.signed", "receipt.refused", via="visit", contact=address.id)
    )
    if made >= ground.policy.visits:
        return Passed("上门送达未果")
    return Do(
        "visiting",
        "plan_visit",
        f"visit:{address.id}:{made + 1}",
        "投递员上门送达",
        ground.policy.hours("visit_within_days"),
        address.id,
    )


# ---- notice --------------------------------------------------------------------------------------------------


def notice(ground: Ground) -> Answer:
    if ground.told("notice.published"):
        if ground.notice_ends is None:
            return Passed("公告不能作为本案送达方式")
        return _during_notice(ground, ground.notice_ends)
    if "notice" in ground.barred:
        return Passed(ground.barred["notice"])
    patience = ground.policy.hours("approval_within_days")
    if not ground.told("notice.approved"):
        round_ = len(ground.told("notice.withdrawn"))
        key = f"notice:draft:{round_}" if round_ else "notice:draft"
        return _before_notice(ground) or Do("awaiting_approval", "draft_notice", key, "法官审批公告送达", patience)
    return Do("publishing", "publish_notice", "notice:publish", "公告发布", timedelta(days=1))


def _before_notice(ground: Ground) -> Do | Wait | None:
    """Whether the recipient has been looked for: an authorisation that is waited for, an inquiry that is too old."""
    asked = ground.last("inquiry.authority_asked")
    answered = ground.last("inquiry.authorised", "inquiry.authority_refused")
    if asked and not (answered and answered.at >= asked.at):
        until = asked.at + ground.policy.hours("approval_within_days")
        if ground.now < until:
            return Wait("finding", until, "协查授权")
    if "find" not in _rungs(ground):
        return None
    fresh = [deed for deed in ground.told("inquiry.opened") if ground.now - deed.at < _STILL_FRESH]
    if any("address" in deed.detail.get("asks", ("address",)) for deed in fresh):
        return None
    return _inquire(ground, "finding", "before_notice", ("phone", "address"))


def _during_notice(ground: Ground, ends: datetime) -> Do | Wait:
    """A notice does not end the search: on the days of the policy everybody is asked once more."""
    published, policy = ground.told("notice.published")[0], ground.policy
    if running := _running(ground, recheck=True):
        return Wait("noticed", max(running.at + policy.hours("inquiry_minutes"), ground.now), "公告期间再次协查")
    for day in (policy.notice_first_recheck_day, policy.notice_second_recheck_day):
        due, trigger = published.at + timedelta(days=day), f"{_RECHECK}{day}"
        done = [deed for deed in ground.told("inquiry.opened", trigger=trigger) if deed.at >= published.at]
        if done or due >= ends or "find" not in _rungs(ground):
            continue
        if ground.now < due:
            return Wait("noticed", due, "公告期满")
        return _inquire(ground, "noticed", trigger, ("phone", "address"))
    return Wait("noticed", ends, "公告期满")


def _weighing(ground: Ground) -> Do | None:
    """Something turned up while the notice runs: nothing more is done before a judge has said what it means."""
    patience = timedelta(days=1)
    paused = ground.last("notice.paused")
    answered = ground.last("notice.upheld", "notice.withdrawn")
    if paused and not (answered and answered.at >= paused.at):
        return Do("noticed", "pause_notice", str(paused.detail["key"]), "法官决定是否停止公告", patience)
    published = ground.last("notice.published")
    since = max((deed.at for deed in (published, answered) if deed), default=None)
    if published is None or since is None:
        return None
    news = [deed for deed in ground.told("inquiry.answered") if deed.detail.get("new") and deed.at > since]
    if not news:
        return None
    return Do("noticed", "pause_notice", f"weigh:{news[-1].at:%Y%m%d%H%M%S}", "法官决定是否停止公告", patience)


RUNGS: dict[str, Callable[[Ground], Answer]] = {
    "electronic": electronic,
    "find": find,
    "postal": postal,
    "field": field_visit,
    "notice": notice,
}

LETTERS = {
    "forwarded": "转交机关回证",
    "entrusted": "受托法院回证",
    "hk_macao": "港澳送达途径的结果",
    "taiwan": "台湾送达途径的结果",
    "abroad": "域外送达途径的结果",
}


def _collecting(ground: Ground) -> Wait | None:
    """The recipient is to collect at the counter until a day: nothing else is begun before it has passed."""
    appointed = ground.last("collection.appointed")
    if appointed is None:
        return None
    until = end_of(date.fromisoformat(str(appointed.detail["last_day"])[:10]))
    return Wait("collecting", until, "受送达人到窗口领取") if ground.now < until else None


def decide(ground: Ground) -> tuple[Do | Wait, tuple[tuple[str, str], ...]]:
    """The decision, and why each rung before it passed. Never silent: the last resort is a person's decision."""
    if ground.letter:
        return Do("by_letter", "prepare_letter", f"letter:{ground.letter}", LETTERS[ground.letter], _week()), ()
    if weighing := _weighing(ground):
        return weighing, ()
    if collecting := _collecting(ground):
        return collecting, ()
    passed: list[tuple[str, str]] = []
    for name in _rungs(ground):
        answer = RUNGS[name](ground)
        if not isinstance(answer, Passed):
            return answer, tuple(passed)
        passed.append((name, answer.why))
    reason = "；".join(why for _, why in passed)
    return (
        Do(
            "needs_decision", "ask_judge", f"decide:{len(passed)}:{_rounds(ground)}", "法官决定", _week(), reason=reason
        ),
        tuple(passed),
    )


def _rungs(ground: Ground) -> tuple[str, ...]:
    skipped = {deed.detail.get("rung") for deed in ground.told("rung.skipped")}
    return tuple(name for name in ground.policy.ladder if name not in skipped)


def _rounds(ground: Ground) -> int:
    """How often a person has already decided: each time the question is a new one."""
    return len(ground.told("work.done", kind="decide"))


def _week() -> timedelta:
    return timedelta(days=7)
