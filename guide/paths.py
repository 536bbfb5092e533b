"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"
TOOLKIT = ROOT / "toolkit" / "src" / "alembic_ydb"
"""The modules that readers copy or install. Pages show them as they show snippets."""
CASES = ROOT / "docs" / "cases"
"""The pages that list proofs. They hold no blocks."""


def pages_in(folder: Path) -> list[Path]:
    """The pages in a folder, as MkDocs sees them: an editor may have a hidden file beside each that it changes."""
    return sorted(path for path in folder.rglob("*.md") if not path.name.startswith("."))


PAGES = [path for path in pages_in(ROOT / "docs") if CASES not in path.parents]
