"""The tests and fixtures of `alembic_ydb.testing`, in the suites of projects of many kinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import ydb_sqlalchemy.alembic  # noqa: F401 - what a run in this process is the first to import is forgotten after it
from suite import ENV, INI, MODELS, NOWHERE, Suite

import alembic_ydb.testing.found
import alembic_ydb.testing.stairway  # noqa: F401 - for the same reason
from alembic_ydb.testing import migrations  # noqa: F401 - for the same reason
from ydb_emulator import Emulator, scratch  # noqa: F401 - for the same reason

pytest_plugins = "pytester"


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    for name in ("YDB_URL", "YDB_ANONYMOUS_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    return Suite(pytester)


@pytest.fixture
def real() -> Iterator[Emulator]:
    """What stands for a real YDB."""
    with Emulator() as emulator:
        yield emulator


def told(result: pytest.RunResult, *lines: str) -> None:
    result.stdout.fnmatch_lines([f"*{line}*" for line in lines])


# --- projects of many kinds ------------------------------------------------------------------------------------


def test_started_in_another_folder(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`prepend_sys_path = .` is then not the folder of the project, and its address is nobody's."""
    suite.write("pytest.ini", "[pytest]\n")
    monkeypatch.chdir(suite.folder / "tests")
    suite.run().assert_outcomes(passed=3)


ASYNC = """\
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from ydb_sqlalchemy.alembic import YDBImpl
from models import metadata

def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine("yql+ydb_async://prod.example:2135/production")
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


def test_asyncio_in_env_py_and_around_a_test(suite: Suite) -> None:
    suite.write("migrations/env.py", ASYNC)
    suite.write(
        "tests/test_loop.py",
        """
import asyncio
import sqlalchemy as sa

def test_in_a_loop(ydb_migrations):
    async def test():
        ydb_migrations.upgrade()
        assert sa.inspect(ydb_migrations.engine).get_table_names() == ["alembic_version", "t"]
    asyncio.run(test())
""",
    )
    suite.run().assert_outcomes(passed=4)


SEVERAL = """\
import sqlalchemy as sa
from alembic import context
from ydb_sqlalchemy.alembic import YDBImpl

for name in ("orders", "users"):
    engine = sa.create_engine(f"yql+ydb://prod.example:2135/{name}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        metadata = sa.MetaData()
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True))
        context.configure(
            connection=connection, target_metadata=metadata,
            upgrade_token=f"{name}_upgrades", downgrade_token=f"{name}_downgrades",
        )
        with context.begin_transaction():
            context.run_migrations(engine_name=name)
"""
OF_SEVERAL = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision = "a", None

def upgrade(engine_name):
    op.create_table(engine_name, sa.Column("id", sa.Integer, primary_key=True))

def downgrade(engine_name):
    op.drop_table(engine_name)
"""
EACH = """
import sqlalchemy as sa

def test_each_has_its_own(ydb_migrations, ydb_migrated):
    assert ydb_migrations.urls["/orders"] == ydb_migrated
    for name in ("orders", "users"):
        engine = sa.create_engine(ydb_migrations.urls[f"/{name}"])
        assert sa.inspect(engine).get_table_names() == ["alembic_version", name]
        engine.dispose()

test_again = test_each_has_its_own
"""


@pytest.mark.parametrize("where", ["the emulator", "a real YDB"])
def test_several_databases(suite: Suite, real: Emulator, where: str) -> None:
    suite.write("migrations/env.py", SEVERAL)
    suite.write("migrations/versions/a.py", OF_SEVERAL)
    (suite.folder / "migrations" / "versions" / "b.py").unlink()
    suite.write("tests/test_each.py", EACH)
    suite.run(*(["--ydb", real.url] if where == "a real YDB" else [])).assert_outcomes(passed=5)
    assert [*real.database.state.catalog] == [""]


def test_several_clusters_with_one_path(suite: Suite) -> None:
    suite.write("migrations/env.py", SEVERAL.replace("prod.example:2135/{name}", "{name}:2136/local"))
    suite.write("migrations/versions/a.py", OF_SEVERAL)
    (suite.folder / "migrations" / "versions" / "b.py").unlink()
    suite.write("tests/test_each.py", EACH.replace('"/orders"', '"/local"').replace('f"/{name}"', "OF[name]"))
    with (suite.folder / "tests" / "test_each.py").open("a") as file:
        file.write('\nOF = {"orders": "/local", "users": "users:2136/local"}\n')
    suite.run().assert_outcomes(passed=5)


def test_only_pyproject_a_package_in_src_and_a_variable_of_its_own(suite: Suite) -> None:
    package = suite.folder / "src" / "shop"
    for file in ("__init__.py", "db/__init__.py"):
        suite.write(f"src/shop/{file}", "")
    (suite.folder / "models.py").rename(package / "models.py")
    (suite.folder / "migrations").rename(package / "db" / "migrations")
    suite.write("src/shop/db/migrations/__init__.py", "")
    env = ENV.format(engine='sa.create_engine(os.environ["SHOP_DB"])', imports="from shop.models import metadata")
    suite.write("src/shop/db/migrations/env.py", env)
    (suite.folder / "alembic.ini").unlink()
    suite.write(
        "pyproject.toml", '[tool.alembic]\nscript_location = "shop.db:migrations"\nprepend_sys_path = ["src"]\n'
    )
    suite.write(
        "tests/conftest.py",
        """
import pytest

@pytest.fixture(autouse=True)
def variables(monkeypatch):
    monkeypatch.setenv("SHOP_DB", "yql+ydb://localhost:1/shop")
""",
    )
    suite.run().assert_outcomes(passed=3)


LOGGING = """\
[loggers]
keys = root
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = WARNING
handlers =
"""
LASTING = """
import logging
import pytest
import sqlalchemy as sa
from db import engine

@pytest.mark.parametrize("turn", range(3))
def test_the_application(ydb_migrated, ydb_migrations, caplog, turn):
    logging.getLogger("app").warning("seen")
    assert [record.message for record in caplog.records if record.name == "app"] == ["seen"]
    with ydb_migrations.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT a FROM t WHERE id = 1")) == "of the revision"
        connection.execute(sa.text("UPDATE t SET a = 'changed'u"))

def test_the_engine_leads_nowhere_now(ydb_migrated, monkeypatch):
    asked = []
    monkeypatch.setattr(engine.dialect, "connect", lambda **named: asked.append(named["host"]) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        engine.connect()
    assert asked == ["prod.example"]
"""


def test_an_engine_that_outlives_env_py_and_fileconfig(suite: Suite) -> None:
    """The revisions ran once for all four tests, which do not see what another one has written."""
    suite.write(
        "db.py", 'import sqlalchemy as sa\nengine = sa.create_engine("yql+ydb://prod.example:2135/production")\n'
    )
    suite.write("conftest.py", "")  # so that tests import it, too
    suite.write("alembic.ini", INI + LOGGING)
    configured = "from logging.config import fileConfig\nfileConfig(context.config.config_file_name)"
    suite.env("engine", f"from db import engine\nfrom models import metadata\n{configured}")
    ran = 'from pathlib import Path; Path("ran").write_text(Path("ran").read_text() + "1")'
    suite.write("ran", "")
    suite.revision("c", "b", f"op.execute(\"UPSERT INTO t (id, a) VALUES (1, 'of the revision'u)\"); {ran}")
    suite.write("tests/test_migrations.py", LASTING)
    suite.run().assert_outcomes(passed=4)
    assert (suite.folder / "ran").read_text() == "1"


TENANTS = """\
import sqlalchemy as sa
from alembic import context
from alembic_ydb import guard, tenants
from ydb_sqlalchemy.alembic import YDBImpl
from models import metadata

guard.check(context)

def migrate(url):
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()

tenants.run(context, tenants.directories("yql+ydb://prod.example:2135/production", ["one", "two"]), migrate)
"""


def test_tenants_a_guard_and_no_way_back(suite: Suite, real: Emulator) -> None:
    suite.write("migrations/env.py", TENANTS)
    no_way = 'raise NotImplementedError("the values are gone")'
    suite.revision("c", "b", 'op.execute("UPSERT INTO t (id) VALUES (1)")', no_way)
    suite.revision("d", "c", "op.execute(sa.DDL('CREATE TABLE u (id Int64, PRIMARY KEY (id))'))", 'op.drop_table("u")')
    suite.write(
        "tests/test_migrations.py",
        """
import sqlalchemy as sa
from alembic_ydb.testing import test_stairway

def test_each_tenant(ydb_migrations, ydb_migrated):
    assert set(sa.inspect(ydb_migrations.engine).get_table_names()) == {
        f"{tenant}/{table}" for tenant in ("one", "two") for table in ("alembic_version", "t", "u")
    }
""",
    )
    suite.run("--ydb", real.url).assert_outcomes(passed=2)
    assert [*real.database.state.catalog] == [""]


# --- what the tests notice -------------------------------------------------------------------------------------


def test_a_downgrade_that_forgets_and_a_column_that_no_revision_makes(suite: Suite) -> None:
    suite.write("models.py", MODELS + 'metadata.tables["t"].append_column(sa.Column("c", sa.Integer))\n')
    file = suite.revision("b", "a", 'op.add_column("t", sa.Column("a", sa.Unicode))', "pass")
    result = suite.run()
    result.assert_outcomes(passed=1, failed=2)
    told(
        result,
        "New upgrade operations detected: *'add_column', None, 't', Column('c', ",
        "b does b: it does not run again after its downgrade()",
        'migrations/versions/b.py:10: op.add_column("t", sa.Column("a", sa.Unicode))',
        "DataError: Type annotation; At function: KiAlterTable!; AlterTable : *already exists",
    )
    file.write_text(file.read_text().partition("\ndef downgrade")[0])
    told(suite.run(), "b does b: downgrade() fails")


def test_two_heads_and_none(suite: Suite) -> None:
    suite.revision("c", "a")
    result = suite.run("-k", "head or stairway")
    result.assert_outcomes(failed=2)
    told(result, "2 heads: [bc], [bc]. Put one on top of the other")
    for file in (suite.folder / "migrations" / "versions").glob("*.py"):
        file.unlink()
    told(suite.run("-k", "head"), f"there is no revision in {suite.folder / 'migrations'}")


def test_a_merge_is_told(suite: Suite) -> None:
    suite.revision("c", "a")
    file = suite.folder / "migrations" / "versions" / "d.py"
    file.write_text('revision, down_revision = "d", ("b", "c")\n')
    told(suite.run("-k", "head"), "d merges several heads. Have each revision follow one: change its down_revision")


def test_an_env_py_that_runs_nothing_passes_no_test(suite: Suite) -> None:
    suite.write("migrations/env.py", "x = 1\n")
    result = suite.run("-k", "match or stairway")
    result.assert_outcomes(failed=2)
    told(result, "*env.py ran no migrations: it has to call context.run_migrations()")


def test_what_cannot_be_run_is_told(suite: Suite) -> None:
    suite.env('sa.create_engine(os.environ["SHOP_DB"])')
    told(suite.run("-k", "match"), "*KeyError: 'SHOP_DB'")
    told(suite.run("-k", "match", "-p", "no:ydb_emulator"), "install the wheel of ydb-emulator, too")
    (suite.folder / "alembic.ini").unlink()
    told(suite.run("-k", "match"), "return a Config of Alembic from a fixture ydb_alembic_config")


# --- beside other plugins --------------------------------------------------------------------------------------


def test_a_configuration_of_its_own_beside_pytest_alembic(suite: Suite) -> None:
    (suite.folder / "alembic.ini").rename(suite.folder / "migrations" / "other.ini")
    text = INI.replace("%(here)s/migrations", "%(here)s")
    suite.write("migrations/other.ini", text.replace("prepend_sys_path = .", "prepend_sys_path = %(here)s/.."))
    suite.write(
        "conftest.py",
        """
from pathlib import Path
import pytest
import sqlalchemy as sa
from alembic.config import Config

FILE = str(Path(__file__).parent / "migrations" / "other.ini")

@pytest.fixture
def ydb_alembic_config():
    return Config(FILE)

@pytest.fixture
def alembic_config():
    return {"file": FILE}

@pytest.fixture
def alembic_engine(ydb_url):
    return sa.create_engine(ydb_url, poolclass=sa.NullPool)
""",
    )
    suite.env(f"context.config.attributes.get('connection', {NOWHERE})")
    suite.write("tests/test_both.py", "from pytest_alembic.tests import test_single_head_revision, test_upgrade\n")
    suite.pytester.runpytest_inprocess("-p", "pytest_alembic.plugin", "-p", "no:cacheprovider").assert_outcomes(
        passed=5
    )
