"""The calendar of `DateTime::`, on microseconds since 1970-01-01, before which it goes on as it is today.

Source: yql/essentials/udfs/common/datetime2/datetime_udf.cpp; yql/essentials/minikql/datetime/datetime.h (DoAddMonths,
DoAddYears). There is no year 0: the year before 1 is -1.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....errors import unsupported

DAY = 86_400_000_000
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A moment's parts: `time` are the microseconds of its day, `weekday` goes from 1, Monday, to 7."""

    year: int
    month: int
    day: int
    time: int
    day_of_year: int
    weekday: int


def _civil(days: int) -> tuple[int, int, int]:
    """Year (0 is the one before 1), month and day of a day since 1970-01-01."""
    era, day = divmod(days + 719468, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    rest = day - (365 * year + year // 4 - year // 100)
    month = (5 * rest + 2) // 153
    return (
        year + era * 400 + (month >= 10),
        month + 3 if month < 10 else month - 9,
        rest - (153 * month + 2) // 5 + 1,
    )


def _days(year: int, month: int, day: int) -> int:
    """The other way round."""
    year -= month <= 2
    era, rest = divmod(year, 400)
    place = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + rest * 365 + rest // 4 - rest // 100 + place - 719468


def month_length(year: int, month: int) -> int:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def of(value: int) -> Moment:
    days, time = divmod(value, DAY)
    year, month, day = _civil(days)
    shown = year if year > 0 else year - 1
    return Moment(shown, month, day, time, days - _days(year, 1, 1) + 1, (days + 3) % 7 + 1)


def at(year: int, month: int, day: int, time: int) -> int | None:
    """The moment of these parts, None where there is none. The year is as it is written."""
    if year == 0 or not 1 <= month <= 12 or abs(year) > 200_000:
        return None
    year = year if year > 0 else year + 1
    if not 1 <= day <= month_length(year, month):
        return None
    return _days(year, month, day) * DAY + time


def week_of_year(moment: Moment) -> int:
    """January 1 is in week 1, and a week begins on Monday."""
    first = (moment.weekday - moment.day_of_year) % 7  # of January 1, 0 for Monday
    return (moment.day_of_year - 1 + first) // 7 + 1


def week_of_year_iso(moment: Moment) -> int:
    week = (moment.day_of_year - moment.weekday + 10) // 7
    year = moment.year if moment.year > 0 else moment.year + 1
    if week == 0:
        return _weeks(year - 1)
    return 1 if week > _weeks(year) else week


def _weeks(year: int) -> int:
    """How many weeks a year has by ISO 8601: 53 where it begins or ends on a Thursday."""
    first, last = (_days(year, 1, 1) + 3) % 7, (_days(year, 12, 31) + 3) % 7
    return 53 if 3 in (first, last) else 52


def _months_of(period: str, month: int) -> tuple[int, int]:
    """The first and the last month of the period that a month is in."""
    match period:
        case "Year":
            return 1, 12
        case "Quarter":
            return (month - 1) // 3 * 3 + 1, (month - 1) // 3 * 3 + 3
    return month, month


def start_of(period: str, value: int, is_wide: bool) -> int | None:
    days = value // DAY
    if period in ("Week", "Day"):
        if period == "Week" and is_wide and value < 0:
            raise unsupported("DateTime::StartOfWeek before 1970")
        return (days - ((days + 3) % 7 if period == "Week" else 0)) * DAY
    moment = of(value)
    return at(moment.year, _months_of(period, moment.month)[0], 1, 0)


def end_of(period: str, value: int, is_wide: bool) -> int | None:
    days = value // DAY
    if period in ("Week", "Day"):
        return (days + (6 - (days + 3) % 7 if period == "Week" else 0)) * DAY + DAY - 1
    moment = of(value)
    month = _months_of(period, moment.month)[1]
    year = moment.year if moment.year > 0 else moment.year + 1
    return at(moment.year, month, month_length(year, month), DAY - 1)


def shift_months(value: int, amount: int) -> int | None:
    moment = of(value)
    if moment.year < 0:
        raise unsupported("shifting a moment before year 1")
    years, month = divmod(moment.month - 1 + amount, 12)
    return _clipped(moment, moment.year + years, month + 1)


def shift_years(value: int, amount: int) -> int | None:
    moment = of(value)
    if moment.year < 0:
        raise unsupported("shifting a moment before year 1")
    return _clipped(moment, moment.year + amount, moment.month)


def _clipped(moment: Moment, year: int, month: int) -> int | None:
    """A day that the month doesn't have is its last one."""
    if year <= 0:
        return None
    return at(year, month, min(moment.day, month_length(year, month)), moment.time)


def updated(value: int, *changes: int | None) -> int | None:
    """A moment with other parts: year, month, day, hour, minute, second, microsecond; None keeps one."""
    moment = of(value)
    seconds, micros = divmod(moment.time, 1_000_000)
    parts = [moment.year, moment.month, moment.day, seconds // 3600, seconds // 60 % 60, seconds % 60, micros]
    parts = [old if new is None else new for old, new in zip(parts, changes, strict=True)]
    year, month, day, hour, minute, second, micros = parts
    if hour > 23 or minute > 59 or second > 59 or micros > 999_999:
        return None
    return at(year, month, day, ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros)
