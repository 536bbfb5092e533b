"""All cases on release lines, judged in a process of its own: the hooks change what is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

from guide.paths import ROOT
from ydb_emulator import Emulator, releases

from ..hooks import load_hooks
from .cases import CASES
from .judging import judge, project
from .verdict import Judgment

RUNS = ((releases.DEFAULT, False), (releases.DEFAULT, True), (releases.RELEASED[0], True))
"""A release line, and whether with the hooks. Those without come first, because nothing takes the hooks back."""


def run(line: str, with_hooks: bool) -> list[Judgment]:
    """All cases on a release line."""
    found = []
    module: Any = None
    if with_hooks:
        module = load_hooks()
    with Emulator(line=line) as emulator, project(emulator) as made:
        for case in CASES:
            hooks = module.hooks(case.metadata(), case.own, line) if module else {}
            found.append(judge(case, made, hooks | eval(f"dict({case.configure})")))
            emulator.database.clear()
    return found


def outcomes(line: str = releases.DEFAULT, with_hooks: bool = False) -> dict[str, Judgment]:
    """All cases by id, of one of the RUNS."""
    return _outcomes()[line, with_hooks]


@cache
def _outcomes() -> dict[tuple[str, bool], dict[str, Judgment]]:
    command = [sys.executable, "-m", "guide.measure.in_place", "guide.measure.autogenerate"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    runs = zip(RUNS, json.loads(done.stdout), strict=True)
    return {run: {row["id"]: Judgment(**row) for row in rows} for run, rows in runs}
