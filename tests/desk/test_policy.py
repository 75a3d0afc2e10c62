"""The court's settings: read by the court, changed by its manager, refused where the law bars."""

from collections.abc import Mapping
from typing import Any

import pytest

from songda.courts.actions import enrol
from songda.courts.models import Court
from songda.courts.policy import Policy
from songda.courts.queries import policy_of
from songda.desk.forms.policy import SETTINGS, PolicyForm, show
from tests.cast import World
from tests.desk.conftest import At


def _as_sent(policy: Policy) -> dict[str, Any]:
    """What a browser would send for these settings: an unchecked box is not sent."""
    return {name: value for name, value in PolicyForm.from_policy(policy).items() if value is not False}


@pytest.fixture
def manager(world: World) -> World:
    enrol(world.bai, world.court, ["manager"])
    return world


def _read(world: World) -> Mapping[str, Any]:
    return PolicyForm.from_policy(policy_of(Court.objects.get(pk=world.court.pk)))


def test_every_setting_has_words(world: World) -> None:
    shown = [label for _, pairs in show(Policy()) for label, _ in pairs]
    assert len(shown) == len(SETTINGS) == len(PolicyForm.from_policy(Policy()))


def test_a_clerk_reads_it_and_may_not_change_it(world: World, at: At) -> None:
    client = at(world.an)
    page = client.get("/policy/").content.decode()
    assert "电子送达 → 协查找人 → 邮寄送达 → 上门送达 → 公告送达" in page
    assert "保存方案" not in page
    assert client.post("/policy/", _as_sent(Policy())).status_code == 403


def test_the_manager_changes_it(manager: World, at: At) -> None:
    sent = _as_sent(Policy()) | {"calls": 5, "access_level": "link"}
    assert at(manager.bai).post("/policy/", sent).status_code == 302
    now = _read(manager)
    assert (now["calls"], now["access_level"], now["visits"]) == (5, "link", 2)


def test_what_the_law_bars_is_refused_with_the_article_and_changes_nothing(manager: World, at: At) -> None:
    sent = _as_sent(Policy()) | {"ladder": ["electronic", "notice"], "calls": 4}
    answer = at(manager.bai).post("/policy/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "民事诉讼法第九十五条" in page
    assert 'value="4"' in page
    assert _read(manager)["calls"] == Policy().calls


def test_one_courts_manager_does_not_touch_another_court(world: World, at: At) -> None:
    at(world.cheng).post("/policy/", _as_sent(Policy()) | {"calls": 9})
    assert _read(world)["calls"] == Policy().calls
    assert policy_of(Court.objects.get(pk=world.other_court.pk)).calls == 9
