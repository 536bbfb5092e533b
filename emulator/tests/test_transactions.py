"""Transactions as YDB has them, each behaviour between two sessions of the SDK. Sources stand with the tests; `ut` is
ydb/core/kqp/ut, `session_actor` is ydb/core/kqp/session_actor/kqp_session_actor.cpp.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import ydb
from counting import counting_lines
from ydb import QuerySession as Session

from ydb_emulator import Emulator, session
from ydb_emulator.conformance import client
from ydb_emulator.request import execute as execute_text
from ydb_emulator.store.database import Database, Mode
from ydb_emulator.store.rows import TableId

SERIALIZABLE = ydb.QuerySerializableReadWrite
SNAPSHOT_RW = ydb.QuerySnapshotReadWrite
READ_ONLY = [ydb.QuerySnapshotReadOnly, ydb.QueryOnlineReadOnly, ydb.QueryStaleReadOnly]
WRITING = [SERIALIZABLE, SNAPSHOT_RW]

LOCKS_INVALIDATED = "Transaction locks invalidated. Table: `/local/t`."
SCHEME_CHANGED = "Scheme changed. Table: `/local/t`."


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def driver(emulator: Emulator) -> Iterator[ydb.Driver]:
    driver = client(f"127.0.0.1:{emulator.port}", "/local")
    yield driver
    driver.stop(timeout=1)


@pytest.fixture
def one(emulator: Emulator, driver: ydb.Driver) -> Iterator[Session]:
    """A session on a database with the rows (1, 10) and (2, 20)."""
    emulator.database.clear()
    session = ydb.QuerySession(driver).create()
    run(session, "CREATE TABLE t (id Int64 NOT NULL, n Int64, s Utf8, PRIMARY KEY (id))")
    run(session, "INSERT INTO t (id, n, s) VALUES (1, 10, 'a'u), (2, 20, 'b'u)")
    yield session
    session.delete()


@pytest.fixture
def other(driver: ydb.Driver) -> Iterator[Session]:
    session = ydb.QuerySession(driver).create()
    yield session
    session.delete()


def run(where: Session | ydb.QueryTxContext, text: str, **settings: object) -> list[tuple]:
    """The rows of the last result set."""
    with where.execute(text, **settings) as results:
        rows: list[tuple] = []
        for result in results:
            rows = [tuple(row.values()) for row in result.rows]
    return rows


def begun(session: Session, text: str, mode: type = SERIALIZABLE) -> ydb.QueryTxContext:
    """A transaction of a session that stays open after its first statement."""
    transaction = session.transaction(mode())
    run(transaction, text)
    return transaction


def message(error: pytest.ExceptionInfo[ydb.issues.Error]) -> str:
    return error.value.issues[0].message


# --- what a transaction sees -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [*WRITING, ydb.QuerySnapshotReadOnly])
def test_statements_read_one_moment(one: Session, other: Session, mode: type) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, SnapshotROInteractive1; kqp_snapshot_isolation_ut.cpp, TReadOnly."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 1", mode)
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    assert run(transaction, "SELECT n FROM t WHERE id = 1") == [(10,)]
    transaction.commit()
    assert run(one, "SELECT n FROM t WHERE id = 1") == [(11,)]


@pytest.mark.parametrize("mode", [ydb.QueryOnlineReadOnly, ydb.QueryStaleReadOnly])
def test_online_and_stale_statements_read_what_is_there(one: Session, other: Session, mode: type) -> None:
    """concepts/transactions.md: no consistency between reads of one transaction."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 1", mode)
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    assert run(transaction, "SELECT n FROM t WHERE id = 1") == [(11,)]


def test_online_reads_may_be_inconsistent(one: Session) -> None:
    mode = ydb.QueryOnlineReadOnly().with_allow_inconsistent_reads()
    assert run(one.transaction(mode), "SELECT n FROM t WHERE id = 1", commit_tx=True) == [(10,)]


def test_first_statement_takes_the_snapshot(one: Session, other: Session) -> None:
    """ydb/core/kqp/common/kqp_tx.cpp, NeedSnapshot: a query needs it, BeginTransaction does not."""
    transaction = one.transaction(SERIALIZABLE()).begin()
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    assert run(transaction, "SELECT n FROM t WHERE id = 1") == [(11,)]
    run(transaction, "UPDATE t SET n = 12 WHERE id = 1")
    transaction.commit()


@pytest.mark.parametrize("mode", WRITING)
def test_own_writes_are_read_and_nobody_elses_sees_them(one: Session, other: Session, mode: type) -> None:
    """ut/tx/kqp_sink_locks_ut.cpp, TUncommittedRead; kqp_snapshot_isolation_ut.cpp, TReadOwnChanges."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (3, 30)", mode)
    assert run(transaction, "SELECT n FROM t WHERE id = 3") == [(30,)]
    assert run(other, "SELECT n FROM t WHERE id = 3") == []
    transaction.commit()
    assert run(other, "SELECT n FROM t WHERE id = 3") == [(30,)]


@pytest.mark.parametrize("mode", READ_ONLY)
@pytest.mark.parametrize(
    ("statement", "operation"),
    [("UPSERT INTO t (id) VALUES (3)", "Upsert"), ("DELETE FROM t WHERE id = 1", "Delete")],
)
def test_read_only_mode_refuses_writes(one: Session, mode: type, statement: str, operation: str) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, SnapshotRO; text: yql_kikimr_provider.h, ApplyTableOperations."""
    with pytest.raises(ydb.issues.GenericError) as error:
        run(one.transaction(mode()), statement, commit_tx=True)
    assert message(error) == f"Operation '{operation}' can't be performed in read only transaction"


# --- conflicts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", ["SELECT n FROM t WHERE id = 1", "SELECT n FROM t", "SELECT COUNT(*) FROM t"])
def test_commit_fails_when_a_row_read_was_changed(one: Session, other: Session, read: str) -> None:
    """ut/tx/kqp_sink_locks_ut.cpp, TInvalidateOnCommit."""
    transaction = begun(one, read)
    run(transaction, "UPSERT INTO t (id, n) VALUES (3, 30)")
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    with pytest.raises(ydb.issues.Aborted) as error:
        transaction.commit()
    assert message(error) == LOCKS_INVALIDATED
    assert run(other, "SELECT id, n FROM t") == [(1, 11), (2, 20)]


def test_statement_with_commit_fails_too(one: Session, other: Session) -> None:
    """ut/tx/kqp_sink_locks_ut.cpp, TInvalidate."""
    transaction = begun(one, "UPSERT INTO t SELECT id + 10 AS id, n FROM t WHERE id = 1")
    run(other, "UPSERT INTO t (id, n) VALUES (1, 11)")
    with pytest.raises(ydb.issues.Aborted) as error:
        run(transaction, "UPSERT INTO t (id, n) VALUES (5, 50)", commit_tx=True)
    assert message(error) == LOCKS_INVALIDATED


def test_a_row_that_was_not_there_is_locked_as_well(one: Session, other: Session) -> None:
    """ut/tx/kqp_sink_locks_ut.cpp, TEmptyRange."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 3")
    run(other, "UPSERT INTO t (id, n) VALUES (3, 31)")
    with pytest.raises(ydb.issues.Aborted):
        run(transaction, "UPSERT INTO t (id, n) VALUES (3, 30)", commit_tx=True)
    assert run(other, "SELECT n FROM t WHERE id = 3") == [(31,)]


def test_writing_statement_fails_when_a_row_that_it_reads_was_changed(one: Session, other: Session) -> None:
    """session_actor, CheckTransactionLocks: "tx has effects, but locks are broken"."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 1")
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    with pytest.raises(ydb.issues.Aborted) as error:
        run(transaction, "UPDATE t SET n = n + 1 WHERE id = 1")
    assert message(error) == LOCKS_INVALIDATED
    with pytest.raises(ydb.issues.NotFound):
        run(transaction, "SELECT 1")


def test_writing_statement_on_other_rows_goes_on_until_commit(one: Session, other: Session) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, TLocksAbortOnCommit."""
    transaction = begun(one, "SELECT * FROM t")
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    run(transaction, "UPDATE t SET n = 21 WHERE id = 2")
    with pytest.raises(ydb.issues.Aborted):
        transaction.commit()


def test_other_rows_do_not_conflict(one: Session, other: Session) -> None:
    """ut/tx/kqp_sink_locks_ut.cpp, TDifferentKeyUpdate."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 1")
    run(other, "UPDATE t SET n = 21 WHERE id = 2")
    run(transaction, "UPDATE t SET n = n + 1 WHERE id = 1")
    transaction.commit()
    assert run(other, "SELECT id, n FROM t") == [(1, 11), (2, 21)]


@pytest.mark.parametrize("mode", [SERIALIZABLE, *READ_ONLY, SNAPSHOT_RW])
def test_a_transaction_that_only_reads_never_conflicts(one: Session, other: Session, mode: type) -> None:
    """session_actor, ExecutePhyTx: without effects its locks are rolled back."""
    transaction = begun(one, "SELECT * FROM t", mode)
    run(other, "UPDATE t SET n = 11 WHERE id = 1")
    run(transaction, "SELECT * FROM t")
    transaction.commit()


def test_blind_upserts_do_not_conflict(one: Session, other: Session) -> None:
    """concepts/transactions.md: only what a transaction reads is locked. Each writes the columns that it names."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11), (3, 30)")
    run(other, "UPSERT INTO t (id, s) VALUES (1, 'x'u), (3, 'y'u)")
    transaction.commit()
    assert run(other, "SELECT id, n, s FROM t") == [(1, 11, "x"), (2, 20, "b"), (3, 30, "y")]


def test_blind_upsert_of_a_row_deleted_meanwhile_makes_it_anew(one: Session, other: Session) -> None:
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11)")
    run(transaction, "UPSERT INTO t (id, n) VALUES (1, 12)")
    run(other, "DELETE FROM t WHERE id = 1")
    transaction.commit()
    assert run(other, "SELECT id, n, s FROM t WHERE id = 1") == [(1, 12, None)]


def test_insert_locks_its_key(one: Session, other: Session) -> None:
    """ut/tx/kqp_snapshot_isolation_ut.cpp, TSnapshotTwoInsert: ABORTED, not PRECONDITION_FAILED."""
    transaction = begun(one, "INSERT INTO t (id, n) VALUES (3, 30)")
    run(other, "INSERT INTO t (id, n) VALUES (3, 31)")
    with pytest.raises(ydb.issues.Aborted):
        transaction.commit()


@pytest.mark.parametrize("statement", ["UPSERT INTO t (id, n) VALUES (1, 12)", "UPDATE t SET n = 12 WHERE id = 1"])
def test_snapshot_writes_of_one_row_conflict(one: Session, other: Session, statement: str) -> None:
    """ut/tx/kqp_snapshot_isolation_ut.cpp, TConflictWriteOltp: a blind write as well."""
    transaction = begun(one, "SELECT 1", SNAPSHOT_RW)
    run(other, "UPSERT INTO t (id, n) VALUES (1, 11)")
    with pytest.raises(ydb.issues.Aborted):
        run(transaction, statement, commit_tx=True)
    assert run(other, "SELECT n FROM t WHERE id = 1") == [(11,)]


def test_snapshot_reads_take_no_locks(one: Session, other: Session) -> None:
    """ut/tx/kqp_snapshot_isolation_ut.cpp, TConflictReadWriteOltp."""
    transaction = begun(one, "SELECT * FROM t", SNAPSHOT_RW)
    run(other, "UPDATE t SET n = 21 WHERE id = 2")
    run(transaction, "UPSERT INTO t (id, n) VALUES (1, 11)", commit_tx=True)
    assert run(other, "SELECT id, n FROM t") == [(1, 11), (2, 21)]


# --- the schema changes meanwhile ------------------------------------------------------------------------------


def test_commit_fails_when_a_table_written_was_altered(one: Session, other: Session) -> None:
    """ut/effects/kqp_effects_ut.cpp, AlterDuringUpsertTransaction."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11)")
    run(other, "ALTER TABLE t ADD COLUMN c Int32")
    with pytest.raises(ydb.issues.Aborted) as error:
        transaction.commit()
    assert message(error) == SCHEME_CHANGED
    assert run(other, "SELECT n FROM t WHERE id = 1") == [(10,)]


def test_altered_table_may_be_written_again_but_not_committed(one: Session, other: Session) -> None:
    """ut/effects/kqp_effects_ut.cpp, AlterAfterUpsertBeforeUpsertTransaction."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11); SELECT * FROM t WHERE id = 1")
    run(other, "ALTER TABLE t ADD COLUMN c Int32")
    run(transaction, "UPSERT INTO t (id, n) VALUES (1, 12)")
    with pytest.raises(ydb.issues.Aborted):
        transaction.commit()


def test_altered_table_may_not_be_read_after_a_write(one: Session, other: Session) -> None:
    """ut/effects/kqp_effects_ut.cpp, AlterAfterUpsertBeforeUpsertSelectTransaction."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11)")
    run(other, "ALTER TABLE t ADD COLUMN c Int32")
    with pytest.raises(ydb.issues.Aborted):
        run(transaction, "UPSERT INTO t (id, n) VALUES (1, 12); SELECT * FROM t WHERE id = 1")


def test_altered_table_may_not_be_read_again(one: Session, other: Session) -> None:
    """The older rows under the newer schema: what YDB does is not known."""
    transaction = begun(one, "SELECT n FROM t WHERE id = 1")
    run(other, "ALTER TABLE t DROP COLUMN s")
    with pytest.raises(ydb.issues.Unsupported, match="a read of rows older than the schema of their table"):
        run(transaction, "SELECT n FROM t WHERE id = 1")


def test_a_statement_is_checked_against_the_schema_of_its_moment(one: Session, other: Session) -> None:
    """session_actor, CompileQuery: every query is compiled, or a compiled one checked, against the schema of now."""
    transaction = begun(one, "SELECT 1")
    run(other, "CREATE TABLE u (id Int64, PRIMARY KEY (id))")
    run(transaction, "UPSERT INTO u (id) VALUES (1)")
    run(other, "DROP TABLE t")
    with pytest.raises(ydb.issues.SchemeError, match="Cannot find table"):
        run(transaction, "SELECT * FROM t")


def test_commit_fails_when_a_table_written_was_dropped(one: Session, other: Session) -> None:
    """Words and status are not known."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (1, 11)")
    run(other, "DROP TABLE t")
    run(other, "CREATE TABLE t (id Int64, n Int64, PRIMARY KEY (id))")
    with pytest.raises(ydb.issues.Unsupported, match="a commit of rows of a table that was dropped meanwhile"):
        transaction.commit()
    assert run(other, "SELECT * FROM t") == []


def test_other_tables_schema_does_not_matter(one: Session, other: Session) -> None:
    transaction = begun(one, "UPDATE t SET n = 11 WHERE id = 1")
    run(other, "CREATE TABLE u (id Int64, PRIMARY KEY (id))")
    run(other, "ALTER TABLE u ADD COLUMN c Int32")
    transaction.commit()
    assert run(other, "SELECT n FROM t WHERE id = 1") == [(11,)]


# --- the life of a transaction ---------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["INSERT INTO t (id, n) VALUES (1, 1)", "SELECT nope FROM t", "SELECT"])
def test_failed_statement_ends_the_transaction(one: Session, statement: str) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, TInvalidateOnError."""
    transaction = begun(one, "UPSERT INTO t (id, n) VALUES (3, 30)")
    id = transaction.tx_id
    with pytest.raises((ydb.issues.PreconditionFailed, ydb.issues.GenericError)):
        run(transaction, statement)
    with pytest.raises(ydb.issues.NotFound) as error:
        run(transaction, "SELECT 1")
    assert message(error) == f"Transaction not found: {id}"
    assert run(one, "SELECT n FROM t WHERE id = 3") == []


def test_transaction_is_gone_after_commit(one: Session) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, TExplicitTcl."""
    first, second = begun(one, "SELECT 1"), begun(one, "SELECT 1")
    second._tx_state.tx_id = first.tx_id  # the SDK sends nothing for one that it knows to be over
    first.commit()
    with pytest.raises(ydb.issues.NotFound):
        second.commit()


def test_a_request_without_transaction_is_one_of_its_own(one: Session) -> None:
    """ut/service/kqp_qs_queries_ut.cpp, implicit transactions: all of a request's statements, or none."""
    with pytest.raises(ydb.issues.PreconditionFailed):
        run(one, "UPSERT INTO t (id, n) VALUES (3, 30); INSERT INTO t (id, n) VALUES (1, 1)")
    run(one, "UPSERT INTO t (id, n) VALUES (4, 40); UPDATE t SET n = n + 1 WHERE id = 4")
    assert run(one, "SELECT id, n FROM t WHERE id > 2") == [(4, 41)]


def test_a_session_has_transactions_side_by_side(one: Session) -> None:
    """ut/tx/kqp_sink_tx_ut.cpp, TLocksAbortOnCommit: both of one session."""
    first, second = (begun(one, f"UPDATE t SET n = n + 1 WHERE id = {id}") for id in (1, 2))
    second.commit()
    first.rollback()
    assert run(one, "SELECT n FROM t") == [(10,), (21,)]


def test_idle_transaction_makes_room(one: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """ydb/core/kqp/common/kqp_tx.h, RemoveOldTransactions; kqp_default_settings.txt: 10 of them, 300 seconds."""
    transactions = [begun(one, "SELECT 1") for _ in range(session.MAX_TRANSACTIONS)]
    monkeypatch.setattr(session, "TRANSACTION_IDLE_TIMEOUT", -1.0)
    run(transactions[0], "SELECT 1")
    newest = begun(one, "SELECT 1")
    with pytest.raises(ydb.issues.NotFound):
        run(transactions[1], "SELECT 1")
    for transaction in (transactions[0], newest):
        assert run(transaction, "SELECT 1") == [(1,)]


def test_one_transaction_too_many_ends_the_session(one: Session) -> None:
    """session_actor, BeginTx."""
    transactions = [begun(one, "SELECT 1") for _ in range(session.MAX_TRANSACTIONS)]
    with pytest.raises(ydb.issues.BadSession) as error:
        begun(one, "SELECT 1")
    assert message(error) == "Too many transactions, current active: 10 MaxTxPerSession: 10"
    with pytest.raises(ydb.issues.BadSession):
        run(transactions[0], "SELECT 1")


# --- cost ------------------------------------------------------------------------------------------------------


def test_commits_cost_the_same_whatever_went_before() -> None:
    """With a transaction open all the while, which would need a record of commits if there were one."""
    database = Database()
    execute_text(database, "CREATE TABLE t (id Int64, n Int64, PRIMARY KEY (id))", {})
    reader = database.begin(Mode.SNAPSHOT_RO)

    def commit(times: int) -> None:
        for number in range(times):
            transaction = database.begin()
            transaction.write(TableId(1), {(number % 50,): {"id": number % 50, "n": number}})
            database.commit(transaction)

    def cost() -> int:
        with counting_lines() as count:
            commit(100)
        return count.number

    commit(50)
    first = cost()
    commit(5_000)
    assert cost() < 1.1 * first
    database.rollback(reader)


@pytest.mark.parametrize("read", ["SELECT n FROM t WHERE id = 5", "SELECT COUNT(*) FROM t"])
def test_row_that_came_and_went_is_a_change(one: Session, other: Session, read: str) -> None:
    """A lock is broken by any write to what it covers (concepts/transactions.md), not by what is left of it."""
    transaction = begun(one, read)
    run(other, "INSERT INTO t (id, n) VALUES (5, 50)")
    run(other, "DELETE FROM t WHERE id = 5")
    with pytest.raises(ydb.issues.Aborted) as refused:
        run(transaction, "UPSERT INTO t (id, n) VALUES (9, 90)")
        transaction.commit()
    assert message(refused) == LOCKS_INVALIDATED
