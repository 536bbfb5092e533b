"""The column types: what YDB cannot hold raises an error, and never becomes NULL or another value."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_ydb import types

pytestmark = pytest.mark.usefixtures("shared_driver")

DAY = datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)


@pytest.fixture
def connection(ydb_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(ydb_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def table(connection: sa.Connection, type: sa.types.TypeEngine, nullable: bool = True) -> sa.Table:
    key = sa.Column("id", sa.Integer(), primary_key=True)
    table = sa.Table("t", sa.MetaData(), key, sa.Column("v", type, nullable=nullable))
    table.create(connection)
    return table


HELD: list[tuple[sa.types.TypeEngine, list[tuple[Any, Any]]]] = [
    (types.Uuid(), [(uuid.UUID(int=1), uuid.UUID(int=1)), (str(uuid.UUID(int=2)), uuid.UUID(int=2))]),
    (types.JsonDocument(), [({"a": [1, None, "x"]}, {"a": [1, None, "x"]}), ("", ""), (10**300, 1e300)]),
    (
        types.DyNumber(),
        [
            *(
                (number, number)
                for number in map(Decimal, ("0", "-1.5", "1E-130", "9E125", "9" * 38, "-0.00000" + "7" * 38))
            ),
            (10**60, Decimal(10**60)),
            (1.5, Decimal("1.5")),
            (Decimal("1.50"), Decimal("1.5")),
        ],
    ),
    (types.Yson(), [("{a=1}", b"{a=1}"), (b"{a=1}", b"{a=1}")]),
    (types.Interval(), [(value, value) for value in (0 * DAY, TICK, -TICK, 49673 * DAY - TICK, -49673 * DAY + TICK)]),
    (types.Interval64(), [(value, value) for value in (0 * DAY, -TICK, 10**8 * DAY, -(10**8) * DAY)]),
    (types.Int16(), [(-(2**15), -(2**15)), (2**15 - 1, 2**15 - 1)]),
]


@pytest.mark.parametrize(("type", "values"), HELD, ids=lambda each: type(each).__name__)
def test_what_a_type_holds_comes_back(
    connection: sa.Connection, type: sa.types.TypeEngine, values: list[tuple[Any, Any]]
) -> None:
    made = table(connection, type)
    for number, (value, _) in enumerate(values):
        connection.execute(made.insert().values(id=number, v=value))
    connection.execute(made.insert().values(id=-1, v=None))
    read = {row.id: row.v for row in connection.execute(sa.select(made))}
    assert read == {-1: None} | {number: expected for number, (_, expected) in enumerate(values)}


NOT_HELD: list[tuple[sa.types.TypeEngine, list[Any]]] = [
    (types.Uuid(), ["nonsense", "", 5, b"x" * 16]),
    (types.JsonDocument(), [float("nan"), float("inf"), 10**400, {"a": Decimal(1)}]),
    (types.DyNumber(), [*map(Decimal, ("NaN", "Infinity", "1E126", "-1E-131", "1" * 39)), "x", ""]),
    (types.Interval(), [49673 * DAY, -49673 * DAY, datetime.timedelta.max, 5, "P1D"]),
    (types.Interval64(), [datetime.timedelta.max, datetime.timedelta.min]),
    (types.Int16(), [2**15]),
]


@pytest.mark.parametrize(("type", "values"), NOT_HELD, ids=lambda each: type(each).__name__)
def test_what_it_does_not_hold_is_an_error(
    connection: sa.Connection, type: sa.types.TypeEngine, values: list[Any]
) -> None:
    """It was NULL before, without a word: a row that lost its value."""
    made = table(connection, type)
    for value in values:
        with pytest.raises((sa.exc.StatementError, ValueError, TypeError, AttributeError)):
            connection.execute(made.insert().values(id=0, v=value))
    assert connection.execute(sa.select(made)).all() == []


def test_text_that_is_no_yson_is_refused_where_the_column_is_not_null(connection: sa.Connection) -> None:
    made = table(connection, types.Yson(nullable=False), nullable=False)
    with pytest.raises(sa.exc.DBAPIError):
        connection.execute(made.insert().values(id=0, v="{"))
    connection.execute(made.insert().values(id=1, v="{}"))
    assert connection.execute(sa.select(made)).all() == [(1, b"{}")]


def test_values_are_compared_and_listed(connection: sa.Connection) -> None:
    made = table(connection, types.Uuid())
    values = [uuid.UUID(int=number) for number in range(3)]
    connection.execute(made.insert(), [{"id": number, "v": value} for number, value in enumerate(values)])
    assert connection.scalars(sa.select(made.c.id).where(made.c.v == values[1])).all() == [1]
    assert sorted(connection.scalars(sa.select(made.c.id).where(made.c.v.in_(values[1:])))) == [1, 2]
    assert connection.scalars(sa.select(made.c.id).where(made.c.v.in_([]))).all() == []  # was no YQL
    assert sorted(connection.scalars(sa.select(made.c.id).where(made.c.v.not_in(())))) == [0, 1, 2]
    assert sorted(connection.scalars(sa.select(made.c.id).where(made.c.v.not_in(values[1:])))) == [0]


def test_two_types_are_not_checked_before(connection: sa.Connection) -> None:
    """JsonDocument rounds an integer, and YDB refuses one that is too large for an Int16."""
    documents = table(connection, types.JsonDocument())
    connection.execute(documents.insert().values(id=1, v=2**53 + 1))
    assert connection.scalar(sa.select(documents.c.v)) == 2**53
    documents.drop(connection)
    numbers = table(connection, types.Int16())
    with pytest.raises(sa.exc.ProgrammingError, match="Invalid Int16 value"):
        connection.execute(numbers.insert().values(id=1, v=2**15))
