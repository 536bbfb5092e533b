"""What is checked where a recipe ends: its models and the database that it leaves agree."""

from .errors import ReaderError
from .page import Page
from .shell import ShellError
from .undo import Place

NAME = "agree (alembic check)"
COMMANDS = ("alembic upgrade head", "alembic check")
"""A page may end one revision back, after the undo that it shows."""


def has_to_agree(page: Page) -> bool:
    """Whether the front matter says `agree: models`. Raises ReaderError for another value."""
    value = page.meta.get("agree", "")
    if value not in ("", "models"):
        raise ReaderError(f"{page.name}:1: agree: {value} is not known (known: models)")
    return bool(value)


def agree(page: Page, place: Place) -> None:
    """Find no difference between models and database at the head, with the env.py that the page leaves.

    What is in the database and in no model, the reader's next autogenerate would drop. Raises ReaderError if there is
    a difference.
    """
    for command in COMMANDS:
        try:
            result = place.shell.run(f"cd {place.folder} && {command}")
        except ShellError as error:
            raise ReaderError(f"{page.name}: at its end, `{command}`: {error}") from error
        if result.status:
            raise ReaderError(f"{page.name}: at its end, `{command}` gives status {result.status}:\n{result.output}")
