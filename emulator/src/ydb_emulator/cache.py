"""What takes long to make of a file is kept where Python keeps the bytecode of modules, and under the same rules."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any


def kept(source: Path, key: str, make: Callable[[], Any]) -> Any:
    """What `make` makes of a file, or what it made in an earlier process.

    In: the file; what else it depends on. What was kept holds as long as neither changes. Where nothing may be written,
    it is made each time.
    """
    path = Path(cache_from_source(str(source))).with_suffix(".pickle")
    stamp = hashlib.sha256(source.read_bytes() + b"\0" + key.encode()).digest()
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if data.startswith(stamp) and _digest(data[64:]) == data[32:64]:
        return pickle.loads(data[64:])
    made = make()
    if not sys.dont_write_bytecode:
        content = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
        _write(path, stamp + _digest(content) + content)
    return made


def _digest(content: bytes) -> bytes:
    """Tells a whole file from one that was cut short: what is unpickled is what was written here."""
    return hashlib.sha256(content).digest()


def _write(path: Path, data: bytes) -> None:
    """Several processes may do so at once: each file is whole when it gets its name."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
