"""What is done where a page with revisions ends: each downgrade() that it shows is run."""

from collections.abc import Callable

from guide.reader.errors import ReaderError
from guide.reader.page import Page
from guide.reader.walk import Walk


def undo(page: Page) -> Callable[[Walk], None]:
    """Go back to base from where a page with revisions ends, so that each downgrade() on the site runs.

    The front matter `one_way: words` says that the last revision lets nobody back, and what is told then.
    """

    def back(walk: Walk) -> None:
        if not any("/versions/" in (block.title or "") for block in page.blocks):
            return
        result = walk.shell.run(f"cd {walk.folder} && alembic downgrade base")
        expected = page.meta.get("one_way", "")
        if bool(result.status) != bool(expected) or expected not in result.output:
            but = f", but one_way says {expected!r}" if expected else ""
            found = f"gives status {result.status}{but}:\n{result.output}"
            raise ReaderError(f"{page.name}: at its end, `alembic downgrade base` {found}")

    return back
