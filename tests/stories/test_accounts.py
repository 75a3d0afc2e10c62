"""Courses that go by an account: sent to the sandbox over real HTTP, and back by its signed callbacks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from songda.courts import actions as courts
from songda.courts.policy import Policy
from songda.engine import actions, contacts, inbound, outbox, recipient
from songda.engine.ladder import Contact, Ground
from songda.engine.models import WorkItem
from songda.engine.proving import proofs
from songda.engine.reading import course
from songda.evidence.models import Fact
from songda.filing.draft import AgentDraft
from songda.filing.models import Service
from songda.finding.models import ContactOutcome, ContactPoint
from songda.gateways import dispatch, switchboard
from songda.gateways.errors import BadSignature
from songda.gateways.models import Dispatch
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.gateways.switchboard import SANDBOX_SECRET
from songda.lib.clock import now
from songda.methods import electronic
from songda.methods.messages import Notification
from songda.methods.models import Access
from tests.cast import DENG, World
from tests.gateways.parties import Listener, Running, eventually
from tests.ports import free_port

# 邓 has no telephone that the court knows; the account stands in his own confirmation.
AT_ACCOUNT = replace(
    DENG, phone="", account="Deng_2026", account_platform="wechat", address_rank="confirmed", consent="stated"
)


@dataclass
class Outside:
    """The sandbox, and what it called back."""

    sandbox: Running
    listener: Listener
    heard: int = 0

    def send(self) -> Dispatch:
        """Send the one message that is planned, as the loop does."""
        (row,) = dispatch.claim(5)
        outbox.settle(row, dispatch.carry_out(row))
        return row

    def call_back(self, status: str) -> None:
        """Let the platform know what came back, up to this status."""
        eventually(lambda: any(status in str(told) for told in self.listener.told("account")))
        waiting = self.listener.at("account")
        for headers, body in waiting[self.heard :]:
            inbound.receive("account", headers, body)
        self.heard = len(waiting)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    listener = Listener()
    settings = Settings(
        state=tmp_path / "sandbox",
        portal=listener.url,
        api=listener.url,
        port=free_port(),
        smtp_port=free_port(),
        ipp_port=free_port(),
        secret=SANDBOX_SECRET,
        trouble=0.0,
    )
    monkeypatch.setenv("SONGDA_SANDBOX_URL", f"http://127.0.0.1:{settings.port}")
    switchboard.forget()
    with Sandbox(settings):
        yield Outside(Running(settings), listener)
    listener.close()
    switchboard.forget()


def _settle(outside: Outside, temperament: str) -> None:
    who = {"name": DENG.name, "phone": "19200000001", "account": "deng_2026", "account_platform": "wechat"}
    outside.sandbox.settle(**who, temperament=temperament)


def _names(world: World, service: Service) -> list[str]:
    return [name for name in world.facts(service) if name.startswith(("message.", "content."))]


def test_a_message_to_a_confirmed_account_serves_when_it_is_read_and_not_when_it_is_taken_over(
    world: World, outside: Outside
) -> None:
    _settle(outside, "declines_electronic")
    service = world.service(AT_ACCOUNT)
    assert service.step == "sending", "the confirmation is consent: nobody is called"
    with world.here():
        outside.send()
    world.later(seconds=30)
    with world.here():
        outside.call_back("delivered")
    assert _names(world, service) == ["message.sent"], "what the platform took over has reached nobody"
    assert world.read(service).step == "awaiting_opening"
    world.later(minutes=10)
    with world.here():
        outside.call_back("read")
    assert _names(world, service) == ["message.sent", "message.reached", "content.available"]
    done = world.read(service)
    assert (done.result, done.result_method) == ("served", "electronic")
    assert "在线诉讼规则第三十一条" in str(done.outcome["outcome"]["articles"])


def test_the_proof_names_the_account_and_its_platform(world: World, outside: Outside) -> None:
    _settle(outside, "declines_electronic")
    service = world.service(AT_ACCOUNT)
    with world.here():
        outside.send()
    world.later(minutes=10)
    with world.here():
        outside.call_back("read")
        (record,) = proofs._channels(course(world.read(service)))
    assert (record.channel, record.address) == ("wechat", "deng_2026")
    assert record.reached_at is not None


def test_the_message_brings_the_link_and_says_nothing_of_the_case(world: World, outside: Outside) -> None:
    _settle(outside, "ignores")
    service = world.service(AT_ACCOUNT)
    with world.here():
        outside.send()
        access = Access.objects.get(service=service)
        note = Notification.objects.get(service=service)
    (kept,) = outside.sandbox.log("account")
    assert access.token in kept["body"]["link"]
    assert kept["body"]["link"] in kept["body"]["text"]
    assert "借贷" not in kept["body"]["text"]
    assert (note.channel, note.wording) == ("account", "knock/person/account@0")
    assert note.sent_at is not None
    assert note.reached_at is None


def test_who_blocked_the_court_is_gone_past_at_once_and_nobody_is_asked_to_send_again(
    world: World, outside: Outside
) -> None:
    _settle(outside, "refuses")
    service = world.service(AT_ACCOUNT)
    with world.here():
        outside.send()
        failed = Fact.objects.get(about=service.id, name="message.failed")
        assert not WorkItem.objects.filter(service=service, kind__in=("not_sent", "number_repair")).exists()
        learnt = ContactOutcome.objects.get(fact="message.failed")
    assert failed.detail["reason"] == "opted_out"
    assert (learnt.kind, learnt.worked) == ("account", False)
    assert world.read(service).step == "printing"


def test_an_opened_link_teaches_that_the_account_works(world: World, outside: Outside) -> None:
    _settle(outside, "ignores")
    service = world.service(AT_ACCOUNT)
    with world.here():
        outside.send()
        actions.record(service.id, electronic.opened(Access.objects.get(service=service)))
        point = ContactPoint.objects.get(party=service.party_id, kind="account")
    assert (point.proved, point.platform, point.value) == (True, "wechat", "deng_2026")


def test_a_receipt_that_nobody_signed_changes_nothing(world: World, outside: Outside) -> None:
    _settle(outside, "ignores")
    service = world.service(AT_ACCOUNT)
    with world.here():
        row = outside.send()
        forged = f'{{"receipts": [{{"key": "{row.key}", "status": "read"}}]}}'.encode()
        with pytest.raises(BadSignature):
            inbound.receive("account", {"webhook-id": "1", "webhook-timestamp": "1"}, forged)
    assert _names(world, service) == ["message.sent"]


# ---- which accounts are written to --------------------------------------------------------------------------------


def test_an_account_that_somebody_else_wrote_down_is_kept_and_not_written_to(world: World) -> None:
    service = world.service(replace(AT_ACCOUNT, address_rank="registered"))
    with world.here():
        point = ContactPoint.objects.get(party=service.party_id, kind="account")
    assert point.rank == "unknown"
    assert world.read(service).next_action != "send_message"


@pytest.mark.parametrize(("consent", "rank"), [("agreed_before", "agreed"), ("address_in_pleading", "filed")])
def test_an_account_agreed_on_or_given_in_the_recipients_own_papers_is_written_to(
    world: World, consent: str, rank: str
) -> None:
    service = world.service(replace(AT_ACCOUNT, address_rank="filed", consent=consent))
    with world.here():
        point = ContactPoint.objects.get(party=service.party_id, kind="account")
        planned = Dispatch.objects.get(about=service.id)
    assert (point.rank, planned.counterparty) == (rank, "account")


def test_a_telephone_of_the_same_standing_comes_before_an_account(world: World) -> None:
    service = world.service(replace(AT_ACCOUNT, phone=DENG.phone))
    with world.here():
        assert Dispatch.objects.get(about=service.id).counterparty == "sms"


@pytest.mark.parametrize(("turn", "first"), [("after", "phone"), ("among", "account")])
def test_a_court_may_count_accounts_among_the_others_the_surest_first(turn: str, first: str) -> None:
    ways = (Contact("1", "phone", "confirmed", confidence=0.6), Contact("2", "account", "confirmed", confidence=0.9))
    ground = Ground(now(), Policy(account_turn=turn), deeds=(), contacts=ways)
    assert ground.reach("phone", "email", "account")[0].kind == first


def test_an_account_that_was_confirmed_comes_before_a_number_that_was_not() -> None:
    ways = (Contact("1", "phone", "filed", confidence=0.9), Contact("2", "account", "confirmed", confidence=0.6))
    ground = Ground(now(), Policy(), deeds=(), contacts=ways)
    assert ground.reach("phone", "email", "account")[0].kind == "account"


def test_a_court_may_write_to_no_accounts(world: World) -> None:
    courts.decide_policy(world.court, {"account_turn": "never"})
    service = world.service(AT_ACCOUNT)
    with world.here():
        assert not Dispatch.objects.filter(about=service.id, counterparty="account").exists()


def test_what_the_recipient_confirms_on_the_phone_page_is_an_agreed_account(world: World) -> None:
    service = world.service(replace(DENG, consent="stated"))
    with world.here():
        access = Access.objects.select_related("service__party").get(service=service)
        recipient.confirm(
            access,
            recipient.Confirmed(
                address=DENG.address,
                phone=DENG.phone,
                account="deng_2026",
                account_platform="wechat",
                ways=("sms", "account"),
            ),
        )
        point = ContactPoint.objects.get(party=service.party_id, kind="account")
    assert (point.rank, point.source) == ("confirmed", "recipient")


def test_an_account_not_agreed_to_for_papers_is_not_kept(world: World) -> None:
    said = recipient.Confirmed(address=DENG.address, phone=DENG.phone, account="deng_2026", account_platform="wechat")
    assert [one.kind for one in said.reaches()] == ["address", "phone"]


def test_the_same_name_at_two_platforms_is_two_accounts(world: World) -> None:
    service = world.service(DENG)
    with world.here():
        for platform in ("litigation", "lawyer", "lawyer"):
            contacts.add(service, world.an, "account", "deng_2026", "filed", "当事人来电告知", platform=platform)
        kept = ContactPoint.objects.filter(party=service.party_id, kind="account")
        assert sorted(kept.values_list("platform", flat=True)) == ["lawyer", "litigation"]


# ---- agents -------------------------------------------------------------------------------------------------------


def test_an_agents_number_reaches_the_recipient_and_says_whose_it_is(world: World) -> None:
    agents = (AgentDraft("何律", phone="13900000077"), AgentDraft("何收", "named_receiver", phone="13900000078"))
    service = world.service(replace(DENG, phone="", agents=agents))
    with world.here():
        point = ContactPoint.objects.get(party=service.party_id, kind="phone")
    assert (point.value, point.source, point.rank) == ("13900000077", "agent", "filed")
    assert service.next_action == "seek_consent"
