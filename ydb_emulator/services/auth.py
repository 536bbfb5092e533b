"""Ydb.Auth.V1.AuthService: a token for a name and a password.

The one user is that of YDB's local image. A token is not asked for, as there: anonymous clients may do everything.
Sources: ydb/docs/en/core/reference/docker/start.md (anonymous access); the user and its password:
ydb-sqlalchemy's tests/integration/test_core.py, which its authors run on that image; texts:
ydb/library/login/login.cpp.
"""

from __future__ import annotations

import secrets

import grpc
from ydb._grpc.common.protos import ydb_auth_pb2 as pb

from ..errors import Issue, Status, YdbError
from .rpc import Node

_PASSWORDS = {"root": "1234"}


def login(node: Node, request: pb.LoginRequest, context: grpc.ServicerContext) -> pb.LoginResult:
    """A token for a user of the database. Raises UNAUTHORIZED for an unknown user and for a wrong password."""
    if request.user not in _PASSWORDS:
        raise YdbError(Status.UNAUTHORIZED, Issue(f"Cannot find user: {request.user}"))
    if request.password != _PASSWORDS[request.user]:
        raise YdbError(Status.UNAUTHORIZED, Issue("Invalid password"))
    return pb.LoginResult(token=secrets.token_urlsafe())


METHODS = {"Login": login}
