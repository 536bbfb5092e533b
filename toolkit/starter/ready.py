"""Whether each database of YDB_URL and YDB_TENANTS has the revisions of this code: `python ready.py`.

The exit status tells: 0 if it has. `--allow-unknown` lets a revision pass that this code does not know, as that of a
newer release. The address and the login are those of migrations/env.py.
"""

import os

import sqlalchemy as sa
from alembic.util import CommandError

from alembic_ydb import login, ready, tenants


def main() -> None:
    try:
        urls, arguments = databases(), {"credentials": login.credentials(os.environ)}
        if file := os.environ.get("YDB_ROOT_CERTIFICATES"):
            if not os.path.isfile(file):
                raise CommandError(f"YDB_ROOT_CERTIFICATES: there is no file {file}")
            arguments["root_certificates_path"] = file
    except (CommandError, sa.exc.ArgumentError) as error:
        raise SystemExit(f"not ready: {error}") from None
    for url in urls:
        os.environ["YDB_URL"] = url  # where the check looks
        ready.main(connect_args=arguments)


def databases() -> list[str]:
    """The URL of YDB_URL, or one for each directory that YDB_TENANTS names. Raises CommandError and ArgumentError."""
    url, names = os.environ.get("YDB_URL", ""), os.environ.get("YDB_TENANTS", "").split()
    if "YDB_TENANTS" in os.environ and not names:
        raise CommandError("YDB_TENANTS names no tenant. Unset it where the database has none")
    return list(tenants.directories(url, names).values()) if names else [url]


if __name__ == "__main__":
    main()
