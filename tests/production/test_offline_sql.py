"""A file of SQL that is run twice: what the page on SQL for review warns of."""

from __future__ import annotations

import shutil
from pathlib import Path

from guide.paths import ROOT
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
