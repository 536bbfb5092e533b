import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import User

engine = sa.create_engine("yql+ydb://localhost:2136/local", isolation_level="SERIALIZABLE")

with Session(engine) as session:
    session.add(User(id=uuid.UUID(int=1), name="Ada", visits=1))  # without an id, the model makes a random one
    session.commit()

with Session(engine) as session:
    for user in session.scalars(sa.select(User)):
        print(user.id, user.name, user.visits)
engine.dispose()
