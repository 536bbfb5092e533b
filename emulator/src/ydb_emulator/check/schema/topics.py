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

_Test = Callable[[syntax.Expression], Value]
_AN_INTEGER, _A_STRING = "value should be an integer", "value should be string"
_AN_INTERVAL = "Literal of Interval type is expected for retention"

_TOPIC_SETTINGS: dict[str, tuple[str, _Test]] = {
    "MIN_ACTIVE_PARTITIONS": (_AN_INTEGER, _number),
    "PARTITION_COUNT_LIMIT": (_AN_INTEGER, _number),
    "MAX_ACTIVE_PARTITIONS": (_AN_INTEGER, _number),
    "RETENTION_PERIOD": (_AN_INTERVAL, _period),
    "RETENTION_STORAGE_MB": (_AN_INTEGER, _number),
    "PARTITION_WRITE_SPEED_BYTES_PER_SECOND": (_AN_INTEGER, _number),
    "PARTITION_WRITE_BURST_BYTES": (_AN_INTEGER, _number),
    "METERING_MODE": (_A_STRING, _text),
    "SUPPORTED_CODECS": (_A_STRING, _text),
    "AUTO_PARTITIONING_STABILIZATION_WINDOW": (_AN_INTERVAL, _period),
    "AUTO_PARTITIONING_UP_UTILIZATION_PERCENT": (_AN_INTEGER, _number),
    "AUTO_PARTITIONING_DOWN_UTILIZATION_PERCENT": (_AN_INTEGER, _number),
    "AUTO_PARTITIONING_STRATEGY": (_A_STRING, _text),
}
_CONSUMER_SETTINGS: dict[str, tuple[str, _Test]] = {
    "IMPORTANT": ("value should be boolean", _bool),
    "READ_FROM": ("", lambda node: node),
    "SUPPORTED_CODECS": ("value should be a string literal", _text),
}
_OF_SOME_LINE = frozenset((
    "METRICS_LEVEL", "CONTENT_BASED_DEDUPLICATION", "AVAILABILITY_PERIOD", "TYPE", "KEEP_MESSAGES_ORDER",
    "DEFAULT_PROCESSING_TIMEOUT", "MAX_PROCESSING_ATTEMPTS", "DEAD_LETTER_POLICY", "DEAD_LETTER_QUEUE",
    "RECEIVE_MESSAGE_WAIT_TIME", "RECEIVE_MESSAGE_DELAY",
))  # fmt: skip
"""Settings of topics and consumers of which it is not known which lines have them."""


def _read_topic(node: syntax.Topic) -> None:
    """What the translator says of a topic's settings, before it knows the topic.

    Source: StoreTopicSettingsEntry and StoreConsumerSettingsEntry in yql/essentials/sql/v1/sql_ddl_topic.cpp.
    """
    for consumer in node.consumers:
        seen = set()
        for setting in consumer.settings:
            name = setting.name.upper()
            if name in _OF_SOME_LINE:
                raise unsupported(f"the consumer's setting {name}", setting.position)
            if name not in _CONSUMER_SETTINGS:
                raise refusal_at(f"{name}: unknown option for consumer", setting.position)
            if name in seen:
                message = f"{name} specified multiple times in CONSUMER statement for single consumer"
                raise refusal_at(message, setting.position)
            seen.add(name)
            _check_kind(name, setting, *_CONSUMER_SETTINGS[name])
    for setting in node.settings:
        name = setting.name.upper()
        if name in _OF_SOME_LINE:
            raise unsupported(f"the topic setting {name}", setting.position)
        if name not in _TOPIC_SETTINGS:
            raise refusal_at(f"unknown topic setting: {setting.name}", setting.position)
        _check_kind(name, setting, *_TOPIC_SETTINGS[name])
    for reset in node.reset:
        if reset.upper() not in _TOPIC_SETTINGS and reset.upper() not in _OF_SOME_LINE:
            raise refusal_at(f"unknown topic setting: {reset}", node.position)


def _check_kind(name: str, setting: syntax.Setting, words: str, test: _Test) -> None:
    if isinstance(setting.value, syntax.Ttl) or test(setting.value) is None:
        raise refusal_at(words if words == _AN_INTERVAL else f"{name} {words}", setting.position)


def alter_topic(node: syntax.Topic, context: Context) -> AlterTopic:
    """ALTER TOPIC of a changefeed: its retention and consumers.

    Source of the texts: CheckTopicSettings and HandleAlterTopic in ydb/core/kqp/provider/yql_kikimr_type_ann.cpp.
    """
    _read_topic(node)
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
