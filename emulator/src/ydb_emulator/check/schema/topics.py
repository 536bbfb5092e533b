"""CREATE, ALTER and DROP TOPIC.

Source of the settings: yql/essentials/sql/v1/sql_ddl_topic.cpp, TopicsDDL in yql/essentials/sql/v1/sql_ut_common.h; of
their values: ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (CheckTopicSettings, CheckConsumerSettings),
yql_kikimr_exec.cpp (AddTopicSettingsToRequest), yql_kikimr_gateway.cpp (GetTopicCodecsFromString).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyrsistent import PMap, pmap

from ...errors import SCHEME_ERROR, Issue, Position, YdbError, refusal, refusal_at, unsupported
from ...plan import AlterTopic, CreateTopic, DropTopic, Operation
from ...store.catalog import Consumer, Table, Topic
from ...types import DATETIME, TIMESTAMP, Value
from ...yql import syntax
from ..context import Context
from ..dispatch import check
from ..scope import Scope
from .changefeeds import as_bool, as_number, as_period, as_text
from .settings import interval

_Test = Callable[[syntax.Expression], Value]
_AN_INTEGER, _A_STRING = "value should be an integer", "value should be string"
_AN_INTERVAL = "Literal of Interval type is expected for retention"

_SETTINGS: dict[str, tuple[str, _Test]] = {
    "MIN_ACTIVE_PARTITIONS": (_AN_INTEGER, as_number),
    "PARTITION_COUNT_LIMIT": (_AN_INTEGER, as_number),
    "MAX_ACTIVE_PARTITIONS": (_AN_INTEGER, as_number),
    "RETENTION_PERIOD": (_AN_INTERVAL, as_period),
    "RETENTION_STORAGE_MB": (_AN_INTEGER, as_number),
    "PARTITION_WRITE_SPEED_BYTES_PER_SECOND": (_AN_INTEGER, as_number),
    "PARTITION_WRITE_BURST_BYTES": (_AN_INTEGER, as_number),
    "METERING_MODE": (_A_STRING, as_text),
    "SUPPORTED_CODECS": (_A_STRING, as_text),
    "AUTO_PARTITIONING_STABILIZATION_WINDOW": (_AN_INTERVAL, as_period),
    "AUTO_PARTITIONING_UP_UTILIZATION_PERCENT": (_AN_INTEGER, as_number),
    "AUTO_PARTITIONING_DOWN_UTILIZATION_PERCENT": (_AN_INTEGER, as_number),
    "AUTO_PARTITIONING_STRATEGY": (_A_STRING, as_text),
}
_CONSUMER_SETTINGS: dict[str, tuple[str, _Test]] = {
    "IMPORTANT": ("value should be boolean", as_bool),
    "READ_FROM": ("", lambda node: node),
    "SUPPORTED_CODECS": ("value should be a string literal", as_text),
}
_OF_SOME_LINE = frozenset((
    "METRICS_LEVEL", "CONTENT_BASED_DEDUPLICATION", "AVAILABILITY_PERIOD", "TYPE", "KEEP_MESSAGES_ORDER",
    "DEFAULT_PROCESSING_TIMEOUT", "MAX_PROCESSING_ATTEMPTS", "DEAD_LETTER_POLICY", "DEAD_LETTER_QUEUE",
    "RECEIVE_MESSAGE_WAIT_TIME", "RECEIVE_MESSAGE_DELAY",
))  # fmt: skip
"""Settings of topics and consumers of which it is not known which lines have them."""
_CODECS = ("raw", "gzip", "lzop", "zstd", "custom")
_STRATEGIES = {
    "disabled": "disabled",
    "paused": "paused",
    "up": "scale_up",
    "scale_up": "scale_up",
    "up_and_down": "scale_up_and_down",
    "scale_up_and_down": "scale_up_and_down",
}
_MAX_NUMBER = 2**32 - 1


@dataclass(frozen=True)
class Written:
    """A setting as it stands in the text."""

    value: syntax.Expression
    position: Position


Read = dict[str, Written]


def check_topic(node: syntax.Topic, context: Context) -> Operation | None:
    """The operation of a statement about topics; None where IF EXISTS lets it do nothing."""
    settings, consumers = _read(node)
    path = context.path(node.topic)
    if node.action == "DROP":
        return DropTopic(path, node.if_exists)
    if node.reset:
        raise refusal_at("RESET is currently not supported for topic options", node.position)
    checked = _checked(settings, context)
    if node.action == "CREATE":
        made = tuple(Consumer(name, _checked_consumer(read, context)) for name, read in consumers["ADD"])
        return CreateTopic(path, Topic(checked, made), node.if_not_exists)
    return _alter(node, path, checked, consumers, context)


# --- before the topic is known -----------------------------------------------------------------------------------

Consumers = dict[str, list[tuple[str, Read]]]


def _read(node: syntax.Topic) -> tuple[Read, Consumers]:
    """The settings of a topic by name, and those of its consumers by what is done with them. Two ALTER CONSUMER of one
    name, in whatever case, are one."""
    consumers: Consumers = {"ADD": [], "ALTER": [], "DROP": []}
    for consumer in node.consumers:
        of_action = consumers[consumer.action]
        known = [read for name, read in of_action if name.lower() == consumer.name.lower()]
        read = known[0] if known and consumer.action == "ALTER" else {}
        if not (known and consumer.action == "ALTER"):
            of_action.append((consumer.name, read))
        _read_consumer(consumer, read)
    settings: Read = {}
    for setting in node.settings:
        name = setting.name.upper()
        if name in _OF_SOME_LINE:
            raise unsupported(f"the topic setting {name}", setting.position)
        if name not in _SETTINGS:
            raise refusal_at(f"unknown topic setting: {setting.name}", setting.position)
        written = _written(name, setting, *_SETTINGS[name])
        settings["MAX_ACTIVE_PARTITIONS" if name == "PARTITION_COUNT_LIMIT" else name] = written
    for reset in node.reset:
        if reset.upper() in _OF_SOME_LINE:
            raise unsupported(f"RESET of the topic setting {reset.upper()}", node.position)
        if reset.upper() not in _SETTINGS:
            raise refusal_at(f"unknown topic setting: {reset}", node.position)
    if node.action == "CREATE":
        names = [consumer.name for consumer in node.consumers]
        for number, consumer in enumerate(node.consumers):
            if consumer.name in names[:number]:
                raise refusal_at(f"Consumer {consumer.name} defined more than once", consumer.position)
    return settings, consumers


def _read_consumer(consumer: syntax.TopicConsumer, read: Read) -> None:
    for setting in consumer.settings:
        name = setting.name.upper()
        _check_option(name, setting.position, read, "CONSUMER")
        read[name] = _written(name, setting, *_CONSUMER_SETTINGS[name])
    for reset in consumer.reset:
        name = reset.upper()
        _check_option(name, consumer.position, read, "ALTER CONSUMER")
        if name == "IMPORTANT":
            raise refusal_at("IMPORTANT reset is not supported", consumer.position)
        raise unsupported(f"RESET of a consumer's {name}", consumer.position)


def _check_option(name: str, position: Position, read: Read, statement: str) -> None:
    if name in _OF_SOME_LINE:
        raise unsupported(f"the consumer's setting {name}", position)
    if name not in _CONSUMER_SETTINGS:
        raise refusal_at(f"{name}: unknown option for consumer", position)
    if name in read:
        raise refusal_at(f"{name} specified multiple times in {statement} statement for single consumer", position)


def _written(name: str, setting: syntax.Setting, words: str, test: _Test) -> Written:
    if isinstance(setting.value, syntax.Ttl) or test(setting.value) is None:
        raise refusal_at(words if words == _AN_INTERVAL else f"{name} {words}", setting.position)
    return Written(setting.value, setting.position)


# --- what the settings mean --------------------------------------------------------------------------------------


def _checked(settings: Read, context: Context) -> PMap[str, Value]:
    least, most = (settings.get(f"{which}_ACTIVE_PARTITIONS") for which in ("MIN", "MAX"))
    if least is not None and most is not None and 0 < as_number(most.value) < as_number(least.value):
        raise refusal_at("max_partitions cannot be less than min_partitions", most.position)
    return pmap({name: _meaning(name, setting, context) for name, setting in settings.items()})


def _meaning(name: str, setting: Written, context: Context) -> Value:
    """The value of a topic's setting. What YDB's own check of it comes to on each line is not known of the others."""
    found = _SETTINGS[name][1](setting.value)
    match name:
        case "RETENTION_PERIOD" | "AUTO_PARTITIONING_STABILIZATION_WINDOW":
            period = interval(setting.value, context) // 10**6 * 10**6
            if period >= 0:
                return period
        case "SUPPORTED_CODECS" if codecs := _codecs(found):
            return codecs
        case "AUTO_PARTITIONING_STRATEGY":
            word = found.lower().removeprefix("auto_partitioning_strategy_")
            if word in _STRATEGIES:
                return _STRATEGIES[word]
        case _ if isinstance(found, int) and found <= _MAX_NUMBER:
            return found
    raise unsupported(f"this value of the topic setting {name}", setting.position)


def _codecs(text: str) -> tuple[str, ...]:
    """The codecs that a text lists, `()` where one is none."""
    names = tuple(part.strip().lower().removeprefix("codec_") for part in text.split(",") if part)
    return names if all(name in _CODECS for name in names) else ()


def _checked_consumer(read: Read, context: Context) -> PMap[str, Value]:
    checked: dict[str, Value] = {}
    for name, setting in read.items():
        match name, setting.value:
            case "IMPORTANT", value:
                checked[name] = as_bool(value)
            case "SUPPORTED_CODECS", value:
                text = as_text(value)
                checked[name] = _codecs(text)
                if not checked[name]:
                    raise refusal_at(f"unknown codec found or codecs list is malformed : {text}", setting.position)
            case _, syntax.Integer(number):
                checked[name] = number
            case _, value:
                moment = check(value, Scope(context))
                if not isinstance(value, syntax.Call) or moment.type not in (DATETIME, TIMESTAMP):
                    raise unsupported("this value of READ_FROM", setting.position)
                checked[name] = moment.evaluate(()) // (10**6 if moment.type == TIMESTAMP else 1)
    return pmap(checked)


# --- ALTER TOPIC -------------------------------------------------------------------------------------------------


def _alter(
    node: syntax.Topic, path: str, settings: PMap[str, Value], consumers: Consumers, context: Context
) -> AlterTopic | None:
    """Source of the texts: HandleAlterTopic in yql_kikimr_type_ann.cpp; DescribeTopics in
    ydb/core/persqueue/public/describer/describer.cpp, which is asked before the scheme shard is."""
    named = [name for of_action in ("ADD", "ALTER", "DROP") for name, _ in consumers[of_action]]
    checked = {
        action: tuple((name, _checked_consumer(read, context)) for name, read in consumers[action])
        for action in ("ADD", "ALTER")
    }
    for number, name in enumerate(named):
        if name in named[:number]:
            raise refusal_at(f"consumer '{name}' referenced more than once", node.position)
    owner, _, name = path.rpartition("/")
    entry, table = context.catalog.get(path), context.catalog.get(owner)
    changefeed = ""
    if isinstance(table, Table):
        if not table.changefeed(name):
            raise unsupported("ALTER TOPIC of what a table holds and is no changefeed", node.position)
        path, changefeed = owner, name
    elif entry is None:
        if node.if_exists:
            return None
        absolute = context.absolute(path)
        raise _not_described(f"You do not have access permissions or the '{absolute}' does not exist")
    elif not isinstance(entry, Topic):
        raise _not_described(f"The '{context.absolute(path)}' path is not a topic")
    added = tuple(Consumer(*consumer) for consumer in checked["ADD"])
    return AlterTopic(path, changefeed, settings, added, checked["ALTER"], tuple(name for name, _ in consumers["DROP"]))


def _not_described(message: str) -> YdbError:
    return refusal(Issue(message, SCHEME_ERROR))
