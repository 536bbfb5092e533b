"""What a YDB holds, kept in a file: `alembic-ydb snapshot URL` writes it, a check starts from it.

Only reads are sent: the directories, SHOW CREATE of each table and view, the description of each table, some rows of
each table, all rows of Alembic's own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import ydb
from alembic.util import CommandError
from ydb import _apis, issues

from .record import Size

FORM = 2
VERSION_TABLE = "alembic_version"
TIMEOUT = 10
"""Seconds in which a YDB has to answer first."""


class SnapshotError(CommandError):
    """A snapshot that cannot be read or written. Its text is the whole message."""


@dataclass(frozen=True)
class Entry:
    """A table or view by its path: the text of SHOW CREATE, or of a table a DescribeTableResult.

    `rows` is a ResultSet. Both messages of YDB's protocol are in base64, and empty where there is none. A description
    has no changefeeds and no partitions. `size` is none where YDB has not counted yet.
    """

    path: str
    text: str = ""
    description: str = ""
    rows: str = ""
    size: Size | None = None


@dataclass(frozen=True)
class Snapshot:
    """The tables of a database, and then its views. `form` is the version of the file's form."""

    database: str
    entries: tuple[Entry, ...] = ()
    form: int = FORM

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")


def load(file: Path) -> Snapshot:
    """Raises SnapshotError for a file that is none, or of another form."""
    try:
        read: dict[str, Any] = json.loads(file.read_text())
        form = read["form"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SnapshotError(f"{file} is no snapshot: write one with `alembic-ydb snapshot URL`") from None
    if form != FORM:
        raise SnapshotError(f"{file} is a snapshot of another version ({form}): write it anew")
    try:
        return Snapshot("/" + read["database"].strip("/"), tuple(map(_entry, read["entries"])))
    except (AttributeError, KeyError, TypeError):
        raise SnapshotError(f"{file} is a snapshot with a part missing or changed: write it anew") from None


def _entry(read: dict[str, Any]) -> Entry:
    """Raises AttributeError, KeyError and TypeError for what `write` does not write."""
    size = read["size"]
    texts = {name: value for name, value in read.items() if name != "size"}
    if not all(isinstance(value, str) for value in texts.values()):
        raise TypeError
    return Entry(**texts, size=Size(int(size["rows"]), int(size["bytes"])) if size else None)


def take(url: str, credentials: ydb.Credentials, rows: int = 0) -> Snapshot:
    """Read a YDB. In: its URL for SQLAlchemy, how to log in, how many rows of each table to keep.

    Raises SnapshotError for a URL that cannot be read, and where YDB does not answer.
    """
    endpoint, database = _address(url)
    config = ydb.DriverConfig(endpoint, database, credentials=credentials, discovery_request_timeout=TIMEOUT)
    with ydb.Driver(config) as driver:
        try:
            driver.wait(TIMEOUT, fail_fast=True)
        except Exception as error:
            raise SnapshotError(f"YDB does not answer at {endpoint}: {type(error).__name__}") from None
        try:
            return _read(driver, database, rows)
        except ydb.Error as error:
            raise SnapshotError(f"YDB refuses to be read: {error}") from None


def _address(url: str) -> tuple[str, str]:
    form = "yql+ydb://host:port/database"
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number may be a part of the password
        raise SnapshotError(f"this is no URL: use {form}") from None
    if not parsed.drivername.startswith("yql") or not parsed.host or not parsed.port or not parsed.database:
        raise SnapshotError(f"this is no URL of a YDB: use {form}")
    protocol = parsed.query.get("protocol", "grpc")
    return f"{protocol}://{parsed.host}:{parsed.port}", "/" + parsed.database.strip("/")


def _read(driver: ydb.Driver, database: str, rows: int) -> Snapshot:
    entries = []
    with ydb.QuerySessionPool(driver, size=1) as pool:
        for path, is_view in sorted(_paths(driver, database, ""), key=lambda found: found[1]):
            text = _show_create(pool, path, "VIEW" if is_view else "TABLE")
            if is_view and not text:
                raise SnapshotError(f"the view {path} cannot be read: this YDB has no SHOW CREATE VIEW")
            described = None if is_view else _described(driver, f"{database}/{path}")
            description = "" if text or described is None else base64.b64encode(described.SerializeToString()).decode()
            version = "" if described is None else _version(driver, pool, path, described)
            kept = version or ("" if is_view or not rows else _rows(driver, pool, path, f"LIMIT {rows}"))
            size = None if is_view or version else _size(driver, f"{database}/{path}")
            entries.append(Entry(path, text, description, kept, size))
    return Snapshot(database, tuple(entries))


def _paths(driver: ydb.Driver, database: str, folder: str) -> Iterator[tuple[str, bool]]:
    """Every table and view, and whether it is a view. What begins with a dot is YDB's own."""
    for child in driver.scheme_client.list_directory(f"{database}/{folder}".rstrip("/")).children:
        path = f"{folder}/{child.name}".strip("/")
        if child.name.startswith("."):
            continue
        if child.is_directory():
            yield from _paths(driver, database, path)
        elif child.is_any_table() or child.is_view():
            yield path, child.is_view()


def _show_create(pool: ydb.QuerySessionPool, path: str, kind: str) -> str:
    """The text, empty where this release line has no SHOW CREATE, or does not print what the table has."""
    try:
        sets = pool.execute_with_retries(f"SHOW CREATE {kind} `{path}`")
    except (ydb.GenericError, ydb.SchemeError, ydb.Unsupported, ydb.BadRequest):
        return ""
    return str(sets[0].rows[0]["CreateQuery"])


def _size(driver: Any, path: str) -> Size | None:
    """Source: FillTableStats in ydb/core/ydb_convert/table_description.cpp. What was never counted is 0 there."""
    try:
        stats = _described(driver, path, include_table_stats=True).table_stats
    except ydb.Unsupported:  # as the emulator says
        return None
    return Size(stats.rows_estimate, stats.store_size) if stats.rows_estimate else None


def _version(driver: ydb.Driver, pool: ydb.QuerySessionPool, path: str, described: Any) -> str:
    """The rows of Alembic's own table, without which a check does not know what is pending; nothing of another one.

    The dialect makes it: env.py may give it another name, but has no say in its columns, and its only row has no `id`.
    """
    if path.rpartition("/")[2] == VERSION_TABLE:
        return _rows(driver, pool, path)
    types = {column.name: column.type.type_id for column in described.columns}
    if types.keys() != {"version_num", "id"} or list(described.primary_key) != ["id"]:
        return ""
    return _rows(driver, pool, path, "WHERE id IS NULL") if types["version_num"] == _apis.ydb_value.Type.UTF8 else ""


def _described(driver: Any, path: str, **wishes: bool) -> Any:
    """The answer as it came: what the SDK makes of it leaves out whether an index is unique."""

    def describe(session: ydb.Session) -> Any:
        request = _apis.ydb_table.DescribeTableRequest(session_id=session.session_id, path=path, **wishes)
        return driver(request, _apis.TableService.Stub, _apis.TableService.DescribeTable)

    with ydb.SessionPool(driver, size=1) as pool:
        response = pool.retry_operation_sync(describe)
    issues._process_response(response.operation)
    message = _apis.ydb_table.DescribeTableResult()
    response.operation.result.Unpack(message)
    return message


def _rows(driver: ydb.Driver, pool: ydb.QuerySessionPool, path: str, which: str = "") -> str:
    """Rows of a table, all of them or those that a condition or a limit leaves; empty where there are none."""
    content = _apis.ydb_query.QueryContent(text=f"SELECT * FROM `{path}` {which}")
    snapshot = _apis.ydb_query.TransactionSettings(snapshot_read_only=_apis.ydb_query.SnapshotModeSettings())
    control = _apis.ydb_query.TransactionControl(begin_tx=snapshot, commit_tx=True)

    def read(session: ydb.QuerySession) -> Any:
        found = _apis.ydb_value.ResultSet()
        request = _apis.ydb_query.ExecuteQueryRequest(
            session_id=session.session_id,
            query_content=content,
            tx_control=control,
            exec_mode=_apis.ydb_query.EXEC_MODE_EXECUTE,
        )
        for part in driver(request, _apis.QueryService.Stub, _apis.QueryService.ExecuteQuery):
            issues._process_response(part)
            if not found.columns:
                found.columns.extend(part.result_set.columns)
            found.rows.extend(part.result_set.rows)
        return found

    found = pool.retry_operation_sync(read)
    return base64.b64encode(found.SerializeToString()).decode() if found.rows else ""
