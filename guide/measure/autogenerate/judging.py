"""A case is judged: its database is made, a revision written, and run both ways."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import alembic
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script
from alembic.util import CommandError
from ydb_sqlalchemy import alembic as ydb_alembic  # noqa: F401 - registers YDB with Alembic

from ydb_emulator import Emulator

from ..reason import reason
from .case import NOTHING, Case
from .revision import kinds, operations
from .verdict import NOT_THERE, Judgment

ENVIRONMENT = """\
from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given["metadata"], **given["hooks"])
with context.begin_transaction():
    context.run_migrations()
"""


@dataclass
class ScratchProject:
    """An Alembic project for one case after the other, on a connection."""

    folder: Path
    connection: sa.Connection

    def config(self, metadata: sa.MetaData, hooks: dict) -> Config:
        versions = self.folder / "versions"
        shutil.rmtree(versions, ignore_errors=True)
        versions.mkdir()
        config = Config(stdout=io.StringIO())
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=self.connection, metadata=metadata, hooks=hooks)
        return config


@contextmanager
def project(emulator: Emulator) -> Iterator[ScratchProject]:
    engine = sa.create_engine(emulator.url)
    with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
        shutil.copy(Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako", folder)
        Path(folder, "env.py").write_text(ENVIRONMENT)
        yield ScratchProject(Path(folder), connection)
    engine.dispose()


def judge(case: Case, project: ScratchProject, hooks: dict) -> Judgment:
    """Make the database, write a revision, run it both ways."""
    try:
        for statement in case.database:
            project.connection.execute(sa.DDL(statement))
    except sa.exc.DBAPIError as error:
        return Judgment(case.id, NOT_THERE, reason(error))
    config = project.config(case.metadata(), hooks)
    try:
        with redirect_stdout(io.StringIO()):
            script = command.revision(config, autogenerate=True, rev_id="a")
    except CommandError as error:
        said = [line.strip() for line in str(error).split("\n")]
        return Judgment(case.id, "false alarm" if case.right == NOTHING else "stopped", "\n".join(said[1:] or said))
    except Exception as error:
        return Judgment(case.id, "crash", reason(error))
    assert isinstance(script, Script)
    made = operations(Path(script.path).read_text())
    if not made:
        return Judgment(case.id, "right" if case.right == NOTHING else "missed")
    before = _schema(project.connection)
    verdict, refusal = _upgraded(case, config, made)
    downgrade = _downgraded(config, project, before) if verdict in ("seen", "silently different") else ""
    if case.right == NOTHING:
        verdict = "false alarm"
    return Judgment(case.id, verdict, "\n".join([*made, *refusal]), downgrade)


def _upgraded(case: Case, config: Config, made: list[str]) -> tuple[str, list[str]]:
    """Run the revision. Out: the verdict, and what a refusal said."""
    try:
        command.upgrade(config, "head")
    except sa.exc.DBAPIError as error:
        return "refused", [reason(error)]
    except Exception as error:
        return "does not run", [reason(error)]
    try:
        command.check(config)
    except CommandError:
        return "silently different", []
    return "seen" if kinds(made) == case.right else "silently different", []


def _downgraded(config: Config, project: ScratchProject, before: dict[str, list[str]]) -> str:
    """Run the revision back. Out: what went wrong, or nothing."""
    try:
        command.downgrade(config, "base")
    except Exception as error:
        return reason(error)
    after = _schema(project.connection)
    lost = [line for name, lines in before.items() for line in lines if line not in after.get(name, ())]
    made = [line for name, lines in after.items() for line in lines if line not in before.get(name, ())]
    return f"{', '.join(lost)} becomes {', '.join(made) or 'nothing'}" if lost or made else ""


def _schema(connection: sa.Connection) -> dict[str, list[str]]:
    """Columns, key and indexes of every table but the version table."""
    raw = connection.connection
    found = {}
    for name in sorted(set(raw.get_table_names()) - {"alembic_version"}):
        described = raw.describe(name)
        found[name] = [f"{column.name} {column.type}" for column in described.columns]
        found[name].append(f"PRIMARY KEY ({', '.join(described.primary_key)})")
        try:
            text = connection.execute(sa.text(f"SHOW CREATE TABLE `{name}`")).one()[2]
        except sa.exc.DBAPIError:
            continue  # an older line, or a column table
        found[name] += [line.strip(" ,").replace("`", "") for line in text.split("\n") if "INDEX" in line]
    return found
