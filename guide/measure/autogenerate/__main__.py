"""`python -m guide.measure.autogenerate LINE plain|hooks`: what came of each case on a release line, as JSON."""

from __future__ import annotations

import dataclasses
import json
import sys

from .running import run

if __name__ == "__main__":
    print(json.dumps([dataclasses.asdict(outcome) for outcome in run(sys.argv[1], sys.argv[2] == "hooks")]))
