"""The application in tests: on an emulator of YDB, or with `pytest --ydb URL` on a YDB that is there for tests."""

import pytest
import sqlalchemy as sa
from alembic import command
from fastapi.testclient import TestClient

from app.database import ALEMBIC
from app.main import app


@pytest.fixture
def url(ydb_url, monkeypatch):
    """The address of an empty database, where the application and env.py find it."""
    monkeypatch.setenv("YDB_URL", ydb_url)
    monkeypatch.setenv("YDB_ANONYMOUS_CREDENTIALS", "1")  # the emulator asks for no login
    return ydb_url


@pytest.fixture
def client(url):
    """The application, started on a database that has its tables."""
    command.upgrade(ALEMBIC, "head")
    with TestClient(app) as client:
        yield client


@pytest.fixture
def alembic_engine(url):
    """For pytest-alembic, which takes an SQLite otherwise."""
    return sa.create_engine(url, poolclass=sa.NullPool)
