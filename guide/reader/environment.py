"""The environment that a page's commands run in: the same everywhere, and nothing of ours in it."""

import os
import shutil
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from venv import EnvBuilder

from .errors import ReaderError
from .script import write_script
from .warm import start

# How this machine reaches the package index is its own affair.
PASSED_ON = ("PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
PIP_CONFIGURATIONS = ("~/.config/pip/pip.conf", "~/.pip/pip.conf")
WITHOUT_OURS = "-p no:anyio -p no:examples -p no:hypothesispytest"
"""Plugins of pytest that no page installs: they come with what tests the guide, and take a second to import."""
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def environment(home: Path, prefix: Path, warm: bool = False) -> dict[str, str]:
    """The variables for a page's commands.

    In: a folder to be the reader's home, the Python environment to use, whether `alembic` and `python` start warm.
    """
    passed_on = {name: value for name, value in os.environ.items() if name.upper().startswith(PASSED_ON)}
    for file in (Path(name).expanduser() for name in PIP_CONFIGURATIONS):
        if file.is_file():
            passed_on.setdefault("PIP_CONFIG_FILE", str(file))
    variables = passed_on | {
        "PATH": f"{prefix / 'bin'}:{SYSTEM_PATH}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_MESSAGES": "C",  # else each text of a command's help is looked for in four folders of translations
        "TZ": "UTC",
        "COLUMNS": "300",  # no output is wrapped, whatever the length of a path
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",  # output and errors in the order in which a terminal shows them
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_COMPILE": "0",  # of what is installed, a page imports little
        "PYTEST_ADDOPTS": WITHOUT_OURS,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path("~/.cache/pip").expanduser())),
    }
    launchers = start(prefix, variables) if warm else None
    return variables | {"PATH": f"{launchers}:{variables['PATH']}"} if launchers else variables


def new_environment(folder: Path) -> Path:
    """Make a Python environment with a copy of our pip and nothing else in it. Out: its prefix. Raises ReaderError.

    The pip of Python 3.11 takes 4 s to get there, and compares each wheel of an index with each tag of the platform.
    """
    EnvBuilder(symlinks=True).create(folder)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    try:
        files = [file for file in distribution("pip").files or () if ".." not in file.parts]
    except PackageNotFoundError:
        raise ReaderError(f"cannot make a clean Python environment: {sys.prefix} has no pip to copy") from None
    for file in files:
        (packages / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file.locate(), packages / file)
    text = "from pip._internal.cli.main import main\nraise SystemExit(main())\n"
    write_script(folder / "bin" / "pip", [str(folder / "bin" / "python")], text)
    return folder
