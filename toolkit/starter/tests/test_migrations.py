"""The migrations of this project, on the emulator, or with `pytest --ydb URL` on a YDB that is there for tests."""

import datetime
import decimal
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from models import Customer, Order, Page, Status, hash_of

CONFIG = Config(Path(__file__).parent.parent / "alembic.ini")
SCRIPTS = ScriptDirectory.from_config(CONFIG)
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]


@pytest.fixture
def url(ydb_url, monkeypatch):
    """The address of an empty database, where env.py finds it."""
    monkeypatch.setenv("YDB_URL", ydb_url)
    monkeypatch.setenv("YDB_ANONYMOUS_CREDENTIALS", "1")
    return ydb_url


def downgrade(revision):
    """Ask for it, as the guard in env.py wants it."""
    options = CONFIG.cmd_opts
    CONFIG.cmd_opts = type("Options", (), {"x": ["allow-downgrade=yes"]})()
    try:
        command.downgrade(CONFIG, revision)
    finally:
        CONFIG.cmd_opts = options


def test_there_is_one_head():
    assert len(SCRIPTS.get_heads()) == 1


def test_revisions_make_what_the_models_say(url):
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_can_be_undone_and_run_again(url, revision):
    command.upgrade(CONFIG, revision)
    downgrade("-1")
    command.upgrade(CONFIG, revision)


def test_the_last_revision_runs_again_where_it_was_killed(url):
    """A process that is killed leaves what its statements did, and the version of before."""
    command.upgrade(CONFIG, "head")
    command.stamp(CONFIG, SCRIPTS.get_revision("head").down_revision or "base")
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)


def test_rows_are_written_and_read(url):
    command.upgrade(CONFIG, "head")
    engine = sa.create_engine(url)
    customer = Customer(email="ada@example.com", born=datetime.date(1990, 12, 10), settings={"news": True})
    with Session(engine) as session:
        session.add(customer)
        session.flush()
        session.add(Order(customer_id=customer.id, number=1, total=decimal.Decimal("12.5"), status=Status.PAID))
        session.add(Page(hash=hash_of("/about"), url="/about", views=3))
        session.commit()
        key = customer.id
    with Session(engine) as session:
        found = session.get_one(Customer, key)
        assert (found.id, found.settings, found.is_active) == (key, {"news": True}, True)
        assert isinstance(found.id, uuid.UUID)
        order = session.get_one(Order, (key, 1))
        assert (order.status, order.total) == (Status.PAID, decimal.Decimal("12.5"))
        assert session.get_one(Page, (hash_of("/about"), "/about")).views == 3
    engine.dispose()
