"""A check starts from what a YDB has. That YDB is only read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import ydb
from case import NO_WAY_BACK, yql
from scratch import ENV, Scratch, codes
from ydb import _apis

from alembic_ydb.check.__main__ import main
from alembic_ydb.check.contents import contents
from alembic_ydb.check.record import Size
from alembic_ydb.check.restore import _moved, restore
from alembic_ydb.check.snapshot import FORM, Entry, Snapshot, SnapshotError, _size, load, take
from ydb_emulator import Emulator

SCHEMA = (
    "CREATE TABLE `alembic_version` (version_num Utf8 NOT NULL, id Int64, PRIMARY KEY (id))",
    "CREATE TABLE t (id Int64 NOT NULL, a Utf8, at Timestamp, d Decimal(22,9), PRIMARY KEY (id))"
    " WITH (TTL = Interval('P1D') ON at)",
    "ALTER TABLE t ADD INDEX ix GLOBAL ASYNC ON (a) COVER (d)",
    "CREATE TABLE `deep/down` (a Utf8 NOT NULL, b Uint64 NOT NULL, PRIMARY KEY (a, b))",
)
ROWS = (
    "UPSERT INTO `alembic_version` (id, version_num) VALUES (NULL, 'a'u)",
    "UPSERT INTO t (id, a, d) VALUES (1, 'x'u, Decimal('1.5', 22, 9)), (2, NULL, NULL), (3, ''u, NULL)",
    "UPSERT INTO `deep/down` (a, b) VALUES ('k'u, 18446744073709551615ul)",
)
TABLE = "CREATE TABLE t (id Int64, PRIMARY KEY (id))"
PART = "is a snapshot with a part missing or changed: write it anew"
ANONYMOUS = ydb.AnonymousCredentials()


@pytest.fixture(params=["25.1", "26.2"], scope="module")
def production(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """A database in use, on a line without SHOW CREATE and on one with it."""
    with Emulator(path="/production", line=request.param) as emulator:
        engine = sa.create_engine(emulator.url)
        with engine.connect() as connection:
            for statement in SCHEMA:
                connection.execute(sa.DDL(statement.replace("%", "%%")))
            for statement in ROWS:
                connection.execute(sa.text(statement))
            connection.commit()
        engine.dispose()
        yield emulator


def test_it_is_the_same_elsewhere(production: Emulator, tmp_path: Path) -> None:
    take(production.url, ANONYMOUS, rows=10).write(tmp_path / "snapshot")
    with Emulator(path="/production", line=production.database.line.name) as other:
        restore(load(tmp_path / "snapshot"), other)
        for path, table in contents(production).tables.items():
            made = contents(other).tables[path]
            assert (made.columns, made.key, made.ttl) == (table.columns, table.key, table.ttl)
            assert made.indexes == table.indexes
        assert contents(other).rows == contents(production).rows


def test_only_reads_are_sent(production: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(production.database, "watch", lambda text, error: texts.append(text))
    production.faults.requests.clear()
    before = production.database.state
    take(production.url, ANONYMOUS, rows=10)
    assert set(production.faults.requests) <= {
        "ListEndpoints", "CreateSession", "AttachSession", "DeleteSession", "ListDirectory", "DescribeTable",
        "ExecuteQuery",
    }  # fmt: skip
    assert {text.split()[0] for text in texts} == {"SHOW", "SELECT"}
    assert production.database.state is before


def test_as_many_rows_as_were_asked_for_and_the_whole_version_table(production: Emulator) -> None:
    with Emulator(path="/production", line=production.database.line.name) as other:
        restore(take(production.url, ANONYMOUS, rows=2), other)
        kept = {path: len(rows) for path, rows in contents(other).rows.items()}
    assert kept == {"t": 2, "deep/down": 1}
    with Emulator(path="/production", line=production.database.line.name) as other:
        restore(take(production.url, ANONYMOUS), other)
        assert [len(rows) for rows in other.database.state.rows.values() if len(rows)] == [1]


def test_a_check_runs_what_is_pending_there(tmp_path: Path, production: Emulator) -> None:
    project = Scratch(tmp_path / "project")
    project.revision("a", "raise AssertionError('it is there')")
    project.revision("b", 'op.create_index("by_d", "t", ["d"])', 'op.drop_index("by_d", "t")')
    line = production.database.line.name
    done = project.run(
        "--from", production.url, "--rows", "9", "--line", line, environ={"YDB_ANONYMOUS_CREDENTIALS": "1"}
    )
    assert f"YDB {line}: 1 revision, 1 statement: 1 taken" in done.stdout
    assert "b.py:9: YDB401 index by_d is built from every row of t (3 rows here)" in done.stdout
    project.run(production.url, "snapshot.json", command="snapshot", environ={"YDB_ANONYMOUS_CREDENTIALS": "1"})
    kept = json.loads((project.folder / "snapshot.json").read_text())
    [table] = [entry for entry in kept["entries"] if entry["path"] == "t"]
    assert table["size"] is None  # the emulator does not say
    table["size"] = {"rows": 12_345_678, "bytes": 3_410_000_000}
    (project.folder / "snapshot.json").write_text(json.dumps(kept))
    [found] = project.findings("--from-file", "snapshot.json", "--line", line)
    assert found["message"] == "index by_d is built from every row of t (about 12,000,000 rows, 3.41 GB)"


def test_the_version_table_may_have_another_name_and_a_table_changefeeds(tmp_path: Path, production: Emulator) -> None:
    line = production.database.line.name
    with Emulator(path="/production", line=line) as other:
        with sa.create_engine(other.url).connect() as connection:
            connection.execute(sa.DDL(SCHEMA[0].replace("alembic_version", "ops/versions")))
            connection.execute(sa.text(ROWS[0].replace("alembic_version", "ops/versions")))
            connection.execute(sa.DDL(TABLE))
            connection.execute(sa.DDL("ALTER TABLE t ADD CHANGEFEED cf WITH (MODE = 'UPDATES', FORMAT = 'JSON')"))
            connection.commit()
        take(other.url, ANONYMOUS).write(tmp_path / "snapshot")
    project = Scratch(tmp_path / "project")
    project.env(ENV.replace("target_metadata=None", 'target_metadata=None, version_table="ops/versions"'))
    project.revision("a", "raise AssertionError('it is there')")
    without = line == "25.1"  # it has no SHOW CREATE TABLE
    project.revision("b", yql("ALTER TABLE t DROP CHANGEFEED cf"), NO_WAY_BACK)
    found = project.findings("--from-file", str(tmp_path / "snapshot"), "--line", line)
    assert codes(found, "b") == (["YDB101"] if without else ["YDB304"])
    assert codes(found, "a") == []


@pytest.mark.parametrize(
    ("columns", "id", "is_taken"),
    [
        ("version_num Utf8 NOT NULL, id Int32, PRIMARY KEY (id)", "NULL", True),
        ("version_num Utf8 NOT NULL, id Int32, PRIMARY KEY (id)", "1", False),
        ("version_num Int64 NOT NULL, id Int32, PRIMARY KEY (id)", "NULL", False),
        ("version_num Utf8 NOT NULL, id Int32, PRIMARY KEY (id, version_num)", "NULL", False),
        ("version_num Utf8 NOT NULL, id Int32, a Utf8, PRIMARY KEY (id)", "NULL", False),
    ],
)
def test_rows_of_a_table_that_is_only_like_a_version_table_stay_there(columns: str, id: str, is_taken: bool) -> None:
    value = "1" if "Int64" in columns else "'a'u"
    with Emulator() as other:
        with sa.create_engine(other.url).connect() as connection:
            connection.execute(sa.DDL(f"CREATE TABLE docs ({columns})"))
            connection.execute(sa.text(f"UPSERT INTO docs (id, version_num) VALUES ({id}, {value})"))
            connection.commit()
        (entry,) = take(other.url, ANONYMOUS).entries
    assert bool(entry.rows) == is_taken


def test_views_of_views_and_a_database_of_another_path(tmp_path: Path) -> None:
    with Emulator(path="/production") as other:
        with sa.create_engine(other.url).connect() as connection:
            connection.execute(sa.DDL("CREATE TABLE t (id Serial NOT NULL, a Utf8, PRIMARY KEY (id))"))
            connection.execute(sa.text("UPSERT INTO t (a) VALUES ('x'u)"))
            for view, of in (("z", "t"), ("y", "z"), ("a", "y")):
                connection.execute(sa.DDL(f"CREATE VIEW {view} WITH (security_invoker = TRUE) AS SELECT a FROM {of}"))
            connection.commit()
        taken = take(other.url, ANONYMOUS)
    with Emulator(path="/local") as here:
        restore(taken, here)
        assert contents(here).texts.keys() == {"t", "z", "y", "a"}
    assert _moved("PRAGMA TablePathPrefix = '/a/b';", "/a", "/c") == "PRAGMA TablePathPrefix = '/c/b';"
    assert _moved("CREATE TABLE `/ab` (x Utf8 DEFAULT '/a')", "/a", "/c") == "CREATE TABLE `/ab` (x Utf8 DEFAULT '/a')"


def test_what_cannot_be_held_is_named_and_not_a_view_of_it() -> None:
    view = "CREATE VIEW {} WITH (security_invoker = TRUE) AS SELECT {}"
    texts = {"a": view.format("a", "* FROM b"), "b": view.format("b", "* FROM c"), "c": view.format("c", "Knn::Foo(1)")}
    with Emulator() as other, pytest.raises(SnapshotError, match="the emulator cannot hold c of the snapshot: .*Knn"):
        restore(Snapshot(other.database.path, tuple(Entry(path, text) for path, text in texts.items())), other)
    entry = Entry("t", f"--!ansi_lexer\n{TABLE}")
    with Emulator() as other, pytest.raises(SnapshotError, match="cannot hold t of the snapshot: ansi_lexer"):
        restore(Snapshot(other.database.path, (entry,)), other)


def test_a_merge_that_was_applied_is_no_reason_to_run_nothing(tmp_path: Path) -> None:
    project = Scratch(tmp_path / "project")
    for name, before in (("a", None), ("b", "a"), ("c", "a")):
        project.revision(name, "pass", before=before)
    merge = project.revision("d", "pass")
    merge.write_text(merge.read_text().replace("'d', 'c'", "'d', ('b', 'c')"))
    project.revision("e", yql(TABLE), 'op.drop_table("t")')
    for version, found in (("c", ["d"]), ("d", [])):
        with Emulator(path="/production") as other:
            with sa.create_engine(other.url).connect() as connection:
                connection.execute(sa.DDL(SCHEMA[0]))
                connection.execute(sa.text(ROWS[0].replace("'a'u", f"'{version}'u")))
                connection.commit()
            take(other.url, ANONYMOUS).write(tmp_path / "snapshot")
        assert [each["revision"] for each in project.findings("--from-file", str(tmp_path / "snapshot"))] == found


def test_a_size_is_what_ydb_estimates_and_none_where_it_has_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    described = _apis.ydb_table.DescribeTableResult()
    monkeypatch.setattr("alembic_ydb.check.snapshot._described", lambda driver, path, **wishes: described)
    assert _size(None, "/local/t") is None
    described.table_stats.rows_estimate, described.table_stats.store_size = 7, 1000
    assert _size(None, "/local/t") == Size(7, 1000)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nowhere", "this is no URL: use yql+ydb://host:port/database"),
        ("postgresql://localhost:1/x", "this is no URL of a YDB: use yql+ydb://host:port/database"),
        ("yql+ydb://localhost:1", "this is no URL of a YDB: use yql+ydb://host:port/database"),
        ("yql+ydb://127.0.0.1:1/local", "YDB does not answer at grpc://127.0.0.1:1: "),
    ],
)
def test_a_url_that_cannot_be_read(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alembic_ydb.check.snapshot.TIMEOUT", 1)
    with pytest.raises(SnapshotError) as refused:
        take(url, ANONYMOUS)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no snapshot: write one with `alembic-ydb snapshot URL`"),
        ("[]", "is no snapshot: write one with `alembic-ydb snapshot URL`"),
        (json.dumps({"form": 99}), "is a snapshot of another version (99): write it anew"),
        (json.dumps({"form": FORM, "database": "/a"}), PART),
        (json.dumps({"form": FORM, "database": None, "entries": []}), PART),
        (json.dumps({"form": FORM, "database": "/a", "entries": [{"path": "t", "text": 5, "size": None}]}), PART),
        (json.dumps({"form": FORM, "database": "/a", "entries": [{"path": "t", "more": "", "size": None}]}), PART),
    ],
)
def test_a_file_that_is_no_snapshot(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "snapshot"
    file.write_text(text)
    with pytest.raises(SnapshotError) as refused:
        load(file)
    assert str(refused.value) == f"{file} {said}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        load(tmp_path / "nowhere")


def test_what_the_emulator_cannot_hold_is_told(tmp_path: Path) -> None:
    with Emulator() as emulator, pytest.raises(SnapshotError) as refused:
        restore(Snapshot("/local", (Entry("t", "CREATE TABLE t (id Int65, PRIMARY KEY (id))"),)), emulator)
    assert str(refused.value) == "the emulator cannot hold t of the snapshot: Unknown simple type 'Int65'"


@pytest.mark.parametrize(
    "entry", [{"description": "AAAA"}, {"text": TABLE, "rows": "?"}, {"text": TABLE, "rows": "AAAA"}]
)
def test_what_is_damaged_is_told(entry: dict[str, Any]) -> None:
    with Emulator() as emulator, pytest.raises(SnapshotError, match="the snapshot is damaged at t: write it anew"):
        restore(Snapshot("/local", (Entry("t", **entry),)), emulator)


def test_without_a_login_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("YDB_ANONYMOUS_CREDENTIALS", raising=False)
    assert main(["snapshot", "yql+ydb://127.0.0.1:1/local", str(tmp_path / "snapshot")]) == 2
    assert capsys.readouterr().err.startswith("alembic-ydb snapshot: How to log in to YDB?")
    assert not (tmp_path / "snapshot").exists()
