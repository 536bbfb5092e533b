"""What something costs, counted: unlike seconds, it is the same however busy the machine is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass
class Count:
    number: int = 0


@contextmanager
def counting_lines() -> Iterator[Count]:
    """The lines of Python that run inside of it, in this thread."""
    count = Count()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        count.number += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)


@contextmanager
def counting_calls() -> Iterator[Count]:
    """The calls inside of it, in this thread: for long ones, as it is several times as fast."""
    count, number = Count(), 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal number
        if event == "call" or event == "c_call":
            number += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield count
    finally:
        sys.setprofile(before)
        count.number = number
