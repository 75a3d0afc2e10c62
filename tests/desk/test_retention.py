"""The page on which two persons decide what is deleted; what was deleted says so wherever it was shown."""

from datetime import timedelta

import pytest
from django.test import Client

from songda.courts import actions as courts
from songda.courts.models import Person
from songda.engine import acts
from songda.engine.keeping import erasure
from songda.engine.models import ErasureOrder, Hold, WorkItem
from songda.filing.models import Service
from songda.lib import clock
from songda.methods.models import Exhibit
from tests.cast import DENG, World, stop_the_clock
from tests.desk.conftest import At

RECORDING = b"what was said " * 30_000


@pytest.fixture
def mu(world: World) -> Person:
    made = Person.objects.create_user("mu", "songda-demo-2026", name="慕容", organisation="court")
    courts.enrol(made, world.court, ["manager"])
    return made


@pytest.fixture
def ended(world: World) -> Service:
    """A service that was over four years ago, with a recording that the court keeps for three."""
    return end(world)


def end(world: World) -> Service:
    service = world.service(DENG)
    with world.here():
        acts.record_by_hand(
            world.read(service),
            world.an,
            "receipt.signed",
            happened_at=clock.now(),
            detail={"signer": "self", "via": "window", "id_number_given": True},
            shown=(acts.Shown(RECORDING, "audio/wav", "video"),),
        )
        WorkItem.objects.filter(service=service).update(done_at=clock.now())
    courts.decide_policy(world.court, {"keep_recordings_years": 3})
    stop_the_clock(clock.now() + timedelta(days=4 * 366))
    return service


def text(client: Client, url: str = "/retention/", status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_lists_what_may_go_and_deletes_nothing(at: At, world: World, ended: Service, mu: Person) -> None:
    said = text(at(mu))
    assert "期限已满，可以删除（1）" in said
    assert "录像" in said
    assert "个人信息保护法第四十七条" in said
    with world.here():
        assert not ErasureOrder.objects.exists()


def test_one_asks_and_another_grants_and_the_file_says_why_it_is_gone(
    at: At, world: World, ended: Service, mu: Person
) -> None:
    at(mu).post("/retention/ask/", {"reason": "保存期限届满"})
    with world.here():
        order = ErasureOrder.objects.get()
        exhibit = Exhibit.objects.get(kind="video")
    assert "批准删除" not in text(at(mu))
    assert "批准删除" in text(at(world.bai))
    refused = at(mu).post(f"/retention/{order.pk}/", {"answer": "grant"}, follow=True).content.decode()
    assert "第二人审批" in refused
    done = at(world.bai).post(f"/retention/{order.pk}/", {"answer": "grant"}, follow=True).content.decode()
    assert "已批准删除1个文件" in done
    gone = "已按个人信息保护法第四十七条于2030年03月05日删除，摘要仍在"
    assert gone in text(at(world.an), f"/exhibits/{exhibit.pk}/", 410)
    assert exhibit.sha256 in text(at(world.an), f"/exhibits/{exhibit.pk}/", 410)
    assert gone in text(at(world.an), f"/services/{ended.pk}/")


def test_a_hold_is_set_and_lifted_by_case_number(at: At, world: World, ended: Service, mu: Person) -> None:
    number = world.read(ended).case.number
    said = at(mu).post("/retention/hold/", {"case": number, "reason": "当事人申请再审"}, follow=True).content.decode()
    assert f"{number}的文件已采取保留措施" in said
    assert "期限已满，仍须保留" in said
    with world.here():
        held = Hold.objects.get()
    at(world.bai).post(f"/retention/holds/{held.pk}/lift/", {"reason": "再审审查终结"})
    assert "期限已满，可以删除（1）" in text(at(mu))
    wrong = at(mu).post("/retention/hold/", {"case": "（2026）川0191民初9号", "reason": "需要"}, follow=True)
    assert "本院没有这个案号的案件" in wrong.content.decode()


def test_another_court_and_the_post_see_nothing_of_it(at: At, world: World, ended: Service, mu: Person) -> None:
    at(mu).post("/retention/ask/", {"reason": "保存期限届满"})
    with world.here():
        order = ErasureOrder.objects.get()
    assert "待审批" not in text(at(world.cheng))
    assert at(world.cheng).post(f"/retention/{order.pk}/", {"answer": "grant"}).status_code == 404
    assert at(world.fang).get("/retention/").status_code == 403
    with world.here():
        assert ErasureOrder.objects.get().answered_at is None


def test_a_court_may_set_its_years_on_the_policy_page(at: At, world: World, mu: Person) -> None:
    assert "诉讼档案保管期限规定第三条" in text(at(mu))
    assert "卷宗材料" in text(at(mu), "/policy/")
    assert erasure.finish() == 0
