"""Views made and dropped."""

from __future__ import annotations

from ...plan import CreateView, DropView
from ...store.catalog import View, with_directories
from ...store.database import Database, State
from .paths import is_free, kind_of, path_conflict, path_does_not_exist


def create_view(operation: CreateView, database: Database) -> State:
    state = database.state
    if not is_free(database, operation.path, View, operation.if_not_exists):
        return state
    return State(with_directories(state.catalog, operation.path).set(operation.path, operation.view), state.rows)


def drop_view(operation: DropView, database: Database) -> State:
    state = database.state
    entry = state.catalog.get(operation.path)
    if entry is None and operation.if_exists:
        return state
    if entry is None:
        raise path_does_not_exist()
    if not isinstance(entry, View):
        raise path_conflict(database, operation.path, "path is not a view", kind_of(entry))
    return State(state.catalog.discard(operation.path), state.rows)
