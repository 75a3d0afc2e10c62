"""What a courier's phone reports from a door becomes facts, once, whatever has happened meanwhile.

A report that can be read is never refused. What does not fit the plan, the clock, the map or the law stands beside the
fact as remarks, and what weighs among them opens a work item for the desk.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from songda.engine import actions
from songda.engine.opening import open_work
from songda.engine.reading import locked
from songda.engine.saying import said
from songda.engine.visits import door_records
from songda.engine.visits.door_law import bars
from songda.engine.visits.door_records import TEXTS, as_json
from songda.engine.work import WORK
from songda.evidence.actions import Told
from songda.filing.models import Service
from songda.finding.addresses import parse
from songda.finding.addresses.nearness import centre
from songda.law.facts import SIGNERS
from songda.lib import clock, vault
from songda.methods import field, phone, planning, plausible
from songda.methods.actions import keep_exhibit
from songda.methods.models import Exhibit, Visit
from songda.methods.phone import PhoneRefused
from songda.methods.plausible import Earlier, Place, Reported
from songda.methods.questions import REASONS
from songda.methods.rounds import Round, RoundFile, VisitReport

# Outcomes in which papers changed hands or stayed: what the law may bar.
_HANDED, _LEFT = "handed_over", "left_in_place"


@dataclass(frozen=True, slots=True)
class Sent:
    """A report as it came: the signed words, their signature, and the phone's clock when it sent them."""

    body: str
    signature: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class _Read:
    """The signed words, taken apart."""

    key: UUID
    kind: str
    visit: UUID
    began_at: datetime
    phone_at: datetime
    place: Place | None
    answers: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...]


def hear(found: Round, sent: Sent) -> VisitReport:
    """Keep the report and tell its facts; the same report again is the one that was kept. Raises PhoneRefused for what
    cannot be read, or is about no visit of this court."""
    read = _read(sent.body)
    visit = Visit.objects.filter(id=read.visit).values_list("service_id", flat=True).first()
    if visit is None:
        raise PhoneRefused("没有这次上门")
    service = locked(visit)
    if kept := VisitReport.objects.filter(key=read.key).first():
        return kept
    about = Visit.objects.select_related("contact_point", "service__court", "service__case", "service__party")
    hearing = _Hearing(found, sent, read, about.get(id=read.visit), service)
    return hearing.keep()


def _read(body: str) -> _Read:
    try:
        said = json.loads(body)
        return _Read(
            key=UUID(said["key"]),
            kind=VisitReport.Kind(said["kind"]).value,
            visit=UUID(said["visit"]),
            began_at=_moment(said["began_at"]),
            phone_at=_moment(said["phone_at"]),
            place=_place(said.get("place")),
            answers=dict(said.get("answers") or {}),
            files=tuple(said.get("files") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PhoneRefused("报告内容无法识别") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a phone's time without its zone")
    return moment


def _place(said: Any) -> Place | None:
    if not said:
        return None
    place = Place(float(said["latitude"]), float(said["longitude"]), float(said["accuracy"]))
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 and 0 <= place.accuracy < 1e6):
        raise ValueError("no place on earth")
    return place


class _Hearing:
    """One report on its way into the ledger, with the service held."""

    def __init__(self, found: Round, sent: Sent, read: _Read, visit: Visit, service: Service) -> None:
        self.round, self.sent, self.read, self.visit, self.service = found, sent, read, visit, service
        self.now = clock.now()
        self.sha256 = hashlib.sha256(sent.body.encode()).hexdigest()
        self.is_genuine = phone.is_genuine(found, sent.body, sent.signature)
        self.happened_at = self._on_our_clock(read.phone_at)
        self.began_at = min(self._on_our_clock(read.began_at), self.happened_at)
        self.skew = clock.ahead_of_ours(sent.sent_at)
        self.files = list(RoundFile.objects.filter(key__in=[one.get("key") for one in read.files]))
        self.outcome = str(read.answers.get("outcome", ""))
        self.remarks: list[str] = []

    def _on_our_clock(self, shown: datetime) -> datetime:
        """How long before the sending it was, by the phone's own clock: whether that clock is right does not matter."""
        ago = max((self.sent.sent_at - shown).total_seconds(), 0.0)
        return self.now - clock.stretch(ago)

    def keep(self) -> VisitReport:
        used_before = self._used_before()
        exhibits = self._exhibits()
        self.remarks = plausible.remarks(self._reported(used_before))
        report = VisitReport.objects.create(
            court_id=self.round.court_id,
            key=self.read.key,
            visit=self.visit,
            round=self.round,
            kind=self.read.kind,
            body=self.sent.body,
            signature=self.sent.signature[:200],
            sha256=self.sha256,
            is_genuine=self.is_genuine,
            happened_at=self.happened_at,
            received_at=self.now,
            skew_seconds=round(self.skew.total_seconds()),
            place=as_json(self.read.place),
            remarks=self.remarks,
        )
        if report.kind == VisitReport.Kind.SAFETY:
            self._leave_at_once()
        else:
            self._tell(exhibits)
        if plausible.weighs(self.remarks):
            self._ask_to_look(report)
        return report

    # ---- files

    def _exhibits(self) -> list[tuple[str, Exhibit]]:
        """The report's files as exhibits, each with whose it is, in the report's order."""
        whole = {str(file.key): file for file in self.files if file.kept_sha256}
        found = []
        for said_of in self.read.files:
            file = whole.get(str(said_of.get("key")))
            if file is None:
                continue
            exhibit = keep_exhibit(
                self.service,
                kind=phone.SORTS[file.kind].exhibit,
                content=vault.get(file.kept_sha256),
                media_type=file.media_type,
                note={"report": str(self.read.key), "whose": str(said_of.get("whose", ""))},
            )
            found.append((str(said_of.get("whose", "")), exhibit))
        return found

    def _used_before(self) -> bool:
        """Whether a photograph of this report was shown before, at this door or another."""
        shown = [file.kept_sha256 for file in self.files if file.kind == "photo" and file.kept_sha256]
        return Exhibit.objects.filter(kind="photo", sha256__in=shown).exists()

    # ---- plausibility

    def _reported(self, used_before: bool) -> Reported:
        address = parse(self.visit.contact_point.value)
        opens, shuts = planning.hours(self.visit, planning.day_of(self.happened_at))
        unlawful = self._is_unlawful()
        return Reported(
            happened_at=self.happened_at,
            received_at=self.now,
            place=self.read.place,
            planned_at=self.visit.arrives_at or self.visit.planned_for,
            opens=opens,
            shuts=shuts,
            centre=centre(address.code),
            digits=len(address.code),
            earlier=self._earlier(),
            skew=self.skew,
            skew_at_start=timedelta(seconds=self.round.skew_seconds),
            is_genuine=self.is_genuine,
            is_another_couriers=self.visit.courier_id not in (None, self.round.courier_id),
            was_over=self.visit.ended_at is not None or self.service.closed_at is not None,
            is_round_stale=self.happened_at > self.round.expires_at,
            files_missing=len([one for one in self.files if one.kept_sha256]) < len(self.read.files),
            used_before=used_before,
            is_unlawful=unlawful,
            has_reason=any(self.read.answers.get(name) for name in REASONS),
            names_opponent=self._names_opponent(),
        )

    def _earlier(self) -> tuple[Earlier, ...]:
        day = timedelta(hours=12)
        rows = VisitReport.objects.filter(
            round__courier=self.round.courier_id,
            happened_at__gte=self.happened_at - day,
            happened_at__lte=self.happened_at + day,
        ).select_related("visit__contact_point")
        here = self.visit.contact_point.place_index
        return tuple(
            Earlier(
                row.happened_at,
                Place(**row.place) if row.place else None,
                bool(here) and row.visit.contact_point.place_index == here,
            )
            for row in rows
        )

    def _is_unlawful(self) -> bool:
        if self.outcome not in (_HANDED, _LEFT):
            return False
        if self.outcome == _LEFT and not self._witnesses() and not self._is_recorded():
            return True
        barred = bars(self.service)["sign" if self.outcome == _HANDED else "leave"]
        return self._signer() in barred

    def _names_opponent(self) -> bool:
        """Whether who took the papers bears the name of a party of another side."""
        name = str(self.read.answers.get("name", "")).strip()
        own = self.service.party
        others = self.service.case.parties.exclude(id=own.id).exclude(role=own.role)
        # Names lie encrypted: they are compared here.
        return bool(name) and self._signer() != "self" and name in [party.name for party in others]

    # ---- facts

    def _signer(self) -> str:
        code = str(self.read.answers.get("signer", ""))
        return code if code in SIGNERS else "other"

    def _witnesses(self) -> list[Mapping[str, Any]]:
        told = self.read.answers.get("witnesses")
        return [one for one in told if isinstance(one, dict) and one.get("name")] if isinstance(told, list) else []

    def _is_recorded(self) -> bool:
        return any(file.kind in ("photo", "video") and file.kept_sha256 for file in self.files)

    def _values(self) -> dict[str, Any]:
        """The answers under the names that the work item's outcomes copy into facts."""
        # Papers in the opponent's hand serve nobody, whatever relation was told (法释〔2004〕13号第七条).
        signer = "opposing_party" if "opposing_name" in self.remarks else self._signer()
        return {
            "signer": signer,
            "by": signer,
            "refused_by": signer,
            "id_number_given": self.read.answers.get("id_number_given") == "yes",
            "witnesses": len(self._witnesses()),
            "recorded": self._is_recorded(),
        }

    def _evidence(self, exhibits: Iterable[Exhibit]) -> dict[str, Any]:
        """What each fact says of how it was told: nothing here names a person or a place."""
        place = self.read.place
        return {
            "report": self.sha256,
            "signed": self.is_genuine,
            "phone_at": self.read.phone_at.isoformat(),
            "skew_seconds": round(self.skew.total_seconds()),
            **({"accuracy_m": round(place.accuracy)} if place else {}),
            **({"remarks": self.remarks} if self.remarks else {}),
            "exhibits": [one.sha256 for one in exhibits],
        }

    def _private(self) -> dict[str, Any]:
        texts = {name: value for name, value in self.read.answers.items() if isinstance(value, str) and name in TEXTS}
        witnesses = [f"{one['name']}（{one.get('unit') or '单位未填'}）" for one in self._witnesses()]
        place = as_json(self.read.place)
        return {
            **texts,
            **({"witnesses": "、".join(witnesses)} if witnesses else {}),
            **({"place": f"{place['latitude']:.6f},{place['longitude']:.6f}"} if place else {}),
        }

    def _told(self, name: str, part: str, detail: Mapping[str, Any]) -> Told:
        return field.told(
            self.visit,
            name,
            courier=str(self.round.courier_id),
            happened_at=self.happened_at,
            key=f"report:{self.read.key}:{part}",
            detail=detail,
            private=self._private() or None,
        )

    def _tell(self, exhibits: Sequence[tuple[str, Exhibit]]) -> None:
        outcome = WORK["visit"].outcomes.get(self.outcome)
        if outcome is None:
            # Not a word of the table: what was sent is kept, and somebody reads it.
            self.remarks = [*self.remarks, "unexplained"]
            VisitReport.objects.filter(key=self.read.key).update(remarks=self.remarks)
            return
        values, evidence = self._values(), self._evidence(one for _, one in exhibits)
        signature = next((one.sha256 for whose, one in exhibits if whose == "signer"), "")
        told = []
        for place, fact in enumerate(outcome.facts):
            copied = {name: values[name] for name in fact.copied if name in values}
            own = {"exhibit": signature} if fact.name == "receipt.signed" and signature else {}
            detail = {**evidence, **fact.fixed, **copied, **own}
            if fact.name == "visit.failed":
                detail["recorded"] = self._is_recorded()
            told.append(self._told(fact.name, str(place), detail))
        door_records.write(self.visit, self._door(outcome.label), exhibits)
        field.end(self.visit, self.now)
        actions.record(self.service.id, [*told, *self._close_item()])

    def _close_item(self) -> list[Told]:
        """The visit's own item is done by this; one that is done, or was never there, stays as it is."""
        key = f"visit:{self.visit.contact_point_id}:{self.visit.ordinal}"
        item = self.service.work_items.filter(kind="visit", key=key, done_at=None).first()
        if item is None:
            return []
        item.done_at, item.done_by_id, item.outcome = self.now, self.round.courier_id, self.outcome
        item.save(update_fields=["done_at", "done_by", "outcome"])
        done = {"kind": "visit", "outcome": self.outcome, "item": str(item.id)}
        return [said(self.round.courier, "work.done", done, key=f"work:{item.id}")]

    def _door(self, label: str) -> door_records.Door:
        return door_records.Door(
            label=label,
            courier=self.round.courier.name,
            signer=self._signer(),
            is_left=self.outcome == _LEFT,
            answers=self.read.answers,
            witnesses=self._witnesses(),
            place=self.read.place,
            began_at=self.began_at,
            happened_at=self.happened_at,
            phone_at=self.read.phone_at,
            skew_seconds=round(self.skew.total_seconds()),
            is_genuine=self.is_genuine,
            sha256=self.sha256,
            remarks=self.remarks,
            key=str(self.read.key),
        )

    # ---- safety and review

    def _leave_at_once(self) -> None:
        """Leaving in danger is no attempt: the visit is still to be made, by whom and how the desk says."""
        Visit.objects.filter(id=self.visit.id, ended_at=None).update(
            courier=None, is_courier_fixed=False, is_time_fixed=False, turn=None, arrives_at=None
        )
        told = self._told("visit.broken_off", "safety", self._evidence(()))
        actions.record(self.service.id, told)
        open_work(
            self.service,
            "safety",
            f"safety:{self.read.key}",
            reason=f"投递员{self.round.courier.name}安全撤离，请立即联系",
            detail={"visit": str(self.visit.id), "report": str(self.read.key)},
        )

    def _ask_to_look(self, report: VisitReport) -> None:
        words = [plausible.CHECKS[code].words for code in report.remarks if plausible.CHECKS[code].is_serious]
        open_work(
            self.service,
            "visit_review",
            f"review:{report.key}",
            reason="；".join(words),
            detail={"visit": str(self.visit.id), "report": str(report.key)},
        )
