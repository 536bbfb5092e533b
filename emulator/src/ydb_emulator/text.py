"""Values from text and to text: literals such as `Date("2026-01-02")`, CAST from and to strings.

Source: ydb/docs/en/core/yql/reference/builtins/basic.md (data constructors), types/cast.md.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
import struct
import uuid
import zoneinfo
from functools import cache

from .errors import unsupported
from .types import (
    BOOL,
    DATE,
    DATE32,
    DATETIME,
    DATETIME64,
    DOUBLE,
    DYNUMBER,
    FLOAT,
    INT64,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    JSON,
    JSON_DOCUMENT,
    RANGES,
    STRING,
    TIMESTAMP,
    TIMESTAMP64,
    UINT64,
    UTF8,
    UUID,
    YSON,
    ZONED,
    Data,
    Decimal,
    Type,
    Value,
    Zoned,
)  # fmt: skip

_EPOCH = datetime.datetime(1970, 1, 1)
_SECOND = datetime.timedelta(seconds=1)
_MICROSECOND = datetime.timedelta(microseconds=1)

_CYCLE = 146_097  # days of 400 years

_DATE = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = r"T(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(?:Z|([-+])(\d{1,2}):(\d{1,2}))"
_MOMENT = re.compile(_DATE.pattern + _TIME, re.ASCII)
"""Source: yql/essentials/minikql/mkql_type_ops.cpp (ParseDate, ParseDatetime, ParseTimestamp, ParseInterval)."""
_LOCAL = re.compile(r"[\d-]+T[\d:.]+", re.ASCII)
_WIDE_DATE = re.compile(r"([-+]?\d{1,6})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WIDE_MOMENT = re.compile(_WIDE_DATE.pattern + _TIME, re.ASCII)
_INTERVAL = re.compile(
    r"([-+]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,13})H)?(?:(\d{1,13})M)?(?:(\d{1,13})(?:\.(\d{1,6}))?S)?)?",
    re.ASCII,
)
_MAX_DAYS = RANGES[DATE32][1] - RANGES[DATE32][0] + 1
_INTEGER = re.compile(r"[-+]?\d+", re.ASCII)
_UNSIGNED = re.compile(r"\+?\d+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)|[-+]?(?:inf|nan)", re.ASCII | re.IGNORECASE)
_REAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:inf|nan)", re.ASCII | re.IGNORECASE)

_DYNUMBER = re.compile(r"([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?", re.ASCII)

_MOMENTS = (DATETIME, DATETIME64, TIMESTAMP, TIMESTAMP64)
_EXACT = decimal.Context(prec=80)


def to_float32(value: float) -> float:
    """The nearest 32-bit number, as a Float holds it."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def decode(type: Type, value: str | bytes) -> str:
    """The text in a String, to be parsed. Raises ValueError where it is no UTF-8, which a Yson need not be."""
    return value if isinstance(value, str) else value.decode(errors="surrogateescape" if type == YSON else "strict")


def parse(type: Type, text: str) -> Value:
    """The value that a text means in a type. Raises ValueError where it means none, UNSUPPORTED where YDB throws, or
    reads what is not read here."""
    value = _parse(type, text)
    if value is None or type in RANGES and not RANGES[type][0] <= value <= RANGES[type][1]:
        raise ValueError(text)
    return value


def _parse(type: Type, text: str) -> Value | None:
    if type == BOOL:
        return {"true": True, "false": False}.get(text.lower())
    if type in INTEGERS:
        return int(text) if (_INTEGER if RANGES[type][0] else _UNSIGNED).fullmatch(text) else None
    if type in (FLOAT, DOUBLE):
        number = float(text) if _REAL.fullmatch(text) else None
        return number if number is None or type == DOUBLE else to_float32(number)
    if isinstance(type, Decimal):
        return _parse_decimal(type, text) if _DECIMAL.fullmatch(text) else None
    if type == DYNUMBER:
        return _parse_dynumber(text)
    if type == YSON:
        return text.encode(errors="surrogateescape") if is_yson(text) else None
    if type == STRING:
        return text.encode()
    if type == UTF8:
        return text
    if type == JSON:
        return text if is_json(text) else None
    if type == JSON_DOCUMENT:
        return json_document(text) if is_json(text) else None
    if type == UUID:
        return uuid.UUID(text) if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) else None
    if type in (DATE32, DATETIME64, TIMESTAMP64):
        _require_month(text)
    if type in (DATE, DATE32):
        match = (_DATE if type == DATE else _WIDE_DATE).fullmatch(text)
        return _parse_day(match) if match else None
    if type in _MOMENTS:
        return _parse_moment(type, text)
    if type in ZONED:
        return _parse_zoned(type, text)
    if type in (INTERVAL, INTERVAL64):
        return _parse_interval(text)
    raise ValueError(text)


def _parse_decimal(type: Decimal, text: str) -> decimal.Decimal:
    value = round_decimal(type, decimal.Decimal(text))
    if value is None:  # inf in YDB: NDecimal::FromString (yql/essentials/public/decimal/yql_decimal.cpp)
        raise unsupported(f"'{text}' as {type}, which has fewer digits")
    return value


def _parse_dynumber(text: str) -> decimal.Decimal | None:
    """At most 38 digits, those behind the last of a fraction not counted, times a power from -129 to 126.

    Source: ParseDyNumberString (yql/essentials/types/dynumber/dynumber.cpp), which takes `.` and `e5` for a zero.
    """
    match = _DYNUMBER.fullmatch(text)
    if not match or not text.strip("+-") or abs(power := int(match[4] or 0)) > 1 << 15:
        return None
    sign, whole, fraction = match[1], match[2].lstrip("0"), (match[3] or "").rstrip("0")
    if not whole and not fraction:
        return decimal.Decimal(0)
    leading = len(whole) or len(fraction.lstrip("0")) - len(fraction)
    if len(whole) + len(fraction) > 38 or not -129 <= leading + power <= 126:
        return None
    return decimal.Decimal(f"{sign}{whole}.{fraction}e{power}").normalize(_EXACT)


def _format_dynumber(value: decimal.Decimal) -> str:
    """Source: DyNumberToString of the same file."""
    if not value:
        return "0"
    sign, digits, exponent = value.normalize(_EXACT).as_tuple()
    assert isinstance(exponent, int)
    power = len(digits) + exponent
    return ("-" if sign else "") + "." + "".join(map(str, digits)) + (f"e{power}" if power else "")


def _require_month(text: str) -> None:
    """At a month that is none YDB throws in wide types, whatever follows the date (GetMonthLength in MakeDate32)."""
    match = _WIDE_DATE.match(text)
    if match and int(match[1]) and -144_169 <= int(match[1]) <= 148_107 and not 1 <= int(match[2]) <= 12:
        raise unsupported(f"the month {match[2]} of a wide date")


def _parse_day(match: re.Match[str]) -> int:
    """The days since 1970-01-01. No year stands between -1 and 1, though one more is counted (MakeDate32)."""
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not year:
        raise ValueError(match[0])
    cycles, rest = divmod((year if year > 0 else year + 1) - _EPOCH.year, 400)
    return (datetime.date(_EPOCH.year + rest, month, day) - _EPOCH.date()).days + cycles * _CYCLE


def _format_day(days: int) -> str:
    """A year is written without zeros before it (WriteDate)."""
    cycles, rest = divmod(days, _CYCLE)
    date = _EPOCH.date() + datetime.timedelta(days=rest)
    year = date.year + cycles * 400
    return f"{year if year > 0 else year - 1}-{date:%m-%d}"


def _format_moment(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    return f"{_format_day(days)}T{_EPOCH + datetime.timedelta(seconds=rest):%H:%M:%S}"


def _parse_moment(type: Data, text: str) -> int | None:
    is_wide = type in (DATETIME64, TIMESTAMP64)
    match = (_WIDE_MOMENT if is_wide else _MOMENT).fullmatch(text)
    if not match:
        return None
    days = _parse_day(match)
    hour, minute, second, fraction, sign, hours, minutes = match.groups()[3:]
    if fraction and type in (DATETIME, DATETIME64):
        return None
    time = datetime.time(int(hour), int(minute), int(second))
    seconds = days * 86400 + time.hour * 3600 + time.minute * 60 + time.second
    if sign:
        low, high = RANGES[DATE32 if is_wide else DATE]
        if not low <= days <= high:
            return None
        offset = int(hours) * 3600 + int(minutes) * 60
        seconds += offset if sign == "-" else -offset
    if type in (DATETIME, DATETIME64):
        return seconds
    return seconds * 10**6 + int((fraction or "0")[:6].ljust(6, "0"))


def _parse_zoned(type: Type, text: str) -> Zoned | None:
    """`2017-11-27T13:24:00,Europe/Moscow`. The moment, in UTC, is in the range of the type without a zone.

    Source: yql/essentials/docs/en/builtins/basic.md (data type literals);
    yql/essentials/udfs/common/datetime2/test/canondata (test_SplitMake_).
    """
    written, comma, zone = text.partition(",")
    base = ZONED[type]
    if not comma or zone_named(zone) is None:
        return None
    if written[:1] in ("+", "-"):  # newer lines read the first, and throw at the second (FromLocalTimeValidated)
        raise unsupported(f"'{text}' as {type}")
    if base != DATE and not _LOCAL.fullmatch(written):
        return None
    local = _parse(base, written if base == DATE else written + "Z")
    unit = datetime.timedelta(days=1) if base == DATE else _SECOND if base == DATETIME else _MICROSECOND
    low, high = RANGES[base]
    a_day = datetime.timedelta(days=1) // unit
    if local is None or not low - a_day <= local <= high + a_day:
        return None
    moment = (_EPOCH + local * unit).replace(tzinfo=zone_named(zone)).astimezone(datetime.UTC).replace(tzinfo=None)
    return Zoned(local, zone) if low <= (moment - _EPOCH) // unit <= high else None


def zone_named(name: str) -> datetime.tzinfo | None:
    """The time zone of an IANA name, None for a name that is none. Raises UNSUPPORTED where the machine knows none."""
    if name not in _zones():
        if not _zones():
            raise unsupported("time zones on a machine without their database")
        return None
    return zoneinfo.ZoneInfo(name)


@cache
def _zones() -> set[str]:
    """The zones that the machine knows. To list them takes 20 ms: Python goes through the files of all."""
    return zoneinfo.available_timezones()


def to_zone(type: Type, value: int, zone: str) -> Zoned | None:
    """A moment of UTC in a time zone, None for a name that is none."""
    found = zone_named(zone)
    if found is None:
        return None
    unit = _SECOND if type == DATETIME else _MICROSECOND
    moment = (_EPOCH + value * unit).replace(tzinfo=datetime.UTC).astimezone(found).replace(tzinfo=None)
    return Zoned((moment - _EPOCH) // unit, zone)


def from_zone(type: Type, value: Zoned) -> int:
    """The moment in UTC."""
    unit = _SECOND if type == DATETIME else _MICROSECOND
    moment = (_EPOCH + value.local * unit).replace(tzinfo=zone_named(value.zone)).astimezone(datetime.UTC)
    return (moment.replace(tzinfo=None) - _EPOCH) // unit


def local_to_utc(micros: int, zone: str) -> int:
    """The moment, in microseconds, that the clocks of a zone show.

    Raises UNSUPPORTED where they show it twice or never: which one YDB takes is not known.
    """
    local = (_EPOCH + micros * _MICROSECOND).replace(tzinfo=zone_named(zone))
    moments = {local.replace(fold=fold).astimezone(datetime.UTC).replace(tzinfo=None) for fold in (0, 1)}
    if len(moments) > 1:
        raise unsupported("a local time that a change of clocks makes ambiguous")
    return (moments.pop() - _EPOCH) // _MICROSECOND


def _parse_interval(text: str) -> int | None:
    match = _INTERVAL.fullmatch(text)
    if not match or text.endswith("P"):
        return None
    sign, weeks, days, hours, minutes, seconds, fraction = match.groups(default="")
    amounts = [int(amount or 0) for amount in (weeks, days, hours, minutes, seconds)]
    total = sum(a * unit for a, unit in zip(amounts, (604800, 86400, 3600, 60, 1), strict=True))
    micros = total * 10**6 + int(fraction.ljust(6, "0") or 0)
    of_days = 7 * amounts[0] + amounts[1]
    if of_days >= 1 << 32 or of_days <= _MAX_DAYS and micros >= 1 << 64:  # YDB goes on with what is left of them
        raise unsupported("an interval that is too long to be counted")
    return -micros if sign == "-" else micros


def round_decimal(type: Decimal, value: decimal.Decimal) -> decimal.Decimal | None:
    """The value in the type's scale, ties to even; None where it has too many digits before the point."""
    if not value.is_finite():
        return value
    rounded = value.quantize(decimal.Decimal(1).scaleb(-type.scale), decimal.ROUND_HALF_EVEN, _EXACT)
    return rounded if rounded.copy_abs() < decimal.Decimal(10) ** (type.precision - type.scale) else None


def _refuse_constant(name: str) -> None:
    """NaN, Infinity and -Infinity are Python's own. Whether YDB's reader knows them was not found."""
    raise unsupported(f"{name} in Json")


def is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


_YSON_STRING = r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.%\-]*'
_YSON_NUMBER = r"[-+]?\d+(?:u|(?:\.\d*)?(?:[eE][-+]?\d+)?)"
_YSON_KEY = re.compile(_YSON_STRING, re.ASCII | re.DOTALL)
_YSON_SCALAR = re.compile(
    f"#|%(?:true|false|nan|-?inf)|{_YSON_STRING}|({_YSON_NUMBER})",
    re.ASCII | re.DOTALL,
)
_YSON_BRACKETS = {"[": "]", "{": "}", "<": ">"}
_SPACE = re.compile(r"\s*", re.ASCII)


def is_yson(text: str) -> bool:
    """Whether a text is one node of YSON in its textual form. Bytes that are no UTF-8 are surrogates in it.

    Raises UNSUPPORTED for a scalar in the binary form, and for a mark after the end at which YDB may stop to read.

    Source: IsValidYson (yql/essentials/minikql/dom/yson.cpp), library/cpp/yson_pull/detail/reader.h, lexer_base.h.
    """
    expected: list[str] = ["value"]
    at = 0
    while expected:
        at = _after_space(text, at)
        wanted = expected.pop()
        here = text[at : at + 1]
        if here == "<" and wanted == "value":
            expected += ["value without attributes", ">", "pairs"]
            at += 1
        elif here in ("[", "{") and wanted.startswith("value"):
            expected += [_YSON_BRACKETS[here], "items" if here == "[" else "pairs"]
            at += 1
        elif wanted in ("items", "pairs"):
            if here not in ("]", "}", ">"):
                expected += [wanted + " more", *(["value"] if wanted == "items" else ["value", "=", "key"])]
        elif wanted in ("items more", "pairs more"):
            if here == ";":
                at += 1
                expected.append(wanted.partition(" ")[0])
        elif wanted == "key" or wanted.startswith("value"):
            scalar = (_YSON_KEY if wanted == "key" else _YSON_SCALAR).match(text, at)
            if not scalar:
                if "\1" <= here <= "\6":
                    raise unsupported("Yson in its binary form")
                return False
            if scalar.lastindex and not _fits(scalar[1]):
                return False
            at = scalar.end()
        elif here == wanted:
            at += 1
        else:
            return False
    at = _after_space(text, at)
    if text[at : at + 1] in (";", "\0"):
        raise unsupported("Yson with something after its end")
    return at == len(text)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space
    return space.end()


def _fits(number: str) -> bool:
    """Whether a number of YSON has its place in 64 bits, or is a Double."""
    type = UINT64 if number.endswith("u") else INT64
    if not _INTEGER.fullmatch(number.removesuffix("u")):
        return True
    low, high = RANGES[type]
    return len(number.strip("-+u").lstrip("0")) <= 20 and low <= int(number.removesuffix("u")) <= high


def json_document(text: str) -> str:
    """The text that a JsonDocument gives back: keys sorted, no spaces, each number a Double of 16 digits.

    Source: SerializeToJson (yql/essentials/types/binary_json/read.cpp); kqp_yql_ut.cpp, JsonNumberPrecision.
    """
    refuse_half_pairs(text)
    return _json(json.loads(text, parse_int=_json_number, parse_float=_json_number))


def refuse_half_pairs(text: str) -> None:
    """Raises UNSUPPORTED for JSON with one half of a surrogate pair, which no text can hold."""
    if "\\ud" not in text.lower():
        return
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise unsupported("half of a surrogate pair in JSON") from None


def _json_number(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise unsupported(f"{written} in a JsonDocument")
    return number


def _json(value: object) -> str:
    match value:
        case dict():
            return "{" + ",".join(f"{_json(key)}:{_json(value[key])}" for key in sorted(value)) + "}"
        case list():
            return "[" + ",".join(map(_json, value)) + "]"
        case float():
            return f"{value:.16g}"
    return json.dumps(value, ensure_ascii=False)


def format(type: Type, value: Value) -> str:
    """A value as CAST to a string writes it."""
    if type == BOOL:
        return "true" if value else "false"
    if type in (DATE, DATE32):
        return _format_day(value)
    if type in (DATETIME, DATETIME64):
        return _format_moment(value) + "Z"
    if type in (TIMESTAMP, TIMESTAMP64):
        seconds, micros = divmod(value, 10**6)
        return _format_moment(seconds) + (f".{micros:06d}Z" if micros else "Z")
    if type in ZONED:
        return f"{format(ZONED[type], value.local).removesuffix('Z')},{value.zone}"
    if type in (INTERVAL, INTERVAL64):
        return format_interval(value)
    if type == DYNUMBER:
        return _format_dynumber(value)
    if isinstance(type, Decimal):
        return _format_decimal(value)
    if type in (FLOAT, DOUBLE):
        return _format_float(value, is_short=type == FLOAT)
    if type in (STRING, YSON):
        return value.decode(errors="replace")
    return str(value)


def _format_float(value: float, is_short: bool) -> str:
    """The fewest digits that give the number again, without an exponent.

    Source: ToStringConverterNoPad (util/string/cast.cpp), which writes one below 1e-10 and from 1e21 on.
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0 and math.copysign(1, value) > 0:
        return "0"
    if not 1e-10 <= abs(value) < 1e21:
        raise unsupported(f"{value!r} as text")
    digits = repr(value)
    if is_short:
        digits = next(text for count in range(6, 18) if to_float32(float(text := f"{value:.{count}g}")) == value)
    return _format_decimal(decimal.Decimal(digits))


def _format_decimal(value: decimal.Decimal) -> str:
    """Source: NDecimal::ToString (yql/essentials/public/decimal/yql_decimal.cpp)."""
    if not value.is_finite():
        return "nan" if value.is_nan() else "inf" if value > 0 else "-inf"
    text = f"{value:f}" if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_interval(value: int) -> str:
    seconds, micros = divmod(abs(value), 10**6)
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if micros:
        time += f"{seconds}.{micros:06d}".rstrip("0") + "S"
    elif seconds or not (days or time):
        time += f"{seconds}S"
    return ("-" if value < 0 else "") + "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
