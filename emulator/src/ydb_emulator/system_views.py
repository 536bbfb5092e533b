"""System views: the tables below `.sys`, made up of what the database holds whenever they are read.

Names and types of the columns: ydb/core/sys_view/common/schema.h; what they hold: ydb/docs/en/core/dev/system-views.md.
YDB's statistics come with a delay; of most of them the emulator keeps none, and they are NULL.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from pyrsistent import pmap

from .store.catalog import Table
from .store.database import Database
from .store.order import null_first
from .store.rows import Key
from .types import BITS, DOUBLE, INTERVAL, TIMESTAMP, UINT32, UINT64, UTF8, Data, Value


@dataclass(frozen=True)
class SystemView:
    """`columns` by name, each of which may be NULL; `rows` are by column as well, and what is not in them is NULL."""

    columns: dict[str, Data]
    rows: Callable[[Database], Iterator[dict[str, Value]]]


_OWNER = 72057594046678944
"""The scheme shard of a database, as YDB's messages name it."""


def _partition_stats(database: Database) -> Iterator[dict[str, Value]]:
    """The partitions of every row table, and of the table of each of its indexes."""
    ids = count(1)
    for path, table in sorted(database.state.catalog.items()):
        if not isinstance(table, Table) or table.is_column:
            continue
        keys = database.state.rows.get(table.id, pmap())
        tables = {path: _row_counts(table, keys)}
        tables |= {f"{path}/{index.name}/indexImplTable": [len(keys)] for index in table.indexes}
        for name, counts in tables.items():
            id = next(ids)
            for number, rows in enumerate(counts):
                yield {
                    "OwnerId": _OWNER,
                    "PathId": id,
                    "PartIdx": number,
                    "FollowerId": 0,
                    "Path": f"{database.path}/{name}",
                    "RowCount": rows,
                }


def _row_counts(table: Table, keys: Iterable[Key]) -> list[int]:
    """The rows in each of the partitions that the table was made with; the emulator neither splits nor merges them."""
    bounds: list[tuple[Value, ...]]
    if "UNIFORM_PARTITIONS" in table.settings:
        number = int(table.settings["UNIFORM_PARTITIONS"])
        step = 2 ** BITS[table[table.key[0]].type] // number
        bounds = [(null_first(bound * step),) for bound in range(1, number)]
    else:
        bounds = [tuple(map(null_first, bound)) for bound in table.partition_at]
    counts = [0] * (len(bounds) + 1)
    for key in keys:
        counts[bisect_right(bounds, tuple(map(null_first, key)))] += 1
    return counts


_PARTITION_STATS = {
    "OwnerId": UINT64, "PathId": UINT64, "PartIdx": UINT64, "DataSize": UINT64, "RowCount": UINT64, "IndexSize": UINT64,
    "CPUCores": DOUBLE, "TabletId": UINT64, "Path": UTF8, "NodeId": UINT32, "StartTime": TIMESTAMP,
    "AccessTime": TIMESTAMP, "UpdateTime": TIMESTAMP, "InFlightTxCount": UINT32, "RowUpdates": UINT64,
    "RowDeletes": UINT64, "RowReads": UINT64, "RangeReads": UINT64, "RangeReadRows": UINT64,
    "ImmediateTxCompleted": UINT64, "CoordinatedTxCompleted": UINT64, "TxRejectedByOverload": UINT64,
    "TxRejectedByOutOfStorage": UINT64, "LastTtlRunTime": TIMESTAMP, "LastTtlRowsProcessed": UINT64,
    "LastTtlRowsErased": UINT64, "FollowerId": UINT32, "LocksAcquired": UINT64, "LocksWholeShard": UINT64,
    "LocksBroken": UINT64, "TxCompleteLag": INTERVAL,
}  # fmt: skip

VIEWS = {".sys/partition_stats": SystemView(_PARTITION_STATS, _partition_stats)}
"""The system views by path, of the many that YDB has."""
