"""CREATE VIEW."""

from __future__ import annotations

from typing import Any

from ...errors import refusal_at, unsupported
from ...plan import CreateView
from ...store.catalog import View
from ...yql import syntax
from ..context import Context
from ..parts import nodes
from ..queries import check_query


def create_view(node: syntax.CreateView, context: Context) -> CreateView:
    """The last security_invoker counts. Source: ydb/core/kqp/ut/view/view_ut.cpp (ParsingSecurityInvoker)."""
    is_enabled = False
    for setting in node.settings:
        if setting.name != "security_invoker":
            if setting.name.lower() == "security_invoker":
                continue  # the name is case-sensitive: one in capitals enables nothing
            raise unsupported(f"the view option {setting.name}", setting.position)
        match setting.value:
            case syntax.Bool() if setting.value.position == setting.position:  # it has none, and enables nothing
                is_enabled = False
            case syntax.Bool(value):
                is_enabled = value
            case syntax.String(value):
                is_enabled = value.lower() == b"true"
            case syntax.Name(word):
                is_enabled = word.lower() == "true"
            case _:
                raise unsupported("this value of security_invoker", setting.position)
    if not is_enabled:
        raise refusal_at("security_invoker option must be explicitly enabled", node.position)
    if any(isinstance(part, syntax.Bind) and part.name in context.binds for part in nodes(node.query, ())):
        raise unsupported("names from outside of a view's query", node.position)
    check_query(node.query, context)
    query = _with_absolute_paths(node.query, context) if context.prefix else node.query
    return CreateView(context.path(node.view), View(node.text, query, context.prefix), node.if_not_exists)


def _with_absolute_paths(node: Any, context: Context) -> Any:
    """A tree whose tables are named as the TablePathPrefix in force reads them: a view keeps its PRAGMA."""
    match node:
        case syntax.Path():
            return syntax.Path(context.absolute(context.path(node)), position=node.position)
        case tuple():
            return tuple(_with_absolute_paths(part, context) for part in node)
        case syntax.Node():
            changed = {name: _with_absolute_paths(value, context) for name, value in vars(node).items()}
            return type(node)(**changed)
    return node
