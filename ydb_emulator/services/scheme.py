"""Ydb.Scheme.V1.SchemeService: directories and what is in them.

Source: ydb/core/grpc_services/rpc_describe_path.cpp, rpc_make_directory.cpp, rpc_remove_directory.cpp;
ydb/core/tx/tx_proxy/describe.cpp; ydb/core/tx/schemeshard/schemeshard__operation_mkdir.cpp, …_rmdir.cpp, _path.cpp.
"""

from __future__ import annotations

import re

import grpc
from ydb._grpc.common.protos import ydb_scheme_pb2 as pb

from ..catalog import Catalog, Directory, Entry, Table, View, children, parent, with_directories
from ..database import State
from ..errors import Issue, Status, YdbError, unsupported
from .rpc import Node, canonical
from .transactions import bad_request

_OWNER = "root@builtin"
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def list_directory(
    node: Node, request: pb.ListDirectoryRequest, context: grpc.ServicerContext
) -> pb.ListDirectoryResult:
    """An entry and those straight below it; a table has none."""
    catalog = node.database.state.catalog
    path = find(node, catalog, request.path)
    below = children(catalog, path) if isinstance(catalog[path], Directory) else {}
    entries = (encode_entry(name, entry) for name, entry in below.items())
    return pb.ListDirectoryResult(self=describe(node, catalog, path), children=entries)


def describe_path(node: Node, request: pb.DescribePathRequest, context: grpc.ServicerContext) -> pb.DescribePathResult:
    catalog = node.database.state.catalog
    return pb.DescribePathResult(self=describe(node, catalog, find(node, catalog, request.path)))


def make_directory(node: Node, request: pb.MakeDirectoryRequest, context: grpc.ServicerContext) -> None:
    """Make a directory and those above it; one that exists is no error."""
    path = _relative(node, request.path)
    with node.database.lock:
        state = node.database.state
        for above in _ancestors(path):
            if not isinstance(state.catalog.get(above, Directory()), Directory):
                raise _check_failed(node, above, "path is not a directory")
        if not isinstance(state.catalog.get(path, Directory()), Directory):
            raise _check_failed(node, path, "unexpected path type")
        for name in path.split("/"):
            _check_name(node, path, name)
        catalog = with_directories(state.catalog, path).set(path, Directory())
        node.database.change_schema(State(catalog, state.rows))


def remove_directory(node: Node, request: pb.RemoveDirectoryRequest, context: grpc.ServicerContext) -> None:
    """Remove an empty directory. Raises SCHEME_ERROR where there is none, and for one that isn't empty."""
    path = _relative(node, request.path)
    with node.database.lock:
        state = node.database.state
        if path == "":
            raise _check_failed(node, path, "path is root")
        if path not in state.catalog:
            nearest = next(above for above in _ancestors(path) if above in state.catalog)
            message = f"path hasn't been resolved, nearest resolved path: '{_absolute(node, nearest)}'"
            raise _check_failed(node, path, message)
        if not isinstance(state.catalog[path], Directory):
            raise _check_failed(node, path, "path is not a directory")
        if below := children(state.catalog, path):
            raise _check_failed(node, path, f"path has children, request doesn't accept it, children: {len(below)}")
        node.database.change_schema(State(state.catalog.delete(path), state.rows))


def find(node: Node, catalog: Catalog, path: str) -> str:
    """The path in the catalog that a request means. Raises SCHEME_ERROR where there is nothing."""
    relative = _relative(node, path)
    if relative in catalog:
        return relative
    if any(isinstance(catalog.get(above), Table) for above in _ancestors(relative)):
        raise unsupported("what a table holds as a path of its own")
    if relative.split("/")[0] == ".sys":
        raise unsupported("system views")
    raise YdbError(Status.SCHEME_ERROR, Issue("Path not found"))


def describe(node: Node, catalog: Catalog, path: str) -> pb.Entry:
    return encode_entry(_absolute(node, path).rpartition("/")[2], catalog[path])


def encode_entry(name: str, entry: Entry) -> pb.Entry:
    match entry:
        case Table(is_column=True):
            type = pb.Entry.COLUMN_TABLE
        case Table():
            type = pb.Entry.TABLE
        case View():
            type = pb.Entry.VIEW
        case _:
            type = pb.Entry.DIRECTORY
    return pb.Entry(name=name, owner=_OWNER, type=type)


def _relative(node: Node, path: str) -> str:
    """The path inside the database. Raises BAD_REQUEST for none, SCHEME_ERROR for one outside of it."""
    absolute, root = canonical(path), node.database.path
    if not absolute:
        if path:
            raise unsupported("the root of the cluster")
        raise bad_request("Invalid path")
    if absolute == root:
        return ""
    if not absolute.startswith(f"{root}/"):
        raise YdbError(Status.SCHEME_ERROR, Issue("Root not found"))
    return absolute.removeprefix(f"{root}/")


def _absolute(node: Node, path: str) -> str:
    return f"{node.database.path}/{path}" if path else node.database.path


def _ancestors(path: str) -> list[str]:
    """The paths above a path, nearest first, down to the root."""
    above = []
    while path:
        path = parent(path)
        above.append(path)
    return above


def _check_name(node: Node, path: str, name: str) -> None:
    """Source of the texts: TPath::IsValidLeafName."""
    if name == ".sys":
        raise _check_failed(node, path, "path part '.sys' is reserved by the system")
    if not name.strip("."):
        raise _check_failed(node, path, f"is not allowed path part contains only dots '{name}'")
    if not _NAME.fullmatch(name):
        symbol = next(char for char in name if not _NAME.fullmatch(char))
        raise _check_failed(node, path, f"symbol '{symbol}' is not allowed in the path part '{name}'")


def _check_failed(node: Node, path: str, error: str) -> YdbError:
    """A refusal by the scheme shard. YDB adds the numbers of what it names, which mean nothing here."""
    message = f"Check failed: path: '{_absolute(node, path)}', error: {error}"
    return YdbError(Status.SCHEME_ERROR, Issue(message))


METHODS = {
    "ListDirectory": list_directory,
    "DescribePath": describe_path,
    "MakeDirectory": make_directory,
    "RemoveDirectory": remove_directory,
}
