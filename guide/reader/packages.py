"""What pages install into clean environments, fetched once: pip takes seconds to read the package index."""

import fcntl
import hashlib
import subprocess
import sys
import tomllib

from guide.paths import ROOT

from .errors import ReaderError

NAMED = ("ydb-sqlalchemy", "alembic")
"""What pages install by name. They install the emulator as well."""

from_index = False
"""Set to True, each page asks the index itself: to see that this works, or what is new there."""


def variables() -> dict[str, str]:
    """Variables by which pip takes packages from a folder. Raises ReaderError if they cannot be fetched.

    They are fetched once for all processes, and again when requirements.lock has changed.
    """
    if from_index:
        return {}
    kept = ROOT / ".cache" / "packages"
    kept.mkdir(parents=True, exist_ok=True)
    with open(kept / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asked, noted = _asked(), kept / "asked"
        locked = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
        of = f"{sys.prefix} {sys.version} {asked} {locked}"
        if not noted.is_file() or noted.read_text() != of:
            for old in [noted, *kept.glob("*.whl")]:
                old.unlink(missing_ok=True)
            command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(kept), *asked]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise ReaderError(f"the packages that pages install cannot be fetched: {done.stdout}")
            noted.write_text(of)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": kept.as_uri()}  # pip splits it at spaces


def _asked() -> list[str]:
    emulator = tomllib.loads((ROOT / "emulator" / "pyproject.toml").read_text())
    return [*NAMED, *emulator["project"]["dependencies"]]
