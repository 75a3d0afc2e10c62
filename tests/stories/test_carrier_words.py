"""What a carrier leaves unsaid is read off what it said before."""

import json
from dataclasses import replace

from songda.engine import inbound
from songda.evidence.models import Fact
from songda.gateways import signing, switchboard
from songda.lib.clock import BEIJING, now
from tests.cast import DENG, World


def _push(waybill: str, code: str, words: str) -> None:
    scan = {
        "waybillNo": waybill,
        "opCode": code,
        "opDesc": words,
        "opTime": f"{now().astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
    }
    body = json.dumps({"responseItems": [scan]}, ensure_ascii=False).encode()
    headers = signing.sign_message(switchboard.secret("carrier"), f"{waybill}-{code}-{now():%H%M}", body)
    inbound.receive("carrier", headers, body)


def test_a_return_without_a_reason_has_the_reason_of_the_last_try(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    carried = world.printed(service)
    world.later(days=1)
    _push(carried["waybill"], "705", "未妥投，收件人已迁移，新址不明")
    world.later(days=1)
    _push(carried["waybill"], "708", "退回")
    with world.here():
        returned = Fact.objects.get(about=service.id, name="mail.returned")
    assert returned.detail["because"] == "moved_unreported"
