import os

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Titles

engine = sa.create_engine(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
with Session(engine) as session:
    for found in session.scalars(sa.select(Titles)):
        print(found.series_id, found.title)
engine.dispose()
