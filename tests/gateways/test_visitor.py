"""A recipient acts on a portal: here a small one that keeps to the form the visitor expects."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from songda.gateways import accounts, sms
from songda.gateways.accounts import AccountMessage
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.gateways.sms import Sms
from tests.gateways.parties import Listener, Running, eventually
from tests.ports import free_port

HEAD = "<!doctype html><form method=post><input type=hidden name=csrfmiddlewaretoken value=tok>"
DOOR = f"{HEAD}<input name=code><input name=identity><button>查收</button></form>"
PAPERS = (
    "<!doctype html><a data-document href='/doc/1'>传票</a>"
    f"{HEAD}<input type=hidden name=action value=confirm><input name=address value='望溪路8号'>"
    "<input type=checkbox name=consent required><input type=checkbox name=advertising>"
    "<textarea name=remark>如址</textarea>"
    "<select name=by><option value=''></option><option value=phone>手机</option></select>"
    "<button name=later>以后再说</button></form>"
    f"{HEAD}<input type=hidden name=action value=sign><input type=hidden name=signature></form>"
)


class Portal:
    """Lets in who knows the code and the last six signs, and keeps what they did."""

    def __init__(self) -> None:
        self.acts: list[dict[str, str]] = []
        self.read: list[str] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/doc/"):
                    outer.read.append(self.path)
                self._page(DOOR)

            def do_POST(self) -> None:
                written = self.rfile.read(int(self.headers["content-length"])).decode()
                fields = {name: values[0] for name, values in parse_qs(written, keep_blank_values=True).items()}
                outer.acts.append(fields)
                known = "code" not in fields or (fields["code"], fields["identity"]) == ("4321", "01001X")
                inside = known and fields["csrfmiddlewaretoken"] == "tok"
                self._page(PAPERS if inside else DOOR, 200 if inside else 422)

            def _page(self, text: str, status: int = 200) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def portal() -> Iterator[Portal]:
    door = Portal()
    yield door
    door.server.shutdown()
    door.server.server_close()


@pytest.fixture
def sandbox(portal: Portal, listener: Listener, tmp_path: object) -> Iterator[Running]:
    settings = Settings(
        state=tmp_path / "sandbox",  # type: ignore[operator]
        portal=portal.url,
        api=listener.url,
        port=free_port(),
        smtp_port=free_port(),
        ipp_port=free_port(),
        secret="told-to-both",
        trouble=0.0,
    )
    with Sandbox(settings):
        yield Running(settings)


def tell(sandbox: Running, temperament: str, code: str = "4321") -> None:
    sandbox.settle(name="邓知行", phone="19200000001", id_number="51012119700101001X", temperament=temperament)
    text = f"邓知行，您好！您有文书送达，请点击链接查收：https://court.example/sd?key=t 验证码：{code}"
    sms.send(sandbox.sms, Sms("sms-1", "19200000001", "成都高新技术产业开发区人民法院", text))


def test_who_signs_quickly_enters_reads_confirms_and_signs(sandbox: Running, portal: Portal) -> None:
    tell(sandbox, "signs_quickly")
    eventually(lambda: any(act.get("action") == "sign" for act in portal.acts))
    entered, confirmed, signed = portal.acts
    assert (entered["code"], entered["identity"]) == ("4321", "01001X")
    assert portal.read == ["/doc/1"]
    assert (confirmed["action"], confirmed["address"], confirmed["consent"]) == ("confirm", "望溪路8号", "on")
    assert (confirmed["remark"], confirmed["by"]) == ("如址", "phone")
    assert {"advertising", "later"}.isdisjoint(confirmed)
    assert signed["signature"].startswith("data:image/png;base64,")


def test_who_only_opens_reads_and_signs_nothing(sandbox: Running, portal: Portal) -> None:
    tell(sandbox, "opens_unsigned")
    eventually(lambda: portal.read)
    assert [act.get("action") for act in portal.acts] == [None]


def test_who_is_given_a_wrong_code_stays_outside(sandbox: Running, portal: Portal) -> None:
    tell(sandbox, "signs_quickly", code="0000")
    eventually(lambda: [entry for entry in sandbox.visits("sms-1") if entry["done"] == ""])
    assert len(portal.acts) == 1
    assert portal.read == []


def test_who_reads_at_an_account_opens_the_link_that_came_there(sandbox: Running, portal: Portal) -> None:
    who = {"name": "邓知行", "phone": "19200000001", "id_number": "51012119700101001X"}
    sandbox.settle(**who, temperament="opens_unsigned", account="deng_2026", account_platform="wechat")
    text = "您有文书送达，请点击链接查收：https://court.example/sd?key=t 验证码：4321"
    accounts.send(sandbox.accounts, AccountMessage("account-1", "wechat", "deng_2026", "knock", "文书送达", text))
    eventually(lambda: portal.read)
    assert (portal.acts[0]["code"], portal.acts[0]["identity"]) == ("4321", "01001X")


def test_who_ignores_messages_never_comes(sandbox: Running, portal: Portal, listener: Listener) -> None:
    tell(sandbox, "ignores")
    eventually(lambda: listener.at("sms"))
    assert portal.acts == []
