"""Settings of tables, families and changefeeds: the lists of `NAME = value` in WITH, SET, RESET and FAMILY.

Sources: yql/essentials/sql/v1/sql_translation.cpp (StoreTableSettingsEntry); FillTableSettings in
ydb/core/kqp/provider/yql_kikimr_type_ann.cpp; ydb/docs/en/core/yql/reference/syntax/create_table/*.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from immutables import Map

from ..catalog import Ttl
from ..errors import Issue, Position, refusal, type_annotation, unsupported
from ..types import INTERVAL
from ..yql import syntax
from .context import Context
from .expressions import Scope, check

_AT_LEAST_ONE = {
    "AUTO_PARTITIONING_PARTITION_SIZE_MB": "Can't set preferred partition size to 0. To disable auto partitioning by "
    "size use 'SET AUTO_PARTITIONING_BY_SIZE DISABLED'",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "Can't set min partition count to 0",
    "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": "Can't set max partition count to 0",
}
_SWITCHES = frozenset(("AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_BY_LOAD", "KEY_BLOOM_FILTER"))
_CREATE_ONLY = frozenset(("UNIFORM_PARTITIONS", "PARTITION_AT_KEYS", "STORE"))
_REPLICAS = re.compile(r"(PER_AZ|ANY_AZ):([0-3])")


@dataclass(frozen=True)
class Settings:
    """What the settings of a table say: `plain` by upper-case name, the others in their own form."""

    plain: Map[str, str]
    ttl: Ttl | None = None
    is_column: bool = False


def check_settings(settings: Sequence[syntax.Setting], function: str, context: Context) -> Settings:
    """Settings of CREATE TABLE … WITH or ALTER TABLE … SET; `function` is what YDB calls the statement."""
    plain: dict[str, str] = {}
    ttl, is_column = None, False
    for setting in settings:
        name = setting.name.upper()
        if name in _CREATE_ONLY and function != "KiCreateTable!":
            raise refusal(Issue(f"{name} alter is not supported", position=setting.position))
        if name == "TTL":
            ttl = check_ttl(setting, context)
        elif name == "STORE":
            is_column = _word(setting, ("ROW", "COLUMN")) == "COLUMN"
        else:
            plain[name] = _plain(name, setting, function)
    return Settings(Map(plain), ttl, is_column)


def _plain(name: str, setting: syntax.Setting, function: str) -> str:
    if name in _SWITCHES:
        return _word(setting, ("ENABLED", "DISABLED"))
    if name in _AT_LEAST_ONE or name == "UNIFORM_PARTITIONS":
        return _count(name, setting, function)
    if name == "READ_REPLICAS_SETTINGS":
        return _replicas(setting)
    if name == "PARTITION_AT_KEYS":
        raise unsupported(f"the table setting {setting.name}", setting.position)
    raise refusal(Issue(f"Unknown table setting: {setting.name}", position=setting.position))


def _word(setting: syntax.Setting, words: Sequence[str]) -> str:
    match setting.value:
        case syntax.Name(word) if word.upper() in words:
            return word.upper()
    raise unsupported(f"this value of the setting {setting.name}", setting.position)


def _count(name: str, setting: syntax.Setting, function: str) -> str:
    match setting.value:
        case syntax.Integer(0) if name in _AT_LEAST_ONE:
            raise type_annotation(function, setting.position, Issue(_AT_LEAST_ONE[name], position=setting.position))
        case syntax.Integer(value):
            return str(value)
    raise unsupported(f"this value of the setting {setting.name}", setting.position)


def _replicas(setting: syntax.Setting) -> str:
    match setting.value:
        case syntax.String(value) if _REPLICAS.fullmatch(value.decode(errors="replace")):
            return value.decode()
        case syntax.String(value) if re.fullmatch(rb"\w+:\d+(,\w+:\d+)*", value):
            message = "Specifying read replicas count for each AZ in cluster is not supported yet"
            raise refusal(Issue(message, position=setting.position))
    raise unsupported(f"this value of the setting {setting.name}", setting.position)


def check_ttl(setting: syntax.Setting, context: Context) -> Ttl:
    """`TTL = Interval("P1D") ON column [AS unit]`."""
    match setting.value:
        case syntax.Ttl((syntax.TtlTier(interval, None),), column, unit):
            return Ttl(column, _ttl_interval(interval, setting.position, context), unit)
    raise unsupported("TTL with tiers", setting.position)


def _ttl_interval(node: syntax.Expression, position: Position, context: Context) -> int:
    match node:
        case syntax.Call(name, (syntax.String(),)) if name.lower() == "interval":
            expression = check(node, Scope(context))
        case _:
            raise refusal(Issue("Literal of Interval type is expected for TTL", position=position))
    assert expression.type == INTERVAL
    interval = expression.evaluate(())
    if interval < 0:
        raise refusal(Issue("Interval value cannot be negative", position=position))
    if interval % 10**6:
        raise unsupported("a TTL of part of a second", position)
    return interval


_FAMILY_SETTINGS = frozenset(("DATA", "COMPRESSION", "COMPRESSION_LEVEL"))


def check_family_settings(settings: Sequence[syntax.Setting]) -> Map[str, str]:
    """Settings of a column family. Source of the text: yql/essentials/sql/v1/sql_translation.cpp."""
    checked = {}
    for setting in settings:
        name = setting.name.upper()
        match setting.value:
            case _ if name == "CACHE_MODE":
                raise refusal(Issue("Setting cache_mode is not allowed", position=setting.position))
            case _ if name not in _FAMILY_SETTINGS:
                raise refusal(Issue(f"Unknown table setting: {setting.name}", position=setting.position))
            case syntax.String(value):
                checked[name] = value.decode(errors="replace")
            case syntax.Integer(value) if name == "COMPRESSION_LEVEL":
                checked[name] = str(value)
            case _:
                raise unsupported(f"this value of the setting {setting.name}", setting.position)
    return Map(checked)


_CHANGEFEED_WORDS = {
    "FORMAT": ("JSON", "DYNAMODB_STREAMS_JSON", "DEBEZIUM_JSON"),
    "MODE": ("KEYS_ONLY", "UPDATES", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
}
_CHANGEFEED_SETTINGS = frozenset(("VIRTUAL_TIMESTAMPS", "RETENTION_PERIOD", "INITIAL_SCAN", "BARRIERS_INTERVAL",
                                  "TOPIC_MIN_ACTIVE_PARTITIONS", "AWS_REGION", "SCHEMA_CHANGES"))  # fmt: skip


def check_changefeed_settings(node: syntax.Changefeed) -> Map[str, str]:
    """Settings of a changefeed: FORMAT and MODE are required.

    Source: ydb/docs/en/core/yql/reference/syntax/alter_table/changefeed.md.
    """
    checked: dict[str, str] = {}
    for setting in node.settings:
        name = setting.name.upper()
        match setting.value:
            case syntax.String(value) if name in _CHANGEFEED_WORDS:
                word = value.decode(errors="replace").upper()
                if word not in _CHANGEFEED_WORDS[name]:
                    raise refusal(Issue(f"Unknown changefeed {name.lower()}: {word}", position=setting.position))
                checked[name] = word
            case _ if name in _CHANGEFEED_WORDS or name not in _CHANGEFEED_SETTINGS:
                raise refusal(Issue(f"Unknown changefeed setting: {setting.name}", position=setting.position))
            case syntax.Bool(value):
                checked[name] = str(value).upper()
            case syntax.Call("Interval" | "INTERVAL" | "interval", (syntax.String(value),)):
                checked[name] = value.decode(errors="replace")
            case syntax.Integer(value):
                checked[name] = str(value)
            case syntax.String(value):
                checked[name] = value.decode(errors="replace")
            case _:
                raise unsupported(f"this value of the setting {setting.name}", setting.position)
    for name in _CHANGEFEED_WORDS:
        if name not in checked:
            raise refusal(Issue(f"{name} is required for a changefeed", position=node.position))
    return Map(checked)
