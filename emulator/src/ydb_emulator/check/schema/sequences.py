"""ALTER SEQUENCE of the sequence of a Serial column."""

from __future__ import annotations

from dataclasses import replace

from ...errors import scheme_failure, unsupported
from ...plan import AlterSequence
from ...store.catalog import Table
from ...types import RANGES
from ...yql import syntax
from ..context import Context


def alter_sequence(node: syntax.AlterSequence, context: Context) -> AlterSequence | None:
    """A Serial column's sequence, by its absolute path: `/local/t/_serial_column_id`."""
    absolute = node.sequence.name.startswith("/") or context.prefix
    owner, _, name = context.path(node.sequence).rpartition("/") if absolute else ("", "", "")
    table = context.catalog.get(owner) if owner else None
    columns = table.columns if isinstance(table, Table) else ()
    column = next((column for column in columns if column.sequence == name), None)
    if column is None:
        if node.if_exists:
            return None
        raise scheme_failure("Path does not exist")
    made = AlterSequence(owner, column.name)
    words = [option.split()[0] for option, _ in node.options]
    largest = RANGES[column.type][1]
    if len(set(words)) != len(words) or any(value is not None and value > largest for _, value in node.options):
        raise unsupported("these options of a sequence", node.position)
    for option, value in node.options:
        if option.startswith("RESTART"):
            made = replace(made, restart=True if value is None else value)
        elif option.startswith("START"):
            made = replace(made, start=value)
        elif option.startswith("INCREMENT"):
            made = replace(made, increment=value)
        if value == 0 or not option.startswith(("RESTART", "START", "INCREMENT")):
            raise unsupported(f"this {option} of a sequence", node.position)
    return made
