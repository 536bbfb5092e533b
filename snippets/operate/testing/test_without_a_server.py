from alembic import command
from alembic.config import Config


def test_revisions_make_what_the_models_say(monkeypatch, ydb_url):
    monkeypatch.setenv("YDB_URL", ydb_url)
    config = Config("alembic.ini")
    command.upgrade(config, "head")
    command.check(config)
