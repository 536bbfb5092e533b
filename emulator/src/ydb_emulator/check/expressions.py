"""Expressions of other expressions: CASE, CAST, tuples, lists, structs, dicts.

Source: ydb/docs/en/core/yql/reference/syntax/expressions.md; refusals' texts as marked.
"""

from __future__ import annotations

from ..errors import Issue, refusal
from ..plan import Expr, Record
from ..types import Type, Value
from ..yql import syntax
from .casts import cast
from .comparison import compare
from .conversion import common_type, no_common_type, refuse, unified
from .dispatch import check, checks
from .functions import dicts, lists
from .functions.arguments import Call
from .functions.binary import bitcast
from .lift import require_condition
from .scope import Scope
from .typenames import resolve_type


@checks(syntax.Cast)
def _cast(node: syntax.Cast, scope: Scope) -> Expr:
    if node.bitcast:
        return bitcast(check(node.operand, scope), resolve_type(node.type), node.position)
    return cast(check(node.operand, scope), resolve_type(node.type), node.position)


@checks(syntax.Case)
def _case(node: syntax.Case, scope: Scope) -> Expr:
    """A chain of IFs. Source: yql/essentials/sql/v1/sql_expression.cpp; sql_ut_common.h (SelectCaseWithoutEnd)."""
    if node.otherwise is None:
        raise refusal(Issue("ELSE is required", position=node.position))
    conditions, results = [], []
    for when, then in node.branches:
        if node.operand is None:
            condition = check(when, scope)
            require_condition(condition, when.position)
        else:
            condition = compare("=", check(node.operand, scope), check(when, scope), when.position)
        conditions.append(condition.evaluate)
        results.append(check(then, scope))
    results.append(check(node.otherwise, scope))
    parts = unified(results)
    if parts is None:
        raise refuse("If", _no_common_type([result.type for result in results]), node.position)
    *branches, otherwise = (part.evaluate for part in parts)

    def evaluate(row: Record) -> Value:
        for condition, branch in zip(conditions, branches, strict=True):
            if condition(row):
                return branch(row)
        return otherwise(row)

    return Expr(parts[0].type, evaluate)


def _no_common_type(types: list[Type]) -> str:
    """Of the last IF that merges two types which have none: YQL goes from the end to the start."""
    *before, last = types
    for one in reversed(before):
        merged = common_type(one, last)
        if merged is None:
            break
        last = merged
    return no_common_type([one, last])


@checks(syntax.Tuple)
def _tuple(node: syntax.Tuple, scope: Scope) -> Expr:
    return lists.as_tuple([check(item, scope) for item in node.items])


@checks(syntax.ListLiteral)
def _list(node: syntax.ListLiteral, scope: Scope) -> Expr:
    return lists.as_list([check(item, scope) for item in node.items], _call("AsList", node, scope))


@checks(syntax.StructLiteral)
def _struct(node: syntax.StructLiteral, scope: Scope) -> Expr:
    fields = [(name, check(value, scope)) for name, value in node.fields]
    return lists.as_struct(fields, _call("AsStruct", node, scope))


@checks(syntax.DictLiteral)
def _dict(node: syntax.DictLiteral, scope: Scope) -> Expr:
    payloads = None if node.values is None else [check(value, scope) for value in node.values]
    return dicts.as_dict([check(key, scope) for key in node.keys], payloads, _call("AsDict", node, scope))


def _call(name: str, node: syntax.Node, scope: Scope) -> Call:
    return Call(name, [], node.position, scope.context)
