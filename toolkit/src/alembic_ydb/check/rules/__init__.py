"""The rules, by code. Those of 1xx tell what YDB answers, 2xx what is silently different, 3xx what is lost, 4xx what
takes long, 5xx how a revision is put together, 6xx what the running application notices, 7xx what cannot be undone.
"""

from __future__ import annotations

from ..record import Finding, History
from . import answers, duration, left_out, losses, one_by_one, running, silent, structure, undo, whole
from .rule import Rule

MODULES = (answers, silent, left_out, losses, duration, one_by_one, structure, running, undo)
RULES: dict[str, Rule] = {rule.code: rule for module in MODULES for rule in module.RULES}
"""Those that judge a revision. What each means is in `codes/`, which explain.py reads."""


def judge(history: History) -> list[Finding]:
    """What the rules find in a run, revision by revision."""
    found = list(whole.findings(history))
    for revision in history.revisions:
        for rule in RULES.values():
            found += rule.findings(revision)
    return found
