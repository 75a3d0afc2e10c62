"""A brief in words: sentences with links, made of what was kept that morning. Names are masked, as everywhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from songda.desk import words
from songda.desk.people import shown_name
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.filing.models import Case, Service
from songda.insight.briefs import NEWS, has_nothing
from songda.insight.models import Brief
from songda.lib import clock

# So many are named in a sentence; the rest is behind its number.
NAMED = 3
LISTED = 12
_DAYS = "一二三四五六日"
# What a number of services is said to have done, and how one of them is named.
_NEWS: Mapping[str, tuple[str, str]] = {
    "effective": ("项送达生效", "effect"),
    "signed": ("项已经签收或者妥投，还在等回执或者检查，尚未生效", ""),
    "failed": ("项未能送达，须由法官决定后续程序", "danger"),
    "withheld": ("项法定要件不齐，结果暂不反馈", "warn"),
    "noticed": ("项已经发布公告", ""),
    "stopped": ("项停止送达", ""),
    "corrected": ("项作了更正或者被依法推翻", "warn"),
}
TITLES = {what: said.partition("，")[0].removeprefix("项") for what, (said, _) in _NEWS.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words in a sentence, and where it leads."""

    words: str
    href: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """`done`: what it asked for has been done since. `tone` marks its margin."""

    runs: tuple[Run, ...]
    tone: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    icon: str
    sentences: tuple[Sentence, ...]


def day_words(day: date) -> str:
    """3月2日，星期一."""
    return f"{day.month}月{day.day}日，星期{_DAYS[day.weekday()]}"


def moment_words(moment: datetime, today: date) -> str:
    """A moment as one says it on that day: 今天 17:00, 明天 09:30, 3月9日 09:30."""
    at = moment.astimezone(clock.BEIJING)
    days = {today - timedelta(days=1): "昨天", today: "今天", today + timedelta(days=1): "明天"}
    return f"{days.get(at.date(), f'{at.month}月{at.day}日')} {at:%H:%M}"


class Told:
    """One brief, with the rows it names read at once: four queries, however long it is."""

    def __init__(self, brief: Brief) -> None:
        self.brief, self.said, self.today = brief, brief.said, brief.day
        self._services = _by_id(Service.objects.select_related("case", "party").filter(id__in=_named(self.said)))
        cases = [one["case"] for part in ("hearings", "final") for one in self.said[part]]
        self._cases = _by_id(Case.objects.filter(id__in=cases))
        items = [one["item"] for one in self.said["waiting"]]
        self._done = {
            str(item_id)
            for item_id in WorkItem.objects.filter(id__in=items).exclude(done_at=None).values_list("id", flat=True)
        }

    @property
    def has_nothing(self) -> bool:
        return has_nothing(self.said)

    @property
    def opening(self) -> Sentence:
        """The brief in one sentence."""
        if self.has_nothing:
            return Sentence(
                (
                    Run(
                        f"今天没有需要您办理的事；自{self._since()}以来您的案件没有变化，"
                        f"{self.said['days_ahead']}天内也没有开庭、公告期满或者上诉期届满需要留意。"
                    ),
                )
            )
        waiting = len(self.said["waiting"])
        if not waiting:
            return Sentence((Run("今天没有需要您办理的事，下面是案件的进展和近期的日子。"),))
        first = self.said["waiting"][0]
        limit = self._limit(first["due_at"])
        return Sentence(
            (
                Run("今天有"),
                Run(f"{waiting}件事", reverse("desk:work"), strong=True),
                Run(f"等您办理，最早的一件{limit}。"),
            )
        )

    def chapters(self) -> list[Chapter]:
        """What there is to say, most pressing first; a part with nothing in it is left out."""
        every = (
            Chapter("等您办理", "work", tuple(self._waiting())),
            Chapter("开庭在即、尚未全部送达", "clock", tuple(self._hearings())),
            Chapter("案件进展", "orders", tuple(self._news())),
            Chapter("公告和上诉期", "ledger", (*self._notices(), *self._final())),
        )
        return [one for one in every if one.sentences]

    # ---- news

    def _since(self) -> str:
        return moment_words(self.brief.since, self.today)

    def _news(self) -> Iterator[Sentence]:
        for at, what in enumerate(what for what in NEWS if what in self.said["news"]):
            ids, (words_, tone) = self.said["news"][what], _NEWS[what]
            behind = reverse("desk:brief_behind", args=[self.today.isoformat(), what])
            begin = f"自{self._since()}以来，" if at == 0 else ""
            yield Sentence(
                (Run(begin), Run(f"{len(ids)}", behind, strong=True), Run(f"{words_}："), *self._names(ids)), tone
            )

    def _names(self, ids: Sequence[str]) -> Iterator[Run]:
        """A few of them by case and recipient, the rest as a number."""
        shown = [one for one in ids if one in self._services][:NAMED]
        for at, service_id in enumerate(shown):
            yield self._service(service_id)
            yield Run("" if at == len(shown) - 1 else "，")
        yield Run("等。" if len(ids) > len(shown) else "。")

    def _service(self, service_id: str) -> Run:
        one = self._services.get(service_id)
        if one is None:
            return Run("一项任务")
        return Run(f"{one.case.number}{shown_name(one.party)}", reverse("desk:service", args=[one.pk]))

    # ---- what waits

    def _waiting(self) -> Iterator[Sentence]:
        for one in self.said["waiting"][:LISTED]:
            kind = WORK.get(one["kind"])
            label = kind.label if kind else "待办"
            why = one["reason"] or (kind.question if kind else "")
            yield Sentence(
                (
                    Run(label, reverse("desk:item", args=[one["item"]]), strong=True),
                    Run("，"),
                    self._service(one["service"]),
                    Run(f"，{self._limit(one['due_at'])}。" + (f"缘由：{why.rstrip('。')}。" if why else "")),
                ),
                "danger" if self._is_late(one["due_at"]) else "",
                done=one["item"] in self._done,
            )
        more = len(self.said["waiting"]) - LISTED
        if more > 0:
            yield Sentence((Run("此外还有"), Run(f"{more}件", reverse("desk:work")), Run("，见待办。")))
        if shared := self.said["shared"]:
            href = f"{reverse('desk:work')}"
            yield Sentence((Run("同岗位的同事名下另有"), Run(f"{shared}件", href), Run("待办尚无人认领。")))

    def _is_late(self, due_at: str) -> bool:
        return datetime.fromisoformat(due_at) < self.brief.made_at

    def _limit(self, due_at: str) -> str:
        when = moment_words(datetime.fromisoformat(due_at), self.today)
        return f"本应在{when}前办结，已经超期" if self._is_late(due_at) else f"请在{when}前办结"

    # ---- days ahead

    def _hearings(self) -> Iterator[Sentence]:
        for one in self.said["hearings"]:
            case = self._cases.get(one["case"])
            if case is None:
                continue
            opens = moment_words(datetime.fromisoformat(one["at"]), self.today)
            place = f"在{case.hearing_place}" if case.hearing_place else ""
            number = Run(case.number, f"{reverse('desk:orders')}?q={case.number}", strong=True)
            many = f"，{len(one['services'])}名受送达人尚未送达：" if len(one["services"]) > 1 else "，"
            yield Sentence(
                (number, Run(f"定于{opens}{place}开庭{many}"), *self._unserved(one["services"])),
                "warn",
            )

    def _unserved(self, services: Sequence[Mapping[str, Any]]) -> Iterator[Run]:
        """Who is not served yet, where that stands, what comes next and by when."""
        for at, one in enumerate(services):
            step = words.step(one["step"])
            due = (
                f"，最迟{moment_words(datetime.fromisoformat(one['due_at']), self.today)}有结果或者另行安排"
                if one["due_at"]
                else ""
            )
            found = self._services.get(one["service"])
            name = shown_name(found.party) if found else "受送达人"
            yield Run(name, reverse("desk:service", args=[one["service"]]))
            tail = "。" if at == len(services) - 1 else "；"
            yield Run(f"尚未送达，现在{step.label}，接下来{step.next.rstrip('。')}{due}{tail}")

    def _notices(self) -> Iterator[Sentence]:
        for one in self.said["notices"]:
            day = date.fromisoformat(one["on"])
            yield Sentence(
                (
                    self._service(one["service"]),
                    Run(f"的公告{_day(day, self.today)}期满；没有新的线索的，期满即视为送达（民事诉讼法第九十五条）。"),
                )
            )

    def _final(self) -> Iterator[Sentence]:
        for one in self.said["final"]:
            case, day = self._cases.get(one["case"]), date.fromisoformat(one["on"])
            if case is None:
                continue
            over = "已于" if day < self.today else "于"
            yield Sentence(
                (
                    Run(case.number, f"{reverse('desk:orders')}?q={case.number}"),
                    Run(
                        f"的判决已经送达全部{one['parties']}名当事人，上诉期{over}{_day(day, self.today)}届满；"
                        "无人上诉的，期满次日起发生法律效力（民诉法解释第二百四十四条）。"
                    ),
                )
            )


def _day(day: date, today: date) -> str:
    return {today: "今天", today + timedelta(days=1): "明天"}.get(day, f"{day.month}月{day.day}日")


def _by_id(rows: Iterable[Any]) -> dict[str, Any]:
    return {str(one.pk): one for one in rows}


def _named(said: Mapping[str, Any]) -> set[UUID]:
    """Every service the brief names in words."""
    ids = {one for ids in said["news"].values() for one in ids[:NAMED]}
    ids |= {one["service"] for part in ("waiting", "notices") for one in said[part]}
    ids |= {each["service"] for one in said["hearings"] for each in one["services"]}
    return {UUID(one) for one in ids}
