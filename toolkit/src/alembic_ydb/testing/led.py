"""While env.py runs, every connection of SQLAlchemy to YDB leads to the database of a test, whatever its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

DIALECT = "yql"
KEPT = ("driver_config_kwargs", "pyformat")
"""Arguments of a connection that have nothing to do with where it leads or who logs in."""


class Leads:
    """Which database of the test stands for each one that env.py names.

    In: the URL of an empty database, which stands for the first one, and what makes another one for each that follows.
    """

    def __init__(self, url: str, another: Callable[[str], str]):
        self.urls: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}  # by address and path: of two clusters, paths may be equal
        self._first, self._another = url, another
        self._records: list[Any] = []

    def url(self, address: str, database: str) -> sa.URL:
        """It is known by its path, or by its address too where another one has that path."""
        if (address, database) not in self._names:
            name = f"{address}{database}" if database in self.urls else database
            self.urls[name] = self._another(database) if self.urls else self._first
            self._names[address, database] = name
        return sa.make_url(self.urls[self._names[address, database]])

    def connect(self, dialect: Any, record: Any, arguments: Any, named: dict[str, Any]) -> Any:
        """What SQLAlchemy calls instead of connecting. None lets another dialect connect where it wants to."""
        if dialect.name != DIALECT:
            return None
        database = "/" + str(named.get("database", "")).strip("/")
        _, led = dialect.create_connect_args(self.url(f"{named.get('host')}:{named.get('port')}", database))
        root = led.get("ydb_table_path_prefix") or led["database"]
        prefix = named.get("ydb_table_path_prefix") or ""
        if prefix and not f"{prefix}/".startswith(f"{root}/"):
            prefix = f"{root}/{prefix.removeprefix(database).strip('/')}"
        led = {name: named[name] for name in KEPT if name in named} | led
        if prefix:
            led["ydb_table_path_prefix"] = prefix
        self._records.append(record)
        return dialect.connect(*arguments, **led)

    @contextmanager
    def active(self) -> Iterator[None]:
        sa.event.listen(sa.Engine, "do_connect", self.connect)
        try:
            yield
        finally:
            sa.event.remove(sa.Engine, "do_connect", self.connect)
            for record in self._records:
                if record.dbapi_connection is not None and not hasattr(record.dbapi_connection, "await_"):
                    record.invalidate()  # an engine that outlives env.py connects anew, to where it says
            self._records.clear()
