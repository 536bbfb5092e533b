"""YDB404 in the text of a revision: what writes a row for each that was read, and where it may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_ydb.check.record import Contents, Revision, Run, Turn
from alembic_ydb.check.rules.one_by_one import one_by_one

HELPER = """\
def upgrade():
    fill(op.get_bind())

def fill(connection):
    for row in connection.execute(sa.text("SELECT id FROM t")):
        connection.execute(sa.text("UPDATE t SET a = NULL WHERE id = :id"), {"id": row.id})
"""
UNCALLED = HELPER.replace("    fill(op", "    print(op")
OBJECTS = """\
def upgrade():
    session = Session(bind=op.get_bind())
    for user in session.scalars(sa.select(User)):
        user.name = user.name.upper()
    session.commit()
"""
QUERY = """\
def upgrade():
    session = Session(bind=op.get_bind())
    users = session.query(User).all()
    for user in users:
        user.visits += 1
"""
READ = OBJECTS.replace("user.name = ", "name = ")
BULK = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    op.bulk_insert(table, [{"id": row.id} for row in rows])
"""
LITERAL = """\
def upgrade():
    op.bulk_insert(table, [{"id": number} for number in range(3)])
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [(HELPER, [5]), (UNCALLED, []), (OBJECTS, [3]), (QUERY, [4]), (READ, []), (BULK, [3]), (LITERAL, [])],
    ids=["a helper", "not called", "objects of an ORM", "by a name", "read alone", "bulk_insert", "written by hand"],
)
def test_a_row_for_each_that_was_read(tmp_path: Path, text: str, lines: list[int]) -> None:
    file = tmp_path / "a.py"
    file.write_text(text)
    runs = {Turn.UPGRADE: Run(Turn.UPGRADE, Contents())}
    hits = one_by_one(Revision("a", str(file), "/local", runs=runs))
    assert [hit.place.line for hit in hits] == lines
