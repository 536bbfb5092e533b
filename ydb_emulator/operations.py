"""Scheme operations: what `check.schema` makes of a statement and `run.schema` carries out. Paths are the catalog's."""

from __future__ import annotations

from dataclasses import dataclass

from immutables import Map

from .catalog import Changefeed, Column, Family, Index, Table, Ttl, View
from .check.context import Relation


@dataclass(frozen=True)
class CreateTable:
    """`table` has no id yet; `rows` are those of CREATE TABLE … AS."""

    path: str
    table: Table
    if_not_exists: bool
    rows: Relation | None = None


@dataclass(frozen=True)
class DropTable:
    path: str
    if_exists: bool


@dataclass(frozen=True)
class AlterColumns:
    """Columns to add and names to drop, in one operation."""

    path: str
    add: tuple[Column, ...] = ()
    drop: tuple[str, ...] = ()
    drop_not_null: tuple[str, ...] = ()


@dataclass(frozen=True)
class SetDefault:
    """`default` is a one-tuple, or None for DROP DEFAULT."""

    path: str
    column: str
    default: tuple | None


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
    path: str
    name: str
    new_name: str


@dataclass(frozen=True)
class RenameTable:
    path: str
    new_path: str


@dataclass(frozen=True)
class SetSettings:
    """`ttl` is None where it is not set."""

    path: str
    settings: Map[str, str]
    ttl: Ttl | None


@dataclass(frozen=True)
class ResetTtl:
    path: str


@dataclass(frozen=True)
class SetIndexSettings:
    path: str
    name: str


@dataclass(frozen=True)
class AddFamily:
    path: str
    family: Family


@dataclass(frozen=True)
class AlterFamily:
    path: str
    name: str
    settings: Map[str, str]


@dataclass(frozen=True)
class SetFamily:
    path: str
    column: str
    family: str


@dataclass(frozen=True)
class AddChangefeed:
    path: str
    changefeed: Changefeed


@dataclass(frozen=True)
class DropChangefeed:
    path: str
    name: str


@dataclass(frozen=True)
class TruncateTable:
    path: str


@dataclass(frozen=True)
class AlterSequence:
    """`table` and `column` are those of the Serial column; the sequence goes on from `restart`, if it is given."""

    table: str
    column: str
    restart: int | None
    increment: int | None


@dataclass(frozen=True)
class CreateView:
    path: str
    view: View
    if_not_exists: bool


@dataclass(frozen=True)
class DropView:
    path: str
    if_exists: bool


Operation = (
    CreateTable | DropTable | AlterColumns | SetDefault | AddIndex | DropIndex | RenameIndex | RenameTable
    | SetSettings | ResetTtl | SetIndexSettings | AddFamily | AlterFamily | SetFamily | AddChangefeed | DropChangefeed
    | TruncateTable | AlterSequence | CreateView | DropView
)  # fmt: skip
