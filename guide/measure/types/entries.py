"""Each type of SQLAlchemy and of the dialect, and those that the page shows: what is written, and values to try."""

from __future__ import annotations

import inspect
import uuid

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types

from .entry import Entry

TEXT = ("'é' * 60", "b'a'")
BYTES = (r"b'\xff' * 60", "'a'")
DATES = ("date(2026, 11, 23)", "date(1969, 12, 31)")
TIMES = (
    "datetime(2026, 11, 23, 12, 0, 0, 123456)",
    "datetime(2026, 11, 23, 12, 0, tzinfo=EAST)",
    "datetime(1969, 12, 31)",
)
ZONED = (
    "datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)",
    "datetime(2026, 11, 23, 12, 0, tzinfo=EAST)",
    "datetime(1969, 12, 31, tzinfo=UTC)",
)
DECIMALS = ("Decimal('1.23')", "Decimal('1.23456789012')", "Decimal('12345678901234')", "1.5")
JSONS = ("{'a': [1, None]}", "'a'")


def _integers(bits: int, signed: bool = True) -> tuple[str, ...]:
    return (f"2**{bits - 1} - 1", f"2**{bits - 1}") if signed else (f"2**{bits} - 1", f"2**{bits}", "-1")


GENERIC = [
    Entry("sa.BigInteger()", _integers(64)),
    Entry("sa.Boolean()", ("True",)),
    Entry("sa.Boolean(create_constraint=True)", ("True",)),
    Entry("sa.Date()", DATES),
    Entry("sa.DateTime()", TIMES),
    Entry("sa.DateTime(timezone=True)", ZONED),
    Entry("sa.Double()", ("0.1", "1e300")),
    Entry("sa.Enum(Colour)", ("Colour.red", "'blue'")),
    Entry("sa.Enum('red', name='colour', create_constraint=True)", ("'red'",)),
    Entry("sa.Float()", ("0.1", "1e300")),
    Entry("sa.Float(precision=53)", ("0.1", "1e300")),
    Entry("sa.Integer()", _integers(64)),
    Entry("sa.Interval()", ("timedelta(days=1, microseconds=1)", "timedelta(days=-1)")),
    Entry("sa.LargeBinary()", BYTES),
    Entry("sa.LargeBinary(50)", BYTES),
    Entry("sa.Numeric()", DECIMALS),
    Entry("sa.Numeric(22, 9)", DECIMALS),
    Entry("sa.Numeric(10, 2)", DECIMALS),
    Entry("sa.Numeric(10, 0)", ("Decimal('12')",)),
    Entry("sa.PickleType()", ("{'a': 1}",)),
    Entry("sa.SmallInteger()", _integers(16)),
    Entry("sa.String()", TEXT),
    Entry("sa.String(50)", TEXT),
    Entry("sa.Text()", TEXT),
    Entry("sa.Time()", ("time(12, 0)",)),
    Entry("sa.TupleType(sa.Integer(), sa.Integer())", ("(1, 2)",)),
    Entry("sa.Unicode(50)", TEXT),
    Entry("sa.UnicodeText()", TEXT),
    Entry("sa.Uuid()", ("UUID(int=1)",)),
    Entry("sa.Uuid(as_uuid=False)", (f"'{uuid.UUID(int=1)}'",)),
]
"""SQLAlchemy's types that leave the name to the database."""

UPPERCASE = [
    Entry("sa.ARRAY(sa.Integer())", ("[1]",)),
    Entry("sa.BIGINT()", _integers(64)),
    Entry("sa.BINARY(50)", BYTES),
    Entry("sa.BLOB()", BYTES),
    Entry("sa.BOOLEAN()", ("True",)),
    Entry("sa.CHAR(1)", TEXT),
    Entry("sa.CLOB()", TEXT),
    Entry("sa.DATE()", DATES),
    Entry("sa.DATETIME()", TIMES),
    Entry("sa.DATETIME(timezone=True)", ZONED),
    Entry("sa.DECIMAL()", DECIMALS),
    Entry("sa.DECIMAL(10, 2)", DECIMALS),
    Entry("sa.DOUBLE()", ("0.1", "1e300")),
    Entry("sa.DOUBLE_PRECISION()", ("0.1",)),
    Entry("sa.FLOAT()", ("0.1", "1e300")),
    Entry("sa.INT()", _integers(64)),
    Entry("sa.INTEGER()", _integers(64)),
    Entry("sa.JSON()", JSONS),
    Entry("sa.NCHAR(1)", TEXT),
    Entry("sa.NUMERIC(10, 2)", DECIMALS),
    Entry("sa.NVARCHAR(50)", TEXT),
    Entry("sa.REAL()", ("0.1",)),
    Entry("sa.SMALLINT()", _integers(16)),
    Entry("sa.TEXT()", TEXT),
    Entry("sa.TIME()", ("time(12, 0)",)),
    Entry("sa.TIMESTAMP()", TIMES),
    Entry("sa.TIMESTAMP(timezone=True)", ZONED),
    Entry("sa.UUID()", ("UUID(int=1)",)),
    Entry("sa.VARBINARY(50)", BYTES),
    Entry("sa.VARCHAR(50)", TEXT),
]
"""SQLAlchemy's types that name a type of SQL."""

DIALECT = [
    Entry("types.Binary()", BYTES),
    Entry("types.Decimal()", DECIMALS),
    Entry("types.Decimal(10, 2)", DECIMALS),
    Entry("types.Int8()", _integers(8)),
    Entry("types.Int16()", _integers(16)),
    Entry("types.Int32()", _integers(32)),
    Entry("types.Int64()", _integers(64)),
    Entry("types.ListType(sa.Integer())", ("[1]",)),
    Entry("types.Optional(sa.Integer())", ("1",)),
    Entry("types.StructType({'a': sa.Integer()})", ("{'a': 1}",)),
    Entry("types.UInt8()", _integers(8, signed=False)),
    Entry("types.UInt16()", _integers(16, signed=False)),
    Entry("types.UInt32()", _integers(32, signed=False)),
    Entry("types.UInt64()", _integers(64, signed=False)),
    Entry("types.YqlDate()", DATES),
    Entry("types.YqlDate32()", DATES),
    Entry("types.YqlDateTime()", TIMES),
    Entry("types.YqlDateTime(timezone=True)", ZONED),
    Entry("types.YqlDateTime64()", TIMES),
    Entry("types.YqlDateTime64(timezone=True)", ZONED),
    Entry("types.YqlJSON()", JSONS),
    Entry("types.YqlTimestamp()", TIMES),
    Entry("types.YqlTimestamp(timezone=True)", ZONED),
    Entry("types.YqlTimestamp64()", TIMES),
    Entry("types.YqlTimestamp64(timezone=True)", ZONED),
]
"""The dialect's types."""

OWN = [
    Entry("ydb_types.DyNumber()", ("Decimal('1.5')", "Decimal('1E+100')", "Decimal('1E+126')")),
    Entry("ydb_types.Int16()", _integers(16)),
    Entry(
        "ydb_types.Interval()",
        ("timedelta(days=1, microseconds=1)", "timedelta(days=-1)", "timedelta(days=50000)"),
    ),
    Entry("ydb_types.Interval64()", ("timedelta(days=1, microseconds=1)", "timedelta(days=1000000)")),
    Entry("ydb_types.JsonDocument()", JSONS),
    Entry("ydb_types.Uuid()", ("UUID(int=1)", "'no UUID'")),
    Entry("ydb_types.Yson()", ("'{a=1}'", "'{'")),
]
"""The types that the page shows."""

ENTRIES = {"generic": GENERIC, "uppercase": UPPERCASE, "dialect": DIALECT, "own": OWN}

NO_COLUMN = {"MatchType", "NullType", "TypeDecorator", "TypeEngine", "UserDefinedType", "Variant", "_Binary"}
"""What stands for no type of its own: it is a base class, or means that the type is not known."""


def known() -> set[type[sa.types.TypeEngine]]:
    """Every type that the installed SQLAlchemy and the installed dialect offer for a column."""
    found = {
        item
        for module in (sa.types, types)
        for name, item in vars(module).items()
        if inspect.isclass(item) and issubclass(item, sa.types.TypeEngine) and name not in NO_COLUMN
    }
    return found
