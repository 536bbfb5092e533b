"""Changefeeds."""

from __future__ import annotations

from ...errors import BAD_REQUEST, scheme_failure, unsupported
from ...plan import AddChangefeed, DropChangefeed
from ...releases import Line
from ...store.catalog import Changefeed
from ...store.database import Database, State
from .paths import altered_state, check_child, table_at, too_many_at_once, unresolved
from .settings import check_uniform

MAX_CHANGEFEEDS = 5
MAX_RETENTION = 31 * 24 * 3600 * 10**6


def add_changefeed(operation: AddChangefeed, database: Database) -> State:
    """The table with one more changefeed. Of a name that a changefeed has, YDB accepts it, whatever its settings, and
    changes nothing.

    Source: ALTER TABLE sets neither FailOnExist nor FailedOnAlreadyExists (BuildAlterTableModifyScheme in
    ydb/core/ydb_convert/table_description.cpp), so that the scheme shard's StatusAlreadyExists, which comes before its
    checks of limits and settings (…_create_cdc_stream.cpp), is a success (ydb/core/kqp/gateway/actors/scheme.h).
    """
    table, changefeed = table_at(database, operation.path), operation.changefeed
    if table.is_column:
        raise unsupported("changefeeds of a column table")
    if table.changefeed(changefeed.name) is not None:
        return database.state
    check_child(database, operation.path, changefeed.name, "EPathTypeCdcStream")
    if len(table.changefeeds) >= MAX_CHANGEFEEDS:
        raise too_many_at_once("cdc streams", MAX_CHANGEFEEDS, len(table.changefeeds) + 1)
    check_uniform(table, int(changefeed.settings.get("TOPIC_MIN_ACTIVE_PARTITIONS", 1)), BAD_REQUEST)
    _check_changefeed(changefeed, database.line)
    return altered_state(database, operation.path, changefeeds=(*table.changefeeds, changefeed))


_NOT_IN_DEBEZIUM = {
    "VIRTUAL_TIMESTAMPS": "VIRTUAL_TIMESTAMPS",
    "BARRIERS_INTERVAL": "RESOLVED_TIMESTAMPS",
    "SCHEMA_CHANGES": "SCHEMA_CHANGES",
}


def _check_changefeed(changefeed: Changefeed, line: Line) -> None:
    """Source: ydb/core/tx/schemeshard/schemeshard__operation_create_cdc_stream.cpp."""
    settings = changefeed.settings
    form, mode = settings["FORMAT"], settings["MODE"]
    if form in ("DYNAMODB_STREAMS_JSON", "DEBEZIUM_JSON") and mode == "UPDATES":
        raise scheme_failure(f"{form} format incompatible with specified stream mode", BAD_REQUEST)
    if form == "DYNAMODB_STREAMS_JSON":
        raise scheme_failure(f"{form} format incompatible with non-document table", BAD_REQUEST)
    if settings.get("AWS_REGION"):
        raise scheme_failure("AWS_REGION option incompatible with specified stream format", BAD_REQUEST)
    for name, said in _NOT_IN_DEBEZIUM.items():
        if form == "DEBEZIUM_JSON" and settings.get(name):
            raise scheme_failure(f"{said} incompatible with specified stream format", BAD_REQUEST)
    if settings.get("TOPIC_AUTO_PARTITIONING") == "ENABLED" and not line.has("EnableTopicAutopartitioningForCDC"):
        raise scheme_failure("Topic autopartitioning for CDC is disabled", BAD_REQUEST)
    check_retention(settings.get("RETENTION_PERIOD"))


def check_retention(retention: int | None) -> None:
    """Source: CreatePersQueueGroup in ydb/core/tx/schemeshard/schemeshard__operation_create_pq.cpp."""
    if retention is not None and not 0 < retention <= MAX_RETENTION:
        said = f"specified: {retention // 10**6}s, min: 1s, max: {MAX_RETENTION // 10**6}s"
        raise scheme_failure(f"Invalid retention period: {said}", BAD_REQUEST)


def drop_changefeed(operation: DropChangefeed, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.changefeed(operation.name) is None:
        raise unresolved(database, f"{operation.path}/{operation.name}")
    kept = tuple(changefeed for changefeed in table.changefeeds if changefeed.name != operation.name)
    return altered_state(database, operation.path, changefeeds=kept)
