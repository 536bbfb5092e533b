"""Schema behaviour that is no case of the table: what descriptions say, directories, release lines and flags."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import ydb
from ydb._grpc.common.protos import ydb_scheme_pb2 as scheme_pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb

from ydb_emulator import Emulator
from ydb_emulator.access import Access
from ydb_emulator.errors import Status, YdbError
from ydb_emulator.plan import MakeDirectory, RemoveDirectory
from ydb_emulator.releases import DEFAULT, FLAGS, NAMES, RELEASED, SINCE, UNKNOWN, Line
from ydb_emulator.request import execute
from ydb_emulator.run import schema
from ydb_emulator.services import scheme as scheme_service
from ydb_emulator.services import table as table_service
from ydb_emulator.store.catalog import Consumer
from ydb_emulator.store.database import Database

TABLE = "CREATE TABLE t (id Uint64 NOT NULL, a Utf8, ts Timestamp, PRIMARY KEY (id))"


@pytest.fixture
def database() -> Database:
    return Database("/local")


def run(database: Database, *texts: str) -> None:
    for text in texts:
        execute(database, text, {})


def refused(database: Database, text: str) -> tuple[Status, str]:
    with pytest.raises(YdbError) as caught:
        execute(database, text, {})
    return caught.value.status, "\n".join(text for issue in caught.value.issues for text in issue.texts())


ANONYMOUS: Any = SimpleNamespace(invocation_metadata=dict)


def described(database: Database) -> Any:
    """A node as far as descriptions need one."""
    return SimpleNamespace(database=database, access=Access(database, asks=False))


def describe(database: Database, path: str = "t") -> table_pb.DescribeTableResult:
    request = table_pb.DescribeTableRequest(path=f"{database.path}/{path}")
    return table_service.describe_table(described(database), request, ANONYMOUS)


def entry_type(database: Database, path: str) -> int:
    request = scheme_pb.DescribePathRequest(path=f"{database.path}/{path}")
    return scheme_service.describe_path(described(database), request, ANONYMOUS).self.type


# --- descriptions ----------------------------------------------------------------------------------------------


def test_ttl_of_a_moment(database):
    run(database, TABLE, "ALTER TABLE t SET (TTL = Interval('PT1H') ON ts)")

    ttl = describe(database).ttl_settings.date_type_column

    assert (ttl.column_name, ttl.expire_after_seconds) == ("ts", 3600)


def test_ttl_of_a_number(database):
    run(database, TABLE, "ALTER TABLE t SET (TTL = Interval('PT1H') ON id AS MILLISECONDS)")

    ttl = describe(database).ttl_settings.value_since_unix_epoch

    unit = table_pb.ValueSinceUnixEpochModeSettings.UNIT_MILLISECONDS
    assert (ttl.column_name, ttl.column_unit, ttl.expire_after_seconds) == ("id", unit, 3600)


def test_ttl_reset(database):
    run(database, TABLE, "ALTER TABLE t SET (TTL = Interval('PT1H') ON ts)", "ALTER TABLE t RESET (TTL)")

    assert not describe(database).HasField("ttl_settings")


def test_changefeed(database):
    run(database, TABLE)
    run(
        database,
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'NEW_IMAGE', FORMAT = 'JSON', VIRTUAL_TIMESTAMPS = TRUE, "
        "RESOLVED_TIMESTAMPS = Interval('PT5S'))",
    )

    (changefeed,) = describe(database).changefeeds

    assert (changefeed.name, changefeed.state) == ("f", table_pb.ChangefeedDescription.STATE_ENABLED)
    assert changefeed.mode == table_pb.ChangefeedMode.MODE_NEW_IMAGE
    assert changefeed.format == table_pb.ChangefeedFormat.FORMAT_JSON
    assert changefeed.virtual_timestamps
    assert changefeed.resolved_timestamps_interval.seconds == 5
    assert entry_type(database, "t/f") == scheme_pb.Entry.TOPIC


def test_topic_of_a_changefeed(database):
    run(
        database,
        TABLE,
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
        "ALTER TOPIC `t/f` SET (retention_period = Interval('PT2H')), ADD CONSUMER c",
    )

    changefeed = database.state.catalog["t"].changefeed("f")

    assert changefeed.settings["RETENTION_PERIOD"] == 2 * 3600 * 10**6
    assert changefeed.consumers == (Consumer("c"),)


def test_topic(database):
    run(
        database,
        "CREATE TOPIC x (CONSUMER a, CONSUMER b WITH (important = true, supported_codecs = 'RAW, gzip')) "
        "WITH (retention_period = Interval('PT1H'), partition_count_limit = 5)",
        "ALTER TOPIC x SET (retention_period = Interval('PT2H')), DROP CONSUMER a, "
        "ALTER CONSUMER b SET (read_from = Timestamp('1970-01-01T00:00:02.5Z')), ADD CONSUMER c",
    )

    topic = database.state.catalog["x"]

    assert dict(topic.settings) == {"RETENTION_PERIOD": 2 * 3600 * 10**6, "MAX_ACTIVE_PARTITIONS": 5}
    assert [consumer.name for consumer in topic.consumers] == ["b", "c"]
    assert dict(topic.consumers[0].settings) == {
        "IMPORTANT": True, "SUPPORTED_CODECS": ("raw", "gzip"), "READ_FROM": 2,
    }  # fmt: skip
    assert entry_type(database, "x") == scheme_pb.Entry.TOPIC


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TOPIC x WITH (retention_period = Interval('PT0S'))",
        "CREATE TOPIC x WITH (retention_period = Interval('-P1D'))",
        "CREATE TOPIC x WITH (min_active_partitions = 4294967296)",
        "CREATE TOPIC x WITH (supported_codecs = 'RAW, BZIP')",
        "CREATE TOPIC x WITH (auto_partitioning_strategy = 'sideways')",
        "CREATE TOPIC x WITH (auto_partitioning_strategy = 'up', auto_partitioning_up_utilization_percent = 101)",
        "CREATE TOPIC x WITH (auto_partitioning_strategy = 'up', retention_storage_mb = 1)",
        "CREATE TOPIC x WITH (partition_write_speed_bytes_per_second = 52428801)",
        "CREATE TOPIC x WITH (partition_write_burst_bytes = 2097153)",
        "CREATE TOPIC x (CONSUMER `a/b`)",
        "CREATE TOPIC x (CONSUMER c WITH (supported_codecs = 'RAW')) WITH (supported_codecs = 'GZIP')",
        "CREATE TOPIC x (CONSUMER c WITH (read_from = 'yesterday'))",
        "ALTER TOPIC there SET (min_active_partitions = 1)",
        "ALTER TOPIC there SET (retention_period = Interval('PT0S'))",
        "ALTER TOPIC there ALTER CONSUMER c RESET (read_from)",
        "ALTER TOPIC there RESET (metrics_level)",
        "ALTER TOPIC `t/f` SET (supported_codecs = 'RAW')",
        "ALTER TOPIC `t/v` ADD CONSUMER c",
        "SELECT * FROM there",
        "DROP TABLE there",
        "ALTER TABLE there ADD COLUMN a Int32",
        "INSERT INTO there (a) VALUES (1)",
    ],
)
def test_what_of_topics_is_not_supported(database, statement):
    run(database, TABLE, "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')")
    run(database, "CREATE TOPIC there (CONSUMER c) WITH (min_active_partitions = 2)")

    assert refused(database, statement)[0] == Status.UNSUPPORTED


def test_families(database):
    run(
        database,
        "CREATE TABLE t (id Int32, v Utf8 FAMILY f, PRIMARY KEY (id), FAMILY f (DATA = 'hdd', COMPRESSION = 'lz4'))",
    )

    (family,) = describe(database).column_families

    assert (family.name, family.data.media) == ("f", "hdd")
    assert family.compression == table_pb.ColumnFamily.COMPRESSION_LZ4


def test_replicas_and_bloom_filter(database):
    run(database, TABLE, "ALTER TABLE t SET (READ_REPLICAS_SETTINGS = 'PER_AZ:2', KEY_BLOOM_FILTER = ENABLED)")

    described = describe(database)

    assert described.read_replicas_settings.per_az_read_replicas_count == 2
    assert described.key_bloom_filter == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 5", 5),
        ("UNIFORM_PARTITIONS = 4", 4),
        ("PARTITION_AT_KEYS = (10, 20)", 3),
        ("UNIFORM_PARTITIONS = 4, AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 2", 2),
    ],
)
def test_least_partitions(database, settings, expected):
    run(database, f"CREATE TABLE t (id Uint64 NOT NULL, PRIMARY KEY (id)) WITH ({settings})")

    assert describe(database).partitioning_settings.min_partitions_count == expected


def test_switching_auto_partitioning_on_resets_it(database):
    run(
        database,
        TABLE,
        "ALTER TABLE t SET (AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 5, AUTO_PARTITIONING_PARTITION_SIZE_MB = 100)",
        "ALTER TABLE t SET (AUTO_PARTITIONING_BY_SIZE = ENABLED)",
    )

    partitioning = describe(database).partitioning_settings

    assert (partitioning.min_partitions_count, partitioning.partition_size_mb) == (1, 2048)


# --- operations ------------------------------------------------------------------------------------------------


def test_directories_and_tables_have_the_same_names(database):
    with pytest.raises(YdbError, match="symbol ' ' is not allowed in the path part 'a b'"):
        schema.apply(MakeDirectory("a b"), database)
    assert "symbol ' ' is not allowed" in refused(database, "CREATE TABLE `a b` (id Int32, PRIMARY KEY (id))")[1]


def test_directory_with_a_table_stays(database):
    schema.apply(MakeDirectory("a/b"), database)
    run(database, "CREATE TABLE `a/b/t` (id Int32, PRIMARY KEY (id))")

    with pytest.raises(YdbError, match="path has children"):
        schema.apply(RemoveDirectory("a/b"), database)
    run(database, "DROP TABLE `a/b/t`")
    schema.apply(RemoveDirectory("a/b"), database)

    assert set(database.state.catalog) == {"", "a"}


def test_a_refused_operation_changes_nothing(database):
    run(database, TABLE)
    before = database.state

    status, _ = refused(database, "ALTER TABLE t ADD COLUMN c Int32, SET (TTL = Interval('P1D') ON a)")

    assert status == Status.BAD_REQUEST
    assert database.state is before


def test_operations_before_a_failure_stay(database):
    status, _ = refused(database, "CREATE TABLE a (id Int32, PRIMARY KEY (id)); DROP VIEW v")

    assert status == Status.SCHEME_ERROR
    assert "a" in database.state.catalog


def test_every_alter_raises_the_schema_version(database):
    run(database, TABLE)
    before = database.state.catalog["t"].version

    run(database, "ALTER TABLE t ADD COLUMN c Int32", "ALTER TABLE t ADD INDEX i GLOBAL ON (c)")

    assert database.state.catalog["t"].version == before + 2


def test_dropped_column_takes_its_values(database):
    run(database, TABLE, "UPSERT INTO t (id, a) VALUES (1, 'x')", "ALTER TABLE t DROP COLUMN a")
    run(database, "ALTER TABLE t ADD COLUMN a Utf8")

    (result,) = execute(database, "SELECT a FROM t", {})

    assert result.rows == ((None,),)


def test_refusal_has_the_second_issue(database):
    run(database, TABLE, "CREATE TABLE u (id Int64, PRIMARY KEY (id))")

    with pytest.raises(YdbError) as caught:
        execute(database, "ALTER TABLE t RENAME TO u", {})

    first, second = caught.value.issues
    [reason] = first.issues
    assert first.message == "Executing ESchemeOpMoveTable"
    assert reason.message.startswith("Check failed: path: '/local/u', error: path exist")
    assert (second.code, second.message) == (
        2019,
        "Query invalidated on scheme/internal error during Scheme execution",
    )


def test_the_table_service_makes_the_same_table_again(database):
    run(database, TABLE, "UPSERT INTO t (id, a) VALUES (1, 'x')")

    execute(database, TABLE, {}, is_query_service=False)

    (result,) = execute(database, "SELECT a FROM t", {})
    assert result.rows == (("x",),)
    with pytest.raises(YdbError, match="Table name conflict"):
        execute(database, "CREATE TABLE t (id Int64, PRIMARY KEY (id))", {}, is_query_service=False)


# --- release lines ---------------------------------------------------------------------------------------------


def test_lines_know_every_feature():
    assert Line().name == DEFAULT == RELEASED[-1]
    for name in NAMES:
        for feature, since in SINCE.items():
            if feature in UNKNOWN.get(name, ()):
                continue
            assert Line(name).has(feature) == (since is not None and NAMES.index(name) >= NAMES.index(since))


@pytest.mark.parametrize(("line", "feature"), [(line, one) for line, unknown in UNKNOWN.items() for one in unknown])
def test_what_is_not_known_of_a_line_is_unsupported(line, feature):
    with pytest.raises(YdbError, match=feature) as caught:
        Line(line).has(feature)
    assert caught.value.status == Status.UNSUPPORTED
    if feature in FLAGS:
        assert Line(line, {feature: True}).has(feature)


@pytest.mark.parametrize("options", ["(DEFAULT 1, NOT NULL)", "(NOT NULL)", "NOT NULL FAMILY f"])
def test_older_lines_may_not_take_options_in_any_order(options):
    text = f"CREATE TABLE t (id Int64 NOT NULL, n Int64 {options}, PRIMARY KEY (id), FAMILY f ())"
    run(Database("/local", Line("26.1")), text)
    assert refused(Database("/local", Line("25.4")), text)[0] == Status.UNSUPPORTED
    run(Database("/local", Line("25.1")), text.replace(options, "FAMILY f NOT NULL DEFAULT 1"))


@pytest.mark.parametrize(
    "text",
    [
        "KILL SESSION 'x'",
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON', TRACE_IDS = TRUE)",
        "ALTER TABLE t ADD INDEX i GLOBAL UNIQUE ON (n)",
    ],
)
def test_a_newer_line_may_take_what_is_refused(text):
    table = "CREATE TABLE t (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))"
    answers = []
    for line in ("26.2", "26.3"):
        database = Database("/local", Line(line))
        run(database, table)
        answers.append(refused(database, text)[0])
    assert answers[0] != Status.UNSUPPORTED
    assert answers[1] == Status.UNSUPPORTED


@pytest.mark.parametrize("flag", FLAGS)
def test_flags_are_set_one_by_one(flag):
    assert Line(flags={flag: True}).has(flag)
    assert not Line(flags={flag: False}).has(flag)


@pytest.mark.parametrize("operator", ["EXCEPT", "EXCEPT ALL", "INTERSECT", "UNION DISTINCT"])
def test_set_operations_of_newer_yql(operator):
    """They came with YQL 2025.03; which older line has it is not known."""
    older, newer = Database("/local", Line("26.1")), Database("/local", Line("26.2"))

    assert refused(older, f"SELECT 1 AS a {operator} SELECT 1 AS a")[0] == Status.UNSUPPORTED
    execute(newer, f"SELECT 1 AS a {operator} SELECT 1 AS a", {})


def test_unknown_line_and_flag():
    with pytest.raises(ValueError, match="'24.4' is not a release line"):
        Line("24.4")
    with pytest.raises(ValueError, match="'EnableNothing' is not a feature flag"):
        Emulator(flags={"EnableNothing": True})


@pytest.fixture
def older() -> Iterator[Emulator]:
    with Emulator(line="25.3", flags={"EnableAddUniqueIndex": True}) as emulator:
        yield emulator


def test_emulator_of_a_line(older):
    with ydb.Driver(ydb.DriverConfig(f"grpc://127.0.0.1:{older.port}", "/local")) as driver:
        driver.wait(timeout=60)
        with ydb.QuerySessionPool(driver) as pool:
            pool.execute_with_retries(TABLE)
            pool.execute_with_retries("ALTER TABLE t ADD INDEX i GLOBAL UNIQUE ON (a)")
            with pytest.raises(ydb.issues.PreconditionFailed, match="Adding columns with defaults is disabled"):
                pool.execute_with_retries("ALTER TABLE t ADD COLUMN n Int32 DEFAULT 1")


def test_path_prefix_outside_the_database(database: Database) -> None:
    """Another database's path is not looked for here."""
    run(database, TABLE)
    status, text = refused(database, 'PRAGMA TablePathPrefix("/other"); SELECT id FROM t')
    assert (status, text) == (Status.UNSUPPORTED, "The emulator does not support a path of another database")
    run(database, 'PRAGMA TablePathPrefix("/local"); SELECT id FROM t')


VECTOR = "WITH (distance=cosine, vector_type=float, vector_dimension=2, levels=1, clusters=2)"


@pytest.mark.parametrize(
    ("line", "index", "what"),
    [
        ("26.2", "LOCAL USING bloom_filter ON (a)", "an index of this kind in a table with a TTL"),
        (
            "25.4",
            f"GLOBAL USING vector_kmeans_tree ON (a, b, s) COVER (b) {VECTOR}",
            "a vector index that covers a column of its prefix on this line",
        ),
    ],
)
def test_indexes_of_which_not_enough_is_known(line: str, index: str, what: str) -> None:
    ttl = "WITH (TTL = Interval('P1D') ON at)" if "TTL" in what else ""
    columns = "a Uint64, b Uint64, s String, at Timestamp"
    text = f"CREATE TABLE t ({columns}, PRIMARY KEY (a), INDEX i {index}) {ttl}"
    answer = refused(Database("/local", Line(line)), text)
    assert answer == (Status.UNSUPPORTED, f"The emulator does not support {what}")


# --- system views ----------------------------------------------------------------------------------------------


def partition_stats(database: Database) -> dict[tuple[str, int], int]:
    """The rows of each partition by path and number."""
    query = "SELECT Path, PartIdx, RowCount FROM `.sys/partition_stats`"
    return {(path, number): rows for path, number, rows in execute(database, query, {})[-1].rows}


def test_partitions_at_keys_count_their_rows(database):
    """NULL stands before every key; a key belongs to the partition that begins with it."""
    run(database, "CREATE TABLE t (a Int32, b Utf8, PRIMARY KEY (a, b)) WITH (PARTITION_AT_KEYS = ((10), (20, 'm')))")
    run(database, "UPSERT INTO t (a, b) VALUES (NULL, 'x'), (9, 'x'), (10, NULL), (20, 'a'), (20, 'm'), (21, 'a')")

    assert partition_stats(database) == {("/local/t", 0): 2, ("/local/t", 1): 2, ("/local/t", 2): 2}


def test_uniform_partitions_count_their_rows(database):
    run(database, "CREATE TABLE t (id Uint32, PRIMARY KEY (id)) WITH (UNIFORM_PARTITIONS = 4)")
    run(database, "UPSERT INTO t (id) VALUES (0), (1073741823), (1073741824), (4294967295)")

    assert list(partition_stats(database).values()) == [2, 1, 0, 1]


def test_the_table_of_an_index_has_partitions_too(database):
    run(database, "CREATE TABLE t (id Int32, a Utf8, PRIMARY KEY (id), INDEX i GLOBAL ON (a))")
    run(database, "UPSERT INTO t (id, a) VALUES (1, 'x')")

    assert partition_stats(database) == {("/local/t", 0): 1, ("/local/t/i/indexImplTable", 0): 1}


def test_column_tables_are_not_in_partition_stats(database):
    run(database, "CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id)) WITH (STORE = COLUMN)")

    assert partition_stats(database) == {}


# --- limits that no case can write down ------------------------------------------------------------------------


def test_ttl_reaches_back_to_1970(database, monkeypatch):
    """Source: ydb/core/tx/schemeshard/schemeshard_validate_ttl.cpp."""
    monkeypatch.setattr(schema.settings, "time", SimpleNamespace(time=lambda: 730 * 86_400 + 0.5))
    run(database, TABLE, "ALTER TABLE t SET (TTL = Interval('P730D') ON ts)")

    status, words = refused(database, "ALTER TABLE t SET (TTL = Interval('P730DT1S') ON ts)")

    assert status is Status.BAD_REQUEST
    assert "TTL should be less than 63072000 seconds (730 days, 2 years). The ttl behaviour is undefined" in words
    assert describe(database).ttl_settings.date_type_column.expire_after_seconds == 730 * 86_400


def test_a_path_has_32_parts_with_the_databases(database):
    """A case's own directory would be counted. Source: ydb/core/tx/schemeshard/schemeshard_path.cpp."""
    deepest = "/".join("d" * 31)
    run(database, f"CREATE TABLE `{deepest}` (id Int32, PRIMARY KEY (id))")

    status, words = refused(database, f"CREATE TABLE `e/{deepest}` (id Int32, PRIMARY KEY (id))")

    assert status is Status.SCHEME_ERROR
    assert "error: paths depth limit exceeded, limit: 32, depth: 33, delta: 0" in words
    assert entry_type(database, deepest) == scheme_pb.Entry.TABLE


@pytest.mark.parametrize(
    "refused_by",
    [
        lambda database: run(database, "CREATE TABLE `t/x` (id Int32, PRIMARY KEY (id))"),
        lambda database: run(database, "DROP VIEW t"),
        lambda database: schema.apply(MakeDirectory("t/x"), database),
        lambda database: schema.apply(RemoveDirectory("t"), database),
    ],
    ids=["a table in a table", "a table as a view", "a directory in a table", "a table as a directory"],
)
def test_a_path_of_another_kind_has_no_code_in_the_gateway(database, refused_by):
    """Source: HandleResponse in ydb/core/kqp/gateway/actors/scheme.h."""
    run(database, TABLE)

    with pytest.raises(YdbError) as caught:
        refused_by(database)

    assert caught.value.status is Status.GENERIC_ERROR
    assert {issue.code for outer in caught.value.issues for issue in (outer, *outer.issues)} == {0}
