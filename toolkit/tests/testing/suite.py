"""A project with tests, in a folder, and pytest as its owner runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Unicode))
"""

ENV = """\
import os
import sqlalchemy as sa
from alembic import context
from ydb_sqlalchemy.alembic import YDBImpl
{imports}

with {engine}.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
NOWHERE = 'sa.create_engine("yql+ydb://prod.example:2135/production", poolclass=sa.NullPool)'
"""Its address is nobody's: whoever connected there would fail."""

REVISION = '''\
"""{name}"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {before!r}


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''
INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\npath_separator = os\n"
IMPORTED = "from alembic_ydb.testing import test_models_match, test_one_head, test_stairway\n"


class Suite:
    """At first two revisions that make what the models say, and the three tests."""

    def __init__(self, pytester: pytest.Pytester):
        self.pytester, self.folder = pytester, pytester.path
        self.write("alembic.ini", INI)
        self.write("models.py", MODELS)
        self.env()
        self.revision(
            "a", None, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))', 'op.drop_table("t")'
        )
        self.revision("b", "a", 'op.add_column("t", sa.Column("a", sa.Unicode))', 'op.drop_column("t", "a")')
        self.write("tests/test_migrations.py", IMPORTED)

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def env(self, engine: str = NOWHERE, imports: str = "from models import metadata") -> None:
        self.write("migrations/env.py", ENV.format(engine=engine, imports=imports))

    def revision(self, revision: str, before: str | None, upgrade: str = "pass", downgrade: str = "pass") -> Path:
        text = REVISION.format(
            name=f"does {revision}", revision=revision, before=before, upgrade=upgrade, downgrade=downgrade
        )
        return self.write(f"migrations/versions/{revision}.py", text)

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process."""
        return self.pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)
