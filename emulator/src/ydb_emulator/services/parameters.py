"""Parameters of a query, from the map that requests of both services have."""

from __future__ import annotations

from collections.abc import Mapping

from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ..errors import unsupported
from ..request import Parameter
from ..wire import decode


def parameters(message: Mapping[str, value_pb.TypedValue]) -> dict[str, Parameter]:
    """Parameters by name, without the dollar sign that every name in a request has."""
    named = {}
    for name, value in message.items():
        if not name.startswith("$"):
            raise unsupported(f"a parameter whose name has no dollar sign: {name}")
        named[name[1:]] = Parameter(*decode(value))
    return named
