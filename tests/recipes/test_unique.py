"""Titles that nobody else has, with several that want the same one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

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
