"""What is done where a page with revisions ends: each downgrade() that it shows is run."""

from pathlib import Path
from shlex import quote
from typing import Protocol

from .errors import ReaderError
from .page import Page
from .shell import Shell, ShellError

NAME = "undo (alembic downgrade base)"


class Place(Protocol):
    """Where commands run: a reader of a page has one."""

    folder: Path
    shell: Shell


def has_revisions(page: Page) -> bool:
    return any("/versions/" in block.title for block in page.blocks)


def undo(page: Page, place: Place) -> None:
    """Go back to base from where a page with revisions ends, so that each downgrade() on the site runs.

    The front matter `one_way: words` says that the last revision lets nobody back, and what is told then.
    Raises ReaderError if that goes otherwise.
    """
    try:
        result = place.shell.run(f"cd {quote(str(place.folder))} && alembic downgrade base")
    except ShellError as error:
        raise ReaderError(f"{page.name}: at its end, `alembic downgrade base`: {error}") from error
    expected = page.meta.get("one_way", "")
    if bool(result.status) != bool(expected) or expected not in result.output:
        but = f", but one_way says {expected!r}" if expected else ""
        found = f"gives status {result.status}{but}:\n{result.output}"
        raise ReaderError(f"{page.name}: at its end, `alembic downgrade base` {found}")
