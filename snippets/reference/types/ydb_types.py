"""Column types of YDB that ydb-sqlalchemy 0.1.24 has no class for, or a class that does not fit."""

import datetime
import decimal
import json
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

    to_text = staticmethod(str)
    from_ydb = None  # of what the driver returns; None: as it is

    def __init_subclass__(cls) -> None:
        cls.cache_ok = True

    def __init__(self, nullable: bool = True):
        self.nullable = nullable

    def get_col_spec(self, **_) -> str:
        return type(self).__name__

    def bind_expression(self, bindvalue: sa.BindParameter) -> sa.ColumnElement:
        value = sa.cast(sa.type_coerce(bindvalue, _Text(self)), self)
        return value if self.nullable else sa.func.Unwrap(value)  # a cast may fail, so it gives an Optional

    def result_processor(self, dialect: sa.Dialect, coltype: object):
        convert = self.from_ydb
        return convert and (lambda value: None if value is None else convert(value))


class Uuid(_Cast):
    """Takes and returns uuid.UUID."""


class JsonDocument(_Cast):
    """Takes and returns what JSON can hold."""

    to_text = staticmethod(json.dumps)
    from_ydb = staticmethod(json.loads)


class DyNumber(_Cast):
    """Takes and returns decimal.Decimal."""

    from_ydb = staticmethod(decimal.Decimal)


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
