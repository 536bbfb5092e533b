"""Titles that nobody else has, with several that want the same one."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_ydb import batches
from guide.reader.engine import Engine
from guide.reader.snippets import load
from tests.project import SNIPPETS, project

FOLDER = SNIPPETS / "recipes" / "unique"


def test_one_of_many_gets_the_title(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        for revision in FOLDER.glob("b*.py"):
            example.revision(revision.stem, revision)
        example.run("alembic upgrade head")
        module = load(example.add(FOLDER / "save.py"))
        engine = sa.create_engine(example.emulator.url)
        with ThreadPoolExecutor(8) as threads:
            for title in map(str, range(10)):
                saved = list(threads.map(lambda number, title=title: module.save(engine, number, title), range(8)))
                assert saved.count(True) == 1
        with engine.connect() as connection:
            taken = connection.execute(sa.text("SELECT title, series_id FROM series_titles ORDER BY title")).all()
            borne = connection.execute(sa.text("SELECT title, series_id FROM series ORDER BY title")).all()
            assert taken == borne != []
        engine.dispose()


def test_check_counts_what_is_done(ydb: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "batches", batches)
    engine = sa.create_engine(ydb.url)
    series = "series_id Int64 NOT NULL, series_info Utf8, release_date Int64"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for made in (
            f"CREATE TABLE series ({series}, title Utf8, PRIMARY KEY (series_id))",
            f"CREATE TABLE series_v2 ({series}, title Utf8 NOT NULL, PRIMARY KEY (title, series_id))",
            "CREATE TABLE series_titles (title Utf8 NOT NULL, series_id Int64 NOT NULL, PRIMARY KEY (title))",
        ):
            connection.execute(sa.DDL(made))
        connection.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, 'a'u), (2, 'b'u)"))
    copy = SNIPPETS / "recipes" / "primary-key" / "copy_series.py"
    for job in (load(FOLDER / "enter_titles.py").ENTER, load(copy).COPY):
        batches.run(engine, job, batches.Options(), str)
        assert batches.run(engine, job, batches.Options(check=True), str).due == 2
    engine.dispose()
