"""What the tests write for the site is as they would write it today."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.paths import ROOT
from guide.site.generated import GENERATED


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_generated(path: Path, pytestconfig: pytest.Config, updated: set[Path]) -> None:
    expected = GENERATED[path]()
    current = path.read_text() if path.exists() else None
    if pytestconfig.getoption("--update") and current != expected:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(expected)
        updated.add(path)
        return
    assert current == expected, "what it is written from has changed: pytest --update writes it anew"
