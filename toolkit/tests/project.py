"""A project of Alembic in a folder: `env.py` and revisions as a test gives them, commands in this process."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.config import CommandLine, Config

SIMPLE = """\
import os
import sqlalchemy as sa
from alembic import context
from ydb_sqlalchemy.alembic import YDBImpl

{top}

def migrate(url):
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=sa.MetaData())
        with {inside}context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    context.configure(dialect_name="yql", literal_binds=True)
    context.run_migrations()
else:
    {online}
"""
"""An env.py: what stands at its top, what is held around the migration, what it does online."""

REVISION = '''\
"""{name}"""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, {depends!r}


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


@cache
def command_line() -> CommandLine:
    """Alembic's. To make it takes as long as many a command, and it keeps nothing of one."""
    return CommandLine(prog="alembic")


@dataclass
class Project:
    """A folder with `alembic.ini` and `migrations/`, and the URL of an empty YDB."""

    folder: Path
    url: str

    def __post_init__(self) -> None:
        versions = self.folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        (self.folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
        (self.folder / "migrations" / "script.py.mako").write_text("# ${up_revision}\n${upgrades}\n")
        self.env()

    def env(self, top: str = "", inside: str = "", online: str = "") -> None:
        """Write env.py."""
        text = SIMPLE.format(top=top, inside=inside, online=online or f"migrate({self.url!r})")
        (self.folder / "migrations" / "env.py").write_text(text)

    def revision(
        self,
        revision: str,
        before: str | None,
        upgrade: str = "pass",
        downgrade: str = "pass",
        depends: str | None = None,
    ) -> Path:
        """Write a revision. Out: its file."""
        file = self.folder / "migrations" / "versions" / f"{revision}.py"
        file.write_text(
            REVISION.format(
                name=revision, revision=revision, before=before, upgrade=upgrade, downgrade=downgrade, depends=depends
            )
        )
        return file

    def table(self, revision: str, before: str | None) -> Path:
        """Write a revision that makes a table of its own name, and drops it."""
        create = f"op.create_table({revision!r}, sa.Column('id', sa.Integer(), primary_key=True))"
        return self.revision(revision, before, create, f"op.drop_table({revision!r})")

    def config(self, *x: str) -> Config:
        """A configuration as a program makes it. With `x` as if `-x` had been given."""
        return Config(self.folder / "alembic.ini", cmd_opts=Namespace(x=[*x]) if x else None)

    def run(self, *arguments: str) -> int:
        """A command of Alembic, as its command line runs it. Out: the status that it would end with."""
        try:
            command_line().main(["-c", str(self.folder / "alembic.ini"), *arguments])
        except SystemExit as end:
            return int(end.code or 0) % 256
        return 0

    def tables(self) -> set[str]:
        """The tables of the database, but for those that Alembic and the lease need."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            found = set(sa.inspect(connection).get_table_names())
        engine.dispose()
        return found - {"alembic_version", "alembic_lease"}
