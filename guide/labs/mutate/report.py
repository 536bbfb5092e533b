"""What a run of mutants tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from .mutant import Mutant
from .trials import Verdict

Result = tuple[Mutant, Verdict]
OUTCOMES = ("killed", "timeout", "accepted", "unreached", "survived")


def table(results: Iterable[Result], accepted: Collection[Mutant] = (), unreached: Iterable[Mutant] = ()) -> str:
    """The figures by kind. In: mutants with their verdicts, those of them that may survive, those that were not tried
    since no test reaches them.
    """
    figures: dict[str, Counter] = defaultdict(Counter)
    for mutant, verdict in results:
        outcome = "accepted" if mutant in accepted else "survived"
        if verdict.noticed:
            outcome = "timeout" if verdict.noticed == "timeout" else "killed"
        figures[mutant.kind][outcome] += 1
    for mutant in unreached:
        figures[mutant.kind]["unreached"] += 1
    rows = [*sorted(figures.items()), ("all", sum(figures.values(), Counter()))]
    columns = [outcome for outcome in OUTCOMES if rows[-1][1][outcome] or outcome in ("killed", "survived")]
    lines = ["", f"{'':20}" + "".join(f"{column:>11}" for column in ["mutants", *columns])]
    lines += [
        f"{kind:20}" + "".join(f"{number:11}" for number in [counts.total(), *(counts[each] for each in columns)])
        for kind, counts in rows
    ]
    return "\n".join(lines)


def told(survivors: Iterable[Mutant]) -> str:
    return "".join(f"\n{mutant.where}: {mutant.kind}: nothing notices this:\n{mutant.diff}\n" for mutant in survivors)
