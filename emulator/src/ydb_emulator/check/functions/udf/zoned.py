"""Local times: what a resource of `DateTime::` holds of a value with a time zone.

Source: ydb/docs/en/core/yql/reference/udf/list/datetime.md ("If the timezone is not GMT, the components store the local
time for the relevant timezone").
"""

from __future__ import annotations

from ....errors import unsupported
from ....text import local_to_utc
from ....types import TZ_DATE, TZ_DATETIME, Type, Zoned

GMT = "GMT"
_UNITS: dict[Type, int] = {TZ_DATE: 86_400_000_000, TZ_DATETIME: 1_000_000}


class Local(int):
    """Microseconds since 1970-01-01 by the clocks of a time zone other than GMT."""

    zone: str

    def __new__(cls, value: int, zone: str) -> Local:
        made = super().__new__(cls, value)
        made.zone = zone
        return made


def split(source: Type, value: Zoned) -> int:
    """A value with a time zone as a resource holds it."""
    local = value.local * _UNITS.get(source, 1)
    return local if value.zone == GMT else Local(local, value.zone)


def made(type: Type, value: int) -> Zoned:
    """The other way round."""
    return Zoned(int(value) // _UNITS.get(type, 1), zone_of(value))


def zone_of(value: int) -> str:
    return value.zone if isinstance(value, Local) else GMT


def keep(value: int, result: int | None) -> int | None:
    """What a resource becomes, in the time zone that it is in."""
    return Local(result, value.zone) if isinstance(value, Local) and result is not None else result


def utc(value: int) -> int:
    """The moment in UTC."""
    return local_to_utc(int(value), value.zone) if isinstance(value, Local) else value


def in_gmt(value: int, function: str) -> int:
    """Raises UNSUPPORTED for a time zone other than GMT."""
    if isinstance(value, Local):
        raise unsupported(f"{function} in another time zone than GMT")
    return value
