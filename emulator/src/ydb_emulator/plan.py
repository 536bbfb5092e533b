"""The plan of a statement: what `check` makes of its text and `run` carries out.

Computations of values and rows, changes of one table's rows, and scheme operations, whose paths are the catalog's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pyrsistent import PMap, pmap

from .errors import Position
from .store.catalog import Changefeed, Column, Consumer, Index, Table, Topic, Ttl, View
from .store.rows import Row
from .types import Type, Value

Record = tuple
"""The values of one row while a query runs, in the order of its relation's columns."""


@dataclass(frozen=True)
class Expr:
    """A checked expression: its type, and how a row gives its value.

    `is_literal` marks a literal, which converts to a column's type more freely than other expressions.
    """

    type: Type
    evaluate: Callable[[Record], Value]
    is_literal: bool = False


def constant(type: Type, value: Value, is_literal: bool = False) -> Expr:
    return Expr(type, lambda _: value, is_literal)


@dataclass(frozen=True)
class Relation:
    """A checked query: names and types of its columns, and its rows in that order, made when asked for."""

    columns: tuple[tuple[str, Type], ...]
    rows: Callable[[], Iterable[Record]]


@dataclass(frozen=True)
class Change:
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


@dataclass(frozen=True)
class MakeDirectory:
    """With those above it; one that exists is no error."""

    path: str


@dataclass(frozen=True)
class RemoveDirectory:
    path: str


@dataclass(frozen=True)
class CreateTable:
    """`table` has no id yet; `rows` are those of CREATE TABLE … AS; `other_at` is the place in the query's text of the
    refusal if another table is there, None if that is as good."""

    path: str
    table: Table
    if_not_exists: bool
    rows: Relation | None = None
    other_at: Position | None = None


@dataclass(frozen=True)
class DropTable:
    path: str
    if_exists: bool


@dataclass(frozen=True)
class AlterTable:
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


@dataclass(frozen=True)
class AddIndex:
    path: str
    index: Index


@dataclass(frozen=True)
class DropIndex:
    path: str
    name: str


@dataclass(frozen=True)
class RenameIndex:
    """`replaces` is whether it may take the place of an index of that name."""

    path: str
    name: str
    new_name: str
    replaces: bool = False


@dataclass(frozen=True)
class SetIndexSettings:
    path: str
    name: str
    settings: PMap[str, str]


@dataclass(frozen=True)
class RenameTable:
    path: str
    new_path: str


@dataclass(frozen=True)
class CopyTable:
    path: str
    new_path: str


@dataclass(frozen=True)
class TruncateTable:
    path: str


@dataclass(frozen=True)
class AddChangefeed:
    path: str
    changefeed: Changefeed


@dataclass(frozen=True)
class DropChangefeed:
    path: str
    name: str


@dataclass(frozen=True)
class CreateTopic:
    path: str
    topic: Topic
    if_not_exists: bool


@dataclass(frozen=True)
class AlterTopic:
    """A topic, or that of a `changefeed` of the table at `path`. `settings` are those that change, as `Topic` has them.

    `alter_consumers` are the settings that change of consumers, by name.
    """

    path: str
    changefeed: str = ""
    settings: PMap[str, Value] = pmap()
    add_consumers: tuple[Consumer, ...] = ()
    alter_consumers: tuple[tuple[str, PMap[str, Value]], ...] = ()
    drop_consumers: tuple[str, ...] = ()


@dataclass(frozen=True)
class DropTopic:
    path: str
    if_exists: bool


@dataclass(frozen=True)
class AlterSequence:
    """`path` and `column` are those of the Serial column; `restart` is a number, or True for the start."""

    path: str
    column: str
    start: int | None = None
    increment: int | None = None
    restart: int | None = None


@dataclass(frozen=True)
class CreateView:
    path: str
    view: View
    if_not_exists: bool


@dataclass(frozen=True)
class DropView:
    path: str
    if_exists: bool


@dataclass(frozen=True)
class CreateUser:
    """`password` is a text, or its hash (`is_hash`)."""

    name: str
    password: str = ""
    is_hash: bool = False
    can_log_in: bool = True


@dataclass(frozen=True)
class AlterUser:
    """`password` and `can_log_in` are None where they stay."""

    name: str
    password: str | None = None
    is_hash: bool = False
    can_log_in: bool | None = None


@dataclass(frozen=True)
class DropUser:
    name: str
    if_exists: bool


@dataclass(frozen=True)
class CreateGroup:
    name: str


@dataclass(frozen=True)
class AddMember:
    group: str
    member: str


@dataclass(frozen=True)
class DropMember:
    group: str
    member: str


@dataclass(frozen=True)
class RenameGroup:
    name: str
    new_name: str


@dataclass(frozen=True)
class DropGroup:
    name: str
    if_exists: bool


@dataclass(frozen=True)
class ModifyAccess:
    """Permissions of subjects on a path, given or taken. None takes all that the subjects have there."""

    path: str
    subjects: tuple[str, ...]
    permissions: tuple[str, ...] | None
    is_given: bool


AccountChange = (
    CreateUser | AlterUser | DropUser | CreateGroup | AddMember | DropMember | RenameGroup | DropGroup | ModifyAccess
)


@dataclass(frozen=True)
class ChangeAccounts:
    """Changes that one statement asks for. Each is made by itself: those before one that is refused stay."""

    changes: tuple[AccountChange, ...]


Operation = (
    MakeDirectory | RemoveDirectory | CreateTable | DropTable | AlterTable | AddIndex | DropIndex | RenameIndex
    | SetIndexSettings | RenameTable | CopyTable | TruncateTable | AddChangefeed | DropChangefeed | CreateTopic
    | AlterTopic | DropTopic | AlterSequence | CreateView | DropView | ChangeAccounts
)  # fmt: skip
