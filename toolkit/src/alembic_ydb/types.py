"""Column types of YDB that ydb-sqlalchemy 0.1.24 has no class for, or a class that does not fit."""

import datetime
import decimal
import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types


class Int16(types.Int16):
    """The dialect's own class makes an Int32 column."""

    __visit_name__ = "int16"


class _Text(sa.types.TypeDecorator):
    """A value on its way to YDB: as text, since the driver sends no parameters of the types below."""

    impl = sa.String
    cache_ok = True

    def __init__(self, target: "_Cast"):
        super().__init__()
        self.target = target

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else self.target.to_text(value)


class _Cast(sa.types.UserDefinedType):
    """A type whose values are sent as text and cast by YDB. For a NOT NULL column write `nullable=False` here too."""

    def __init_subclass__(cls) -> None:
        cls.cache_ok = True

    def __init__(self, nullable: bool = True):
        self.nullable = nullable

    @staticmethod
    def to_text(value: Any) -> str:
        return str(value)

    @staticmethod
    def from_ydb(value: Any) -> Any:
        """Of what the driver returns."""
        return value

    def get_col_spec(self, **_: object) -> str:
        return type(self).__name__

    def bind_expression(self, bindvalue: sa.BindParameter) -> sa.ColumnElement:
        value = sa.cast(sa.type_coerce(bindvalue, _Text(self)), self)
        return value if self.nullable else sa.func.Unwrap(value)  # a cast may fail, so it gives an Optional

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        return lambda value: None if value is None else self.from_ydb(value)


class Uuid(_Cast):
    """Takes and returns uuid.UUID."""


class JsonDocument(_Cast):
    """Takes and returns what JSON can hold."""

    @staticmethod
    def to_text(value: Any) -> str:
        return json.dumps(value)

    @staticmethod
    def from_ydb(value: str) -> Any:
        return json.loads(value)


class DyNumber(_Cast):
    """Takes and returns decimal.Decimal."""

    @staticmethod
    def from_ydb(value: str) -> decimal.Decimal:
        return decimal.Decimal(value)


class Yson(_Cast):
    """Takes text, returns bytes."""


class Interval(_Cast):
    """Takes and returns datetime.timedelta."""

    @staticmethod
    def to_text(value: datetime.timedelta) -> str:
        sign, value = ("-", -value) if value < datetime.timedelta() else ("", value)
        return f"{sign}P{value.days}DT{value.seconds}.{value.microseconds:06}S"


class Interval64(Interval):
    """As Interval, for more than 136 years."""
