"""The reference of autogenerate: what it makes of every difference between a database and its models.

`CASES` says how the database is, how the model is, and what a right autogenerate would do. The verdicts are from a run:
`alembic revision --autogenerate`, `upgrade`, `check` and `downgrade`, once as Alembic and the dialect are, once with
the hooks that the page shows. Each run has a process of its own, since the hooks change what is imported.
"""

from __future__ import annotations

import ast
import dataclasses
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import alembic
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script
from alembic.util import CommandError
from ydb_sqlalchemy.sqlalchemy import types

from guide.markdown import code, escape
from guide.paths import ROOT
from guide.reader.snippets import in_sections, load
from ydb_emulator import Emulator, releases

from .types import HOOKS, reason

PAGE = ROOT / "snippets" / "reference" / "autogenerate.md"

NOTHING, IMPOSSIBLE = "nothing", "impossible"
"""What a right autogenerate does: nothing; or say that YDB has no way to do it. Else it finds certain changes."""

ID = "sa.Column('id', sa.Integer(), primary_key=True)"


@dataclass(frozen=True)
class Case:
    """A difference: how the database is (YQL), how the model is (arguments of a Table, by its name), what is right.

    `right` is NOTHING, IMPOSSIBLE or the kinds of the changes, as Alembic calls them.
    """

    id: str
    what: str
    database: tuple[str, ...]
    model: dict[str, str]
    right: str
    options: str = ""  # of the metadata
    own: tuple[str, ...] = ()  # what the hooks are told
    configure: str = ""  # of the environment

    def metadata(self) -> sa.MetaData:
        names = {"sa": sa, "types": types}
        metadata = sa.MetaData(**eval(f"dict({self.options})", names))
        for name, arguments in self.model.items():
            eval(f"sa.Table({name!r}, metadata, {arguments})", names | {"metadata": metadata})
        return metadata


def table(columns: str = "", name: str = "t", key: str = "id", more: str = "") -> str:
    """A CREATE TABLE with a column `id`."""
    columns = f"id Int64 NOT NULL, {columns}, " if columns else "id Int64 NOT NULL, "
    return f"CREATE TABLE `{name}` ({columns}PRIMARY KEY ({key})){more}"


def model(columns: str = "") -> str:
    return f"{ID}, {columns}" if columns else ID


def one(id: str, what: str, database: str, in_model: str, right: str, options: str = "") -> Case:
    """A case of one table with a column `id`, on both sides."""
    return Case(id, what, (table(database),), {"t": model(in_model)}, right, options)


def column(type: str, more: str = "") -> str:
    return f"sa.Column('a', {type}{more and ', ' + more})"


A = column("sa.String()")
INDEX = f"{A}, sa.Index('ix', 'a'"


def indexed(id: str, what: str, database: str, in_model: str, right: str) -> Case:
    """A case of an index: what follows INDEX in the database ('' for none), and what follows `sa.Index('ix', `."""
    made = f"a Utf8, b Utf8{database and ', INDEX ' + database}"
    columns = f"{A}, sa.Column('b', sa.String())"
    return one(id, what, made, columns + (f", sa.Index('ix', {in_model})" if in_model else ""), right)


GROUPS: dict[str, list[Case]] = {
    "Tables": [
        Case("table-same", "nothing has changed", (table("a Utf8"),), {"t": model(A)}, NOTHING),
        Case("table-added", "a table more in the model", (), {"t": model(A)}, "add_table"),
        Case(
            "table-removed", "a table less in the model", (table("a Utf8"), table(name="u")), {"u": ID}, "remove_table"
        ),
        Case(
            "table-removed-own",
            "a table less in the model, in a directory of the project's own",
            (table("a Utf8"), table(name="u")),
            {"u": ID},
            "remove_table",
            own=("",),
        ),
        Case(
            "table-renamed",
            "a table has another name in the model, in a directory of the project's own",
            (table("a Utf8"), table(name="u")),
            {"s": model(A), "u": ID},
            "add_table remove_table",
            own=("",),
        ),
        Case("table-no-key", "a new table without a primary key", (), {"t": A}, IMPOSSIBLE),
        Case(
            "table-named-key",
            "a new table whose primary key has a name",
            (),
            {"t": model("sa.PrimaryKeyConstraint('id', name='pk')")},
            IMPOSSIBLE,
        ),
        Case(
            "table-convention",
            "a new table, names of primary keys by convention",
            (),
            {"t": ID},
            IMPOSSIBLE,
            "naming_convention={'pk': 'pk_%(table_name)s'}",
        ),
        Case(
            "table-comment", "a table has a comment in the model", (table(),), {"t": f"{ID}, comment='c'"}, IMPOSSIBLE
        ),
        Case(
            "table-options",
            "another partitioning in the model",
            (table(),),
            {"t": f"{ID}, ydb_auto_partitioning_min_partitions_count=4"},
            "modify_options",
        ),
        Case("table-path", "a table in a directory, by its path", (table(name="d/t"),), {"d/t": ID}, NOTHING),
        Case("table-path-added", "a new table in a directory, by its path", (), {"d/t": ID}, "add_table"),
        Case(
            "table-schema",
            "a table in a directory, by a schema",
            (table(name="d/t"),),
            {"t": f"{ID}, schema='d'"},
            IMPOSSIBLE,
        ),
        Case(
            "table-elsewhere",
            "somebody else's table in another directory",
            (table(), table(name="d/x")),
            {"t": ID},
            NOTHING,
        ),
        Case(
            "table-beside",
            "somebody else's table in the same directory",
            (table(), table(name="x")),
            {"t": ID},
            NOTHING,
        ),
        Case(
            "version-table",
            "the version table of another project in a directory",
            (table(), "CREATE TABLE `d/alembic_version` (version_num Utf8 NOT NULL, id Int64, PRIMARY KEY (id))"),
            {"t": ID},
            NOTHING,
        ),
    ],
    "Columns": [
        one("column-added", "a column more in the model", "", A, "add_column"),
        one("column-removed", "a column less in the model", "a Utf8", "", "remove_column"),
        one("column-removed-not-null", "a NOT NULL column less in the model", "a Utf8 NOT NULL", "", "remove_column"),
        one(
            "column-removed-int32",
            "an Int32 column less in the model",
            "a Int32",
            "",
            "remove_column",
        ),
        one("column-renamed", "a column has another name in the model", "b Utf8", A, "add_column remove_column"),
        one("column-case", "a column's name in other letters", "A Utf8", A, "add_column remove_column"),
        one(
            "column-order",
            "the columns in another order",
            "a Utf8, b Utf8",
            f"sa.Column('b', sa.String()), {A}",
            NOTHING,
        ),
        one("column-not-null-added", "a NOT NULL column more", "", column("sa.String()", "nullable=False"), IMPOSSIBLE),
        one(
            "column-default-added",
            "a column with a default more",
            "",
            column("sa.String()", "server_default='x'"),
            "add_column",
        ),
        one(
            "column-default-not-null-added",
            "a NOT NULL column with a default more",
            "",
            column("sa.String()", "nullable=False, server_default='x'"),
            IMPOSSIBLE,
        ),
        one(
            "column-default-string",
            "an integer column more, its default a string",
            "",
            column("sa.Integer()", "server_default='5'"),
            IMPOSSIBLE,
        ),
        one(
            "column-default-integer",
            "an integer column with a default more",
            "",
            column("sa.Integer()", """server_default=sa.text('5')"""),
            "add_column",
        ),
        one(
            "column-default-double",
            "a Double column more, its default an integer",
            "",
            column("sa.Double()", """server_default=sa.text('5')"""),
            "add_column",
        ),
        one(
            "column-default-date",
            "a Date column with a default more",
            "",
            column("sa.Date()", """server_default=sa.text("Date('2026-01-01')")"""),
            "add_column",
        ),
        one(
            "column-default-decimal",
            "a Decimal column with a default more",
            "",
            column("sa.Numeric(22, 9)", """server_default=sa.text('Decimal("5", 22, 9)')"""),
            "add_column",
        ),
        one(
            "column-default-bool",
            "a Bool column with a default more",
            "",
            column("sa.Boolean()", "server_default=sa.true()"),
            "add_column",
        ),
        one(
            "column-default-number",
            "a text column more, its default a number",
            "",
            column("sa.String()", """server_default=sa.text('5')"""),
            IMPOSSIBLE,
        ),
        one(
            "column-default-call",
            "a column more whose default is a call",
            "",
            column("sa.DateTime()", """server_default=sa.text('CurrentUtcTimestamp()')"""),
            IMPOSSIBLE,
        ),
        one("column-unique-added", "a unique column more", "", column("sa.String()", "unique=True"), IMPOSSIBLE),
        one(
            "column-index-added",
            "an indexed column more",
            "",
            column("sa.String()", "index=True"),
            "add_column add_index",
        ),
        one("column-dialect-added", "a column of a dialect's type more", "", column("types.UInt64()"), "add_column"),
        one("column-time-added", "a column more whose type YDB has not", "", column("sa.Time()"), IMPOSSIBLE),
        one("column-numeric-added", "a Numeric() column more", "", column("sa.Numeric()"), IMPOSSIBLE),
        one(
            "column-identity-added",
            "an Identity column more",
            "",
            "sa.Column('a', sa.Integer(), sa.Identity())",
            IMPOSSIBLE,
        ),
        one(
            "column-computed-added",
            "a Computed column more",
            "",
            "sa.Column('a', sa.Integer(), sa.Computed('id'))",
            IMPOSSIBLE,
        ),
        one(
            "column-comment",
            "a column has a comment in the model",
            "a Utf8",
            column("sa.String()", "comment='c'"),
            IMPOSSIBLE,
        ),
    ],
    "NULL and defaults": [
        one(
            "null-to-not-null",
            "takes NULL; not so in the model",
            "a Utf8",
            column("sa.String()", "nullable=False"),
            IMPOSSIBLE,
        ),
        one("not-null-to-null", "takes no NULL; so in the model", "a Utf8 NOT NULL", A, "modify_nullable"),
        Case(
            "key-null",
            "the key takes NULL, as in YQL without NOT NULL; not so in the model",
            ("CREATE TABLE t (id Int64, PRIMARY KEY (id))",),
            {"t": ID},
            IMPOSSIBLE,
        ),
        Case(
            "key-null-model",
            "the key takes NULL, in the model too",
            ("CREATE TABLE t (id Int64, PRIMARY KEY (id))",),
            {"t": "sa.Column('id', sa.Integer(), primary_key=True, nullable=True)"},
            NOTHING,
        ),
        one(
            "default-same",
            "the same default",
            "a Utf8 DEFAULT 'x'",
            column("sa.String()", "server_default='x'"),
            NOTHING,
        ),
        Case(
            "default-compared",
            "the same default, with compare_server_default=True",
            (table("a Utf8 DEFAULT 'x'"),),
            {"t": model(column("sa.String()", "server_default='x'"))},
            NOTHING,
            configure="compare_server_default=True",
        ),
        one(
            "default-more",
            "a default more in the model",
            "a Utf8",
            column("sa.String()", "server_default='x'"),
            "modify_default",
        ),
        one("default-less", "a default less in the model", "a Utf8 DEFAULT 'x'", A, "modify_default"),
        one(
            "default-other",
            "another default in the model",
            "a Utf8 DEFAULT 'x'",
            column("sa.String()", "server_default='y'"),
            "modify_default",
        ),
    ],
    "Types": [
        one("type-length", "another length", "a Utf8", column("sa.String(50)"), NOTHING),
        one("type-enum", "an Enum more narrow than the text", "a Utf8", column("sa.Enum('x', name='e')"), NOTHING),
        one("type-json", "JSON", "a Json", column("sa.JSON()"), NOTHING),
        one("type-bigint", "BigInteger", "a Int64", column("sa.BigInteger()"), NOTHING),
        one("type-int32", "Int32", "a Int32", column("types.Int32()"), NOTHING),
        one("type-double", "Double", "a Double", column("sa.Double()"), NOTHING),
        one("type-date32", "Date32", "a Date32", column("types.YqlDate32()"), NOTHING),
        one("type-uuid", "UUID", "a Uuid", column("sa.UUID()"), NOTHING),
        Case(
            "type-uuid-beside",
            "somebody else's table with a Uuid column",
            (table(), table("a Uuid", name="d/x")),
            {"t": ID},
            NOTHING,
        ),
        Case(
            "type-serial",
            "Serial",
            ("CREATE TABLE t (id Serial NOT NULL, PRIMARY KEY (id))",),
            {"t": "sa.Column('id', types.Int32(), primary_key=True)"},
            NOTHING,
        ),
        Case(
            "type-bigserial",
            "BigSerial",
            ("CREATE TABLE t (id BigSerial NOT NULL, PRIMARY KEY (id))",),
            {"t": ID},
            NOTHING,
        ),
        one("type-text-to-integer", "Utf8; Integer in the model", "a Utf8", column("sa.Integer()"), IMPOSSIBLE),
        one("type-integer-to-text", "Int64; String in the model", "a Int64", A, IMPOSSIBLE),
        one("type-int32-to-integer", "Int32; Integer in the model", "a Int32", column("sa.Integer()"), IMPOSSIBLE),
        one("type-uint64-to-integer", "Uint64; Integer in the model", "a Uint64", column("sa.Integer()"), IMPOSSIBLE),
        one("type-float-to-double", "Float; Double in the model", "a Float", column("sa.Double()"), IMPOSSIBLE),
        one("type-double-to-float", "Double; Float in the model", "a Double", column("sa.Float()"), IMPOSSIBLE),
        one(
            "type-decimal",
            "Decimal(10,2); Numeric(22, 9) in the model",
            "a Decimal(10,2)",
            column("sa.Numeric(22, 9)"),
            IMPOSSIBLE,
        ),
        one("type-bytes-to-text", "String; Text in the model", "a String", column("sa.Text()"), IMPOSSIBLE),
        one("type-date-to-timestamp", "Date; DateTime in the model", "a Date", column("sa.DateTime()"), IMPOSSIBLE),
        one("type-date32-to-date", "Date32; Date in the model", "a Date32", column("sa.Date()"), IMPOSSIBLE),
        one(
            "type-timestamp64",
            "Timestamp64; DateTime in the model",
            "a Timestamp64",
            column("sa.DateTime()"),
            IMPOSSIBLE,
        ),
        one("type-json-document", "JsonDocument; JSON in the model", "a JsonDocument", column("sa.JSON()"), IMPOSSIBLE),
        one("type-json-to-text", "Json; Text in the model", "a Json", column("sa.Text()"), IMPOSSIBLE),
        one("type-interval", "Interval; Integer in the model", "a Interval", column("sa.Integer()"), IMPOSSIBLE),
        one("type-uuid-to-text", "Uuid; Uuid() in the model, which is text", "a Uuid", column("sa.Uuid()"), IMPOSSIBLE),
    ],
    "Keys and constraints": [
        Case(
            "key-more",
            "a column more in the primary key",
            (table("a Utf8 NOT NULL"),),
            {"t": model("sa.Column('a', sa.String(), primary_key=True)")},
            IMPOSSIBLE,
        ),
        Case(
            "key-less",
            "a column less in the primary key",
            (table("a Utf8 NOT NULL", key="id, a"),),
            {"t": model(column("sa.String()", "nullable=False"))},
            IMPOSSIBLE,
        ),
        Case(
            "key-order",
            "the primary key in another order",
            (table("a Utf8 NOT NULL", key="a, id"),),
            {"t": model("sa.Column('a', sa.String(), primary_key=True)")},
            IMPOSSIBLE,
        ),
        Case(
            "key-type",
            "a new table with a key that YDB cannot have",
            (),
            {"t": "sa.Column('id', sa.Double(), primary_key=True)"},
            IMPOSSIBLE,
        ),
        one("unique-column", "unique=True in the model", "a Utf8", column("sa.String()", "unique=True"), IMPOSSIBLE),
        Case(
            "unique-new",
            "a new table with unique=True",
            (),
            {"t": model(column("sa.String()", "unique=True"))},
            IMPOSSIBLE,
        ),
        one(
            "unique-constraint",
            "a UniqueConstraint in the model",
            "a Utf8",
            f"{A}, sa.UniqueConstraint('a', name='uq')",
            IMPOSSIBLE,
        ),
        Case(
            "foreign-key",
            "a foreign key in the model",
            (table("a Int64"), table(name="u")),
            {"t": model("sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'))"), "u": ID},
            NOTHING,
        ),
        Case(
            "foreign-key-new",
            "a new table with a foreign key",
            (table(name="u"),),
            {"t": model("sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'))"), "u": ID},
            "add_table",
        ),
        one(
            "check",
            "a CheckConstraint in the model",
            "a Utf8",
            f"{A}, sa.CheckConstraint('id > 0', name='ck')",
            IMPOSSIBLE,
        ),
        Case(
            "check-new",
            "a new table with a CheckConstraint",
            (),
            {"t": model("sa.CheckConstraint('id > 0', name='ck')")},
            IMPOSSIBLE,
        ),
        Case(
            "check-enum",
            "a new table with an Enum that makes a CHECK",
            (),
            {"t": model(column("sa.Enum('x', name='e', create_constraint=True)"))},
            IMPOSSIBLE,
        ),
    ],
    "Indexes": [
        indexed("index-same", "the same index", "ix GLOBAL SYNC ON (a)", "'a'", NOTHING),
        indexed("index-added", "an index more in the model", "", "'a'", "add_index"),
        indexed("index-removed", "an index less in the model", "ix GLOBAL SYNC ON (a)", "", "remove_index"),
        indexed(
            "index-columns", "an index of other columns", "ix GLOBAL SYNC ON (a)", "'a', 'b'", "add_index remove_index"
        ),
        indexed(
            "index-renamed",
            "an index has another name in the model",
            "iy GLOBAL SYNC ON (a)",
            "'a'",
            "add_index remove_index",
        ),
        indexed("index-async-added", "an asynchronous index more", "", "'a', ydb_async=True", "add_index"),
        indexed("index-cover-added", "a covering index more", "", "'a', ydb_cover=['b']", "add_index"),
        indexed(
            "index-async-same", "the same asynchronous index", "ix GLOBAL ASYNC ON (a)", "'a', ydb_async=True", NOTHING
        ),
        indexed(
            "index-cover-same",
            "the same covering index",
            "ix GLOBAL SYNC ON (a) COVER (b)",
            "'a', ydb_cover=['b']",
            NOTHING,
        ),
        indexed(
            "index-async",
            "synchronous; asynchronous in the model",
            "ix GLOBAL SYNC ON (a)",
            "'a', ydb_async=True",
            "add_index remove_index",
        ),
        indexed(
            "index-cover",
            "covers nothing; a column in the model",
            "ix GLOBAL SYNC ON (a)",
            "'a', ydb_cover=['b']",
            "add_index remove_index",
        ),
        indexed("index-unique-added", "a unique index more", "", "'a', unique=True", IMPOSSIBLE),
        indexed(
            "index-unique-same", "the same unique index", "ix GLOBAL UNIQUE SYNC ON (a)", "'a', unique=True", NOTHING
        ),
        indexed("index-unique", "plain; unique in the model", "ix GLOBAL SYNC ON (a)", "'a', unique=True", IMPOSSIBLE),
        indexed(
            "index-not-unique",
            "unique; plain in the model",
            "ix GLOBAL UNIQUE SYNC ON (a)",
            "'a'",
            "add_index remove_index",
        ),
        indexed(
            "index-unique-removed",
            "a unique index less in the model",
            "ix GLOBAL UNIQUE SYNC ON (a)",
            "",
            "remove_index",
        ),
        Case(
            "index-unique-new",
            "a new table with a unique index",
            (),
            {"t": model(f"{INDEX}, unique=True)")},
            IMPOSSIBLE,
        ),
        one(
            "index-type",
            "an index of a column that YDB cannot index",
            "a Double",
            "sa.Column('a', sa.Double()), sa.Index('ix', 'a')",
            IMPOSSIBLE,
        ),
        Case(
            "index-cover-removed",
            "a column less in the model, which an index covers",
            (table("a Utf8, b Utf8, INDEX ix GLOBAL SYNC ON (a) COVER (b)"),),
            {"t": model(f"{INDEX})")},
            "add_index remove_column remove_index",
        ),
        indexed(
            "index-async-removed",
            "an asynchronous index less in the model",
            "ix GLOBAL ASYNC ON (a)",
            "",
            "remove_index",
        ),
        indexed("index-expression", "an index of an expression", "", "sa.text('lower(a)')", IMPOSSIBLE),
        one(
            "index-column-removed",
            "a column and its index less in the model",
            "a Utf8, INDEX ix GLOBAL SYNC ON (a)",
            "",
            "remove_column remove_index",
        ),
    ],
    "Other objects": [
        Case(
            "view",
            "a view beside the table",
            (table(), "CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT * FROM t"),
            {"t": ID},
            NOTHING,
        ),
        Case(
            "column-table", "a column table in the model", (table(more=" WITH (STORE = COLUMN)"),), {"t": ID}, NOTHING
        ),
        Case(
            "changefeed",
            "the table has a changefeed",
            (table(), "ALTER TABLE t ADD CHANGEFEED f WITH (FORMAT = 'JSON', MODE = 'UPDATES')"),
            {"t": ID},
            NOTHING,
        ),
        Case(
            "ttl",
            "the table has a TTL",
            (table("a Timestamp", more=" WITH (TTL = Interval('P1D') ON a)"),),
            {"t": model(column("sa.DateTime()"))},
            NOTHING,
        ),
        Case(
            "sequence",
            "the table has a sequence",
            ("CREATE TABLE t (id BigSerial NOT NULL, a Utf8, PRIMARY KEY (id))",),
            {"t": model(A)},
            NOTHING,
        ),
    ],
}
CASES = [case for cases in GROUPS.values() for case in cases]


# --- a run -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the verdict, the operations of the revision or what was said, and how a downgrade ends."""

    id: str
    verdict: str
    said: str = ""
    downgrade: str = ""


VERDICTS = {
    "right": "nothing is to do, and nothing is done",
    "seen": "the revision runs, and the next comparison finds nothing",
    "stopped": "YDB cannot do it; Alembic says so and writes no revision",
    "missed": "a difference that Alembic does not see",
    "false alarm": "a revision where nothing is to do",
    "refused": "a revision that YDB refuses",
    "does not run": "a revision that raises an exception before YDB is asked",
    "wrong": "a revision that runs, and leaves a difference or does something else",
    "crash": "Alembic ends with an exception",
}
GOOD = {"right", "seen", "stopped"}
NOT_THERE = "not on this line"
"""Of a case whose database an older line of YDB cannot have."""

ENVIRONMENT = """\
from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given["metadata"], **given["hooks"])
with context.begin_transaction():
    context.run_migrations()
"""


@dataclass
class Project:
    """An Alembic project for one case after the other, on a connection."""

    folder: Path
    connection: sa.Connection

    def config(self, metadata: sa.MetaData, hooks: dict) -> Config:
        versions = self.folder / "versions"
        shutil.rmtree(versions, ignore_errors=True)
        versions.mkdir()
        config = Config(stdout=io.StringIO())
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=self.connection, metadata=metadata, hooks=hooks)
        return config


@contextmanager
def project(emulator: Emulator) -> Iterator[Project]:
    engine = sa.create_engine(emulator.url)
    with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
        shutil.copy(Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako", folder)
        Path(folder, "env.py").write_text(ENVIRONMENT)
        yield Project(Path(folder), connection)
    engine.dispose()


def judge(case: Case, project: Project, hooks: dict) -> Outcome:
    """Make the database, write a revision, run it both ways."""
    try:
        for statement in case.database:
            project.connection.execute(sa.DDL(statement))
    except sa.exc.DBAPIError as error:
        return Outcome(case.id, NOT_THERE, reason(error))
    config = project.config(case.metadata(), hooks)
    try:
        with redirect_stdout(io.StringIO()):
            script = command.revision(config, autogenerate=True, rev_id="a")
    except CommandError as error:
        said = [line.strip() for line in str(error).split("\n")]
        return Outcome(case.id, "false alarm" if case.right == NOTHING else "stopped", "\n".join(said[1:] or said))
    except Exception as error:
        return Outcome(case.id, "crash", reason(error))
    assert isinstance(script, Script)
    operations = _operations(Path(script.path).read_text())
    if not operations:
        return Outcome(case.id, "right" if case.right == NOTHING else "missed")
    before = _schema(project.connection)
    verdict, refusal = _upgraded(case, config, operations)
    downgrade = _downgraded(config, project, before) if verdict in ("seen", "wrong") else ""
    if case.right == NOTHING:
        verdict = "false alarm"
    return Outcome(case.id, verdict, "\n".join([*operations, *refusal]), downgrade)


def _upgraded(case: Case, config: Config, operations: list[str]) -> tuple[str, list[str]]:
    """Run the revision. Out: the verdict, and what a refusal said."""
    try:
        command.upgrade(config, "head")
    except sa.exc.DBAPIError as error:
        return "refused", [reason(error)]
    except Exception as error:
        return "does not run", [reason(error)]
    try:
        command.check(config)
    except CommandError:
        return "wrong", []
    return "seen" if _kinds(operations) == case.right else "wrong", []


def _downgraded(config: Config, project: Project, before: dict[str, list[str]]) -> str:
    """Run the revision back. Out: what went wrong, or nothing."""
    try:
        command.downgrade(config, "base")
    except Exception as error:
        return reason(error)
    after = _schema(project.connection)
    lost = [line for name, lines in before.items() for line in lines if line not in after.get(name, ())]
    made = [line for name, lines in after.items() for line in lines if line not in before.get(name, ())]
    return f"{', '.join(lost)} becomes {', '.join(made) or 'nothing'}" if lost or made else ""


def _schema(connection: sa.Connection) -> dict[str, list[str]]:
    """Columns, key and indexes of every table but the version table."""
    raw = connection.connection
    found = {}
    for name in sorted(set(raw.get_table_names()) - {"alembic_version"}):
        described = raw.describe(name)
        found[name] = [f"{column.name} {column.type}" for column in described.columns]
        found[name].append(f"PRIMARY KEY ({', '.join(described.primary_key)})")
        try:
            text = connection.execute(sa.text(f"SHOW CREATE TABLE `{name}`")).one()[2]
        except sa.exc.DBAPIError:
            continue  # an older line, or a column table
        found[name] += [line.strip(" ,").replace("`", "") for line in text.split("\n") if "INDEX" in line]
    return found


KINDS = {
    "create_table": "add_table",
    "drop_table": "remove_table",
    "add_column": "add_column",
    "drop_column": "remove_column",
    "create_index": "add_index",
    "drop_index": "remove_index",
}


def _kinds(operations: list[str]) -> str:
    """The kinds of operations, in alphabetical order."""
    found = set()
    for operation in operations:
        name = operation.removeprefix("op.").partition("(")[0]
        found.add("modify_nullable" if name == "alter_column" and " nullable=" in operation else KINDS.get(name, name))
    return " ".join(sorted(found))


def _operations(revision: str) -> list[str]:
    """The operations of a revision's upgrade, each on one line."""
    parsed = ast.parse(revision).body
    [upgrade] = [item for item in parsed if isinstance(item, ast.FunctionDef) and item.name == "upgrade"]
    lines = [ast.unparse(statement) for statement in upgrade.body]
    return [line for line in lines if line.startswith("op.")]


def run(line: str, with_hooks: bool) -> list[Outcome]:
    """All cases on a release line."""
    found = []
    module: Any = None
    if with_hooks:
        module = load(HOOKS)
        module.LINE = tuple(map(int, line.split(".")))
    with Emulator(line=line) as emulator, project(emulator) as made:
        for case in CASES:
            hooks = module.hooks(case.metadata(), case.own) if module else {}
            found.append(judge(case, made, hooks | eval(f"dict({case.configure})")))
            emulator.database.clear()
    return found


def outcomes(line: str = releases.DEFAULT, with_hooks: bool = False) -> dict[str, Outcome]:
    """All cases on a release line by id, run in a process of its own."""
    return _outcomes(line, "hooks" if with_hooks else "plain")


@cache
def _outcomes(line: str, kind: str) -> dict[str, Outcome]:
    command = [sys.executable, "-m", "guide.measure.autogenerate", line, kind]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {row["id"]: Outcome(**row) for row in json.loads(done.stdout)}


# --- as the page shows it ----------------------------------------------------------------------------------------


def render() -> str:
    """snippets/reference/autogenerate.md: the verdicts counted, a table for each group, and every case."""
    with ThreadPoolExecutor() as pool:
        plain, hooked = pool.map(lambda hooks: outcomes(with_hooks=hooks), (False, True))
    sections = {"verdicts": list(_verdicts(plain, hooked))}
    for group, cases in GROUPS.items():
        sections[section(group)] = list(_matrix(cases, plain, hooked))
        sections[f"{section(group)}-cases"] = [
            line for case in cases for line in ["", *_case(case, plain[case.id], hooked[case.id])]
        ]
    left = [case for case in CASES if hooked[case.id].verdict not in GOOD]
    sections["left"] = [f"- [{case.what}](#{case.id}): {hooked[case.id].verdict}" for case in left]
    changed = [case for case in CASES if hooked[case.id].downgrade]
    sections["downgrades"] = [f"- [{case.what}](#{case.id}): {code(hooked[case.id].downgrade)}" for case in changed]
    return in_sections(sections)


def section(group: str) -> str:
    return group.lower().replace(" ", "-")


def _verdicts(plain: dict[str, Outcome], hooked: dict[str, Outcome]) -> Iterator[str]:
    counts = [Counter(outcome.verdict for outcome in found.values()) for found in (plain, hooked)]
    yield "| verdict | what it means | as it is | with the hooks |"
    yield "| --- | --- | ---: | ---: |"
    for verdict, meaning in VERDICTS.items():
        yield f"| {_mark(verdict)} | {meaning} | {counts[0][verdict]} | {counts[1][verdict]} |"


def _mark(verdict: str) -> str:
    return verdict if verdict in GOOD else f"**{verdict}**"


def _matrix(cases: list[Case], plain: dict[str, Outcome], hooked: dict[str, Outcome]) -> Iterator[str]:
    yield "| the difference | as it is | with the hooks |"
    yield "| --- | --- | --- |"
    for case in cases:
        verdicts = " | ".join(_mark(found[case.id].verdict) for found in (plain, hooked))
        yield f"| [{escape(case.what)}](#{case.id}) | {verdicts} |"


def _case(case: Case, plain: Outcome, hooked: Outcome) -> Iterator[str]:
    yield f"**[{case.id}](#{case.id}){{ #{case.id} }}**: {escape(case.what)}"
    yield ""
    yield f"- in YDB: {'; '.join(map(code, case.database)) or 'nothing'}"
    models = [f"sa.Table({name!r}, metadata, {arguments})" for name, arguments in case.model.items()]
    yield f"- in the model: {'; '.join(map(code, models))}"
    if case.options:
        yield f"- the metadata: {code(f'sa.MetaData({case.options})')}"
    if case.configure:
        yield f"- the environment: {code(f'context.configure(..., {case.configure})')}"
    if case.own:
        yield f"- the hooks: {code(f'hooks(metadata, own={case.own!r})')}"
    for name, outcome in (("as it is", plain), ("with the hooks", hooked)):
        said = "; ".join(code(line) for line in outcome.said.split("\n") if line)
        yield f"- {name}: {_mark(outcome.verdict)}{said and ', ' + said}"
        if outcome.downgrade:
            yield f"- its downgrade: {code(outcome.downgrade)}"


if __name__ == "__main__":
    print(json.dumps([dataclasses.asdict(outcome) for outcome in run(sys.argv[1], sys.argv[2] == "hooks")]))
