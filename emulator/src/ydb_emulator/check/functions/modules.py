"""Functions of modules: `String::`, `Unicode::`, `Math::`, `DateTime::`.

Source: ydb/docs/en/core/yql/reference/udf/list/*.md (signatures).
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Callable

from ...errors import unsupported
from ...plan import Expr
from ...types import (
    BOOL,
    DATE,
    DATETIME,
    DOUBLE,
    INT32,
    INT64,
    INTERVAL,
    NULL,
    RANGES,
    STRING,
    TIMESTAMP,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UTF8,
    List,
    Type,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..conversion import MICROS, refuse
from ..lift import lift
from .arguments import Call, Function, udf

_EPOCH = datetime.datetime(1970, 1, 1)


def _float(function: Callable[..., float]) -> Callable[..., float]:
    """A function of C's math library: NaN or an infinity where Python raises."""

    def computed(*values: float) -> float:
        try:
            return float(function(*values))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return computed


def _round(value: float, digits: int = 0) -> float:
    """Half away from zero, to a power of ten."""
    if not math.isfinite(value):
        return value
    exact = decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(digits), decimal.ROUND_HALF_UP, _WIDE)
    return float(exact)


_WIDE = decimal.Context(prec=400)


def _moment(call: Call, type: Type, make: Callable[[datetime.datetime], int]) -> Expr:
    """A part of a date or time. Every type of one is split by itself before."""
    call.expect(1)
    argument = call.arguments[0]
    source = strip(argument.type)
    if source == NULL:
        raise unsupported(f"{call.name} of NULL", call.position)
    if source not in MICROS:
        message = f"Mismatch type argument #1, type diff: {argument.type}!=Resource<'DateTime2.TM'>"
        raise refuse("Apply", message, call.position)
    return lift(argument, type, lambda value: make(_EPOCH + datetime.timedelta(microseconds=value * MICROS[source])))


def _part(type: Type, make: Callable[[datetime.datetime], int]) -> Function:
    return lambda call: _moment(call, type, make)


def _seconds(call: Call, divisor: int, type: Type) -> Expr:
    call.expect(1)
    argument = call.arguments[0]
    source = strip(argument.type)
    if source == NULL:
        raise unsupported(f"{call.name} of NULL", call.position)
    if source not in MICROS:
        raise refuse("Apply", f"Mismatch type argument #1, type diff: {argument.type}!=Timestamp", call.position)
    return lift(argument, type, lambda value: value * MICROS[source] // divisor)


def _interval(unit: int) -> Function:
    """Optional, as the number may be too large for an Interval."""
    low, high = RANGES[INTERVAL]
    check = udf((INT32 if unit >= 1_000_000 else INT64,), INTERVAL, lambda value: value * unit)

    def checked(call: Call) -> Expr:
        made = check(call)

        def evaluate(row):
            value = made.evaluate(row)
            return value if value is not None and low <= value <= high else None

        return Expr(optional(INTERVAL), evaluate)

    return checked


def _from(unit: int, type: Type) -> Function:
    check = udf((type,), TIMESTAMP, lambda value: value * unit)

    def checked(call: Call) -> Expr:
        made = check(call)
        return Expr(optional(TIMESTAMP), made.evaluate)

    return checked


def _split(value: bytes, separator: bytes) -> tuple[bytes, ...]:
    return tuple(value.split(separator)) if separator else tuple(bytes((byte,)) for byte in value)


def _join(call: Call) -> Expr:
    call.expect(2)
    return udf((List(STRING), STRING), STRING, lambda parts, separator: separator.join(parts))(call)


def _nullable(function: Function) -> Function:
    """A module's function that takes NULL as a value of its own: `String::Contains(NULL, …)` is false."""

    def check(call: Call) -> Expr:
        checked = function(call)
        if not is_optional(checked.type):
            return checked
        return Expr(BOOL, lambda row: bool(checked.evaluate(row)))

    return check


_STRING = {
    "AsciiToLower": udf((STRING,), STRING, bytes.lower),
    "AsciiToUpper": udf((STRING,), STRING, bytes.upper),
    "ToLower": udf((STRING,), STRING, bytes.lower),
    "ToUpper": udf((STRING,), STRING, bytes.upper),
    "Strip": udf((STRING,), STRING, lambda value: value.strip(b" \t\n\v\f\r")),
    "Contains": _nullable(udf((STRING, STRING), BOOL, lambda value, part: part in value)),
    "HasPrefix": _nullable(udf((STRING, STRING), BOOL, bytes.startswith)),
    "StartsWith": _nullable(udf((STRING, STRING), BOOL, bytes.startswith)),
    "HasSuffix": _nullable(udf((STRING, STRING), BOOL, bytes.endswith)),
    "EndsWith": _nullable(udf((STRING, STRING), BOOL, bytes.endswith)),
    "ReplaceAll": udf((STRING, STRING, STRING), STRING, bytes.replace),
    "SplitToList": udf((STRING, STRING), List(STRING), _split),
    "JoinFromList": _join,
}

_UNICODE = {
    "ToLower": udf((UTF8,), UTF8, str.lower),
    "ToUpper": udf((UTF8,), UTF8, str.upper),
    "ToTitle": udf((UTF8,), UTF8, str.title),
    "Strip": udf((UTF8,), UTF8, str.strip),
    "GetLength": udf((UTF8,), UINT64, len),
    "Reverse": udf((UTF8,), UTF8, lambda value: value[::-1]),
    "ReplaceAll": udf((UTF8, UTF8, UTF8), UTF8, str.replace),
    "Substring": udf(
        (UTF8, UINT64, UINT64),
        UTF8,
        lambda value, start=0, length=None: value[start : None if length is None else start + length],
        least=1,
    ),
}

_MATH = {
    "Abs": udf((DOUBLE,), DOUBLE, abs),
    "Ceil": udf((DOUBLE,), DOUBLE, _float(lambda value: value if math.isinf(value) else math.ceil(value))),
    "Floor": udf((DOUBLE,), DOUBLE, _float(lambda value: value if math.isinf(value) else math.floor(value))),
    "Trunc": udf((DOUBLE,), DOUBLE, _float(lambda value: value if math.isinf(value) else math.trunc(value))),
    "Round": udf((DOUBLE, INT64), DOUBLE, _round, least=1),
    "Sqrt": udf((DOUBLE,), DOUBLE, _float(math.sqrt)),
    "Cbrt": udf((DOUBLE,), DOUBLE, _float(math.cbrt)),
    "Exp": udf((DOUBLE,), DOUBLE, _float(math.exp)),
    "Log": udf((DOUBLE,), DOUBLE, _float(lambda value: -math.inf if value == 0 else math.log(value))),
    "Log2": udf((DOUBLE,), DOUBLE, _float(lambda value: -math.inf if value == 0 else math.log2(value))),
    "Log10": udf((DOUBLE,), DOUBLE, _float(lambda value: -math.inf if value == 0 else math.log10(value))),
    "Pow": udf((DOUBLE, DOUBLE), DOUBLE, _float(math.pow)),
    "Fmod": udf((DOUBLE, DOUBLE), DOUBLE, _float(math.fmod)),
    "Sin": udf((DOUBLE,), DOUBLE, _float(math.sin)),
    "Cos": udf((DOUBLE,), DOUBLE, _float(math.cos)),
    "Tan": udf((DOUBLE,), DOUBLE, _float(math.tan)),
    "Pi": udf((), DOUBLE, lambda: math.pi),
    "E": udf((), DOUBLE, lambda: math.e),
    "IsNaN": udf((DOUBLE,), BOOL, math.isnan),
    "IsInf": udf((DOUBLE,), BOOL, math.isinf),
    "IsFinite": udf((DOUBLE,), BOOL, math.isfinite),
}

_DATETIME = {
    "GetYear": _part(UINT16, lambda moment: moment.year),
    "GetMonth": _part(UINT8, lambda moment: moment.month),
    "GetDayOfMonth": _part(UINT8, lambda moment: moment.day),
    "GetDayOfWeek": _part(UINT8, lambda moment: moment.isoweekday()),
    "GetDayOfYear": _part(UINT16, lambda moment: moment.timetuple().tm_yday),
    "GetHour": _part(UINT8, lambda moment: moment.hour),
    "GetMinute": _part(UINT8, lambda moment: moment.minute),
    "GetSecond": _part(UINT8, lambda moment: moment.second),
    "GetMicrosecondOfSecond": _part(UINT32, lambda moment: moment.microsecond),
    "MakeDate": _part(DATE, lambda moment: (moment - _EPOCH).days),
    "MakeDatetime": _part(DATETIME, lambda moment: (moment - _EPOCH) // datetime.timedelta(seconds=1)),
    "MakeTimestamp": _part(TIMESTAMP, lambda moment: (moment - _EPOCH) // datetime.timedelta(microseconds=1)),
    "ToSeconds": lambda call: _seconds(call, 1_000_000, UINT32),
    "ToMilliseconds": lambda call: _seconds(call, 1_000, UINT64),
    "ToMicroseconds": lambda call: _seconds(call, 1, UINT64),
    "FromSeconds": _from(1_000_000, UINT32),
    "FromMilliseconds": _from(1_000, UINT64),
    "FromMicroseconds": _from(1, UINT64),
    "IntervalFromDays": _interval(86_400_000_000),
    "IntervalFromHours": _interval(3_600_000_000),
    "IntervalFromMinutes": _interval(60_000_000),
    "IntervalFromSeconds": _interval(1_000_000),
    "IntervalFromMilliseconds": _interval(1_000),
    "IntervalFromMicroseconds": _interval(1),
}

MODULES: dict[str, dict[str, Function]] = {
    "string": _STRING,
    "unicode": _UNICODE,
    "math": _MATH,
    "datetime": _DATETIME,
}
"""Functions by module in lower case, then by their own name, whose case counts."""
