"""`Math::`, which works on Doubles.

Source: ydb/docs/en/core/yql/reference/udf/list/math.md; yql/essentials/udfs/common/math/lib/math_ir.cpp.
"""

from __future__ import annotations

import decimal
import math
import sys
from collections.abc import Callable

from ....errors import unsupported
from ....types import BOOL, DOUBLE, INT32, INT64, Value, optional
from ..arguments import Function
from .signature import auto, function

_WIDE = decimal.Context(prec=400)


def _float(compute: Callable[..., float]) -> Callable[..., float]:
    """A function of C's math library: NaN or an infinity where Python raises."""

    def computed(*values: float) -> float:
        try:
            return float(compute(*values))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return computed


def _round(value: float, digits: int | None) -> float:
    """Half away from zero, to a power of ten."""
    if not math.isfinite(value):
        return value
    if digits is not None and abs(digits) > 300:
        raise unsupported("rounding to this many digits")
    exact = decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(digits or 0), decimal.ROUND_HALF_UP, _WIDE)
    return float(exact)


def _whole(compute: Callable[[float], int]) -> Callable[..., float]:
    return _float(lambda value: value if math.isinf(value) else compute(value))


def _logarithm(compute: Callable[[float], float]) -> Callable[..., float]:
    return _float(lambda value: -math.inf if value == 0 else compute(value))


def _one(compute: Callable[[float], Value]) -> Function:
    return function(DOUBLE, auto(DOUBLE))(compute)


def _two(compute: Callable[[float, float], Value]) -> Function:
    return function(DOUBLE, auto(DOUBLE), auto(DOUBLE))(compute)


def _test(compute: Callable[[float], bool]) -> Function:
    return function(BOOL, auto(DOUBLE))(compute)


def _mod(value: int, divisor: int) -> int | None:
    """With the sign of the divisor, NULL for 0."""
    return value % divisor if divisor else None


def _rem(value: int, divisor: int) -> int | None:
    """With the sign of the value, NULL for 0."""
    return int(math.copysign(1, value)) * (abs(value) % abs(divisor)) if divisor else None


MATH_UDF: dict[str, Function] = {
    "Abs": _one(abs),
    "Fabs": _one(abs),
    "Acos": _one(_float(math.acos)),
    "Asin": _one(_float(math.asin)),
    "Asinh": _one(_float(math.asinh)),
    "Atan": _one(_float(math.atan)),
    "Cosh": _one(_float(math.cosh)),
    "Sinh": _one(_float(math.sinh)),
    "Tanh": _one(_float(math.tanh)),
    "Exp2": _one(_float(math.exp2)),
    "Rint": _one(_whole(round)),
    "Atan2": _two(math.atan2),
    "Hypot": _two(math.hypot),
    "Remainder": _two(_float(math.remainder)),
    "Mod": function(optional(INT64), auto(INT64), INT64)(_mod),
    "Rem": function(optional(INT64), auto(INT64), INT64)(_rem),
    "Eps": function(DOUBLE)(lambda: sys.float_info.epsilon),
    "Ceil": _one(_whole(math.ceil)),
    "Floor": _one(_whole(math.floor)),
    "Trunc": _one(_whole(math.trunc)),
    "Round": function(DOUBLE, auto(DOUBLE), optional(INT32), least=1)(_round),
    "Sqrt": _one(_float(math.sqrt)),
    "Cbrt": _one(_float(math.cbrt)),
    "Exp": _one(_float(math.exp)),
    "Log": _one(_logarithm(math.log)),
    "Log2": _one(_logarithm(math.log2)),
    "Log10": _one(_logarithm(math.log10)),
    "Pow": _two(_float(math.pow)),
    "Fmod": _two(_float(math.fmod)),
    "Sin": _one(_float(math.sin)),
    "Cos": _one(_float(math.cos)),
    "Tan": _one(_float(math.tan)),
    "Pi": function(DOUBLE)(lambda: math.pi),
    "E": function(DOUBLE)(lambda: math.e),
    "IsNaN": _test(math.isnan),
    "IsInf": _test(math.isinf),
    "IsFinite": _test(math.isfinite),
}
