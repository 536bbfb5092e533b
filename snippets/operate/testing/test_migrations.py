import os
import re

import pytest
import sqlalchemy as sa
import ydb_dbapi
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

URL = os.environ.get("TEST_YDB_URL", "yql+ydb://localhost:2136/local")
CONFIG = Config("alembic.ini")
SCRIPTS = ScriptDirectory.from_config(CONFIG)
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]


def clean(engine):
    """Drop the views and tables of a directory: those of a run that was killed, too."""
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        try:
            found = {"VIEW": inspector.get_view_names(), "TABLE": inspector.get_table_names()}
        except ydb_dbapi.ProgrammingError as error:
            if "Path not found" not in str(error):
                raise
            return  # the first run: the directory is not there yet
        for kind, names in found.items():
            for name in names:
                connection.execute(sa.DDL(f"DROP {kind} `{name}`"))


@pytest.fixture
def database(monkeypatch, request):
    """An empty directory for each test, below tests/ in the database of the URL. env.py takes YDB_URL."""
    directory = re.sub(r"\W+", "-", request.node.name)
    url = sa.make_url(URL)
    url = url.update_query_dict({"ydb_table_path_prefix": f"/{url.database}/tests/{directory}"})
    monkeypatch.setenv("YDB_URL", url.render_as_string(hide_password=False))
    engine = sa.create_engine(url)
    clean(engine)
    yield engine
    clean(engine)
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
