"""The stairway: each revision up, down and up again, from the first to the last."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationStep
from alembic.script import Script
from alembic.util import CommandError

if TYPE_CHECKING:
    from .migrations import Migrations

UP, DOWN, AGAIN = "upgrade() fails", "downgrade() fails", "it does not run again after its downgrade()"


@dataclass(frozen=True)
class Missed:
    """A step that failed: of which revision, which one, and the error."""

    revision: Script
    step: str
    error: Exception

    @property
    def is_refusal(self) -> bool:
        """Whether downgrade() says that there is no way back."""
        return self.step == DOWN and isinstance(self.error, (NotImplementedError, CommandError))

    def __str__(self) -> str:
        own = [frame for frame in extract_tb(self.error.__traceback__) if frame.filename == self.revision.path]
        place = f":{own[-1].lineno}: {own[-1].line}" if own else ""
        said = str(getattr(self.error, "orig", self.error)).strip()
        if issues := re.findall(r'message: "((?:[^"\\]|\\.)*)"', said):  # of YDB
            said = "; ".join(issues).replace('\\"', '"')
        title = f"{self.revision.revision} {self.revision.doc or ''}".strip()
        return (
            f"{title}: {self.step}\n{os.path.relpath(self.revision.path)}{place}\n{type(self.error).__name__}: {said}"
        )


def climb(migrations: Migrations) -> str:
    """Walk from an empty database to the last revision, in one run of env.py.

    Out: the step that failed, where and why; nothing where none did. A downgrade() that raises NotImplementedError or
    CommandError is no failure: another run of env.py goes on after it. Raises what env.py raises beside its revisions.
    """
    script = migrations.script
    if len(heads := script.get_heads()) > 1:
        return f"{len(heads)} heads: {', '.join(heads)}. The version table on YDB has room for one"
    missed: list[Missed] = []

    def watched(step: MigrationStep, revision: Script, name: str) -> MigrationStep:
        """env.py may swallow what a revision raises, or go on with another database: so it is kept here."""
        function: Callable[..., None] = step.migration_fn

        def run(**arguments: Any) -> None:
            try:
                function(**arguments)
            except Exception as error:
                missed.append(Missed(revision, name, error))
                raise

        step.migration_fn = run
        return step

    def downgrade(current: Any, context: Any) -> Iterator[MigrationStep]:
        """The steps, one after the other. Its name is what the module guard asks for."""
        for step in script._upgrade_revs("head", current):
            revision = step.revision
            yield watched(step, revision, UP)
            if not hasattr(revision.module, "downgrade"):
                missed.append(Missed(revision, DOWN, AttributeError("there is none")))
                continue
            yield watched(MigrationStep.downgrade_from_script(script.revision_map, revision), revision, DOWN)
            yield watched(MigrationStep.upgrade_from_script(script.revision_map, revision), revision, AGAIN)

    while True:
        missed.clear()
        try:
            with migrations.downgrades():
                migrations.run(downgrade)
        except Exception:
            if not missed:
                raise
        if failed := [each for each in missed if not each.is_refusal]:
            return str(failed[0])
        if not missed:
            return ""
