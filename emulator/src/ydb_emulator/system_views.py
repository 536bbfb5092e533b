"""System views: the tables below `.sys`, made up of what the database holds whenever they are read.

Names and types of the columns: ydb/core/sys_view/common/schema.h; what they hold: ydb/docs/en/core/dev/system-views.md.
YDB's statistics come with a delay; most of them the emulator does not keep, and refuses to read.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from pyrsistent import pmap

from .errors import unsupported
from .store.catalog import Table
from .store.database import Database
from .store.order import null_first
from .store.rights import named
from .store.rows import Key
from .types import BITS, BOOL, DOUBLE, INTERVAL, TIMESTAMP, UINT32, UINT64, UTF8, Data, Value


@dataclass(frozen=True)
class SystemView:
    """`columns` by name, each of which may be NULL; `rows` are by column as well, and what is not in them is NULL.

    Of the columns named in `unknown` YDB has values that the emulator has not.
    """

    columns: dict[str, Data]
    rows: Callable[[Database], Iterator[dict[str, Value]]]
    unknown: frozenset[str] = frozenset()


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
        for index in table.indexes:
            if index.using and index.tables():
                raise unsupported("partition_stats of a vector or full-text index")  # how many rows nobody knows
            tables |= {f"{path}/{index.name}/{name}": [len(keys)] for name in index.tables()}
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


def _users(database: Database) -> Iterator[dict[str, Value]]:
    """Of a password YDB keeps a hash, with a salt that nobody knows: it is not told here."""
    for name, user in sorted(database.accounts.users.items()):
        yield {
            "Sid": name,
            "IsEnabled": user.can_log_in,
            "IsLockedOut": user.is_locked_out,
            "CreatedAt": _microseconds(user.created),
            "LastSuccessfulAttemptAt": _microseconds(user.last_login),
            "LastFailedAttemptAt": _microseconds(user.last_failure),
            "FailedAttemptCount": user.failures,
        }


def _microseconds(moment: datetime.datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 10**6)


def _groups(database: Database) -> Iterator[dict[str, Value]]:
    return ({"Sid": group} for group in sorted(database.accounts.groups))


def _group_members(database: Database) -> Iterator[dict[str, Value]]:
    for group, members in sorted(database.accounts.groups.items()):
        for member in sorted(members):
            yield {"GroupSid": group, "MemberSid": member}


def _permissions(database: Database) -> Iterator[dict[str, Value]]:
    """What was granted on each path, without what it inherits."""
    for path, entries in sorted(database.accounts.access.items()):
        absolute = f"{database.path}/{path}" if path else database.path
        for subject, name in sorted((entry.subject, name) for entry in entries for name in named(entry.rights)):
            yield {"Path": absolute, "Sid": subject, "Permission": name}


_USERS = {
    "Sid": UTF8, "IsEnabled": BOOL, "IsLockedOut": BOOL, "CreatedAt": TIMESTAMP, "LastSuccessfulAttemptAt": TIMESTAMP,
    "LastFailedAttemptAt": TIMESTAMP, "FailedAttemptCount": UINT32, "PasswordHash": UTF8,
}  # fmt: skip

_COUNTED = frozenset({"OwnerId", "PathId", "PartIdx", "FollowerId", "Path", "RowCount"})
"""What the emulator knows of a partition; YDB has a value in each of the other columns."""

VIEWS = {
    ".sys/partition_stats": SystemView(_PARTITION_STATS, _partition_stats, frozenset(_PARTITION_STATS) - _COUNTED),
    ".sys/auth_users": SystemView(_USERS, _users, frozenset({"PasswordHash"})),
    ".sys/auth_groups": SystemView({"Sid": UTF8}, _groups),
    ".sys/auth_group_members": SystemView({"GroupSid": UTF8, "MemberSid": UTF8}, _group_members),
    ".sys/auth_permissions": SystemView({"Path": UTF8, "Sid": UTF8, "Permission": UTF8}, _permissions),
}
"""The system views by path, of the many that YDB has."""
