"""A page's downgrade() that does not go as it should is noticed."""

from pathlib import Path

import pytest

from guide.pages import read
from guide.paths import ROOT
from guide.reader.errors import ReaderError
from guide.reader.undo import undo
from tests.project import project


@pytest.mark.parametrize("name", ["docs/recipes/ttl.md", "docs/recipes/not-null.md"])
def test_a_downgrade_does_not_go_as_it_should(name: str, tmp_path: Path) -> None:
    page = read(ROOT / name)
    with project(tmp_path / "a project") as example:
        example.run("alembic upgrade head")
        if "one_way" not in page.meta:
            undo(page, example)
            example.run("alembic upgrade head")
            example.execute("DROP TABLE series")
        with pytest.raises(ReaderError, match=f"^{name}: at its end, `alembic downgrade base` gives status"):
            undo(page, example)
