"""Alembic's template for several databases, on YDB: nothing is rolled back."""

from pathlib import Path

import sqlalchemy as sa
from alembic.command import init
from alembic.config import Config

from guide.reader.python import python
from ydb_emulator import Emulator

FIRST = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "1", None, None, None


def upgrade(engine_name: str) -> None:
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
"""

SECOND = """\
from alembic import op

revision, down_revision, branch_labels, depends_on = "2", "1", None, None


def upgrade(engine_name: str) -> None:
    table = {"engine1": "t", "engine2": "missing"}[engine_name]
    op.execute(f"INSERT INTO {table} (id) VALUES (1)")
"""


def test_what_was_done_on_one_database_stays(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    init(Config("alembic.ini"), "migrations", template="multidb")
    versions = tmp_path / "migrations" / "versions"
    env = tmp_path / "migrations" / "env.py"
    env.write_text(f"from ydb_sqlalchemy.alembic import YDBImpl\n{env.read_text()}")
    with Emulator() as one, Emulator() as two:
        ini = tmp_path / "alembic.ini"
        text = ini.read_text()
        for name, emulator in {"": one, "2": two}.items():
            placeholder = f"driver://user:pass@localhost/dbname{name}"
            assert f"{placeholder}\n" in text
            text = text.replace(f"{placeholder}\n", f"{emulator.url}\n")
        ini.write_text(text)
        (versions / "1.py").write_text(FIRST)
        assert upgrade() == 0
        (versions / "2.py").write_text(SECOND)
        assert upgrade() == 1
        assert (rows(one, "t"), version(one), version(two)) == ([(1,)], "2", "1")
        (versions / "2.py").write_text(SECOND.replace("missing", "t"))
        assert upgrade() == 0
        assert (rows(one, "t"), rows(two, "t"), version(two)) == ([(1,)], [(1,)], "2")


def upgrade() -> int:
    """The exit status of the command."""
    return python(Path.cwd(), "-m", "alembic", "upgrade", "head").returncode


def rows(emulator: Emulator, table: str) -> list[tuple]:
    engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))]


def version(emulator: Emulator) -> str:
    [row] = rows(emulator, "alembic_version")
    return next(value for value in row if value is not None)
