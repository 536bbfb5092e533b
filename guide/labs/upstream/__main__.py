"""`python -m guide.labs.upstream [--only NAME] [pytest's arguments]`: run the suites of upstream and others.

The suites are fetched from PyPI and npm into `.upstream/`, with an environment for each run. Exit status 1 where
results and `exceptions.tsv` disagree. A complete run is kept in `results/upstream.tsv`, from which the site counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.lock import locked
from guide.paths import ROOT
from guide.reader.shell import piped

from . import others, report
from .suites import RUNS, SOURCE, Run, versions

CACHE = ROOT / ".upstream"
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m guide.labs.upstream", description=__doc__)
    parser.add_argument("--only", choices=[run.name for run in (*RUNS, *others.OTHERS)], help="one run instead of all")
    options, rest = parser.parse_known_args(arguments)
    wrong = 0
    for run in RUNS:
        if options.only in (None, run.name):
            wrong += _run(run, rest)
    for other in others.OTHERS:
        if options.only in (None, other.name) and not rest:
            wrong += _run_other(other)
    return 1 if wrong else 0


def _run_other(other: others.Other) -> int:
    with _emulator() as url:
        results = others.outcomes(other, CACHE, int(url.rpartition(":")[2].partition("/")[0]))
    [(_, count)] = report.counts(results, ("",))
    print(f"{other.name} ({other.source})")
    print("  all       ", *(f"{count[outcome]:5} {outcome}" for outcome in ("passed", "failed", "skipped")))
    report.record(other.name, other.source, results, drivers=("",))
    complaints = report.complaints(other.name, results, report.exceptions())
    for complaint in complaints:
        print(f"  {complaint}")
    return len(complaints)


def _run(run: Run, rest: list[str]) -> int:
    python, suites = _environment(run), _suites()
    results_file = CACHE / f"{run.name}.xml"
    results_file.unlink(missing_ok=True)
    with _emulator() as url:
        _pytest(python, suites, url, results_file, rest)
    results = report.outcomes(results_file)
    print(f"{run.name} ({run.packages[0]})")
    for name, count in report.counts(results):
        print(f"  {name:10}", *(f"{count[outcome]:5} {outcome}" for outcome in ("passed", "failed", "skipped")))
    if rest:
        return 0
    report.record(run.name, versions(run), results)
    complaints = report.complaints(run.name, results, report.exceptions())
    for complaint in complaints:
        print(f"  {complaint}")
    return len(complaints)


def _pytest(python: Path, suites: Path, url: str, results: Path, rest: list[str]) -> None:
    """Both drivers: SQLAlchemy's plug-in adds the one named to that of the URL. Its options come after the folder,
    as the plug-in is found there."""
    environment = {**os.environ, "PYTHONPATH": str(suites)}
    command = [
        str(python), "-m", "pytest", "tests/integration", f"--dburi={url}", "--dbdriver=ydb_async",
        "--continue-on-collection-errors", "-p", "no:cacheprovider", "-q", "--tb=native", f"--junit-xml={results}",
        *rest,
    ]  # fmt: skip
    shown = None if rest else subprocess.DEVNULL
    done = subprocess.run(command, cwd=suites, env=environment, stdout=shown, stderr=shown)
    if not results.exists():
        sys.exit(f"pytest ended with {done.returncode} and left no report: {' '.join(command)}")


@contextmanager
def _emulator() -> Iterator[str]:
    """The emulator as a process of its own, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ydb_emulator", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield piped(process.stdout).readline().strip()
    finally:
        process.terminate()
        process.wait()


def _environment(run: Run) -> Path:
    """The interpreter of a virtual environment with the run's packages, made when they change."""
    folder = CACHE / f"venv-{run.name}"
    python = folder / "bin" / "python"
    installed, wanted = folder / "installed.txt", "\n".join(run.packages)
    if not installed.exists() or installed.read_text() != wanted:
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, *PIP, "install", *run.packages], check=True)
        installed.write_text(wanted)
    return python


def _suites() -> Path:
    """The unpacked sdist of the locked version."""
    name, _, version = locked(SOURCE).partition("==")
    folder = CACHE / f"{name.replace('-', '_')}-{version}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        fetch = ("download", "--no-binary", ":all:", "--no-deps", "--dest", str(CACHE), f"{name}=={version}")
        subprocess.run([sys.executable, *PIP, *fetch], check=True)
        subprocess.run(["tar", "-xf", f"{folder.name}.tar.gz"], cwd=CACHE, check=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
