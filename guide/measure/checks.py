"""The codes of `alembic-ydb check`, for its page."""

from __future__ import annotations

from alembic_ydb.check.rules import EXPLAINED
from guide.markdown import escape
from guide.paths import ROOT

PAGE = ROOT / "snippets" / "operate" / "check.md"


def render() -> str:
    """snippets/operate/check.md: every code with its meaning, each with an anchor."""
    rows = [
        f"| [{code}](#{code.lower()}){{ #{code.lower()} }} | {escape(title)} | {escape(meaning)} |"
        for code, (title, meaning) in sorted(EXPLAINED.items())
    ]
    return "\n".join(["| code | what | what it means, and what to do |", "| --- | --- | --- |", *rows, ""])
