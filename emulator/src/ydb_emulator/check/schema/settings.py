"""Settings of tables and column families: the lists of `NAME = value` in WITH, SET, RESET and FAMILY.

YDB reads them twice: the translator looks at names and kinds of values before it knows any table, the query processor
at what they mean. Sources: yql/essentials/sql/v1/sql_translation.cpp (StoreTableSettingsEntry, FillFamilySettingsEntry,
StoreTtlSettings) and their tests in sql_ut*; FillTableSettings in ydb/core/kqp/provider/yql_kikimr_type_ann.cpp;
ConvertCreateTableSettingsToProto in …/gateway/kqp_gateway.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyrsistent import PMap, pmap

from ...errors import (
    BAD_REQUEST,
    Issue,
    Position,
    YdbError,
    refusal,
    refusal_at,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ...plan import Expr
from ...releases import Line
from ...store.catalog import Column, Ttl
from ...types import BOOL, INTEGERS, INTERVAL, TEXTS, Data, Value
from ...yql import syntax
from ..context import Context
from ..conversion import convert
from ..dispatch import check
from ..scope import Scope

CREATE, ALTER = "KiCreateTable!", "KiAlterTable!"
"""What YDB calls the two statements in its refusals."""

# --- tables: names and kinds -----------------------------------------------------------------------------------

_IDENTIFIER, _INTEGER, _STRING = "an identifier", "an integer", "a string literal"

_KINDS = {
    "AUTO_PARTITIONING_BY_SIZE": _IDENTIFIER,
    "AUTO_PARTITIONING_PARTITION_SIZE_MB": _INTEGER,
    "AUTO_PARTITIONING_BY_LOAD": _IDENTIFIER,
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": _INTEGER,
    "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": _INTEGER,
    "PARTITION_COUNT": _INTEGER,
    "UNIFORM_PARTITIONS": _INTEGER,
    "PARTITION_AT_KEYS": 'a list of keys. Example1: (10, 1000)  Example2: ((10), (1000, "abc"))',
    "KEY_BLOOM_FILTER": _IDENTIFIER,
    "READ_REPLICAS_SETTINGS": _STRING,
    "TTL": "",
    "STORE": _IDENTIFIER,
    "COMPACTION_POLICY": _STRING,
    "TIERING": _STRING,
    "PARTITION_BY_HASH_FUNCTION": _STRING,
    "STORE_EXTERNAL_BLOBS": _IDENTIFIER,
    "EXTERNAL_DATA_CHANNELS_COUNT": _INTEGER,
}
_CREATE_ONLY = ("UNIFORM_PARTITIONS", "PARTITION_AT_KEYS")
_RESETTABLE = ("TTL", "TIERING")
_NOT_READ = (
    "PARTITION_COUNT", "COMPACTION_POLICY", "TIERING", "PARTITION_BY_HASH_FUNCTION", "STORE_EXTERNAL_BLOBS",
    "EXTERNAL_DATA_CHANNELS_COUNT",
)  # fmt: skip
"""Settings that YDB takes and the emulator does not."""


def read_settings(settings: Sequence[syntax.Setting], is_alter: bool) -> dict[str, syntax.Setting]:
    """The settings of CREATE TABLE … WITH or ALTER TABLE … SET by upper-case name, as the translator takes them: the
    last one of a name counts."""
    read: dict[str, syntax.Setting] = {}
    for setting in settings:
        name = setting.name.upper()
        if name not in _KINDS:
            raise refusal_at(f"Unknown table setting: {setting.name}", setting.position)
        if name in _CREATE_ONLY and is_alter:
            raise refusal_at(f"{name} alter is not supported", setting.position)
        if name == "TTL":
            _read_ttl(setting)
        elif not _is_of_kind(setting.value, _KINDS[name]):
            raise refusal_at(f"{name} value should be {_KINDS[name]}", setting.position)
        read[name] = setting
        store = read.get("STORE")
        if "PARTITION_COUNT" in read and (store is None or _word(store).upper() != "COLUMN"):
            raise refusal_at(" PARTITION_COUNT can be used only with STORE=COLUMN", setting.position)
    for name in _NOT_READ:
        if name in read:
            raise unsupported(f"the table setting {name}", read[name].position)
    return read


def read_reset(names: Sequence[str], position: Position) -> None:
    """RESET: TTL alone can be. Raises GENERIC_ERROR for every other name."""
    for name in names:
        upper = name.upper()
        if upper not in _KINDS:
            raise refusal_at(f"Unknown table setting: {name}", position)
        if upper in _CREATE_ONLY:
            raise refusal_at(f"{upper} alter is not supported", position)
        if upper not in _RESETTABLE:
            raise refusal_at(f"{upper} reset is not supported", position)
        if upper != "TTL":
            raise unsupported(f"the table setting {upper}", position)


def _is_of_kind(value: syntax.Expression | syntax.Ttl, kind: str) -> bool:
    match value:
        case syntax.Name() | syntax.Bool():
            return kind == _IDENTIFIER
        case syntax.Integer():
            return kind == _INTEGER
        case syntax.String():
            return kind == _STRING
        case syntax.Ttl():
            return False
    return kind == _KINDS["PARTITION_AT_KEYS"]


def _read_ttl(setting: syntax.Setting) -> None:
    invalid = Issue("Invalid TTL settings", position=setting.position)
    for tier in _written_ttl(setting).tiers:
        match tier.interval:
            case syntax.Call(name) if name.lower() == "interval":
                pass
            case _:
                message = "Literal of Interval type is expected for TTL"
                raise refusal(Issue(message, position=tier.interval.position), invalid)


# --- tables: meaning -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """What the settings of a table say: `plain` by upper-case name, the others in their own form."""

    plain: PMap[str, str]
    ttl: Ttl | None = None
    is_column: bool = False
    partition_at: tuple[tuple[Value, ...], ...] = ()


_AT_LEAST_ONE = {
    "AUTO_PARTITIONING_PARTITION_SIZE_MB": "Can't set preferred partition size to 0. To disable auto partitioning by "
    "size use 'SET AUTO_PARTITIONING_BY_SIZE DISABLED'",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "Can't set min partition count to 0",
    "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": "Can't set max partition count to 0",
}

_SWITCHES = {
    "AUTO_PARTITIONING_BY_SIZE": "auto partitioning by size",
    "AUTO_PARTITIONING_BY_LOAD": "auto partitioning by load",
    "KEY_BLOOM_FILTER": "key bloom filter",
}


def check_settings(
    read: dict[str, syntax.Setting], function: str, context: Context, key: Sequence[Column] = ()
) -> Settings:
    """What the settings mean; `function` is what YDB calls the statement, `key` are the key columns of a new table."""
    plain: dict[str, str] = {}
    ttl, is_column = None, False
    partition_at: tuple[tuple[Value, ...], ...] = ()
    for name, setting in read.items():
        if name == "TTL":
            ttl = _ttl(setting, function, context)
        elif name == "STORE":
            is_column = _store(setting, function)
        elif name == "PARTITION_AT_KEYS":
            partition_at = _partition_at(setting, function, key, context)
        elif name in _SWITCHES:
            plain[name] = _switch(name, setting, function)
        elif name == "READ_REPLICAS_SETTINGS":
            plain[name] = _replicas(setting)
        else:
            plain[name] = _count(name, setting, function)
    if partition_at and "UNIFORM_PARTITIONS" in plain:
        message = "Uniform partitions and partitions at keys settings are mutually exclusive. Use either one of them."
        raise refusal_at(message, read["PARTITION_AT_KEYS"].position)
    return Settings(pmap(plain), ttl, is_column, partition_at)


def _store(setting: syntax.Setting, function: str) -> bool:
    match setting.value:
        case syntax.Name(word) if word.upper() in ("ROW", "COLUMN"):
            return word.upper() == "COLUMN"
    message = f"Unsupported table store type: {_word(setting)}"
    raise type_annotation(function, setting.position, Issue(message, position=setting.position))


def _switch(name: str, setting: syntax.Setting, function: str) -> str:
    word = _word(setting)
    if word.upper() not in ("ENABLED", "DISABLED"):
        said = word if function == CREATE else word.lower()
        raise refusal_at(f"Unknown feature flag '{said}' for {_SWITCHES[name]}", setting.position)
    return word.upper()


def _count(name: str, setting: syntax.Setting, function: str) -> str:
    number = _number(setting)
    if number == 0 and name in _AT_LEAST_ONE:
        raise type_annotation(function, setting.position, Issue(_AT_LEAST_ONE[name], position=setting.position))
    most = MAX_PARTITION_SIZE_MB if name.endswith("_MB") else MAX_PARTITIONS
    if name == "UNIFORM_PARTITIONS" and not 0 < number <= most:
        raise scheme_failure(f"Invalid partition count specified: {number}")
    if number > most:
        raise unsupported(f"this value of the setting {name}", setting.position)
    return str(number)


MAX_PARTITIONS = 35_000
"""Of one table: ydb/docs/en/core/concepts/limits-ydb.md; InitPartitioning, schemeshard__operation_create_table.cpp."""

MAX_PARTITION_SIZE_MB = 2**31


def _late(function: str) -> int:
    """The code of what the API's form of the statement is refused for: that of CREATE TABLE is lost, so that it says
    GENERIC_ERROR. Source: CreateTable in ydb/core/kqp/host/kqp_gateway_proxy.cpp; CreateTableWithCompressionLevel and
    AlterCompressionLevelInColumnFamily in ydb/core/kqp/ut/scheme/kqp_scheme_ut.cpp."""
    return 0 if function == CREATE else BAD_REQUEST


def check_partitioning(settings: Mapping[str, str], function: str, position: Position) -> None:
    """Settings of one statement that contradict each other. Source: ydb/core/ydb_convert/table_settings.cpp."""
    size, by_size = "AUTO_PARTITIONING_PARTITION_SIZE_MB", settings.get("AUTO_PARTITIONING_BY_SIZE")
    if size in settings and by_size == "DISABLED":
        message = "Auto partitioning partition size is set while auto partitioning by size is disabled"
        raise refusal_at(message, position, _late(function))


def _replicas(setting: syntax.Setting) -> str:
    """Source: ConvertReadReplicasSettingsToProto; the statuses: ydb/core/kqp/ut/scheme/kqp_scheme_ut.cpp."""
    written = _text(setting)
    counts = written.split(",")
    parts = [found for count in counts if (found := re.fullmatch(r" *(\S+) *: *(\d+) *", count))]
    known = [part[1].lower() in ("per_az", "any_az") for part in parts]
    if len(parts) < len(counts) or any(known) and len(parts) > 1:
        message = (
            f"Wrong format for read replicas settings '{written}'. It should be one of: "
            "1) 'PER_AZ:<read_replicas_count>' to set equal read replicas count for every AZ; "
            "2) 'ANY_AZ:<read_replicas_count>' to set total read replicas count between all AZs; "
        )
        raise refusal_at(message, setting.position)
    if not all(known):
        message = "Specifying read replicas count for each AZ in cluster is not supported yet"
        raise refusal_at(message, setting.position)
    return f"{parts[0][1].upper()}:{int(parts[0][2])}"


def _ttl(setting: syntax.Setting, function: str, context: Context) -> Ttl:
    """`TTL = Interval("P1D") [DELETE] ON column [AS unit]`; whole seconds count, the rest is dropped."""
    ttl = _written_ttl(setting)
    intervals = [interval(tier.interval, context) for tier in ttl.tiers]
    if min(intervals) < 0:
        issue = Issue("Invalid TTL settings: Interval value cannot be negative", position=setting.position)
        raise type_annotation(function, setting.position, issue)
    return Ttl(
        ttl.column,
        intervals[-1] // 10**6 * 10**6,
        ttl.unit,
        tuple(tier.external for tier in ttl.tiers),
    )


def interval(node: syntax.Expression, context: Context) -> int:
    expression = check(node, Scope(context))
    if expression.type != INTERVAL:
        raise unsupported("this interval", node.position)
    return expression.evaluate(())


def _can_part(type: Data) -> bool:
    """Measured by stokaro/ptah: other types have no literal that PARTITION_AT_KEYS takes."""
    return type in INTEGERS or type in TEXTS or type == BOOL


def _partition_at(
    setting: syntax.Setting, function: str, key: Sequence[Column], context: Context
) -> tuple[tuple[Value, ...], ...]:
    """`(10, 100)` or `((10), (100, "a"))`: keys that partitions begin with, each a prefix of a whole one."""

    def refuse(message: str, position: Position) -> YdbError:
        return type_annotation(function, setting.position, Issue(message, position=position))

    def values(node: syntax.Expression, type: Data) -> Value:
        if not isinstance(node, syntax.Integer | syntax.String | syntax.Bool) or not _can_part(type):
            raise unsupported("this key in PARTITION_AT_KEYS", node.position)
        expression = check(node, Scope(context))
        converted = convert(Expr(expression.type, expression.evaluate, True), type)
        if converted is None:
            written = expression.evaluate(())
            text = written.decode(errors="replace") if isinstance(written, bytes) else written
            raise refuse(f'Failed to convert value "{text}" to a corresponding key column type', node.position)
        return converted.evaluate(())

    boundaries = []
    for item in _items(setting):
        nodes = item.items if isinstance(item, syntax.Tuple) else (item,)
        if len(nodes) > len(key):
            message = f"Partition at keys has {len(nodes)} key values while there are only {len(key)} key columns"
            raise refuse(message, item.position)
        boundaries.append(tuple(values(n, c.type) for n, c in zip(nodes, key, strict=False)))
    return tuple(boundaries)


# --- values ----------------------------------------------------------------------------------------------------
# Each is of its kind: `_is_of_kind` lets no other through.


def _word(setting: syntax.Setting) -> str:
    """An identifier; `true` and `false` are ones."""
    match setting.value:
        case syntax.Name(name):
            return name
        case syntax.Bool(value):
            return str(value).lower()
    raise TypeError(setting)


def _number(setting: syntax.Setting) -> int:
    match setting.value:
        case syntax.Integer(value):
            return value
    raise TypeError(setting)


def _text(setting: syntax.Setting) -> str:
    match setting.value:
        case syntax.String(value):
            return value.decode(errors="replace")
    raise TypeError(setting)


def _items(setting: syntax.Setting) -> tuple[syntax.Expression, ...]:
    """Those of a tuple; another expression is the only one."""
    match setting.value:
        case syntax.Tuple(items):
            return items
        case syntax.Ttl():
            raise TypeError(setting)
        case value:
            return (value,)


def _written_ttl(setting: syntax.Setting) -> syntax.Ttl:
    match setting.value:
        case syntax.Ttl() as ttl:
            return ttl
    raise unsupported("this value of TTL", setting.position)


# --- families --------------------------------------------------------------------------------------------------

_FAMILY_KINDS = {"DATA": _STRING, "COMPRESSION": _STRING, "COMPRESSION_LEVEL": _INTEGER, "CACHE_MODE": _STRING}


def read_family_settings(settings: Sequence[syntax.Setting], line: Line) -> dict[str, syntax.Setting]:
    """The settings of a column family by upper-case name, as the translator takes them."""
    read = {}
    for setting in settings:
        name = setting.name.upper()
        if name not in _FAMILY_KINDS or name == "CACHE_MODE" and not line.has("CACHE_MODE"):
            raise refusal_at(f"Unknown table setting: {setting.name}", setting.position)
        if not _is_of_kind(setting.value, _FAMILY_KINDS[name]):
            raise refusal_at(f"{name} value should be {_FAMILY_KINDS[name]}", setting.position)
        read[name] = setting
    return read


def check_family_settings(family: str, read: dict[str, syntax.Setting], function: str, line: Line) -> PMap[str, str]:
    """What they mean in a row table. The emulator knows the media of the local image alone.

    Source: ApplyFamilySettings in ydb/core/ydb_convert/column_families.h, where zstd is the compression 3.
    """
    checked = {}
    for name, setting in read.items():
        if name == "COMPRESSION_LEVEL":
            message = "Field `COMPRESSION_LEVEL` is not supported for OLTP tables"
            raise refusal_at(message, setting.position, _late(function))
        value = _text(setting)
        match name, value.lower():
            case "COMPRESSION", "zstd":
                message = f"Unsupported compression value 3 in column family '{family}'"
                raise refusal_at(message, setting.position, _late(function))
            case "COMPRESSION", word if word not in ("off", "lz4"):
                raise refusal_at(f"Unknown compression '{value}' for a column family", setting.position)
            case "CACHE_MODE", _ if not line.has("EnableTableCacheModes"):
                raise refusal_at("Setting cache_mode is not allowed", setting.position)
            case "CACHE_MODE", word if word not in ("regular", "in_memory"):
                raise refusal_at(f"Unknown cache mode '{value}' for a column family", setting.position)
            case "DATA", word if word not in ("ssd", "hdd", "rot"):
                raise unsupported(f"the storage media {value!r}", setting.position)
        checked[name] = value if name == "DATA" else value.lower()
    return pmap(checked)
