"""Row tables and column tables in one transaction.

Source: ydb/core/kqp/session_actor/kqp_session_actor.cpp (HasOlapTable, HasOltpTable); its test:
ydb/core/kqp/ut/service/kqp_qs_queries_ut.cpp (TableSink_BadTransactions).
"""

from __future__ import annotations

from ..errors import PRECONDITION_FAILED, Issue, YdbError, refusal, unsupported
from ..releases import Line
from ..store.catalog import Table
from ..store.database import Mode
from .context import Context


def use(table: Table, context: Context, is_write: bool = False) -> None:
    """The transaction reads or writes a table."""
    context.transaction.uses.add(table.is_column)
    context.transaction.has_planned_write |= is_write


def check_uses(context: Context) -> None:
    """After all statements of a request are checked and before the first one runs. Raises PRECONDITION_FAILED."""
    transaction, line = context.transaction, context.database.line
    if True in transaction.uses and transaction.is_data_query:
        _check_data_query(transaction.has_planned_write, line)
    if True in transaction.uses and transaction.mode in (Mode.ONLINE_RO, Mode.STALE_RO):
        if not line.has("words about column tables"):
            raise unsupported("reads of column tables in this mode on this line")
        raise _failed(
            "Read from column-oriented tables is not supported in Online Read-Only or Stale Read-Only transaction "
            "modes. Use Serializable or Snapshot Read-Only mode instead."
        )
    if len(transaction.uses) > 1 and transaction.has_planned_write:
        if line.has("words about column tables"):
            raise _failed(
                "Write transactions that use both row-oriented and column-oriented tables are disabled at current time."
            )
        raise _failed("Write transactions between column and row tables are disabled at current time.")


def _check_data_query(is_write: bool, line: Line) -> None:
    """Source: BuildUpsertRowsEffect and BuildDeleteRowsEffect in ydb/core/kqp/opt/kqp_opt_effects.cpp."""
    if not is_write:
        raise unsupported("reads of column tables through ExecuteDataQuery")
    if not line.has("words about column tables"):
        raise unsupported("changes of column tables through ExecuteDataQuery on this line")
    message = "Data manipulation queries with column-oriented tables are supported only by API QueryService."
    raise refusal(Issue(message))


def _failed(message: str) -> YdbError:
    return refusal(Issue(message, PRECONDITION_FAILED))
