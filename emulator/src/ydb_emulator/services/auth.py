"""Ydb.Auth.V1.AuthService: a token for a name and a password (see `access`)."""

from __future__ import annotations

from ydb._grpc.common.protos import ydb_auth_pb2 as pb

from .rpc import Call, Node


def login(node: Node, request: pb.LoginRequest, context: Call) -> pb.LoginResult:
    """A token for a user of the database. Raises UNAUTHORIZED for an unknown user and for a wrong password."""
    return pb.LoginResult(token=node.access.login(request.user, request.password))


METHODS = {"Login": login}
