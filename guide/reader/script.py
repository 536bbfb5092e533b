"""Programs in Python that start wherever their interpreter is."""

import shlex
from pathlib import Path


def write_script(path: Path, interpreter: list[str], text: str) -> None:
    """Write a program that an interpreter runs, with these options.

    A first line that names the interpreter would be cut at a space and after 127 bytes. So a shell starts it, by a line
    that is a text to Python.
    """
    start = f"'''exec' {shlex.join(interpreter)} \"$0\" \"$@\"\n' '''"
    path.write_text(f"#!/bin/sh\n{start}\n{text}", encoding="utf-8")
    path.chmod(0o755)
