"""The URL for SQLAlchemy, from a connection string as the console of a cloud shows it. Of alembic-ydb 0.2.

In env.py: `create_engine(sqlalchemy_url(os.environ.get("YDB_CONNECTION_STRING", "")), ...)`. As a program:
`python -m alembic_ydb.address 'grpcs://…'`, or `python address.py 'grpcs://…'`.
"""

import re
import sys
from collections.abc import Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from alembic.util import CommandError
from sqlalchemy import URL

EXAMPLE = "grpcs://ydb.serverless.yandexcloud.net:2135/?database=/ru-central1/b1g.../etn..."
_SHAPE = "They look like ydb.serverless.yandexcloud.net:2135."
_PRINTABLE = "[!-~]+"


class AddressError(CommandError):
    """The text is no connection string of YDB. The message says why, and repeats nothing that may be a secret."""


def sqlalchemy_url(text: str, driver: str = "yql+ydb") -> str:
    """What `create_engine` takes for `grpcs://host:port/?database=/path`, or `grpcs://host:port/path`.

    In: the connection string, with grpcs:// or grpc://, and the driver, yql+ydb or yql+ydb_async. Out: the URL, without
    credentials: they go to the engine. Raises AddressError where the text is none, or where it could mean two things.
    """
    if not text:
        raise AddressError(f"There is no connection string of YDB. It looks like {EXAMPLE}")
    if not re.fullmatch(_PRINTABLE, text):
        raise AddressError("The connection string has a blank, a line end or a letter that is not ASCII.")
    protocol, separator, _ = text.partition("://")
    if not separator or protocol not in ("grpc", "grpcs"):
        raise AddressError(_about(protocol if separator else ""))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressError(f"The host and the port of the connection string cannot be read. {_SHAPE}") from None
    if "@" in parts.netloc:
        raise AddressError("The connection string has a name or a password in it. Give them to the engine instead.")
    if not host:
        raise AddressError(f"The connection string has no host. {_SHAPE}")
    if ":" in host:
        raise AddressError("The connection string has an IPv6 address, which the driver does not take. Use a name.")
    if not re.fullmatch(r"[\w.-]+", host):
        raise AddressError(f"The host of the connection string is no name. {_SHAPE}")
    if not port:
        raise AddressError(f"The connection string has no port. {_SHAPE}")
    query = {"protocol": "grpcs"} if protocol == "grpcs" else {}
    database = _database(parts.path, parts.query, parts.fragment)
    return URL.create(driver, host=host, port=port, database=database, query=query).render_as_string()


def _about(protocol: str) -> str:
    """Why a text with another protocol is no connection string. In: the protocol, empty for none."""
    if protocol.startswith("yql"):
        return "This is a URL for SQLAlchemy already. Use it as it is."
    if protocol in ("http", "https"):
        return f"This is the address of a web page. Copy the endpoint, which looks like {EXAMPLE}"
    return "The connection string has to begin with grpcs:// or grpc://."


def _database(path: str, query: str, fragment: str) -> str:
    """The path of the database, without its first slash, from what stands behind the port. Raises AddressError."""
    options = parse_qsl(query, keep_blank_values=True)
    others = sorted({name for name, _ in options} - {"database"})
    if others or fragment:
        raise AddressError("The connection string has more than the database behind the port. Options go into the URL.")
    paths = [value for _, value in options]
    if path.strip("/"):
        paths.append(unquote(path))
    if len(paths) > 1:
        raise AddressError("The connection string names the database twice.")
    if not paths or not paths[0].strip("/"):
        raise AddressError(f"The connection string names no database. It looks like {EXAMPLE}")
    if not paths[0].startswith("/"):
        raise AddressError("The path of the database has to begin with a slash.")
    if not re.fullmatch(_PRINTABLE, paths[0]):
        raise AddressError("The path of the database has a blank, a line end or a letter that is not ASCII.")
    return "/".join(name for name in paths[0].split("/") if name)


def main(arguments: Sequence[str] | None = None) -> None:
    """The program. In: one connection string. Prints the URL, or ends with 1 and one sentence."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if len(given) != 1:
            raise AddressError(f"Give one connection string, in quotation marks. It looks like {EXAMPLE}")
        print(sqlalchemy_url(given[0]))
    except AddressError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
