"""The program that copies tables: whatever it is given and wherever it stops, no table is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
import ydb

from guide.reader.snippets import load
from tests.project import SNIPPETS, Project, project
from ydb_emulator import Emulator

PROGRAM = SNIPPETS / "operate" / "backup" / "copies.py"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    with project(tmp_path / "project") as example:
        example.execute(
            "CREATE TABLE series (id Int64, title Utf8, INDEX by_title GLOBAL ON (title), PRIMARY KEY (id)); "
            "CREATE TABLE seasons (id Int64, PRIMARY KEY (id))",
            "INSERT INTO series (id, title) VALUES (1, 'before'u)",
        )
        yield example


@pytest.fixture
def copies(example: Project, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("YDB_URL", example.emulator.url)
    module = load(PROGRAM)
    module.main("take", "backup/monday")
    example.execute("UPDATE series SET title = 'after'u", "INSERT INTO series (id, title) VALUES (2, 'later'u)")
    return module


def titles(example: Project, table: str = "series") -> list[str]:
    return [title for (title,) in example.query(f"SELECT title FROM `{table}` ORDER BY title")]


def test_what_is_replaced_is_kept(example: Project, copies: ModuleType) -> None:
    copies.main("put-back", "backup/monday", "series", "series", "seasons")
    copies.main("put-back", "/local/backup/monday/", "series")

    assert titles(example) == titles(example, "backup/monday/replaced-2/series") == ["before"]
    assert titles(example, "backup/monday/replaced-1/series") == ["after", "later"]


def test_one_that_stops_has_changed_nothing(
    example: Project, copies: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(copies, "rename", lambda pool, pairs: pytest.fail("stopped"))
        with pytest.raises(pytest.fail.Exception):
            copies.main("put-back", "backup/monday", "series")
    assert titles(example) == ["after", "later"]

    copies.main("put-back", "backup/monday", "series")

    assert titles(example) == ["before"]


def test_a_changefeed_refuses_the_whole(example: Project, copies: ModuleType) -> None:
    example.execute("ALTER TABLE seasons ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')")

    with pytest.raises(ydb.Error, match="Cannot move table with cdc streams"):
        copies.main("put-back", "backup/monday", "seasons", "series")

    assert titles(example) == ["after", "later"]


def test_a_folder_of_the_url_has_copies_of_its_own(
    example: Project, copies: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    example.execute("CREATE TABLE `shop/series` (id Int64, title Utf8, PRIMARY KEY (id))")
    example.execute("INSERT INTO `shop/series` (id, title) VALUES (1, 'of the shop'u)")
    for prefix in ("shop", "/local/shop/"):
        monkeypatch.setenv("YDB_URL", f"{example.emulator.url}?ydb_table_path_prefix={prefix}")
        load(PROGRAM).main("take", f"{prefix[-1]}/monday")
    example.execute("UPDATE `shop/series` SET title = 'changed'u")

    load(PROGRAM).main("put-back", "/local/shop/p/monday", "series")

    assert titles(example, "shop/series") == titles(example, "shop/monday/series") == ["of the shop"]
    assert titles(example) == ["after", "later"]


def test_a_folder_without_tables_is_no_backup(
    example: Project, copies: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = example.dump()
    monkeypatch.setenv("YDB_URL", f"{example.emulator.url}?ydb_table_path_prefix=backup")

    with pytest.raises(SystemExit, match="/local/backup has no tables"):
        load(PROGRAM).main("take", "monday")

    assert example.dump() == before


def test_it_speaks_tls_where_the_url_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "server.key", tmp_path / "server.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with Emulator(tls=(key.read_bytes(), certificate.read_bytes())) as server:
        url = f"{server.url}&root_certificates_path={certificate}"
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            connection.execute(sa.DDL("CREATE TABLE series (id Int64, PRIMARY KEY (id))"))
        monkeypatch.setenv("YDB_URL", url)
        load(PROGRAM).main("take", "monday")
        assert sa.inspect(engine).get_table_names() == ["monday/series", "series"]
        engine.dispose()


NONSENSE = (
    (), ("take",), ("take", ""), ("take", "/"), ("take", "/local"), ("take", "."), ("take", "a/../b"),
    ("take", "backup/monday"), ("take", "backup/monday", "series"), ("put-back", "backup/monday"),
    ("put-back", "", "series"), ("put-back", "/local/", "series"), ("put-back", "backup/monday", "series", "x"),
)  # fmt: skip


def test_nonsense_changes_nothing(example: Project, copies: ModuleType) -> None:
    before = example.dump()
    for arguments in NONSENSE:
        with pytest.raises(SystemExit):
            copies.main(*arguments)
    assert example.dump() == before
