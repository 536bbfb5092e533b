"""`alembic-ydb check` with the kinds of env.py, of configurations and of revisions that projects have."""

from __future__ import annotations

import gc
import py_compile
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from case import ADD_B, DROP_A, FILLED, KEY, NO_WAY_BACK, TABLE
from scratch import ENV, Scratch, codes

from alembic_ydb import hooks
from alembic_ydb.check.project import stacks
from alembic_ydb.check.rules import answers

ADD_INDEX = 'op.create_index("ix", "t", ["a"])'
DROP_INDEX = 'op.drop_index("ix", "t")'

ASYNC = """\
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from ydb_sqlalchemy.alembic import YDBImpl

def migrate(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine("yql+ydb_async://prod.example:2135/production")
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""

TENANTS = """\
from alembic import context
from sqlalchemy import create_engine
from ydb_sqlalchemy.alembic import YDBImpl

for tenant in ("alpha", "beta"):
    url = f"yql+ydb://prod.example:2135/production?ydb_table_path_prefix=/production/{tenant}"
    with create_engine(url).connect() as connection:
        context.configure(
            connection=connection, target_metadata=None, version_table="versions", transaction_per_migration=True
        )
        with context.begin_transaction():
            context.run_migrations()
"""


@pytest.fixture
def project(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "a project")


def at(findings: list[dict[str, Any]], code: str) -> list[tuple[str, int, str]]:
    """File, line and statement of each finding of a rule."""
    return [
        (Path(each["place"]["file"]).name, each["place"]["line"], each["statement"])
        for each in findings
        if each["code"] == code
    ]


BATCH = """\
with op.batch_alter_table("t") as batch:
    batch.add_column(sa.Column("b", sa.String))
    batch.drop_column("a"){}
"""


@pytest.mark.parametrize("env", [ENV, ASYNC])
def test_a_finding_in_a_batch_is_at_the_line_of_its_operation(project: Scratch, env: str) -> None:
    project.env(env)
    project.revision("a", FILLED, NO_WAY_BACK)
    project.revision("b", BATCH.format(""), NO_WAY_BACK)
    project.revision("c", 'with op.batch_alter_table("t") as batch:\n    pass\n    batch.drop_column("x")', NO_WAY_BACK)
    findings = project.findings()
    assert at(findings, "YDB301") == [("b.py", 11, "ALTER TABLE t DROP COLUMN a")]
    assert at(findings, "YDB501") == [("b.py", 11, "ALTER TABLE t DROP COLUMN a")]
    assert at(findings, "YDB101") == [("c.py", 11, "ALTER TABLE t DROP COLUMN x")]


def test_what_fails_in_a_batch_without_an_answer_is_at_its_line(project: Scratch) -> None:
    comment = 'batch.alter_column("a", comment="x")'
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", f'with op.batch_alter_table("t") as batch:\n    pass\n    {comment}', NO_WAY_BACK)
    assert at(project.findings(), "YDB101") == [("b.py", 11, "")]


def test_a_comment_silences_one_operation_of_a_batch_or_the_whole_block(project: Scratch) -> None:
    said = "  # alembic-ydb: ignore {}, nobody reads it"
    project.revision("a", FILLED, NO_WAY_BACK)
    project.revision("line", BATCH.format(said.format("YDB301")), NO_WAY_BACK)
    project.revision("block", BATCH.format("").replace('"b"', '"c"').replace('"a"', '"b"'), NO_WAY_BACK)
    file = project.folder / "migrations" / "versions" / "block.py"
    file.write_text(file.read_text().replace("as batch:", "as batch:" + said.format("YDB301")))
    findings = project.findings("--ignore", "YDB6")
    assert codes(findings, "line") == ["YDB501"]
    assert codes(findings, "block") == ["YDB501"]
    assert codes(findings, "") == []


def test_under_asyncio_a_finding_has_its_line(project: Scratch) -> None:
    project.env(ASYNC)
    project.revision("a", FILLED, NO_WAY_BACK)
    project.revision("b", f"x = 1\n{ADD_INDEX}", DROP_INDEX)
    project.revision("c", 'x = 1\ny = 2\nop.execute("PICK 1")')
    found = project.findings()
    assert at(found, "YDB401") == [("b.py", 10, "ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON (a)")]
    assert at(found, "YDB101") == [("c.py", 11, "PICK 1")]


def test_of_several_tenants_each_finding_is_told_once_and_a_table_of_another_is_not_ones_own(project: Scratch) -> None:
    project.env(TENANTS)
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", ADD_INDEX, DROP_INDEX)
    found = project.findings("--line", "25.4", "--line", "26.2")
    assert at(found, "YDB401") == [("b.py", 9, "ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON (a)")]
    assert [each["lines"] for each in found] == [["25.4", "26.2"]]


def test_databases_of_one_path_on_two_clusters_are_two(project: Scratch) -> None:
    """As in the template multidb of Alembic."""
    project.env(
        TENANTS.replace(
            "prod.example:2135/production?ydb_table_path_prefix=/production/{tenant}", "{tenant}:2135/local"
        )
        .replace("run_migrations()", "run_migrations(engine_name=tenant)")
        .replace("transaction_per_migration=True", 'upgrade_token="up"')
    )
    text = project.revision("a", "{'alpha': of_alpha, 'beta': of_beta}[engine_name]()").read_text()
    both = f"\ndef of_alpha():\n    {TABLE}\n\ndef of_beta():\n    op.drop_table('t')\n"
    given = text.replace("upgrade() ->", "upgrade(engine_name) ->").replace(
        "downgrade() ->", "downgrade(engine_name) ->"
    )
    (project.folder / "migrations" / "versions" / "a.py").write_text(given + both)
    assert codes(project.findings(), "a") == ["YDB101", "YDB702", "YDB703"]


def test_what_stops_one_of_several_tenants_is_told_whatever_is_selected(project: Scratch) -> None:
    project.env(TENANTS)
    project.revision("a", TABLE, NO_WAY_BACK)
    of_beta = 'if op.get_bind().engine.url.query["ydb_table_path_prefix"].endswith("beta"):\n    '
    project.revision("b", f'{of_beta}op.execute("PICK 1")', NO_WAY_BACK)
    project.revision("c", f"{DROP_A}  # alembic-ydb: ignore YDB302, it is needed for beta", NO_WAY_BACK)
    found = project.findings("--select", "YDB4", "--select", "YDB004")
    assert [(each["code"], each["revision"]) for each in found] == [("YDB101", "b")]


def test_a_guard_of_downgrades_refuses_nothing_and_a_revision_may_have_no_downgrade(project: Scratch) -> None:
    project.env(ENV.replace("with create", "from alembic_ydb import guard\nguard.check(context)\nwith create", 1))
    project.revision("a", TABLE, 'op.drop_table("t")')
    file = project.revision("b", 'op.add_column("t", sa.Column("b", sa.String))')
    file.write_text(file.read_text().partition("def downgrade")[0])
    found = project.findings()
    assert (codes(found, "a"), codes(found, "b")) == ([], ["YDB701"])


def test_only_pyproject_a_package_of_revisions_and_a_second_folder_of_them(project: Scratch) -> None:
    project.revision("a", FILLED, NO_WAY_BACK)
    file = project.revision("b", ADD_INDEX, DROP_INDEX)
    more = project.folder / "more revisions"
    more.mkdir()
    file.rename(more / "b.py")
    for folder in ("", "migrations"):
        (project.folder / folder / "__init__.py").touch()
    (project.folder / "alembic.ini").unlink()
    (project.folder / "pyproject.toml").write_text(
        '[tool.alembic]\nscript_location = "migrations:."\nprepend_sys_path = ["."]\n'
        'version_locations = ["%(here)s/migrations/versions", "%(here)s/more revisions"]\n'
        '[tool.alembic-ydb]\nignore = ["YDB502"]\n'
    )
    done = project.run()
    assert done.stdout.startswith("more revisions/b.py:9: YDB401 "), done.stderr


def test_the_files_of_the_configuration_are_those_that_alembic_takes(project: Scratch) -> None:
    """Beside a pyproject.toml that is named, alembic.ini is read too: it has the address."""
    project.revision("a", TABLE, NO_WAY_BACK)
    ini, toml = project.folder / "alembic.ini", project.folder / "pyproject.toml"
    ini.write_text("[alembic]\nsqlalchemy.url = yql+ydb://prod.example:2135/production\n")
    toml.write_text('[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
    asks = "assert context.config.get_main_option('sqlalchemy.url').endswith('/production')\n"
    project.env(ENV.replace("with create", f"{asks}with create"))
    assert project.findings("--config", "pyproject.toml") == []
    ini.rename(project.folder / "other.ini")
    for arguments, environ in (
        (["--config", "pyproject.toml", "--config", "other.ini"], {}),
        ([], {"ALEMBIC_CONFIG": "other.ini"}),
        (["--config", "other.ini"], {"ALEMBIC_CONFIG": "nowhere.ini"}),
    ):
        done = project.run(*arguments, environ=environ)
        assert (done.returncode, done.stderr) == (0, "")


def test_env_py_may_ask_for_the_command_and_write_no_empty_revision(project: Scratch) -> None:
    models = "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
    hook = "def drop_empty(context, revision, directives):\n    directives[:] = []\n"
    options = "target_metadata=metadata, process_revision_directives=drop_empty"
    asks = "assert context.config.cmd_opts.cmd[0].__name__ == 'upgrade'\n"
    project.env(
        models + hook + ENV.replace("with create", f"{asks}with create").replace("target_metadata=None", options)
    )
    project.revision("a", TABLE, NO_WAY_BACK)
    assert project.findings() == []


def test_env_py_may_have_alembic_log_what_it_runs(project: Scratch) -> None:
    """Where the step had no name, logging printed a traceback instead, among what the check hides."""
    project.env(f"import logging\nlogging.basicConfig(filename='alembic.log', level='INFO')\n{ENV}")
    project.revision("a", TABLE, NO_WAY_BACK)
    assert project.findings() == []
    assert "INFO:alembic.runtime.migration:Running upgrade  -> a\n" in (project.folder / "alembic.log").read_text()


def test_a_package_of_revisions_may_be_named_alembic(project: Scratch) -> None:
    """`alembic init --package alembic` makes one."""
    project.revision("a", TABLE, 'op.drop_table("t")')
    (project.folder / "migrations").rename(project.folder / "alembic")
    (project.folder / "alembic" / "__init__.py").touch()
    (project.folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n")
    not_forked = "from alembic_ydb.check.__main__ import main; raise SystemExit(main(['check']))"
    done = subprocess.run([sys.executable, "-P", "-c", not_forked], cwd=project.folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


HOOK = """\
import sqlalchemy as sa
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops

metadata = sa.MetaData()
sa.Table("t", metadata, sa.Column("id", sa.String, primary_key=True), sa.Column("b", sa.String))

def hook(context, revision, directives):
    assert context.config.cmd_opts.autogenerate  # as Alembic's cookbook had it
    writer(context, revision, directives)

writer = Rewriter()

@writer.rewrites(ops.ModifyTableOps)
def renames(context, revision, operations):
    return {written}
"""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("operations", ["add_column t.b", "remove_column t.a"]),
        ('ops.RenameTableOp("t", "shows")', ["RenameTableOp t"]),
        ('ops.ModifyTableOps("t", [ops.AlterColumnOp("t", "a", modify_name="b")])', ["AlterColumnOp t"]),
        ("ops.MigrateOperation()", ["MigrateOperation"]),
    ],
)
def test_a_hook_may_write_a_rename_or_an_operation_of_its_own(project: Scratch, written: str, said: list[str]) -> None:
    options = "target_metadata=metadata, process_revision_directives=hook"
    project.env(HOOK.format(written=written) + ENV.replace("target_metadata=None", options))
    columns = 'sa.Column("id", sa.String, primary_key=True), sa.Column("a", sa.String)'
    project.revision("a", f'op.create_table("t", {columns})', NO_WAY_BACK)
    assert [finding["message"].partition(": ")[2] for finding in project.findings()] == said


def test_a_hook_that_leaves_out_empty_revisions_may_be_asked_for_each_tenant(project: Scratch) -> None:
    hook = "def drop_empty(context, revision, directives):\n    directives[:] = []\n\n"
    options = "target_metadata=MetaData(), process_revision_directives=drop_empty"
    env = TENANTS.replace("create_engine\n", "MetaData, create_engine\n").replace("for tenant", f"{hook}for tenant", 1)
    project.env(env.replace("target_metadata=None", options))
    project.revision("a", TABLE, NO_WAY_BACK)
    assert project.findings() == []


def test_revisions_without_their_source(project: Scratch) -> None:
    file = project.revision("a", TABLE, NO_WAY_BACK)
    py_compile.compile(str(file), f"{file}c")
    file.unlink()
    ini = project.folder / "alembic.ini"
    ini.write_text(f"{ini.read_text()}sourceless = true\n")
    assert project.findings() == []


@pytest.mark.parametrize("collects", [True, False])
def test_no_garbage_is_collected_while_stacks_are_gathered(collects: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Python 3.11, all threads may wait for each other then, for ever."""
    monkeypatch.setattr(sys, "_current_frames", lambda: {1: gc.isenabled()})
    (gc.enable if collects else gc.disable)()
    try:
        assert stacks() == {1: False}
        assert gc.isenabled() == collects
    finally:
        gc.enable()


def test_what_a_thread_or_the_sdk_sends_and_what_is_swallowed(project: Scratch) -> None:
    file = project.revision("a", FILLED, NO_WAY_BACK)
    file.write_bytes(f"# -*- coding: latin-1 -*-\n# \u00e9\n{file.read_text()}".encode("latin-1"))
    thread = (
        "import threading, ydb\n"
        "def send():\n"
        '    driver = ydb.Driver(endpoint="grpc://prod.example:2135", database="/production")\n'
        "    pool = ydb.QuerySessionPool(driver)\n"
        "    pool.execute_with_retries(\"UPDATE t SET a = 'y'u; DELETE FROM t WHERE id = 9\")\n"
        "    driver.stop()\n"
        "started = threading.Thread(target=send)\nstarted.start()\nstarted.join()"
    )
    project.revision("b", thread, NO_WAY_BACK)
    swallowed = 'try:\n    op.execute("PICK 1")\nexcept Exception:\n    pass\n'
    project.revision("c", f"{swallowed}import sys; sys.exit(3)", NO_WAY_BACK)
    found = project.findings()
    assert codes(found, "a") == ["YDB502"]
    assert [(file, line) for file, line, _ in at(found, "YDB403")] == [("b.py", 17)]
    assert [each["message"].partition(" GENERIC_ERROR")[0] for each in found if each["code"] == "YDB101"] == [
        "YDB refuses this, and upgrade() goes on:",
        "upgrade() fails: SystemExit: 3",
    ]


def test_a_name_that_yql_has_for_itself(project: Scratch) -> None:
    """The list is that of the hooks, which the check must not import: a class of theirs becomes the project's."""
    assert answers.WORDS == hooks.WORDS
    project.revision("a", f'op.create_table("t", {KEY}, sa.Column("list", sa.String))')
    [refused] = project.findings()
    assert refused["message"].endswith('Is it the name list? Write sa.Column(quoted_name("list", True), ...)')


def test_what_no_model_has_and_what_a_model_fills(project: Scratch) -> None:
    models = (
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        'sa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True, default=7))\n'
    )
    project.env(models + ENV.replace("target_metadata=None", "target_metadata=metadata"))
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", 'op.create_table("u", sa.Column("id", sa.Integer, primary_key=True))', NO_WAY_BACK)
    assert [(each["code"], each["message"]) for each in project.findings()] == [
        ("YDB005", "autogenerate would drop what is in no model: remove_table t")
    ]


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ("x = 1", "env.py ran no migrations: it has to call context.run_migrations()\n"),
        ("import sys; sys.exit(3)", "env.py exits with 3\n"),
        ("x = 1\nimport no_such_module", "env.py fails: ModuleNotFoundError: No module named 'no_such_module' "),
    ],
)
def test_an_env_py_that_runs_nothing(project: Scratch, env: str, said: str) -> None:
    project.env(env)
    project.revision("a", TABLE)
    done = project.run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alembic-ydb check: {said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_revision_that_cannot_be_read(project: Scratch, text: str, said: str) -> None:
    file = project.revision("a", TABLE)
    file.write_text(f"{file.read_text()}\n{text}\n")
    told = f"the revisions cannot be read: {said} (migrations/versions/a.py:15)"
    assert project.run().stderr == f"alembic-ydb check: {told}\n"


@pytest.mark.parametrize(
    "closes", ["op.get_bind().close()", "with op.get_bind() as own:\n    own.execute(sa.text('SELECT 1'))"]
)
def test_a_revision_that_closes_the_connection_of_alembic_is_named(project: Scratch, closes: str) -> None:
    """It ended at a line of env.py alone, at which Alembic writes the version."""
    project.revision("a", TABLE, 'op.drop_table("t")')
    project.revision("b", closes)
    project.revision("c", "pass")
    said = "env.py fails after migrations/versions/b.py: ResourceClosedError: This Connection is closed"
    assert project.run().stderr == f"alembic-ydb check: {said} (migrations/env.py:8)\n"


def test_a_view_that_breaks_is_told_at_the_statement_that_breaks_it(project: Scratch) -> None:
    """Also a view of another one, and in a folder. What is broken already is not told again."""
    view = 'op.execute(sa.DDL("CREATE VIEW `{0}` WITH (security_invoker = TRUE) AS SELECT {1}"))'
    views = [view.format("d/v", "a FROM t"), view.format("w", "* FROM `d/v`"), view.format("x", "u.id AS id FROM u")]
    project.revision("a", "\n".join([TABLE, TABLE.replace('"t"', '"u"'), *views]), NO_WAY_BACK)
    project.revision("b", 'op.drop_column("t", "a")\nop.rename_table("u", "u2")\nop.drop_table("t")', NO_WAY_BACK)
    project.revision("c", 'op.drop_table("u2")', NO_WAY_BACK)
    told = [(each["place"]["line"], each["message"][:24]) for each in project.findings("--select", "YDB605")]
    assert sorted(told) == [
        (9, "whoever reads the view d"),
        (9, "whoever reads the view w"),
        (10, "whoever reads the view x"),
    ]


SDK = """import ydb
client = op.get_bind().connection.dbapi_connection._driver.table_client
"""
SESSION = "client.session().create()"
BULK = """types = ydb.BulkUpsertColumns()
types.add_column("id", ydb.PrimitiveType.Int64).add_column("a", ydb.PrimitiveType.Utf8)
client.bulk_upsert("/production/t", [{"id": 3, "a": os.urandom(4).hex()}], types)
"""


def test_what_the_sdk_changes_without_a_statement_has_the_file_as_its_place(project: Scratch) -> None:
    project.revision("first", FILLED, NO_WAY_BACK)
    project.revision("bulk", f"import os\n{SDK}{BULK}", "pass")
    project.revision("copied", f'{SDK}client.copy_table("/production/t", "/production/u")', "pass")
    project.revision("again", ADD_B, f'op.drop_table("t")\n{TABLE}')
    found = project.findings("--ignore", "YDB00")
    assert {name: codes(found, name) for name in ("bulk", "copied", "again")} == {
        "bulk": ["YDB503"],
        "copied": ["YDB702", "YDB703"],
        "again": ["YDB704"],
    }
    lines = {finding["code"]: finding["place"]["line"] for finding in found}
    assert (lines["YDB503"], lines["YDB702"]) == (0, 0)
    assert "DROP TABLE" in next(finding["statement"] for finding in found if finding["code"] == "YDB704")


@pytest.mark.parametrize(
    ("upgrade", "cure"),
    {
        'op.create_table("u", sa.Column("id", sa.String), sa.PrimaryKeyConstraint("id", name="pk_u"))': (
            "YDB has no names for primary keys: leave the name out, and pk of a naming convention"
        ),
        'op.create_table("u", sa.Column("id", sa.String, sa.ForeignKey("t.id"), primary_key=True))': (
            "YDB has no foreign keys: leave it out"
        ),
        'op.create_unique_constraint("uq", "t", ["a"])': (
            "YDB has no UNIQUE constraints, but unique indexes in CREATE TABLE: write that in YQL"
        ),
        'op.create_check_constraint("ck", "t", "id > 0")': "YDB has no CHECK constraints: leave it out",
        'op.create_primary_key("pk", "t", ["a"])': "YDB cannot change a primary key: copy the rows into a new table",
        'op.drop_constraint("uq", "t", type_="unique")': ("YDB has no constraints that could be dropped: leave it out"),
        'op.add_column("t", sa.Column("b", sa.Integer, sa.Computed("id")))': (
            "YDB has no GENERATED columns: let the application supply the value"
        ),
        'op.alter_column("t", "a", type_=sa.Integer())': "YDB cannot change a type: add a column, and copy the values",
        'op.alter_column("t", "a", new_column_name="b")': "YDB cannot rename a column: add one, and copy the values",
    }.items(),
)
def test_a_statement_that_cannot_be_read_has_a_cure(project: Scratch, upgrade: str, cure: str) -> None:
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", upgrade, NO_WAY_BACK)
    [found] = project.findings()
    assert (found["code"], found["message"].rpartition(". ")[2]) == ("YDB101", cure)


def test_a_name_that_the_revision_gave_is_said_by_nobody(project: Scratch) -> None:
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", 'op.rename_table("t", "u")\nop.rename_table("u", "v")', NO_WAY_BACK)
    told = [finding["message"] for finding in project.findings("--select", "YDB601")]
    assert told == ["whoever still says t is refused from now on"]


def test_ydb_refuses_a_change_of_the_schema_as_text_and_the_cure_is_told(project: Scratch) -> None:
    project.revision("a", TABLE, 'op.drop_table("t")')
    project.revision("b", 'op.execute("DROP TABLE t")')
    [message] = [finding["message"] for finding in project.findings("--select", "YDB101")]
    assert message.endswith("Write op.execute(sa.DDL(...)), which the dialect sends outside of one")


def test_what_the_sdk_asks_for_is_judged_as_the_statement_that_does_the_same(project: Scratch) -> None:
    project.revision("tables", FILLED + f'\nop.create_table("new_t", {KEY})', NO_WAY_BACK)
    both = (
        '[ydb.RenameItem("/production/t", "/production/old_t"), ydb.RenameItem("/production/new_t", "/production/t")]'
    )
    project.revision("swapped", f"{SDK}{SESSION}.rename_tables({both})", NO_WAY_BACK)
    project.revision("column", f'{SDK}{SESSION}.alter_table("/production/old_t", drop_columns=["a"])', NO_WAY_BACK)
    project.revision("dropped", f'{SDK}{SESSION}.drop_table("/production/old_t")', NO_WAY_BACK)
    project.revision("refused", f'{SDK}{SESSION}.drop_table("/production/nowhere")', NO_WAY_BACK)
    found = project.findings("--ignore", "YDB00")
    assert {name: codes(found, name) for name in ("swapped", "column", "dropped", "refused")} == {
        "swapped": ["YDB601"],
        "column": ["YDB301"],
        "dropped": ["YDB302"],
        "refused": ["YDB101"],
    }
    assert at(found, "YDB601") == [
        ("swapped.py", 11, "ALTER TABLE `t` RENAME TO `old_t`; ALTER TABLE `new_t` RENAME TO `t`")
    ]
    [message] = [each["message"] for each in found if each["code"] == "YDB601"]
    assert message == "whoever still says new_t is refused from now on"  # there is a table t all the time


def test_what_the_emulator_does_not_support_of_the_sdk_is_not_known(project: Scratch) -> None:
    added = 'ydb.Column("b", ydb.OptionalType(ydb.PrimitiveType.Utf8))'
    project.revision(
        "table", 'op.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id)) WITH (STORE = COLUMN)"))'
    )
    project.revision("altered", f'{SDK}{SESSION}.alter_table("/production/t", add_columns=[{added}])')
    assert codes(project.findings(), "altered") == ["YDB102"]


def test_what_concerns_no_revision_has_a_file_and_a_line(project: Scratch) -> None:
    """GitHub shows an annotation at a file alone."""
    models = "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
    table = 'sa.Table("u", metadata, sa.Column("id", sa.String, primary_key=True))\n'
    env = models + table + ENV.replace("target_metadata=None", "target_metadata=metadata")
    project.env(env)
    project.revision("a", TABLE, NO_WAY_BACK)
    line = next(number for number, text in enumerate(env.splitlines(), 1) if "target_metadata" in text)
    assert [(each["code"], Path(each["place"]["file"]).name, each["place"]["line"]) for each in project.findings()] == [
        ("YDB002", "env.py", line),
        ("YDB005", "env.py", line),
    ]
    project.revision("b", "pass", NO_WAY_BACK)
    project.revision("c", "pass", NO_WAY_BACK, before="a")
    assert project.run("--format", "github").stdout == (
        "::error file=migrations/versions/c.py,line=5,title=YDB001 several heads::2 heads: b, c. No revision was run\n"
    )
