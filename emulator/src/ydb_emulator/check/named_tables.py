"""Tables that an expression names: `INSERT INTO $table`, `FROM $table`."""

from __future__ import annotations

import sys

from ..errors import UNSUPPORTED, Issue, Position, Status, YdbError, refusal, unsupported
from ..plan import Relation
from ..types import STRING
from ..yql import syntax
from .context import Context
from .dispatch import check
from .scope import Scope


def named_table(node: syntax.Expression, context: Context) -> syntax.Path:
    """The table that a named expression names: a literal alone does here.

    Source: yql/essentials/sql/v1/node.cpp (MakeTableFromExpression); sql_ut_common.h (ScalarContextUsage4).
    """
    bound = context.binds.get(node.name) if isinstance(node, syntax.Bind) else None
    if isinstance(bound, Relation):
        if len(bound.columns) != 1:
            raise not_one_column(node.position)
        raise no_evaluation("a table named by a query", node.position, context)
    value = check(node, Scope(context))
    if value.is_literal and value.type == STRING:
        return syntax.Path(value.evaluate(()).decode(errors="replace"), position=node.position)
    raise no_evaluation("a table whose name is computed", node.position, context)


_RANGES = {"range": 1, "like": 2, "regexp": 2, "filter": 2}
_LISTS = {"concat": 2, "each": 2}
"""Functions that name several tables, with the least count of arguments that certainly does."""


def no_function(node: syntax.FunctionSource) -> Exception:
    """Source of the texts: ydb/core/kqp/provider/yql_kikimr_provider.cpp (TKikimrKey::Extract)."""
    name = node.name.lower().removesuffix("_strict")
    for known, shown in ((_RANGES, "RANGE"), (_LISTS, "CONCAT")):
        if node.count >= known.get(name, sys.maxsize):
            return refusal(Issue(f"{shown} is not supported on Kikimr clusters.", position=node.position))
    return unsupported(f"the table function {node.name}", node.position)


def no_evaluation(what: str, position: Position, context: Context) -> Exception:
    """What YDB computes before it compiles a query; in data queries of the table service it refuses to.

    Source: TFailExpressionEvaluation in ydb/core/kqp/host/kqp_host.cpp; ydb/core/kqp/ut/query/kqp_query_ut.cpp
    (YqlTableSample, NoEvaluate).
    """
    if not context.transaction.is_data_query:
        return unsupported(what, position)
    return YdbError(
        Status.UNSUPPORTED,
        Issue("ATOM evaluation is not supported in YDB queries.", UNSUPPORTED, position),
    )


def not_one_column(position: Position) -> Exception:
    """A query used as one value. Source: yql/essentials/sql/v1/select.cpp (TSourceNode, TSubqueryRefNode)."""
    return refusal(
        Issue("Source used in expression should contain one concrete column", position=position),
        Issue("Source is used here", position=position),
    )
