"""The reference of types is complete, and what it says of one line holds on the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from guide.measure import types
from guide.measure.types import ENTRIES, Entry, connected, known, measure
from ydb_emulator import releases


def entries() -> list[Entry]:
    return [entry for several in ENTRIES.values() for entry in several]


def test_every_type_has_a_row() -> None:
    shown = {type(entry.type) for entry in entries()}
    assert {found.__name__ for found in known() - shown} == set()


def test_every_type_of_the_page_has_a_row() -> None:
    module = types.NAMES["ydb_types"]
    public = {name for name, item in vars(module).items() if isinstance(item, type) and item.__module__ == "ydb_types"}
    shown = {type(entry.type).__name__ for entry in ENTRIES["own"]}
    assert {name for name in public if not name.startswith("_")} == shown


def test_anchors_are_unique() -> None:
    assert [anchor for anchor, count in Counter(entry.anchor for entry in entries()).items() if count > 1] == []


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    """To an empty database of the default line: `measure` leaves nothing in it."""
    with connected() as made:
        yield made


def test_a_line_changes_only_what_can_be_stored() -> None:
    """The page shows values, reflection and autogenerate on the default line alone. The first one does the same."""
    measured = [one for several in types.measured().values() for one in several if one.stored]
    for line in releases.RELEASED:
        new = [one for one in measured if line == min(one.stored, key=releases.RELEASED.index)]
        if new:
            with connected(line) as older:
                for one in new:
                    assert one.type is not None
                    expected = replace(one, stored={releases.DEFAULT: one.type}, refused={}, with_hooks="")
                    assert measure(one.entry, older) == expected


def test_a_driver_error_is_told_by_its_cause(connection: sa.Connection) -> None:
    [_, refused] = measure(Entry("sa.Date()", ("date(2026, 1, 1)", "date(1969, 12, 31)")), connection).values
    assert refused.refused == "DatabaseError: ValueError('Value out of range: -1')"


def test_a_type_that_cannot_be_reflected_is_a_crash(connection: sa.Connection) -> None:
    found = measure(Entry("sa.UUID()", ("UUID(int=1)",)), connection)
    assert found.type == "UUID"
    assert found.crash is not None and found.crash.startswith("KeyError")
    assert types.traps(found) == ["`UUID(int=1)` cannot be written", "cannot be reflected"]


@pytest.mark.parametrize(
    ("written", "values", "expected"),
    [
        ("types.Int16()", ("1",), ["not what YQL calls `Int16`"]),
        ("sa.Numeric()", ("Decimal('1')",), ["YDB refuses it"]),
        ("sa.CHAR(1)", ("'ab'",), ["keeps more than 1"]),
        ("sa.Float()", ("0.1",), ["`0.1` comes back as `0.10000000149011612`"]),
        ("sa.JSON()", ("[1]",), []),
        ("sa.Date()", ("date(2026, 1, 1)", "date(1969, 1, 1)"), ["nothing before 1970"]),
        ("sa.DATETIME()", ("datetime(2026, 1, 1, 0, 0, 0, 1)",), ["whole seconds"]),
        ("sa.TIMESTAMP()", ("datetime(2026, 1, 1, tzinfo=EAST)",), ["in UTC, without a zone"]),
    ],
)
def test_traps(connection: sa.Connection, written: str, values: tuple[str, ...], expected: list[str]) -> None:
    assert types.traps(measure(Entry(written, values), connection)) == expected


def test_there_is_something_to_write_for_every_column() -> None:
    assert [column.name for column in types.columns() if column.since and column.best is None] == []
    assert [column.name for column in types.columns() if column.best and column.best.with_hooks] == []


def test_what_is_refused_is_refused_by_ydb() -> None:
    refused = [why for several in types.measured().values() for one in several for why in one.refused.values()]
    assert [why for why in [*refused, *(column.refused for column in types.columns())] if "emulator" in why] == []
