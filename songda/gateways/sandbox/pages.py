"""Pages for people who try the platform: the phones of the demonstration's recipients, their mail, and the log."""

import dataclasses
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from songda.gateways.sandbox.answers import Answer, refused
from songda.gateways.sandbox.people import TEMPERAMENTS
from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.world import World

_STYLE = """
body{font:16px/1.7 system-ui,"Noto Sans SC",sans-serif;margin:0 auto;max-width:44rem;padding:1.5rem}
body{color:#1c2733;background:#f4f6f8}
article{background:#fff;border-radius:12px;padding:.8rem 1.1rem;margin:.8rem 0;overflow-wrap:anywhere}
time,.who{color:#5b6875;font-size:.9rem} table{width:100%;border-collapse:collapse;background:#fff}
td,th{text-align:left;padding:.45rem .6rem;border-bottom:1px solid #e3e8ed} a{color:#0b5cad}
"""
_LINK = re.compile(r"(https?://[^\s，。；<]+)")
_SHOWN = 500


def _page(title: str, body: str) -> Answer:
    return Answer(
        200,
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{body}</html>",
    )


def _linked(text: str) -> str:
    return _LINK.sub(r'<a href="\1">\1</a>', escape(text, quote=False))


def front(world: World, _question: Mapping[str, str]) -> Answer:
    """Who lives in this sandbox, most recent messages first."""
    received = {entry["body"].get("phone"): entry["at"] for entry in world.store.log("sms", _SHOWN)}
    rows = "".join(_resident(person, str(received.get(person.phone, ""))) for person in world.people.people)
    note = "<p>这里的人、电话和地址都是虚构的。点开手机号或者账号，可以看到此人收到的短信、消息。"
    note += "<a href='/mail'>电子邮件</a></p>"
    head = "<tr><th>姓名</th><th>手机</th><th>账号</th><th>性情</th><th>最近短信</th></tr>"
    return _page("演示用外部世界", f"{note}<table>{head}{rows}</table>")


def _resident(person: DemoPerson, last: str) -> str:
    phone = f"<a href='/phone/{escape(person.phone)}'>{escape(person.phone)}</a>"
    where = f"/account/{escape(person.account_platform)}/{escape(person.account)}"
    account = f"<a href='{where}'>{escape(person.account)}</a>" if person.account else ""
    cells = (escape(person.name), phone, account, escape(person.temperament), escape(last[:16].replace("T", " ")))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def phone(world: World, number: str, _question: Mapping[str, str]) -> Answer:
    """One phone's messages, newest first."""
    mine = [entry for entry in world.store.log("sms", 100_000) if entry["body"].get("phone") == number]
    shown = "".join(
        f"<article><time>{escape(entry['at'][:19].replace('T', ' '))} UTC</time>"
        f"<div>{_linked(entry['body']['whole'])}</div></article>"
        for entry in reversed(mine)
    )
    return _page(f"手机 {number}", shown or "<p>还没有短信。</p>")


def account(world: World, platform: str, name: str, _question: Mapping[str, str]) -> Answer:
    """One account's messages, newest first: cards with a title, a text and what opens when they are touched."""
    whose = {"platform": platform, "account": name}
    mine = [entry for entry in world.store.log("account", 100_000) if entry["body"].items() >= whose.items()]
    shown = "".join(
        f"<article><time>{escape(entry['at'][:19].replace('T', ' '))} UTC</time>"
        f"<strong>{escape(entry['body']['title'])}</strong><div>{_linked(entry['body']['text'])}</div></article>"
        for entry in reversed(mine)
        if entry["answer"]["status"] == "accepted"
    )
    return _page(f"账号 {name}", shown or "<p>还没有消息。</p>")


def mail(world: World, _question: Mapping[str, str]) -> Answer:
    """Every mailbox's messages, newest first."""
    shown = "".join(
        f"<article><div class='who'>{escape(entry['body']['to'])}</div><strong>{escape(entry['body']['subject'])}"
        f"</strong><div>{_linked(entry['body']['text'])}</div></article>"
        for entry in reversed(world.store.log("mail", _SHOWN))
    )
    return _page("电子邮件", shown or "<p>还没有邮件。</p>")


def log(world: World, question: Mapping[str, str]) -> Answer:
    """Everything received, as JSON: `door` and `limit` narrow it. Who lives here is not in it, for the ID numbers."""
    limit = question.get("limit", "")
    entries = world.store.log(question.get("door", ""), int(limit) if limit.isdigit() else 1000)
    return Answer(200, {"entries": [entry for entry in entries if entry["door"] != "people"]})


def told(world: World, door: str, key: str, _question: Mapping[str, str]) -> Answer:
    """What the sandbox has said of a key at one door, or done about it (`visits`), as JSON."""
    return Answer(200, {"entries": world.store.told(door, key)})


def health(_world: World, _question: Mapping[str, str]) -> Answer:
    """Whether the sandbox is up."""
    return Answer(200, {"ok": True})


def agenda(world: World, question: Mapping[str, str]) -> Answer:
    """How far behind the counterparties are, for whoever plays the clock: since when the first of what is due has been,
    and when the next comes due; what was due no later than `beyond` is left out."""
    try:
        beyond = datetime.fromisoformat(question.get("beyond", "1970-01-01T00:00:00+00:00")).timestamp()
    except ValueError:
        return refused(400, "InvalidParameter")
    moments = (datetime.fromtimestamp(at, UTC).isoformat() if at else None for at in world.agenda.waiting(beyond))
    return Answer(200, dict(zip(("oldest", "soonest"), moments, strict=True)))


def settle(world: World, who: Mapping[str, Any]) -> Answer:
    """Let someone live here: name, phone, id_number, address and temperament, as a test or the demo wants them."""
    names = [one.name for one in dataclasses.fields(DemoPerson)]
    said = {name: who[name] for name in names if isinstance(who.get(name), str)}
    if not said.get("name") or not said.get("phone") or said.get("temperament") not in TEMPERAMENTS:
        return refused(400, "MissingParameter")
    blank = dict.fromkeys(("id_number", "address", "division", "email", "account", "account_platform"), "")
    person = {"number": -1, "kind": "person", **blank, **said}
    person = {"filed_phone": person["phone"], "filed_address": person["address"], **person}
    world.settle(DemoPerson(**person))
    return Answer(200, {"name": person["name"]})
