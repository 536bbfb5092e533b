"""A snapshot brought to an emulator, before the revisions run."""

from __future__ import annotations

import base64
import re
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from ydb import _apis

from ydb_emulator import Emulator
from ydb_emulator.errors import Status

from ..yql import split
from .contents import sizes
from .snapshot import Entry, Snapshot, SnapshotError

_KEPT = ("primary_key", "ttl_settings", "partitioning_settings", "key_bloom_filter", "read_replicas_settings")
"""The fields that a description and a CreateTableRequest share, but for columns and indexes."""


def restore(snapshot: Snapshot, emulator: Emulator) -> None:
    """Make every table and view, and write the rows. Raises SnapshotError where the emulator cannot hold one."""
    sizes[emulator] = {entry.path: entry.size for entry in snapshot.entries if entry.size}
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        queries, tables = _apis.QueryService.Stub(channel), _apis.TableService.Stub(channel)

        def make(entry: Entry) -> None:
            if entry.text:
                for text in _statements(entry, _moved(entry.text, snapshot.database, emulator.database.path)):
                    _execute(queries, entry, _apis.ydb_query.ExecuteQueryRequest(), text)
            else:
                _create(tables, entry, f"{emulator.database.path}/{entry.path}")
            if entry.rows:
                _fill(queries, entry)

        waiting: list[Entry] = [*snapshot.entries]
        first: dict[str, SnapshotError] = {}  # of each entry, why it was refused first
        while waiting:
            refused = []
            for entry in waiting:
                try:
                    make(entry)
                except SnapshotError as error:  # a view of another view that comes later
                    first.setdefault(entry.path, error)
                    refused.append(entry)
            if refused == waiting:
                raise _cause([first[entry.path] for entry in refused], refused)
            waiting = refused


def _cause(errors: list[SnapshotError], refused: list[Entry]) -> SnapshotError:
    """The refusal that does not come of another one, as that of a view does whose table is missing."""
    missing = [f"/{entry.path}]" for entry in refused]
    return next((error for error in errors if not any(path in str(error) for path in missing)), errors[0])


def _statements(entry: Entry, text: str) -> list[str]:
    """Those of a text of SHOW CREATE: a changefeed has one of its own, which wants the table."""
    try:
        return [statement.request for statement in split(text)]
    except ValueError as error:
        raise SnapshotError(f"the emulator cannot hold {entry.path} of the snapshot: {error}") from None


def _moved(text: str, before: str, now: str) -> str:
    """A text of SHOW CREATE for a database with another path: it has paths of sequences, and a prefix, as a whole."""
    return re.sub(
        rf"(`|PRAGMA TablePathPrefix = ['\"]){re.escape(before)}(?=[/`'\"])", lambda found: found[1] + now, text
    )


def _message(kind: Any, entry: Entry, text: str) -> Any:
    try:
        return kind.FromString(base64.b64decode(text, validate=True))
    except (ValueError, DecodeError):
        raise SnapshotError(f"the snapshot is damaged at {entry.path}: write it anew") from None


def _refuse(entry: Entry, response: Any) -> None:
    if response.status != Status.SUCCESS:
        words = [word for issue in response.issues for word in _words(issue)]
        raise SnapshotError(f"the emulator cannot hold {entry.path} of the snapshot: {'; '.join(words)}")


def _words(issue: Any) -> list[str]:
    """The innermost messages, which say what is wrong."""
    return [word for inner in issue.issues for word in _words(inner)] or [issue.message]


def _execute(queries: Any, entry: Entry, request: Any, text: str) -> None:
    request.query_content.text = text
    request.exec_mode = _apis.ydb_query.EXEC_MODE_EXECUTE
    for part in queries.ExecuteQuery(request):
        _refuse(entry, part)


def _create(tables: Any, entry: Entry, path: str) -> None:
    """Of a Serial column the sequence is left out: a description does not tell where it stands."""
    described = _message(_apis.ydb_table.DescribeTableResult, entry, entry.description)
    request = _apis.ydb_table.CreateTableRequest(path=path)
    for column in described.columns:
        column.ClearField("from_sequence")
        request.columns.append(column)
    for index in described.indexes:
        made = request.indexes.add(name=index.name)
        made.index_columns.extend(index.index_columns)
        made.data_columns.extend(index.data_columns)
        getattr(made, index.WhichOneof("type") or "global_index").SetInParent()
    for name in _KEPT:
        field = described.DESCRIPTOR.fields_by_name[name]
        if field.is_repeated:
            getattr(request, name).extend(getattr(described, name))
        elif field.message_type and described.HasField(name):
            getattr(request, name).CopyFrom(getattr(described, name))
        elif not field.message_type:
            setattr(request, name, getattr(described, name))
    if described.store_type == _apis.ydb_table.STORE_TYPE_COLUMN:
        request.store_type = described.store_type
    _refuse(entry, tables.CreateTable(request).operation)


def _fill(queries: Any, entry: Entry) -> None:
    kept = _message(_apis.ydb_value.ResultSet, entry, entry.rows)
    if not kept.rows:
        return
    request = _apis.ydb_query.ExecuteQueryRequest()
    rows = request.parameters["$rows"]
    for column in kept.columns:
        rows.type.list_type.item.struct_type.members.add(name=column.name, type=column.type)
    for row in kept.rows:
        rows.value.items.add().items.extend(row.items)
    request.tx_control.begin_tx.serializable_read_write.SetInParent()
    request.tx_control.commit_tx = True
    _execute(queries, entry, request, f"UPSERT INTO `{entry.path}` SELECT * FROM AS_TABLE($rows)")
