"""What a database holds, as text: what a tool printed is not yet what is true."""

import datetime
from collections.abc import Iterator
from typing import Any

import ydb
from ydb._grpc.common import ydb_table_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_table_pb2

from .engine import Engine, connect

TABLES = {ydb.SchemeEntryType.TABLE: "table", ydb.SchemeEntryType.COLUMN_TABLE: "column table"}
INDEXES = {
    "global_index": "global sync",
    "global_async_index": "global async",
    "global_unique_index": "global unique sync",
}
ALWAYS = {"min_partitions_count": 1}  # settings that every table reports


def dump(engine: Engine) -> str:
    """Everything in an engine's directory: directories, tables with columns, keys, indexes and rows."""
    with connect(engine) as driver, ydb.QuerySessionPool(driver) as pool:
        return dump_directory(driver, pool, engine)


def dump_directory(driver: ydb.Driver, pool: ydb.QuerySessionPool, engine: Engine) -> str:
    """As `dump`, on a driver that is connected. The order does not depend on history."""
    session = driver.table_client.session().create()
    try:
        return "\n".join(_entries(driver, session.session_id, pool, engine.directory, ""))
    finally:
        session.delete()


def _entries(driver: ydb.Driver, session: str, pool: ydb.QuerySessionPool, root: str, folder: str) -> Iterator[str]:
    children = driver.scheme_client.list_directory(f"{root}/{folder}".rstrip("/")).children
    for child in sorted(children, key=lambda child: child.name):
        path = folder + child.name
        if child.name.startswith("."):
            continue
        if child.is_directory():
            yield f"directory {path}\n"
            yield from _entries(driver, session, pool, root, path + "/")
        elif child.type in TABLES:
            table = _describe(driver, session, f"{root}/{path}")
            yield (
                "\n  ".join([f"{TABLES[child.type]} {path}", *_schema(table), *_rows(pool, table, f"{root}/{path}")])
                + "\n"
            )
        else:
            yield f"{child.type.name.lower().replace('_', ' ')} {path}\n"


def _describe(driver: ydb.Driver, session: str, path: str) -> ydb_table_pb2.DescribeTableResult:
    """The server's own description of a table: the SDK's objects leave out defaults and changefeeds."""

    def unpack(_: object, response: Any) -> ydb_table_pb2.DescribeTableResult:
        ydb.issues._process_response(response.operation)
        result = ydb_table_pb2.DescribeTableResult()
        response.operation.result.Unpack(result)
        return result

    request = ydb_table_pb2.DescribeTableRequest(session_id=session, path=path)
    return driver(request, ydb_table_v1_pb2_grpc.TableServiceStub, "DescribeTable", unpack)


def _schema(table: ydb_table_pb2.DescribeTableResult) -> Iterator[str]:
    for column in table.columns:
        yield _column(column)
    yield f"primary key ({', '.join(table.primary_key)})"
    for index in sorted(table.indexes, key=lambda index: index.name):
        cover = f" cover ({', '.join(index.data_columns)})" if index.data_columns else ""
        kind = INDEXES.get(index.WhichOneof("type"), index.WhichOneof("type"))
        building = "" if index.status == index.STATUS_READY else " (not ready)"
        yield f"index {index.name} {kind} on ({', '.join(index.index_columns)}){cover}{building}"
    for feed in sorted(table.changefeeds, key=lambda feed: feed.name):
        mode, form = _enum(feed, "mode"), _enum(feed, "format")
        yield f"changefeed {feed.name} mode {mode} format {form}"
    if table.HasField("ttl_settings"):
        yield "ttl " + _message(table.ttl_settings)
    settings = table.partitioning_settings
    for name in ("min_partitions_count", "max_partitions_count"):
        if (value := getattr(settings, name)) not in (0, ALWAYS.get(name)):
            yield f"{name.replace('_', ' ')} {value}"


def _column(column: ydb_table_pb2.ColumnMeta) -> str:
    kind = column.type
    optional = kind.WhichOneof("type") == "optional_type"
    text = f"{column.name} {ydb.convert.type_to_native(kind.optional_type.item if optional else kind)}"
    text += "" if optional else " not null"
    if column.HasField("from_literal"):
        text += f" default {show(ydb.convert.to_native_value(column.from_literal))}"
    elif column.HasField("from_sequence"):
        text += " serial"
    return text + (f" family {column.family}" if column.family not in ("", "default") else "")


def _rows(pool: ydb.QuerySessionPool, table: ydb_table_pb2.DescribeTableResult, path: str) -> Iterator[str]:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    columns = ", ".join(f"`{column.name}`" for column in table.columns)
    for result in pool.execute_with_retries(f"SELECT {columns} FROM `{path}` ORDER BY {key}"):
        for row in result.rows:
            yield "row " + ", ".join(f"{column.name}={show(row[column.name])}" for column in table.columns)


def show(value: Any) -> str:
    """A value of a row, as text."""
    match value:
        case None:
            return "NULL"
        case datetime.datetime() | datetime.date():
            return value.isoformat()
        case str() | bytes():
            return repr(value)
    return str(value)


def _enum(message: Any, name: str) -> str:
    value = message.DESCRIPTOR.fields_by_name[name].enum_type.values_by_number[getattr(message, name)].name
    return value.removeprefix(name.upper() + "_").lower()


def _message(message: Any) -> str:
    return " ".join(str(message).replace("{", " ").replace("}", " ").split())
