"""One query text, from words to rows: parsed, checked against the catalog, run.

Source of the rules on what may stand together: ydb-behaviour §5 (ydb/core/kqp/ut/service/kqp_qs_queries_ut.cpp).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from . import show
from .check.actions import Block, expanded
from .check.changes import ChangeStatement, check_change
from .check.context import ANONYMOUS, STANDARD_IN, Context
from .check.names import define
from .check.once import Kept
from .check.parts import nodes
from .check.pragmas import pragma
from .check.queries import check_query
from .check.schema import SchemeStatement, check_schema
from .check.schema import executed as asked
from .check.schema.create_as import check_company, is_create_as
from .check.schema.tables import read_create_table
from .check.scope import Scope
from .check.stores import check_uses
from .check.translation import fault, translated
from .check.typenames import resolve_type
from .errors import PRECONDITION_FAILED, TERMINATED, Issue, Status, YdbError, refusal, unsupported
from .plan import Change, CreateTable, Expr, Operation, Record, Relation, constant
from .result import ResultSet
from .run import changes, schema
from .run.schema import executed as ran
from .store.accounts import ADMINS
from .store.catalog import Table, View
from .store.database import Database, Transaction
from .types import INTEGERS, STRING, UTF8, List, Optional, Type, Value
from .wire import check_encodable
from .yql import syntax
from .yql.parser import parse

__all__ = ["Parameter", "ResultSet", "execute", "prepare"]

_REMEMBERED_TEXT = 10_000
_parsed = functools.lru_cache(maxsize=256)(parse)
"""A tree never changes: a statement that comes again is not read again, as YDB keeps what it compiled."""

_ALONE = SchemeStatement | ChangeStatement | syntax.Pragma | syntax.Declare
"""What an action here doesn't hold."""
_DATA = syntax.SelectStatement | syntax.ShowCreate | ChangeStatement


@dataclass(frozen=True)
class Parameter:
    type: Type
    value: Value


def execute(
    database: Database,
    text: str,
    parameters: dict[str, Parameter],
    transaction: Transaction | None = None,
    user: str | None = None,
    is_query_service: bool = True,
) -> tuple[ResultSet, ...]:
    """Run a query text and return the result set of each of its SELECT and RETURNING statements.

    `parameters` are by name, without the dollar sign. Without a `transaction` the request commits by itself, and only
    then may it hold scheme statements. `user` is who asks, None somebody without a login. `is_query_service` is whether
    it came by that service; the table service has that pragma off. Raises YdbError; the caller rolls an explicit
    transaction back after one.
    """
    script = _without_blocks(_read(text, database))
    given = {name: constant(p.type, p.value) for name, p in parameters.items()}
    _check_create_as(script, transaction, database)
    if _has_scheme_statements(script, set(given)):
        if transaction is not None:
            message = "Scheme operations cannot be executed inside transaction"
            raise refusal(Issue(message, PRECONDITION_FAILED))
        _execute_scheme(script, database, given, user, is_query_service)
        return ()
    _check_batch(script, transaction, database)
    limited, pragmas = _limited(user, database), _pragmas(is_query_service)
    if transaction is not None:
        context = Context(database, transaction, dict(given), given, limited, pragmas=pragmas)
        with _computed(script, is_query_service):
            return _execute_data(script, context)
    implicit = database.begin()
    try:
        context = Context(database, implicit, dict(given), given, limited, pragmas=pragmas)
        with _computed(script, is_query_service):
            results = _execute_data(script, context)
        if any(isinstance(statement, ChangeStatement) for statement in script.statements):
            check_encodable(results)
    except BaseException:
        database.rollback(implicit)
        raise
    database.commit(implicit)
    return results


@contextmanager
def _computed(script: syntax.Script, is_query_service: bool) -> Iterator[None]:
    """Raises UNSUPPORTED for an expression that fails in a query of the table service that reads no table.

    There YDB computes it before the transaction, and has another status for it, whose words aren't known
    (ydb/core/kqp/executer_actor/kqp_literal_executer.cpp; GetPhyTxType in kqp_opt_build_txs.cpp).
    """
    try:
        yield
    except YdbError as error:
        if (
            not is_query_service
            and error.issues[0].message.startswith(TERMINATED)
            and not _reads_table(script.statements)
        ):
            raise unsupported("an expression that fails in such a query of the table service") from None
        raise


def prepare(database: Database, text: str, user: str | None = None) -> dict[str, Type]:
    """The parameters that a query text of the table service declares, by name without the dollar sign.

    The text is checked against the catalog as if it were run, and nothing is. Raises what `execute` raises before it
    runs, and UNSUPPORTED where that may be due to what stands for a parameter.
    """
    script = _without_blocks(_read(text, database))
    if _has_scheme_statements(script, set()):
        raise unsupported("scheme statements in a prepared query")
    types, asked = _declared(script), list[Type]()
    given = {name: _parameter(type, asked) for name, type in types.items()}
    transaction = database.begin()
    transaction.is_data_query = True
    try:
        _check_batch(script, transaction, database)
        limited = _limited(user, database)
        context = Context(database, transaction, dict(given), given, limited, pragmas=_pragmas(is_query_service=False))
        _check_data(script, context)
    except YdbError:
        if asked:
            raise unsupported(f"a prepared query whose checks ask for the value of a {asked[0]}") from None
        raise
    finally:
        database.rollback(transaction)
    return types


def _parameter(type: Type, asked: list[Type]) -> Expr:
    """What stands for a parameter of a prepared query: a check that asks for its value gets an empty one, and is noted
    in `asked`."""

    def evaluate(_: Record) -> Value:
        asked.append(type)
        match type:
            case _ if type in INTEGERS:
                return 0
            case _ if type == UTF8:
                return ""
            case _ if type == STRING:
                return b""
            case List():
                return ()
            case Optional():
                return None
        raise unsupported(f"a prepared query whose checks ask for the value of a {type}")

    return Expr(type, evaluate)


def declared(database: Database, text: str) -> dict[str, Type]:
    """The types of the parameters that a query text declares, by name without the dollar sign."""
    return _declared(_read(text, database))


def _declared(script: syntax.Script) -> dict[str, Type]:
    found = (one for one in script.statements if isinstance(one, syntax.Declare) and one.default is None)
    return {one.name: resolve_type(one.type) for one in found}


def _read(text: str, database: Database) -> syntax.Script:
    try:
        return _parsed(text) if len(text) <= _REMEMBERED_TEXT else parse(text)
    except YdbError as error:
        if error.status is not Status.UNSUPPORTED and database.line.has("newer YQL"):
            raise unsupported("YQL that is none on YDB 26.2, on a newer line") from None
        raise


def _pragmas(is_query_service: bool) -> frozenset[str]:
    """Those that are on by themselves; the table service has fewer (kqp_translate.cpp)."""
    return Context.pragmas if is_query_service else Context.pragmas - {STANDARD_IN, "ansicurrentrow"}


def _without_blocks(script: syntax.Script) -> syntax.Script:
    """The statements of `DO BEGIN … END DO` where they stand, if they make no names of their own.

    Raises UNSUPPORTED for scheme statements in other blocks.
    """
    if not any(isinstance(statement, Block) for statement in script.statements):
        return script
    statements: list[syntax.Statement] = []
    for statement in script.statements:
        inside = (statement.statements or ()) if isinstance(statement, syntax.Do) else ()
        if inside and all(isinstance(one, SchemeStatement | _DATA) for one in inside):
            statements.extend(inside)
        elif isinstance(statement, Block) and any(isinstance(node, _ALONE) for node in nodes(statement)):
            raise unsupported("such statements in an action", statement.position)
        else:
            statements.append(statement)
    if len({isinstance(one, SchemeStatement) for one in statements if isinstance(one, SchemeStatement | _DATA)}) > 1:
        raise unsupported("DO with data and scheme statements in one request", script.statements[0].position)
    return replace(script, statements=tuple(statements))


def _check_create_as(script: syntax.Script, transaction: Transaction | None, database: Database) -> None:
    """CREATE TABLE … AS is refused beside others before the query processor looks at any of them."""
    if not any(map(is_create_as, script.statements)):
        return
    for statement in script.statements:
        if isinstance(statement, syntax.CreateTable):
            read_create_table(statement, database.line)
    acting = [statement for statement in script.statements if isinstance(statement, SchemeStatement | _DATA)]
    check_company(acting, transaction is not None, database.line)


def _has_scheme_statements(script: syntax.Script, given: set[str]) -> bool:
    has_scheme = any(isinstance(statement, SchemeStatement) for statement in script.statements)
    has_data = any(isinstance(statement, _DATA) for statement in script.statements)
    if has_scheme and has_data:
        message = (
            "Queries with mixed data and scheme operations are not supported. "
            "Use separate queries for different types of operations."
        )
        raise fault(script, given) or refusal(Issue(message))
    return has_scheme


def _check_batch(script: syntax.Script, transaction: Transaction | None, database: Database) -> None:
    """BATCH UPDATE and BATCH DELETE: without a transaction, and alone.

    Source: ydb/core/kqp/ut/batch_operations/kqp_batch_update_ut.cpp, kqp_batch_delete_ut.cpp.
    """
    writes = [statement for statement in script.statements if isinstance(statement, syntax.Update | syntax.Delete)]
    batch = next((statement for statement in writes if statement.batch), None)
    if batch is None:
        return
    if not database.line.has("EnableBatchUpdates"):
        # Source: ValidateBatchOperation in ydb/core/kqp/opt/kqp_opt_kql.cpp. The grammar has BATCH since January 2025.
        raise refusal(Issue("BATCH operations are not supported at the current time.", PRECONDITION_FAILED))
    if batch.returning is not None:
        kind = "UPDATE" if isinstance(batch, syntax.Update) else "DELETE"
        raise refusal(Issue(f"BATCH {kind} is unsupported with RETURNING", position=batch.position))
    if transaction is not None:
        message = "BATCH operation can be executed only in the implicit transaction mode."
        raise refusal(Issue(message, PRECONDITION_FAILED))
    if sum(isinstance(statement, _DATA) for statement in script.statements) > 1 or _reads_table(script.statements):
        raise refusal(Issue("BATCH can't be used with multiple writes or reads.", position=batch.position))


def _reads_table(node: object) -> bool:
    if isinstance(node, tuple):
        return any(map(_reads_table, node))
    if isinstance(node, syntax.TableSource):
        return True
    return isinstance(node, syntax.Node) and any(map(_reads_table, vars(node).values()))


def _limited(user: str | None, database: Database) -> str | None:
    """A user whose rights have to be looked at."""
    return None if user is None or ADMINS in database.accounts.subjects(user) else user


def _execute_scheme(
    script: syntax.Script, database: Database, given: dict[str, Expr], user: str | None, is_query_service: bool
) -> None:
    """Every statement is checked against the schema from before the request, then all run in order.

    The table service makes a table again that is there as it is to be: ydb/core/kqp/executer_actor/
    kqp_scheme_executer.cpp, test_create_table_if_it_is_created_success in ydb/tests/functional/scheme_tests.
    """
    reads = database.begin()
    try:
        context = Context(database, reads, dict(given), given, _limited(user, database))
        operations = []
        with translated(script, set(given)):
            for statement in script.statements:
                if isinstance(statement, SchemeStatement):
                    operation = _checked(statement, context)
                    if isinstance(operation, CreateTable) and not is_query_service:
                        operation = replace(operation, if_not_exists=True)
                    operations.append(operation)
                else:
                    _define(statement, context)
        for operation in operations:
            if operation is not None:
                _carry_out(operation, database, user)
    finally:
        database.rollback(reads)


def _checked(statement: SchemeStatement, context: Context) -> Operation | None:
    try:
        return check_schema(statement, context)
    except YdbError as error:
        raise asked.told(error, statement, context.database.line) from None


def _carry_out(operation: Operation, database: Database, user: str | None) -> None:
    try:
        schema.apply(operation, database, user)
    except YdbError as error:
        raise ran.told(error, operation, database) from None


def _execute_data(script: syntax.Script, context: Context) -> tuple[ResultSet, ...]:
    """Every statement is checked before the first one runs; later ones see what earlier ones wrote."""
    results = (_run(step, context) for step in _check_data(script, context))
    return tuple(result for result in results if result is not None)


def _check_data(script: syntax.Script, context: Context) -> list[_Step]:
    steps: list[_Step] = []
    acting = [statement for statement in script.statements if isinstance(statement, _DATA)]
    if len(acting) > 1 and (shown := [one for one in acting if isinstance(one, syntax.ShowCreate)]):
        raise unsupported("SHOW CREATE beside other statements", shown[0].position)
    with translated(script, set(context.parameters)):
        for statement in script.statements:
            _check_statement(statement, context, steps)
    check_uses(context)
    context.check_rights()
    return steps


def _check_statement(statement: syntax.Statement, context: Context, steps: list[_Step]) -> None:
    """Add what a statement runs, or those that it stands for."""
    if isinstance(statement, Block):
        for inside, inner in expanded(statement, context):
            _check_statement(inside, inner, steps)
    elif isinstance(statement, syntax.SelectStatement):
        query, is_discarded = _without_discard(statement.query)
        if is_discarded and not context.database.line.has("DISCARD"):
            raise unsupported("DISCARD on this line", statement.position)
        relation = check_query(query, context)
        steps.append(Discarded(relation) if is_discarded else relation)
    elif isinstance(statement, syntax.ShowCreate):
        steps.append(_show_create(statement, context))
    elif isinstance(statement, ChangeStatement):
        steps.append(check_change(statement, context))
    elif (kept := _define(statement, context)) is not None:
        steps.append(kept)


@dataclass(frozen=True)
class Discarded:
    """DISCARD SELECT: a query that runs and gives no result set."""

    relation: Relation


_Step = Change | Relation | Discarded | Kept


def _without_discard(query: syntax.Query) -> tuple[syntax.Query, bool]:
    """A query without the word DISCARD before it, and whether it was there."""
    match query:
        case syntax.SetOperation():
            left, is_discarded = _without_discard(query.left)
            if getattr(query.right, "discard", False):
                message = "DISCARD within UNION ALL is only allowed before first subquery"
                raise refusal(Issue(message, position=query.right.position))
            return replace(query, left=left), is_discarded
        case syntax.Select(discard=True):
            return replace(query, discard=False), True
    return query, False


def _run(step: Change | Relation | Discarded | Kept, context: Context) -> ResultSet | None:
    if isinstance(step, Kept):
        step.begin()
        return None
    if isinstance(step, Discarded):
        for _ in step.relation.rows():
            pass
        return None
    if isinstance(step, Change):
        return changes.apply(step, context.database, context.transaction)
    return ResultSet(step.columns, tuple(step.rows()))


def _show_create(node: syntax.ShowCreate, context: Context) -> Relation:
    if not context.database.line.has("SHOW CREATE"):
        raise unsupported("SHOW CREATE on this line", node.position)  # refused before 25.3, in unknown words
    if not context.database.line.has("EnableShowCreate"):
        # Source: StartScan in ydb/core/sys_view/show_create/show_create.cpp.
        raise YdbError(Status.SCHEME_ERROR, Issue("Sys view is not supported: show_create"))
    path, entry = context.entry(node.table)
    match node.kind, entry:
        case "TABLE", Table():
            text = show.create_table(
                path, entry, context.absolute(path), lambda column: context.database.numbers(entry.id, column)
            )
        case "VIEW", View():
            text = show.create_view(path, entry)
        case _:
            raise unsupported("SHOW CREATE of what is not there", node.table.position)  # YDB's words are not known
    columns = tuple((column, Optional(UTF8)) for column in ("Path", "PathType", "CreateQuery"))
    return Relation(columns, lambda: [(path, node.kind.capitalize(), text)])


def _define(statement: syntax.Statement, context: Context) -> Kept | None:
    """Statements that run nothing: they give names and settings to those after them. A named query is returned."""
    match statement:
        case syntax.Pragma():
            pragma(statement, context)
        case syntax.Use(cluster):
            if cluster != "db":  # sql_ut_common.h (KikimrCaseSensitive); "db" is the name in missing_table's text
                raise refusal(Issue(f"Unknown cluster: {cluster}", position=statement.position))
        case syntax.Declare(name, written, None):
            _declare(statement, name, resolve_type(written), context)
        case syntax.NamedExpression():
            return define(statement, Scope(context))
        case syntax.Commit():
            raise refusal(Issue("COMMIT not supported inside YDB query", position=statement.position))
        case syntax.Rollback():
            raise refusal(Issue("ROLLBACK not supported inside YDB query", position=statement.position))
        case syntax.Unsupported(what):
            raise unsupported(what, statement.position)
        case _:
            raise unsupported(f"{type(statement).__name__} statements", statement.position)
    return None


def _declare(node: syntax.Declare, name: str, type: Type, context: Context) -> None:
    """An optional parameter without a value is NULL.

    Source of the texts: ydb/core/kqp/provider, parameter checks; of the first yql/essentials/sql/v1/sql_ut_common.h
    (AnonymousNames); of the rule ydb/core/kqp/ut/query/kqp_params_ut.cpp (MissingOptionalParameter).
    """
    if name == ANONYMOUS:
        message = "Can not use anonymous name '$_' in DECLARE statement"
        raise refusal(Issue(message, position=node.position))
    given = context.parameters.get(name)
    if given is None and isinstance(type, Optional):
        context.binds[name] = constant(type, None)
        return
    if given is None:
        raise refusal(Issue(f"Missing value for parameter: ${name}", 2017, node.position))
    if given.type != type:
        message = f"Parameter ${name} type mismatch, expected: {type}, actual: {given.type}"
        raise refusal(Issue(message, 2017, node.position))
