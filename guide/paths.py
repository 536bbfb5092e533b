"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"
CASES = ROOT / "docs" / "cases"
"""The pages that list proofs. They hold no blocks."""
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if CASES not in path.parents)
