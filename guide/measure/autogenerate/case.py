"""A difference between a database and its models, and short ways to write one."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types

NOTHING, IMPOSSIBLE = "nothing", "impossible"
"""What a right autogenerate does: nothing; or say that YDB has no way to do it. Else it finds certain changes."""

ID = "sa.Column('id', sa.Integer(), primary_key=True)"


@dataclass(frozen=True)
class Case:
    """A difference: how the database is (YQL), how the model is (arguments of a Table, by its name), what is right.

    `right` is NOTHING, IMPOSSIBLE or the kinds of the changes, as Alembic calls them.
    """

    id: str
    what: str
    database: tuple[str, ...]
    model: dict[str, str]
    right: str
    options: str = ""  # of the metadata
    own: tuple[str, ...] = ()  # what the hooks are told
    configure: str = ""  # of the environment

    def metadata(self) -> sa.MetaData:
        names = {"sa": sa, "types": types}
        metadata = sa.MetaData(**eval(f"dict({self.options})", names))
        for name, arguments in self.model.items():
            eval(f"sa.Table({name!r}, metadata, {arguments})", names | {"metadata": metadata})
        return metadata


def table(columns: str = "", name: str = "t", key: str = "id", more: str = "") -> str:
    """A CREATE TABLE with a column `id`."""
    columns = f"id Int64 NOT NULL, {columns}, " if columns else "id Int64 NOT NULL, "
    return f"CREATE TABLE `{name}` ({columns}PRIMARY KEY ({key})){more}"


def model(columns: str = "") -> str:
    return f"{ID}, {columns}" if columns else ID


def one(id: str, what: str, database: str, in_model: str, right: str, options: str = "") -> Case:
    """A case of one table with a column `id`, on both sides."""
    return Case(id, what, (table(database),), {"t": model(in_model)}, right, options)


def column(type: str, more: str = "") -> str:
    return f"sa.Column('a', {type}{more and ', ' + more})"


A = column("sa.String()")
INDEX = f"{A}, sa.Index('ix', 'a'"


def indexed(id: str, what: str, database: str, in_model: str, right: str) -> Case:
    """A case of an index: what follows INDEX in the database ('' for none), and what follows `sa.Index('ix', `."""
    made = f"a Utf8, b Utf8{database and ', INDEX ' + database}"
    columns = f"{A}, sa.Column('b', sa.String())"
    return one(id, what, made, columns + (f", sa.Index('ix', {in_model})" if in_model else ""), right)
