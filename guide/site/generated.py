"""What on the site is written by the tests: each file, and what writes its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from guide.labs.matrix import results
from guide.measure import autogenerate, lines, operations, retries, types
from guide.site import architecture, checks, reach, real

GENERATED: dict[Path, Callable[[], str]] = {
    architecture.PAGE: architecture.render,
    lines.PAGE: lines.render,
    autogenerate.PAGE: autogenerate.render,
    types.PAGE: types.render,
    operations.PAGE: operations.render,
    **{file: partial(operations.render_part, page) for page, file in operations.PARTS.items()},
    retries.PAGE: retries.render,
    results.TEXT: lambda: results.render(results.load()),
    reach.PAGE: reach.render,
    checks.PAGE: checks.render,
    checks.REVIEW: checks.render_review,
    real.TEXT: real.render,
}
"""By file. `test_generated.py` compares them; `pytest --update` writes them anew."""
