"""ALTER SEQUENCE of the sequence of a Serial column."""

from __future__ import annotations

from ...errors import refusal_at, scheme_failure
from ...plan import AlterSequence
from ...store.catalog import Table
from ...store.sequences import LARGEST
from ...yql import syntax
from ..context import Context


def alter_sequence(node: syntax.AlterSequence, context: Context) -> AlterSequence | None:
    """A Serial column's sequence, by its absolute path: `/local/t/_serial_column_id`."""
    options = _read_options(node)
    absolute = node.sequence.name.startswith("/") or context.prefix
    owner, _, name = context.path(node.sequence).rpartition("/") if absolute else ("", "", "")
    table = context.catalog.get(owner) if owner else None
    columns = table.columns if isinstance(table, Table) else ()
    column = next((column for column in columns if column.sequence == name), None)
    if column is None:
        if node.if_exists:
            return None
        raise scheme_failure("Path does not exist")
    restart = options.get("Restart value")
    return AlterSequence(
        owner,
        column.name,
        options.get("Start value"),
        options.get("Increment"),
        True if restart is None and "Restart value" in options else restart,
    )


_NAMES = {"RESTART": "Restart value", "START WITH": "Start value", "INCREMENT BY": "Increment"}


def _read_options(node: syntax.AlterSequence) -> dict[str, int | None]:
    """The options by YDB's name, checked as the translator does it, before any sequence is known.

    Source: AlterSequenceAction in yql/essentials/sql/v1/sql_query.cpp, TAlterSequence in query.cpp beside it.
    """
    said: dict[str, int | None] = {}
    for option, value in node.options:
        name = _NAMES[option]
        if name in said:
            raise refusal_at(f"{name} defined more than once", node.position)
        said[name] = value
    for name in _NAMES.values():
        value = said.get(name)
        if value is None:
            continue
        if value > LARGEST:
            raise refusal_at(f"{name}: {value} cannot be greater than max value: {LARGEST}", node.position)
        if value == 0 and name == "Increment":
            raise refusal_at("Increment must not be zero", node.position)
        if value == 0:
            raise refusal_at(f"{name}: 0 cannot be less than min value: 1", node.position)
    return said
