"""A page followed in a browser tab: each of its blocks done as the guide's tests do it, and compared as they compare.

`guide.site.steps` writes the steps when the site is built.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.reader import fragment, yql
from guide.reader.address import Address
from guide.reader.session import Command, parse
from guide.reader.shown import answer, bind, lines_of, part
from ydb_emulator.scratch import Engine

if TYPE_CHECKING:  # it imports this
    from .tab import Tab

DONE, SAME, DIFFERS, FAILED = "done", "same", "differs", "failed"
"""Ends of a step: nothing was to be compared, what is shown happened, something else happened, it can't be done."""


class CannotError(Exception):
    """A step that can't be done, in words for the reader."""


class Follower:
    """Does the steps of a page in a tab. What an id that a step generates stands for, later steps know."""

    def __init__(self, tab: Tab, engine: Engine) -> None:
        self._tab = tab
        self._address = Address(engine, tab.folder, tab.folder / ".venv")

    def do(self, step: Mapping[str, Any]) -> dict[str, str]:
        """Do a step. Out: how it `ended`, what is to be `said` of it, and the `difference` from what the page shows."""
        try:
            if step["kind"] in _CHANGES:
                what = _CHANGES[step["kind"]](self, step)
                self._say(f"# {step['name']}: {what}")
                return {"ended": DONE, "said": f"{step['name']} {what}.", "difference": ""}
            recorded, happened = _COMPARED[step["kind"]](self, step)
        except CannotError as error:
            return {"ended": FAILED, "said": str(error), "difference": ""}
        if recorded == happened:
            return {"ended": SAME, "said": "", "difference": ""}
        lines = list(difflib.unified_diff(recorded, happened, n=2, lineterm=""))[2:]
        return {"ended": DIFFERS, "said": "", "difference": "\n".join(line for line in lines if line[:2] != "@@")}

    def _say(self, text: str) -> None:
        self._tab.terminal.write(f"{text}\n")

    def _file(self, step: Mapping[str, Any]) -> Path:
        return self._tab.place(self._address.to_test(step["name"]))

    def _text(self, step: Mapping[str, Any]) -> str:
        """What is in the step's file, before it. Raises CannotError where there is none."""
        try:
            return self._file(step).read_text()
        except OSError:
            raise CannotError(f"{step['name']} is not there any more. Restart begins the page again.") from None

    def _write(self, step: Mapping[str, Any], text: str) -> None:
        try:
            self._tab.save(self._address.to_test(step["name"]), text)
        except OSError as error:
            raise CannotError(f"{step['name']} can't be written: {error.strerror}.") from None

    def _write_file(self, step: Mapping[str, Any]) -> str:
        self._write(step, self._address.to_test(step["text"]))
        return "is written"

    def _apply_section(self, step: Mapping[str, Any]) -> str:
        text = self._text(step)
        if fragment.contains(self._address.to_reader(text), step["text"]):
            return "has these lines"
        return self._change(step, lambda: fragment.apply(step["name"], text, self._address.to_test(step["text"])))

    def _apply_diff(self, step: Mapping[str, Any]) -> str:
        text = self._text(step)
        return self._change(step, lambda: fragment.apply_diff(text, self._address.to_test(step["text"])))

    def _change(self, step: Mapping[str, Any], changed: Callable[[], str]) -> str:
        try:
            text = changed()
        except ValueError as error:
            raise CannotError(
                f"{step['name']} is not as on the page, so the change can't be made: {error}. "
                "Make it by hand, or Restart."
            ) from None
        self._write(step, text)
        return "is changed"

    def _compare_generated(self, step: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        actual = lines_of(self._address.to_reader(self._text(step)))
        recorded = lines_of(step["text"])
        _, record = bind(self._address, part(recorded, actual, step["masks"], whole=step["whole"]), actual)
        return recorded, record

    def _run_session(self, step: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        recorded = parse(step["text"])
        return _session(recorded), _session([self._run(command, step["masks"]) for command in recorded])

    def _run(self, command: Command, masks: list[str]) -> Command:
        """Run a command in the terminal. Out: the same with what happened, in the recorded words where it can be."""
        terminal, printed = self._tab.terminal, list[str]()
        write = terminal.write

        def keep(text: str) -> None:
            printed.append(text)
            write(text)

        self._say("$ " + command.text.replace("\n", "\n> "))
        terminal.write = keep
        try:
            status = terminal.run(self._address.to_test(command.text))
        finally:
            terminal.write = write
        _, _, record = answer(self._address, command.output, "".join(printed), masks)
        return Command(command.text, status, record)

    def _run_yql(self, step: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        recorded, happened = yql.parse(step["text"]), []
        for request in recorded:
            self._say(f"yql> {request.text}")
            told = "".join(f"{line}\n" for line in self._tab.ask(self._address.to_test(request.text)))
            self._tab.terminal.write(told)
            _, _, record = answer(self._address, request.answer, told, step["masks"])
            happened.append(yql.Request(request.text, record))
        return lines_of(yql.serialise(recorded)), lines_of(yql.serialise(happened))


_CHANGES: dict[str, Callable[[Follower, Mapping[str, Any]], str]] = {
    "file": Follower._write_file,
    "section": Follower._apply_section,
    "diff": Follower._apply_diff,
}
_COMPARED: dict[str, Callable[[Follower, Mapping[str, Any]], tuple[list[str], list[str]]]] = {
    "generated": Follower._compare_generated,
    "session": Follower._run_session,
    "yql": Follower._run_yql,
}
KINDS = frozenset([*_CHANGES, *_COMPARED])
"""The roles of blocks that a tab can do, by their names in lower case."""


def _session(commands: list[Command]) -> list[str]:
    return [
        line
        for each in commands
        for line in (f"$ {each.text}", *([f"? {each.status}"] if each.status else []), *each.output)
    ]
