"""Changefeeds of ADD CHANGEFEED.

Source of the settings: yql/essentials/sql/v1/sql_query.cpp (ChangefeedSettingsEntry) and its tests in sql_ut*.
"""

from __future__ import annotations

from collections.abc import Callable

from pyrsistent import PMap, pmap

from ...errors import BAD_REQUEST, refusal_at, unsupported
from ...releases import Line
from ...types import Value
from ...yql import syntax
from ..context import Context
from .settings import interval

_CHANGEFEED_WORDS = {
    "MODE": ("KEYS_ONLY", "UPDATES", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
    "FORMAT": ("JSON", "DYNAMODB_STREAMS_JSON", "DEBEZIUM_JSON"),
}


Read = dict[str, Value]


def as_text(node: syntax.Expression) -> Value:
    return node.value.decode(errors="replace") if isinstance(node, syntax.String) and not node.suffix else None


def as_bool(node: syntax.Expression) -> Value:
    return node.value if isinstance(node, syntax.Bool) else None


def as_number(node: syntax.Expression) -> Value:
    return node.value if isinstance(node, syntax.Integer) else None


def as_period(node: syntax.Expression) -> Value:
    return node if isinstance(node, syntax.Call) and node.name.lower() == "interval" else None


def _switch(node: syntax.Expression) -> Value:
    """YDB asks for a word, and says Interval where it is another one."""
    if not isinstance(node, syntax.String | syntax.Bool | syntax.Integer):
        raise unsupported("this value of TOPIC_AUTO_PARTITIONING", node.position)
    word = as_text(node)
    return word.upper() if isinstance(word, str) and word.lower() in ("enabled", "disabled") else None


_CHANGEFEED_KINDS: dict[str, tuple[str, Callable]] = {
    "SINK_TYPE": ("String", as_text),
    "MODE": ("String", as_text),
    "FORMAT": ("String", as_text),
    "INITIAL_SCAN": ("Bool", as_bool),
    "USER_SIDS": ("Bool", as_bool),
    "VIRTUAL_TIMESTAMPS": ("Bool", as_bool),
    "BARRIERS_INTERVAL": ("Interval", as_period),
    "RESOLVED_TIMESTAMPS": ("Interval", as_period),
    "SCHEMA_CHANGES": ("Bool", as_bool),
    "RETENTION_PERIOD": ("Interval", as_period),
    "TOPIC_AUTO_PARTITIONING": ("Interval", _switch),
    "TOPIC_MIN_ACTIVE_PARTITIONS": ("integer", as_number),
    "TOPIC_MAX_ACTIVE_PARTITIONS": ("integer", as_number),
    "AWS_REGION": ("String", as_text),
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
        if name in checked and checked[name] <= 0:
            raise refusal_at(f"{name.lower()} must be greater than 0", node.position)
    least, most = checked.get("TOPIC_MIN_ACTIVE_PARTITIONS", 1), checked.get("TOPIC_MAX_ACTIVE_PARTITIONS")
    if least > MAX_PARTITIONS or most is not None and not least <= most <= MAX_PARTITIONS:
        raise unsupported("these numbers of a topic's partitions", node.position)
    return pmap(checked)


_INNER_NAMES = {"BARRIERS_INTERVAL": "resolved_timestamps", "RETENTION_PERIOD": "retention_period"}
MAX_PARTITIONS = 20_000
"""Of one topic: MaxPQGroupPartitionsCount in ydb/core/tx/schemeshard/schemeshard_impl.h."""
