"""A table gets another primary key under writers, with the copy killed in the middle."""

import threading
from pathlib import Path

import sqlalchemy as sa

from guide.reader.snippets import load
from tests.project import BATCHES, SNIPPETS, kill_at, project

FOLDER = SNIPPETS / "recipes" / "primary-key"
ROWS = 40
PAUSE = 0.005  # seconds: on one core, a writer without any would leave no time to the copy
OLD = "SELECT series_id, COALESCE(title, ''u), series_info, release_date FROM series ORDER BY series_id"
NEW = "SELECT series_id, title, series_info, release_date FROM series_v2 ORDER BY series_id"


def test_a_killed_copy_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.revision("f5f5f5f5f5f5", FOLDER / "f5f5f5f5f5f5_create_series_v2.py")
        example.start_from("with series_v2", lambda: example.run("alembic upgrade f5f5f5f5f5f5"))
        values = ", ".join(f"({number}, 'title {number}', 'info {number}', {number})" for number in range(ROWS))
        example.execute(
            f"UPSERT INTO series (series_id, title, series_info, release_date) VALUES {values}",
            f"UPSERT INTO series (series_id, title) VALUES ({ROWS}, NULL)",
        )
        example.add(FOLDER / "copy_series.py")
        example.add(BATCHES)
        application = load(example.add(FOLDER / "save_series.py"))
        engine = sa.create_engine(example.emulator.url)
        application.save(engine, 1, "soon gone")
        example.execute("UPDATE series SET title = 'by the version before' WHERE series_id = 1")
        stopped, rounds, errors = threading.Event(), list[int](), []

        def write() -> None:
            """Each third row gets another title, again and again, or is deleted; some are new."""
            try:
                while not stopped.is_set():
                    rounds.append(len(rounds) + 1)
                    for number in range(0, ROWS + 10, 3):
                        if number and (number + rounds[-1]) % 4 == 0:
                            application.delete(engine, number)
                        else:
                            application.save(engine, number, f"title {number}, {rounds[-1]}")
                        stopped.wait(PAUSE)
            except Exception as error:
                errors.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        clear = example.start("python", "copy_series.py", "clear", "--size", "1")
        kill_at(example, clear, "DELETE FROM series_v2 WHERE (", nth=1)
        example.run("python copy_series.py clear --size 5")
        copy = example.start("python", "copy_series.py", "copy", "--size", "5")
        kill_at(example, copy, "LEFT ONLY JOIN", nth=3)
        assert len(example.query(NEW)) < len(example.query(OLD))
        example.run("python copy_series.py copy --size 5")
        stopped.set()
        writer.join()
        engine.dispose()
        assert errors == [] and rounds
        rows = example.query(OLD)
        assert {row[0] for row in rows} >= {number for number in range(ROWS + 1) if number % 3}
        assert example.query(NEW) == rows
        kept = [row for row in rows if row[0] < ROWS and row[0] % 3]
        assert [row for row in kept if row[2:] != (f"info {row[0]}", row[0])] == []


def test_both_tables_are_renamed_at_one_moment(tmp_path: Path) -> None:
    """One request, and where it is refused nothing has changed."""
    with project(tmp_path / "project") as example:
        for name in ("f5f5f5f5f5f5_create_series_v2", "f6f6f6f6f6f6_series_v2_becomes_series"):
            example.revision(name, FOLDER / f"{name}.py")
        example.start_from("with series_v2", lambda: example.run("alembic upgrade f5f5f5f5f5f5"))
        example.execute("CREATE TABLE series_v1 (id Int64, PRIMARY KEY (id))")
        before = example.dump()
        assert "EPathTypeTable" in example.run("alembic upgrade head", 1)
        assert example.dump() == before
        example.execute("DROP TABLE series_v1")
        example.run("alembic upgrade head")
        example.run("alembic downgrade -1")
        assert example.dump() == before.replace("table series_v1\n  id Int64\n  primary key (id)\n\n", "")
        refused = example.run("alembic upgrade f5f5f5f5f5f5:head --sql", 255)
        assert "`ydb tools rename`" in refused
        example.run("alembic downgrade -1")
        assert "series_v2" not in example.dump()


def test_a_copy_overwrites_what_the_new_table_alone_has(tmp_path: Path) -> None:
    """Why an application that writes the new table alone must not run beside one that copies."""
    with project(tmp_path / "project") as example:
        example.revision("f5f5f5f5f5f5", FOLDER / "f5f5f5f5f5f5_create_series_v2.py")
        example.start_from("with series_v2", lambda: example.run("alembic upgrade f5f5f5f5f5f5"))
        save = load(example.add(FOLDER / "save_series.py")).save
        engine = sa.create_engine(example.emulator.url)
        save(engine, 1, "Dark")
        example.execute("UPDATE series_v2 SET release_date = 17500 WHERE series_id = 1")
        assert example.query(NEW) == [(1, "Dark", None, 17500)]
        save(engine, 1, "Dark")
        engine.dispose()
        assert example.query(NEW) == [(1, "Dark", None, None)]


def test_a_changefeed_stops_the_swap(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.revision("f5f5f5f5f5f5", FOLDER / "f5f5f5f5f5f5_create_series_v2.py")
        example.revision("f6f6f6f6f6f6", FOLDER / "f6f6f6f6f6f6_series_v2_becomes_series.py")
        example.start_from("with series_v2", lambda: example.run("alembic upgrade f5f5f5f5f5f5"))
        example.execute("ALTER TABLE series_v2 ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')")
        before = example.dump()
        assert "Cannot move table with cdc streams" in example.run("alembic upgrade head", 1)
        assert example.dump() == before
        example.execute("ALTER TABLE series_v2 DROP CHANGEFEED f")
        example.run("alembic upgrade head")


def test_nobody_goes_back_to_an_empty_table(tmp_path: Path) -> None:
    """Once the old table is dropped, the undo of the exchange would make series an empty one."""
    with project(tmp_path / "project") as example:
        for revision in FOLDER.glob("f*.py"):
            example.revision(revision.stem, revision)
        example.run("alembic upgrade head")
        example.execute("UPSERT INTO series (title, series_id) VALUES ('Dark'u, 1)")
        before = example.dump()
        assert "the rows of series_v1 are gone" in example.run("alembic downgrade base", 1)
        assert example.dump() == before
