"""What holds for any schema and any run of changes, tried on those that Hypothesis makes up.

The examples are the same in each run; more of them, others each time: HYPOTHESIS_PROFILE=search.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ydb_emulator import request
from ydb_emulator.errors import Status, YdbError
from ydb_emulator.store.catalog import Table
from ydb_emulator.store.database import Database, Transaction
from ydb_emulator.store.rows import TableId

settings.register_profile(
    "same", derandomize=True, database=None, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)
settings.register_profile("search", settings.get_profile("same"), derandomize=False, max_examples=3_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Hypothesis looks whether the state of `random` has changed while it draws. A driver's thread that a test before has
# left to its end may change it meanwhile; the strategies here do not.
pytestmark = pytest.mark.filterwarnings(r"ignore:Do not use the `random` module inside strategies")


def run(database: Database, text: str, transaction: Transaction | None = None) -> list[tuple]:
    """The rows of the last result set."""
    results = request.execute(database, text, {}, transaction)
    return list(results[-1].rows) if results else []


# --- schemas ---------------------------------------------------------------------------------------------------

KEY_TYPES = [
    "Int64",
    "Uint32",
    "Utf8",
    "String",
    "Uuid",
    "Date",
    "Timestamp",
    "Bool",
    "Int8",
    "Decimal(22,9)",
    "Datetime64",
]
DEFAULTS = {
    "Int64": "-5",
    "Uint32": "7",
    "Utf8": "'it\\'s'u",
    "String": "'a\\\\b'",
    "Bool": "true",
    "Double": "1.5",
    "Date": "Date('2020-02-29')",
    "Timestamp": "Timestamp('2020-02-29T01:02:03.000004Z')",
    "Interval": "Interval('P1DT2H')",
    "Json": "'{\"a\":1}'j",
    "Decimal(22,9)": "Decimal('1.25', 22, 9)",
    "Uuid": "Uuid('f9d5cc3f-f1dc-4d9c-b97e-766e57ca4ccb')",
}
FEED = "FORMAT = 'JSON', MODE = 'UPDATES', RETENTION_PERIOD = Interval('PT5H')"
TYPES = [*KEY_TYPES, "Int16", "Uint64", "Double", "Float", "Interval", "Json", "JsonDocument", "DyNumber", "Yson"]
INDEXED = {"Int64", "Uint32", "Utf8", "String", "Date", "Timestamp", "Bool"}
NAMES = st.sampled_from(["a", "b", "c", "d", "Case", "order", "select", "a-b", "list", "__x"])


@st.composite
def columns(draw: st.DrawFn, name: str, type: str, families: bool) -> str:
    parts = [f"`{name}` {type}"]
    if families and draw(st.booleans()):
        parts.append("FAMILY cold")
    if draw(st.booleans()):
        parts.append("NOT NULL")
    if type in DEFAULTS and draw(st.booleans()):
        parts.append(f"DEFAULT {DEFAULTS[type]}")
    return " ".join(parts)


@st.composite
def indexes(draw: st.DrawFn, types: dict[str, str]) -> list[str]:
    can_be_indexed = [name for name, type in types.items() if type in INDEXED]
    made = []
    for number in range(draw(st.integers(0, 2)) if can_be_indexed else 0):
        on = draw(st.lists(st.sampled_from(can_be_indexed), min_size=1, max_size=2, unique=True))
        cover = draw(st.lists(st.sampled_from(list(types)), max_size=2, unique=True))
        kind = draw(st.sampled_from(["GLOBAL", "GLOBAL SYNC", "GLOBAL ASYNC", "GLOBAL UNIQUE SYNC"]))
        covered = [name for name in cover if name not in on]
        made.append(f"INDEX i{number} {kind} ON ({_quoted(on)})" + (f" COVER ({_quoted(covered)})" if covered else ""))
    return made


def settings_of(types: dict[str, str]) -> st.SearchStrategy[list[str]]:
    # YDB prints the column of a TTL without quotes (create_table_formatter.cpp): it is one that needs none.
    timed = [name for name in "abcd" if types.get(name) in ("Date", "Timestamp", "Datetime64")]
    known = [
        "AUTO_PARTITIONING_BY_LOAD = ENABLED",
        "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 4",
        "KEY_BLOOM_FILTER = ENABLED",
        'READ_REPLICAS_SETTINGS = "PER_AZ:1"',
        *(f"TTL = Interval('P3DT{ord(name)}M') ON `{name}`" for name in timed),
    ]
    return st.lists(st.sampled_from(known), unique_by=lambda setting: setting.partition(" ")[0], max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> list[str]:
    """The statements that make a table `t` with all that belongs to it."""
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    families = draw(st.booleans())
    types = {name: draw(st.sampled_from(TYPES)) for name in names}
    keys = {f"k{number}": draw(st.sampled_from(KEY_TYPES)) for number in range(draw(st.integers(1, 3)))}
    is_serial = draw(st.booleans())
    if is_serial:
        keys["k0"] = draw(st.sampled_from(["Serial", "BigSerial", "SmallSerial"]))
    entries = [f"{name} {type} NOT NULL" for name, type in keys.items()]
    entries += [draw(columns(name, type, families)) for name, type in types.items()]
    entries += draw(indexes(types))
    if families:
        entries.append('FAMILY cold (COMPRESSION = "lz4")')
    options = draw(settings_of(types))
    statement = f"CREATE TABLE t ({', '.join([*entries, f'PRIMARY KEY ({_quoted(list(keys))})'])})"
    made = [statement + (f" WITH ({', '.join(options)})" if options else "")]
    if draw(st.booleans()):
        made.append(f"ALTER TABLE t ADD CHANGEFEED feed WITH ({FEED})")
    if is_serial and draw(st.booleans()):
        made.append(f"ALTER SEQUENCE `/local/t/_serial_column_k0` START WITH {draw(st.integers(1, 9))} INCREMENT 2")
    return made


def _quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table_of(database: Database) -> Table:
    """A table as it is in the catalog, but how it came about; YDB prints a feed's defaults, too."""
    table = database.state.catalog["t"]
    assert isinstance(table, Table)
    return replace(table, id=TableId(0), version=0, changefeeds=())


@given(tables())
def test_what_show_create_prints_makes_the_same_table(statements: list[str]) -> None:
    """docs: yql/reference/syntax/show_create.md: the statement that recreates the table."""
    one, other = Database(), Database()
    for statement in statements:
        run(one, statement)
    shown = _shown(one)
    for statement in _statements(shown):
        run(other, statement)
    assert table_of(other) == table_of(one)
    assert _shown(other) == shown


def _shown(database: Database) -> str:
    [result] = request.execute(database, "SHOW CREATE TABLE t", {})
    [row] = result.rows
    return str(dict(zip([name for name, _ in result.columns], row, strict=True))["CreateQuery"])


def _statements(shown: str) -> list[str]:
    return [statement for statement in shown.split(";\n") if statement.strip()]


# --- rows ------------------------------------------------------------------------------------------------------

PAIRS = (
    "CREATE TABLE t (id Int64 NOT NULL, n Int64, s Utf8, PRIMARY KEY (id), "
    "INDEX by_n GLOBAL ON (n) COVER (s), INDEX by_s GLOBAL ON (s, n))"
)
FILLED = "UPSERT INTO t (id, n, s) VALUES (1, 10, 'a'u), (2, 20, 'b'u), (3, NULL, 'a'u)"
ids, numbers = st.integers(1, 4), st.one_of(st.none(), st.integers(-2, 3))


def written(number: int | None) -> str:
    return "NULL" if number is None else str(number)


changes = st.one_of(
    st.builds(lambda id, n: f"UPSERT INTO t (id, n) VALUES ({id}, {written(n)})", ids, numbers),
    st.builds(lambda id, n: f"INSERT INTO t (id, n, s) VALUES ({id}, {written(n)}, 'c'u)", ids, numbers),
    st.builds(lambda id: f"REPLACE INTO t (id, s) VALUES ({id}, 'd'u)", ids),
    st.builds(lambda id, n: f"UPDATE t SET n = n + {n} WHERE id = {id}", ids, st.integers(1, 3)),
    st.builds(lambda n: f"UPDATE t SET s = CAST(n AS Utf8) WHERE n > {n}", st.integers(-1, 20)),
    st.builds(lambda id: f"DELETE FROM t WHERE id = {id}", ids),
    st.builds(lambda n: f"DELETE FROM t WHERE n = {n}", st.integers(-2, 20)),
    st.builds(lambda id: f"UPSERT INTO t SELECT id + {id} AS id, n FROM t WHERE id < 3", ids),
)
reads = st.one_of(
    st.builds(lambda id: f"SELECT n, s FROM t WHERE id = {id}", ids),
    st.builds(lambda n: f"SELECT id FROM t VIEW by_n WHERE n = {n} ORDER BY id", st.integers(-2, 20)),
    st.just("SELECT COUNT(*), SUM(n) FROM t"),
)


def filled() -> Database:
    database = Database()
    run(database, PAIRS)
    run(database, FILLED)
    return database


def rows(database: Database) -> list[tuple]:
    return run(database, "SELECT id, n, s FROM t ORDER BY id")


@given(st.lists(changes, max_size=12))
def test_an_index_holds_what_its_table_holds(statements: list[str]) -> None:
    """docs: concepts/secondary_indexes.md, a synchronous index is consistent with its table."""
    database = filled()
    for statement in statements:
        try:
            run(database, statement)
        except YdbError as error:
            assert error.status is Status.PRECONDITION_FAILED  # INSERT of a key that is there
    for view in ("by_n", "by_s"):
        assert run(database, f"SELECT id, n, s FROM t VIEW {view} ORDER BY id") == rows(database)
        for id, n, s in rows(database):
            found = run(database, f"SELECT id FROM t VIEW {view} WHERE n {_is(n)} AND s {_is(s)}")
            assert (id,) in found


def _is(value: object) -> str:
    return "IS NULL" if value is None else f"= {value}" if isinstance(value, int) else f"= '{value}'u"


@given(st.lists(changes, max_size=6))
def test_an_upsert_of_what_was_read_changes_nothing(statements: list[str]) -> None:
    """docs: yql/reference/syntax/upsert_into.md: columns of rows that are there take the new values."""
    database = filled()
    for statement in statements:
        try:
            run(database, statement)
        except YdbError:
            pass
    before = rows(database)
    run(database, "UPSERT INTO t SELECT * FROM t")
    run(database, "UPDATE t SET n = n, s = s")
    assert rows(database) == before


Step = tuple[bool, str]


@given(st.lists(st.tuples(st.booleans(), st.one_of(changes, reads)), min_size=2, max_size=8))
def test_two_transactions_that_commit_are_as_if_one_came_after_the_other(steps: list[Step]) -> None:
    """docs: concepts/transactions.md, Serializable: the result is that of some serial execution."""
    database = filled()
    transactions = {who: database.begin() for who in (False, True)}
    answers: dict[bool, list[object]] = {False: [], True: []}
    gone = set()
    for who, statement in steps:
        if who not in gone:
            try:
                answers[who].append(run(database, statement, transactions[who]))
            except YdbError:
                database.rollback(transactions[who])
                gone.add(who)
    for who, transaction in transactions.items():
        if who not in gone:
            try:
                database.commit(transaction)
            except YdbError as error:
                assert error.status is Status.ABORTED
                gone.add(who)
    done = [who for who in (False, True) if who not in gone]
    outcomes = [_serially(steps, order) for order in itertools.permutations(done)]
    assert ({who: answers[who] for who in done}, rows(database)) in outcomes


def _serially(steps: list[Step], order: tuple[bool, ...]) -> tuple[dict[bool, list[object]], list[tuple]]:
    """What the transactions answer, and what is left, when each ends before the next one begins."""
    database = filled()
    answers: dict[bool, list[object]] = {}
    for who in order:
        transaction = database.begin()
        try:
            answers[who] = [run(database, statement, transaction) for by, statement in steps if by is who]
        except YdbError:
            answers[who] = [None]  # what went well beside the other one would have failed after it
            database.rollback(transaction)
            continue
        database.commit(transaction)
    return answers, rows(database)
