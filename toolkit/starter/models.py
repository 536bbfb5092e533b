"""The tables of the application. An example of each common type, and of each kind of key."""

import datetime
import decimal
import enum
import hashlib
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from ydb_sqlalchemy.sqlalchemy import types as ydb_types

from alembic_ydb import types


class Base(DeclarativeBase):
    pass


class Status(enum.Enum):
    NEW = "new"
    PAID = "paid"


class Customer(Base):
    """The key is random, so new rows go to all partitions. YDB makes no key by itself: the application does."""

    __tablename__ = "customers"

    id: Mapped[uuid.UUID] = mapped_column(types.Uuid(nullable=False), primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(sa.Unicode(), nullable=False)
    is_active: Mapped[bool] = mapped_column(sa.Boolean(), nullable=False, default=True)
    born: Mapped[datetime.date | None] = mapped_column(sa.Date())
    settings: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON())
    created_at: Mapped[datetime.datetime] = mapped_column(
        sa.DateTime(timezone=True), nullable=False, default=lambda: datetime.datetime.now(datetime.UTC)
    )

    __table_args__ = (sa.Index("ix_customers_email", "email"),)


class Order(Base):
    """A key of two columns: the orders of a customer lie side by side."""

    __tablename__ = "orders"

    customer_id: Mapped[uuid.UUID] = mapped_column(types.Uuid(nullable=False), primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    status: Mapped[Status] = mapped_column(sa.Enum(Status), nullable=False, default=Status.NEW)
    total: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(22, 9), nullable=False)
    weight: Mapped[float | None] = mapped_column(sa.Double())
    label: Mapped[bytes | None] = mapped_column(sa.LargeBinary())


class Page(Base):
    """A key that is text, with a hash before it: names that begin alike do not all go to one partition."""

    __tablename__ = "pages"

    hash: Mapped[int] = mapped_column(ydb_types.UInt64(), primary_key=True, autoincrement=False)
    url: Mapped[str] = mapped_column(sa.Unicode(), primary_key=True)
    views: Mapped[int] = mapped_column(sa.BigInteger(), nullable=False, default=0)


def hash_of(url: str) -> int:
    """What goes into Page.hash: always the same number for an address."""
    return int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest())
