"""Column types of YDB that ydb-sqlalchemy 0.1.24 has no class for, or a class that does not fit.

Of alembic-ydb 0.2.

If you copied it before 0.2, replace the file: a value that YDB cannot hold, such as a text that is no UUID, was written
as NULL without an error. Look for such rows.
"""

import datetime
import decimal
import json
import uuid
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
    """A type whose values are sent as text and cast by YDB. For a NOT NULL column write `nullable=False` here too.

    YDB makes NULL of a text that it cannot cast. So `to_text` raises ValueError or TypeError for such a value.
    """

    class comparator_factory(sa.types.UserDefinedType.Comparator):
        """SQLAlchemy puts what it writes for an empty IN into the cast, which is no YQL."""

        def in_(self, other: Any) -> Any:
            return super().in_(other) if other != [] and other != () else sa.false()

        def not_in(self, other: Any) -> Any:
            return super().not_in(other) if other != [] and other != () else sa.true()

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
    """Takes uuid.UUID, or text that is one. Returns uuid.UUID."""

    @staticmethod
    def to_text(value: Any) -> str:
        return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))


class JsonDocument(_Cast):
    """Takes and returns what JSON can hold. YDB keeps numbers as doubles, and cannot compare documents."""

    @staticmethod
    def to_text(value: Any) -> str:
        text = json.dumps(value, allow_nan=False)
        json.dumps(json.loads(text, parse_int=float), allow_nan=False)  # raises for an integer that no double holds
        return text

    @staticmethod
    def from_ydb(value: str) -> Any:
        return json.loads(value)


class DyNumber(_Cast):
    """Takes numbers, returns decimal.Decimal. YDB keeps 38 digits, from 1E-130 to below 1E+126."""

    @staticmethod
    def to_text(value: Any) -> str:
        number = decimal.Decimal(str(value))
        if not number:
            return "0"
        digits = "".join(map(str, number.as_tuple().digits)).strip("0")
        if not number.is_finite() or len(digits) > 38 or not -130 <= number.adjusted() < 126:
            raise ValueError(f"YDB has no DyNumber {value}")
        # YDB counts zeros before and behind, too: so none are written.
        return f"{'-' if number < 0 else ''}{digits}E{number.adjusted() + 1 - len(digits)}"

    @staticmethod
    def from_ydb(value: str) -> decimal.Decimal:
        return decimal.Decimal(value)


class Yson(_Cast):
    """Takes text or bytes that are Yson, returns bytes. Others become NULL, or are refused with `nullable=False`."""

    @staticmethod
    def to_text(value: Any) -> str:
        return value.decode() if isinstance(value, bytes) else str(value)


class Interval(_Cast):
    """Takes and returns datetime.timedelta."""

    days = 49673  # from 1970 to 2106; an interval is shorter than that

    @classmethod
    def to_text(cls, value: datetime.timedelta) -> str:
        sign, value = ("-", -value) if value < datetime.timedelta() else ("", value)
        if value >= datetime.timedelta(cls.days):
            raise ValueError(f"YDB has no {cls.__name__} of {value}: it has to be shorter than {cls.days} days")
        return f"{sign}P{value.days}DT{value.seconds}.{value.microseconds:06}S"


class Interval64(Interval):
    """As Interval, for more than 136 years."""

    days = 106751616  # between the first and the last day of Timestamp64
