"""What the guide says in a sentence and shows in no block: the entries with a test in docs/cases/claims.md."""

import contextlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.command import init
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from ydb_sqlalchemy.alembic import YDBImpl
from ydb_sqlalchemy.sqlalchemy import types

from guide.paths import ROOT
from guide.reader.engine import Engine
from guide.reader.python import python
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

REVISION = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "1", None, None, None


def upgrade() -> None:
    op.create_table("made", sa.Column("id", sa.Integer(), primary_key=True))
"""

Alembic = Callable[..., subprocess.CompletedProcess]


@pytest.fixture
def alembic(tmp_path: Path, ydb: Engine) -> Alembic:
    """Runs Alembic in a new project, with an env.py and one revision."""

    def run(*arguments: str, env: str, revision: str) -> subprocess.CompletedProcess:
        with contextlib.chdir(tmp_path):
            init(Config("alembic.ini"), "migrations")
        ini = tmp_path / "alembic.ini"
        ini.write_text(re.sub(r"(?m)^sqlalchemy.url = .*", lambda _: f"sqlalchemy.url = {ydb.url}", ini.read_text()))
        (tmp_path / "migrations" / "env.py").write_text((ROOT / env).read_text())
        (tmp_path / "migrations" / "versions" / "1.py").write_text(revision)
        return python(tmp_path, "-m", "alembic", *arguments)

    return run


def test_a_revision_that_fails_leaves_what_it_did(alembic: Alembic, ydb: Engine) -> None:
    failing = REVISION + '    raise RuntimeError("half-way")\n'
    result = alembic("upgrade", "head", env="snippets/moving/env_after.py", revision=failing)
    assert "RuntimeError: half-way" in result.stderr
    engine = sa.create_engine(ydb.url)
    with engine.connect() as connection:
        assert "made" in sa.inspect(connection).get_table_names()
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).all() == []
    engine.dispose()


def test_the_older_recipe_does_not_reach_offline_mode(alembic: Alembic, ydb: Engine) -> None:
    result = alembic("upgrade", "head", "--sql", env="snippets/moving/env_before.py", revision=REVISION)
    [table] = re.findall(r"CREATE TABLE alembic_version \(.*?\);", result.stdout, re.DOTALL)
    assert "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)" in table
    engine = sa.create_engine(ydb.url)
    with (
        engine.connect() as connection,
        pytest.raises(sa.exc.DBAPIError, match="no viable alternative"),
    ):
        connection.execute(sa.DDL(table))
    engine.dispose()


def test_an_error_while_describing_looks_like_no_table() -> None:
    """A bug of the dialect: remove it from docs/reference/bugs.md when this fails."""
    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.DDL("CREATE TABLE made (id Int64, PRIMARY KEY (id))"))
            assert sa.inspect(connection).has_table("made")
            emulator.faults.fail("DescribeTable", Status.UNAUTHORIZED, times=100, message="Access denied")
            assert not sa.inspect(connection).has_table("made")
        engine.dispose()


@pytest.mark.parametrize("text", ["12:30", "a:1", "_:1"])
def test_a_colon_after_a_digit_is_no_parameter(text: str) -> None:
    assert not sa.text(f"SELECT '{text}'").compile().params
    assert sa.text(f"SELECT '{text[:-3]}\":30'").compile().params == {"30": None}


def test_a_parameter_without_a_type_goes_by_its_value(ydb: Engine) -> None:
    table = "CREATE TABLE t (id Int64, i Int32, u Uint64, f Float, d Double, n Int64, s Utf8, PRIMARY KEY (id))"
    engine = sa.create_engine(ydb.url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.DDL(table))

        def write(column: str, value: object, type: sa.types.TypeEngine | None = None) -> None:
            statement = sa.text(f"UPSERT INTO t (id, {column}) VALUES (1, :value)")
            connection.execute(statement.bindparams(sa.bindparam("value", value, type)))

        for column, value in (("n", 5), ("d", 1.5), ("s", "x")):
            write(column, value)
        for column, value in (("i", 5), ("u", 5), ("f", 1.5)):
            with pytest.raises(sa.exc.DataError, match="Failed to convert"):
                write(column, value)
        with pytest.raises(sa.exc.DatabaseError, match="Failed to execute query"):
            write("s", None)
        write("i", 5, types.Int32())
        write("s", None, sa.Unicode())
    engine.dispose()


def test_a_table_made_again_is_another_one(ydb: Engine) -> None:
    made = """
        CREATE TABLE t (id Int64, n Int32, s Utf8, at Timestamp, INDEX i GLOBAL UNIQUE ON (s), PRIMARY KEY (id))
        WITH (TTL = Interval("P1D") ON at)
    """
    engine = sa.create_engine(ydb.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert isinstance(context.impl, YDBImpl)
        with context.begin_transaction(), Operations.context(context) as op:
            connection.execute(sa.DDL(made))
            op.execute("UPSERT INTO t (id, s) VALUES (1, '12'u), (2, 'a dozen'u)")
            with op.batch_alter_table("t", recreate="always") as batch:
                batch.alter_column("at", new_column_name="made_at")
            text = connection.execute(sa.text("SHOW CREATE TABLE t")).one()[2]
            assert "`n` Int64" in text and "UNIQUE" not in text and "TTL" not in text
            op.drop_index("i", "t")
            with op.batch_alter_table("t", recreate="always") as batch:
                batch.alter_column("s", type_=sa.Integer())
            assert connection.execute(sa.text("SELECT s FROM t ORDER BY s")).scalars().all() == [None, 12]
    engine.dispose()
