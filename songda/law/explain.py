"""The door of the law: a situation in, where it stands and why out."""

from datetime import date

from .carried import TurnedAway
from .course import Calendar, Course
from .effect import Reckoning, articles_of, ineffective_rebuttals, outcome_of, reckon
from .explanation import Explanation, Outcome, Period
from .facts import FACTS, REBUTTAL_GROUNDS
from .methods import verdicts
from .periods import PERIOD_NAMES, periods
from .situation import Situation
from .steps import STEPS, step_after

_RESULT_WORDS = {
    "served": "送达",
    "presumed_served": "推定送达，受送达人能够证明未收悉的除外",
    "deemed_served": "视为送达",
}


def explain(situation: Situation, calendar: Calendar, *, last_to_appeal: bool = False) -> Explanation:
    """Where the service stands at `as_of`, what is open, what has come of it, what runs, and why in one sentence.

    `last_to_appeal` is for whoever knows of no other party: a first-instance judgment then has its `final` day, on the
    condition that every other party's appeal period has run out by then, which the sentence says.
    Raises reading.BadInput for a known fact that lacks what the law needs of it, such as a receipt without a signer.
    """
    course = Course(situation, calendar)
    reckoning = reckon(course)
    outcome = outcome_of(course, reckoning)
    step, article = step_after(course)
    running = periods(course, outcome, last_to_appeal=last_to_appeal)
    sentences = [_result(course, reckoning, outcome, STEPS[step], article.code)]
    sentences += [f"{_running(course, period)}（{'、'.join(period.articles)}）" for period in running]
    sentences += _not_counted(reckoning)
    text = "；".join(sentences) + "。"
    return Explanation(outcome.result if outcome else step, verdicts(course), outcome, running, text)


def _running(course: Course, period: Period) -> str:
    if period.name != "final":
        return f"{chinese_day(period.last_day)}为{PERIOD_NAMES[period.name]}期最后一日"
    if course.procedure == "appeal":
        return f"{chinese_day(period.last_day)}为生效日期"
    return f"其他当事人的上诉期也均已届满而无人上诉的，判决于{chinese_day(period.last_day)}上诉期届满时生效"


def _result(course: Course, reckoning: Reckoning, outcome: Outcome | None, due: str, article: str) -> str:
    service = reckoning.service
    if service and outcome:
        cited = "、".join(dict.fromkeys(x.cited_on(service.day) for x in articles_of(course, service)))
        words = _RESULT_WORDS[service.result]
        if service.basis == "return":
            words += "，受送达人能够证明没有过错的除外"
        said = f"{chinese_day(service.fact.day)}{service.said}，"
        return f"{said}依据{cited}，于{chinese_day(service.day)}{words}"
    if outcome:
        return (
            f"自发出支付令之日起至{chinese_day(outcome.effective_on)}已满三十日仍无法送达债务人，"
            f"依据{'、'.join(outcome.articles)}，支付令自行失效，未能送达"
        )
    known = "、".join(f"{chinese_day(f.day)}{_name(f.fact)}" for f in course.facts[-2:])
    start = f"已知{known}" if known else "尚无送达事实"
    return f"{start}，尚不构成送达，现为“{due}”（{article}）"


def _not_counted(reckoning: Reckoning) -> list[str]:
    """What was undone, and what did not count and why, each said once."""
    away = [*reckoning.turned_away, *ineffective_rebuttals(reckoning)]
    undone = [
        f"{chinese_day(e.fact.day)}{e.said}，因{chinese_day(f.day)}受送达人证明{_ground(f.detail['ground'])}而被推翻"
        for f, e in reckoning.undone
    ]
    return undone + list(dict.fromkeys(_why(item) for item in away))


def _why(item: TurnedAway) -> str:
    return f"{chinese_day(item.fact.day)}{item.said}，因{item.why}，不发生送达效力（{item.article}）"


def _ground(ground: str) -> str:
    return REBUTTAL_GROUNDS[ground]


def _name(fact: str) -> str:
    return FACTS[fact].chinese if fact in FACTS else fact


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
