"""Who may use the database: users, the tokens that they log in for, and whether a request needs one.

YDB's local image asks for none (`enforce_user_token_requirement` is off), and ignores a token that it doesn't know:
ydb/docs/ru/core/reference/configuration/security_config.md. Its one user and that user's password are those of
ydb-sqlalchemy's tests/integration/test_core.py. With users of its own the emulator asks for a token in every request
but Login, as YDB does with that setting on. A token of YDB is a JWT; this one is random, and clients look into neither.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from .errors import Issue, Status, YdbError
from .releases import Line

_LOCAL_USERS = {"root": "1234"}


class Access:
    """The users of an emulator. `users` are passwords by name; None stands for the local image's, and asks nothing."""

    def __init__(self, users: Mapping[str, str] | None = None):
        self._users = dict(_LOCAL_USERS if users is None else users)
        self._asks = users is not None
        self._tokens: set[str] = set()

    def login(self, user: str, password: str, line: Line) -> str:
        """A token for a user. Raises UNAUTHORIZED, from YDB 26.1 on without a reason.

        Texts: ydb/library/login/login.cpp. Their absence: ydb/core/grpc_services/rpc_login.cpp, which clears them by
        default since github.com/ydb-platform/ydb/pull/38049, brought to stable-26-1 by pull/38219.
        """
        reason = f"Cannot find user: {user}" if user not in self._users else "Invalid password"
        if self._users.get(user) != password:
            shown = () if line.has("hidden reasons of failed logins") else (Issue(reason, Status.UNAUTHORIZED),)
            raise YdbError(Status.UNAUTHORIZED, *shown)
        token = secrets.token_urlsafe()
        self._tokens.add(token)
        return token

    def refusal(self, token: str) -> str | None:
        """What YDB answers, with gRPC's UNAUTHENTICATED, to a request with this token (`""` for none); or None.

        Texts: ydb/core/security/secure_request.h, ydb/core/security/ticket_parser_impl.h. What stands around them is
        pinned by ydb/services/ydb/ydb_register_node_ut.cpp, for the second one; for the first it is a guess.
        """
        if not self._asks or token in self._tokens:
            return None
        reason = "Could not find correct token validator" if token else "Access denied without user token"
        return f"unauthenticated, unauthenticated: {{ <main>: Error: {reason} }}"


def read_users(text: str) -> dict[str, str]:
    """Passwords by name, from lines `name:password`. Raises ValueError where a line is none, or there is no line."""
    users = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, colon, password = line.partition(":")
        if not (name and colon and password):
            raise ValueError(f"line {number} is not name:password")
        users[name] = password
    if not users:
        raise ValueError("it names no user")
    return users
