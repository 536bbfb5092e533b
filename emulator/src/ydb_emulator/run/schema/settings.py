"""Settings of tables and their column families, TTL and partitions among them: rules, and what a change makes."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

from pyrsistent import PMap

from ...errors import BAD_REQUEST, scheme_failure, unsupported
from ...plan import AlterTable
from ...store.catalog import Column, Family, Table, Ttl
from ...types import DYNUMBER, INSTANTS, UINT32, UINT64, UUID

MAX_REPLICAS = 3


def check_families(table: Table) -> None:
    """CreateAlterData (schemeshard_info_types.cpp) has no key of a new table when it looks at families of keys."""
    if any(column.family != "default" and column.name in table.key for column in table.columns):
        raise unsupported("a family of a key column")


def check_ttl(ttl: Ttl, table: Table, code: int) -> None:
    """Source: ydb/core/tx/schemeshard/schemeshard_validate_ttl.cpp."""
    column = table.column(ttl.column)
    if column is None:
        raise scheme_failure(f"Cannot enable TTL on unknown column: '{ttl.column}'", code)
    if message := check_ttl_column(ttl, column):
        raise scheme_failure(message, code)
    if any(target is None for target in ttl.tiers[:-1]):
        first = ttl.tiers.index(None)
        raise scheme_failure(f"Tier {first}: only the last tier in TTL settings can have Delete action", code)
    if any(target is not None for target in ttl.tiers):
        raise scheme_failure("Only DELETE via TTL is allowed for row-oriented tables", code)
    if ttl.interval // 10**6 > (now := int(time.time())):
        days = now // 86_400
        since = f"{now} seconds ({days} days, {days // 365} years). The ttl behaviour is undefined before 1970."
        raise scheme_failure(f"TTL should be less than {since}", code)


def check_ttl_column(ttl: Ttl, column: Column) -> str | None:
    """What is wrong with the unit for a column's type, None for nothing. Source: TTTLValidator::ValidateUnit in
    ydb/core/tx/schemeshard/common/validation.cpp."""
    if column.type in (UINT32, UINT64, DYNUMBER):
        if ttl.unit is None:
            return "To enable TTL on integral type column 'ValueSinceUnixEpochModeSettings' should be specified"
        return None
    if column.type not in INSTANTS:
        return "Unsupported column type"
    if ttl.unit is not None:
        return "To enable TTL on date type column 'DateTypeColumnModeSettings' should be specified"
    return None


def check_partition_at(table: Table) -> None:
    """Keys in ascending order, a prefix of a key before the key. Source: DoInitPartitioning."""
    for number, (before, key) in enumerate(pairwise(table.partition_at), start=1):
        if not before < key:
            raise scheme_failure(f"Partition ranges are not sorted at index {number}")


def check_uniform(table: Table, partitions: int, code: int) -> None:
    """Whether the first key column can be parted evenly.

    Source: FillUniformPartitioning in ydb/core/tx/schemeshard/schemeshard_impl.cpp; Uuid is not in the text.
    """
    type = table[table.key[0]].type
    if partitions > 1 and type not in (UINT32, UINT64, UUID):
        raise scheme_failure(
            f"Unsupported first key column type {type}, only Uint32 and Uint64 are supported", code
        )  # fmt: skip


def check_settings(table: Table) -> None:
    settings = table.settings
    replicas = settings.get("READ_REPLICAS_SETTINGS", ":0").rpartition(":")[2]
    if int(replicas) > MAX_REPLICAS:
        raise scheme_failure(f"Too much followers: {replicas}", BAD_REQUEST)
    least, most = (settings.get(f"AUTO_PARTITIONING_{which}_PARTITIONS_COUNT") for which in ("MIN", "MAX"))
    if least and most and int(least) > int(most):
        raise unsupported("a minimum of partitions above the maximum")


def altered_families(table: Table, operation: AlterTable, columns: list[Column]) -> tuple[Family, ...]:
    """A family that is not there is made, by whatever names it (TTableInfo::…AddOrGet; ydb-behaviour §3)."""
    families = {family.name: family for family in table.families}
    if len({name for name, _ in operation.families}) != len(operation.families):
        raise unsupported("several actions on one column family")
    for name, settings in operation.families:
        known = families.get(name, Family(name))
        families[name] = replace(known, settings=known.settings.update(settings))
    for column in columns:
        if column.family != "default":
            families.setdefault(column.family, Family(column.family))
    return tuple(families.values())


def altered_settings(settings: PMap[str, str], changes: PMap[str, str]) -> PMap[str, str]:
    """Switching auto partitioning on sets what belongs to it to its defaults, unless the same statement gives them.

    Source: ydb/core/ydb_convert/table_description.cpp (FillPartitioningPolicy).
    """
    size, least = "AUTO_PARTITIONING_PARTITION_SIZE_MB", "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"
    by_size, by_load = (changes.get(f"AUTO_PARTITIONING_BY_{what}") == "ENABLED" for what in ("SIZE", "LOAD"))
    if by_size and size in settings:
        settings = settings.discard(size)
    if by_size or by_load:
        settings = settings.set(least, "1")
    return settings.update(changes)
