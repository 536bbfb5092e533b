"""What an ORM can do on other databases, and what is said of it here: python wrong.py"""

import decimal
import re
import textwrap
import uuid
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session
from ydb_sqlalchemy.sqlalchemy.types import UInt64

from models import Order, Priority, User

engine = sa.create_engine("yql+ydb://localhost:2136/local", isolation_level="SERIALIZABLE")
ADA = uuid.UUID(int=1)


def savepoint(session: Session) -> None:
    with session.begin_nested():
        session.get_one(User, ADA)


def returning(session: Session) -> None:
    session.execute(sa.insert(User).values(id=ADA).returning(User.name))


def for_update(session: Session) -> None:
    session.scalars(sa.select(User).with_for_update())


def any_order(session: Session) -> None:
    session.scalars(sa.select(User).where(User.orders.any(Order.number == 1)))


def two_tables(session: Session) -> None:
    session.execute(sa.select(User.name, Order.number).where(User.id == Order.user_id))


def now(session: Session) -> None:
    session.scalars(sa.select(sa.func.now()))


def case(session: Session) -> None:
    session.scalars(sa.select(User).where(User.name.icontains("ada")))


def pattern(session: Session) -> None:
    session.scalars(sa.select(User).where(User.name.ilike("ada%")))


def nulls(session: Session) -> None:
    session.scalars(sa.select(User).order_by(User.name.nulls_last()))


def new_key(session: Session) -> None:
    session.get_one(User, ADA).id = uuid.UUID(int=2)
    session.flush()


def unsigned(session: Session) -> None:
    session.scalars(sa.select(Order).where(sa.cast(Order.number, UInt64).in_([2**63])))


def int_enum(session: Session) -> None:
    session.scalars(sa.select(Order).where(Order.priority.in_([Priority.HIGH])))


def digits(session: Session) -> None:
    session.get_one(Order, (ADA, 1)).total = decimal.Decimal("0.1234567891")
    session.flush()


def large(session: Session) -> None:
    session.get_one(Order, (ADA, 1)).total = decimal.Decimal(10**13)
    session.flush()


def json(session: Session) -> None:
    session.scalars(sa.select(Order).where(Order.details == {"gift": True}))


def words(error: Exception) -> str:
    """The last of what YDB or a library said."""
    found = re.findall(r'message: "((?:[^"\\]|\\.)*)"', str(error)) or [str(error).split("\n")[0]]
    said = [each.replace("\\'", "'") for each in found if not each.startswith("Failed to convert input")]
    return textwrap.shorten(said[-1], 84)


tries: list[Callable[[Session], None]] = [
    savepoint, returning, for_update, any_order, two_tables, now, case, pattern, nulls, new_key, unsigned,
    int_enum, digits, large, json,
]  # fmt: skip
for each in tries:
    with Session(engine) as session:
        try:
            each(session)
        except Exception as error:
            print(f"{each.__name__}: {words(error)}")
engine.dispose()
