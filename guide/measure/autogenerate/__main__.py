"""`python -m guide.measure.autogenerate`: what came of each case, as JSON, by release line and without or with hooks.

All in one process: two more would have to start, and to fill what Alembic and SQLAlchemy keep of one comparison for the
next.
"""

from __future__ import annotations

import dataclasses
import gc
import json

from .running import RUNS, run

if __name__ == "__main__":
    gc.freeze()  # what has been imported stays
    print(json.dumps([[dataclasses.asdict(outcome) for outcome in run(*each)] for each in RUNS]))
