"""Parts of a table as requests give them: columns, indexes, families, settings, TTL, made the catalog's.

Source: ydb/core/ydb_convert/table_description.cpp (FillColumnDescription, FillIndexDescription, FillTtlSettings),
table_settings.cpp (FillCreateTableSettingsDesc, FillPartitioningPolicy), column_families.h.
"""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.message import Message
from pyrsistent import PMap, pmap
from ydb._grpc.common.protos import ydb_common_pb2 as common_pb
from ydb._grpc.common.protos import ydb_table_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ..errors import unsupported
from ..releases import Line
from ..store.catalog import Column, Family, Index, Table, Ttl
from ..store.rows import NO_ID
from ..types import Data, Tuple, Value, strip
from ..wire import column_type, decode
from .transactions import bad_request

_UNITS = {1: "SECONDS", 2: "MILLISECONDS", 3: "MICROSECONDS", 4: "NANOSECONDS"}


def new_table(request: pb.CreateTableRequest, line: Line) -> Table:
    """The table that a CreateTableRequest describes; whether it can be one, the scheme shard says."""
    made = columns(request.columns, line)
    indexes = tuple(map(_index, request.indexes))
    _check_profile(request.profile)
    families = tuple(Family(family.name, family_settings(family, line)) for family in request.column_families)
    for column in made:
        if column.family != "default" and all(family.name != column.family for family in families):
            families = (*families, Family(column.family))
    names = {column.name for column in made}
    for index in indexes:
        if not names.issuperset((*index.columns, *index.cover)):
            raise unsupported("an index over an unknown column, by CreateTable")  # its words are not known
    plain = settings(request, "partitioning_settings", "key_bloom_filter", "read_replicas_settings")
    match request.WhichOneof("partitions"):
        case "uniform_partitions":
            plain = plain.set("UNIFORM_PARTITIONS", str(request.uniform_partitions))
    key = [column for name in request.primary_key for column in made if column.name == name]
    return Table(
        NO_ID, made, tuple(request.primary_key), indexes, settings=plain, families=families,
        ttl=ttl(request, "ttl_settings"),
        partition_at=tuple(_boundary(point, key) for point in request.partition_at_keys.split_points),
    )  # fmt: skip


def _boundary(point: value_pb.TypedValue, key: list[Column]) -> tuple[Value, ...]:
    """A key at which a partition begins. Source: CopyExplicitPartitions in ydb/core/ydb_convert/ydb_convert.cpp."""
    type, values = decode(point)
    if not isinstance(type, Tuple) or len(type.items) > len(key) or None in values:
        raise unsupported("such a key in partition_at_keys")
    if any(strip(item) != column.type for item, column in zip(type.items, key, strict=False)):
        raise unsupported("a key of another type in partition_at_keys")
    return tuple(values)


def columns(written: Iterable[pb.ColumnMeta], line: Line) -> tuple[Column, ...]:
    """Columns of CreateTable or AlterTable. Raises BAD_REQUEST for a type that no column has."""
    made: list[Column] = []
    for column in written:
        if any(one.name == column.name for one in made):
            raise unsupported(f"a column twice in a request: {column.name}")  # YDB's words are not known
        made.append(_column(column, line))
    return tuple(made)


def _column(written: pb.ColumnMeta, line: Line) -> Column:
    not_null = written.type.WhichOneof("type") != "optional_type"
    if _is_given(written, "not_null") and written.not_null != not_null:
        raise bad_request(f"Not consistent column type and not_null option for column: {written.name}")
    type = _stored(written.type)
    default = None
    if _is_given(written, "from_literal"):
        given, value = decode(written.from_literal)
        if strip(given) != type:
            raise unsupported("a default of another type than its column's, in a request")
        default = (value,)
    elif _is_given(written, "from_sequence"):
        raise unsupported("from_sequence in a request")
    return Column(written.name, type, not_null, default, family=written.family or "default")


def _stored(type: value_pb.Type) -> Data:
    """Source: ExtractColumnTypeInfo in ydb/core/ydb_convert/table_description.cpp."""
    item = type.optional_type.item if type.WhichOneof("type") == "optional_type" else type
    kind = item.WhichOneof("type")
    if kind == "pg_type":
        raise unsupported("types of PostgreSQL in a request")
    if kind not in ("type_id", "decimal_type"):
        raise bad_request("Only optional of data types are supported for table columns")
    stored = column_type(item)
    if stored is None:
        raise bad_request(f"Got invalid typeId: {item.type_id}")
    return stored


def _index(written: pb.TableIndex) -> Index:
    """One without a type is a plain one, as older SDKs send it."""
    if not written.name:
        raise bad_request("Index must have a name")
    if not written.index_columns:
        raise unsupported("an index of no column, by CreateTable")  # YDB's words are not known
    kind = written.WhichOneof("type")
    if kind not in (None, "global_index", "global_async_index", "global_unique_index"):
        raise unsupported(f"a {kind} in a request")
    return Index(
        written.name, tuple(written.index_columns), tuple(written.data_columns),
        unique=kind == "global_unique_index", asynchronous=kind == "global_async_index",
    )  # fmt: skip


def added_index(written: pb.TableIndex) -> Index:
    """The index that AlterTable adds. Source: BuildAlterTableAddIndexRequest; of the type, ydb_ut.cpp
    (AlterTableAddIndexBadRequest)."""
    if not written.name:
        raise bad_request("Index must have a name")
    if not written.index_columns:
        raise bad_request("At least one column must be specified")
    if written.WhichOneof("type") is None:
        raise bad_request("invalid or unset index type")
    return _index(written)


def check_rename(item: pb.RenameIndexItem) -> None:
    """Source: ValidateRenameIndexRequest in ydb/core/ydb_convert/table_description.cpp."""
    if not item.source_name:
        raise bad_request("Source index name must not be empty")
    if not item.destination_name:
        raise bad_request("Destination index name must not be empty")
    if item.source_name == item.destination_name:
        raise bad_request("Source and destination index names must differ")


def _check_profile(profile: pb.TableProfile) -> None:
    """An empty profile, which clients send, says nothing."""
    if profile.ByteSize():
        raise unsupported("a profile in a CreateTableRequest")


def family_settings(family: pb.ColumnFamily, line: Line) -> PMap[str, str]:
    """Settings of a column family, as those of FAMILY in a statement."""
    read: dict[str, str] = {}
    match family.compression:
        case pb.ColumnFamily.COMPRESSION_NONE:
            read["COMPRESSION"] = "off"
        case pb.ColumnFamily.COMPRESSION_LZ4:
            read["COMPRESSION"] = "lz4"
        case pb.ColumnFamily.COMPRESSION_UNSPECIFIED:
            pass
        case number:
            raise bad_request(f"Unsupported compression value {number} in column family '{family.name}'")
    if family.keep_in_memory:
        raise unsupported("keep_in_memory of a column family")
    if family.data.media:
        if family.data.media.lower() not in ("ssd", "hdd", "rot"):
            raise unsupported(f"the storage media {family.data.media!r}")
        read["DATA"] = family.data.media
    return pmap(read)


def settings(request: Message, partitioning: str, bloom: str, replicas: str) -> PMap[str, str]:
    """Settings of WITH by name. The names of the request's fields are those of its kind."""
    read: dict[str, str] = {}
    if request.HasField(partitioning):
        read |= _partitioning(getattr(request, partitioning))
    if switch := _switch(getattr(request, bloom), "key bloom filter"):
        read["KEY_BLOOM_FILTER"] = switch
    if request.HasField(replicas):
        message = getattr(request, replicas)
        match message.WhichOneof("settings"):
            case "per_az_read_replicas_count":
                read["READ_REPLICAS_SETTINGS"] = f"PER_AZ:{message.per_az_read_replicas_count}"
            case "any_az_read_replicas_count":
                read["READ_REPLICAS_SETTINGS"] = f"ANY_AZ:{message.any_az_read_replicas_count}"
            case _:
                raise bad_request("Unknown read_replicas_settings type")
    return pmap(read)


def _partitioning(message: pb.PartitioningSettings) -> dict[str, str]:
    """Zero is no setting here. Source: FillPartitioningPolicy."""
    read = {}
    by_size = _switch(message.partitioning_by_size, "auto partitioning by size")
    if by_size == "DISABLED" and message.partition_size_mb:
        raise bad_request("Auto partitioning partition size is set while auto partitioning by size is disabled")
    if by_size:
        read["BY_SIZE"] = by_size
    if by_load := _switch(message.partitioning_by_load, "auto partitioning by load"):
        read["BY_LOAD"] = by_load
    for name in ("partition_size_mb", "min_partitions_count", "max_partitions_count"):
        if number := getattr(message, name):
            read[name.upper()] = str(number)
    if message.partition_by:
        raise unsupported("partition_by in a request")
    return {f"AUTO_PARTITIONING_{name}": value for name, value in read.items()}


def _switch(number: int, what: str) -> str | None:
    match number:
        case common_pb.FeatureFlag.STATUS_UNSPECIFIED:
            return None
        case common_pb.FeatureFlag.ENABLED:
            return "ENABLED"
        case common_pb.FeatureFlag.DISABLED:
            return "DISABLED"
    raise bad_request(f"Unknown {what} feature flag status: '{number}'")


def ttl(request: Message, field: str) -> Ttl | None:
    """The TTL of a request, None where it has none."""
    if not request.HasField(field):
        return None
    message = getattr(request, field)
    match message.WhichOneof("mode"):
        case "date_type_column":
            mode = message.date_type_column
            return Ttl(mode.column_name, mode.expire_after_seconds * 10**6)
        case "value_since_unix_epoch":
            mode = message.value_since_unix_epoch
            if mode.column_unit not in _UNITS:
                raise unsupported("this unit of a TTL in a request")  # YDB's words are not known
            return Ttl(mode.column_name, mode.expire_after_seconds * 10**6, _UNITS[mode.column_unit])
        case None:
            raise bad_request("Invalid ttl settings mode: 0")  # a guess
    raise unsupported("this TTL in a request")


def _is_given(message: Message, field: str) -> bool:
    """Whether an optional field is set. The oldest proto files that the SDK brings may not know it."""
    descriptor = message.DESCRIPTOR.fields_by_name.get(field)
    return descriptor is not None and descriptor.has_presence and message.HasField(field)
