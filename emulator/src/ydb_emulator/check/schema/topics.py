"""Changefeeds of ADD CHANGEFEED, and ALTER TOPIC of the topic of one.

Source of the settings: yql/essentials/sql/v1/sql_query.cpp (ChangefeedSettingsEntry) and its tests in sql_ut*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pyrsistent import PMap, pmap

from ...errors import BAD_REQUEST, refusal_at, unsupported
from ...plan import AlterTopic
from ...releases import Line
from ...store.catalog import Table
from ...types import Value
from ...yql import syntax
from ..context import Context
from ..dispatch import check
from ..scope import Scope
from .settings import interval

_CHANGEFEED_WORDS = {
    "MODE": ("KEYS_ONLY", "UPDATES", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
    "FORMAT": ("JSON", "DYNAMODB_STREAMS_JSON", "DEBEZIUM_JSON"),
}


Read = dict[str, Value]


def _text(node: syntax.Expression) -> Value:
    return node.value.decode(errors="replace") if isinstance(node, syntax.String) and not node.suffix else None


def _bool(node: syntax.Expression) -> Value:
    return node.value if isinstance(node, syntax.Bool) else None


def _number(node: syntax.Expression) -> Value:
    return node.value if isinstance(node, syntax.Integer) else None


def _period(node: syntax.Expression) -> Value:
    return node if isinstance(node, syntax.Call) and node.name.lower() == "interval" else None


def _switch(node: syntax.Expression) -> Value:
    """YDB asks for a word, and says Interval where it is another one."""
    if not isinstance(node, syntax.String | syntax.Bool | syntax.Integer):
        raise unsupported("this value of TOPIC_AUTO_PARTITIONING", node.position)
    word = _text(node)
    return word.upper() if isinstance(word, str) and word.lower() in ("enabled", "disabled") else None


_CHANGEFEED_KINDS: dict[str, tuple[str, Callable]] = {
    "SINK_TYPE": ("String", _text),
    "MODE": ("String", _text),
    "FORMAT": ("String", _text),
    "INITIAL_SCAN": ("Bool", _bool),
    "USER_SIDS": ("Bool", _bool),
    "VIRTUAL_TIMESTAMPS": ("Bool", _bool),
    "BARRIERS_INTERVAL": ("Interval", _period),
    "RESOLVED_TIMESTAMPS": ("Interval", _period),
    "SCHEMA_CHANGES": ("Bool", _bool),
    "RETENTION_PERIOD": ("Interval", _period),
    "TOPIC_AUTO_PARTITIONING": ("Interval", _switch),
    "TOPIC_MIN_ACTIVE_PARTITIONS": ("integer", _number),
    "TOPIC_MAX_ACTIVE_PARTITIONS": ("integer", _number),
    "AWS_REGION": ("String", _text),
}
_CHANGEFEED_BY_LINE = ("USER_SIDS", "SCHEMA_CHANGES")


def read_changefeed_settings(node: syntax.Changefeed, line: Line) -> Read:
    """Settings of a changefeed by upper-case name, as the translator takes them before it knows any table: an interval
    as it is written."""
    read: Read = {}
    for setting in node.settings:
        name = setting.name.upper()
        if name == "TRACE_IDS" and line.has(name):
            raise unsupported("the changefeed setting TRACE_IDS", setting.position)
        is_known = name in _CHANGEFEED_KINDS
        if not is_known or name in _CHANGEFEED_BY_LINE and not line.has(name):
            raise refusal_at(f"Unknown changefeed setting: {setting.name}", setting.position)
        kind, value_of = _CHANGEFEED_KINDS[name]
        value = value_of(setting.value)
        if value is None:
            raise refusal_at(f"Literal of {kind} type is expected for {setting.name}", setting.position)
        if name == "SINK_TYPE" and value.lower() != "local":
            raise refusal_at(f"Unknown changefeed sink type: {value}", setting.position)
        if name != "SINK_TYPE":
            read["BARRIERS_INTERVAL" if name == "RESOLVED_TIMESTAMPS" else name] = value
    return read


def check_changefeed_settings(node: syntax.Changefeed, context: Context) -> PMap[str, Value]:
    """What the settings mean; intervals in microseconds, of which YDB keeps whole seconds.

    Source: addChangefeed in ydb/core/kqp/provider/yql_kikimr_exec.cpp.
    """
    checked = read_changefeed_settings(node, context.database.line)
    for name, words in _CHANGEFEED_WORDS.items():
        if name not in checked:
            raise refusal_at(f"Invalid changefeed {name.lower()}", node.position, BAD_REQUEST)
        if checked[name].upper() not in words:
            raise refusal_at(f"Unknown changefeed {name.lower()}: {checked[name]}", node.position)
        checked[name] = checked[name].upper()
    for name in ("BARRIERS_INTERVAL", "RETENTION_PERIOD"):
        if name not in checked:
            continue
        period = interval(checked[name], context)
        if period <= 0:
            raise refusal_at(f"{_INNER_NAMES[name]} must be positive", node.position)
        checked[name] = period // 10**6 * 10**6
    for name in ("TOPIC_MIN_ACTIVE_PARTITIONS", "TOPIC_MAX_ACTIVE_PARTITIONS"):
        if checked.get(name, 1) <= 0:
            raise refusal_at(f"{name.lower()} must be greater than 0", node.position)
    least, most = checked.get("TOPIC_MIN_ACTIVE_PARTITIONS", 1), checked.get("TOPIC_MAX_ACTIVE_PARTITIONS")
    if least > MAX_PARTITIONS or most is not None and not least <= most <= MAX_PARTITIONS:
        raise unsupported("these numbers of a topic's partitions", node.position)
    return pmap(checked)


_INNER_NAMES = {"BARRIERS_INTERVAL": "resolved_timestamps", "RETENTION_PERIOD": "retention_period"}
MAX_PARTITIONS = 20_000
"""Of one topic: MaxPQGroupPartitionsCount in ydb/core/tx/schemeshard/schemeshard_impl.h."""


# --- ALTER TOPIC -----------------------------------------------------------------------------------------------

_TOPIC_SETTINGS = frozenset((
    "min_active_partitions", "partition_count_limit", "max_active_partitions", "retention_period",
    "retention_storage_mb", "partition_write_speed_bytes_per_second", "partition_write_burst_bytes", "metering_mode",
    "supported_codecs", "auto_partitioning_stabilization_window", "auto_partitioning_up_utilization_percent",
    "auto_partitioning_down_utilization_percent", "auto_partitioning_strategy", "metrics_level",
))  # fmt: skip


def alter_topic(node: syntax.Topic, context: Context) -> AlterTopic:
    """ALTER TOPIC of a changefeed: its retention and consumers.

    Source of the texts: StoreTopicSettingsEntry in yql/essentials/sql/v1/sql_translation.cpp; CheckTopicSettings and
    HandleAlterTopic in ydb/core/kqp/provider/yql_kikimr_type_ann.cpp.
    """
    for name, position in [*((s.name, s.position) for s in node.settings), *((n, node.position) for n in node.reset)]:
        if name.lower() not in _TOPIC_SETTINGS:
            raise refusal_at(f"unknown topic setting: {name}", position)
    for setting in node.settings:
        is_interval = isinstance(setting.value, syntax.Call) and setting.value.name.lower() == "interval"
        if setting.name.lower() == "retention_period" and not is_interval:
            raise refusal_at("Literal of Interval type is expected for retention", setting.position)
    if node.reset:
        raise refusal_at("RESET is currently not supported for topic options", node.position)
    named = [consumer.name for consumer in node.consumers]
    for number, consumer in enumerate(node.consumers):
        if node.action == "ALTER" and consumer.name in named[:number]:
            raise refusal_at(f"consumer '{consumer.name}' referenced more than once", consumer.position)
    path = context.path(node.topic)
    owner, _, name = path.rpartition("/")
    table = context.catalog.get(owner)
    if node.action != "ALTER" or not isinstance(table, Table) or not table.changefeed(name):
        raise unsupported(f"{node.action} TOPIC of other than a changefeed's retention and consumers", node.position)
    made = AlterTopic(owner, name)
    for setting in node.settings:
        match setting:
            case syntax.Setting(what, syntax.Call(call, (_,)) as value) if call.lower() == "interval":
                if what.lower() == "retention_period":
                    made = replace(made, retention=check(value, Scope(context)).evaluate(()))
                    continue
        raise unsupported(f"the topic setting {setting.name}", setting.position)
    for consumer in node.consumers:
        match consumer:
            case syntax.TopicConsumer(added, "ADD", ()):
                made = replace(made, add_consumers=(*made.add_consumers, added))
            case syntax.TopicConsumer(dropped, "DROP", ()):
                made = replace(made, drop_consumers=(*made.drop_consumers, dropped))
            case _:
                raise unsupported("settings of a consumer", consumer.position)
    return made
