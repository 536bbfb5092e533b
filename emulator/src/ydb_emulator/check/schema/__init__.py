"""CREATE, ALTER and DROP checked as the query processor does it; the scheme shard's own checks are in `run.schema`.

A module for each kind of object, with the same names as there.
Order and texts of the refusals: yql/essentials/sql/v1/sql_translation.cpp and query.cpp (before any table is known),
ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (HandleCreateTable, HandleAlterTable), yql_kikimr_exec.cpp; which actions
may stand together: ydb/core/ydb_convert/table_description.cpp. Their tests: ydb/core/kqp/ut/scheme/kqp_scheme_ut.cpp,
kqp_constraints_ut.cpp, kqp_default_expr_ut.cpp.
"""

from __future__ import annotations

from ...errors import unsupported
from ...plan import DropView, Operation
from ...yql import syntax
from ..context import Context
from .accounts import check_grant, check_group, check_user, drop_roles
from .alter import alter_table
from .sequences import alter_sequence
from .tables import create_table, drop_table, truncate_table
from .topics import check_topic
from .views import create_view

SchemeStatement = (
    syntax.CreateTable | syntax.DropTable | syntax.AlterTable | syntax.TruncateTable | syntax.AlterSequence
    | syntax.CreateView | syntax.DropView | syntax.Topic | syntax.User | syntax.Group | syntax.DropRoles | syntax.Grant
)  # fmt: skip


def check_schema(node: SchemeStatement, context: Context) -> Operation | None:
    """The scheme operation that a statement asks for, None for nothing. Raises YdbError where YDB refuses it."""
    match node:
        case syntax.CreateTable():
            return create_table(node, context)
        case syntax.DropTable(written, "TABLE", if_exists):
            return drop_table(written, if_exists, context)
        case syntax.AlterTable(kind="TABLE"):
            return alter_table(node, context)
        case syntax.TruncateTable(written):
            return truncate_table(written, context)
        case syntax.AlterSequence():
            return alter_sequence(node, context)
        case syntax.Topic():
            return check_topic(node, context)
        case syntax.CreateView():
            return create_view(node, context)
        case syntax.DropView(view, if_exists):
            return DropView(context.path(view), if_exists)
        case syntax.User():
            return check_user(node)
        case syntax.Group():
            return check_group(node)
        case syntax.DropRoles():
            return drop_roles(node)
        case syntax.Grant():
            return check_grant(node, context)
    raise unsupported(f"{type(node).__name__} statements of this kind", node.position)
