"""`alembic-ydb check` on the starter: in an environment that names neither address nor login, and with mistakes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import indent

import pytest
from scratch import REVISION, codes, run

STARTER = Path(__file__).parent.parent.parent / "starter"

MISTAKES = {
    "unique": (
        'op.create_index("ix_email", "customers", ["email"], unique=True)',
        'op.drop_index("ix_email", "customers")',
        "YDB201 YDB401",
    ),
    "default": (
        'op.add_column("customers", sa.Column("note", sa.Unicode(), server_default="none"))',
        'op.drop_column("customers", "note")',
        "YDB402",
    ),
    "rows_too": (
        'op.add_column("pages", sa.Column("seen", sa.Boolean()))\nop.execute("UPDATE pages SET seen = true")',
        'op.drop_column("pages", "seen")',
        "YDB403 YDB502",
    ),
    "twice": ('op.execute("UPDATE pages SET views = views * 2")', "pass", "YDB403 YDB503"),
    "forgets": ('op.add_column("orders", sa.Column("gift", sa.Boolean()))', "pass", "YDB702 YDB703"),
    "nobody_fills": (
        'op.create_table("events", sa.Column("id", sa.BigInteger(), primary_key=True))',
        'op.drop_table("events")',
        "YDB204",
    ),
    "expires": (
        "op.execute(sa.DDL(\"ALTER TABLE customers SET (TTL = Interval('PT0S') ON created_at)\"))",
        'op.execute(sa.DDL("ALTER TABLE customers RESET (TTL)"))',
        "YDB303",
    ),
    "renamed_column": (
        'op.add_column("orders", sa.Column("mass", sa.Double()))\nop.drop_column("orders", "weight")',
        'op.add_column("orders", sa.Column("weight", sa.Double()))\nop.drop_column("orders", "mass")',
        "YDB301 YDB501 YDB603",
    ),
    "renamed_table": ('op.rename_table("pages", "sites")', 'op.rename_table("sites", "pages")', "YDB601"),
    "not_null": ('op.alter_column("customers", "born", nullable=False)', "pass", "YDB101"),
}
"""Ten that readers make: upgrade(), downgrade(), and what is found."""


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_ten_mistakes_are_found(starter: Path) -> None:
    before = "a4a4a4a4a4a4"
    for name, (upgrade, downgrade, _) in MISTAKES.items():
        text = REVISION.format(
            revision=name, before=before, upgrade=indent(upgrade, "    "), downgrade=indent(downgrade, "    ")
        )
        (starter / "migrations" / "versions" / f"{name}.py").write_text(text)
        before = name
    done = run(starter, "check", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["findings"]
    assert {name: " ".join(codes(found, name)) for name in MISTAKES} == {
        name: expected for name, (_, _, expected) in MISTAKES.items()
    }


def test_a_login_is_not_needed_and_two_heads_are_told(starter: Path) -> None:
    text = REVISION.format(revision="b4b4b4b4b4b4", before="a3a3a3a3a3a3", upgrade="    pass", downgrade="    pass")
    (starter / "migrations" / "versions" / "b4b4b4b4b4b4.py").write_text(text)
    done = run(starter, "check")
    told = done.stdout.splitlines()[0].partition(": ")[2]
    assert (done.returncode, told[:15], done.stderr) == (1, "YDB001 2 heads:", "")
