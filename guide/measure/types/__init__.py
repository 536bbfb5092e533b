"""The reference of types: each type of SQLAlchemy and of the dialect, and each column type of YDB, as a run shows them.

`entries` says what to write in a model and which values to try. All else is measured: a table is made on every release
line; on the default one the values are written and read, and the table is reflected and compared with its model.
"""

from __future__ import annotations

from .advice import traps
from .column import columns
from .entries import ENTRIES, known
from .entry import NAMES, Entry
from .measuring import connected, measure, measured
from .page import PAGE, render

__all__ = [
    "ENTRIES",
    "NAMES",
    "PAGE",
    "Entry",
    "columns",
    "connected",
    "known",
    "measure",
    "measured",
    "render",
    "traps",
]
