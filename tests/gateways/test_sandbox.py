"""The sandbox as a process: it survives being killed, and refuses a production machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from songda.gateways import carrier, sms
from songda.gateways.errors import AlreadyDone
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.gateways.sms import Sms
from songda.lib import clock
from tests.gateways.parties import Listener, Running, a_letter, eventually


def start(settings: Settings) -> subprocess.Popen[bytes]:
    ports = ["--port", settings.port, "--smtp-port", settings.smtp_port, "--ipp-port", settings.ipp_port]
    command = ["--state", settings.state, "--portal", settings.portal, "--api", settings.api, "--trouble", 0, *ports]
    process = subprocess.Popen(
        [sys.executable, "-m", "songda", "sandbox", *map(str, command)],
        env=os.environ | {"SONGDA_SANDBOX_SECRET": settings.secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    eventually(lambda: process.poll() is not None or is_up(settings.port))
    return process


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_a_killed_sandbox_goes_on_where_it_was(
    settings: Settings, listener: Listener, processes: list[subprocess.Popen[bytes]]
) -> None:
    clock.set_pace(speed=1.0)
    site = Running(settings)
    processes.append(start(settings))
    message = Sms("sms-1", "19200000001", "成都高新技术产业开发区人民法院", "您好")
    accepted = sms.send(site.sms, message)
    carrier.order(site.carrier, a_letter("letter-1"))
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    processes.append(start(settings))
    with pytest.raises(AlreadyDone) as known:
        sms.send(site.sms, message)
    assert known.value.reply.reference == accepted.reference  # type: ignore[attr-defined]
    clock.set_pace(speed=200_000)
    eventually(lambda: any("CM9" in str(told) for told in listener.told("carrier")))
    assert len(site.log("sms")) == len(site.log("carrier")) == 1


def test_it_stops_cleanly_when_asked(settings: Settings, processes: list[subprocess.Popen[bytes]]) -> None:
    processes.append(start(settings))
    processes[0].send_signal(signal.SIGTERM)
    assert processes[0].wait(timeout=10) == 0


def test_it_refuses_a_production_machine(
    settings: Settings, processes: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_MODE", "production")
    processes.append(start(settings))
    assert processes[0].wait(timeout=10) == 2
    assert not (Path(settings.state) / "sandbox.sqlite3").exists()


def test_it_says_so_when_a_port_is_taken(settings: Settings, processes: list[subprocess.Popen[bytes]]) -> None:
    processes.append(start(settings))
    second = start(settings)
    processes.append(second)
    assert second.wait(timeout=10) == 2
    assert b"songda sandbox:" in second.communicate()[1]


def test_a_newcomer_sees_a_phones_messages(sandbox: Running) -> None:
    sms.send(sandbox.sms, Sms("sms-1", "19200000001", "某法院", "<b>您好</b> https://court.example/sd?key=t"))
    page = httpx.get(f"{sandbox.base}/phone/19200000001", trust_env=False).text
    assert "【某法院】" in page
    assert '<a href="https://court.example/sd?key=t">' in page
    assert "<b>" not in page


def test_the_counterparties_doors_want_a_signature(sandbox: Running) -> None:
    bare = httpx.post(f"{sandbox.base}/sms/messages", json={"key": "sms-1"}, trust_env=False)
    assert bare.status_code == 403


def test_everyone_of_the_cast_is_on_the_front_page(sandbox: Running) -> None:
    page = httpx.get(f"{sandbox.base}/", trust_env=False).text
    assert page.count("/phone/") == 160


def test_who_was_settled_still_lives_there_after_a_restart_and_is_in_no_log(settings: Settings) -> None:
    with Sandbox(settings):
        Running(settings).settle(
            name="邓知行", phone="19200000001", id_number="51012119700101001X", temperament="ignores"
        )
    with Sandbox(settings) as again:
        person, _ = again.world.people.at_phone("19200000001")
        assert person is not None
        assert person.identity == "01001X"
        assert "51012119700101001X" not in str(Running(settings).log(""))
