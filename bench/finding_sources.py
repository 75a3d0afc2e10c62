"""Eight people-finding sources in one process, for bench/finding.py: quick ones, ones that call back, one that is slow,
one that hangs, and one that is not there at all. Speaks the published contract; notes when each question came and each
answer went, and prints the notes as JSON lines when told to stop.

Run by bench/finding.py as: finding_sources.py PORT DOOR SECRET
"""

import asyncio
import json
import random
import signal
import sys
import time
from urllib.parse import urlsplit

from songda.gateways.signing import sign_message

SLOW_SECONDS, HANG_SECONDS = 2.0, 30.0
CALLBACK_SECONDS = (1.0, 60.0)
MANNERS = {
    "telecom_a": ("callback", 0.3),
    "telecom_b": ("callback", 0.3),
    "telecom_d": ("callback", 0.3),
    "post_addresses": ("once", 0.5),
    "earlier_services": ("once", 0.25),
    "market_register": ("slow", 0.5),
    "telecom_c": ("hang", 0.0),
    # telecom_e is not here: its port is closed.
}
CALLERS = 16


class Sources:
    def __init__(self, door: str, secret: str) -> None:
        self.door, self.secret = urlsplit(door), secret
        self.notes: list[dict[str, object]] = []
        self.calls: asyncio.Queue[tuple[str, str, bytes]] = asyncio.Queue()
        self.chance = random.Random(7)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                length = next((int(one.split(":")[1]) for one in lines if one.lower().startswith("content-length")), 0)
                body = await reader.readexactly(length)
                reply = await self.answer(lines[0].split(" ")[1], body)
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, path: str, body: bytes) -> bytes:
        came, code = time.time(), path.split("/")[2]
        manner, hits = MANNERS[code]
        if not body:  # a look-up: the callback is on its way
            return _reply(202, {"state": "pending", "key": path.rsplit("/", 1)[1], "reference": "r"})
        message = json.loads(body)
        if manner in {"slow", "hang"}:
            await asyncio.sleep(SLOW_SECONDS if manner == "slow" else HANG_SECONDS)
        said = self.said(message, hits)
        if manner == "callback":
            asyncio.get_running_loop().call_later(
                self.chance.uniform(*CALLBACK_SECONDS), self.calls.put_nowait, (code, message["key"], came, said)
            )
            return _reply(202, {"state": "pending", "key": message["key"], "reference": "r"})
        self.notes.append({"key": message["key"], "source": code, "came": came, "went": time.time()})
        return _reply(200, said)

    def said(self, message: dict[str, object], hits: float) -> dict[str, object]:
        said = {"key": message["key"], "reference": "r", "state": "not_found"}
        if self.chance.random() >= hits:
            return said
        number = self.chance.randrange(10**8)
        street, house = f"四川省成都市武侯区长桥南路{1 + number % 900}号", f"{1 + number % 20}栋{101 + number % 900}室"
        contacts = [{"kind": "phone", "value": f"139{number:08d}", "asOf": "2026-02-01"}]
        if "address" in message["asks"]:
            contacts.append({"kind": "address", "value": street + house, "asOf": "2026-02-01"})
        return said | {"state": "found", "contacts": contacts}

    async def caller(self) -> None:
        reader = writer = None
        while True:
            code, key, came, said = await self.calls.get()
            body = json.dumps({"source": code, "answers": [said]}, ensure_ascii=False).encode()
            headers = {"host": self.door.netloc, "content-length": str(len(body))}
            headers |= sign_message(f"{self.secret}-{code}", f"bench-{key}", body)
            head = f"POST /callbacks/people/{code} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
            while True:
                went = time.time()
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection(self.door.hostname, self.door.port)
                    writer.write(head.encode() + b"\r\n" + body)
                    status = await reader.readuntil(b"\r\n\r\n")
                    if b" 204 " in status.split(b"\r\n")[0]:
                        break
                except (OSError, asyncio.IncompleteReadError):
                    writer = None
                await asyncio.sleep(1)
            self.notes.append({"key": key, "source": code, "came": came, "went": went})


def _reply(status: int, body: dict[str, object]) -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode()
    return f"HTTP/1.1 {status} OK\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content


async def main(port: int, door: str, secret: str) -> None:
    sources, stop = Sources(door, secret), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(sources.serve, "127.0.0.1", port, backlog=512)
    callers = [asyncio.create_task(sources.caller()) for _ in range(CALLERS)]
    await stop.wait()
    for one in callers:
        one.cancel()
    server.close()
    for note in sources.notes:
        print(json.dumps(note))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
