"""Dicts and sets, and the functions on them.

A value of a Dict has its keys in the form of `hashable`, so that a text is found by its bytes.
Source: yql/essentials/docs/en/builtins/dict.md; yql/essentials/core/type_ann/type_ann_dict.cpp.
"""

from __future__ import annotations

from ...plan import Expr, Record
from ...types import Dict, Just, Optional, Value, is_optional
from ..lift import hashable


def looked_up(of: Expr, key: Expr, type: Dict) -> Expr:
    """`dict[key]`: NULL without such a key, and an Optional more than the payload is (types/optional.md)."""
    wraps = is_optional(type.value)

    def evaluate(row: Record) -> Value:
        items, at = of.evaluate(row), key.evaluate(row)
        if items is None:
            return None
        found = hashable(at) if at not in items else at  # a parameter's keys are as they came
        if found not in items:
            return None
        return Just(items[found]) if wraps else items[found]

    return Expr(Optional(type.value), evaluate)
