"""`python -m guide.measure.types`: what autogenerate finds with the hooks, by what is written in the model, as JSON."""

from __future__ import annotations

import json

from .measuring import compare_with_hooks

if __name__ == "__main__":
    print(json.dumps(compare_with_hooks()))
