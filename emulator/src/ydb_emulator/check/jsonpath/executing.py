"""A JsonPath carried out on a document: the sequence of values that it finds.

Values are Python's own of JSON, with None for null. In the lax mode, which is the default, arrays are unpacked and
values made arrays where a step needs it, and what isn't there is left out.

Source: yql/essentials/minikql/jsonpath/executor.cpp.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import unsupported
from .reading import Path, PathError, Step

MAX_VALUES = 1_000_000
_EPSILON = 1e-20
_MEMBER_NOT_FOUND = 4702
"""The issue's code (test_SqlQueryError_ of yql/essentials/udfs/common/json2); those of others aren't known here."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)

Value = Any
Values = list[Value]


def execute(path: Path, document: Value, variables: Mapping[str, Value]) -> Values:
    """What the path finds. Raises PathError where YDB says that it failed."""
    return _Executor(path.is_strict, document, variables).run(path.root)


def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Executor:
    def __init__(self, is_strict: bool, document: Value, variables: Mapping[str, Value]) -> None:
        self.is_strict, self.document, self.variables = is_strict, document, variables
        self.arrays: Values = []
        """The arrays whose elements are being chosen, for `last`."""
        self.filtered: Values = []
        """The values that filters are at, for `@`."""

    def run(self, step: Step) -> Values:
        found = _STEPS[step.kind](self, step)
        if len(found) > MAX_VALUES:
            raise unsupported("a JsonPath that finds this many values")
        return found

    def input(self, step: Step) -> Values:
        return self.run(step.inputs[0])

    def unwrapped(self, values: Values) -> Values:
        if self.is_strict:
            return values
        return [item for value in values for item in (value if isinstance(value, list) else (value,))]

    def wrapped(self, values: Values) -> Values:
        return values if self.is_strict else [value if isinstance(value, list) else [value] for value in values]

    # --- values ------------------------------------------------------------------------------------------------

    def document_(self, step: Step) -> Values:
        return [self.document]

    def filtered_(self, step: Step) -> Values:
        if not self.filtered:
            raise PathError("'@' is only allowed inside filters", step.column)
        return [self.filtered[-1]]

    def variable(self, step: Step) -> Values:
        if step.value not in self.variables:
            raise PathError(f"Undefined variable '{step.value}'", step.column)
        return [self.variables[str(step.value)]]

    def literal(self, step: Step) -> Values:
        return [step.value]

    def last(self, step: Step) -> Values:
        if not self.arrays:
            raise PathError("'last' is only allowed inside array subscripts", step.column)
        return [float(len(self.arrays[-1]) - 1)]

    # --- steps into a document ---------------------------------------------------------------------------------

    def objects(self, step: Step) -> list[dict[str, Value]]:
        found = []
        for value in self.unwrapped(self.input(step)):
            if isinstance(value, dict):
                found.append(value)
            elif self.is_strict:
                raise PathError("Expected object", step.column)
        return found

    def member(self, step: Step) -> Values:
        found = []
        for value in self.objects(step):
            if step.value in value:
                found.append(value[str(step.value)])
            elif self.is_strict:
                raise PathError("Member not found", step.column, _MEMBER_NOT_FOUND)
        return found

    def members(self, step: Step) -> Values:
        return [value[key] for value in self.objects(step) for key in sorted(value)]

    def elements(self, step: Step) -> Values:
        found: Values = []
        for array in self.wrapped(self.input(step)):
            if not isinstance(array, list):
                raise PathError("Expected array", step.column)
            found.extend(array)
        return found

    def chosen(self, step: Step) -> Values:
        found: Values = []
        for array in self.wrapped(self.input(step)):
            if not isinstance(array, list):
                raise PathError("Expected array", step.column)
            self.arrays.append(array)
            try:
                for first, last, column in self.ranges(step, len(array)):
                    if first > last and self.is_strict:
                        raise PathError("Range lower bound is greater than upper bound", column)
                    found.extend(array[first : last + 1])
            finally:
                self.arrays.pop()
        return found

    def ranges(self, step: Step, size: int) -> list[tuple[int, int, int]]:
        """The bounds of each subscript, all of which are computed before one is looked at."""
        assert isinstance(step.value, tuple)
        bounds = [
            [(self.index(each), each.column) for each in subscript if each is not None] for subscript in step.value
        ]
        found = []
        for places in bounds:
            outside = next((column for index, column in places if not 0 <= index < size), None)
            if outside is None:
                found.append((places[0][0], places[-1][0], places[0][1]))
            elif self.is_strict:
                raise PathError("Array index out of bounds", outside)
        return found

    def index(self, step: Step) -> int:
        found = self.run(step)
        if len(found) != 1:
            raise PathError("Expected single number item for array index", step.column)
        (value,) = found
        if not is_number(value):
            raise PathError("Array index must be number", step.column)
        return math.floor(value)

    def filter(self, step: Step) -> Values:
        found = []
        for value in self.unwrapped(self.input(step)):
            self.filtered.append(value)
            try:
                if self.run(step.inputs[1]) == [True]:
                    found.append(value)
            except PathError:
                pass
            finally:
                self.filtered.pop()
        return found

    # --- arithmetic --------------------------------------------------------------------------------------------

    def sign(self, step: Step) -> Values:
        found = []
        (operand,) = step.inputs
        for value in self.run(operand):
            if not is_number(value):
                raise PathError("Unsupported type for unary operations", operand.column)
            found.append(value if step.kind == "unary +" else -float(value))
        return found

    def operand(self, step: Step) -> float:
        found = self.run(step)
        if len(found) != 1:
            raise PathError("Expected exactly 1 item as an operand for binary operation", step.column)
        (value,) = found
        if not is_number(value):
            raise PathError("Unsupported type for binary operations", step.column)
        return float(value)

    def arithmetic(self, step: Step) -> Values:
        dividend, divisor = step.inputs
        left, right = self.operand(dividend), self.operand(divisor)
        if step.kind in ("/", "%") and abs(right) <= _EPSILON:
            raise PathError("Division by zero", divisor.column)
        result = _ARITHMETIC[step.kind](left, right)
        if math.isinf(result):
            raise PathError("Binary operation result is infinity", step.column)
        return [result]

    # --- conditions --------------------------------------------------------------------------------------------

    def truth(self, step: Step) -> bool | None:
        """Of a condition, which is what every operand is known to be (`reading`)."""
        (found,) = self.run(step)
        return found

    def logical(self, step: Step) -> Values:
        sides = [self.truth(side) for side in step.inputs]
        decides = step.kind == "||"
        if decides in sides:
            return [decides]
        return [None if None in sides else not decides]

    def negated(self, step: Step) -> Values:
        truth = self.truth(step.inputs[0])
        return [None if truth is None else not truth]

    def any_of(self, results: Any) -> Values:
        """Null where one of the results is None, else whether one is true. The lax mode stops at the first of both."""
        is_wrong, is_found = False, False
        for result in results:
            is_wrong, is_found = is_wrong or result is None, is_found or bool(result)
            if not self.is_strict and (is_wrong or is_found):
                break
        return [None if is_wrong else is_found]

    def compared(self, step: Step) -> Values:
        try:
            left, right = (self.unwrapped(self.run(side)) for side in step.inputs)
        except PathError:
            return [None]
        return self.any_of(_compare(step.kind, a, b) for a in left for b in right)

    def starts_with(self, step: Step) -> Values:
        found = self.input(step)
        if len(found) != 1:
            raise PathError("Expected exactly 1 item as input argument for starts with predicate", step.column)
        text = found[0]
        if not isinstance(text, str):
            raise PathError("Type of input argument for starts with predicate must be string", step.column)
        prefixes = self.run(step.inputs[1])
        return self.any_of(text.startswith(prefix) if isinstance(prefix, str) else None for prefix in prefixes)

    def like_regex(self, step: Step) -> Values:
        expression = step.value
        assert isinstance(expression, re.Pattern)
        values = self.unwrapped(self.input(step))
        return self.any_of(bool(expression.search(value)) if isinstance(value, str) else None for value in values)

    def exists(self, step: Step) -> Values:
        try:
            return [bool(self.input(step))]
        except PathError:
            return [None]

    def is_unknown(self, step: Step) -> Values:
        return [self.truth(step.inputs[0]) is None]

    # --- methods -----------------------------------------------------------------------------------------------

    def numeric(self, step: Step) -> Values:
        found = []
        for value in self.unwrapped(self.input(step)):
            if not is_number(value):
                raise PathError("Unsupported type for numeric method", step.column)
            found.append(float(_NUMERIC[step.kind](value)))
        return found

    def double(self, step: Step) -> Values:
        found = []
        for value in self.unwrapped(self.input(step)):
            if not isinstance(value, str):
                raise PathError("Unsupported type for double() method", step.column)
            if not _NUMBER.fullmatch(value):
                raise PathError("Error parsing number from string", step.column)
            number = float(value)
            if math.isinf(number):
                raise PathError("Parsed number is infinity", step.column)
            found.append(number)
        return found

    def type(self, step: Step) -> Values:
        return [_type(value) for value in self.input(step)]

    def size(self, step: Step) -> Values:
        return [float(len(value)) if isinstance(value, list) else 1.0 for value in self.input(step)]

    def keyvalue(self, step: Step) -> Values:
        found = []
        for value in self.unwrapped(self.input(step)):
            if not isinstance(value, dict):
                raise PathError("Unsupported type for keyvalue() method", step.column)
            found += [{"name": key, "value": value[key]} for key in sorted(value)]
        return found


def _type(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "string" if isinstance(value, str) else _STRUCTURES.get(value.__class__, "number")


_STRUCTURES: dict[object, str] = {list: "array", dict: "object"}


def _compare(sign: str, left: Value, right: Value) -> bool | None:
    """None where the two can't be compared."""
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return None
    if left is None or right is None:
        return left is right and sign == "=="
    if isinstance(left, bool) and isinstance(right, bool):
        return bool(_COMPARISONS[sign](left, right))
    if isinstance(left, str) and isinstance(right, str):
        return bool(_COMPARISONS[sign](left.encode(errors="surrogatepass"), right.encode(errors="surrogatepass")))
    if not is_number(left) or not is_number(right):
        return None
    difference = float(left) - float(right)
    return bool(_COMPARISONS[sign](0.0 if abs(difference) <= _EPSILON else difference, 0.0))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": math.fmod,
}  # fmt: skip
_NUMERIC: dict[str, Callable[[float], float]] = {"abs": abs, "floor": math.floor, "ceiling": math.ceil}

_STEPS: dict[str, Callable[[_Executor, Step], Values]] = {
    "$": _Executor.document_,
    "@": _Executor.filtered_,
    "variable": _Executor.variable,
    "literal": _Executor.literal,
    "last": _Executor.last,
    "member": _Executor.member,
    ".*": _Executor.members,
    "[*]": _Executor.elements,
    "[]": _Executor.chosen,
    "filter": _Executor.filter,
    "unary +": _Executor.sign,
    "unary -": _Executor.sign,
    **dict.fromkeys(_ARITHMETIC, _Executor.arithmetic),
    **dict.fromkeys(_COMPARISONS, _Executor.compared),
    "&&": _Executor.logical,
    "||": _Executor.logical,
    "!": _Executor.negated,
    "starts with": _Executor.starts_with,
    "like_regex": _Executor.like_regex,
    "exists": _Executor.exists,
    "is unknown": _Executor.is_unknown,
    **dict.fromkeys(_NUMERIC, _Executor.numeric),
    "double": _Executor.double,
    "type": _Executor.type,
    "size": _Executor.size,
    "keyvalue": _Executor.keyvalue,
}
