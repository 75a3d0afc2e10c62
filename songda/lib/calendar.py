"""China's working days, from two kept-up libraries and a court's own table.

`chinese_calendar` carries the State Council's yearly notices, make-up working days included, and refuses years it
has no notice for; `holidays` knows later years without make-up days. A day of the second kind is provisional.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import chinese_calendar
import holidays


@lru_cache(maxsize=8)
def _provisional(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


@lru_cache(maxsize=8192)
def _published(day: date) -> bool | None:
    """Whether the State Council's notice makes the day off; None where no notice is known for its year."""
    try:
        return bool(chinese_calendar.is_holiday(day))
    except NotImplementedError:
        return None


@dataclass(frozen=True)
class WorkingDays:
    """Days off for periods. `weekends` is the court's reading of 法定休假日; `overrides` is its own table."""

    weekends: bool = True
    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_day_off(self, day: date) -> bool:
        """Whether a period cannot end on this day."""
        if day in self.overrides:
            return self.overrides[day]
        if not self.weekends and day.weekday() >= 5 and not self._is_festival(day):
            return False
        published = _published(day)
        if published is not None:
            return published
        return day.weekday() >= 5 or day in _provisional(day.year)

    def is_provisional(self, day: date) -> bool:
        """Whether the answer for this day may still change: its year's notice is not out."""
        return day not in self.overrides and _published(day) is None

    @staticmethod
    def _is_festival(day: date) -> bool:
        return day in _provisional(day.year)
