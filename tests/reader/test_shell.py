"""The reader's terminal keeps its state, is clean, and ends."""

import re
import sys
from pathlib import Path

import pytest

from guide.reader.environment import environment
from guide.reader.shell import TIMEOUT, Shell, ShellError


@pytest.fixture
def shell(tmp_path: Path):
    with Shell(tmp_path, environment(tmp_path, Path(sys.prefix))) as shell:
        yield shell


def test_shell_keeps_state_order_and_status(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert shell.run("cd sub; export A=1").status == 0
    assert shell.run('pwd; echo "$A"').output == f"{tmp_path}/sub\n1\n"
    assert shell.run("echo a; echo b >&2; echo c; (exit 3)") == type(shell.run("true"))("a\nb\nc\n", 3)
    assert (
        shell.run("python -c \"import sys; print('a'); print('b', file=sys.stderr); print('c')\"").output == "a\nb\nc\n"
    )
    assert shell.run("cat; printf x").output == "x"
    assert "syntax error" in shell.run("if (").output
    assert shell.run("echo still here").output == "still here\n"
    assert shell.run("nonesuch").output == "bash: nonesuch: command not found\n"


def test_shell_is_clean(shell: Shell) -> None:
    names = set(re.findall(r"(?m)^(\w+)=", shell.run("env").output))
    allowed = {"PATH", "HOME", "LANG", "LC_MESSAGES", "TZ", "COLUMNS", "NO_COLOR", "PYTEST_ADDOPTS"}
    allowed |= {"PWD", "OLDPWD", "SHLVL", "_"}  # what the shell sets
    assert all(
        name in allowed or name.startswith(("PYTHON", "PIP_", "UV_", "SSL_", "REQUESTS_")) or "PROXY" in name.upper()
        for name in names
    )
    assert "PYTHONPATH" not in names
    assert shell.run("command -v python").output == f"{sys.prefix}/bin/python\n"


def test_shell_stops_what_takes_too_long(shell: Shell) -> None:
    shell.run("true")
    shell.timeout = 2
    with pytest.raises(ShellError, match="no end after 2 s; so far it printed:\nbegun"):
        shell.run("echo begun; sleep 60")


def test_shell_gives_up_before_pytest_does(pytestconfig: pytest.Config) -> None:
    """Otherwise nobody sees what the command has printed."""
    assert TIMEOUT < float(pytestconfig.getini("timeout"))


def test_shell_notices_its_end(shell: Shell) -> None:
    with pytest.raises(ShellError, match="it ended the shell"):
        shell.run("exit 0")
