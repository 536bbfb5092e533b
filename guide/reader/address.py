"""What differs between the reader's machine and the test's: the address of YDB, folders, generated ids.

Pages speak of the reader's world: YDB at localhost:2136, a project folder, the revision ids that were recorded. Files
and commands are put into the test's words before they are used, outputs back into the reader's.
"""

import re
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from .engine import SCHEME, Engine

PORT = 2136
ENDPOINT = f"localhost:{PORT}"
DATABASE = "/local"
FOLDER = "/home/you/project"
ENVIRONMENT = f"{FOLDER}/.venv"
LIBRARY = f"/usr/lib/python{sys.version_info.major}.{sys.version_info.minor}"
PREFIX = "ydb_table_path_prefix"

# One pattern, so that what has been replaced is not replaced again: a URL; a path in the database (not the end of a
# longer path); host and port.
PLACE = re.compile(
    rf"(?P<scheme>{re.escape(SCHEME)}(?:_async)?://){ENDPOINT}{DATABASE}(?P<options>\?[^\s\"'`<>]*)?(?![\w/-])"
    rf"|(?<![\w.:/-])(?P<path>{DATABASE})(?:(?P<inside>/)(?=\w)|(?![\w-]))"
    rf"|(?<![\w.-])(?P<endpoint>{ENDPOINT})(?!\w)"
)


class IdError(ValueError):
    """An id that would stand for two others."""


@dataclass
class Address:
    """The two worlds. In: the engine of the test, the folder of the walk, the prefix of the Python environment."""

    engine: Engine
    folder: Path
    prefix: Path
    actual_ids: dict[str, str] = field(default_factory=dict)  # by recorded id
    ports: dict[int, int] = field(default_factory=dict)  # of the servers that the page has started, by the page's port

    def to_test(self, text: str) -> str:
        """Put what a page says into the words of this test."""
        text = PLACE.sub(self._test_place, text)
        for page_port, port in self.ports.items():
            text = re.sub(rf"\b(localhost|127\.0\.0\.1):{page_port}\b", rf"\g<1>:{port}", text)
        text = text.replace(ENVIRONMENT, str(self.prefix)).replace(FOLDER, str(self.folder))
        return _replace_words(text, self.actual_ids)

    def to_reader(self, text: str) -> str:
        """Put what this test printed or holds into the words of the page."""
        for page_port, port in self.ports.items():
            text = re.sub(rf"\b{port}\b", str(page_port), text)
        directory, database = self.engine.directory, self.engine.database
        for path, word in self._folders:
            text = text.replace(path, word)
        if directory != database:
            text = re.sub(rf"[?&]{PREFIX}={re.escape(directory)}(?![\w/])", "", text)
            text = _replace_name(text, directory, DATABASE)
            text = text.replace(directory.removeprefix(database).strip("/") + "/", "")
        text = _replace_name(text, self.engine.endpoint + database, ENDPOINT + DATABASE)
        if database != DATABASE:
            text = _replace_name(text, database, DATABASE)
        text = _replace_name(text, self.engine.endpoint, ENDPOINT)
        return _replace_words(text, {actual: recorded for recorded, actual in self.actual_ids.items()})

    def bind(self, recorded: str, actual: str) -> None:
        """From here on, let the id that was generated in this walk stand for the recorded one. Raises IdError."""
        known = self.actual_ids.get(recorded)
        if known is None and actual not in self.actual_ids:
            self.actual_ids[recorded] = actual
        elif actual != recorded:
            # `actual` went through `to_reader`: an id that is already bound would read as the recorded one.
            raise IdError(
                f"{recorded} is recorded where there is {actual}, but one of them stands for another id already"
            )

    @cached_property
    def _folders(self) -> list[tuple[str, str]]:
        """The reader's name for each folder of the test that a message may show, the longest first."""
        folders = {
            str(self.folder): FOLDER,
            str(self.folder.resolve()): FOLDER,
            str(self.prefix): ENVIRONMENT,
            sysconfig.get_path("stdlib"): LIBRARY,
        }
        return sorted(folders.items(), key=lambda pair: -len(pair[0]))

    def _test_place(self, found: re.Match) -> str:
        if found["endpoint"]:
            return self.engine.endpoint
        if found["path"]:
            return f"{self.engine.directory}/" if found["inside"] else self.engine.database
        options = dict(parse_qsl((found["options"] or "").removeprefix("?")))
        if PREFIX in options:
            options[PREFIX] = options[PREFIX].replace(DATABASE, self.engine.directory, 1)
        elif self.engine.directory != self.engine.database:
            options[PREFIX] = self.engine.directory
        query = "?" + urlencode(options, safe="/") if options else ""
        return f"{found['scheme']}{self.engine.endpoint}{self.engine.database}{query}"


def _replace_name(text: str, old: str, new: str) -> str:
    """Replace a name where it stands for itself, not as part of a longer one."""
    return re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", new, text)


def _replace_words(text: str, words: dict[str, str]) -> str:
    """Replace many words at once, so that a replacement is not replaced again."""
    if not words:
        return text
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
