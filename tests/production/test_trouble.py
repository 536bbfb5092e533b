"""What the page on a bad night says of answers that cannot be brought about on a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import Project, project
from ydb_emulator.errors import Status

REVISION = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "4c1d2e3f4a5b", "9085c679f5dc", None, None


def upgrade() -> None:
    op.create_table("made", sa.Column("id", sa.Integer(), primary_key=True))
"""
VERSIONS = "SELECT version_num FROM alembic_version"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    """At the head, but for one revision."""
    with project(tmp_path / "project") as example:
        example.at_head()
        example.revision("4c1d2e3f4a5b", REVISION)
        example.hasten_retries()
        yield example


def writes(text: str) -> bool:
    return text.startswith(("INSERT", "UPSERT", "UPDATE", "DELETE"))


def test_a_full_disk_leaves_the_revision_half_applied(example: Project) -> None:
    """datashard_ut_disk_quotas.cpp: UNAVAILABLE for rows, SUCCESS for schema changes."""
    example.emulator.faults.fail(status=Status.UNAVAILABLE, times=1000, matching=writes)
    assert "unavailable" in example.run("alembic upgrade head", 1)
    assert example.query("SELECT * FROM made") == []
    assert example.query(VERSIONS) == [("9085c679f5dc",)]
    example.emulator.faults.clear()
    assert "path exist" in example.run("alembic upgrade head", 1)
    example.run("alembic stamp 4c1d2e3f4a5b")
    assert example.query(VERSIONS) == [("4c1d2e3f4a5b",)]


def test_what_passes_stops_no_upgrade(example: Project) -> None:
    """The table of statuses, met by one upgrade. The words of the quota are those of its source."""
    faults = example.emulator.faults
    quota = "Request exceeded a limit on the number of schema operations, try again later."
    faults.fail(status=Status.OVERLOADED, message=quota, matching=lambda text: "CREATE TABLE made" in text)
    for status in (Status.BAD_SESSION, Status.SESSION_EXPIRED, Status.ABORTED, Status.UNAVAILABLE):
        faults.fail(status=status, matching=writes)
    example.run("alembic upgrade head")
    assert not faults.pending
    assert example.query(VERSIONS) == [("4c1d2e3f4a5b",)]
