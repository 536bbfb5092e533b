import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import User

for options in ({}, {"isolation_level": "SERIALIZABLE"}):
    engine = sa.create_engine("yql+ydb://localhost:2136/local", **options)
    with Session(engine) as session:
        session.add(User(id=uuid.UUID(int=3), name="nobody"))
        session.flush()
        session.rollback()
        print(options, session.get(User, uuid.UUID(int=3)) is not None)
        session.execute(sa.delete(User).where(User.name == "nobody"))
        session.commit()
    engine.dispose()
