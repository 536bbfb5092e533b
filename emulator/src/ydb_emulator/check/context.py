"""What a statement is checked in: the catalog it sees, the names it may use, and what checking yields."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ..errors import SCHEME_ERROR, Issue, Position, YdbError, refusal, row_access_denied, type_annotation, unsupported
from ..plan import Expr, Relation
from ..store.catalog import Entry, Table, Topic
from ..store.database import Database, Transaction
from ..store.rights import Right
from ..yql import syntax

MAX_USES, MAX_STEPS = 5_000, 2_000_000
"""Uses of lambdas in one request, and computations of their arguments. Those that run over a list don't count."""


ANONYMOUS = "_"
"""`$_` takes a value that nobody needs, any number of times."""


STANDARD_IN = "ansiinforemptyornullableitemscollections"
"""The pragma with which IN deals with NULL as SQL does: on but for the table service (kqp_translate.cpp)."""


class Lambda(Expr):
    """`($x) -> expression`: `apply` checks its body for arguments and gives the checked result. The last `optional` of
    the parameters are NULL where no argument is given."""

    parameters: tuple[str, ...] = field(kw_only=True)
    optional: int = field(default=0, kw_only=True)
    apply: Callable[[Sequence[Expr]], Expr] = field(kw_only=True)


@dataclass
class Context:
    """One request. `catalog` is as it was before the request, whatever its statements do.

    `user` is whose rights count, None where nothing is to be looked at. What it may not describe is not there for it.

    `binds` are the parameters and named expressions by name, without the dollar sign. `view_depth` is how many views
    are around it. `pragmas` are the flags that are on (see `pragmas.py`). `drawn` are the random values
    of the request by what they were asked with. `actions` are by name, each with the names that stand before it.
    """

    database: Database
    transaction: Transaction
    binds: dict[str, Expr | Relation] = field(default_factory=dict)
    parameters: dict[str, Expr] = field(default_factory=dict)
    user: str | None = None
    prefix: str = ""
    pragmas: frozenset[str] = frozenset({"ansicurrentrow", STANDARD_IN, "simplecolumns"})
    _uses: Iterator[int] = field(default_factory=itertools.count)
    _steps: Iterator[int] = field(default_factory=itertools.count)
    now: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    view_depth: int = 0
    drawn: dict[object, object] = field(default_factory=dict)
    actions: dict[str, tuple[syntax.DefineAction, dict[str, Expr | Relation]]] = field(default_factory=dict)
    _needed: list[tuple[str, Right]] = field(default_factory=list)
    _is_named: bool = False

    def __post_init__(self) -> None:
        self.catalog = self.transaction.state.catalog

    @property
    def is_standard_in(self) -> bool:
        return STANDARD_IN in self.pragmas

    def use(self) -> None:
        """Called where a lambda is used: named in one another, a few of them make a query without end."""
        if next(self._uses) > MAX_USES:
            raise unsupported("this many uses of lambdas")

    def step(self) -> None:
        """Called when an argument of a lambda is computed."""
        if next(self._steps) > MAX_STEPS:
            raise unsupported("a query that takes this many steps")

    def may(self, path: str, right: Right) -> bool:
        """Whether the user has these rights on a path."""
        return self.user is None or not right & ~self.database.accounts.rights(self.user, path)

    def need(self, path: str, right: Right) -> None:
        """Ask for rights on a table's rows, which are looked at when all is checked."""
        self._needed.append((path, right))

    def check_rights(self) -> None:
        """Raises ABORTED where a right that is needed is missing."""
        for path, right in self._needed:
            if not self.may(path, right):
                raise row_access_denied(self.absolute(path))

    def path(self, written: syntax.Path) -> str:
        """The path in the catalog that a table name means, with the TablePathPrefix in force."""
        if written.cluster == "db":
            raise unsupported("the name of YDB's own cluster before a table", written.position)
        if written.cluster is not None:
            raise refusal(Issue(f"Unknown cluster: {written.cluster}", position=written.position))
        name, root = self.prefixed(written), f"{self.database.path}/"
        if name.startswith("/") and not name.startswith(root):
            raise unsupported("a path of another database", written.position)
        return name.removeprefix(root).strip("/")

    def prefixed(self, written: syntax.Path) -> str:
        """A table name after the TablePathPrefix in force.

        Source of the dot at its start: ydb-go-sdk, tests/integration/database_sql_get_tables_test.go.
        """
        name = written.name
        if name.startswith("/"):
            return name
        self._is_named = True
        if not self.prefix:
            return name
        name = name.removeprefix("./")
        if any(part in (".", "..") for part in name.split("/")):
            raise unsupported("dots in a path after a TablePathPrefix", written.position)
        return f"{self.prefix}/{name}"

    def use_prefix(self, prefix: str, position: Position) -> None:
        """Put another TablePathPrefix into force. YDB reads every name of a text with the last one.

        Source: ydb/core/kqp/ut/query/kqp_table_path_prefix_scope_ut.cpp, without a flag that 26.2 lacks.
        """
        if self._is_named and prefix != self.prefix:
            raise unsupported("a TablePathPrefix that changes between statements", position)
        self.prefix = prefix

    def absolute(self, path: str) -> str:
        return f"{self.database.path}/{path}"

    def table(self, written: syntax.Path, function: str) -> tuple[str, Table]:
        """Path and table that a name means. `function` is what YDB calls the statement in its refusal."""
        path, entry = self.entry(written)
        if not isinstance(entry, Table):
            raise missing_table(self.absolute(path), function, written.position)
        return path, entry

    def entry(self, written: syntax.Path) -> tuple[str, Entry | None]:
        path = self.path(written)
        entry = self.catalog.get(path)
        if isinstance(entry, Topic):
            raise unsupported("a statement about tables and views that names a topic", written.position)
        return path, entry if self.user is None or self.may(path, Right.DESCRIBE_SCHEMA) else None


def unknown_name(name: str, position: Position) -> YdbError:
    """A named expression or parameter that is none.

    Source of the text for `$_`: yql/essentials/sql/v1/sql_ut_common.h (ReferenceAnonymousVariableIsForbidden).
    """
    message = "Unable to reference anonymous name $_" if name == ANONYMOUS else f"Unknown name: ${name}"
    return refusal(Issue(message, position=position))


def missing_table(absolute: str, function: str, position: Position) -> Exception:
    """Source: ydb/core/kqp/provider/yql_kikimr_provider.cpp, EnsureTableExists."""
    message = (
        f"Cannot find table 'db.[{absolute}]' because it does not exist or you do not have access permissions. "
        "Please check correctness of table path and user permissions."
    )
    return type_annotation(function, position, Issue(message, SCHEME_ERROR, position))
