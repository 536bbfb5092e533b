from sqlalchemy import Unicode
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from ydb_sqlalchemy.sqlalchemy.types import UInt64


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(UInt64, primary_key=True)
    name: Mapped[str | None] = mapped_column(Unicode)
