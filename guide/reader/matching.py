"""Comparing recorded text with what really happened: masks, elisions, and what `--update` would record.

Recorded lines are aligned with actual ones by the least number of changes; a line agrees if it is the same but for
masked values (date, revision id, ...) and `[..]`; a line `...` stands for any number of lines. A masked version may be
newer than the recorded one, not older: pages are written for what is recorded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from packaging.version import Version

MASKS = {
    "date": r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?",
    "duration": r"\d+(?:\.\d+)? ?(?:ms|s|seconds)\b(?: \(\d+:\d\d:\d\d\))?",  # pytest names a minute and more twice
    "revision-id": r"(?<![0-9A-Za-z])[0-9a-f]{12}(?![0-9A-Za-z])",
    "version": r"\b\d+\.\d+(?:\.\d+)*(?:\.?(?:a|b|rc|post|dev)\d+)?\b",
}
ANY_LINES = "..."
ANY_TEXT = "[..]"

# The cost of an alignment. Dropping a recorded line costs more than replacing it, so that `...` does not swallow the
# lines after it; replacing a line by one with masked values of the same kinds costs less than by any other.
REPLACE, REPLACE_ALIKE, INSERT, DROP = 1.0, 0.9, 1.0, 1.25


@dataclass(frozen=True)
class Comparison:
    """The outcome of `compare`.

    same: whether the two texts agree. record: the recorded lines as `--update` would write them.
    ids: the (recorded, actual) pairs of revision ids.
    """

    same: bool
    record: list[str]
    ids: list[tuple[str, str]]


class _Line:
    """A recorded line, and the masked values in it."""

    def __init__(self, text: str, masks: list[str], elide: bool):
        self.text = text
        self.any_lines = elide and text == ANY_LINES
        self.masks = _any_of(*masks)
        self.values = list(_values(self.masks, text))
        self._masks_and_elision = _any_of(*masks, "elision") if elide else self.masks

    @cached_property
    def pattern(self) -> re.Pattern:
        """The pattern of the lines that agree, a group for each value. To compile it takes longer than the rest."""
        pattern, position = "", 0
        for found in self._masks_and_elision.finditer(self.text):
            kind = _kind(found)
            kinds = ".*?" if kind == "elision" else f"({MASKS[kind]})"
            pattern += re.escape(self.text[position : found.start()]) + kinds
            position = found.end()
        return re.compile(pattern + re.escape(self.text[position:]))

    def agrees(self, actual: str) -> bool:
        if actual == self.text:
            return True
        found = self.pattern.fullmatch(actual)
        return found is not None and not any(
            kind == "version" and Version(new) < Version(old)
            for (kind, old), new in zip(self.values, found.groups(), strict=True)
        )

    def alike(self, actual: str) -> bool:
        """Whether there are masked values of the same kinds, in the same order."""
        kinds = [kind for kind, _ in _values(self.masks, actual)]
        return bool(kinds) and kinds == [kind for kind, _ in self.values]

    def ids(self, actual: str) -> list[tuple[str, str]]:
        """The revision ids here and in a line that agrees or is alike."""
        if actual == self.text or not self.values:
            return [(value, value) for kind, value in self.values if kind == "revision-id"]
        found = self.pattern.fullmatch(actual)
        values = found.groups() if found else [value for _, value in _values(self.masks, actual)]
        return [(old, new) for (kind, old), new in zip(self.values, values, strict=True) if kind == "revision-id"]

    def keep_values(self, actual: str) -> str:
        """A line that is alike, with the masked values of this one."""
        values = iter(self.values)
        return self.masks.sub(lambda _: next(values)[1], actual)


def compare(recorded: list[str], actual: list[str], masks: list[str], elide: bool = True) -> Comparison:
    """Compare lines, after masking the named masks, and honouring elisions if `elide`."""
    same, record, ids = True, [], []
    for line, new in _align([_Line(text, masks, elide) for text in recorded], actual):
        if line and line.any_lines:
            record.append(line.text)
        elif line and new is not None and line.agrees(new):
            record.append(line.text)
            ids += line.ids(new)
        else:
            same = False
            if line and new is not None and line.alike(new):
                record.append(line.keep_values(new))
                ids += line.ids(new)
            elif new is not None:
                record.append(new)
    return Comparison(same, record, ids)


def masked(lines: list[str], mask: str) -> bool:
    """Whether there is anything in the lines that the mask is for."""
    return any(re.search(MASKS[mask], line) for line in lines)


def _align(recorded: list[_Line], actual: list[str]) -> Iterator[tuple[_Line | None, str | None]]:
    """Pair recorded lines with actual ones at the least cost. None stands for a line that is missing."""
    if len(recorded) == len(actual) and all(
        not line.any_lines and line.agrees(new) for line, new in zip(recorded, actual, strict=True)
    ):  # as nearly always: it costs nothing, and each other way does
        yield from zip(recorded, actual, strict=True)
        return
    rows, columns = len(recorded), len(actual)
    # cost[i][j]: of the cheapest way from the i-th recorded and j-th actual line to the end; step[i][j]: its first step
    cost = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            ways = [
                (cost[i + down][j + right] + price, (down, right))
                for (down, right), price in _steps(
                    recorded[i] if i < rows else None, actual[j] if j < columns else None
                )
            ]
            cost[i][j], step[i][j] = min(ways, key=lambda way: way[0], default=(0.0, (0, 0)))
    i = j = 0
    while (i, j) != (rows, columns):
        down, right = step[i][j]
        if down or not (i < rows and recorded[i].any_lines):  # otherwise `...` stands for the actual line
            yield (recorded[i] if down else None), (actual[j] if right else None)
        i, j = i + down, j + right


def _steps(line: _Line | None, new: str | None) -> Iterator[tuple[tuple[int, int], float]]:
    """The steps from a recorded and an actual line (None: there is no further one), with their costs."""
    if line and line.any_lines:
        yield (1, 0), 0
        if new is not None:
            yield (0, 1), 0
        return
    if line and new is not None:
        yield (1, 1), 0 if line.agrees(new) else REPLACE_ALIKE if line.alike(new) else REPLACE
    if line:
        yield (1, 0), DROP
    if new is not None:
        yield (0, 1), INSERT


@cache
def _any_of(*kinds: str) -> re.Pattern:
    """The pattern of a masked value of any of these kinds."""
    patterns = MASKS | {"elision": re.escape(ANY_TEXT)}
    return re.compile("|".join(f"(?P<{kind.replace('-', '_')}>{patterns[kind]})" for kind in kinds) or "(?!)")


def _kind(found: re.Match) -> str:
    assert found.lastgroup, "each way to match a mask is a named group"
    return found.lastgroup.replace("_", "-")


def _values(masks: re.Pattern, line: str) -> Iterator[tuple[str, str]]:
    """The masked values of a line, as (mask, value)."""
    for found in masks.finditer(line):
        yield _kind(found), found[0]
