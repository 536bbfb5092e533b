"""The cases of the reference of autogenerate, in the groups of its page."""

from __future__ import annotations

from ..case import Case
from .columns import COLUMNS, NULL_AND_DEFAULTS, TYPES
from .indexes import INDEXES, KEYS_AND_CONSTRAINTS
from .tables import OTHER_OBJECTS, TABLES

GROUPS: dict[str, list[Case]] = {
    "Tables": TABLES,
    "Columns": COLUMNS,
    "NULL and defaults": NULL_AND_DEFAULTS,
    "Types": TYPES,
    "Keys and constraints": KEYS_AND_CONSTRAINTS,
    "Indexes": INDEXES,
    "Other objects": OTHER_OBJECTS,
}
CASES = [case for cases in GROUPS.values() for case in cases]
