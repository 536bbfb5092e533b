"""What the recipes call good for every release line: their revisions, up and down, on the emulator as each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command

from tests.project import SNIPPETS, project
from ydb_emulator import releases

RECIPES = SNIPPETS / "recipes"
REVISIONS = [
    "tables/c1c1c1c1c1c1_create_reviews",
    "tables/c2c2c2c2c2c2_reviews_become_opinions",
    "columns/a1a1a1a1a1a1_add_country",
    "rename-column/d5d5d5d5d5d5_series_have_a_name",
    "rename-column/d6d6d6d6d6d6_series_have_no_title",
    "ttl/f1f1f1f1f1f1_episodes_expire",
    "ttl/f2f2f2f2f2f2_episodes_have_a_ttl",
    "changefeed/3a3a3a3a3a3a_add_a_changefeed",
    "changefeed/3b3b3b3b3b3b_add_a_consumer",
    "changefeed/3c3c3c3c3c3c_keep_changes_longer",
]
INDEX = "indexes/a5a5a5a5a5a5_index_titles"
"""Undone before its column is dropped, which the recipe for renaming says."""


@pytest.mark.parametrize("line", releases.NAMES)
def test_revisions_run_on_every_line(line: str, tmp_path: Path) -> None:
    with project(tmp_path / "project", line) as example:
        head = "9085c679f5dc"
        example.revision(Path(INDEX).name, RECIPES / f"{INDEX}.py")
        example.call(command.upgrade, "head")
        example.call(command.downgrade, "-1")
        (example.folder / "migrations" / "versions" / f"{Path(INDEX).name}.py").unlink()
        for name in REVISIONS:
            text = (RECIPES / f"{name}.py").read_text()
            after = re.sub(r'(?m)^down_revision = "\w+"', f'down_revision = "{head}"', text)
            example.revision(Path(name).name, after)
            head = Path(name).name[:12]
        example.call(command.upgrade, "head")
        example.execute("ALTER TABLE opinions ALTER COLUMN series_id DROP NOT NULL")
        example.call(command.downgrade, "base")
