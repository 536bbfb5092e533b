"""The hooks, attacked as a user might by accident: in a project of its own, through the alembic command."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import alembic
import pytest
import sqlalchemy as sa

from guide.reader.python import python
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")

TEMPLATE = Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako"
ENV = """\
import logging

import sqlalchemy as sa
from alembic import context

from alembic_ydb.hooks import hooks
from models import metadata

logging.basicConfig()
engine = sa.create_engine({url!r}, poolclass=sa.NullPool)  # gRPC may hang at the exit of who leaves a connection
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, **{hooks})
    with context.begin_transaction():
        context.run_migrations()
"""
LOGGING = """\
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
path_separator = os
"""
MODELS = "import sqlalchemy as sa\nfrom ydb_sqlalchemy.sqlalchemy import types\n\nmetadata = sa.MetaData()\n"
A = "sa.Table('t', metadata, sa.Column('id', sa.String(), primary_key=True), sa.Column('a', sa.String()){more})\n"
REFUSED = "Access denied for scheme request"


class Project:
    """A folder in which the alembic command runs against a database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.versions = folder / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        shutil.copy(TEMPLATE, folder / "migrations")
        (folder / "alembic.ini").write_text(LOGGING)
        self.write()

    def write(self, models: str = "", hooks: str = "hooks(metadata)") -> None:
        (self.folder / "models.py").write_text(MODELS + models)
        (self.folder / "migrations" / "env.py").write_text(ENV.format(url=self.url, hooks=hooks))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return python(self.folder, "-m", "alembic", *arguments)

    def ok(self, *arguments: str) -> str:
        """What a command warns of. It has to end well."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    def fails(self, *arguments: str) -> str:
        """What a command says that fails. It ends with a sentence, not with a traceback, and writes no revision."""
        before = sorted(self.versions.iterdir())
        done = self.run(*arguments)
        said = done.stdout + done.stderr
        assert (done.returncode, "Traceback" in said) == (255, False), said
        assert sorted(self.versions.iterdir()) == before
        return said

    def execute(self, *statements: str) -> None:
        engine = sa.create_engine(self.url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.execute(sa.DDL(statement))
        engine.dispose()


@pytest.fixture
def project(tmp_path: Path, ydb_url: str) -> Project:
    return Project(tmp_path / "project", ydb_url)


AUTOGENERATE = ("revision", "--autogenerate", "-m", "x")
INDEXED = "CREATE TABLE t (id Utf8 NOT NULL, a Utf8, PRIMARY KEY (id), INDEX ix GLOBAL SYNC ON (a))"


# --- What YDB has


def test_importing_the_hooks_leaves_the_dialect_as_it_is() -> None:
    """An application may import what env.py imports. Its tables are read as before."""
    code = (
        "from ydb_sqlalchemy.sqlalchemy import COLUMN_TYPES, YqlDialect; before = dict(COLUMN_TYPES);"
        "words = set(YqlDialect.preparer.reserved_words); import alembic_ydb.hooks;"
        "assert COLUMN_TYPES == before; assert YqlDialect.preparer.reserved_words == words"
    )
    python(Path(), "-c", code).check_returncode()


def test_the_engine_that_alembic_was_given_reads_tables_as_before(ydb_url: str) -> None:
    code = f"""\
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic_ydb.hooks import hooks

engine = sa.create_engine({ydb_url!r}, poolclass=sa.NullPool)
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    connection.execute(sa.DDL("CREATE TABLE t (id Int32 NOT NULL, PRIMARY KEY (id))"))
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
    context = MigrationContext.configure(connection, opts=hooks(metadata))
    [[change]] = compare_metadata(context, metadata)
    assert change[0] == "modify_type" and repr(change[5]) == "Int32()", change
    [column] = sa.inspect(connection).get_columns("t")
    assert str(column["type"]) == "INTEGER" and type(column["type"]) is sa.INTEGER, column
"""
    python(Path(), "-c", code).check_returncode()


@pytest.mark.parametrize(("request_name", "matching"), [("ExecuteQuery", "SHOW CREATE"), ("DescribeTable", "")])
def test_missing_rights_are_not_taken_for_an_old_line(
    project: Project, ydb_emulator: Emulator, request_name: str, matching: str
) -> None:
    """An index that is asynchronous in the model would have passed for one, a table for none."""
    project.execute(INDEXED)
    project.write(A.format(more=", sa.Index('ix', 'a', ydb_async=True)"), "hooks(metadata, line='25.1')")
    ydb_emulator.faults.fail(
        request_name, Status.UNAUTHORIZED, times=9, matching=lambda text: matching in text, message=REFUSED
    )
    assert REFUSED in project.fails(*AUTOGENERATE)
    ydb_emulator.faults.clear()


def test_an_older_line_has_to_be_named(tmp_path: Path) -> None:
    with Emulator(line="25.1") as emulator:
        project = Project(tmp_path / "project", emulator.url)
        project.execute(INDEXED)
        project.write(A.format(more=", sa.Index('ix', 'a')"))
        assert "YDB does not tell the indexes of t" in project.fails("check")
        project.write(A.format(more=", sa.Index('ix', 'a')"), "hooks(metadata, line='25.1')")
        project.ok("check")


# --- Options


def test_nonsense_is_refused_in_a_sentence(project: Project) -> None:
    """`own=('',)` would drop tables of other programs, the lease's among them."""
    project.execute("CREATE TABLE alembic_lease (id Int32 NOT NULL, PRIMARY KEY (id))")
    for options in ("own=('',)", "line=26.2"):
        project.write(A.format(more=""), f"hooks(metadata, {options})")
        assert "FAILED: hooks: " in project.fails(*AUTOGENERATE)


def test_every_kind_of_nonsense_is() -> None:
    code = """\
from alembic.util import CommandError
from alembic_ydb.hooks import hooks

for options in [
    {"own": [""]}, {"own": "shop"}, {"own": ["shop/"]}, {"own": ["/shop"]}, {"own": [1]}, {"own": ["a//b"]},
    {"line": "26"}, {"line": "new"}, {"line": "26.2.1"}, {"line": None},
]:
    try:
        hooks(None, **options)
    except CommandError as error:
        assert str(error).startswith("hooks: "), error
    else:
        raise AssertionError(options)
"""
    python(Path(), "-c", code).check_returncode()


# --- Warnings


def test_several_changes_in_one_revision_are_told(project: Project) -> None:
    project.execute("CREATE TABLE t (id Utf8 NOT NULL, a Utf8, b Utf8, PRIMARY KEY (id))")
    project.write(A.format(more=", sa.Column('c', sa.String()), sa.Column('d', sa.String()), sa.Index('ix', 'a')"))
    said = project.ok(*AUTOGENERATE)
    assert "4 changes in one revision: if one fails, those before it stay." in said
    assert "see 'A revision stopped half-way'" in said


def test_one_change_is_not(project: Project) -> None:
    project.write(A.format(more=""))
    assert "WARNING" not in project.ok(*AUTOGENERATE)


KEYS = {
    "sa.Integer": True,
    "types.UInt64": True,
    "sa.Integer, sa.Sequence('s')": True,
    "sa.Integer, autoincrement=False": False,
    "sa.Integer, default=lambda: 1": False,
    "sa.Integer, sa.ForeignKey('t0.id')": False,
    "sa.String": False,
}
"""A key of a new table, and whether an insert of the ORM would end in `Failed to convert type`."""


def test_a_key_that_nothing_fills_is_told(project: Project) -> None:
    table = "sa.Table('t{}', metadata, sa.Column('id', {}, primary_key=True))\n"
    part = "sa.Column('{}', sa.Integer, primary_key=True)"
    both = f"sa.Table('both', metadata, {part.format('a')}, {part.format('b')})"
    project.write("".join(table.format(number, key) for number, key in enumerate(KEYS)) + both)
    said = project.ok(*AUTOGENERATE)
    assert {key: f"t{number}.id: YDB does not number rows" in said for number, key in enumerate(KEYS)} == KEYS
    assert "both." not in said, "SQLAlchemy never leaves a part of a key to the database"


def test_a_refused_unique_names_the_recipe(project: Project) -> None:
    project.write(A.format(more=", sa.Column('b', sa.String(), unique=True)"))
    assert "UNIQUE (b): see 'Unique values'" in project.fails(*AUTOGENERATE)


# --- Names


def test_words_of_yql_may_be_names(project: Project) -> None:
    """As columns, in a key, in an index and covered by one: made, compared and dropped again."""
    project.write(
        "from alembic_ydb.hooks import WORDS\nkey = ('dict', 'list')\n"
        "columns = [sa.Column(name, sa.String, primary_key=name in key) for name in (*sorted(WORDS), 'set', 'any')]\n"
        "sa.Table('t', metadata, *columns, sa.Index('ix', 'tuple', 'struct', ydb_cover=['enum', 'stream']))\n"
    )
    project.ok(*AUTOGENERATE)
    project.ok("upgrade", "head")
    project.ok("check")
    project.ok("downgrade", "base")


def test_words_of_yql_may_be_tables(project: Project) -> None:
    words = "repeatable", "automap", "enum", "tagged", "stream"
    table = "sa.Table({!r}, metadata, sa.Column('id', sa.String, primary_key=True))\n"
    project.write("".join(table.format(word) for word in words))
    project.ok(*AUTOGENERATE)
    project.ok("upgrade", "head")
    project.ok("check")


def test_names_that_ydb_does_not_take_are_stopped(project: Project) -> None:
    """They were written, and YDB refused them, before."""
    names = ("c:d", "a.b", "a b", "ключ", "__ydb_x")
    project.write(
        A.format(more="".join(f", sa.Column({name!r}, sa.String)" for name in names))
        + "for name in ('order items', 'a//b', '...'):\n"
        + "    sa.Table(name, metadata, sa.Column('id', sa.String, primary_key=True), sa.Index(f'ix {name}', 'id'))\n"
    )
    said = project.fails(*AUTOGENERATE)
    assert all(f"t.{name}: YDB has no columns of that name" in said for name in names)
    tables = ("order items", "a//b", "...")
    assert all(f"\n  {name}: YDB has no tables of that name" in said for name in tables)
    assert all(f"\n  ix {name}: YDB has no indexes of that name" in said for name in tables)
    project.write(A.format(more=", sa.Column('a-b', sa.String)").replace("'t'", "'d-1/t.x$'"))
    project.ok(*AUTOGENERATE)
    project.ok("upgrade", "head")


def test_words_are_quoted_offline_too() -> None:
    code = """\
import sqlalchemy as sa
import alembic_ydb.hooks
from alembic.migration import MigrationContext
from alembic.operations import Operations

op = Operations(MigrationContext.configure(dialect_name="yql", opts={"as_sql": True}))
op.add_column("t", sa.Column("list", sa.String))
op.create_index("ix", "t", ["struct"], ydb_cover=["enum", "plain"])
op.drop_column("t", "tuple")
"""
    done = python(Path(), "-c", code)
    assert done.stdout.split("\n")[::2] == [
        "ALTER TABLE t ADD COLUMN `list` UTF8;",
        "ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON (`struct`) COVER (`enum`, plain);",
        "ALTER TABLE t DROP COLUMN `tuple`;",
        "",
    ]


# --- Defaults

BAD = {
    "types.UInt32, server_default=sa.text('-1')": "the default -1 is no value of type uint32",
    "types.Int8, server_default=sa.text('300')": "the default 300 is no value of type int8",
    "sa.JSON, server_default='not json'": "the default 'not json' is no value of type json",
    "sa.Date, server_default=sa.text(\"Date('2026-13-45')\")": 'Invalid value "2026-13-45" for type Date',
    "sa.Integer, server_default=sa.text('9' * 30)": "number limit overflow",
}
GOOD = [
    "sa.String, server_default='it\\'s :x 100% a\\\\b'",
    "sa.JSON, server_default='{\"a\": [1]}'",
    "types.UInt64, server_default=sa.text('18446744073709551615')",
    "sa.DateTime, server_default=sa.text(\"Timestamp('2026-11-29T10:20:30Z')\")",
]


def columns(defaults: Iterable[str]) -> str:
    return A.format(more="".join(f", sa.Column('c{number}', {each})" for number, each in enumerate(defaults)))


def test_a_default_that_is_no_value_of_its_type_is_stopped(project: Project) -> None:
    project.write(columns(BAD))
    said = project.fails(*AUTOGENERATE)
    assert [words for words in BAD.values() if words not in said] == []


def test_a_default_that_is_a_value_runs(project: Project) -> None:
    project.write(columns(GOOD))
    project.ok(*AUTOGENERATE)
    project.ok("upgrade", "head")
