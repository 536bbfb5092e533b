"""Sections of snippet files: found, written back, and missed where no page shows them."""

from pathlib import Path

import pytest

from guide.reader.snippets import Include, find_sections, rewrite, unused
from tests.reader.throwaway import Project, fence


def test_rewrite_keeps_markers_and_indentation(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("class A:\n    # --8<-- [start:one]\n    x = 1\n    # --8<-- [end:one]\n")
    rewrite(Include("x.py", file, "one"), "x = 2\ny = 3\n")
    assert file.read_text() == "class A:\n    # --8<-- [start:one]\n    x = 2\n    y = 3\n    # --8<-- [end:one]\n"
    with pytest.raises(ValueError, match="has sections inside"):
        rewrite(Include("x.py", file), "x = 2\n")


def test_sections_may_be_nested() -> None:
    text = "# --8<-- [start:a]\n1\n# --8<-- [start:b]\n2\n# --8<-- [end:b]\n# --8<-- [end:a]\n"
    assert find_sections(text) == {"a": (1, 5), "b": (3, 4)}


def test_unused_snippets(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ true\n", a_database="", orphan_py="x = 1\n")
    (project.snippets / "two.py").write_text("# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n")
    used = [block.include for block in project.read().blocks] + [Include("two.py", project.snippets / "two.py")]
    assert unused(project.snippets, used, {project.snippets / "a.database"}) == ["orphan.py", "two.py:b"]
