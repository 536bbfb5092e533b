"""A stamp that is killed half-way: what the page on squashing warns of."""

from __future__ import annotations

from pathlib import Path

from tests.project import kill_before, project


def test_a_purge_that_is_killed_leaves_no_version(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.run("alembic upgrade head")
        assert kill_before(example, 2, "stamp", "--purge", "9085c679f5dc")[0].startswith("DELETE FROM alembic_version")
        assert "9085c679f5dc" not in example.run("alembic current")
        assert "path exist" in example.run("alembic upgrade head", 1)
        example.run("alembic stamp --purge 9085c679f5dc")
        assert "9085c679f5dc (head)" in example.run("alembic current")
