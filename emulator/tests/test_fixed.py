"""What parts of syntax trees, plans and catalogs have in common."""

from __future__ import annotations

from dataclasses import replace

from ydb_emulator.errors import Position
from ydb_emulator.plan import DropIndex, DropTable
from ydb_emulator.yql.syntax import Bind, Call, Name


def test_two_are_equal_that_have_the_same_class_and_fields() -> None:
    assert Name("a") == Name("a") != Name("b")
    assert Name("a") != Bind("a")
    assert DropIndex("t", "i") == DropIndex("t", "i") != DropIndex("t", "j")
    assert Call("f", (Name("a"),)) == replace(Call("f", (Name("b"),)), arguments=(Name("a"),)) != Call("f")
    assert len({Name("a"), Name("a"), Name("b"), Bind("a")}) == 3


def test_where_it_stands_is_no_difference() -> None:
    first, second = (Name("a", position=Position(1, column)) for column in (1, 2))
    assert first == second and hash(first) == hash(second) and first.position != second.position


def test_it_is_shown_as_it_is_made() -> None:
    assert repr(DropTable("t", if_exists=True)) == "DropTable(path='t', if_exists=True)"
