"""What a database holds: its entries by path, as immutable values.

A path is relative to the database, without a leading slash: `series`, `folder/series`; the root is `""`.
"""

from __future__ import annotations

from pyrsistent import PMap, pmap

from ..fixed import Fixed
from ..types import Data, Value
from ..yql import syntax
from .rows import TableId


class Column(Fixed):
    """`type` is the type of a value that is not NULL. `default` is a one-tuple, or None where there is none."""

    name: str
    type: Data
    not_null: bool = False
    default: tuple[Value] | None = None
    sequence: str | None = None
    family: str = "default"

    @property
    def has_default(self) -> bool:
        return self.default is not None or self.sequence is not None


IMPL_TABLE = "indexImplTable"


class Index(Fixed):
    """`using` is the kind after USING in lower case, empty for a plain index, and `options` are the settings of its
    WITH by name. `settings` are the partitioning settings of the index's own table, by upper-case name."""

    name: str
    columns: tuple[str, ...]
    cover: tuple[str, ...] = ()
    unique: bool = False
    asynchronous: bool = False
    settings: PMap[str, str] = pmap()
    using: str = ""
    options: PMap[str, str] = pmap()

    @property
    def is_local(self) -> bool:
        """A local index has no table of its own."""
        return not self.tables()

    def tables(self) -> tuple[str, ...]:
        """The names of the tables that hold the index. Source: GetImplTables in ydb/core/base/table_index.cpp."""
        match self.using:
            case "vector_kmeans_tree":
                tables = ("indexImplLevelTable", "indexImplPostingTable", "indexImplPrefixTable")
                return tables if len(self.columns) > 1 else tables[:2]
            case "fulltext_relevance":
                return ("indexImplDictTable", "indexImplDocsTable", "indexImplStatsTable", IMPL_TABLE)
            case "bloom_filter" | "bloom_ngram_filter":
                return ()
        return (IMPL_TABLE,)


class Sequence(Fixed):
    """What ALTER SEQUENCE said of a Serial column's sequence; `restart` is the number of the last RESTART."""

    start: int = 1
    increment: int = 1
    restart: int | None = None


class Family(Fixed):
    """A column family; `settings` by upper-case name."""

    name: str
    settings: PMap[str, str] = pmap()


class Ttl(Fixed):
    """Rows are to be deleted `interval` microseconds after the moment in `column`; `unit` for integer columns.

    `tiers` are where each tier moves them to, None for deletion.
    """

    column: str
    interval: int
    unit: str | None = None
    tiers: tuple[str | None, ...] = (None,)


class Consumer(Fixed):
    """Who reads a topic. `settings` by upper-case name: IMPORTANT, READ_FROM in seconds since 1970, SUPPORTED_CODECS as
    a tuple of lower-case names."""

    name: str
    settings: PMap[str, Value] = pmap()


class Changefeed(Fixed):
    """`settings` by upper-case name: words, numbers, switches, and microseconds for intervals. Its topic has
    `consumers`."""

    name: str
    settings: PMap[str, Value]
    consumers: tuple[Consumer, ...] = ()


class Topic(Fixed):
    """`settings` by upper-case name: numbers, lower-case words, microseconds for intervals, a tuple of codecs."""

    settings: PMap[str, Value] = pmap()
    consumers: tuple[Consumer, ...] = ()


class Directory(Fixed):
    pass


class Table(Fixed):
    """A row table, or a column table if `is_column`. `id` finds its rows and stays when it is renamed.

    `version` is the schema version: every ALTER raises it. `settings` are the settings of WITH other than TTL, STORE
    and PARTITION_AT_KEYS, by upper-case name. `partition_by` are the columns of a column table's PARTITION BY HASH,
    `partition_at` the keys of PARTITION_AT_KEYS. `sequences` are those that were altered, by column.
    """

    id: TableId
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[Index, ...] = ()
    version: int = 1
    is_column: bool = False
    settings: PMap[str, str] = pmap()
    families: tuple[Family, ...] = ()
    ttl: Ttl | None = None
    changefeeds: tuple[Changefeed, ...] = ()
    partition_by: tuple[str, ...] = ()
    partition_at: tuple[tuple[Value, ...], ...] = ()
    sequences: PMap[str, Sequence] = pmap()

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def __getitem__(self, name: str) -> Column:
        """The column of a name that is known to be one. Raises KeyError."""
        column = self.column(name)
        if column is None:
            raise KeyError(name)
        return column

    def index(self, name: str) -> Index | None:
        return next((index for index in self.indexes if index.name == name), None)

    def changefeed(self, name: str) -> Changefeed | None:
        return next((changefeed for changefeed in self.changefeeds if changefeed.name == name), None)


class View(Fixed):
    """`text` is the view's SELECT as written under the TablePathPrefix `prefix`, `query` its tree without one."""

    text: str
    query: syntax.Query
    prefix: str = ""


Entry = Directory | Table | Topic | View
Catalog = PMap[str, Entry]


def children_of(table: Table) -> dict[str, str]:
    """What a table holds as paths of its own: name and YDB's name of the kind."""
    held = {index.name: "EPathTypeTableIndex" for index in table.indexes}
    held |= {changefeed.name: "EPathTypeCdcStream" for changefeed in table.changefeeds}
    return held | {column.sequence: "EPathTypeSequence" for column in table.columns if column.sequence}


def parent(path: str) -> str:
    """`a/b/c` → `a/b`; the root for a name without a slash."""
    return path.rpartition("/")[0]


def children(catalog: Catalog, path: str) -> dict[str, Entry]:
    """The entries straight below a directory, by name, in name order."""
    prefix = f"{path}/" if path else ""
    names = sorted(p for p in catalog if p.startswith(prefix) and p != path and "/" not in p[len(prefix) :])
    return {name[len(prefix) :]: catalog[name] for name in names}


def with_directories(catalog: Catalog, path: str) -> Catalog:
    """The catalog with every missing directory above `path` made, as CREATE TABLE does."""
    while path := parent(path):
        if path not in catalog:
            catalog = catalog.set(path, Directory())
    return catalog
