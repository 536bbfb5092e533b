"""What the site offers to download: the emulator and the toolkit, each as a wheel and as an sdist."""

import subprocess
import sys
from pathlib import Path

from .errors import ReaderError

DISTRIBUTIONS = ("emulator", "toolkit")
"""Folders of the repository."""


def build(root: Path, folder: Path, *kinds: str) -> list[Path]:
    """Build the distributions of a repository into a folder, as "sdist", "wheel" or both. Raises ReaderError."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder.resolve())]
    command += [f"--target={kind}" for kind in kinds or ("sdist", "wheel")]
    for name in DISTRIBUTIONS:
        done = subprocess.run(command, cwd=root / name, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise ReaderError(f"the {name} cannot be built: {done.stdout}")
    return sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
