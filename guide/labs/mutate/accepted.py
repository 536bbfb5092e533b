"""The survivors of pages that are accepted, each with a reason: accepted.tsv.

A row names one mutant: file, kind, the lines before and after (`⏎` parts lines). Lines that move within their file
need no new row.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from .mutant import Mutant

TABLE = Path(__file__).with_name("accepted.tsv")
HEADER = ["file", "kind", "line", "mutated", "reason"]
NEW_LINE = "⏎"

Key = tuple[str, ...]


@dataclass(frozen=True)
class Accepted:
    """A row of the table."""

    number: int
    key: Key
    reason: str


def key_of(mutant: Mutant) -> Key:
    return mutant.file, mutant.kind, NEW_LINE.join(mutant.before), NEW_LINE.join(mutant.after)


def load(table: Path = TABLE) -> list[Accepted]:
    """The rows of the table. Raises ValueError for one that is not in its form."""
    header, *rows = [line.split("\t") for line in table.read_text().splitlines()]
    if header != HEADER:
        raise ValueError(f"{table.name}:1: the columns are {', '.join(HEADER)}")
    entries: dict[Key, Accepted] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(HEADER) or not row[-1].strip():
            raise ValueError(f"{table.name}:{number}: a row has {len(HEADER)} columns, the last one a reason")
        entry = Accepted(number, tuple(row[:-1]), row[-1])
        if entry.key in entries:
            raise ValueError(f"{table.name}:{number}: the same as row {entries[entry.key].number}")
        entries[entry.key] = entry
    return list(entries.values())


def row_for(mutant: Mutant) -> str:
    """A row for the table, without its reason."""
    return "\t".join([*key_of(mutant), ""])


def complaints(entries: Iterable[Accepted], everything: Iterable[Mutant] | None, noticed: Collection[Key]) -> list[str]:
    """What is wrong with the table. In: its rows, all mutants if they are known, those that a test has noticed."""
    known = {entry.key for entry in entries} if everything is None else {key_of(mutant) for mutant in everything}
    wrong = [f"row {entry.number}: there is no such mutant" for entry in entries if entry.key not in known]
    return wrong + [
        f"row {entry.number}: a test notices this mutant: remove the row" for entry in entries if entry.key in noticed
    ]
