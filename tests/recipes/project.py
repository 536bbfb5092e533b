"""The project that the recipes start from, with a recipe's own files, on an emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

from tests.site import ROOT

RECIPES = ROOT / "snippets" / "recipes"


def project(folder: Path, recipe: str, *revisions: str) -> Path:
    """Copy the example, the programs of a recipe, and those of its revisions that are named by their ids."""
    copytree(ROOT / "example", folder, ignore=lambda *_: {"__pycache__"}, dirs_exist_ok=True)
    for file in (RECIPES / recipe).glob("*.py"):
        if file.stem.split("_")[0] in revisions:
            copy(file, folder / "migrations" / "versions")
        elif not file.stem[0].isdigit() and not (file.stem[1:2].isdigit()):
            copy(file, folder)
    return folder


def start(folder: Path, url: str, *command: str) -> subprocess.Popen[str]:
    """Start a Python module or program of the project as a process of its own."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "YDB_URL": url, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(folder: Path, url: str, *command: str) -> str:
    """Run it to its end. Out: what it prints. Fails the test if it does."""
    process = start(folder, url, *command)
    printed = process.communicate(timeout=120)[0]
    assert process.returncode == 0, printed
    return printed
