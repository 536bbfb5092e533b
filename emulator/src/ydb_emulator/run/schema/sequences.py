"""Sequences of Serial columns."""

from __future__ import annotations

from dataclasses import replace

from ...plan import AlterSequence
from ...store.catalog import Sequence
from ...store.database import Database, State
from .paths import table_at


def alter_sequence(operation: AlterSequence, database: Database) -> State:
    """START alone changes what a later RESTART goes to; a RESTART once given is carried out by every later ALTER too.

    Source: measured on local-ydb (ydb-behaviour §3, sequences).
    """
    table = table_at(database, operation.path)
    known = table.sequences.get(operation.column, Sequence())
    changed = Sequence(
        known.start if operation.start is None else operation.start,
        known.increment if operation.increment is None else operation.increment,
        known.restart if operation.restart is None else operation.restart,
    )
    restart = changed.start if changed.restart is True else changed.restart
    database.alter_sequence(table.id, operation.column, restart, changed.increment)
    state, sequences = database.state, table.sequences.set(operation.column, changed)
    return State(state.catalog.set(operation.path, replace(table, sequences=sequences)), state.rows)
