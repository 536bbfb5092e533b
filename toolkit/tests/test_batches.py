"""Each row of a table is written, once, whatever its key is and whatever happens meanwhile."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import ydb
import ydb_dbapi

from alembic_ydb import batches
from alembic_ydb.batches import BatchesError, Job, Options, main, run
from ydb_emulator import Emulator, releases
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")

FILL = Job("t", "UPDATE t SET v = v + 1 WHERE {rows}", due="v < 1")
"""Each row has a `v` of 0 before, and of 1 afterwards; a row that is written twice would have 2."""


@pytest.fixture
def engine(ydb_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(ydb_url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting for any."""
    seconds: list[float] = []
    monkeypatch.setattr(batches, "time", SimpleNamespace(sleep=lambda each: seconds.append(each) if each else None))
    monkeypatch.setattr(ydb.retries, "time", SimpleNamespace(sleep=lambda _: None))  # before it raises, it waits
    return seconds


def execute(engine: sa.Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.DDL(statement))


def query(engine: sa.Engine, text: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(text))]


def fill(engine: sa.Engine, numbers: range, columns: str = "id, v", values: str = "({0}, 0)") -> None:
    rows = ", ".join(values.format(number) for number in numbers)
    execute(engine, f"UPSERT INTO t ({columns}) VALUES {rows}")


@pytest.fixture
def ten(engine: sa.Engine) -> sa.Engine:
    """With a table of ten rows."""
    execute(engine, "CREATE TABLE t (id Int64 NOT NULL, v Int64, PRIMARY KEY (id))")
    fill(engine, range(10))
    return engine


def values(engine: sa.Engine) -> list[Any]:
    return [v for (v,) in query(engine, "SELECT v FROM t ORDER BY v")]


# --- Which rows ------------------------------------------------------------------------------------------------


def test_sparse_rows_are_no_reason_to_write_to_those_between(engine: sa.Engine) -> None:
    """Two rows are due, with hundreds between them: no statement writes to these, or reads more than 100."""
    execute(engine, "CREATE TABLE t (id Int64 NOT NULL, v Int64, PRIMARY KEY (id))")
    fill(engine, range(450), values="({0}, 7)")
    fill(engine, range(3, 450, 440))
    lines: list[str] = []
    done = run(engine, FILL, Options(size=100), lines.append)
    assert [line.split(",")[0] for line in lines] == [
        *("1 of 100 rows processed", "0 of 100 rows processed", "0 of 100 rows processed"),
        *("0 of 100 rows processed", "1 of 50 rows processed"),
    ]
    assert (done.read, done.due) == (450, 2)
    assert query(engine, "SELECT v, COUNT(*) FROM t GROUP BY v ORDER BY v") == [(1, 2), (7, 448)]


KEYS = {
    "Int64": ["-9223372036854775807l - 1l", "-1l", "0l", "9223372036854775807l"],
    "Uint64": ["0ul", "9223372036854775808ul", "18446744073709551615ul"],
    "Int8": ["-127t", "0t", "127t"],
    "Utf8": ["''u", "'a'u", "'it\\'s'u", "'\"; DROP'u", "'ключ'u"],
    "String": ["''", "'\\x00'", "'\\xff\\xfe'"],
    "Uuid": [f"Uuid('{number:08}-0000-4000-8000-00000000000{number}')" for number in range(4)],
    "Date": ["Date('1970-01-01')", "Date('2105-12-31')"],
    "Date32": ["Date32('1969-12-31')", "Date32('2200-01-01')"],
    "Datetime": ["Datetime('1970-01-01T00:00:00Z')", "Datetime('2026-11-29T13:30:01Z')"],
    "Timestamp": ["Timestamp('2026-11-29T13:30:01.000001Z')", "Timestamp('2026-11-29T13:30:01.000002Z')"],
    "Timestamp64": ["Timestamp64('1960-01-01T00:00:00.5Z')", "Timestamp64('2026-11-29T13:30:01.000002Z')"],
    "Interval": ["Interval('-P1D')", "Interval('PT0.000001S')"],
    "Bool": ["false", "true"],
    "Decimal(22,9)": ["Decimal('-inf', 22, 9)", "Decimal('-1.5', 22, 9)", "Decimal('0.000000001', 22, 9)"],
    "Decimal(35,0)": [f"Decimal('{number}', 35, 0)" for number in ("9" * 34 + "8", "9" * 35)],  # were lost, before
    "Decimal(35,10)": [f"Decimal('{number}', 35, 10)" for number in ("-" + "9" * 25 + ".9999999999", "1.0000000001")],
    "DyNumber": ["DyNumber('-1')", "DyNumber('1e20')"],
}


@pytest.mark.parametrize("of", KEYS)
def test_every_key_of_a_type_is_met_and_can_be_gone_on_behind(engine: sa.Engine, of: str) -> None:
    """NULL as well, which is a key of its own. Each place that is printed leaves the rows behind it."""
    execute(engine, f"CREATE TABLE t (id {of}, v Int64, PRIMARY KEY (id))")
    execute(engine, *(f"UPSERT INTO t (id, v) VALUES ({key}, 0)" for key in ["NULL", *KEYS[of]]))
    number = len(KEYS[of]) + 1
    places: list[str] = []
    run(engine, FILL, Options(size=1), lambda line: places.append(shlex.split(line)[-1]))
    assert values(engine) == [1] * number and len(set(places)) == number
    for met, place in enumerate(places, 1):
        assert run(engine, FILL, Options(after=place, check=True), str).read == number - met
    assert json.loads(places[0]) is None


@pytest.mark.parametrize(("of", "number"), [("Date32", -53375809), ("Timestamp64", 253402300800 * 10**6)])
def test_a_date_that_python_does_not_have_ends_in_a_sentence(engine: sa.Engine, of: str, number: int) -> None:
    execute(engine, f"CREATE TABLE t (id {of}, v Int64, PRIMARY KEY (id))")
    with engine.connect() as connection:
        cursor: Any = connection.connection.cursor()
        key = ydb.TypedValue(number, ydb.PrimitiveType[of])
        cursor.execute("UPSERT INTO t (id, v) VALUES ($id, 0)", {"$id": key})
    with pytest.raises(BatchesError, match="t has a key before the year 1 or after 9999"):
        run(engine, FILL, Options(), str)


def test_nan_in_a_key_ends_in_a_sentence(engine: sa.Engine) -> None:
    """No condition finds it: the row was passed over, before."""
    execute(engine, "CREATE TABLE t (id Decimal(22,9), v Int64, PRIMARY KEY (id))")
    execute(engine, "UPSERT INTO t (id, v) VALUES (Decimal('nan', 22, 9), 0)")
    with pytest.raises(BatchesError, match="t has a key with NaN"):
        run(engine, FILL, Options(), str)


def test_a_key_may_have_any_names(engine: sa.Engine) -> None:
    execute(engine, "CREATE TABLE `d/t` (is_due Int64, `is-fault` Utf8, v Int64, PRIMARY KEY (is_due, `is-fault`))")
    execute(engine, "UPSERT INTO `d/t` (is_due, `is-fault`, v) VALUES (1, 'x', 0), (1, NULL, 0)")
    job = Job("d/t", "UPDATE `d/t` SET v = v + 1 WHERE {rows}", due="v < 1")
    assert run(engine, job, Options(size=1), str).due == 2


NULLS = "('a'u, 1), ('a'u, 2), ('b'u, 1), ('b'u, 3), (NULL, 1), (NULL, 2), ('a'u, NULL), ('b'u, NULL), (NULL, NULL)"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_a_key_of_several_columns_with_nulls(engine: sa.Engine, size: int) -> None:
    execute(engine, "CREATE TABLE t (a Utf8, b Int64, v Int64, PRIMARY KEY (a, b))")
    rows = NULLS.replace(")", ", 0)")
    execute(engine, f"UPSERT INTO t (a, b, v) VALUES {rows}")
    places: list[str] = []
    done = run(engine, FILL, Options(size=size), lambda line: places.append(shlex.split(line)[-1]))
    assert (done.read, done.due) == (9, 9) and values(engine) == [1] * 9
    ordered = [list(key) for key in query(engine, "SELECT a, b FROM t ORDER BY a, b")]
    assert [json.loads(place) for place in places] == [*ordered[size - 1 :: size], *([ordered[-1]] if 9 % size else [])]


def test_three_columns_are_walked_in_their_order(engine: sa.Engine) -> None:
    """The key is not in the order of the columns, and of each start of it there are fewer rows than a batch has."""
    execute(
        engine, "CREATE TABLE t (v Int64, a Int32 NOT NULL, b Utf8 NOT NULL, c Date NOT NULL, PRIMARY KEY (c, a, b))"
    )
    keys = [(a, b, c) for a in range(3) for b in "xy" for c in range(3)]
    rows = ", ".join(f"({a}, '{b}'u, Date('2026-11-0{c + 1}'), 0)" for a, b, c in keys)
    execute(engine, f"UPSERT INTO t (a, b, c, v) VALUES {rows}")
    done = run(engine, FILL, Options(size=4), str)
    assert (done.read, done.due) == (18, 18) and values(engine) == [1] * 18


def test_a_row_that_is_no_longer_due_is_left_alone(ten: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was changed between the reading of the keys and the writing; a row that was deleted does not come back."""
    write = batches.Table.write

    def late(self: batches.Table, keys: list[tuple[Any, ...]]) -> None:
        execute(ten, "UPDATE t SET v = 5 WHERE id = 3", "DELETE FROM t WHERE id = 4")
        write(self, keys)

    monkeypatch.setattr(batches.Table, "write", late)
    run(ten, FILL, Options(), str)
    assert values(ten) == [1] * 8 + [5]


def test_beside_a_writer_no_row_is_lost(ten: sa.Engine) -> None:
    """Between batches, rows are inserted and deleted before and behind the place where the job is."""

    def write(line: str) -> None:
        place = int(shlex.split(line)[-1])
        if place < 10:
            execute(
                ten,
                f"UPSERT INTO t (id, v) VALUES ({place + 100}, 0), ({place - 100}, 1)",
                f"DELETE FROM t WHERE id = {place}",
            )

    run(ten, FILL, Options(size=3), write)
    assert values(ten) == [1] * len(values(ten))
    assert len(values(ten)) == 10 + 3 + 3 - 3


def test_two_jobs_at_once_write_each_row_once(ten: sa.Engine) -> None:
    run(ten, FILL, Options(size=3), lambda _: run(ten, FILL, Options(size=2), str))
    assert values(ten) == [1] * 10


# --- Killed, refused, not answered -----------------------------------------------------------------------------


class Killed(BaseException):
    """What ends a process."""


@pytest.mark.parametrize("batch", range(4))
def test_a_job_that_was_killed_goes_on(ten: sa.Engine, batch: int) -> None:
    """Run again, it finds what is left, from the start as well as from the last place that it printed."""
    lines: list[str] = []

    def tell(line: str) -> None:
        if len(lines) == batch:
            raise Killed
        lines.append(line)

    with pytest.raises(Killed):
        run(ten, FILL, Options(size=3), tell)
    assert values(ten).count(1) == min(3 * batch + 3, 10)
    place = shlex.split(lines[-1])[-1] if lines else None
    assert run(ten, FILL, Options(size=3, after=place), str).due == max(0, 10 - 3 * batch - 3)
    assert run(ten, FILL, Options(), str).due == 0
    assert values(ten) == [1] * 10


REPEATED = [Status.ABORTED, Status.OVERLOADED, Status.UNAVAILABLE, Status.UNDETERMINED, Status.BAD_SESSION]


@pytest.mark.parametrize("status", REPEATED, ids=lambda status: status.name)
def test_a_refused_statement_is_repeated_with_waits(
    ten: sa.Engine, ydb_emulator: Emulator, waited: list[float], status: Status
) -> None:
    ydb_emulator.faults.fail("ExecuteQuery", status, nth=3, times=4)
    run(ten, FILL, Options(size=3), str)
    assert values(ten) == [1] * 10
    assert [0.5 * 2**n <= seconds <= 2**n for n, seconds in enumerate(waited)] == [True] * 4


@pytest.mark.parametrize("nth", range(1, 8))
def test_a_lost_answer_does_no_harm(ten: sa.Engine, ydb_emulator: Emulator, nth: int) -> None:
    """The statement has run, and its answer does not come: repeated, it writes to no row again."""
    ydb_emulator.faults.fail("ExecuteQuery", Status.UNDETERMINED, nth=nth, after=True)
    run(ten, FILL, Options(size=4), str)
    assert not ydb_emulator.faults.pending and values(ten) == [1] * 10


def test_waiting_has_an_end(ten: sa.Engine, ydb_emulator: Emulator, waited: list[float]) -> None:
    """After four to nine minutes the job fails, and has not printed a place that it has not done."""
    lines: list[str] = []
    ydb_emulator.faults.fail("ExecuteQuery", Status.OVERLOADED, nth=5, times=batches.TRIES)
    with pytest.raises(ydb_dbapi.OperationalError):
        run(ten, FILL, Options(size=3), lines.append)
    assert len(waited) == batches.TRIES - 1 and 270 < sum(waited) < 545
    assert [shlex.split(line)[-1] for line in lines] == ["2"]
    assert run(ten, FILL, Options(size=3, after="2"), str).due == 7


def test_what_ydb_refuses_for_good_is_not_repeated(ten: sa.Engine, waited: list[float]) -> None:
    with pytest.raises(ydb_dbapi.Error, match="nothing"):
        run(ten, Job("t", "UPDATE t SET v = nothing WHERE {rows}"), Options(), str)
    assert waited == [] and values(ten) == [0] * 10


# --- As a program ----------------------------------------------------------------------------------------------


def end(call: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    """How a program ends: what SystemExit has, None without; what it printed, and what it complained of."""
    try:
        call()
        code: object = None
    except SystemExit as ended:
        code = ended.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_progress_is_printed(ten: sa.Engine, ydb_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = end(lambda: main(FILL, ydb_url, ["--size", "4", "--batches", "1"]), capsys)
    assert first == (None, "4 of 4 rows processed, 40 % done: --after 3\nstopped: 4 of 4 rows processed\n", "")
    rest = end(lambda: main(FILL, ydb_url, ["--size", "4", "--after", "3"]), capsys)
    assert rest[1].splitlines() == [
        *("4 of 4 rows processed: --after 7", "2 of 2 rows processed: --after 9"),
        "done: 6 of 6 rows processed",
    ]
    again = end(lambda: main(FILL, ydb_url, []), capsys)
    assert again == (None, "0 of 10 rows processed, 100 % done: --after 9\ndone: 0 of 10 rows processed\n", "")


def test_a_text_with_quotes_can_be_pasted_into_a_shell(engine: sa.Engine) -> None:
    execute(engine, "CREATE TABLE t (id Utf8 NOT NULL, v Int64, PRIMARY KEY (id))")
    execute(engine, 'UPSERT INTO t (id, v) VALUES ("it\'s $HOME `x`\\n"u, 0)')
    lines: list[str] = []
    run(engine, FILL, Options(), lines.append)
    assert json.loads(shlex.split(lines[0])[-1]) == "it's $HOME `x`\n"


def test_pauses_come_after_each_batch(ten: sa.Engine, waited: list[float]) -> None:
    run(ten, FILL, Options(size=4, pause=2.5), str)
    assert waited == [2.5, 2.5, 2.5]


def test_rows_at_fault_are_listed(ten: sa.Engine, ydb_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The job writes what it can, and says which rows it cannot set right, each time."""
    execute(ten, "UPDATE t SET v = -1 WHERE id IN (2, 7)")
    job = Job("t", "UPDATE t SET v = 1 WHERE {rows}", due="v = 0", fault="v < 0")
    code, printed, _ = end(lambda: main(job, ydb_url, []), capsys)
    assert code == "rows at fault, which this job cannot set right: 2, 7"
    assert printed.splitlines()[-1] == "done: 8 of 10 rows processed"
    assert end(lambda: main(job, ydb_url, ["--check"]), capsys)[0] == code
    execute(ten, "UPDATE t SET v = -1")
    code, _, _ = end(lambda: main(job, ydb_url, ["--size", "4"]), capsys)
    assert str(code).endswith("0, 1, 2, 3, 4, 5, 6, 7, 8, 9")
    fill(ten, range(10, 13), values="({0}, -1)")
    code, _, _ = end(lambda: main(job, ydb_url, ["--size", "4"]), capsys)
    assert str(code).endswith("7, 8, 9 and 3 more")


def test_a_check_writes_nothing(ten: sa.Engine, ydb_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = end(lambda: main(FILL, ydb_url, ["--check"]), capsys)
    assert (code, printed.splitlines()[-1]) == (1, "done: 10 of 10 rows due") and values(ten) == [0] * 10
    main(FILL, ydb_url, [])
    assert end(lambda: main(FILL, ydb_url, ["--check"]), capsys)[0] is None


NONSENSE = [
    *(["--size", "0"], ["--size", "-5"], ["--size", "10001"], ["--size", "many"], ["--size", "1e3"], ["--size"]),
    *(["--pause", "-1"], ["--pause", "nan"], ["--pause", "inf"], ["--pause", "long"]),
    *(["--batches", "0"], ["--batches", "x"], ["--pau", "5"], ["--nothing"], ["5"]),
    *(
        ["--after", ""],
        ["--after", "x"],
        ["--after", '"1"'],
        ["--after", "1.5"],
        ["--after", "true"],
        ["--after", "[1]"],
    ),
    *(["--after", "9223372036854775808"], ["--after", "{}"], ["--after", "NaN"], ["--after", "-9223372036854775809"]),
]


def test_nonsense_ends_in_one_sentence(ten: sa.Engine, ydb_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in NONSENSE:
        code, printed, complained = end(partial(main, FILL, ydb_url, arguments), capsys)
        message = str(code) if isinstance(code, str) else complained.strip()
        assert code and printed == "" and len(message) > 20 and "\n" not in message, arguments
    assert values(ten) == [0] * 10


def test_nonsense_from_python_is_refused() -> None:
    """`batches=1.5` ran to the end, before."""
    for wrong in ({"size": 2.5}, {"size": "5"}, {"batches": 1.5}, {"pause": "1"}, {"pause": None}):
        with pytest.raises(BatchesError, match="is a number"):
            Options(**wrong)


def test_credentials_are_options_of_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """A YDB that asks for a login: no job could be run as a program, before."""
    arguments = {"credentials": {"username": "alice", "password": "correct-horse"}}
    with Emulator(users={"alice": "correct-horse"}) as emulator:
        code, _, _ = end(lambda: main(FILL, emulator.url, [], connect_args=arguments), capsys)
        assert "the table t cannot be described" in str(code)
        code, _, _ = end(lambda: main(FILL, emulator.url, []), capsys)
        assert "cannot be described" not in str(code)


BAD_KEYS = {
    "Uint8": ["-1", "256"],
    "Utf8": ["5", "a"],
    "String": ['"xyz"', "0"],
    "Uuid": ['"x"', "1"],
    "Date": ['"2026-13-01"', "5"],
    "Timestamp": ['"noon"'],
    "Interval": ['"P1D"', "1.5"],
    "Bool": ["0", '"no"'],
    "Decimal(22,9)": ["1.5", '"x"'],
}


@pytest.mark.parametrize("of", BAD_KEYS)
def test_a_place_of_another_type_is_refused(engine: sa.Engine, of: str) -> None:
    execute(engine, f"CREATE TABLE t (id {of}, v Int64, PRIMARY KEY (id))")
    for text in [*BAD_KEYS[of], "[]"]:
        with pytest.raises(BatchesError, match="--after is a key of t"):
            run(engine, FILL, Options(after=text), str)


@pytest.mark.parametrize("text", ["1", "[1]", "[1, 2]", '["a", 1, 1]', '{"a": 1, "b": 2}', "null"])
def test_a_place_needs_all_columns_of_the_key(engine: sa.Engine, text: str) -> None:
    execute(engine, "CREATE TABLE t (a Utf8, b Int64, v Int64, PRIMARY KEY (a, b))")
    with pytest.raises(BatchesError, match="a Utf8, b Int64"):
        run(engine, FILL, Options(after=text), str)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        " -- WHERE {rows}",
        " /* WHERE\n{rows} */",
        " WHERE s != '\\'{rows}'",
        ' || "{rows}"',
        " || @@' WHERE {rows}@@",
    ],
)
def test_a_job_without_its_rows_is_refused(rest: str) -> None:
    """In a comment or a text they are no condition, either: the first batch wrote to the whole table, before."""
    with pytest.raises(BatchesError, match="no {rows}"):
        Job("t", f"UPDATE t SET v = 1{rest}")


@pytest.mark.parametrize(
    "condition",
    [
        "NOT {rows}",
        "not ( {rows})",
        "NOT (v = 1 AND {rows})",
        "v = 1 OR {rows}",
        "v = 1 OR v = 2 AND {rows}",
        "v = 1 AND (v = 2 or\n{rows})",
        "(v = 1 OR v = 2) AND {rows} OR v = 3",
        "id IN (SELECT id FROM t WHERE {rows}) OR v = 1",
        "{rows} XOR v = 1",
        "{rows} AND v = 1 OR v = 2",
        "({rows} OR v = 1)",
        "{rows} AND v = 1OR v = 2",
        "{rows} AND v = 1ulOR v = 2",
        "{rows} AND v = 0x1fOR v = 2",
        "{rows} AND v = 0o8OR v = 2",
        "{rows} AND v = 1.OR v = 2",
        "{rows} AND v = 1e5fOR v = 2",
        "{rows} AND v = p.0OR v = 2",
        "{rows} AND v = 'a'uOR v = 'b'",
        "{rows} AND v = @@a@@OR v = 'b'",
        "{rows} AND v = @@a@@@uOR v = 'b'",
        "v = 1 OR id IN (SELECT id FROM t WHERE {rows})",
        "v = 1 AND id NOT IN (SELECT id FROM (SELECT id FROM t WHERE {rows}) AS t)",
        "id NOT IN (SELECT id FROM t WHERE {rows})",
        "NOT COALESCE({rows}, false)",
        "{rows} = false",
        "({rows}) IS NULL",
        "{rows} ?? true",
        "IF({rows}, false, true)",
        "v = 1 AND {rows}",  # harmless, but only what begins with it is known to be
        "v = 1 AND {rows} = false",
        "v BETWEEN false AND {rows}",
        "v IS DISTINCT FROM (SELECT v FROM t WHERE {rows})",
        "CASE WHEN {rows} THEN false ELSE true END",
        "CASE WHEN v = 1 AND {rows} AND v = 1 THEN false ELSE true END",
        "EXISTS(SELECT 1 FROM t WHERE {rows})",
        "NOT EXISTS (SELECT 1 FROM (SELECT 1 FROM t WHERE {rows}))",
        "id IN ({rows})",
        "ListHas([{rows}], false)",
        "true) OR ({rows}",
        "id IN (SELECT id FROM t WHERE {rows} UNION ALL SELECT id FROM t)",
    ],
)
def test_a_condition_that_other_rows_meet_is_refused(condition: str) -> None:
    with pytest.raises(BatchesError, match="not clear that this statement writes to the rows of its batch alone"):
        Job("t", f"UPDATE t SET v = 1 WHERE {condition}")


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE t SET v = CASE WHEN {rows} THEN 1 END",
        "UPDATE t SET v = (SELECT MAX(v) FROM t WHERE {rows})",
        "--!ansi_lexer\nUPDATE t SET v = 2 WHERE {rows} AND v = '\\' OR v = 'a'",
        "UPSERT INTO u SELECT id FROM t WHERE {rows} AND v = 1.UNION ALL SELECT id FROM t",
        "UPSERT INTO u SELECT id FROM t UNION ALL SELECT id FROM t WHERE {rows}",
        "EVALUATE IF v DO BEGIN DELETE FROM t WHERE {rows} AND v = 1 END DO ELSE DO BEGIN DELETE FROM t END DO",
        "UPSERT INTO u SELECT t.id AS id FROM (SELECT id FROM t WHERE {rows}) AS o RIGHT ONLY JOIN t ON t.id = o.id",
        "UPSERT INTO u SELECT t.id AS id FROM t LEFT JOIN (SELECT id FROM t WHERE {rows}) AS o ON t.id = o.id",
        "UPSERT INTO u SELECT id, COUNT(*) OVER (ORDER BY {rows}) AS v FROM t",
    ],
)
def test_a_statement_that_takes_other_rows_is_refused(write: str) -> None:
    with pytest.raises(BatchesError, match="not clear that this statement writes to the rows of its batch alone"):
        Job("t", write)


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE t SET v = 1; UPDATE t SET v = 2 WHERE {rows}",
        "UPDATE t SET v = 2 WHERE {rows}; UPDATE t SET v = 1",
        "$now = CurrentUtcTimestamp(); UPDATE t SET v = $now WHERE {rows};",
    ],
)
def test_a_job_of_several_statements_is_refused(write: str) -> None:
    with pytest.raises(BatchesError, match="this job has several statements: write it as one"):
        Job("t", write)


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE t SET v = CASE WHEN v = 1 OR v = 2 THEN 3 END WHERE {rows}",
        "update t set `full` = v or false where {rows};",
        "UPDATE t SET v = 1 WHERE {rows} AND (v = 1 OR (v = 2 AND v = 3 OR v = 4))",
        "UPDATE t SET v = 1 WHERE {rows} AND NOT (v = 1 OR v = 2) AND v IS NOT NULL AND NOT v = 4",
        "UPDATE t SET v = 1 WHERE ({rows} AND v BETWEEN 1 AND 2) AND v = 1",
        "UPDATE t SET v = 1 WHERE{rows}AND `or` = ' OR ' -- or",
        "UPDATE t SET v = 1 WHERE {rows} AND color = 0xFF AND b < 1.5e-3f AND s = 'x'u AND o.author = 1u",
        "DELETE FROM t WHERE {rows} RETURNING id",
        "INSERT OR IGNORE INTO u SELECT id FROM (SELECT id FROM t WHERE {rows}) AS t WHERE id = 1 OR id = 2",
        "DELETE FROM t ON SELECT id FROM (SELECT id FROM t WHERE {rows} AND (v = 1)) AS t WHERE NOT id = 1 OR id = 2",
        "DELETE FROM t WHERE id IN (SELECT id FROM u WHERE {rows} AND v IS NOT NULL) AND NOT id IN (SELECT id FROM u)",
        "DELETE FROM t WHERE (id, v) IN (SELECT (id, v) FROM u WHERE {rows})",
        "DELETE FROM t WHERE {rows} AND id NOT IN (SELECT id FROM u WHERE v = 1 OR v = 2)",
        "UPSERT INTO u SELECT id, COUNT(*) AS v FROM t WHERE {rows} GROUP BY id",
        "UPSERT INTO u SELECT o.id AS id FROM (SELECT id FROM t WHERE {rows}) AS o LEFT ONLY JOIN u ON u.id = o.id",
        "UPSERT INTO u FROM (SELECT * FROM (SELECT id FROM t WHERE {rows})) SELECT id",
    ],
)
def test_a_condition_that_no_other_row_meets_is_taken(write: str) -> None:
    assert Job("t", write).write == write


def test_a_table_that_is_missing_or_empty(ydb_url: str, engine: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = end(lambda: main(FILL, ydb_url, []), capsys)
    assert "the table t cannot be described" in str(code) and printed == ""
    execute(engine, "CREATE TABLE t (id Int64 NOT NULL, v Int64, PRIMARY KEY (id))")
    assert end(lambda: main(FILL, ydb_url, []), capsys) == (None, "done: 0 of 0 rows processed\n", "")


def test_a_view_is_no_table(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.DDL("CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT 1 AS id"))
    with pytest.raises(BatchesError, match="v is no table: it has no key"):
        run(engine, Job("v", "UPDATE v SET id = 2 WHERE {rows}"), Options())


def test_a_url_that_makes_no_sense_ends_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for url in (
        "nonsense",
        "yql+nothing://localhost/local",
        "",
        "yql+ydb://localhost:port/local",
        "yql+ydb://a:b@c:secret@localhost:2136/local",
        "yql+ydb://localhost:2136/local?siz=5",
    ):
        code, printed, _ = end(partial(main, FILL, url, []), capsys)
        assert isinstance(code, str) and "\n" not in code and "secret" not in code and printed == "", url


def test_a_condition_may_have_signs_of_formats(ten: sa.Engine) -> None:
    """Nothing of what a job says is taken for a place of a parameter."""
    text = "'100 % :id {0} {rows?} $x'"
    run(
        ten,
        Job("t", f"UPDATE t SET v = 1 WHERE {{rows}} AND {text} != ''", due=f"{text} LIKE '%{{0}}%'"),
        Options(),
        str,
    )
    assert values(ten) == [1] * 10


def test_without_statistics_no_share_is_told(ten: sa.Engine, ydb_emulator: Emulator) -> None:
    def is_asked(text: str) -> bool:
        return "partition_stats" in text

    ydb_emulator.faults.fail("ExecuteQuery", Status.UNAUTHORIZED, matching=is_asked, message="Access denied")
    lines: list[str] = []
    run(ten, FILL, Options(size=5), lines.append)
    assert lines == ["5 of 5 rows processed: --after 4", "5 of 5 rows processed: --after 9"]
    assert not ydb_emulator.faults.pending


@pytest.mark.parametrize("line", releases.NAMES)
def test_each_release_line_can_do_it(line: str) -> None:
    with Emulator(line=line) as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        execute(engine, "CREATE TABLE t (a Utf8, b Int64, v Int64, PRIMARY KEY (a, b))")
        execute(engine, "UPSERT INTO t (a, b, v) VALUES ('a'u, 1, 0), ('a'u, 2, 0), (NULL, 3, 0)")
        assert run(engine, FILL, Options(size=2), str).due == 3
        assert values(engine) == [1] * 3
        engine.dispose()
