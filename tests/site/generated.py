"""What on the site is written by the tests: each file, and what writes its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests import claims
from tests.emulator import listing, reach
from tests.matrix import results
from tests.production import retries
from tests.reference import autogenerate, lines, operations, types
from tests.site import architecture, checked

GENERATED: dict[Path, Callable[[], str]] = {
    architecture.PAGE: architecture.render,
    checked.FALLBACK: lambda: checked.render(checked.guide(), []),
    lines.PAGE: lines.render,
    autogenerate.PAGE: autogenerate.render,
    types.PAGE: types.render,
    operations.PAGE: operations.render,
    retries.PAGE: retries.render,
    results.TEXT: lambda: results.render(results.load()),
    reach.PAGE: reach.render,
    claims.PAGE: claims.render,
    **{reach.page_of(area): partial(listing.render, area) for area in reach.AREAS},
}
"""By file. `test_generated.py` compares them; `pytest --update` writes them anew."""
