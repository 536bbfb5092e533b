"""The text that this guide grew from: each of its lines is on a page, in a block that the page tests run."""

import re
from dataclasses import dataclass

import pytest

from guide.pages import read
from guide.paths import ROOT


@dataclass(frozen=True)
class Row:
    """A part of the seed: the page and the included file that show it, and lines that must be in that block."""

    name: str
    page: str
    file: str
    lines: str


ROWS = [
    Row(
        "installation: ydb-sqlalchemy",
        "installation.md",
        "snippets/installation/ydb-sqlalchemy.console",
        "$ pip install ydb-sqlalchemy\n",
    ),
    Row("installation: alembic", "installation.md", "snippets/installation/alembic.console", "$ pip install alembic\n"),
    Row(
        "preparation: the dialect is registered",
        "preparation.md",
        "snippets/preparation/env_before_0_1_23.py.diff",
        'from alembic.ddl.impl import DefaultImpl\n\n\nclass YDBImpl(DefaultImpl):\n    __dialect__ = "yql"\n',
    ),
    Row(
        "preparation: without it",
        "preparation.md",
        "snippets/preparation/unknown-dialect.console",
        "KeyError: 'yql'\n",
    ),
    Row(
        "preparation: the version table",
        "preparation.md",
        "snippets/preparation/env_before_0_1_23.py.diff",
        """\
        ctx = context.get_context()
        ctx._version = sa.Table(  # noqa: SLF001
            ctx.version_table,
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), nullable=False),
            sa.Column("id", sa.Integer(), nullable=True, primary_key=True),
        )
""",
    ),
    Row(
        "preparation: YDB does not update a primary key column",
        "preparation.md",
        "snippets/preparation/refused.console",
        "Cannot update primary key column: version_num",
    ),
    Row(
        "preparation: the form since ydb-sqlalchemy 0.1.23",
        "preparation.md",
        "snippets/preparation/env.py.diff",
        "from ydb_sqlalchemy.alembic import YDBImpl",
    ),
    Row(
        "preparation: the version table, in a whole env.py",
        "moving.md",
        "snippets/moving/env_before.py",
        """\
        ctx = context.get_context()
        ctx._version = sa.Table(
            ctx.version_table,
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), nullable=False),
            sa.Column("id", sa.Integer(), nullable=True, primary_key=True),
        )
""",
    ),
    Row(
        "preparation: from one form to the other",
        "moving.md",
        "snippets/moving/after.console",
        "Running upgrade d91d9200b65c -> 820b994ffa7c, create seasons table\n",
    ),
    Row("example: the URL", "example.md", "snippets/example/alembic.ini", "sqlalchemy.url = "),
    Row(
        "example: upgrade head",
        "example.md",
        "snippets/example/upgrade.console",
        """\
$ alembic upgrade head
INFO  [alembic.runtime.migration] Context impl YDBImpl.
INFO  [alembic.runtime.migration] Will assume non-transactional DDL.
INFO  [alembic.runtime.migration] Running upgrade  -> d91d9200b65c, create series table
INFO  [alembic.runtime.migration] Running upgrade d91d9200b65c -> 820b994ffa7c, create seasons table
INFO  [alembic.runtime.migration] Running upgrade 820b994ffa7c -> 9085c679f5dc, create episodes table
""",
    ),
    Row(
        "example: a new migration",
        "example.md",
        "snippets/example/revision.console",
        '$ alembic revision --autogenerate -m "name of your migration"\n',
    ),
    *(
        Row(f"example: alembic {command}", "example.md", f"snippets/example/{file}.console", f"$ alembic {command}")
        for command, file in [
            ("current", "current"),
            ("history", "history"),
            ("downgrade -1", "downgrade"),
            ("check", "check"),
            ("upgrade d91d9200b65c:820b994ffa7c --sql", "sql"),
        ]
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_seed_is_on_the_site(row: Row) -> None:
    blocks = [
        block.text if block.language != "diff" else re.sub(r"(?m)^\+", "", block.text)  # what a change adds is shown
        for block in read(ROOT / "docs" / row.page).blocks
        if block.include.name == row.file
    ]
    assert blocks, f"{row.page} does not show {row.file}"
    assert any(row.lines in text for text in blocks), f"{row.page} shows {row.file} without:\n{row.lines}"
