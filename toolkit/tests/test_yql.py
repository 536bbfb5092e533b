"""A script is sent statement by statement, whatever is in it, and can be gone on with where it stopped."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_ydb import yql
from ydb_emulator import Emulator

pytestmark = pytest.mark.usefixtures("shared_driver")

TABLE = "CREATE TABLE t (id Int32, s Utf8, PRIMARY KEY (id))"


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("-- nothing;\n/* nothing; */\n;;\n", [], id="comments alone"),
        pytest.param("SELECT 1;\n-- between\n\nSELECT 2;\n-- end", ["SELECT 1", "-- between\n\nSELECT 2"], id="notes"),
        pytest.param("SELECT 'a;\nb';SELECT 2", ["SELECT 'a;\nb'", "SELECT 2"], id="in a text"),
        pytest.param(r"SELECT 'it''s;', '\';';SELECT 2", [r"SELECT 'it''s;', '\';'", "SELECT 2"], id="quote"),
        pytest.param('SELECT "it\'s;";SELECT 2', ['SELECT "it\'s;"', "SELECT 2"], id="double quotes"),
        pytest.param("SELECT @@';@@;SELECT 2", ["SELECT @@';@@", "SELECT 2"], id="many lines"),
        pytest.param("DROP TABLE `a;b`;SELECT 2", ["DROP TABLE `a;b`", "SELECT 2"], id="in a name"),
        pytest.param("SELECT 1 -- it's;\n;SELECT 2", ["SELECT 1 -- it's;", "SELECT 2"], id="in a comment"),
        pytest.param("$f = ($x) -> { $y = $x; RETURN $y; }; SELECT $f(1); SELECT 2",
                     ["$f = ($x) -> { $y = $x; RETURN $y; }; SELECT $f(1)", "SELECT 2"], id="lambda"),
        pytest.param("PRAGMA a = 'b'; DECLARE $n AS Int32; SELECT $n; SELECT 2",
                     ["PRAGMA a = 'b'; DECLARE $n AS Int32; SELECT $n", "SELECT 2"], id="what goes with the next"),
        pytest.param("SELECT 1; $last = 2;", ["SELECT 1", "$last = 2;"], id="what goes with nothing"),
        pytest.param("define action $a() as SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 3; end define; do $a(); SELECT 2",
                     ["define action $a() as SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 3; end define; do $a()",
                      "SELECT 2"], id="action"),
        pytest.param("EVALUATE IF true DO BEGIN SELECT 1; END DO ELSE DO BEGIN SELECT 3; END DO; SELECT 2",
                     ["EVALUATE IF true DO BEGIN SELECT 1; END DO ELSE DO BEGIN SELECT 3; END DO", "SELECT 2"], id="b"),
        pytest.param("ALTER TABLE t ADD COLUMN define Int32; SELECT 2",
                     ["ALTER TABLE t ADD COLUMN define Int32", "SELECT 2"], id="a word as a name"),
    ],
)  # fmt: skip
def test_a_script_is_split_where_yql_is(script: str, statements: list[str]) -> None:
    assert [statement.text for statement in yql.split(script)] == statements


def test_a_pragma_holds_for_each_statement_after_it(tmp_path: Path, ydb_url: str) -> None:
    """The second statement wrote to the table of the same name beside the directory, before."""
    folder = f'PRAGMA TablePathPrefix = "/{sa.make_url(ydb_url).database}/tenant" -- of a tenant\n;'
    assert run(tmp_path, f"{TABLE};{folder}{TABLE};", "--url", ydb_url)[0] == 0
    rows = "UPSERT INTO t (id) VALUES (1); -- and\nUPSERT INTO t (id) VALUES (2); DELETE FROM t WHERE id = 1;"
    for first in ("1", "2"):
        assert run(tmp_path, f"{folder}{rows}", "--url", ydb_url, "--from", first)[0] == 0
    assert select(ydb_url, "SELECT id FROM t") == []
    assert select(ydb_url, "SELECT id FROM `tenant/t`") == [(2,)]


def test_line_ends_within_a_text_are_kept_and_a_mark_at_the_start_is_none(tmp_path: Path, ydb_url: str) -> None:
    """Each CR LF and CR was written as LF, before."""
    script = f"{TABLE};\r\n-- a;\rUPSERT INTO t (id, s) VALUES (1, 'a\r\nb\rc'u);\r\n"
    (tmp_path / "script.sql").write_bytes(b"\xef\xbb\xbf" + script.encode())
    assert started(tmp_path / "script.sql", "--url", ydb_url)[0] == 0
    assert select(ydb_url, "SELECT s FROM t") == [("a\r\nb\rc",)]


@pytest.mark.parametrize("name", ["ansi_lexer", " syntax_pg"])
def test_a_script_of_another_language_is_refused(name: str) -> None:
    """There, a backslash does not keep a quotation mark from ending a text: it would be cut elsewhere."""
    with pytest.raises(ValueError, match="ansi_lexer and syntax_pg are not known here"):
        yql.split(f"\n-- -- --\n--!{name}\nSELECT 'c:\\'; SELECT '; DROP TABLE t'")
    assert len(yql.split(f"SELECT 1; --!{name}\nSELECT 2")) == 2


def test_a_statement_knows_its_line_and_its_first_words() -> None:
    [first, second] = yql.split("\n-- a\n/* b */ SELECT 1;\n\nSELECT\n2;")
    assert (first.line, first.title) == (2, " SELECT 1")
    assert (second.line, second.title) == (5, "SELECT")


@pytest.mark.parametrize("script", ["SELECT 'a;", 'SELECT "a', "SELECT `a", "SELECT @@a;", "/* a;"])
def test_what_is_not_closed_is_told_and_nothing_is_sent(script: str, tmp_path: Path, ydb_url: str) -> None:
    with pytest.raises(ValueError, match="line 2: the .* is not closed"):
        yql.split(f"{TABLE};\n{script}")
    status, told = run(tmp_path, f"{TABLE};\n{script}", "--url", ydb_url)
    assert status == 2
    assert "is not closed" in told.splitlines()[-1]
    assert tables(ydb_url) == []


def test_schema_and_rows_of_one_script_are_sent_one_by_one(tmp_path: Path, ydb_url: str) -> None:
    rows = "UPSERT INTO t (id, s) VALUES (1, '100 % of a;\nb'u);\n-- only a comment;\n"
    status, told = run(tmp_path, f"{TABLE};\n{rows}", "--url", ydb_url)
    assert (status, told) == (0, "1/2 CREATE TABLE t (id Int32, s Utf8, PRIMARY KEY (id))\n"
                                 "2/2 UPSERT INTO t (id, s) VALUES (1, '100 % of a;\n")  # fmt: skip
    assert select(ydb_url, "SELECT s FROM t") == [("100 % of a;\nb",)]


def test_it_stops_where_something_is_refused_and_goes_on_there(tmp_path: Path, ydb_url: str) -> None:
    broken = f"{TABLE};\n\nUPSERT INTO t (id) VALUES ('a');\nUPSERT INTO t (id) VALUES (2);"
    status, told = run(tmp_path, broken, "--url", ydb_url)
    assert status == 1
    assert told.endswith("Nothing after it was sent. To continue here, fix line 3 and add --from 2.\n")
    assert select(ydb_url, "SELECT id FROM t") == []
    status, told = run(tmp_path, broken.replace("'a'", "1"), "--url", ydb_url, "--from", "2")
    assert (status, told.splitlines()[0]) == (0, "2/3 UPSERT INTO t (id) VALUES (1)")
    assert select(ydb_url, "SELECT id FROM t ORDER BY id") == [(1,), (2,)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which YDB? Give --url yql+ydb://host:port/database, or set YDB_URL"),
        (["--url", "{url}", "--from", "0"], "--from 0: the file has 1 statements"),
        (["--url", "{url}", "--from", "2"], "--from 2: the file has 1 statements"),
        (["--url", "{url}", "--from", "x"], "argument --from: invalid int value: 'x'"),
        (["--url", "yql+ydb://a:b@c:secret@h:1/d"], "no connection to YDB: the port in the address of YDB is"),
        (["--url", "localhost"], "no connection to YDB: Could not parse SQLAlchemy URL"),
        (["--url", "nothing://h/d"], "no connection to YDB: Can't load plugin: sqlalchemy.dialects:nothing"),
        (["--url", "{url}?typo=1"], "no connection to YDB: "),
    ],
)
def test_nonsense_is_one_sentence_and_sends_nothing(
    arguments: list[str], says: str, tmp_path: Path, ydb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YDB_URL", raising=False)
    status, told = run(tmp_path, TABLE, *(argument.format(url=ydb_url) for argument in arguments))
    assert status in (1, 2)
    assert says in told.splitlines()[-1]
    assert "Traceback" not in told and "secret" not in told
    assert tables(ydb_url) == []


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path, ydb_url: str) -> None:
    (tmp_path / "bytes.sql").write_bytes(b"\xff")
    for name, says in (("none.sql", "No such file"), ("bytes.sql", "can't decode byte"), (".", "Is a directory")):
        status, told = started(tmp_path / name, "--url", ydb_url)
        assert status == 2
        assert says in told.splitlines()[-1]


def run(folder: Path, script: str, *arguments: str) -> tuple[int, str]:
    """Exit status and what is printed, output and errors."""
    (folder / "script.sql").write_text(script)
    return started(folder / "script.sql", *arguments)


def started(file: Path, *arguments: str) -> tuple[int, str]:
    """As a process of its own would end, in this one: it imports SQLAlchemy once."""
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        try:
            yql.main([str(file), *arguments])
        except SystemExit as end:
            if isinstance(end.code, int):
                return end.code, told.getvalue()
            return 1, f"{told.getvalue()}{end.code}\n"
    return 0, told.getvalue()


def test_a_statement_whose_answer_is_lost_is_sent_once(tmp_path: Path, ydb_emulator: Emulator) -> None:
    """More often than not, the driver sent it again by itself: the row was changed twice, and no error told."""
    script = f"{TABLE}; UPSERT INTO t (id, s) VALUES (1, ''u); UPDATE t SET s = s || 'x'u; DELETE FROM t"
    ydb_emulator.faults.drop_connection(matching=lambda text: "||" in text, after=True)
    (tmp_path / "script.sql").write_text(script)
    # In a process of its own: in this one, gRPC would share the broken connection with what looks at the row.
    command = [sys.executable, "-m", "alembic_ydb.yql", str(tmp_path / "script.sql"), "--url", ydb_emulator.url]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    told = ended.stderr
    assert "Nothing after it was sent. It may have taken effect: check, then continue with --from 3 or 4." in told
    assert select(ydb_emulator.url, "SELECT s FROM t") == [("x",)]


def test_it_is_a_program(tmp_path: Path, ydb_url: str) -> None:
    (tmp_path / "script.sql").write_text(TABLE)
    shutil.copy(yql.__file__, tmp_path / "run_sql.py")
    command = [sys.executable, "run_sql.py", "script.sql"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={"YDB_URL": ydb_url})
    assert (done.returncode, done.stderr) == (0, "")
    assert tables(ydb_url) == ["t"]


def test_credentials_are_options_of_the_engine(tmp_path: Path) -> None:
    (tmp_path / "script.sql").write_text("SELECT 1;")
    arguments = {"credentials": {"username": "alice", "password": "correct-horse"}}
    with Emulator(users={"alice": "correct-horse"}) as emulator:
        yql.main([str(tmp_path / "script.sql"), "--url", emulator.url], connect_args=arguments)
        with pytest.raises(SystemExit, match="no connection to YDB"):
            yql.main([str(tmp_path / "script.sql"), "--url", emulator.url])


def select(url: str, text: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(text))]


def tables(url: str) -> list[str]:
    return sa.inspect(sa.create_engine(url, poolclass=sa.NullPool)).get_table_names()
