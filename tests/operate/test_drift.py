"""What the page on drift says: its program prints what people change, and not what YDB changes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.paths import ROOT
from tests.project import SNIPPETS, Project, project
from ydb_emulator.store.database import Kept

PROGRAM = SNIPPETS / "operate" / "drift" / "schema.py"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    with project(tmp_path / "project") as example:
        example.add(PROGRAM)
        yield example


def printed(example: Project, *statements: str) -> str:
    """What the program prints after the statements."""
    example.execute(*statements)
    return example.run("python schema.py")


QUIET = {
    "a number of a sequence": (
        "CREATE TABLE t (id Serial, v Utf8, PRIMARY KEY (id))",
        "INSERT INTO t (v) VALUES ('a'u), ('b'u)",
    ),
    "a number of a sequence with a start": (
        "CREATE TABLE t (id Serial, v Utf8, PRIMARY KEY (id)); "
        "ALTER SEQUENCE `/local/t/_serial_column_id` START WITH 10 INCREMENT BY 5",
        "INSERT INTO t (v) VALUES ('a'u)",
    ),
    "a number of a sequence before a changefeed": (
        "CREATE TABLE t (id Serial, v Utf8, INDEX i GLOBAL ON (v), PRIMARY KEY (id)); "
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
        "INSERT INTO t (v) VALUES ('a'u)",
    ),
    "partitions": (
        "CREATE TABLE t (id Int64, PRIMARY KEY (id))",
        "DROP TABLE t",
        "CREATE TABLE t (id Int64, PRIMARY KEY (id)) WITH (PARTITION_AT_KEYS = (10, 20))",
    ),
    "partitions at texts": (
        "CREATE TABLE t (id Utf8, n Int32, PRIMARY KEY (id, n)) WITH (AUTO_PARTITIONING_BY_LOAD = ENABLED)",
        "DROP TABLE t",
        "CREATE TABLE t (id Utf8, n Int32, PRIMARY KEY (id, n)) WITH (AUTO_PARTITIONING_BY_LOAD = ENABLED, "
        "PARTITION_AT_KEYS = (('a, (b', 1), ('x);', 2), ('y''z', 3)))".replace("''", "\\'"),
    ),
    "as many partitions as the least number": (
        "CREATE TABLE t (id Int64, PRIMARY KEY (id)) WITH (AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 3)",
        "DROP TABLE t",
        "CREATE TABLE t (id Int64, PRIMARY KEY (id)) WITH (AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 3, "
        "PARTITION_AT_KEYS = (10, 20))",
    ),
}


@pytest.mark.parametrize("case", QUIET)
def test_what_ydb_does_by_itself_is_no_drift(example: Project, case: str) -> None:
    made, *changes = QUIET[case]
    before = printed(example, *made.split("; "))
    assert "CREATE TABLE `t`" in before
    assert printed(example, *changes) == before


DRIFT = {
    "a column": "ALTER TABLE t ADD COLUMN note Utf8",
    "an index": "ALTER TABLE t ADD INDEX by_n GLOBAL ON (n)",
    "a TTL": "ALTER TABLE t SET (TTL = Interval('PT1H') ON at)",
    "partitioning by load": "ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)",
    "the greatest number of partitions": "ALTER TABLE t SET (AUTO_PARTITIONING_MAX_PARTITIONS_COUNT = 7)",
    "a changefeed": "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
    "a default": "ALTER TABLE t ALTER COLUMN n SET DEFAULT 7",
    "the step of a sequence": "ALTER SEQUENCE `/local/t/_serial_column_id` INCREMENT BY 3",
    "a view": "CREATE VIEW w WITH (security_invoker = TRUE) AS SELECT n FROM t",
    "another query of a view": "DROP VIEW v; CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT n FROM t",
    "no view": "DROP VIEW v",
    "a table": "CREATE TABLE u (id Int64, PRIMARY KEY (id))",
}


@pytest.fixture(scope="module")
def undrifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Kept, str]]:
    """A project with a table, what its database holds, and what the program prints of that."""
    with project(tmp_path_factory.mktemp("undrifted") / "project") as example:
        example.add(PROGRAM)
        made = (
            "CREATE TABLE t (id Serial, n Int32 DEFAULT 1, at Timestamp, PRIMARY KEY (id)) "
            "WITH (PARTITION_AT_KEYS = (10, 20), AUTO_PARTITIONING_BY_SIZE = ENABLED)"
        )
        view = "CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT id FROM t"
        before = printed(example, made, view, "INSERT INTO t (n) VALUES (1)")
        kept = example.emulator.database.kept()
        yield example, kept, before
        example.emulator.database.bring_back(kept)
        assert printed(example) == before


@pytest.mark.parametrize("case", DRIFT)
def test_what_people_do_is_drift(undrifted: tuple[Project, Kept, str], case: str) -> None:
    example, kept, before = undrifted
    example.emulator.database.bring_back(kept)
    assert printed(example, *DRIFT[case].split("; ")) != before


HOOKS = ROOT / "toolkit" / "src" / "alembic_ydb" / "hooks.py"
COLUMNS = "series_id Int64 NOT NULL, season_id Int64 NOT NULL, title Utf8, first_aired Int64, last_aired Int64"
KEY = "PRIMARY KEY (series_id, season_id)"
SILENT = {
    "another order of the key": f"CREATE TABLE seasons ({COLUMNS}, PRIMARY KEY (season_id, series_id))",
    "a shorter key": f"CREATE TABLE seasons ({COLUMNS}, PRIMARY KEY (series_id))",
    "a smaller integer": f"CREATE TABLE seasons ({COLUMNS.replace('last_aired Int64', 'last_aired Int32')}, {KEY})",
    "an interval": f"CREATE TABLE seasons ({COLUMNS.replace('last_aired Int64', 'last_aired Interval')}, {KEY})",
    "another kind of index": f"CREATE TABLE seasons ({COLUMNS}, INDEX ix GLOBAL ASYNC ON (title), {KEY})",
    "a column table": f"CREATE TABLE seasons ({COLUMNS}, {KEY}) WITH (STORE = COLUMN)",
}


@pytest.mark.parametrize("case", SILENT)
def test_check_is_silent_without_the_hooks(example: Project, case: str) -> None:
    example.at_head()
    example.execute("DROP TABLE seasons", SILENT[case])
    if "INDEX ix" in SILENT[case]:
        models = example.folder / "models.py"
        models.write_text(models.read_text() + '\nIndex("ix", Seasons.title)\n')
        replace(models, "import Integer", "import Index, Integer")
    assert "No new upgrade operations detected" in example.run("alembic check")

    example.add(HOOKS)
    env = example.folder / "migrations" / "env.py"
    replace(env, "from ydb_sqlalchemy.alembic import YDBImpl", "from hooks import hooks")
    replace(env, "target_metadata=target_metadata)", "target_metadata=target_metadata, **hooks(target_metadata))")
    example.run("alembic check", status=0 if case == "a column table" else 255)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
