"""Models for YDB: each kind of key, of column and of relation. Alembic finds no difference, on any release line."""

import datetime
import decimal
import enum
import hashlib
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


def values(members: type[enum.Enum]) -> list[str]:
    """What is stored of an enum: the values, not the names."""
    return [member.value for member in members]


class Base(DeclarativeBase):
    """Columns that name no type have one of these. `str` is Utf8, `int` is Int64, `bool` is Bool, `bytes` is String."""

    type_annotation_map = {
        datetime.datetime: sa.DateTime(timezone=True),
        decimal.Decimal: sa.Numeric(22, 9),
        dict[str, Any]: sa.JSON(none_as_null=True),
        enum.Enum: sa.Enum(enum.Enum, native_enum=False, values_callable=values),
    }


class Status(enum.Enum):
    NEW = "new"
    PAID = "paid"


class Priority(enum.IntEnum):
    LOW = 1
    HIGH = 2


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class User(Base):
    """A random key, made by Python: new rows go to all partitions."""

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str | None]

    orders: Mapped[list["Order"]] = relationship(
        primaryjoin="User.id == foreign(Order.user_id)",
        back_populates="user",
        order_by="Order.number",
        cascade="all, delete-orphan",
    )


class Email(Base):
    """A key that is text. The address is unique, since the key is."""

    __tablename__ = "emails"

    address: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(index=True)


class Order(Base):
    """A key of two columns: the orders of a user lie side by side."""

    __tablename__ = "orders"

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    priority: Mapped[int] = mapped_column(default=Priority.LOW)
    total: Mapped[decimal.Decimal]
    details: Mapped[dict[str, Any] | None]
    placed_at: Mapped[datetime.datetime] = mapped_column(default=now)
    due: Mapped[datetime.date | None]

    user: Mapped[User] = relationship(primaryjoin="foreign(Order.user_id) == User.id", back_populates="orders")


def hash_of(url: str) -> int:
    """Always the same number for an address. Signed: an unsigned one would be of use in fewer queries."""
    return int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), signed=True)


class Page(Base):
    """Text with its hash before it: addresses that begin alike do not all go to one partition."""

    __tablename__ = "pages"

    hash: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        default=lambda context: hash_of(context.get_current_parameters()["url"]),
    )
    url: Mapped[str] = mapped_column(primary_key=True)
    views: Mapped[int | None] = mapped_column(server_default=sa.text("0"))
    group: Mapped[str | None]


class Visit(Base):
    """Many to many: a class, and no `secondary`. A user has seen a page."""

    __tablename__ = "visits"

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    page_hash: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    page_url: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(primaryjoin="foreign(Visit.user_id) == User.id")
    page: Mapped[Page] = relationship(
        primaryjoin="and_(foreign(Visit.page_hash) == Page.hash, foreign(Visit.page_url) == Page.url)"
    )
