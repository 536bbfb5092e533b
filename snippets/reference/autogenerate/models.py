# --8<-- [start:views]
from sqlalchemy import Index
from ydb_sqlalchemy.sqlalchemy import types


class Series(Base):
    __tablename__ = "series"
    __table_args__ = (Index("by_title", "title", ydb_cover=["views"]),)

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str | None] = mapped_column(Unicode)
    series_info: Mapped[str | None] = mapped_column(Unicode)
    release_date: Mapped[int | None] = mapped_column(Integer)
    rating: Mapped[int | None] = mapped_column(Integer)
    views: Mapped[int | None] = mapped_column(types.UInt64)
# --8<-- [end:views]
# --8<-- [start:refused]
from datetime import date

from sqlalchemy import Date


class Series(Base):
    __tablename__ = "series"
    __table_args__ = (Index("by_title", "title", ydb_cover=["views"]),)

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(Unicode)
    series_info: Mapped[str | None] = mapped_column(Unicode)
    release_date: Mapped[date | None] = mapped_column(Date)
    rating: Mapped[int | None] = mapped_column(Integer)
    views: Mapped[int | None] = mapped_column(types.UInt64)
# --8<-- [end:refused]
