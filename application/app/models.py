"""The tables of the application."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alembic_ydb import types


class Base(DeclarativeBase):
    pass


class Task(Base):
    __tablename__ = "tasks"

    id: Mapped[uuid.UUID] = mapped_column(types.Uuid(nullable=False), primary_key=True, default=uuid.uuid4)
    title: Mapped[str] = mapped_column(sa.Unicode(), nullable=False)
