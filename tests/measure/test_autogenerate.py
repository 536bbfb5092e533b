"""The reference of autogenerate: the hooks keep what the page promises, on the oldest line and on the default one."""

from __future__ import annotations

from collections import Counter

import pytest

from guide.measure.autogenerate import (
    CASES,
    GOOD,
    IMPOSSIBLE,
    NOT_THERE,
    NOTHING,
    VERDICTS,
    outcomes,
)
from guide.measure.autogenerate.revision import kinds, operations
from ydb_emulator import releases

BY_ID = {case.id: case for case in CASES}


def test_ids_are_unique() -> None:
    assert [id for id, count in Counter(case.id for case in CASES).items() if count > 1] == []


def test_every_case_has_a_verdict_that_is_explained() -> None:
    for with_hooks in (False, True):
        found = outcomes(with_hooks=with_hooks)
        assert found.keys() == BY_ID.keys()
        assert {outcome.verdict for outcome in found.values()} <= VERDICTS.keys()
        assert [id for id, outcome in found.items() if "emulator" in outcome.said] == [], "that is no verdict of YDB"


NOT_STOPPED = ["column-removed-ttl", "column-removed-serial"]
"""Refused by YDB, with the hooks too: the page says so."""


@pytest.mark.parametrize(
    ("line", "known"), [("25.1", [*NOT_STOPPED, "index-cover-removed"]), (releases.DEFAULT, NOT_STOPPED)]
)
def test_with_the_hooks_nothing_is_wrong(line: str, known: list[str]) -> None:
    """What is left is missed: no false alarm, no crash, and every downgrade runs.

    An older line does not tell what an index covers.
    """
    found = outcomes(line, with_hooks=True)
    assert [id for id, outcome in found.items() if outcome.verdict not in GOOD | {"missed", NOT_THERE}] == known
    assert [outcome for outcome in found.values() if outcome.downgrade and "becomes" not in outcome.downgrade] == []


def test_the_hooks_stop_only_at_what_is_impossible() -> None:
    for id, outcome in outcomes(with_hooks=True).items():
        assert (outcome.verdict == "stopped") <= (BY_ID[id].right == IMPOSSIBLE)
        assert (outcome.verdict == "right") <= (BY_ID[id].right == NOTHING)


def test_the_hooks_lose_nothing_that_was_seen() -> None:
    """But a table that is in no model, unless its directory is the project's own."""
    plain, hooked = outcomes(), outcomes(with_hooks=True)
    lost = [id for id in BY_ID if plain[id].verdict in GOOD and hooked[id].verdict not in GOOD]
    assert lost == ["table-removed"]


def test_an_older_line_stops_at_more() -> None:
    hooked = outcomes("25.1", with_hooks=True)
    assert hooked["column-default-added"].said == "t.a: YDB adds columns with a default since 26.1"


def test_operations_are_read_from_a_revision() -> None:
    text = 'def upgrade():\n    """Doc."""\n    op.drop_index(op.f("ix"),\n        table_name="t")\n    pass\n'
    assert operations(text) == ["op.drop_index(op.f('ix'), table_name='t')"]
    assert kinds(["op.drop_index('ix')", "op.add_column('t')"]) == "add_column remove_index"
    assert kinds(["op.alter_column('t', 'a', existing_type=sa.TEXT(), nullable=True)"]) == "modify_nullable"
    assert kinds(["op.execute('x')"]) == "execute"
