"""The sandbox as a running thing: its servers, its agenda, and who does what is due."""

import os
import threading
from functools import partial
from types import TracebackType

from songda.gateways.sandbox import mailroom, messenger, post, printer, sources, telecom, visitor
from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.web import http_server, ipp_server
from songda.gateways.sandbox.world import Settings, World

_ACTS = {
    "sms receipt": telecom.give_receipt,
    "account receipt": messenger.give_receipt,
    "call result": telecom.give_call_result,
    "scan": post.give_scan,
    "source answer": sources.give_answer,
    "mail report": mailroom.give_mail_report,
    "print": printer.run_printer,
    "visit": visitor.visit,
}


class Sandbox:
    """Start with `with Sandbox(settings):`. Raises RuntimeError in production."""

    def __init__(self, settings: Settings) -> None:
        if os.environ.get("SONGDA_MODE", "") == "production":
            raise RuntimeError("the sandbox plays counterparties and never runs in production")
        self.world = World(settings)
        for kind, act in _ACTS.items():
            self.world.agenda.knows(kind, partial(act, self.world))
        for entry in self.world.store.log("people"):
            self.world.people.add(DemoPerson(**entry["body"]))
        self._web = http_server(self.world)
        self._printers = ipp_server(self.world)
        self._mail = mailroom.mail_server(self.world)
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for server in (self._web, self._printers)
        ]

    def __enter__(self) -> "Sandbox":
        for thread in self._threads:
            thread.start()
        self._mail.start()
        self.world.agenda.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in (self._web, self._printers):
            server.shutdown()
            server.server_close()
        self._mail.stop()
        self.world.close()
