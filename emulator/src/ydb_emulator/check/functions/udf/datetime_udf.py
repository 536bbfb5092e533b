"""`DateTime::`: dates and times taken apart, changed, put together, read and written.

What `Split` gives is a resource of YDB's, here the microseconds since 1970-01-01, by local clocks where the value has a
time zone (`zoned.py`).

Source: yql/essentials/udfs/common/datetime2/datetime_udf.cpp, with its tests' results in test/canondata;
ydb/docs/en/core/yql/reference/udf/list/datetime.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....errors import unsupported
from ....plan import Expr
from ....types import (
    BOOL,
    DATE,
    DATE32,
    DATETIME,
    DATETIME64,
    INT32,
    INT64,
    INTERVAL,
    INTERVAL64,
    INTERVALS,
    NULL,
    OPTIONS,
    RANGES,
    STRING,
    TIMESTAMP,
    TIMESTAMP64,
    TZ_DATE,
    TZ_DATETIME,
    TZ_TIMESTAMP,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    ZONED,
    Data,
    Optional,
    Special,
    Type,
    Value,
    optional,
    strip,
)  # fmt: skip
from ...conversion import MICROS, refuse
from ...lift import lift
from ..arguments import Call, Function
from .calendar import (
    DAY,
    MONTHS,
    Moment,
    end_of,
    of,
    shift_months,
    shift_years,
    start_of,
    updated,
    week_of_year,
    week_of_year_iso,
)
from .datetime_format import formatted, iso8601, parsed, x509
from .signature import Argument, apply, auto, callable_of, function, named, not_found, terminated
from .zoned import in_gmt, keep, made, split, utc, zone_of

TM, TM64 = Special("Resource<'DateTime2.TM'>"), Special("Resource<'DateTime2.TM64'>")
_NARROW: tuple[Type, ...] = (DATE, DATETIME, TIMESTAMP)
_WIDE: tuple[Type, ...] = (DATE32, DATETIME64, TIMESTAMP64)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _split(argument: Expr, call: Call) -> Expr:
    """A date or time as a resource, as it becomes one by itself in every call."""
    source = strip(argument.type)
    if source in (TM, TM64):
        return argument
    if source == NULL:
        raise unsupported(f"{call.name} of NULL", call.position)
    if source in ZONED:
        return lift(argument, TM, lambda value: split(source, value))
    unit = MICROS.get(source)
    if unit is None:
        raise not_found(call, f"Invalid argument type: got {source}, but {TM} or {TM64} expected")
    return lift(argument, TM if source in _NARROW else TM64, lambda value: value * unit)


def _moment(call: Call, most: int = 1) -> Expr:
    """The first argument of up to `most` as a resource. Raises GENERIC_ERROR for other types, or without one."""
    if not call.arguments or most == 1 < len(call.arguments):
        raise not_found(call, "Single argument expected" if most == 1 else "At least one argument expected")
    if call.named and most == 1:
        raise unsupported(f"named arguments of {call.name}", call.position)
    return _split(call.arguments[0], call)


def _get(narrow: Type, compute: Callable[[Moment], Value], wide: Type | None = None) -> Function:
    def check(call: Call) -> Expr:
        moment = _moment(call)
        type = wide if wide is not None and strip(moment.type) == TM64 else narrow
        return lift(moment, type, lambda value: compute(of(value)))

    return check


def _split_udf(call: Call) -> Expr:
    if len(call.arguments) != 1:
        raise not_found(call, "Expected one argument")
    moment = _moment(call)
    return moment


def _make(type: Type, resource: Special) -> Function:
    """A date or time of the resource that fits its range; the other one is refused."""
    unit = 0 if type in ZONED else MICROS[type]

    def check(call: Call) -> Expr:
        if (
            call.arguments
            and strip(call.arguments[0].type) in (*MICROS, *ZONED, TM)
            and (resource == TM64 or strip(call.arguments[0].type) not in _WIDE)
        ):
            moment = _split(call.arguments[0], call)
            of = resource if moment.type == strip(moment.type) else Optional(resource)
            call = Call(call.name, [Expr(of, moment.evaluate), *call.arguments[1:]], call.position, call.context)

        def compute(value: int) -> Any:
            if type in ZONED:
                return made(type, value)
            return utc(value) // unit

        return apply(call, type, [auto(resource)], compute)

    return check


def _changed(compute: Callable[[int, bool], int | None]) -> Function:
    """A resource made of another, NULL where it isn't in the range."""

    def check(call: Call) -> Expr:
        moment = _moment(call)
        return _bounded(moment, compute)

    return check


def _bounded(moment: Expr, compute: Callable[[int, bool], int | None]) -> Expr:
    resource = strip(moment.type)
    is_wide = resource == TM64
    low, high = RANGES[TIMESTAMP64 if is_wide else TIMESTAMP]

    def changed(value: int) -> int | None:
        result = keep(value, compute(int(value), is_wide))
        return result if result is not None and low <= utc(result) <= high else None

    return Expr(Optional(resource), lift(moment, resource, changed).evaluate)


def _of_interval(boundary: Callable[[int, int], int]) -> Function:
    """`StartOf` and `EndOf` of a period within a day."""

    def check(call: Call) -> Expr:
        if len(call.arguments) != 2:
            raise unsupported(f"{call.name} with {len(call.arguments)} arguments", call.position)
        moment = _split(call.arguments[0], call)
        resource = strip(moment.type)
        is_wide = resource == TM64
        interval = INTERVAL64 if is_wide else INTERVAL
        low, high = RANGES[TIMESTAMP64 if is_wide else TIMESTAMP]
        split_call = Call(call.name, [moment, call.arguments[1]], call.position, call.context)

        def compute(value: int, period: int) -> int | None:
            result = keep(value, boundary(int(value), period))
            return result if result is not None and low <= utc(result) <= high else None

        return apply(split_call, optional(resource), [auto(resource), auto(interval)], compute)

    return check


def _shift(compute: Callable[[int, int], int | None]) -> Function:
    def check(call: Call) -> Expr:
        if len(call.arguments) != 2:
            raise not_found(call, "Only two arguments expected")
        moment = _split(call.arguments[0], call)
        resource = strip(moment.type)
        low, high = RANGES[TIMESTAMP64 if resource == TM64 else TIMESTAMP]

        def shifted(value: int, amount: int) -> int | None:
            result = keep(value, compute(int(value), amount))
            return result if result is not None and low <= utc(result) <= high else None

        split_call = Call(call.name, [moment, call.arguments[1]], call.position, call.context)
        return apply(split_call, optional(resource), [auto(resource), Argument(INT32)], shifted)

    return check


def _update(call: Call) -> Expr:
    """The parts may be given by name. Source: TUpdate, whose last part is the number of a time zone."""
    moment = _moment(call, 9)
    resource = strip(moment.type)
    low, high = RANGES[TIMESTAMP64 if resource == TM64 else TIMESTAMP]
    year = INT32 if resource == TM64 else UINT16
    parts = [named("Year", year), *(named(name, UINT8) for name in ("Month", "Day", "Hour", "Minute", "Second"))]
    parts += [named("Microsecond", UINT32), named("TimezoneId", UINT16)]

    def compute(value: int, *changes: int | None) -> int | None:
        if changes[-1]:
            raise unsupported("time zones", call.position)
        result = updated(in_gmt(value, call.name), *changes[:-1])
        return result if result is not None and low <= result <= high else None

    split_call = Call(call.name, [moment, *call.arguments[1:]], call.position, call.context, call.named)
    return apply(split_call, optional(resource), [auto(resource), *parts], compute, 1)


def _time_of_day(call: Call) -> Expr:
    moment = _moment(call)
    return lift(moment, INTERVAL64 if strip(moment.type) == TM64 else INTERVAL, lambda value: int(value) % DAY)


def _single(call: Call) -> tuple[Expr, Type]:
    """The only argument, and the type of its values."""
    if len(call.arguments) != 1:
        raise not_found(call, "Single argument expected")
    [argument] = call.arguments
    source = strip(argument.type)
    if source == NULL:
        raise unsupported(f"{call.name} of NULL", call.position)
    return argument, source


def _to_units(divisor: int, narrow: Type) -> Function:
    """Seconds and parts of them since 1970, or of an interval (TToUnits).

    The seconds of an Interval are an Int32, which wraps, in YDB's default version of the language, 2025.01
    (yql/essentials/udfs/common/datetime2/test/canondata: test_ToSeconds_2025.02_; an Int64 from 2025.03 on).
    """

    def check(call: Call) -> Expr:
        argument, source = _single(call)
        if not isinstance(source, Data):
            raise not_found(call, "Data type expected")
        if source == TZ_DATE:
            raise unsupported(f"{call.name} of TzDate", call.position)
        if source in ZONED:
            return lift(argument, narrow, lambda value: utc(split(source, value)) // divisor)
        if source not in MICROS and source not in INTERVALS:
            names = "Date, Datetime, Timestamp, Interval, TzDate, TzDatetime, TzTimestamp, Date32, Datetime64, "
            names += "Timestamp64, Interval64, TzDate32, TzDatetime64, TzTimestamp64"
            raise refuse("Apply", f"Expected types: {names}", call.position)
        unit = MICROS.get(source, 1)
        if source == INTERVAL and divisor == _SECOND:
            return lift(argument, INT32, lambda value: (_quotient(value, divisor) + 2**31) % 2**32 - 2**31)
        return lift(argument, narrow if source in _NARROW else INT64, lambda value: _quotient(value * unit, divisor))

    return check


def _quotient(value: int, divisor: int) -> int:
    """As C divides: towards zero."""
    return value // divisor if value >= 0 else -(-value // divisor)


def _to_converter(divisor: int, wide: Type) -> Function:
    """Whole days, hours or minutes of an interval (TToConverter)."""

    def check(call: Call) -> Expr:
        argument, source = _single(call)
        if source not in INTERVALS:
            raise not_found(call, f"Invalid argument type: got {source}, but Interval or Interval64 expected")
        return lift(argument, wide if source == INTERVAL64 else INT32, lambda value: _quotient(value, divisor))

    return check


def _from(type: Type, source: Type, unit: int) -> Function:
    """NULL where the number is too large (TFromConverter)."""
    low, high = RANGES[type]

    def compute(value: int) -> int | None:
        return value * unit if low <= value * unit <= high else None

    return function(optional(type), auto(source))(compute)


def _as_wide(call: Call) -> Callable[[Expr], Expr]:
    """What makes a wide resource of what is one, or becomes one."""

    def convert(argument: Expr) -> Expr:
        if argument.type == NULL:
            return argument
        moment = _split(argument, call)
        return Expr(Optional(TM64) if isinstance(moment.type, Optional) else TM64, moment.evaluate)

    return convert


def _format(call: Call) -> Expr:
    """`DateTime::Format('%Y')(moment)`: the type of the option with an offset's form depends on YDB's version."""
    if len(call.arguments) + len(call.named) > 2:
        raise unsupported("DateTime::Format with the form of offsets", call.position)
    expected = [Argument(STRING), named("AlwaysWriteFractionalSeconds", BOOL)]
    options = apply(call, OPTIONS, expected, lambda *given: given, 1)

    def compute(given: tuple[bytes, bool | None], value: int) -> bytes:
        written, always = given
        try:
            return formatted(value, written, bool(always))
        except ValueError as error:
            raise terminated(str(error), call.position) from None

    return callable_of(call, [options], STRING, [auto(TM64)], compute, _as_wide(call))


def _parse(resource: Special) -> Function:
    """`DateTime::Parse('%Y')('2026')`, NULL for a text of another form."""
    low, high = RANGES[TIMESTAMP64 if resource == TM64 else TIMESTAMP]

    def check(call: Call) -> Expr:
        if len(call.arguments) == 2:
            raise unsupported(f"{call.name} with a second argument", call.position)
        pattern = apply(call, STRING, [Argument(STRING)], lambda written: written)

        def compute(written: bytes, text: bytes) -> int | None:
            try:
                result = parsed(text, written, is_wide=resource == TM64)
            except ValueError as error:
                raise terminated(str(error), call.position) from None
            return result if result is not None and low <= result <= high else None

        return callable_of(call, [pattern], optional(resource), [auto(STRING)], compute)

    return check


def _read(compute: Callable[[bytes], int | None]) -> Function:
    """A text of a known form; NULL where it isn't one, or out of range."""
    _, high = RANGES[TIMESTAMP]

    def read(text: bytes) -> int | None:
        result = compute(text)
        return result if result is not None and 0 <= result <= high else None

    return function(optional(TM), auto(STRING))(read)


def _of_boundary(name: str) -> dict[str, Function]:
    return {
        f"StartOf{name}": _changed(lambda value, is_wide: start_of(name, value, is_wide)),
        f"EndOf{name}": _changed(lambda value, is_wide: end_of(name, value, is_wide)),
    }


_SECOND = 1_000_000

DATETIME_UDF: dict[str, Function] = {
    "Split": _split_udf,
    "MakeDate": _make(DATE, TM),
    "MakeDatetime": _make(DATETIME, TM),
    "MakeTimestamp": _make(TIMESTAMP, TM),
    "MakeDate32": _make(DATE32, TM64),
    "MakeDatetime64": _make(DATETIME64, TM64),
    "MakeTimestamp64": _make(TIMESTAMP64, TM64),
    "GetYear": _get(UINT16, lambda moment: moment.year, INT32),
    "GetDayOfYear": _get(UINT16, lambda moment: moment.day_of_year),
    "GetMonth": _get(UINT8, lambda moment: moment.month),
    "GetMonthName": _get(STRING, lambda moment: MONTHS[moment.month - 1].encode()),
    "GetWeekOfYear": _get(UINT8, week_of_year),
    "GetWeekOfYearIso8601": _get(UINT8, week_of_year_iso),
    "GetDayOfMonth": _get(UINT8, lambda moment: moment.day),
    "GetDayOfWeek": _get(UINT8, lambda moment: moment.weekday),
    "GetDayOfWeekName": _get(STRING, lambda moment: _WEEKDAYS[moment.weekday - 1].encode()),
    "GetHour": _get(UINT8, lambda moment: moment.time // 3_600_000_000),
    "GetMinute": _get(UINT8, lambda moment: moment.time // 60_000_000 % 60),
    "GetSecond": _get(UINT8, lambda moment: moment.time // _SECOND % 60),
    "GetMillisecondOfSecond": _get(UINT32, lambda moment: moment.time % _SECOND // 1000),
    "GetMicrosecondOfSecond": _get(UINT32, lambda moment: moment.time % _SECOND),
    "MakeTzDate": _make(TZ_DATE, TM),
    "MakeTzDatetime": _make(TZ_DATETIME, TM),
    "MakeTzTimestamp": _make(TZ_TIMESTAMP, TM),
    "GetTimezoneId": lambda call: lift(_moment(call), UINT16, lambda value: 0 * in_gmt(value, call.name)),
    "GetTimezoneName": lambda call: lift(_moment(call), STRING, lambda value: zone_of(value).encode()),
    "Update": _update,
    **{
        name: made
        for period in ("Year", "Quarter", "Month", "Week", "Day")
        for name, made in _of_boundary(period).items()
    },
    "StartOf": _of_interval(lambda value, period: value if not period else value - value % DAY % _within(period)),
    "EndOf": _of_interval(
        lambda value, period: value if not period else value - value % DAY % _within(period) + _within(period) - 1
    ),
    "TimeOfDay": _time_of_day,
    "ShiftYears": _shift(shift_years),
    "ShiftQuarters": _shift(lambda value, amount: shift_months(value, 3 * amount)),
    "ShiftMonths": _shift(shift_months),
    "Format": _format,
    "Parse": _parse(TM),
    "Parse64": _parse(TM64),
    "ParseIso8601": _read(iso8601),
    "ParseX509": _read(x509),
    "ToDays": _to_converter(DAY, INT32),
    "ToHours": _to_converter(3600 * _SECOND, INT64),
    "ToMinutes": _to_converter(60 * _SECOND, INT64),
    "ToSeconds": _to_units(_SECOND, UINT32),
    "ToMilliseconds": _to_units(1000, UINT64),
    "ToMicroseconds": _to_units(1, UINT64),
    "FromSeconds": _from(TIMESTAMP, UINT32, _SECOND),
    "FromMilliseconds": _from(TIMESTAMP, UINT64, 1000),
    "FromMicroseconds": _from(TIMESTAMP, UINT64, 1),
    "FromSeconds64": _from(TIMESTAMP64, INT64, _SECOND),
    "FromMilliseconds64": _from(TIMESTAMP64, INT64, 1000),
    "FromMicroseconds64": _from(TIMESTAMP64, INT64, 1),
    "IntervalFromDays": _from(INTERVAL, INT32, DAY),
    "IntervalFromHours": _from(INTERVAL, INT32, 3600 * _SECOND),
    "IntervalFromMinutes": _from(INTERVAL, INT32, 60 * _SECOND),
    "IntervalFromSeconds": _from(INTERVAL, INT64, _SECOND),
    "IntervalFromMilliseconds": _from(INTERVAL, INT64, 1000),
    "IntervalFromMicroseconds": _from(INTERVAL, INT64, 1),
    "Interval64FromDays": _from(INTERVAL64, INT32, DAY),
    "Interval64FromHours": _from(INTERVAL64, INT64, 3600 * _SECOND),
    "Interval64FromMinutes": _from(INTERVAL64, INT64, 60 * _SECOND),
    "Interval64FromSeconds": _from(INTERVAL64, INT64, _SECOND),
    "Interval64FromMilliseconds": _from(INTERVAL64, INT64, 1000),
    "Interval64FromMicroseconds": _from(INTERVAL64, INT64, 1),
}


def _within(period: int) -> int:
    """A period within a day, whatever its sign; a longer one is a day."""
    return min(abs(period), DAY)
