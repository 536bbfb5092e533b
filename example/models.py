from sqlalchemy import Integer, Unicode
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Series(Base):
    __tablename__ = "series"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str | None] = mapped_column(Unicode)
    series_info: Mapped[str | None] = mapped_column(Unicode)
    release_date: Mapped[int | None] = mapped_column(Integer)


class Seasons(Base):
    __tablename__ = "seasons"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    season_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str | None] = mapped_column(Unicode)
    first_aired: Mapped[int | None] = mapped_column(Integer)
    last_aired: Mapped[int | None] = mapped_column(Integer)


class Episodes(Base):
    __tablename__ = "episodes"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    season_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    episode_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str | None] = mapped_column(Unicode)
    air_date: Mapped[int | None] = mapped_column(Integer)
