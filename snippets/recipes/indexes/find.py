import os

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Series

engine = sa.create_engine(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
with Session(engine) as session:
    by_title = sa.select(Series).with_hint(Series, "VIEW ix_series_title")
    print(session.scalars(by_title.where(Series.title == "IT Crowd")).one().series_info)
engine.dispose()
