"""How `DateTime::Format` writes a moment, and how `DateTime::Parse` and its kin read one.

Source: yql/essentials/udfs/common/datetime2/datetime_udf.cpp (TFormat, TParse).
"""

from __future__ import annotations

import datetime
import functools
import re

from ....errors import unsupported
from .calendar import MONTHS, Moment, at, of
from .zoned import utc, zone_of

_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_SHORT_NUMBERS = {name[:3]: number for name, number in _MONTH_NUMBERS.items()}
_PARTS = {"Y": "year", "m": "month", "d": "day", "H": "hour", "M": "minute", "b": "month", "B": "month"}


@functools.lru_cache(maxsize=256)
def _tokens(written: bytes) -> tuple[tuple[str, str], ...]:
    """The format's specifiers and the texts between (with an empty specifier). Raises ValueError with YDB's words."""
    text = written.decode(errors="surrogateescape")
    found = re.findall(r"%(.)|([^%]+)|(%)\Z", text, re.DOTALL)
    if found and found[-1][2]:
        raise ValueError("format string ends with single %%")
    return tuple((specifier, plain) for specifier, plain, _ in found)


def formatted(value: int, written: bytes, always: bool) -> bytes:
    """Raises ValueError with YDB's words for a format that it doesn't know."""
    tokens = _tokens(written)
    for specifier, _ in tokens:
        if specifier and specifier not in "%YmdHMSzZbB":
            raise ValueError(
                f"character '{specifier}' is not a valid format specifier.\n"
                "See documentation for valid format characters"
            )
    moment, offset = of(int(value)), ""
    if any(specifier == "z" for specifier, _ in tokens):
        minutes = (int(value) - utc(value)) // 60_000_000
        offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    zones = {"z": offset, "Z": zone_of(value)}
    text = "".join(plain or zones.get(specifier) or _part(specifier, moment, always) for specifier, plain in tokens)
    return text.encode(errors="surrogateescape")


def _part(specifier: str, moment: Moment, always: bool) -> str:
    seconds, micros = divmod(moment.time, 1_000_000)
    match specifier:
        case "Y":
            return str(moment.year)
        case "m":
            return f"{moment.month:02}"
        case "d":
            return f"{moment.day:02}"
        case "H":
            return f"{seconds // 3600:02}"
        case "M":
            return f"{seconds // 60 % 60:02}"
        case "S" if micros or always:
            fraction = f"{micros:06}"
            return f"{seconds % 60:02}.{fraction if always else fraction.rstrip('0')}"
        case "S":
            return f"{seconds % 60:02}"
        case "b":
            return MONTHS[moment.month - 1][:3]
        case "B":
            return MONTHS[moment.month - 1]
    return "%"


@functools.lru_cache(maxsize=256)
def _expression(written: bytes, is_wide: bool) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """What matches a text of a format, and the specifiers of its groups in their order."""
    parts, specifiers = [], []
    for specifier, plain in _tokens(written):
        if specifier and specifier not in "%YmdHMSzZbB":
            raise ValueError(f"invalid format character: {specifier}")
        if specifier in ("z", "Z"):
            raise unsupported("DateTime::Parse of time zones")
        if plain or specifier == "%":
            parts.append(re.escape(plain or "%"))
            continue
        specifiers.append(specifier)
        year = r"(-?\d{1,6}+)" if is_wide else r"(\d{4})"
        forms = {"Y": year, "S": r"(\d\d(?:\.\d*+)?)", "b": "([A-Za-z]{3})", "B": "([A-Za-z]++)"}
        parts.append(forms.get(specifier, r"(\d\d)"))
    return re.compile("".join(parts), re.ASCII), tuple(specifiers)


def parsed(text: bytes, written: bytes, is_wide: bool) -> int | None:
    """The moment that a text means in a format, None where it means none; what isn't said is as on 1970-01-01.

    Raises ValueError with YDB's words for a format that it doesn't know.
    """
    expression, specifiers = _expression(written, is_wide)
    match = expression.fullmatch(text.decode(errors="surrogateescape"))
    if not match:
        return None
    parts = {"year": 1970, "month": 1, "day": 1, "hour": 0, "minute": 0}
    second, micros = 0, 0
    for specifier, found in zip(specifiers, match.groups(), strict=True):
        if specifier == "S":
            whole, dot, fraction = found.partition(".")
            second = int(whole)
            micros = int(fraction[:6].ljust(6, "0")) if dot else micros
        elif specifier in "bB":
            number = (_SHORT_NUMBERS if specifier == "b" else _MONTH_NUMBERS).get(found.lower())
            if number is None:
                return None
            parts["month"] = number
        else:
            parts[_PARTS[specifier]] = int(found)
    if parts["hour"] > 23 or parts["minute"] > 59 or second > 59:
        return None
    time = ((parts["hour"] * 60 + parts["minute"]) * 60 + second) * 1_000_000 + micros
    return at(parts["year"], parts["month"], parts["day"], time)


_ISO8601 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[-+]\d\d:?\d\d)?", re.ASCII)
_X509 = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z", re.ASCII)


def iso8601(text: bytes) -> int | None:
    """A text as `2026-01-02T03:04:05.678+03:00` is one, in UTC without an offset."""
    match = _ISO8601.fullmatch(text.decode(errors="replace"))
    if not match:
        return _other(text)
    zone = match[8]
    minutes = 0 if zone in (None, "Z") else int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[-2:]))
    return _moment(match, int((match[7] or "").ljust(6, "0")) - minutes * 60_000_000)


def x509(text: bytes) -> int | None:
    """A text as `20260102030405Z` is one."""
    match = _X509.fullmatch(text.decode(errors="replace"))
    return _moment(match, 0) if match else _other(text)


def _other(text: bytes) -> int | None:
    """What has no digits is no moment; of other texts the emulator doesn't know whether they are one."""
    if any(byte in b"0123456789" for byte in text):
        raise unsupported(f"the moment {text.decode(errors='replace')!r}")
    return None


def _moment(match: re.Match[str], more: int) -> int | None:
    try:
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        moment = datetime.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return (moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1) + more
