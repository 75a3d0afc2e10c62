"""The order of a day's visits: who goes where and when, by the routing library, repeatable by its seed.

Pure: stops and couriers in, a plan out. What the desk has fixed stays as it is; what cannot be fitted into the day is
left over and said, never dropped in silence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from songda.methods.whereabouts import Spot, metres, seconds

# What the solver may try: counted, not timed, so that the same question has the same answer on every machine.
_TRIES, _TRIES_WITHOUT_GAIN = 500, 200
# Leaving a stop out costs more than any day's way; going to another's stop costs more than leaving it out.
_LEFT_OUT, _ANOTHERS = 10_000_000, 100_000_000
# Nobody gets much more than an even share.
_UNEVEN = 1.3


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit: when the door may be knocked at, how many minutes it takes; who goes and when, where that is fixed."""

    id: str
    spot: Spot
    opens: datetime
    shuts: datetime
    minutes: int
    courier: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop in the plan: the courier's first is turn 1."""

    stop: str
    courier: str
    turn: int
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The day: legs by courier and turn, stops that do not fit, metres each courier goes."""

    legs: tuple[Leg, ...]
    left_over: tuple[str, ...]
    metres: Mapping[str, int]


def plan(stops: Iterable[Stop], couriers: Sequence[str], start: Spot, begins: datetime, seed: int) -> Plan:
    """The day's plan. Every courier starts at `start`, not before `begins`, and need not come back."""
    wanted = sorted(stops, key=lambda stop: stop.id)
    if not wanted or not couriers:
        return Plan((), tuple(stop.id for stop in wanted), {})
    # Loaded by who plans, not by every process that knows of visits: it takes a second.
    from pyvrp import Model
    from pyvrp.stop import MaxIterations, MultipleCriteria, NoImprovement

    model = Model()
    _fill(model, wanted, couriers, start, begins)
    until = MultipleCriteria([MaxIterations(_TRIES), NoImprovement(_TRIES_WITHOUT_GAIN)])
    result = model.solve(until, seed=seed, display=False, collect_stats=False)
    legs, ways = _read(result.best, wanted, couriers, start, begins)
    planned = {leg.stop for leg in legs}
    return Plan(legs, tuple(stop.id for stop in wanted if stop.id not in planned), ways)


def _fill(model: Any, stops: Sequence[Stop], couriers: Sequence[str], start: Spot, begins: datetime) -> None:
    depot_at = model.add_location(*start)
    depot = model.add_depot(depot_at)
    places = [model.add_location(*stop.spot) for stop in stops]
    for stop, place in zip(stops, places, strict=True):
        early, late = _window(stop, begins)
        model.add_client(
            place,
            delivery=1,
            service_duration=stop.minutes * 60,
            tw_early=early,
            tw_late=late,
            prize=_LEFT_OUT,
            required=False,
            name=stop.id,
        )
    share = ceil(_UNEVEN * len(stops) / len(couriers)) + 1
    profiles = [model.add_profile(name=courier) for courier in couriers]
    for courier, profile in zip(couriers, profiles, strict=True):
        fixed = sum(stop.courier == courier for stop in stops)
        model.add_vehicle_type(
            capacity=max(share, fixed),
            start_depot=depot,
            end_depot=depot,
            unit_distance_cost=1,
            unit_duration_cost=1,
            profile=profile,
            name=courier,
        )
    _add_ways(model, [(depot_at, start), *zip(places, (stop.spot for stop in stops), strict=True)])
    _bar_others(model, stops, couriers, profiles, [depot_at, *places])


def _window(stop: Stop, begins: datetime) -> tuple[int, int]:
    """Seconds after the beginning between which the visit may start."""
    if stop.at is not None:
        at = _after(begins, stop.at)
        return at, at
    early = _after(begins, stop.opens)
    return early, max(early, _after(begins, stop.shuts))


def _after(begins: datetime, moment: datetime) -> int:
    return max(int((moment - begins).total_seconds()), 0)


def _add_ways(model: Any, places: Sequence[tuple[Any, Spot]]) -> None:
    home = places[0][0]
    for here, one in places:
        for there, other in places:
            # The way home is free: nobody is told where to spend the evening.
            length = 0 if there is home or here is there else metres(one, other)
            model.add_edge(here, there, distance=length, duration=seconds(length))


def _bar_others(
    model: Any, stops: Sequence[Stop], couriers: Sequence[str], profiles: Sequence[Any], places: Sequence[Any]
) -> None:
    """Nobody goes to a stop that is another's."""
    for stop, place in zip(stops, places[1:], strict=True):
        for courier, profile in zip(couriers, profiles, strict=True):
            if stop.courier in ("", courier):
                continue
            for here in (one for one in places if one is not place):
                model.add_edge(here, place, distance=_ANOTHERS, duration=_ANOTHERS, profile=profile)


def _read(
    best: Any, stops: Sequence[Stop], couriers: Sequence[str], start: Spot, begins: datetime
) -> tuple[tuple[Leg, ...], dict[str, int]]:
    legs: list[Leg] = []
    ways: dict[str, int] = {}
    for route in best.routes():
        courier = couriers[route.vehicle_type()]
        order = [stops[one.idx] for one in route.schedule() if one.is_client()]
        legs += _times(order, courier, start, begins)
        ways[courier] = route.distance()
    return tuple(legs), ways


def _times(order: Sequence[Stop], courier: str, start: Spot, begins: datetime) -> list[Leg]:
    """When each stop of one courier is reached at the earliest: the solver knows the order, not that people hurry."""
    legs, here, free = [], start, begins
    for turn, stop in enumerate(order, 1):
        there = free + timedelta(seconds=seconds(metres(here, stop.spot)))
        arrives = stop.at or max(there, stop.opens)
        legs.append(Leg(stop.id, courier, turn, arrives))
        here, free = stop.spot, arrives + timedelta(minutes=stop.minutes)
    return legs
