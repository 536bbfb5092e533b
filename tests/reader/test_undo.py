"""A page's downgrade() that does not go as it should is noticed."""

from pathlib import Path

import pytest

from tests.project import project
from tests.reader.errors import ReaderError
from tests.reader.undo import undo
from tests.site import ROOT, read


@pytest.mark.parametrize("name", ["docs/recipes/ttl.md", "docs/recipes/not-null.md"])
def test_a_downgrade_does_not_go_as_it_should(name: str, tmp_path: Path) -> None:
    page = read(ROOT / name)
    with project(tmp_path / "project") as example:
        example.run("alembic upgrade head")
        if "one_way" not in page.meta:
            undo(page)(example)
            example.run("alembic upgrade head")
            example.execute("DROP TABLE series")
        with pytest.raises(ReaderError, match=f"^{name}: at its end, `alembic downgrade base` gives status"):
            undo(page)(example)
