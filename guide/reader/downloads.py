"""What the site offers to download: the emulator and the toolkit, each as a wheel and as an sdist."""

import fcntl
import hashlib
import shutil
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


def wheels(root: Path, folder: Path) -> None:
    """Put the wheels of a repository into a folder. Raises ReaderError if they cannot be built.

    They are built once for all processes, and again when something that they are made of has changed.
    """
    kept = root / ".cache" / "wheels"
    kept.mkdir(parents=True, exist_ok=True)
    with open(kept / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made_of, noted = _made_of(root), kept / "made_of"
        if not noted.is_file() or noted.read_text() != made_of:
            for old in [noted, *kept.glob("*.whl")]:
                old.unlink(missing_ok=True)
            build(root, kept, "wheel")
            noted.write_text(made_of)
        for wheel in kept.glob("*.whl"):
            shutil.copy2(wheel, folder)


def _made_of(root: Path) -> str:
    """A digest of the files of the distributions, but for their tests, and of the Python that builds them."""
    digest = hashlib.sha256(f"{sys.prefix} {sys.version}".encode())
    for name in DISTRIBUTIONS:
        for path in sorted((root / name).rglob("*")):
            parts = path.relative_to(root).parts
            if parts[1] != "tests" and path.is_file() and "__pycache__" not in parts:
                digest.update(f"{'/'.join(parts)} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
