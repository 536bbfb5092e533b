"""Column tables as CREATE TABLE and ALTER TABLE write them: what only row tables have, and column families.

Source: FillColumnTableSchema in ydb/core/kqp/host/kqp_gateway_proxy.cpp, whose refusals have no code; their tests:
ydb/core/kqp/ut/scheme/kqp_scheme_ut.cpp (KqpOlapScheme).
"""

from __future__ import annotations

from collections.abc import Sequence

from pyrsistent import PMap, pmap

from ...errors import NOWHERE, Position, YdbError, refusal_at, unsupported
from ...releases import Line
from ...store.catalog import Column, Family
from ...yql import syntax
from .settings import Settings

_SETTINGS = {"AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"}
_COMPRESSIONS = ("off", "lz4", "zstd")
_MAX_LEVEL = 22

WrittenFamily = tuple[syntax.Family, dict[str, syntax.Setting]]


def check_new(
    families: Sequence[WrittenFamily], columns: Sequence[Column], settings: Settings, position: Position, line: Line
) -> tuple[Family, ...]:
    """The column families of a new column table. Raises GENERIC_ERROR for what only row tables have."""
    if line.has("families of row tables alone") and families and any(column.family != "default" for column in columns):
        raise refusal_at("Column FAMILY is not supported for column tables", position)
    if families:
        _require_families(position, line)
    made = tuple(Family(family.name, check_family(family.name, read, line)) for family, read in families)
    for column in columns:
        kind = "sequences" if column.sequence else "values" if column.default is not None else None
        if kind:
            raise refusal_at(f"Default {kind} are not supported in column tables", position)
    # YDB takes these and has no use for them.
    if settings.partition_at or set(settings.plain) - _SETTINGS:
        raise unsupported("this setting of a column table", position)
    return made


def _require_families(position: Position, line: Line) -> None:
    """Which line was the first to refuse them is not known, nor how much of an ALTER it refuses.

    Source: ydb/tests/olap, TestObsoleteCompression; ydb-platform/ydb, pull request 29523 and issue 43317.
    """
    if line.has("COMPRESSION of columns"):
        raise unsupported("column families of a column table on this line", position)


def check_family(name: str, read: dict[str, syntax.Setting], line: Line) -> PMap[str, str]:
    """What the settings of a column family mean in a column table."""
    for field in ("DATA", "CACHE_MODE"):
        if field in read:
            message = f"Field `{field}` is not supported for OLAP tables in column family '{name}'"
            raise refusal_at(message, read[field].position)
    compression, level = read.get("COMPRESSION"), read.get("COMPRESSION_LEVEL")
    if compression is None:
        if name != "default":
            raise refusal_at(f"Compression is not set for non `default` column family '{name}'", _position(read))
        if level is not None:
            message = f"Compression is not set for column family '{name}', but compression level is set"
            raise refusal_at(message, level.position)
        return pmap()
    word = _word(compression)
    if word.lower() not in _COMPRESSIONS:
        raise refusal_at(f"Unknown compression '{word}' for a column family", compression.position)
    checked = {"COMPRESSION": word.lower()}
    if level is not None:
        checked["COMPRESSION_LEVEL"] = str(_level(level, word))
    return pmap(checked)


def check_altered_family(name: str, read: dict[str, syntax.Setting], line: Line) -> PMap[str, str]:
    """The same of ADD FAMILY and ALTER FAMILY, whose refusals come another way and are known in part."""
    if not set(read) <= {"COMPRESSION", "COMPRESSION_LEVEL"} or "COMPRESSION" not in read:
        raise unsupported("this column family of a column table", _position(read))
    return check_family(name, read, line)


def _level(setting: syntax.Setting, compression: str) -> int:
    """That of zstd; how others are refused is not known."""
    match setting.value:
        case syntax.Integer(level) if compression.lower() == "zstd" and 0 < level <= _MAX_LEVEL:
            return level
    raise unsupported("this compression level", setting.position)


def _word(setting: syntax.Setting) -> str:
    match setting.value:
        case syntax.String(value):
            return value.decode(errors="replace")
    raise unsupported("this compression", setting.position)


def _position(read: dict[str, syntax.Setting]) -> Position:
    return next((setting.position for setting in read.values()), NOWHERE)


def check_action(action: syntax.AlterAction, line: Line) -> None:
    """An action of ALTER TABLE on a column table. Raises GENERIC_ERROR for defaults."""
    match action:
        case syntax.SetDefault() | syntax.DropDefault():
            raise _no_default(action.position)
        case syntax.AddColumn(column) if any(isinstance(option, syntax.Default) for option in column.options):
            raise _no_default(action.position)
        case syntax.AddColumn(column) if column.type and column.type.name.lower().startswith("pg"):
            raise unsupported("a type of PostgreSQL in ALTER TABLE of a column table", action.position)
        case syntax.AddColumn(column) if any(isinstance(option, syntax.InFamily) for option in column.options):
            return _require_families(action.position, line)
        case syntax.AddFamily() | syntax.AlterFamily() | syntax.SetFamily():
            return _require_families(action.position, line)
        case syntax.AddColumn() | syntax.DropColumn() | syntax.ResetSettings():
            return
        case syntax.SetSettings(settings) if all(setting.name.upper() == "TTL" for setting in settings):
            return
        case syntax.RenameTable() if line.has("RENAME of column tables"):
            return
    raise unsupported("this change of a column table", action.position)


def _no_default(position: Position) -> YdbError:
    return refusal_at("Default values are not supported in column tables", position)
