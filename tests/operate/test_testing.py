"""The tests that the guide hands out pass in a directory that is not there yet, and in one that a killed run left."""

from pathlib import Path

import sqlalchemy as sa

from tests.project import SNIPPETS, project


def test_what_a_killed_run_left_is_dropped_before_a_test(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.add(SNIPPETS / "operate" / "testing" / "test_migrations.py")
        directory = f"{example.emulator.url}?ydb_table_path_prefix=/local/tests/test_rows_survive"
        left = sa.create_engine(directory, poolclass=sa.NullPool)
        with left.connect() as connection:
            connection.execute(sa.DDL("CREATE TABLE series (of Utf8, another Int32, PRIMARY KEY (of))"))
            connection.execute(sa.DDL("CREATE VIEW titles WITH (security_invoker = TRUE) AS SELECT 1 AS one"))
        printed = example.run("python -m pytest -q -p no:cacheprovider test_migrations.py")
        assert printed.splitlines()[-1].startswith("6 passed")
        with left.connect() as connection:
            found = sa.inspect(connection)
            assert (found.get_table_names(), found.get_view_names()) == ([], [])
