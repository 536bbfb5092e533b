"""Every command of Alembic is in the reference, and a session there runs it."""

import inspect
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.util import open_in_editor

from guide.pages import read
from guide.paths import ROOT
from guide.reader.session import parse

PAGE = ROOT / "docs" / "reference" / "commands.md"
COMMANDS = sorted(
    name
    for name, function in inspect.getmembers(command, inspect.isfunction)
    if not name.startswith("_") and next(iter(inspect.signature(function).parameters), None) == "config"
)


def test_every_command_has_an_entry() -> None:
    headings = re.findall(r"^### (.*)$", PAGE.read_text(), re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(headings))) == COMMANDS


def test_every_command_is_run() -> None:
    sessions = [parse(block.text) for block in read(PAGE).blocks if block.language == "console"]
    run = " ".join(command.text for session in sessions for command in session)
    assert [name for name in COMMANDS if not re.search(rf"\balembic (-c \S+ )?{name}\b", run)] == []


@pytest.mark.parametrize(("named", "opens"), [("code", "code"), ("code --wait", "nano")])
def test_an_editor_with_options_is_passed_over(named: str, opens: str, tmp_path: Path) -> None:
    for name in ("code", "nano"):
        (tmp_path / name).write_text('#!/bin/sh\necho "$0" > "$1"\n')
        (tmp_path / name).chmod(0o755)
    revision = tmp_path / "revision.py"
    open_in_editor(str(revision), {"EDITOR": named, "PATH": str(tmp_path)})
    assert revision.read_text() == f"{tmp_path / opens}\n"
