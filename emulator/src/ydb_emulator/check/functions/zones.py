"""Functions on dates and times with a time zone.

Source: yql/essentials/docs/en/builtins/basic.md (AddTimezone, RemoveTimezone).
"""

from __future__ import annotations

from ... import text
from ...errors import unsupported
from ...plan import Expr
from ...types import DATE, TZ_DATE, ZONED, Type, optional, strip
from ..lift import lift
from .arguments import Call, Function

_WITH_ZONE: dict[Type, Type] = {base: zoned for zoned, base in ZONED.items()}


def _add(call: Call) -> Expr:
    call.expect(2)
    moment, zone = call.arguments[0], call.literal(1)
    type = strip(moment.type)
    if type not in _WITH_ZONE or type == DATE:
        raise unsupported(f"AddTimezone of {moment.type}", call.position)
    if text.zone_named(zone) is None:
        raise unsupported(f"the time zone {zone}", call.position)
    found = lift(moment, _WITH_ZONE[type], lambda value: text.to_zone(type, value, zone))
    return Expr(optional(found.type), found.evaluate)


def _remove(call: Call) -> Expr:
    call.expect(1)
    moment = call.arguments[0]
    type = strip(moment.type)
    if type not in ZONED or type == TZ_DATE:
        raise unsupported(f"RemoveTimezone of {moment.type}", call.position)
    base = ZONED[type]
    return lift(moment, base, lambda value: text.from_zone(base, value))


FUNCTIONS: dict[str, Function] = {"addtimezone": _add, "removetimezone": _remove}
"""By normalized name."""
