"""`make matrix`: run the suite on each Python of this machine, with the lowest, the locked and the newest packages.

All runs are of one copy of the checkout, so they go on while you work, each in an environment under `.matrix/`. What
comes of a complete run is kept in results/matrix.tsv, and what the site tells of it is written anew.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import shutil
import subprocess
import sys
import time
from glob import glob
from pathlib import Path

from guide.paths import ROOT

from .results import PACKAGES, RESOLUTIONS, TABLE, TEXT, Run, keep, load, named, outcomes, render

CACHE = ROOT / ".matrix"
MINORS = range(11, 15)
LINE = "\n"
UV = (sys.executable, "-m", "uv", "--quiet")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m guide.labs.matrix",
        description=__doc__,
        epilog="Other arguments are pytest's; nothing is kept then.",
    )
    parser.add_argument("--only", action="append", choices=RESOLUTIONS, help="these packages alone (may be repeated)")
    parser.add_argument("--python", action="append", metavar="3.N", help="these Pythons alone (may be repeated)")
    options, rest = parser.parse_known_args(arguments)
    found = pythons()
    if missing := set(options.python or ()) - set(found):
        parser.error(f"no Python {', '.join(sorted(missing))} here (found: {', '.join(found) or 'none'})")
    tree, runs = copy(), []
    for version in options.python or found:
        for resolution in options.only or RESOLUTIONS:
            print(f"Python {version}, {resolution}", file=sys.stderr, flush=True)
            runs.append(run(found[version], resolution, tree, rest))
            if not rest:
                keep(runs[-1])
                TEXT.write_text(render(load()))
                shutil.copy(TABLE, CACHE)
    print(table(runs))
    return 1 if any(each.failed for each in runs) else 0


def pythons() -> dict[str, Path]:
    """The Pythons of this machine that work, by version. Those that pyenv holds need not be on PATH."""
    found = {}
    pyenv = os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")
    for minor in MINORS:
        folders = [*sorted(glob(f"{pyenv}/versions/3.{minor}.*/bin")), *os.get_exec_path()]
        for candidate in filter(None, (shutil.which(f"python3.{minor}", path=folder) for folder in folders)):
            if subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
                found[f"3.{minor}"] = Path(candidate)
                break
    return found


def run(python: Path, resolution: str, tree: Path, rest: list[str]) -> Run:
    """Run the suite of a tree with one combination. Exits if pytest did not come to an end."""
    environment = make(python, resolution)
    install = [*UV, "pip", "install", f"--python={environment}", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--editable", tree / "emulator", "--editable", tree / "toolkit"], check=True)
    report = CACHE / "report.xml"
    report.unlink(missing_ok=True)
    suite = ["-m", "pytest", "--numprocesses=auto", "--quiet", f"--junit-xml={report}", *rest]
    started = time.monotonic()
    done = subprocess.run(
        [environment / "bin" / "python", *suite], cwd=tree, stdout=None if rest else subprocess.DEVNULL
    )
    if done.returncode not in (0, 1):
        sys.exit(f"pytest ended with {done.returncode}: cd {tree}; {environment}/bin/python {' '.join(suite)}")
    counts, failures = outcomes(report)
    return Run(
        datetime.date.today().isoformat(),
        _python(environment, "import platform; print(platform.python_version())")[0],
        resolution,
        _python(environment, f"from importlib.metadata import version; [print(version(n)) for n in {PACKAGES}]"),
        counts["passed"],
        counts["failed"],
        counts["skipped"],
        round(time.monotonic() - started),
        failures,
    )


def make(python: Path, resolution: str) -> Path:
    """An environment with the packages of a resolution, made anew when they change."""
    [minor] = re.findall(r"3\.\d+", python.name)
    CACHE.mkdir(exist_ok=True)
    folder, wanted = CACHE / f"{minor}-{resolution}", CACHE / f"{minor}-{resolution}.txt"
    if resolution == "locked":
        shutil.copy(ROOT / "requirements.lock", wanted)
    else:
        way = ["--resolution=lowest-direct"] if resolution == "lowest" else ["--resolution=highest", "--upgrade"]
        subprocess.run([*UV, "pip", "compile", "--no-header", "--no-annotate", f"--python={python}", "--extra=dev",
                        *way, ROOT / "pyproject.toml", "-o", wanted], check=True)  # fmt: skip
    installed = folder / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted.read_text():
        subprocess.run([*UV, "venv", "--clear", f"--python={python}", folder], check=True)
        subprocess.run([*UV, "pip", "install", "--compile-bytecode", f"--python={folder}", "-r", wanted], check=True)
        shutil.copy(wanted, installed)
    return folder


def copy() -> Path:
    """A copy of what git would see of the checkout. What a run leaves does not mix with what is here."""
    tree = CACHE / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


def table(runs: list[Run]) -> str:
    """The runs, and below them what failed."""
    rows: list[tuple[str, ...]] = [("Python", "packages", *PACKAGES, "passed", "failed", "skipped", "seconds")]
    rows += [
        tuple(map(str, (run.python, run.resolution, *run.versions, run.passed, run.failed, run.skipped, run.seconds)))
        for run in runs
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for run in runs:
        lines += [f"\n{run.resolution} on Python {run.python}:"] * bool(run.failures)
        lines += [f"  {named(failure)}: {failure[1].replace(LINE, LINE + '    ')}" for failure in run.failures]
    return "\n".join(lines)


def _python(environment: Path, program: str) -> list[str]:
    return subprocess.run(
        [environment / "bin" / "python", "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()


if __name__ == "__main__":
    sys.exit(main())
