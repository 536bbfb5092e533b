"""A file of SQL that is run twice, and one with values: what the page on SQL for review warns of."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401 - registers YDB with Alembic

from guide.paths import ROOT
from guide.reader.engine import Engine
from tests.project import project

REVISION = """\
from alembic import op

revision, down_revision, branch_labels, depends_on = "f1f1f1f1f1f1", "9085c679f5dc", None, None


def upgrade() -> None:
    op.execute("UPDATE episodes SET air_date = air_date * 2")
"""


def test_a_file_that_begins_with_rows_runs_twice(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.run("alembic upgrade head")
        example.execute("INSERT INTO episodes (series_id, season_id, episode_id, air_date) VALUES (1, 1, 1, 10)")
        example.revision("f1f1f1f1f1f1_double", REVISION)
        shutil.copy(ROOT / "toolkit" / "src" / "alembic_ydb" / "yql.py", example.folder / "run_sql.py")
        example.run("alembic upgrade 9085c679f5dc:head --sql > upgrade.sql")

        for expected in (20, 40):
            example.run(f"python run_sql.py upgrade.sql --url {example.emulator.url}")
            assert example.query("SELECT air_date FROM episodes") == [(expected,)]
        assert "f1f1f1f1f1f1" in example.run("alembic current")


NOON = dt.datetime(2026, 11, 30, 12)
VALUES = [
    (sa.Integer(), -5, -5),
    (sa.Unicode(), "it's \\n", "it's \\n"),
    (sa.Date(), NOON.date(), NOON.date()),
    (sa.Unicode(), "50% off", "50%% off"),
    (sa.LargeBinary(), b"a\\nb", b"a\nb"),
    (sa.LargeBinary(), b"it's", sa.exc.DataError),
    (sa.Float(), 1.5, sa.exc.DataError),
    (sa.Numeric(22, 9), Decimal("1.5"), sa.exc.DataError),
    (sa.DateTime(), NOON, sa.exc.DataError),
    (sa.TIMESTAMP(), NOON, sa.exc.DataError),
    (sa.JSON(), {"a": 1}, sa.exc.CompileError),
    (sa.Interval(), dt.timedelta(seconds=5), sa.exc.CompileError),
]


def printed(table: sa.Table, row: dict[str, object]) -> str:
    """The statement that --sql writes for a row."""
    context = MigrationContext.configure(
        url="yql+ydb://localhost/local",
        dialect_opts={"paramstyle": "named"},
        opts={"as_sql": True, "literal_binds": True, "output_buffer": (file := io.StringIO())},
    )
    Operations(context).bulk_insert(table, [row])
    return file.getvalue().strip().removesuffix(";")


@pytest.mark.parametrize(("type_", "value", "expected"), VALUES)
def test_values_that_a_file_has_wrong(ydb: Engine, type_: sa.types.TypeEngine, value: object, expected: object) -> None:
    table = sa.Table("made", sa.MetaData(), sa.Column("id", sa.Integer(), primary_key=True), sa.Column("value", type_))
    engine = sa.create_engine(ydb.url)
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"id": 1, "value": value}])
        if isinstance(expected, type):
            with pytest.raises(expected):
                connection.execute(sa.DDL(printed(table, {"id": 2, "value": value}).replace("%", "%%")))
        else:
            connection.execute(sa.DDL(printed(table, {"id": 2, "value": value}).replace("%", "%%")))
            rows = connection.execute(sa.text("SELECT value FROM made ORDER BY id")).scalars().all()
            assert rows == [value, expected]
    engine.dispose()


def test_a_default_has_the_sign_twice() -> None:
    context = MigrationContext.configure(
        url="yql+ydb://localhost/local",
        dialect_opts={"paramstyle": "named"},
        opts={"as_sql": True, "output_buffer": (file := io.StringIO())},
    )
    Operations(context).add_column("series", sa.Column("info", sa.Unicode(), server_default="50% off"))
    assert "DEFAULT '50%% off'" in file.getvalue()
