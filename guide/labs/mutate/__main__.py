"""`python -m guide.labs.mutate`: change pages and snippets, or the emulator, and see that a test notices."""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from guide.paths import ROOT
from guide.reader.errors import ReaderError

from . import emulator, pages
from .accepted import TABLE, complaints, key_of, load, row_for
from .copies import Checker
from .mutant import Some, draw
from .report import Result, table, told
from .trials import BrokenError


def main() -> int:
    """Out: 0 if each mutant is noticed or accepted, 1 if not."""
    arguments = _arguments()
    seed = random.randrange(10**6) if arguments.seed is None else arguments.seed
    try:
        with tempfile.TemporaryDirectory() as folder:
            if arguments.emulator or arguments.refusals:
                return _emulator(arguments, seed, Path(folder))
            return _pages(arguments, seed, Path(folder))
    except (BrokenError, OSError, ReaderError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def positive(text: str) -> int:
    """A number of one or more: without a mutant, none is noticed, and none survives either."""
    if int(text) < 1:
        raise ValueError
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m guide.labs.mutate", description=__doc__)
    parser.add_argument("--sample", type=positive, default=40, metavar="N", help="how many, at random (default: 40)")
    parser.add_argument("--all", action="store_true", help="all of them, which takes hours")
    parser.add_argument("--seed", type=int, help="draw the sample of an earlier run")
    parser.add_argument("--minutes", type=float, metavar="N", help="start none after so long")
    parser.add_argument(
        "--page",
        action="append",
        metavar="PATTERN",
        help="these pages, and what they show: docs/index.md, 'docs/setup/*' (may be repeated; default: all)",
    )
    parser.add_argument("--emulator", action="store_true", help="the emulator's check/ and run/ instead of pages")
    parser.add_argument("--refusals", action="store_true", help="of the emulator, what refuses in YDB's name")
    parser.add_argument(
        "--file", default="*", metavar="PATTERN", help="these of the emulator's files: '*/check/casts.py'"
    )
    parser.add_argument(
        "--jobs", type=positive, default=os.cpu_count(), metavar="N", help="side by side (default: cores)"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository of the pages (default: this one)")
    parser.add_argument("--accepted", type=Path, default=TABLE, help="the survivors of pages that are accepted")
    return parser.parse_args()


def _pages(arguments: argparse.Namespace, seed: int, folder: Path) -> int:
    entries = load(arguments.accepted)
    checker = Checker(arguments.root.resolve(), folder, arguments.jobs)
    patterns = arguments.page or ["*"]
    wanted = pages.mutants(
        checker.site, lambda _, shown: any(fnmatch(page, pattern) for page in shown for pattern in patterns)
    )
    chosen = _choose(arguments, wanted, seed, "the pages" if patterns == ["*"] else " ".join(patterns))
    walked = {page for mutant in chosen for page in mutant.pages}
    print(f"First, {len(walked)} pages are followed as they are.", flush=True)
    checker.check_baseline(walked)
    results = _follow(checker.check(chosen), arguments.minutes)
    keys = {entry.key for entry in entries}
    accepted = [mutant for mutant, _ in results if key_of(mutant) in keys]
    survivors = [mutant for mutant, verdict in results if not verdict.noticed and mutant not in accepted]
    print(table(results, accepted))
    print(told(survivors), end="")
    if survivors:
        print(f"\nHave a test notice it; or add its row, with a reason, to {TABLE.name}:")
        print("\n".join(map(row_for, survivors)))
    wrong = complaints(
        entries,
        wanted if patterns == ["*"] else None,
        {key_of(mutant) for mutant, verdict in results if verdict.noticed},
    )
    print("".join(f"\n{TABLE.name}: {complaint}" for complaint in wrong))
    return 1 if survivors or wrong else 0


def _emulator(arguments: argparse.Namespace, seed: int, folder: Path) -> int:
    """Survivors here are work to do, not a failure."""
    wanted = emulator.mutants(arguments.file)
    wanted = emulator.refusals(wanted) if arguments.refusals else wanted
    chosen = _choose(
        arguments, wanted, seed, f"the emulator's {'refusals' if arguments.refusals else 'check/ and run/'}"
    )
    print("First, all tests of the emulator run, to learn which lines each reaches.", flush=True)
    reach = emulator.measure(folder)
    for test in sorted(reach.failed):
        print(f"left out, it fails unchanged: {test}")
    unreached = [mutant for mutant in chosen if not reach.of(mutant)]
    results = _follow(emulator.check(chosen, reach, folder, arguments.jobs), arguments.minutes)
    print(table(results, unreached=unreached))
    print(told([mutant for mutant, verdict in results if not verdict.noticed]), end="")
    for mutant in unreached:
        print(f"{mutant.where}: {mutant.kind}: no test reaches it")
    return 0


def _choose(arguments: argparse.Namespace, wanted: Sequence[Some], seed: int, of: str) -> Sequence[Some]:
    """The mutants to try; says how many there are. Raises ValueError if there are none."""
    if not wanted:
        raise ValueError("no mutant is of such a page or file: --page docs/index.md, --file '*/check/casts.py'")
    if arguments.all:
        print(f"All {len(wanted)} changes of {of} are tried.", flush=True)
        return wanted
    chosen = draw(wanted, arguments.sample, seed)
    print(
        f"{len(chosen)} changes are tried, drawn with --seed {seed} from the {len(wanted)} that {of} may undergo.",
        flush=True,
    )
    return chosen


def _follow(results: Iterator[Result], minutes: float | None) -> list[Result]:
    """Print each result as it comes. Out: those that came in time."""
    end = float("inf") if minutes is None else time.monotonic() + 60 * minutes
    found = []
    for mutant, verdict in results:
        by = f"noticed by {verdict.noticed}" if verdict.noticed else "not noticed"
        print(f"{mutant.where}: {mutant.kind}: {by} ({verdict.seconds:.1f} s)", flush=True)
        found.append((mutant, verdict))
        if time.monotonic() > end:
            print(f"{minutes:g} minutes are over.")
            break
    return found


if __name__ == "__main__":
    sys.exit(main())
