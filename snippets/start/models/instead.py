import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session
from ydb_sqlalchemy.sqlalchemy import upsert
from ydb_sqlalchemy.sqlalchemy.types import UInt64

from models import Email, Order, Priority, User

engine = sa.create_engine("yql+ydb://localhost:2136/local", isolation_level="SERIALIZABLE")
ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2)

with Session(engine) as session, session.begin():
    # RETURNING, in YQL
    insert = sa.text("INSERT INTO users (id, name) VALUES (:id, :name) RETURNING name")
    print(session.scalar(insert, {"id": BOB.hex, "name": "Bob"}))

    # a join for any()
    print(session.scalars(sa.select(User.name).distinct().join(User.orders).where(Order.number == 1)).all())

    # UInt64 in IN, and the value of an enum that is a number
    some = [sa.literal(number, UInt64) for number in (1, 2**64 - 1)]
    print(session.scalars(sa.select(Order.number).where(sa.cast(Order.number, UInt64).in_(some))).all())
    print(session.scalars(sa.select(Order.number).where(Order.priority.in_([Priority.HIGH.value]))).all())

    # functions of YQL
    print(session.scalars(sa.select(User.name).where(sa.func.Unicode.ToLower(User.name).contains("bo"))).all())
    print(session.scalars(sa.select(sa.func.CurrentUtcTimestamp() > Order.placed_at).limit(1)).all())
    print(session.scalars(sa.select(User.name).where(User.name.op("ILIKE")("bo%"))).all())

    # NULL last
    print(session.scalars(sa.select(User.name).order_by(User.name.is_(None), User.name)).all())

    # a row that is there or not
    session.execute(upsert(Email).values(address="ada@example.com", user_id=BOB))
    print(session.scalars(sa.select(Email.user_id)).all())

    # a value that fits
    session.get_one(Order, (ADA, 1)).total = decimal.Decimal("0.1234567891").quantize(decimal.Decimal("1e-9"))
engine.dispose()
