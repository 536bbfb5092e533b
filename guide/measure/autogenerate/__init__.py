"""The reference of autogenerate: what it makes of every difference between a database and its models.

`cases` says how the database is, how the model is, and what a right autogenerate would do. The verdicts are from a run:
`alembic revision --autogenerate`, `upgrade`, `check` and `downgrade`, once as Alembic and the dialect are, once with
the hooks that the page shows.
"""

from __future__ import annotations

from .case import IMPOSSIBLE, NOTHING
from .cases import CASES
from .page import PAGE, render
from .running import outcomes
from .verdict import GOOD, NOT_THERE, VERDICTS

__all__ = ["CASES", "GOOD", "IMPOSSIBLE", "NOTHING", "NOT_THERE", "PAGE", "VERDICTS", "outcomes", "render"]
