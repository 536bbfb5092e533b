"""What is checked where a recipe ends: its models and the database that it leaves agree."""

from guide.paths import ROOT

from .errors import ReaderError
from .fragment import apply_diff
from .page import Page
from .shell import Result, ShellError
from .undo import Place

NAME = "agree (alembic check)"
UPGRADE, CHECK = "alembic upgrade head", "alembic check"
HOOKS = ROOT / "toolkit" / "src" / "alembic_ydb" / "hooks.py"
PLAIN = ROOT / "example" / "migrations" / "env.py"
CHANGE = ROOT / "snippets" / "reference" / "autogenerate" / "env.py.diff"
"""What a reader changes in a plain env.py for the hooks."""


def has_to_agree(page: Page) -> bool:
    """Whether the front matter says `agree: models`. Raises ReaderError for another value."""
    value = page.meta.get("agree", "")
    if value not in ("", "models"):
        raise ReaderError(f"{page.name}:1: agree: {value} is not known (known: models)")
    return bool(value)


def agree(page: Page, place: Place) -> None:
    """Find no difference between models and database at the head: with the env.py that the page leaves, and with hooks.

    What is in the database and in no model, the reader's next autogenerate would drop. The hooks compare more: what an
    index covers, whether it is unique. Raises ReaderError if there is a difference.
    """
    if _result(page, place, CHECK).status:
        _run(page, place, UPGRADE)  # a page may end one revision back, after the undo that it shows
        _run(page, place, CHECK)
    env, hooks = (place.folder / "migrations" / name for name in ("env.py", "ydb_hooks.py"))
    own = env.read_text()
    env.write_text(apply_diff(PLAIN.read_text(), CHANGE.read_text()))
    hooks.write_text(HOOKS.read_text())
    try:
        _run(page, place, CHECK, ", with the hooks,")
    finally:
        env.write_text(own)
        hooks.unlink()


def _run(page: Page, place: Place, command: str, how: str = "") -> None:
    result = _result(page, place, command, how)
    if result.status:
        raise ReaderError(f"{page.name}: at its end, `{command}`{how} gives status {result.status}:\n{result.output}")


def _result(page: Page, place: Place, command: str, how: str = "") -> Result:
    try:
        return place.shell.run(f"cd {place.folder} && {command}")
    except ShellError as error:
        raise ReaderError(f"{page.name}: at its end, `{command}`{how}: {error}") from error
