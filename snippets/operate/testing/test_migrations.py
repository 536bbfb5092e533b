import os
import re

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

URL = os.environ.get("TEST_YDB_URL", "yql+ydb://localhost:2136/local")
CONFIG = Config("alembic.ini")
SCRIPTS = ScriptDirectory.from_config(CONFIG)
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]


@pytest.fixture
def database(monkeypatch, request):
    """A directory of its own for each test, which is empty again afterwards. env.py takes YDB_URL."""
    directory = re.sub(r"\W+", "-", request.node.name)
    url = f"{URL}?ydb_table_path_prefix=/local/tests/{directory}"
    monkeypatch.setenv("YDB_URL", url)
    engine = sa.create_engine(url)
    yield engine
    with engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.execute(sa.DDL(f"DROP TABLE `{table}`"))
    engine.dispose()


def test_there_is_one_head():
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.usefixtures("database")
def test_revisions_make_what_the_models_say():
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_can_be_undone_and_run_again(revision):
    command.upgrade(CONFIG, revision)
    command.downgrade(CONFIG, "-1")
    command.upgrade(CONFIG, revision)


def test_rows_survive(database):
    command.upgrade(CONFIG, "9085c679f5dc")
    with database.connect() as connection:
        connection.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, 'IT Crowd')"))
        command.upgrade(CONFIG, "head")
        assert connection.execute(sa.text("SELECT series_id, title FROM series")).all() == [(1, "IT Crowd")]
