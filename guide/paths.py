"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"
TOOLKIT = ROOT / "toolkit" / "src" / "alembic_ydb"
"""The modules that readers copy or install. Pages show them as they show snippets."""
CASES = ROOT / "docs" / "cases"
"""The pages that list proofs. They hold no blocks."""
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if CASES not in path.parents)
