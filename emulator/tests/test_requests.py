"""Requests of the table service that say without a statement what a statement can say too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import text_format
from google.protobuf.message import Message
from ydb._grpc.common import ydb_table_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_table_pb2 as pb

from ydb_emulator import Emulator
from ydb_emulator.errors import Status
from ydb_emulator.request import execute
from ydb_emulator.store.catalog import Table

KEY = 'columns { name: "k" type { optional_type { item { type_id: UINT64 } } } }'
VALUE = 'columns { name: "v" type { optional_type { item { type_id: UTF8 } } } }'
TABLE = f'path: "/local/t" {KEY} {VALUE} primary_key: "k"'
ROWS = """
    table: "/local/t"
    rows {
      type { list_type { item { struct_type {
        members { name: "v" type { optional_type { item { type_id: UTF8 } } } }
        members { name: "k" type { type_id: UINT64 } }
      } } } }
      value {
        items { items { text_value: "a" } items { uint64_value: 1 } }
        items { items { null_flag_value: NULL_VALUE } items { uint64_value: 2 } }
      }
    }
"""


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def stub(emulator: Emulator) -> Iterator[Any]:
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        yield ydb_table_v1_pb2_grpc.TableServiceStub(channel)


@pytest.fixture
def session_id(stub: Any) -> str:
    result = pb.CreateSessionResult()
    stub.CreateSession(pb.CreateSessionRequest()).operation.result.Unpack(result)
    return result.session_id


def ask(stub: Any, method: str, text: str) -> tuple[int, str]:
    """Send a request in protobuf's text format; the status, and the texts of the issues."""
    request: Message = text_format.Parse(text, getattr(pb, f"{method}Request")())
    operation = getattr(stub, method)(request).operation
    return operation.status, "; ".join(issue.message for issue in operation.issues)


def run(emulator: Emulator, text: str) -> list[tuple]:
    return [row for result in execute(emulator.database, text, {}) for row in result.rows]


def table(emulator: Emulator, path: str = "t") -> Table:
    found = emulator.database.state.catalog[path]
    assert isinstance(found, Table)
    return found


def unsupported(what: str) -> tuple[int, str]:
    return Status.UNSUPPORTED, f"The emulator does not support {what}"


# --- CreateTable -----------------------------------------------------------------------------------------------


def test_table_is_that_of_the_statement(emulator: Emulator, stub: Any) -> None:
    request = f"""
        path: "/local/folder/t" {KEY} {VALUE}
        columns {{ name: "d" type {{ decimal_type {{ precision: 22 scale: 9 }} }} }}
        columns {{ name: "at" type {{ optional_type {{ item {{ type_id: TIMESTAMP }} }} }} family: "cold" }}
        columns {{ name: "n" type {{ type_id: INT32 }} from_literal {{
          type {{ type_id: INT32 }} value {{ int32_value: 7 }} }} }}
        primary_key: "k"
        indexes {{ name: "by_v" index_columns: "v" data_columns: "d" global_async_index {{}} }}
        indexes {{ name: "by_n" index_columns: "n" }}
        column_families {{ name: "cold" data {{ media: "hdd" }} compression: COMPRESSION_LZ4 }}
        ttl_settings {{ date_type_column {{ column_name: "at" expire_after_seconds: 60 }} }}
        partitioning_settings {{
          partitioning_by_size: ENABLED partition_size_mb: 100 partitioning_by_load: ENABLED
          min_partitions_count: 2 max_partitions_count: 9
        }}
        uniform_partitions: 3
        key_bloom_filter: ENABLED
        read_replicas_settings {{ per_az_read_replicas_count: 1 }}
    """

    assert ask(stub, "CreateTable", request) == (Status.SUCCESS, "")

    run(
        emulator,
        """
        CREATE TABLE written (
            k Uint64, v Utf8, d Decimal(22, 9) NOT NULL, at Timestamp FAMILY cold, n Int32 NOT NULL DEFAULT 7,
            PRIMARY KEY (k),
            INDEX by_v GLOBAL ASYNC ON (v) COVER (d),
            INDEX by_n GLOBAL ON (n),
            FAMILY cold (DATA = "hdd", COMPRESSION = "lz4")
        ) WITH (
            TTL = Interval("PT1M") ON at,
            AUTO_PARTITIONING_BY_SIZE = ENABLED, AUTO_PARTITIONING_PARTITION_SIZE_MB = 100,
            AUTO_PARTITIONING_BY_LOAD = ENABLED, AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 2,
            AUTO_PARTITIONING_MAX_PARTITIONS_COUNT = 9, UNIFORM_PARTITIONS = 3, KEY_BLOOM_FILTER = ENABLED,
            READ_REPLICAS_SETTINGS = "PER_AZ:1"
        )
        """,
    )
    made, written = table(emulator, "folder/t"), table(emulator, "written")
    for name in ("columns", "key", "indexes", "settings", "families", "ttl", "partition_at"):
        assert getattr(made, name) == getattr(written, name), name


def test_partitions_begin_at_keys(emulator: Emulator, stub: Any) -> None:
    point = (
        "type { tuple_type { elements { optional_type { item { type_id: UINT64 } } } } } "
        "value { items { uint64_value: %d } }"
    )
    points = " ".join(f"split_points {{ {point % number} }}" for number in (10, 100))

    assert ask(stub, "CreateTable", f"{TABLE} partition_at_keys {{ {points} }}") == (Status.SUCCESS, "")

    assert table(emulator).partition_at == ((10,), (100,))


def test_table_that_is_there_stays(emulator: Emulator, stub: Any) -> None:
    """ydb/core/grpc_services/rpc_scheme_base.h: StatusAlreadyExists is a success."""
    assert ask(stub, "CreateTable", TABLE) == (Status.SUCCESS, "")
    other = f'path: "/local/t" {KEY} primary_key: "k"'

    assert ask(stub, "CreateTable", other) == (Status.SUCCESS, "")

    assert [column.name for column in table(emulator).columns] == ["k", "v"]


@pytest.mark.parametrize(
    ("request_text", "status", "words"),
    [
        # ydb/services/ydb/ydb_ut.cpp: CreateTableBadRequest, CreateTableBadRequest2, CreateTableBadRequest3
        ("", Status.BAD_REQUEST, "Table path not in database, path: , database: /local"),
        (
            f'path: "/local/x" {KEY} {VALUE} primary_key: "BlaBla"',
            Status.SCHEME_ERROR,
            "Unknown column 'BlaBla' specified in key column list",
        ),
        (f'path: "/local/x" {KEY} {VALUE}', Status.BAD_REQUEST, "At least one primary key should be specified"),
        # ydb/core/grpc_services/rpc_create_table.cpp, ydb/core/base/path.cpp
        ('path: "/local/x" primary_key: "k"', Status.BAD_REQUEST, "At least one column shoult be in table"),
        (
            f'path: "/other/x" {KEY} primary_key: "k"',
            Status.BAD_REQUEST,
            "Table path not in database, path: /other/x, database: /local",
        ),
        # ydb/core/ydb_convert/table_description.cpp: FillColumnDescription, FillIndexDescription
        (
            'path: "/local/x" columns { name: "k" type { type_id: UINT64 } not_null: false } primary_key: "k"',
            Status.BAD_REQUEST,
            "Not consistent column type and not_null option for column: k",
        ),
        (
            'path: "/local/x" columns { name: "k" type { list_type { item { type_id: UINT64 } } } } primary_key: "k"',
            Status.BAD_REQUEST,
            "Only optional of data types are supported for table columns",
        ),
        (
            'path: "/local/x" columns { name: "k" type { type_id: 7777 } } primary_key: "k"',
            Status.BAD_REQUEST,
            "Got invalid typeId: 7777",
        ),
        (
            f'path: "/local/x" {KEY} primary_key: "k" indexes {{ index_columns: "k" }}',
            Status.BAD_REQUEST,
            "Index must have a name",
        ),
        # ydb/core/ydb_convert/table_settings.cpp: FillPartitioningPolicy
        (
            f'path: "/local/x" {KEY} primary_key: "k" '
            "partitioning_settings { partitioning_by_size: DISABLED partition_size_mb: 5 }",
            Status.BAD_REQUEST,
            "Auto partitioning partition size is set while auto partitioning by size is disabled",
        ),
        (
            f'path: "/local/x" {KEY} primary_key: "k" partitioning_settings {{ partitioning_by_load: 7 }}',
            Status.BAD_REQUEST,
            "Unknown auto partitioning by load feature flag status: '7'",
        ),
        (
            f'path: "/local/x" {KEY} primary_key: "k" key_bloom_filter: 7',
            Status.BAD_REQUEST,
            "Unknown key bloom filter feature flag status: '7'",
        ),
        (
            f'path: "/local/x" {KEY} primary_key: "k" read_replicas_settings {{}}',
            Status.BAD_REQUEST,
            "Unknown read_replicas_settings type",
        ),
        # ydb/core/ydb_convert/column_families.h
        (
            f'path: "/local/x" {KEY} primary_key: "k" column_families {{ name: "f" compression: 3 }}',
            Status.BAD_REQUEST,
            "Unsupported compression value 3 in column family 'f'",
        ),
        # the scheme shard's: schemeshard_info_types.cpp, schemeshard_validate_ttl.cpp
        (
            'path: "/local/x" columns { name: "k" type { type_id: JSON } } primary_key: "k"',
            Status.SCHEME_ERROR,
            "Column k has wrong key type Json",
        ),
        (
            f'path: "/local/x" {KEY} primary_key: "k" '
            'ttl_settings { date_type_column { column_name: "no" expire_after_seconds: 1 } }',
            Status.SCHEME_ERROR,
            "Cannot enable TTL on unknown column: 'no'",
        ),
    ],
)
def test_table_is_refused(emulator: Emulator, stub: Any, request_text: str, status: Status, words: str) -> None:
    assert ask(stub, "CreateTable", request_text) == (status, words)
    assert "x" not in emulator.database.state.catalog


def test_conflict_of_names_has_a_status_of_its_own(emulator: Emulator, stub: Any) -> None:
    """ydb/core/grpc_services/rpc_scheme_base.h: StatusNameConflict is SCHEME_ERROR."""
    ask(stub, "CreateTable", f'path: "/local/folder/t" {KEY} primary_key: "k"')

    status, words = ask(stub, "CreateTable", f'path: "/local/folder" {KEY} primary_key: "k"')

    assert status == Status.SCHEME_ERROR
    assert words.startswith("Check failed: path: '/local/folder', error: unexpected path type (id: ")


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ("store_type: STORE_TYPE_COLUMN", "store_type in a CreateTableRequest"),
        ('attributes { key: "a" value: "b" }', "attributes in a CreateTableRequest"),
        ('storage_settings { tablet_commit_log0 { media: "ssd" } }', "storage_settings in a CreateTableRequest"),
        ("profile { partitioning_policy { uniform_partitions: 2 } }", "a profile in a CreateTableRequest"),
        ("temporary: true", "temporary in a CreateTableRequest"),
    ],
)
def test_what_is_not_read_is_unsupported(stub: Any, fields: str, what: str) -> None:
    assert ask(stub, "CreateTable", f"{TABLE} {fields}") == unsupported(what)


def test_empty_profile_says_nothing(stub: Any) -> None:
    assert ask(stub, "CreateTable", f"{TABLE} profile {{}}") == (Status.SUCCESS, "")


# --- DropTable, AlterTable, CopyTable, RenameTables ------------------------------------------------------------


def test_table_is_dropped(emulator: Emulator, stub: Any) -> None:
    ask(stub, "CreateTable", TABLE)

    assert ask(stub, "DropTable", 'path: "/local/t"') == (Status.SUCCESS, "")

    assert "t" not in emulator.database.state.catalog


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        # ydb/services/ydb/ydb_ut.cpp (DropTableBadRequest); ydb-python-sdk, tests/test_errors.py (test_scheme_error)
        ("", Status.BAD_REQUEST, "wrong path format ''"),
        ("/local/t/", Status.BAD_REQUEST, "wrong path format '/local/t/'"),
        ("/local/t", Status.SCHEME_ERROR, "Path does not exist"),
    ],
)
def test_table_is_not_dropped(stub: Any, path: str, status: Status, words: str) -> None:
    assert ask(stub, "DropTable", f'path: "{path}"') == (status, words)


def test_table_is_altered(emulator: Emulator, stub: Any) -> None:
    ask(stub, "CreateTable", TABLE)
    run(emulator, "UPSERT INTO t (k, v) VALUES (1, 'a')")
    changes = (
        'add_columns { name: "n" type { optional_type { item { type_id: INT32 } } } } drop_columns: "v"',
        'add_indexes { name: "by_n" index_columns: "n" global_index {} }',
        'add_indexes { name: "other" index_columns: "n" global_async_index {} }',
        'rename_indexes { source_name: "by_n" destination_name: "by_m" }',
        'rename_indexes { source_name: "other" destination_name: "by_m" replace_destination: true }',
        "set_key_bloom_filter: ENABLED alter_partitioning_settings { min_partitions_count: 4 }",
    )
    for change in changes:
        assert ask(stub, "AlterTable", f'path: "/local/t" {change}') == (Status.SUCCESS, ""), change

    altered = table(emulator)
    assert run(emulator, "SELECT * FROM t") == [(1, None)]
    assert [column.name for column in altered.columns] == ["k", "n"]
    assert [(index.name, index.asynchronous) for index in altered.indexes] == [("by_m", True)]
    assert dict(altered.settings) == {"KEY_BLOOM_FILTER": "ENABLED", "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "4"}
    assert ask(stub, "AlterTable", 'path: "/local/t" drop_indexes: "by_m"') == (Status.SUCCESS, "")
    assert table(emulator).indexes == ()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        # ydb/core/grpc_services/rpc_alter_table.cpp; ydb/core/ydb_convert/table_description.cpp
        ("", Status.BAD_REQUEST, "Empty alter"),
        ('drop_columns: "v" drop_indexes: "i"', Status.UNSUPPORTED, "Mixed alter is unsupported"),
        (
            'drop_indexes: "i" drop_indexes: "j"',
            Status.UNSUPPORTED,
            "Only one index can be removed by one operation",
        ),
        ("add_indexes {}", Status.BAD_REQUEST, "Index must have a name"),
        ('add_indexes { name: "i" }', Status.BAD_REQUEST, "At least one column must be specified"),
        ("rename_indexes {}", Status.BAD_REQUEST, "Source index name must not be empty"),
        ('rename_indexes { source_name: "a" }', Status.BAD_REQUEST, "Destination index name must not be empty"),
        (
            'rename_indexes { source_name: "a" destination_name: "a" }',
            Status.BAD_REQUEST,
            "Source and destination index names must differ",
        ),
        # ydb/services/ydb/ydb_ut.cpp (AlterTableAddIndexBadRequest)
        ('add_indexes { name: "i" index_columns: "v" }', Status.BAD_REQUEST, "invalid or unset index type"),
        # schemeshard_info_types.cpp (CreateAlterData)
        ('drop_columns: "k"', Status.BAD_REQUEST, "Can't drop key column: 'k'"),
        ('drop_columns: "no"', Status.BAD_REQUEST, "Can't drop unknown column: 'no'"),
        (
            'drop_columns: "n" add_columns { name: "n" type { optional_type { item { type_id: INT32 } } } }',
            Status.BAD_REQUEST,
            "Add + drop same column: 'n'",
        ),
    ],
)
def test_table_is_not_altered(emulator: Emulator, stub: Any, change: str, status: Status, words: str) -> None:
    ask(stub, "CreateTable", TABLE)
    before = table(emulator)

    assert ask(stub, "AlterTable", f'path: "/local/t" {change}') == (status, words)

    assert table(emulator) == before


@pytest.mark.parametrize(
    ("request_name", "fields"),
    [
        ("AlterTable", 'path: "/local/t" drop_columns: "v"'),
        ("CopyTable", 'source_path: "/local/t" destination_path: "/local/u"'),
        ("RenameTables", 'tables { source_path: "/local/t" destination_path: "/local/u" }'),
    ],
)
def test_table_that_is_not_there_stays_away(stub: Any, request_name: str, fields: str) -> None:
    assert ask(stub, request_name, fields) == (Status.SCHEME_ERROR, "Path does not exist")


def test_table_is_copied_once(emulator: Emulator, stub: Any) -> None:
    """A second copy to the same path is no error, and copies nothing."""
    ask(stub, "CreateTable", TABLE)
    copy = 'source_path: "/local/t" destination_path: "/local/folder/u"'
    run(emulator, "UPSERT INTO t (k, v) VALUES (1, 'a')")
    assert ask(stub, "CopyTable", copy) == (Status.SUCCESS, "")
    run(emulator, "UPSERT INTO t (k, v) VALUES (2, 'b')")
    run(emulator, "UPSERT INTO `folder/u` (k, v) VALUES (3, 'c')")

    assert ask(stub, "CopyTable", copy) == (Status.SUCCESS, "")

    assert run(emulator, "SELECT * FROM t") == [(1, "a"), (2, "b")]
    assert run(emulator, "SELECT * FROM `folder/u`") == [(1, "a"), (3, "c")]


def test_tables_are_copied_and_renamed(emulator: Emulator, stub: Any) -> None:
    ask(stub, "CreateTable", TABLE)
    paths = 'source_path: "/local/%s" destination_path: "/local/%s"'

    assert ask(stub, "CopyTables", f"tables {{ {paths % ('t', 'u')} }}") == (Status.SUCCESS, "")
    assert ask(stub, "RenameTables", f"tables {{ {paths % ('u', 'w')} }}") == (Status.SUCCESS, "")

    assert {"t", "w"} <= set(emulator.database.state.catalog)
    assert "u" not in emulator.database.state.catalog
    assert ask(stub, "RenameTables", "") == (Status.BAD_REQUEST, "Emply move list")


def test_tables_are_copied_all_or_none(emulator: Emulator, stub: Any) -> None:
    """With their rows and indexes; ydb/docs/en/core/reference/ydb-cli/tools-copy.md for the directory."""
    ask(stub, "CreateTable", TABLE)
    run(emulator, "CREATE TABLE o (k Int64, v Utf8, PRIMARY KEY (k), INDEX i GLOBAL ON (v))")
    run(emulator, "UPSERT INTO o (k, v) VALUES (1, 'a')")
    pair = 'tables {{ source_path: "/local/{0}" destination_path: "/local/backup/{0}" }}'

    def copy(*names: str) -> tuple[int, str]:
        return ask(stub, "CopyTables", "\n".join(map(pair.format, names)))

    assert copy("t", "o") == (Status.SCHEME_ERROR, "Path does not exist")
    run(emulator, "CREATE TABLE `backup/x` (k Int64, PRIMARY KEY (k))")
    assert copy("t", "none") == (Status.SCHEME_ERROR, "Path does not exist")
    assert "backup/t" not in emulator.database.state.catalog
    assert copy("t", "o") == (Status.SUCCESS, "")
    run(emulator, "UPSERT INTO o (k, v) VALUES (2, 'a')")
    assert run(emulator, "SELECT k FROM `backup/o` VIEW i WHERE v = 'a'") == [(1,)]


def rename(stub: Any, *pairs: str, more: str = "") -> tuple[int, str]:
    """Rename tables by one request: from and to, with an arrow between."""
    items = [pair.split(" -> ") for pair in pairs]
    paths = 'tables {{ source_path: "/local/{}" destination_path: "/local/{}" {} }}'
    return ask(stub, "RenameTables", "\n".join(paths.format(*item, more) for item in items))


def test_several_tables_are_renamed_at_one_moment(emulator: Emulator, stub: Any) -> None:
    """Source: ydb/core/tx/schemeshard/ut_move/ut_move.cpp (Reject, TwoTables)."""
    for name in "tu":
        ask(stub, "CreateTable", TABLE.replace("/local/t", f"/local/{name}"))
        run(emulator, f"UPSERT INTO {name} (k, v) VALUES (1, '{name}')")

    assert rename(stub, "t -> w", "u -> t") == (Status.SUCCESS, "")

    assert run(emulator, "SELECT v FROM t") == [("u",)]
    assert run(emulator, "SELECT v FROM w") == [("t",)]
    assert "u" not in emulator.database.state.catalog


def test_one_of_several_tables_that_cannot_be_renamed_leaves_all(emulator: Emulator, stub: Any) -> None:
    for name in "tu":
        ask(stub, "CreateTable", TABLE.replace("/local/t", f"/local/{name}"))
    before = emulator.database.state

    assert rename(stub, "t -> w", "missing -> t") == (Status.SCHEME_ERROR, "Path does not exist")
    assert rename(stub, "t -> u", "u -> t") == unsupported("RenameTables of one table twice")
    twice = "RenameTables of one table twice, or of two tables to one name"
    assert rename(stub, "t -> a", "t -> b") == unsupported(twice)
    assert rename(stub, "t -> a", "u -> a") == unsupported(twice)
    assert rename(stub, "t -> a", "a -> b") == unsupported("RenameTables of one table twice")
    assert rename(stub, "t -> u", more="replace_destination: true") == unsupported("RenameTables over another table")
    emulator.faults.delay_scheme_operation(1.0)
    takes_a_while = "RenameTables of several tables that takes a while"
    assert rename(stub, "t -> a", "u -> b") == unsupported(takes_a_while)

    assert emulator.database.state is before


# --- BulkUpsert ------------------------------------------------------------------------------------------------


def test_rows_are_put(emulator: Emulator, stub: Any) -> None:
    ask(stub, "CreateTable", TABLE)
    run(emulator, "UPSERT INTO t (k, v) VALUES (1, 'old'), (3, 'c')")

    assert ask(stub, "BulkUpsert", ROWS) == (Status.SUCCESS, "")

    assert run(emulator, "SELECT k, v FROM t") == [(1, "a"), (2, None), (3, "c")]


@pytest.mark.parametrize(
    ("made", "status", "words"),
    [
        # ydb/core/tx/tx_proxy/upload_rows_common_impl.h
        ("", Status.SCHEME_ERROR, "unknown table"),
        ("k Uint64, PRIMARY KEY (k)", Status.SCHEME_ERROR, "Unknown column: v"),
        (
            "k Uint64, v String, PRIMARY KEY (k)",
            Status.SCHEME_ERROR,
            "Type mismatch, got type Utf8 for column v, but expected String",
        ),
        ("k Uint64, v Utf8, j Int32, PRIMARY KEY (j)", Status.SCHEME_ERROR, "Missing key columns: j"),
        (
            "k Uint64, v Utf8, n Int32 NOT NULL, PRIMARY KEY (k)",
            Status.SCHEME_ERROR,
            "Missing not null columns: n",
        ),
        # ydb/core/kqp/ut/indexes: BulkUpsert of tables with vector and full-text indexes
        (
            "k Uint64, v Utf8, PRIMARY KEY (k), INDEX i GLOBAL ON (v)",
            Status.SCHEME_ERROR,
            "Only async-indexed tables are supported by BulkUpsert",
        ),
    ],
)
def test_rows_are_refused(emulator: Emulator, stub: Any, made: str, status: Status, words: str) -> None:
    if made:
        run(emulator, f"CREATE TABLE t ({made})")

    assert ask(stub, "BulkUpsert", ROWS) == (status, f"Bulk upsert to table '/local/t' {words}")


def test_rows_are_put_into_a_column_table(emulator: Emulator, stub: Any) -> None:
    """Source: ydb/services/ydb/ydb_bulk_upsert_olap_ut.cpp (UpsertArrowBatch and others write with BulkUpsert)."""
    run(emulator, "CREATE TABLE t (k Uint64 NOT NULL, v Utf8, PRIMARY KEY (k)) WITH (STORE = COLUMN)")
    run(emulator, "UPSERT INTO t (k, v) VALUES (1, 'old'), (3, 'c')")

    assert ask(stub, "BulkUpsert", ROWS) == (Status.SUCCESS, "")

    assert run(emulator, "SELECT k, v FROM t ORDER BY k") == [(1, "a"), (2, None), (3, "c")]


@pytest.mark.parametrize(
    ("made", "what"),
    [
        ("k Uint64 NOT NULL, v String, PRIMARY KEY (k)", "BulkUpsert of values of another type into a column table"),
        ("k Uint64 NOT NULL, v Utf8, n Int32, PRIMARY KEY (k)", "BulkUpsert into a column table without all columns"),
    ],
)
def test_rows_of_a_column_table_are_unsupported(emulator: Emulator, stub: Any, made: str, what: str) -> None:
    run(emulator, f"CREATE TABLE t ({made}) WITH (STORE = COLUMN)")

    assert ask(stub, "BulkUpsert", ROWS) == unsupported(what)


def test_a_key_twice_is_unsupported_in_a_column_table(emulator: Emulator, stub: Any) -> None:
    run(emulator, "CREATE TABLE t (k Uint64 NOT NULL, v Utf8, PRIMARY KEY (k)) WITH (STORE = COLUMN)")

    answer = ask(stub, "BulkUpsert", ROWS.replace("uint64_value: 2", "uint64_value: 1"))

    assert answer == unsupported("BulkUpsert of one key twice into a column table")


def test_rows_are_unsupported(emulator: Emulator, stub: Any) -> None:
    run(emulator, "CREATE TABLE t (k Uint64, v Utf8 NOT NULL, PRIMARY KEY (k))")
    run(emulator, "CREATE TABLE d (k Uint64, v Utf8, n Int32 DEFAULT 1, PRIMARY KEY (k))")

    assert ask(stub, "BulkUpsert", ROWS) == unsupported("NULL for a column without NULL, by BulkUpsert")
    default = unsupported("BulkUpsert without a column that has a default")
    assert ask(stub, "BulkUpsert", ROWS.replace("/local/t", "/local/d")) == default
    csv = 'table: "/local/t" csv_settings {} data: "1,a"'
    assert ask(stub, "BulkUpsert", csv) == unsupported("BulkUpsert of CSV or Arrow")


# --- PrepareDataQuery, and what ExecuteDataQuery keeps ---------------------------------------------------------


def prepare(stub: Any, session_id: str, text: str) -> pb.PrepareQueryResult:
    request = pb.PrepareDataQueryRequest(session_id=session_id, yql_text=text)
    operation = stub.PrepareDataQuery(request).operation
    assert operation.status == Status.SUCCESS, operation.issues
    result = pb.PrepareQueryResult()
    operation.result.Unpack(result)
    return result


def data_query(stub: Any, session_id: str, query: dict, **fields: object) -> pb.ExecuteQueryResult:
    control = {"begin_tx": {"serializable_read_write": {}}, "commit_tx": True}
    request = pb.ExecuteDataQueryRequest(session_id=session_id, query=query, tx_control=control, **fields)
    operation = stub.ExecuteDataQuery(request).operation
    assert operation.status == Status.SUCCESS, operation.issues
    result = pb.ExecuteQueryResult()
    operation.result.Unpack(result)
    return result


QUERY = "DECLARE $k AS Uint64; DECLARE $v AS Utf8?; UPSERT INTO t (k, v) VALUES ($k, $v); SELECT v FROM t WHERE k = $k"


def test_prepared_query(emulator: Emulator, stub: Any, session_id: str) -> None:
    ask(stub, "CreateTable", TABLE)

    prepared = prepare(stub, session_id, QUERY.split("; SELECT")[0])

    assert prepared.query_id.startswith("ydb://preparedqueryid/4?id=")
    assert set(prepared.parameters_types) == {"$k", "$v"}
    assert prepared.parameters_types["$v"].optional_type.item.type_id == 0x1200
    assert run(emulator, "SELECT * FROM t") == []
    values = {
        "$k": {"type": {"type_id": "UINT64"}, "value": {"uint64_value": 7}},
        "$v": {"type": {"optional_type": {"item": {"type_id": "UTF8"}}}, "value": {"text_value": "x"}},
    }
    data_query(stub, session_id, {"id": prepared.query_id}, parameters=values)
    assert run(emulator, "SELECT * FROM t") == [(7, "x")]


def test_query_is_kept_in_the_cache(stub: Any, session_id: str) -> None:
    """ydb/core/grpc_services/rpc_execute_data_query.cpp: query_meta where the query was kept."""
    query, kept = {"yql_text": "SELECT 1"}, {"query_cache_policy": {"keep_in_cache": True}}

    first = data_query(stub, session_id, query, **kept)

    assert first.query_meta.id == data_query(stub, session_id, query, **kept).query_meta.id
    assert first.query_meta.id == prepare(stub, session_id, "SELECT 1").query_id
    assert not data_query(stub, session_id, query).HasField("query_meta")
    assert len(data_query(stub, session_id, {"id": first.query_meta.id}).result_sets) == 1


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("", Status.BAD_REQUEST, "Empty query text"),
        ("CREATE TABLE a (k Int32, PRIMARY KEY (k))", *unsupported("scheme statements in a prepared query")),
        ("DECLARE $n AS Uint64; SELECT k FROM t LIMIT $n", Status.SUCCESS, ""),
        ("DECLARE $p AS List<Uint64>; SELECT k FROM t WHERE k IN $p", Status.SUCCESS, ""),
    ],
)
def test_query_is_prepared_or_not(stub: Any, session_id: str, text: str, status: Status, words: str) -> None:
    ask(stub, "CreateTable", TABLE)

    assert ask(stub, "PrepareDataQuery", f"session_id: '{session_id}' yql_text: '{text}'") == (status, words)


def test_prepared_query_is_checked(stub: Any, session_id: str) -> None:
    answer = ask(stub, "PrepareDataQuery", f"session_id: '{session_id}' yql_text: 'SELECT * FROM nothing'")

    assert answer == (Status.SCHEME_ERROR, "Type annotation")
