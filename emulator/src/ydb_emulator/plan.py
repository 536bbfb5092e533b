"""The plan of a statement: what `check` makes of its text and `run` carries out.

Computations of values and rows, changes of one table's rows, and scheme operations, whose paths are the catalog's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from pyrsistent import PMap, pmap

from .errors import Position
from .fixed import Fixed
from .store.catalog import Changefeed, Column, Consumer, Index, Table, Topic, Ttl, View
from .store.rows import Row
from .types import Type, Value

Record = tuple
"""The values of one row while a query runs, in the order of its relation's columns."""


class Expr(Fixed):
    """A checked expression: its type, and how a row gives its value.

    `is_literal` marks a literal, which converts to a column's type more freely than other expressions.
    """

    type: Type
    evaluate: Callable[[Record], Value]
    is_literal: bool = False


def constant(type: Type, value: Value, is_literal: bool = False) -> Expr:
    return Expr(type, lambda _: value, is_literal)


class Relation(Fixed):
    """A checked query: names and types of its columns, and its rows in that order, made when asked for."""

    columns: tuple[tuple[str, Type], ...]
    rows: Callable[[], Iterable[Record]]


class Change(Fixed):
    """A checked change of one table's rows.

    `kind` is INSERT OR ABORT, INSERT OR REVERT, UPSERT, REPLACE, UPDATE ON or DELETE ON; `rows` gives the columns that
    the statement names, the key among them; they are of VALUES if `of_values`. UPDATE and DELETE with WHERE come here
    as UPDATE ON and DELETE ON.
    """

    kind: str
    path: str
    table: Table
    rows: Callable[[], Iterable[Row]]
    returning: tuple[tuple[str, Type], ...] | None = None
    of_values: bool = False


# --- scheme operations -----------------------------------------------------------------------------------------


class MakeDirectory(Fixed):
    """With those above it; one that exists is no error."""

    path: str


class RemoveDirectory(Fixed):
    path: str


class CreateTable(Fixed):
    """`table` has no id yet; `rows` are those of CREATE TABLE … AS; `other_at` is the place in the query's text of the
    refusal if another table is there, None if that is as good."""

    path: str
    table: Table
    if_not_exists: bool
    rows: Relation | None = None
    other_at: Position | None = None


class DropTable(Fixed):
    path: str
    if_exists: bool


class AlterTable(Fixed):
    """What may stand together in one ALTER TABLE, made at once.

    `alter` are columns by name with the fields that change (`not_null`, `default`, `family`); `families` are column
    families with the settings to set, `new_families` those of ADD FAMILY; `ttl` is None where it stays, False where it
    goes.
    """

    path: str
    add: tuple[Column, ...] = ()
    drop: tuple[str, ...] = ()
    alter: tuple[tuple[str, PMap[str, object]], ...] = ()
    families: tuple[tuple[str, PMap[str, str]], ...] = ()
    new_families: tuple[str, ...] = ()
    settings: PMap[str, str] = pmap()
    ttl: Ttl | Literal[False] | None = None


class AddIndex(Fixed):
    path: str
    index: Index


class DropIndex(Fixed):
    path: str
    name: str


class RenameIndex(Fixed):
    """`replaces` is whether it may take the place of an index of that name."""

    path: str
    name: str
    new_name: str
    replaces: bool = False


class SetIndexSettings(Fixed):
    path: str
    name: str
    settings: PMap[str, str]


class RenameTable(Fixed):
    path: str
    new_path: str


class CopyTable(Fixed):
    path: str
    new_path: str


class TruncateTable(Fixed):
    path: str


class AddChangefeed(Fixed):
    path: str
    changefeed: Changefeed


class DropChangefeed(Fixed):
    path: str
    name: str


class CreateTopic(Fixed):
    path: str
    topic: Topic
    if_not_exists: bool


class AlterTopic(Fixed):
    """A topic, or that of a `changefeed` of the table at `path`. `settings` are those that change, as `Topic` has them.

    `alter_consumers` are the settings that change of consumers, by name.
    """

    path: str
    changefeed: str = ""
    settings: PMap[str, Value] = pmap()
    add_consumers: tuple[Consumer, ...] = ()
    alter_consumers: tuple[tuple[str, PMap[str, Value]], ...] = ()
    drop_consumers: tuple[str, ...] = ()


class DropTopic(Fixed):
    path: str
    if_exists: bool


class AlterSequence(Fixed):
    """`path` and `column` are those of the Serial column; `restart` is a number, or True for the start."""

    path: str
    column: str
    start: int | None = None
    increment: int | None = None
    restart: int | None = None


class CreateView(Fixed):
    path: str
    view: View
    if_not_exists: bool


class DropView(Fixed):
    path: str
    if_exists: bool


class CreateUser(Fixed):
    """`password` is a text, or its hash (`is_hash`)."""

    name: str
    password: str = ""
    is_hash: bool = False
    can_log_in: bool = True


class AlterUser(Fixed):
    """`password` and `can_log_in` are None where they stay."""

    name: str
    password: str | None = None
    is_hash: bool = False
    can_log_in: bool | None = None


class DropUser(Fixed):
    name: str
    if_exists: bool


class CreateGroup(Fixed):
    name: str


class AddMember(Fixed):
    group: str
    member: str


class DropMember(Fixed):
    group: str
    member: str


class RenameGroup(Fixed):
    name: str
    new_name: str


class DropGroup(Fixed):
    name: str
    if_exists: bool


class ModifyAccess(Fixed):
    """Permissions of subjects on a path, given or taken. None takes all that the subjects have there."""

    path: str
    subjects: tuple[str, ...]
    permissions: tuple[str, ...] | None
    is_given: bool


AccountChange = (
    CreateUser | AlterUser | DropUser | CreateGroup | AddMember | DropMember | RenameGroup | DropGroup | ModifyAccess
)


class ChangeAccounts(Fixed):
    """Changes that one statement asks for. Each is made by itself: those before one that is refused stay."""

    changes: tuple[AccountChange, ...]


Operation = (
    MakeDirectory | RemoveDirectory | CreateTable | DropTable | AlterTable | AddIndex | DropIndex | RenameIndex
    | SetIndexSettings | RenameTable | CopyTable | TruncateTable | AddChangefeed | DropChangefeed | CreateTopic
    | AlterTopic | DropTopic | AlterSequence | CreateView | DropView | ChangeAccounts
)  # fmt: skip
