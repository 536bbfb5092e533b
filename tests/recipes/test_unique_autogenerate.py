"""What env.py of the recipe for unique values lets autogenerate see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.reader.fragment import apply_diff
from tests.project import SNIPPETS, Project, project

FOLDER = SNIPPETS / "recipes" / "unique"
WITH_INDEX = "CREATE TABLE users (id Utf8 NOT NULL, email Utf8, PRIMARY KEY (id), INDEX {} GLOBAL {} ON (email))"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    with project(tmp_path / "project") as example:
        for name, change in (("models.py", "users.py.diff"), ("migrations/env.py", "env.py.diff")):
            file = example.folder / name
            file.write_text(apply_diff(file.read_text(), (FOLDER / change).read_text()))
        example.at_head()
        yield example


def test_a_unique_index_that_is_there_is_left_alone(example: Project) -> None:
    example.execute(WITH_INDEX.format("users_email", "UNIQUE SYNC"))
    assert "No new upgrade operations detected." in example.run("alembic check")


def test_one_that_is_missing_is_found(example: Project) -> None:
    example.execute("CREATE TABLE users (id Utf8 NOT NULL, email Utf8, PRIMARY KEY (id))")
    assert "Detected added index 'users_email'" in example.run("alembic check", status=255)


def test_another_index_is_compared(example: Project) -> None:
    example.execute(WITH_INDEX.format("users_email", "UNIQUE SYNC"))
    example.execute("ALTER TABLE users ADD INDEX by_id GLOBAL ON (email, id)")
    assert "Detected removed index 'by_id'" in example.run("alembic check", status=255)


def test_a_plain_one_passes_by_its_name(example: Project) -> None:
    """As the page says."""
    example.execute(WITH_INDEX.format("users_email", "SYNC"))
    assert "No new upgrade operations detected." in example.run("alembic check")
