"""Where a recipe ends, models and database agree; what is in no model is noticed."""

from pathlib import Path

import pytest

from guide.pages import read, site
from guide.paths import ROOT
from guide.reader.agreement import agree
from guide.reader.errors import ReaderError
from guide.reader.way import ways
from tests.project import project
from tests.reader.throwaway import Project, fence, refusal

TTL = "docs/recipes/ttl.md"


def test_a_table_in_no_model_is_noticed(tmp_path: Path) -> None:
    page = read(ROOT / TTL)
    with project(tmp_path / "project") as example:
        agree(page, example)
        example.execute("CREATE TABLE sessions (id Utf8 NOT NULL, PRIMARY KEY (id))")
        refused = f"^{TTL}: at its end, `alembic check` gives status 255:\n(.|\n)*sessions"
        with pytest.raises(ReaderError, match=refused):
            agree(page, example)


MODEL = """

import sqlalchemy

users = sqlalchemy.Table(
    "users",
    Base.metadata,
    sqlalchemy.Column("id", sqlalchemy.Unicode, primary_key=True),
    sqlalchemy.Column("email", sqlalchemy.Unicode),
    sqlalchemy.Index("users_email", "email"),
)
"""
USERS = (
    "CREATE TABLE users (id Utf8 NOT NULL, email Utf8, PRIMARY KEY (id), "
    "INDEX users_email GLOBAL UNIQUE SYNC ON (email))"
)


def test_a_difference_that_only_the_hooks_see_is_noticed(tmp_path: Path) -> None:
    """The dialect reads each index as a plain one. The project's env.py stays as it was."""
    page = read(ROOT / TTL)
    with project(tmp_path / "project") as example:
        models, env = example.folder / "models.py", example.folder / "migrations" / "env.py"
        models.write_text(models.read_text() + MODEL)
        before = env.read_text()
        example.execute(USERS)
        refused = f"^{TTL}: at its end, `alembic check`, with the hooks, gives status 255:\n(.|\n)*users_email"
        with pytest.raises(ReaderError, match=refused):
            agree(page, example)
        assert env.read_text() == before
        assert not (env.parent / "ydb_hooks.py").exists()


def test_a_revision_that_fails_is_noticed(tmp_path: Path) -> None:
    page = read(ROOT / TTL)
    with project(tmp_path / "project") as example:
        example.execute("CREATE TABLE series (id Utf8 NOT NULL, PRIMARY KEY (id))")
        with pytest.raises(ReaderError, match=f"^{TTL}: at its end, `alembic upgrade head` gives status 1:"):
            agree(page, example)


def test_it_comes_before_the_way_back() -> None:
    """Once base is reached, there is nothing to compare."""
    assert [step.name for step in ways(site(), ROOT / TTL)[0].steps][-2:] == [
        "agree (alembic check)",
        "undo (alembic downgrade base)",
    ]


def test_another_value_is_refused(project: Project) -> None:
    project.write("---\nagree: yes please\n---\n\n" + fence("a.console"), a_console="$ true\n")
    assert "docs/page.md:1: agree: yes please is not known (known: models)" in refusal(project.walk)
