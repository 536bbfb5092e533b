"""What happened, as a page would show it, compared with what it does show."""

import re

from .address import Address, IdError
from .matching import Comparison, compare
from .session import without_opening


def answer(address: Address, recorded: list[str], printed: str, masks: list[str]) -> tuple[str, list[str], list[str]]:
    """What a command printed, beside the lines that are recorded of it.

    Out: the text in the page's words, its lines without the opening ones, and those in the recorded words, where they
    stand for them.
    """
    output = as_shown(address.to_reader(printed))
    actual = without_opening(recorded, lines_of(output))
    _, record = bind(address, compare(recorded, actual, masks), actual)
    return output, actual, record


def part(recorded: list[str], actual: list[str], masks: list[str], *, whole: bool) -> Comparison:
    """Compare lines with a file: with the whole of it, or with that part of it that agrees, if one does."""
    comparison = compare(recorded, actual, masks, elide=False)
    if whole:
        return comparison
    size = len(recorded)
    windows = (actual[start : start + size] for start in range(len(actual) - size + 1))
    parts = (compare(recorded, window, masks, elide=False) for window in windows)
    return next((each for each in parts if each.same), comparison)


def bind(address: Address, comparison: Comparison, actual: list[str]) -> tuple[bool, list[str]]:
    """Let generated ids stand for the recorded ones. Out: whether all agrees, and what to record."""
    try:
        for recorded, found in comparison.ids:
            address.bind(recorded, found)
    except IdError:
        return False, actual
    return comparison.same, comparison.record


def as_shown(text: str) -> str:
    """What Markdown leaves of a text in a fence: spaces instead of tabs, and none on an empty line."""
    return re.sub(r"(?m)^ +$", "", text.expandtabs(4))


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []
