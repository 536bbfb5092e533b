"""INSERT, UPSERT, REPLACE, UPDATE and DELETE checked against their table.

Order and texts of the refusals: ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (HandleWriteTable, HandleUpdateTable).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from ..errors import (
    BAD_COLUMN_TYPE,
    BAD_OPERATION,
    BAD_REQUEST,
    NO_COLUMN_DEFAULT_VALUE,
    NOWHERE,
    PRECONDITION_FAILED,
    Issue,
    Position,
    Status,
    YdbError,
    refusal,
    refusal_at,
    type_annotation,
    unsupported,
)  # fmt: skip
from ..plan import Change, Expr, constant
from ..store.catalog import Column, Table
from ..store.rights import Right
from ..store.rows import Row
from ..types import BOOL, INTEGERS, TIMESTAMP, Type, is_optional, optional, strip, struct
from ..yql import syntax
from . import keys, stores
from .context import Context, missing_table
from .conversion import convert, unify
from .dispatch import check, check_condition
from .index_tables import check_no_write, index_table
from .named_tables import named_table
from .parts import has_aggregate
from .queries import check_query
from .scope import Scope
from .sources import table_columns

WRITE, UPDATE, DELETE = "KiWriteTable!", "KiUpdateTable!", "KiDeleteTable!"
_FAILURE = "failure of UPSERT beside unique indexes"


_KINDS = {"INSERT": "INSERT OR ABORT"}
_OPERATIONS = {"INSERT OR ABORT": "InsertAbort", "INSERT OR REVERT": "InsertRevert", "UPSERT": "Upsert",
               "REPLACE": "Replace", "UPDATE ON": "UpdateOn", "DELETE ON": "DeleteOn"}  # fmt: skip

ChangeStatement = syntax.Insert | syntax.Update | syntax.Delete | syntax.UpdateOn | syntax.DeleteOn


def check_change(node: ChangeStatement, context: Context) -> Change:
    """The checked form of a statement that changes rows. Raises YdbError where YDB refuses it."""
    if isinstance(node, syntax.Insert):
        if node.truncate:
            _check_truncate(node)
        if isinstance(node.table, syntax.Bind):
            node = replace(node, table=named_table(node.table, context))
    assert isinstance(node.table, syntax.Path)
    if node.returning is not None and not context.may(context.path(node.table), Right.SELECT_ROW):
        raise unsupported("RETURNING without the right to read", node.position)
    change = _checked(node, context)
    check_no_write(change.path, context, node.table.position)
    if node.returning is not None and any(index.unique for index in change.table.indexes):
        if not context.database.line.has("RETURNING beside unique indexes"):
            # UPDATE … RETURNING of such a table fails on 25.1 and 25.2, in unknown words; of others nothing is known.
            # Measured by stokaro/ptah (internal/capabilityprobe/plans_query_keys.go, commit da2fc9c).
            raise unsupported("RETURNING on a table with a unique index on this line", node.position)
    return change


def _kind(node: syntax.Insert | syntax.UpdateOn | syntax.DeleteOn) -> str:
    """What a write is, by a key of _OPERATIONS. Raises UNSUPPORTED for INSERT OR IGNORE."""
    if isinstance(node, syntax.UpdateOn | syntax.DeleteOn):
        return "UPDATE ON" if isinstance(node, syntax.UpdateOn) else "DELETE ON"
    kind = _KINDS.get(node.kind, node.kind)
    if kind not in _OPERATIONS:
        raise unsupported(kind, node.position)
    return kind


def _checked(node: ChangeStatement, context: Context) -> Change:
    match node:
        case syntax.Insert() | syntax.UpdateOn() | syntax.DeleteOn():
            return _write(_kind(node), node, context)
        case syntax.Update():
            return _update(node, context)
        case syntax.Delete():
            return _delete(node, context)


def _table(
    written: syntax.Path, function: str, operation: str, context: Context, is_batch: bool = False
) -> tuple[str, Table]:
    """Source of the rules on BATCH: ydb/core/kqp/ut/batch_operations/kqp_batch_update_ut.cpp; on column tables:
    CheckIOSinkTable in ydb/core/kqp/provider/yql_kikimr_datasink.cpp."""
    path, table = context.entry(written)
    if table is None and (found := index_table(path, context)) is not None:
        table = found.table
    if table is None:
        raise missing_table(context.absolute(path), function, written.position)
    if not isinstance(table, Table):
        raise unsupported("changes of rows of what is no table", written.position)
    if table.is_column and operation == "InsertRevert":
        raise refusal_at("Write mode 'insert_revert' is not supported for olap tables.", written.position)
    if table.is_column and is_batch:
        message = "BATCH operations are not supported for column tables at the current time."
        raise refusal(Issue(message, PRECONDITION_FAILED, written.position))
    if is_batch:
        _check_batch(table, written.position)
    _need_rights(path, table, operation, context)
    if context.transaction.mode.read_only:
        message = f"Operation '{operation}' can't be performed in read only transaction"
        raise refusal(Issue(message, BAD_OPERATION, written.position))
    stores.use(table, context, is_write=True)
    return path, table


def _need_rights(path: str, table: Table, operation: str, context: Context) -> None:
    """Source: ydb/core/kqp/ut/scheme/kqp_acl_ut.cpp (AclForOltpAndOlap). Blind changes need not read.

    The next value of a sequence asks for SelectRow (DoMaybeReplyUnauthorized in ydb/core/tx/sequenceproxy), in words of
    which it isn't known how a query tells them.
    """
    right = Right.ERASE_ROW if operation in ("Delete", "DeleteOn") else Right.UPDATE_ROW
    if operation in ("Update", "Delete"):
        right |= Right.SELECT_ROW
    elif not context.may(path, Right.SELECT_ROW):
        if table.indexes or any(column.sequence for column in table.columns):
            raise unsupported("changes of a table with indexes or a sequence without the right to read it")
    context.need(path, right)


def _check_batch(table: Table, position: Position) -> None:
    """Source: ValidateBatchOperation in ydb/core/kqp/opt/kqp_opt_kql.cpp; kqp_batch_update_ut.cpp (TableWith…Index)."""
    for index in table.indexes:
        if index.unique:
            raise unsupported("BATCH on a table with a unique index", position)  # as a flag has it
        if index.using == "fulltext_relevance":  # the test of YDB that asks for it fails
            raise unsupported("BATCH on a table with a fulltext_relevance index", position)
        if index.using and not index.is_local:
            message = f"BATCH operations are not supported for tables with global sync {index.using} indexes"
            raise refusal_at(f"{message} (index: `{index.name}`).", position, PRECONDITION_FAILED)


def _returning(node: ChangeStatement, table: Table) -> tuple[tuple[str, Type], ...] | None:
    if node.returning is None:
        return None
    if table.is_column:
        raise unsupported("RETURNING of a column table's rows", node.returning.position)
    types = {column.name: column.type for column in table_columns(table)}
    names = node.returning.columns or tuple(types)
    if len(set(names)) != len(names):
        raise unsupported("a column twice in RETURNING", node.returning.position)
    for name in names:
        if name not in types:
            missing = Issue(f"Column not found: {name}", position=node.table.position)
            raise type_annotation("KiReturningList!", node.table.position, missing)
    return tuple((name, types[name]) for name in names)


def stored_type(column: Column) -> Type:
    return column.type if column.not_null else optional(column.type)


# --- INSERT, UPSERT, REPLACE, UPDATE ON, DELETE ON -------------------------------------------------------------

Fields = dict[str, Expr]


def _check_truncate(node: syntax.Insert) -> None:
    """Source: yql/essentials/sql/v1/sql_into_tables.cpp; sql_ut_common.h (UpsertIntoWithTruncate and its kin)."""
    message = "INSERT INTO WITH TRUNCATE is not supported for kikimr tables"
    if node.kind != "INSERT":
        message = f"Unable {node.kind} INTO with truncate mode"
    elif isinstance(node.source, syntax.Values) and node.columns is not None:
        other = next((len(row) for row in node.source.rows if len(row) != len(node.columns)), None)
        if other is not None:
            message = f"VALUES have {other} columns, INSERT INTO ... WITH TRUNCATE expects: {len(node.columns)}"
    raise refusal(Issue(message, position=node.position))


def _write(kind: str, node: syntax.Insert | syntax.UpdateOn | syntax.DeleteOn, context: Context) -> Change:
    assert isinstance(node.table, syntax.Path)
    path, table = _table(node.table, WRITE, _OPERATIONS[kind], context)
    position = node.table.position
    under_build = context.database.columns_under_build(path)
    refuse = _Refusals(f"db.[{context.absolute(path)}]", context.absolute(path), position, under_build)
    if node.source is None:
        raise unsupported("DEFAULT VALUES", node.position)
    if isinstance(node.source, syntax.Values):
        written = _value_rows(node, node.source, context)
        _check_columns(written[0], table, kind, refuse)
        _check_used_indexes(written[0], table, kind, position, context)
        rows = [_converted_values(fields, table, refuse) for fields in written]
        return Change(kind, path, table, lambda: [_row(fields, ()) for fields in rows], _returning(node, table), True)
    relation = check_query(node.source, context)
    names = _select_columns(kind, node, [name for name, _ in relation.columns])
    fields = {
        name: Expr(type, operator.itemgetter(index))
        for index, (name, (_, type)) in enumerate(zip(names, relation.columns, strict=True))
    }
    _check_columns(fields, table, kind, refuse)
    _check_not_null(fields, table, kind, refuse)
    _check_used_indexes(fields, table, kind, position, context)
    converted = _converted_row(fields, table, refuse, is_list=True)
    return Change(
        kind, path, table, lambda: [_row(converted, record) for record in relation.rows()], _returning(node, table)
    )


def _row(fields: Fields, record: tuple) -> Row:
    return {name: expression.evaluate(record) for name, expression in fields.items()}


def _spoken(kind: str) -> str:
    return {"INSERT OR ABORT": "INSERT INTO", "INSERT OR REVERT": "INSERT OR REVERT INTO", "UPSERT": "UPSERT INTO",
            "REPLACE": "REPLACE INTO", "UPDATE ON": "UPDATE ON", "DELETE ON": "DELETE ON"}[kind]  # fmt: skip


def require_width(node: syntax.Insert | syntax.UpdateOn | syntax.DeleteOn) -> None:
    """Raises GENERIC_ERROR for VALUES of other columns than the statement names, or where it names none.

    Source: yql/essentials/sql/v1/sql_ut_common.h (InsertValuesNoLabels, InsertValuesInvalidLabels and their kin).
    """
    if not isinstance(node.source, syntax.Values):
        return
    kind = _spoken(_kind(node))
    if node.columns is None:
        message = f"{kind} ... VALUES requires specification of table columns"
        raise refusal(Issue(message, position=node.position))
    for values in node.source.rows:
        if len(values) != len(node.columns):
            message = f"VALUES have {len(values)} columns, {kind} expects: {len(node.columns)}"
            raise refusal(Issue(message, position=node.source.position))


def _value_rows(
    node: syntax.Insert | syntax.UpdateOn | syntax.DeleteOn, source: syntax.Values, context: Context
) -> list[Fields]:
    require_width(node)
    columns = node.columns or ()
    _require_different(columns, node.position)
    scope = Scope(context)
    return [{name: check(value, scope) for name, value in zip(columns, values, strict=True)} for values in source.rows]


def _select_columns(kind: str, node: syntax.Insert | syntax.UpdateOn | syntax.DeleteOn, names: list[str]) -> list[str]:
    if node.columns is None:
        return names
    if len(node.columns) != len(names):
        message = f"SELECT have {len(names)} columns, {_spoken(kind)} expects: {len(node.columns)}"
        raise refusal(Issue(message, position=node.position))
    _require_different(node.columns, node.position)
    return list(node.columns)


def _require_different(columns: tuple[str, ...], position: Position) -> None:
    """A row is made as a struct of the columns. Source of the text: yql/essentials/ast/yql_expr.cpp."""
    twice = next((name for place, name in enumerate(columns) if name in columns[:place]), None)
    if twice is not None:
        raise refusal(Issue(f"Duplicated member: {twice}", position=position))


@dataclass(frozen=True)
class _Refusals:
    """YDB's refusals of a write, with the table's name in the forms that they print."""

    full_name: str
    absolute: str
    position: Position
    under_build: frozenset[str] = frozenset()

    def __call__(self, *issues: Issue) -> Exception:
        return type_annotation(WRITE, self.position, *issues)

    def issue(self, message: str, code: int = 0) -> Issue:
        return Issue(message, code, self.position)


def _check_columns(fields: Fields, table: Table, kind: str, refuse: _Refusals) -> None:
    for name in fields:
        if name in refuse.under_build:
            message = f"Column is under build operation, write operation is not allowed to column: {name}"
            raise refuse(refuse.issue(f"{message} for table: {refuse.absolute}", BAD_REQUEST))
        if table.column(name) is None:
            raise refuse(refuse.issue(f"No such column: {name}, table: {refuse.full_name}"))
    for name in table.key:
        if name not in fields and not table[name].has_default:
            message = f"Missing key column in input: {name} for table: {refuse.absolute}"
            raise refuse(refuse.issue(message, PRECONDITION_FAILED))
    if kind in ("UPDATE ON", "DELETE ON"):
        return
    for column in table.columns:
        if column.not_null and column.name not in fields and not column.has_default:
            message = f"Missing not null column in input: {column.name}. All not null columns should be initialized"
            raise refuse(refuse.issue(message, NO_COLUMN_DEFAULT_VALUE))


def _check_used_indexes(
    written: Collection[str], table: Table, kind: str, position: Position, context: Context
) -> None:
    """An UPSERT has to change an index where there is a unique one: YDB 26.2 fails otherwise, in its own words.

    Measured by stokaro/ptah on 26.2, and on 25.1, which runs it; of the lines between nothing is known. Which columns
    count: RewriteInputForConstraint in ydb/core/kqp/opt/physical/effects/kqp_opt_phy_upsert_index.cpp, in the version
    that fails in line 359. Before, columns of the key did not count, and an index that has no others was not looked at.
    """
    indexes = [index for index in table.indexes if not index.asynchronous and not index.using]
    of_key = [index for index in indexes if index.unique and {*index.columns} <= {*table.key}]
    if of_key and kind in ("UPSERT", "REPLACE", "UPDATE ON") and not context.database.line.has(_FAILURE):
        raise unsupported(f"{kind} into a table with a unique index of key columns alone", position)
    if kind == "UPSERT":
        written = {*written, *(column.name for column in table.columns if column.has_default)}
    elif kind.startswith("UPDATE"):
        indexes = [index for index in indexes if not {*index.columns, *index.cover}.isdisjoint(written)]
    else:
        return
    is_used = any(not {*index.columns}.isdisjoint(written) for index in indexes)
    if is_used or not any(index.unique for index in indexes) or not context.database.line.has(_FAILURE):
        return
    if kind != "UPSERT":  # by the source it fails as an UPSERT does, which nobody has measured
        raise unsupported("an UPDATE of a column that a unique index covers", position)
    message = "verification=!hasUniqIndex || !usedIndexes.empty();fline=kqp_opt_phy_upsert_index.cpp:359"
    raise YdbError(Status.INTERNAL_ERROR, Issue(message, position=position))


def _check_not_null(fields: Fields, table: Table, kind: str, refuse: _Refusals) -> None:
    if kind == "DELETE ON":
        return
    for name, expression in fields.items():
        if table[name].not_null and is_optional(expression.type):
            end = "" if kind == "UPDATE ON" else ". All not null columns should be initialized"
            message = f"Can't set NULL or optional value to not null column: {name}{end}"
            raise refuse(refuse.issue(message, BAD_COLUMN_TYPE))


def _converted_values(fields: Fields, table: Table, refuse: _Refusals) -> Fields:
    failed = _conversion_failure(fields, table, refuse)
    if failed:
        message = "Failed to convert input columns types to scheme types"
        raise refuse(failed, refuse.issue(message, BAD_COLUMN_TYPE))
    return _convert(fields, table)


def _converted_row(fields: Fields, table: Table, refuse: _Refusals, is_list: bool = False) -> Fields:
    failed = _conversion_failure(fields, table, refuse, is_list)
    if failed:
        raise refuse(failed, refuse.issue(f"Row type mismatch for table: {refuse.full_name}"))
    return _convert(fields, table)


def _convert(fields: Fields, table: Table) -> Fields:
    return {name: unify(expression, stored_type(table[name])) for name, expression in fields.items()}


def _conversion_failure(fields: Fields, table: Table, refuse: _Refusals, is_list: bool = False) -> Issue | None:
    """The issue that tells which columns don't convert, or None when all do."""
    targets = {name: stored_type(table[name]) for name in fields}
    bad = {name: e for name, e in fields.items() if convert(e, targets[name]) is None}
    if not bad:
        return None
    if any(strip(e.type) in INTEGERS and strip(targets[name]) == TIMESTAMP for name, e in bad.items()):
        # Source: ydb/core/kqp/ut, KqpTypes::UnsafeTimestampCastV1.
        raise refuse(refuse.issue("Unsafe timestamp cast restricted from SQL v1."))
    actual, expected = struct({name: e.type for name, e in fields.items()}), struct(targets)
    wrap = "List<{}>" if is_list else "{}"
    below = tuple(refuse.issue(f"Failed to convert '{name}': {e.type} to {targets[name]}") for name, e in bad.items())
    message = f"Failed to convert type: {wrap.format(actual)} to {wrap.format(expected)}"
    return Issue(message, position=refuse.position, issues=below)


# --- UPDATE and DELETE with WHERE ------------------------------------------------------------------------------


def _matching(node: syntax.Update | syntax.Delete, table: Table, context: Context) -> Callable:
    """The records of the rows that WHERE keeps."""
    columns = table_columns(table, node.table.name)
    scope = Scope(context, columns, True)
    condition = constant(BOOL, True)
    if node.where is not None:
        if has_aggregate(node.where):
            raise refusal(Issue("Can not use aggregated values in filtering", position=node.where.position))
        condition = check_condition(node.where, scope)
    points = keys.lookup(node.where, table, node.table.name, context)
    names = [column.name for column in columns]

    def records() -> Iterable[tuple]:
        found = context.transaction.scan(table.id).items() if points is None else points()
        for _, row in found:
            record = tuple([row.get(name) for name in names])
            if condition.evaluate(record):
                yield record

    return records


def _update(node: syntax.Update, context: Context) -> Change:
    path, table = _table(node.table, UPDATE, "Update", context, node.batch)
    position = node.table.position
    matching = _matching(node, table, context)
    scope = Scope(context, table_columns(table, node.table.name), True)
    fields = {name: check(value, scope) for name, value in node.assignments}
    if len(fields) != len(node.assignments):
        raise unsupported("an UPDATE that sets a column twice", node.position)
    for name in sorted(fields):
        if name in table.key:
            message = f"Cannot update primary key column: {name}"
            raise type_annotation(UPDATE, position, Issue(message, position=position))
    for name in sorted(fields):
        column = table.column(name)
        if name in context.database.columns_under_build(path):
            message = f"Column '{name}' is under the build operation '{context.absolute(path)}'."
            raise type_annotation(UPDATE, position, Issue(message, BAD_REQUEST, position))
        if column is None:
            message = f"Column '{name}' does not exist in table '{context.absolute(path)}'."
            raise type_annotation(UPDATE, position, Issue(message, BAD_REQUEST, position))
        if column.not_null and is_optional(fields[name].type):
            message = f"Can't set NULL or optional value to not null column: {name}"
            raise type_annotation(UPDATE, position, Issue(message, BAD_COLUMN_TYPE, position))
    _check_used_indexes({*fields, *table.key}, table, "UPDATE", position, context)
    refuse = _Refusals(f"db.[{context.absolute(path)}]", context.absolute(path), position)
    converted = _converted_row(fields, table, refuse)
    key = _key_fields(table, scope)
    return Change(
        "UPDATE ON", path, table, lambda: [_row(key | converted, record) for record in matching()],
        _returning(node, table),
    )  # fmt: skip


def _delete(node: syntax.Delete, context: Context) -> Change:
    path, table = _table(node.table, DELETE, "Delete", context, node.batch)
    matching = _matching(node, table, context)
    key = _key_fields(table, Scope(context, table_columns(table), True))
    return Change(
        "DELETE ON", path, table, lambda: [_row(key, record) for record in matching()], _returning(node, table)
    )


def _key_fields(table: Table, scope: Scope) -> Fields:
    return {name: scope.column(None, name, NOWHERE) for name in table.key}
