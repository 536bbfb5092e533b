"""A mutant: a file of the repository with one change."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Mutant:
    """A file with one change.

    file: its path in the repository. line: the first line that is another, from 1. before, after: the lines that
    differ.
    """

    file: str
    line: int
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def diff(self) -> str:
        return "\n".join([*(f"- {line}" for line in self.before), *(f"+ {line}" for line in self.after)])


Some = TypeVar("Some", bound=Mutant)


def difference(before: list[str], after: list[str]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Where two texts begin to differ, from 0, and the lines of each that differ."""
    start = len(os.path.commonprefix([before, after]))
    same = len(os.path.commonprefix([before[start:][::-1], after[start:][::-1]]))
    return start, tuple(before[start : len(before) - same]), tuple(after[start : len(after) - same])


def draw(mutants: Sequence[Some], count: int, seed: int) -> list[Some]:
    """A sample, with about as many mutants of each kind. The same seed draws the same ones."""
    chance = random.Random(seed)
    by_kind = defaultdict(list)
    for mutant in mutants:
        by_kind[mutant.kind].append(mutant)
    for some in by_kind.values():
        chance.shuffle(some)
    kinds = sorted(by_kind)
    sample: list[Some] = []
    while len(sample) < min(count, len(mutants)):
        chance.shuffle(kinds)
        sample += [by_kind[kind].pop() for kind in kinds if by_kind[kind]]
    return sample[:count]
