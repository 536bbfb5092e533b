"""Python for a program that a test starts, in a process that is ready: see warm.py."""

import shutil
import subprocess
import sys
from pathlib import Path

from .environment import environment


def command(folder: Path) -> tuple[str, dict[str, str]]:
    """The program, and the variables that it has to have. In: a folder to be the home of whoever runs it."""
    variables = environment(folder, Path(sys.prefix), warm=True)
    return shutil.which("python", path=variables["PATH"]) or sys.executable, variables


def python(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `python ARGUMENTS` in a folder, with more variables. Out: how it ended, and what it printed as texts."""
    program, variables = command(folder)
    return subprocess.run([program, *arguments], cwd=folder, env=variables | more, capture_output=True, text=True)
