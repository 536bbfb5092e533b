import datetime
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Email, Order, Page, Priority, Status, User, Visit, hash_of

engine = sa.create_engine("yql+ydb://localhost:2136/local", isolation_level="SERIALIZABLE")
ADA = uuid.UUID(int=1)  # without an id, the model makes a random one
NOON = datetime.datetime(2026, 11, 29, 12, 0, 0, 123456, datetime.timezone(datetime.timedelta(hours=3)))
URL = "https://example.com/"

with Session(engine) as session, session.begin():
    ada = User(id=ADA, name="Ada")
    ada.orders = [
        Order(number=1, total=decimal.Decimal("9.99"), priority=Priority.HIGH, placed_at=NOON),
        Order(number=2, total=decimal.Decimal("1.50"), details={"gift": True}, placed_at=NOON),
    ]
    session.add_all([ada, Email(address="ada@example.com", user_id=ADA), Visit(user=ada, page=Page(url=URL), at=NOON)])

with Session(engine) as session, session.begin():
    order = session.get_one(Order, (ADA, 1))
    order.status = Status.PAID
    session.flush()
    session.refresh(order)
    print(order.user.name, order.status, order.placed_at)

with Session(engine) as session:
    print([(each.number, each.details) for each in session.get_one(User, ADA).orders])
    print(session.execute(sa.select(User.name, Order.total).join(User.orders).where(Order.status == Status.PAID)).all())
    print(session.scalars(sa.select(Page.views).where(Page.hash.in_([hash_of(URL)]))).all())
engine.dispose()
