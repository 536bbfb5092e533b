"""CREATE TABLE … AS: what may stand beside it, and the columns that its query makes.

YDB makes three statements of it: a temporary table, a REPLACE into that, and a RENAME.
Source: ydb/core/kqp/host/kqp_statement_rewrite.cpp (CheckRewrite, RewriteCreateTableAs); kqp_session_actor.cpp
(NeedToSplit); their tests: ydb/core/kqp/ut/query/kqp_query_ut.cpp (CreateAsSelect…), …/service/kqp_qs_queries_ut.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import BAD_REQUEST, refusal_at, unsupported
from ...plan import Relation
from ...releases import Line
from ...store.catalog import Column
from ...types import Data, Optional, Type, strip
from ...yql import syntax
from ..context import Context
from ..queries import check_query
from .columns import not_a_data_type
from .settings import CREATE


def is_create_as(statement: syntax.Statement) -> bool:
    return isinstance(statement, syntax.CreateTable) and statement.query is not None


def check_company(statements: Sequence[syntax.Statement], in_transaction: bool, line: Line) -> None:
    """`statements` are those of a request that do something, a CREATE TABLE … AS among them: it stands alone, without a
    transaction. YDB reads from the last one backwards, and of no more than two."""
    create_as = [statement for statement in statements if is_create_as(statement)]
    position = create_as[0].position
    if in_transaction:
        raise refusal_at("CTAS statement can be executed only in NoTx mode.", position, BAD_REQUEST)
    last_two = list(map(is_create_as, statements[-2:]))
    if not any(last_two):
        raise refusal_at("CTAS statement not found.", position)
    if all(last_two) and len(last_two) > 1:
        raise refusal_at("Several CTAS statement can't be used without per-statement mode.", position)
    if len(last_two) > 1:
        message = "CTAS statement can't be used with other statements without per-statement mode."
        raise refusal_at(message, position)
    _check_store(create_as[0], line)


def _check_store(node: syntax.Statement, line: Line) -> None:
    """Into column tables on every line; into row tables where a flag allows it. The flag came with 25.3 (pull request
    24979 of ydb-platform/ydb); whether lines before it take row tables is not known."""
    assert isinstance(node, syntax.CreateTable)
    stores = [setting.value for setting in node.settings if setting.name.upper() == "STORE"]
    match stores[-1:]:
        case [syntax.Name(word)] if word.upper() == "COLUMN":
            return
    if line.has("EnableDataShardCreateTableAs"):
        return
    if not line.has("refusal of CREATE TABLE AS into row tables"):
        raise unsupported("CREATE TABLE AS into a row table on this line", node.position)
    raise refusal_at("CTAS statement is disabled for row-oriented tables.", node.position)


def columns_of_query(
    node: syntax.CreateTable, query: syntax.Query, key: tuple[str, ...], context: Context
) -> tuple[tuple[Column, ...], Relation]:
    """The columns, named and typed as the query's, NOT NULL where that gives no NULL; and the rows."""
    relation = check_query(query, context)
    if any(isinstance(entry, syntax.Column) for entry in node.entries):
        raise refusal_at("CREATE TABLE AS with columns is not supported", query.position)
    if node.temporary:
        raise refusal_at("CREATE TEMPORARY TABLE AS is not supported at current time", query.position)
    if node.if_not_exists or any(isinstance(entry, syntax.Index | syntax.Changefeed) for entry in node.entries):
        raise unsupported("this kind of CREATE TABLE AS", node.position)
    columns = tuple(_column(name, type, node) for name, type in relation.columns)
    names = [column.name for column in columns]
    for name in (*key, *(node.partition_by or ())):
        if name not in names:
            raise unsupported("a key of CREATE TABLE AS that its query does not give", node.position)
    return columns, relation


def _column(name: str, type: Type, node: syntax.CreateTable) -> Column:
    stored = strip(type)
    if not isinstance(stored, Data):
        raise not_a_data_type(name, node, CREATE)
    return Column(name, stored, not_null=not isinstance(type, Optional))
