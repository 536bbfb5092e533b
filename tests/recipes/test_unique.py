"""Titles that nobody else has, with several that want the same one."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from tests.recipes.project import project, run
from ydb_emulator import Emulator


def test_one_of_many_gets_the_title(tmp_path: Path) -> None:
    with Emulator() as emulator:
        folder = project(tmp_path / "project", "unique", "b5b5b5b5b5b5", "b6b6b6b6b6b6")
        run(folder, emulator.url, "-m", "alembic", "upgrade", "head")
        spec = importlib.util.spec_from_file_location("save", folder / "save.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        engine = sa.create_engine(emulator.url)
        with ThreadPoolExecutor(8) as threads:
            for title in map(str, range(10)):
                saved = list(threads.map(lambda number, title=title: module.save(engine, number, title), range(8)))
                assert saved.count(True) == 1
        with engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT title, series_id FROM series_titles")).all()
            assert len(rows) == 10
        engine.dispose()
