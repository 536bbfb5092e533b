"""Topics made, altered and dropped, and the topics of changefeeds altered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pyrsistent import PMap

from ...errors import BAD_REQUEST, Issue, refusal, scheme_failure, unsupported
from ...plan import AlterTopic, CreateTopic, DropTopic
from ...store.catalog import Consumer, Table, Topic, children_of, parent
from ...store.database import Database, State
from ...types import Value
from .changefeeds import check_retention
from .paths import DROPPED_BEFORE, is_free, kind_of, path_conflict, path_does_not_exist, table_at

MAX_PARTITIONS = 20_000
"""MaxPQGroupPartitionsCount in ydb/core/tx/schemeshard/schemeshard_impl.h."""
_MAX_SPEED, _MAX_BURST = 50 * 2**20, 2**20
"""Bytes a second that each partition takes, and at once beside twice its speed."""


def create_topic(operation: CreateTopic, database: Database) -> State:
    """In a directory that is there: unlike a table's, those above are not made.

    Source: CreateTopic in ydb/core/kqp/host/kqp_gateway_proxy.cpp (SplitTablePath without createDir);
    ydb/core/tx/schemeshard/schemeshard__operation_create_pq.cpp.
    """
    state, above = database.state, parent(operation.path)
    if above not in state.catalog:
        raise path_does_not_exist()
    if not is_free(database, operation.path, Topic, operation.if_not_exists):
        return state
    _check_whole(operation.topic)
    partitions = operation.topic.settings.get("MIN_ACTIVE_PARTITIONS", 1)
    if partitions > MAX_PARTITIONS:
        raise scheme_failure(f"Invalid total partition count specified: {partitions}", BAD_REQUEST)
    check_retention(operation.topic.settings.get("RETENTION_PERIOD"))
    return State(state.catalog.set(operation.path, operation.topic), state.rows)


def drop_topic(operation: DropTopic, database: Database) -> State:
    """Source: ydb/core/tx/schemeshard/schemeshard__operation_drop_pq.cpp."""
    state = database.state
    above, _, name = operation.path.rpartition("/")
    table = state.catalog.get(above)
    held = children_of(table).get(name) if isinstance(table, Table) else None
    entry = state.catalog.get(operation.path)
    if held is not None:
        raise path_conflict(database, operation.path, "path is not a topic", held)
    if entry is None and operation.if_exists:
        return state
    if entry is None:
        raise path_does_not_exist()
    if not isinstance(entry, Topic):
        raise path_conflict(database, operation.path, "path is not a topic", kind_of(entry))
    return State(state.catalog.discard(operation.path), state.rows)


def alter_topic(operation: AlterTopic, database: Database) -> State:
    if operation.changefeed:
        return _alter_changefeed(operation, database)
    state, topic = database.state, database.state.catalog.get(operation.path)
    if not isinstance(topic, Topic):
        raise unsupported(DROPPED_BEFORE)
    altered = Topic(topic.settings.update(operation.settings), _consumers(topic.consumers, operation))
    _check_whole(altered)
    _check_partitions(topic.settings, altered.settings)
    if "RETENTION_PERIOD" in operation.settings:
        check_retention(operation.settings["RETENTION_PERIOD"])
    return State(state.catalog.set(operation.path, altered), state.rows)


def _check_whole(topic: Topic) -> None:
    """Refuse in the emulator's own name what YDB has words against: CREATE TOPIC takes no notice of them in the source
    that is there (CreateTopic in ydb/core/kqp/host/kqp_gateway_proxy.cpp), and makes another topic than it was told.

    Source of what is right: ydb/services/lib/actors/pq_schema_actor.cpp.
    """
    settings = topic.settings
    if "METERING_MODE" in settings:
        raise unsupported("METERING_MODE of a topic")
    if settings.get("RETENTION_PERIOD") == 0:
        raise unsupported("a topic that keeps nothing")
    speed = settings.get("PARTITION_WRITE_SPEED_BYTES_PER_SECOND") or 2**20
    if speed > _MAX_SPEED or settings.get("PARTITION_WRITE_BURST_BYTES", 0) > max(2 * speed, _MAX_BURST):
        raise unsupported("a topic that is written so fast")
    percents = [settings.get(f"AUTO_PARTITIONING_{way}_UTILIZATION_PERCENT", 0) for way in ("UP", "DOWN")]
    if settings.get("AUTO_PARTITIONING_STRATEGY", "disabled") != "disabled":
        if max(percents) > 100 or settings.get("RETENTION_STORAGE_MB"):
            raise unsupported("a topic that parts itself so")
    codecs = set(settings.get("SUPPORTED_CODECS", ()))
    for consumer in topic.consumers:
        if {"/", "|"} & set(consumer.name):
            raise unsupported("such a name of a consumer")
        own = set(consumer.settings.get("SUPPORTED_CODECS", ()))
        if own and codecs - own:
            raise unsupported("a consumer that lacks a codec of its topic")


_PARTING = ("MAX_ACTIVE_PARTITIONS", *(f"AUTO_PARTITIONING_{what}" for what in (
    "STRATEGY", "STABILIZATION_WINDOW", "UP_UTILIZATION_PERCENT", "DOWN_UTILIZATION_PERCENT",
)))  # fmt: skip


def _check_partitions(before: PMap[str, Value], after: PMap[str, Value]) -> None:
    """What becomes of partitions that are to be fewer is not known, nor of those of a topic that parts itself."""
    old, new = (settings.get("MIN_ACTIVE_PARTITIONS") or 1 for settings in (before, after))
    strategies = {settings.get("AUTO_PARTITIONING_STRATEGY", "disabled") for settings in (before, after)}
    is_changed = old != new or any(before.get(name) != after.get(name) for name in _PARTING)
    if new > MAX_PARTITIONS or new < old or strategies != {"disabled"} and is_changed:
        raise unsupported("such a change of a topic's partitions")


def _alter_changefeed(operation: AlterTopic, database: Database) -> State:
    table = table_at(database, operation.path)
    changefeed = table.changefeed(operation.changefeed)
    if changefeed is None:
        raise unsupported(DROPPED_BEFORE)
    if other := operation.settings.keys() - {"RETENTION_PERIOD"}:
        raise unsupported(f"the setting {min(other)} of a changefeed's topic")
    consumers = _consumers(changefeed.consumers, operation)
    if "RETENTION_PERIOD" in operation.settings:
        check_retention(operation.settings["RETENTION_PERIOD"])
    changed = replace(changefeed, settings=changefeed.settings.update(operation.settings), consumers=consumers)
    changefeeds = tuple(changed if one is changefeed else one for one in table.changefeeds)
    state = database.state
    # The table itself does not change: its schema version stays.
    return State(state.catalog.set(operation.path, replace(table, changefeeds=changefeeds)), state.rows)


def _consumers(known: Iterable[Consumer], operation: AlterTopic) -> tuple[Consumer, ...]:
    """The consumers of a topic after an ALTER. A status that has no code in the gateway is GENERIC_ERROR.

    Source: FillProposeRequestImpl of AlterTopicRequest in ydb/services/lib/actors/pq_schema_actor.cpp;
    YqlStatusFromYdbStatus in ydb/core/kqp/provider/yql_kikimr_gateway.cpp.
    """
    consumers = {consumer.name: consumer for consumer in known}
    if not consumers.keys() >= set(operation.drop_consumers):
        raise refusal(Issue("some consumers in drop_consumers are missing already"))
    kept = [consumer for name, consumer in consumers.items() if name not in operation.drop_consumers]
    made = [*kept, *operation.add_consumers]
    for name, settings in operation.alter_consumers:
        found = next((number for number, consumer in enumerate(made) if consumer.name == name), None)
        if found is None:
            raise refusal(Issue(f"consumer '{name}' in alter_consumers is missing"))
        made[found] = Consumer(name, made[found].settings.update(settings))
    names = [consumer.name for consumer in made]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise refusal(Issue(f"Duplicate consumer name {name}"))
    return tuple(made)
