"""`python -m guide.labs.mutate`: change snippets, outputs and pages one by one, and see that a test notices."""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from guide.paths import ROOT
from guide.reader.errors import ReaderError

from .accepted import TABLE, Entry, key_of, load, row_for
from .check import Verdict
from .mutants import RULES, Mutant, mutants
from .run import BrokenError, Checker


def main() -> int:
    """Out: 0 if each mutant is noticed or accepted, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m guide.labs.mutate", description=__doc__)
    parser.add_argument("--sample", type=int, default=40, metavar="N", help="how many, drawn at random (default: 40)")
    parser.add_argument("--all", action="store_true", help="all of them, which takes hours")
    parser.add_argument("--seed", type=int, help="draw the sample of an earlier run")
    parser.add_argument(
        "--page",
        action="append",
        metavar="PATTERN",
        help="only what these pages show, and the pages themselves: docs/index.md, 'docs/setup/*' (may be repeated)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="leave out the tests that need a database, but for the pages: seconds each"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="side by side (default: cores)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    parser.add_argument("--accepted", type=Path, default=TABLE, help="the survivors that are accepted")
    arguments = parser.parse_args()
    seed = random.randrange(10**6) if arguments.seed is None else arguments.seed
    try:
        entries = load(arguments.accepted)
        with tempfile.TemporaryDirectory() as folder:
            checker = Checker(arguments.root.resolve(), Path(folder), arguments.jobs, arguments.quick)
            everything = mutants(checker.site)
            patterns = arguments.page or ["*"]
            chosen = [
                mutant
                for mutant in everything
                if any(fnmatch(page, pattern) for page in mutant.pages for pattern in patterns)
            ]
            if not arguments.all:
                chosen = draw(chosen, arguments.sample, seed)
            print(
                f"{len(chosen)} of {len(everything)} mutants" + ("" if arguments.all else f", seed {seed}"), flush=True
            )
            checker.check_baseline({page for mutant in chosen for page in mutant.pages})
            results = []
            for mutant, verdict in checker.check(chosen):
                results.append((mutant, verdict))
                by = f"noticed by {verdict.noticed}" if verdict.noticed else "not noticed"
                print(f"{mutant.where}: {mutant.kind}: {by} ({verdict.seconds:.1f} s)", flush=True)
    except (BrokenError, ReaderError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    text, is_good = report(everything, results, entries)
    print(text)
    return 0 if is_good else 1


def draw(chosen: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """A sample, with about as many mutants of each kind."""
    chance = random.Random(seed)
    by_kind = defaultdict(list)
    for mutant in chosen:
        by_kind[mutant.kind].append(mutant)
    for some in by_kind.values():
        chance.shuffle(some)
    kinds = sorted(by_kind)
    sample = []
    while len(sample) < min(count, len(chosen)):
        chance.shuffle(kinds)
        sample += [by_kind[kind].pop() for kind in kinds if by_kind[kind]]
    return sample[:count]


def report(
    everything: Iterable[Mutant], results: Iterable[tuple[Mutant, Verdict]], entries: Iterable[Entry]
) -> tuple[str, bool]:
    """The outcome of a run.

    In: all mutants of the site, those that were checked with their verdicts, the accepted ones. Out: the figures by
    kind, the survivors, what is wrong with the table; and whether all is well.
    """
    accepted = {entry.key: entry for entry in entries}
    figures: dict[str, Counter] = defaultdict(Counter)
    survivors, complaints = [], []
    for mutant, verdict in results:
        entry = accepted.get(key_of(mutant))
        outcome = "killed" if verdict.noticed else "accepted" if entry else mutant.harmless or "survived"
        figures[mutant.kind][outcome] += 1
        if outcome == "survived":
            survivors.append(mutant)
        if verdict.noticed and entry:
            complaints.append(f"row {entry.number}: {verdict.noticed} notices this mutant: remove the row")
    known = {key_of(mutant) for mutant in everything}
    complaints += [
        f"row {entry.number}: there is no such mutant" for entry in accepted.values() if entry.key not in known
    ]

    rules = sorted({outcome for counts in figures.values() for outcome in counts} & {*RULES})
    columns = ["killed", "accepted", *rules, "survived"]
    lines = ["", "".join(f"{column:>20}" for column in ["", "mutants", *columns])]
    for kind, counts in [*sorted(figures.items()), ("all", sum(figures.values(), Counter()))]:
        numbers = [counts.total(), *(counts[column] for column in columns)]
        lines.append(f"{kind:20}" + "".join(f"{number:20}" for number in numbers))
    for mutant in survivors:
        lines += ["", f"{mutant.where}: {mutant.kind}: nothing notices this:", mutant.diff]
    if survivors:
        lines += ["", f"Have a test notice it; or add its row, with a reason, to {TABLE.name}:"]
        lines += map(row_for, survivors)
    lines += ["", *(f"{TABLE.name}: {complaint}" for complaint in complaints)] if complaints else []
    return "\n".join(lines), not (survivors or complaints)


if __name__ == "__main__":
    sys.exit(main())
