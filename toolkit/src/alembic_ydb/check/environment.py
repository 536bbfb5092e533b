"""Variables that an env.py may want before it connects. Where it connects is not for them to say here."""

from __future__ import annotations

from collections.abc import Mapping

from alembic.config import Config

URL = "YDB_URL"
LOGINS = (
    "YDB_USER", "YDB_ACCESS_TOKEN_CREDENTIALS", "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", "YDB_OAUTH2_KEY_FILE",
    "YDB_METADATA_CREDENTIALS", "YDB_ANONYMOUS_CREDENTIALS",
)  # fmt: skip
"""What names a way to log in: those of the module `login`, which are those of YDB's SDK, and a user."""


def missing(environ: Mapping[str, str], config: Config, url: str) -> dict[str, str]:
    """The address and a login, where neither the environment nor the configuration has them."""
    found = {} if environ.get(URL) or config.get_main_option("sqlalchemy.url") else {URL: url}
    if all(environ.get(name, "0") in ("", "0") for name in LOGINS):
        found["YDB_ANONYMOUS_CREDENTIALS"] = "1"
    return found
