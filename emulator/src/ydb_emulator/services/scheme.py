"""Ydb.Scheme.V1.SchemeService: directories and what is in them.

Source: ydb/core/grpc_services/rpc_describe_path.cpp, rpc_make_directory.cpp, rpc_remove_directory.cpp;
ydb/core/tx/tx_proxy/describe.cpp; ydb/core/tx/schemeshard/schemeshard__operation_mkdir.cpp, …_rmdir.cpp, _path.cpp.
"""

from __future__ import annotations

from ydb._grpc.common.protos import ydb_scheme_pb2 as pb

from ..errors import Issue, Status, YdbError, unsupported
from ..plan import MakeDirectory, RemoveDirectory
from ..run import schema
from ..store.accounts import OWNER, Access
from ..store.catalog import Catalog, Directory, Entry, Table, Topic, View, children, parent
from ..store.rights import Right, named
from .rpc import Call, Node, canonical, limited, user
from .transactions import bad_request


def list_directory(node: Node, request: pb.ListDirectoryRequest, context: Call) -> pb.ListDirectoryResult:
    """An entry and those straight below it; a table has none."""
    catalog = node.database.state.catalog
    path = find(node, catalog, request.path)
    check_described(node, path, context)
    below = children(catalog, path) if isinstance(catalog[path], Directory) else {}
    prefix = f"{path}/" if path else ""
    entries = (encode_entry(node, f"{prefix}{name}", entry) for name, entry in below.items())
    result = pb.ListDirectoryResult(children=entries)
    result.self.CopyFrom(describe(node, catalog, path))
    return result


def describe_path(node: Node, request: pb.DescribePathRequest, context: Call) -> pb.DescribePathResult:
    """An entry alone; a changefeed, which is a path below its table, is described as the topic in it."""
    catalog = node.database.state.catalog
    owner, _, name = _relative(node, request.path).rpartition("/")
    table = catalog.get(owner)
    if isinstance(table, Table) and table.changefeed(name):
        check_described(node, owner, context)
        return _described(pb.Entry(name=name, owner=OWNER, type=pb.Entry.TOPIC))
    path = find(node, catalog, request.path)
    check_described(node, path, context)
    return _described(describe(node, catalog, path))


def _described(entry: pb.Entry) -> pb.DescribePathResult:
    result = pb.DescribePathResult()
    result.self.CopyFrom(entry)  # as a keyword, `self` is refused by protobuf's pure form
    return result


def make_directory(node: Node, request: pb.MakeDirectoryRequest, context: Call) -> None:
    """Make a directory and those above it; one that exists is no error."""
    _apply(node, MakeDirectory(_relative(node, request.path)), user(node, context))


def remove_directory(node: Node, request: pb.RemoveDirectoryRequest, context: Call) -> None:
    """Remove an empty directory. Raises SCHEME_ERROR where there is none, and for one that isn't empty."""
    _apply(node, RemoveDirectory(_relative(node, request.path)), user(node, context))


def _apply(node: Node, operation: MakeDirectory | RemoveDirectory, asks: str | None) -> None:
    """Run it; a refusal has no word of a query here."""
    with node.database.lock:
        try:
            schema.apply(operation, node.database, asks)
        except YdbError as error:
            raise YdbError(error.status, Issue(error.issues[0].message)) from None


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
    return encode_entry(node, path, catalog[path])


def check_described(node: Node, path: str, context: Call) -> None:
    """Raises UNAUTHORIZED where somebody may not see what a path is.

    Source: TDescribeReq in ydb/core/tx/tx_proxy/describe.cpp; ydb/core/grpc_services/rpc_describe_table.cpp.
    """
    asks = limited(node, context)
    if asks is not None and Right.DESCRIBE_SCHEMA not in node.database.accounts.rights(asks, path):
        raise YdbError(Status.UNAUTHORIZED, Issue("Access denied"))


def encode_entry(node: Node, path: str, entry: Entry) -> pb.Entry:
    """An entry of the catalog, with its owner and who may do what (ConvertDirectoryEntry in ydb_convert.cpp)."""
    accounts = node.database.accounts
    match entry:
        case Table(is_column=True):
            type = pb.Entry.COLUMN_TABLE
        case Table():
            type = pb.Entry.TABLE
        case Topic():
            type = pb.Entry.TOPIC
        case View():
            type = pb.Entry.VIEW
        case _:
            type = pb.Entry.DIRECTORY
    return pb.Entry(
        name=_absolute(node, path).rpartition("/")[2],
        owner=accounts.owners.get(path, OWNER),
        type=type,
        permissions=map(_encode_access, accounts.access.get(path, ())),
        effective_permissions=map(_encode_access, accounts.effective(path)),
    )


def _encode_access(access: Access) -> pb.Permissions:
    return pb.Permissions(subject=access.subject, permission_names=named(access.rights))


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


METHODS = {
    "ListDirectory": list_directory,
    "DescribePath": describe_path,
    "MakeDirectory": make_directory,
    "RemoveDirectory": remove_directory,
}
