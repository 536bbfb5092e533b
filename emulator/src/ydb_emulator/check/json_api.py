"""`JSON_VALUE`, `JSON_EXISTS` and `JSON_QUERY`.

Source: ydb/docs/en/core/yql/reference/builtins/json.md; yql/essentials/udfs/common/json2/{sql_value,sql_exists,
sql_query,compile_path}.h; of the casts' texts: yql/essentials/tests/sql/suites/json/json_value.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from typing import Any

from .. import text
from ..errors import Position, unsupported
from ..plan import Expr, Record, constant
from ..types import (
    BOOL,
    DATE,
    DATETIME,
    DOUBLE,
    INT64,
    INTEGERS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    REALS,
    STRING,
    TIMESTAMP,
    UINT64,
    UTF8,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from .casts import cast
from .dispatch import check, checks
from .functions.udf.signature import terminated
from .jsonpath.executing import execute, is_number
from .jsonpath.reading import PathError, read
from .lift import require_data
from .scope import Scope
from .typenames import resolve_type

_DATES = (DATE, DATETIME, TIMESTAMP)
Find = Callable[[Record], "list[Any] | None"]


def _finder(node: syntax.JsonApi, scope: Scope) -> Find:
    """What finds the path's values in a row's document, None where there is no document. It raises PathError where the
    path failed, and stops the query for a text that is no path."""
    document = check(node.json, scope)
    source = strip(document.type)
    if source not in (JSON, JSON_DOCUMENT, NULL):
        raise unsupported(f"{document.type} as JSON", node.position)
    load = _document if source == JSON else _json_document
    variables = [(name, _variable(check(value, scope), value.position)) for name, value in node.variables]

    def find(row: Record) -> list[Any] | None:
        written = document.evaluate(row)
        try:
            path = read(node.path)
        except PathError as error:
            raise terminated(f"Error parsing jsonpath:\n{error.shown()}\n", node.position) from None
        if written is None:
            return None
        return execute(path, load(written), {name: value(row) for name, value in variables})

    return find


def _integer(written: str) -> int | float:
    number = int(written)
    return number if -(1 << 63) <= number < 1 << 64 else float(number)


def _real(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise unsupported("a number of JSON as large as this")
    return number


@functools.lru_cache(maxsize=16)
def _document(written: str) -> Any:
    text.refuse_half_pairs(written)
    return json.loads(written, parse_int=_integer, parse_float=_real)


@functools.lru_cache(maxsize=16)
def _json_document(written: str) -> Any:
    """Its numbers are doubles."""
    text.refuse_half_pairs(written)
    return json.loads(written, parse_int=_real, parse_float=_real)


def _variable(value: Expr, position: Position) -> Callable[[Record], Any]:
    """A value passed to a path. Raises GENERIC_ERROR for types that aren't data."""
    source = strip(value.type)
    if source == NULL:
        return lambda _: None
    require_data(value, "JsonVariables", position)
    evaluate = value.evaluate
    if source == JSON:
        return lambda row: None if (found := evaluate(row)) is None else _document(found)
    if source in INTEGERS or source in REALS or source in _DATES:
        return lambda row: None if (found := evaluate(row)) is None else float(found)
    if source in (UTF8, BOOL):
        return evaluate
    if source == STRING and value.is_literal:
        return lambda row: evaluate(row).decode()
    raise unsupported(f"a {source} passed to a JsonPath", position)


def _failed(error: PathError) -> str:
    return f"Error executing jsonpath:\n{error.shown()}\n"


@checks(syntax.JsonExists)
def _exists(node: syntax.JsonExists, scope: Scope) -> Expr:
    find = _finder(node, scope)
    mode = node.on_error[0] if node.on_error else "FALSE"

    def evaluate(row: Record) -> Value:
        try:
            found = find(row)
        except PathError as error:
            if mode == "ERROR":
                raise terminated(_failed(error), node.position) from None
            return {"TRUE": True, "FALSE": False}.get(mode)
        return None if found is None else bool(found)

    return Expr(optional(BOOL), evaluate)


@checks(syntax.JsonQuery)
def _query(node: syntax.JsonQuery, scope: Scope) -> Expr:
    find = _finder(node, scope)

    def otherwise(action: tuple[str, Any] | None, message: str) -> Value:
        match action:
            case ("ERROR", _):
                raise terminated(message, node.position)
            case ("EMPTY ARRAY", _):
                return "[]"
            case ("EMPTY OBJECT", _):
                return "{}"
        return None

    def evaluate(row: Record) -> Value:
        try:
            found = find(row)
        except PathError as error:
            return otherwise(node.on_error, _failed(error))
        if found is None:
            return None
        is_single = len(found) == 1 and isinstance(found[0], list | dict)
        if node.wrapper == "WITH" or node.wrapper == "CONDITIONAL" and not is_single:
            return _written(found)
        if not found:
            return otherwise(node.on_empty, "Empty result")
        if len(found) > 1:
            return otherwise(node.on_error, "Result consists of multiple items")
        return _written(found[0]) if is_single else otherwise(node.on_error, "Result is neither object nor array")

    return Expr(optional(JSON), evaluate)


def _written(value: Any) -> str:
    """A value as JSON: keys sorted, no spaces, a whole number without a point."""
    match value:
        case list():
            return f"[{','.join(map(_written, value))}]"
        case dict():
            return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in sorted(value)) + "}"
        case float():
            return text.format(DOUBLE, value)
    return json.dumps(value, ensure_ascii=False)


@checks(syntax.JsonValue)
def _value(node: syntax.JsonValue, scope: Scope) -> Expr:
    """The value that is found, read as the type asks for, then cast to it; a failure of one is one of ON ERROR.

    Source of the order: ExpandJsonValue (yql/essentials/core/peephole_opt/yql_opt_json_peephole_physical.cpp).
    """
    find = _finder(node, scope)
    target = UTF8 if node.returning is None else resolve_type(node.returning)
    if target not in INTEGERS | REALS and target not in (*_DATES, UTF8, STRING, BOOL):
        raise unsupported(f"JSON_VALUE RETURNING {target}", node.position)
    on_empty, on_error = (_default(each, target, scope) for each in (node.on_empty, node.on_error))
    name = str(optional(target))

    def failed(row: Record, message: str) -> Value:
        if node.on_error is not None and node.on_error[0] == "ERROR":
            raise terminated(message, node.position)
        value, is_castable = on_error(row)
        if not is_castable:
            reason = f"Failed to cast default value from ON ERROR clause to target type {name}"
            raise terminated(reason, node.position)
        return value

    def empty(row: Record) -> Value:
        if node.on_empty is not None and node.on_empty[0] == "ERROR":
            raise terminated("Result is empty", node.position)
        value, is_castable = on_empty(row)
        if not is_castable:
            return failed(row, f"Failed to cast default value from ON EMPTY clause to target type {name}")
        return value

    def evaluate(row: Record) -> Value:
        try:
            found = find(row)
        except PathError as error:
            return failed(row, _failed(error))
        if found is None:
            return None
        if not found:
            return empty(row)
        if len(found) > 1:
            return failed(row, "Result consists of multiple items")
        if isinstance(found[0], list | dict):
            return failed(row, "Extracted JSON value is either object or array")
        if found[0] is None:
            return None
        read_value = _as_text(found[0]) if node.returning is None else _read(found[0], target, node.position)
        if read_value is None:
            return failed(row, "Cannot convert extracted JSON value to target type")
        value = cast(read_value, optional(target), node.position).evaluate(())
        if value is None:
            return failed(row, f"Failed to cast extracted JSON value to target type {name}")
        return value

    return Expr(optional(target), evaluate)


def _default(
    action: tuple[str, syntax.Expression | None] | None, target: Type, scope: Scope
) -> Callable[[Record], tuple[Value, bool]]:
    """A default's value as the type, and whether it casts to it."""
    if action is None or action[1] is None:
        return lambda _: (None, True)
    given = check(action[1], scope)
    casted = cast(given, optional(target), action[1].position)

    def evaluate(row: Record) -> tuple[Value, bool]:
        value = casted.evaluate(row)
        return value, value is not None or (is_optional(given.type) and given.evaluate(row) is None)

    return evaluate


def _as_text(value: Any) -> Expr:
    """A scalar as text, which is what is asked for where no type is."""
    if isinstance(value, bool):
        return constant(UTF8, "true" if value else "false")
    return constant(UTF8, text.format(DOUBLE, value) if isinstance(value, float) else str(value))


def _read(value: Any, target: Type, position: Position) -> Expr | None:
    """A scalar as the type that is read for the target, None for another one (TryConvertJson)."""
    if target == BOOL:
        return constant(BOOL, value) if isinstance(value, bool) else None
    if target in (UTF8, STRING):
        return constant(UTF8, value) if isinstance(value, str) else None
    if not is_number(value):
        return None
    if target in REALS:
        return constant(DOUBLE, float(value))
    if isinstance(value, float) and not value.is_integer() and target in (INT64, UINT64, *_DATES):
        raise unsupported(f"a fraction as {target}", position)  # which of two readings YDB takes isn't known
    whole = int(value)
    if whole != value or not -(1 << 63) <= whole < 1 << 64:
        return constant(DOUBLE, float(value))
    return constant(INT64 if whole < 1 << 63 else UINT64, whole)
