"""Who may use the database: logins, the tokens that they give, and whether a request needs one.

YDB's local image asks for none (`enforce_user_token_requirement` is off), and ignores a token that it doesn't know:
ydb/docs/ru/core/reference/configuration/security_config.md. A request with a token that it knows is that user's, and
has that user's rights (`run.rights`). Its first user and that user's password are those of ydb-sqlalchemy's
tests/integration/test_core.py. With users of its own the emulator asks for a token in every request but Login, as YDB
does with that setting on; they are administrators.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace

from .errors import Issue, Status, YdbError, unsupported
from .store.accounts import Accounts, initial, now
from .store.database import Database

_LOCAL_USERS = {"root": "1234"}
TOKEN_SECONDS = 12 * 3600
"""MAX_TOKEN_EXPIRE_TIME of ydb/library/login/login.h."""
_SIGNATURE_BYTES = 256
_WRONG = "Invalid password"


def accounts(users: Mapping[str, str] | None) -> Accounts:
    """What a database starts with: `users` (passwords by name) as its administrators; None for the local image's."""
    return initial(dict(_LOCAL_USERS if users is None else users))


class Access:
    """The logins of an emulator. `asks` tells whether every request needs one."""

    def __init__(self, database: Database, asks: bool):
        self._database = database
        self._asks = asks
        self._users: dict[str, str] = {}

    def login(self, user: str, password: str) -> str:
        """A token for a user. Raises UNAUTHORIZED, from YDB 26.1 on without a reason.

        Texts: ydb/library/login/login.cpp. Their absence: ydb/core/grpc_services/rpc_login.cpp, which clears them by
        default since github.com/ydb-platform/ydb/pull/38049, brought to stable-26-1 by pull/38219.
        """
        reason = self._reason(user, password)
        self._remember(user, reason)
        if reason is not None:
            hides = self._database.line.has("hidden reasons of failed logins")
            shown = () if hides else (Issue(reason, Status.UNAUTHORIZED),)
            raise YdbError(Status.UNAUTHORIZED, *shown)
        token = _token(user, self._database.path)
        self._users[token] = user
        return token

    def _reason(self, user: str, password: str) -> str | None:
        """Why a login fails, or None."""
        accounts = self._database.accounts
        if user in accounts.groups:
            return f"{user} is a group"
        known = accounts.users.get(user)
        if known is None:
            return f"Cannot find user: {user}"
        if not known.can_log_in:
            return f"User {user} login denied: account is blocked"
        if known.is_locked_out:
            return f"User {user} login denied: too many failed password attempts"
        if known.password is None:
            raise unsupported("a login with a password of which it knows the hash alone")
        return None if known.password == password else _WRONG

    def _remember(self, user: str, reason: str | None) -> None:
        """Count a failure of the password alone; a login begins anew."""
        with self._database.lock:
            accounts = self._database.accounts
            known = accounts.users.get(user)
            if known is None or reason not in (None, _WRONG):
                return
            if reason is None:
                known = replace(known, last_login=now(), failures=0)
            else:
                known = replace(known, last_failure=now(), failures=known.failures + 1)
            self._database.accounts = replace(accounts, users=accounts.users.set(user, known))

    def user(self, token: str) -> str | None:
        """Whose a token is; None for one that is nobody's, or of a user who is no longer there."""
        user = self._users.get(token)
        return user if user in self._database.accounts.users else None

    def refusal(self, token: str) -> str | None:
        """What YDB answers, with gRPC's UNAUTHENTICATED, to a request with this token (`""` for none); or None.

        Texts: ydb/core/security/secure_request.h, ydb/core/security/ticket_parser_impl.h. What stands around them is
        pinned by ydb/services/ydb/ydb_register_node_ut.cpp, for the second one; for the first it is a guess.
        """
        if not self._asks or self.user(token) is not None:
            return None
        reason = "Could not find correct token validator" if token else "Access denied without user token"
        return f"unauthenticated, unauthenticated: {{ <main>: Error: {reason} }}"


def _token(user: str, database: str) -> str:
    """A token of YDB's form: a JWT for 12 hours, whose claims clients read. What signs it is random here.

    Claims: TLoginProvider::LoginUser in ydb/library/login/login.cpp; the audience is the database.
    """
    now = int(time.time())
    claims = {"aud": [database], "exp": now + TOKEN_SECONDS, "iat": now, "sub": user}
    header = {"alg": "PS256", "kid": "1"}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, claims)]
    parts.append(secrets.token_bytes(_SIGNATURE_BYTES))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


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
