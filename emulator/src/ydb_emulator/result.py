"""What a query gives back."""

from __future__ import annotations

from dataclasses import dataclass

from .types import Type, Value


@dataclass(frozen=True)
class ResultSet:
    """Column names with their types, and rows of values in that order."""

    columns: tuple[tuple[str, Type], ...]
    rows: tuple[tuple[Value, ...], ...]
