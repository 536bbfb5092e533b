import uuid

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from ydb_sqlalchemy.sqlalchemy.types import UInt64


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str | None]
    visits: Mapped[int | None] = mapped_column(UInt64)
