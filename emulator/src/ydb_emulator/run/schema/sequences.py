"""Sequences of Serial columns."""

from __future__ import annotations

from dataclasses import replace

from ...plan import AlterSequence
from ...store.catalog import Sequence
from ...store.database import Database, State
from .paths import table_at


def alter_sequence(operation: AlterSequence, database: Database) -> State:
    """START alone changes what a later RESTART goes to; a RESTART once given is carried out by every later ALTER too.

    Source: GetAlterSequenceDescription in ydb/core/tx/schemeshard/schemeshard__operation_alter_sequence.cpp.
    """
    table = table_at(database, operation.path)
    known = table.sequences.get(operation.column, Sequence())
    start = known.start if operation.start is None else operation.start
    increment = known.increment if operation.increment is None else operation.increment
    restart = start if operation.restart is True else operation.restart
    changed = Sequence(start, increment, known.restart if restart is None else restart)
    database.numbers(table.id, table[operation.column]).alter(changed.restart, increment)
    state, sequences = database.state, table.sequences.set(operation.column, changed)
    return State(state.catalog.set(operation.path, replace(table, sequences=sequences)), state.rows)
