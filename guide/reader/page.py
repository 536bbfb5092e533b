"""A page of the site, read the way the site reads it: a list of blocks.

The page goes through the Markdown extensions of mkdocs.yml twice. Without `pymdownx.snippets` each fence holds its
include line and stands on its line of the page; with it, each fence holds the text that a reader sees.
"""

import logging
import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import markdown
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.utils import meta
from pymdownx.snippets import SnippetMissingError, SnippetPreprocessor
from pymdownx.superfences import highlight_validator

from .errors import ReaderError, UnreadableError
from .rendered import Rendered, Tab
from .snippets import Include, find_sections

SNIPPETS = "pymdownx.snippets"
SUPERFENCES = "pymdownx.superfences"
TABBED = "pymdownx.tabbed"
ATTRIBUTES = {"data-mask", "data-role"}
CLASSES = {"fails"}
GENERATED = re.compile(r'^(?: {4})?--8<-- "(?P<file>snippets/[^":]+\.md)(?::(?P<section>[^"]+))?"$', re.MULTILINE)
"""The one include that stands in prose or a fold, and that nobody follows: text that tests write from what they ran."""
FRONT_MATTER = {"agree", "builds_on", "environment", "one_way", "project"}
FRONT_MATTER |= {"title", "description", "hide", "icon", "search", "status", "tags"}
INCLUDED = re.compile(r"(?P<path>[^:]+)(?::(?P<section>[A-Za-z][\w-]*))?", re.ASCII)
FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})")


@dataclass(frozen=True, eq=False)
class Site:
    """What mkdocs.yml says: where it is, where the pages are, and the Markdown extensions with their settings."""

    root: Path
    docs: Path
    extensions: list[str]
    settings: dict[str, dict[str, Any]]

    def name(self, path: Path) -> str:
        """A file's path as messages show it."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


@dataclass(frozen=True)
class Block:
    """A fence of a page: where it is, what its header says, which file it includes, and the text that readers see.

    `title` and `role` are empty where the header gives none. `tabs` are the tabs around it: a reader who chooses others
    does not see it.
    """

    page: str
    number: int
    line: int
    language: str
    title: str
    classes: tuple[str, ...]
    attributes: dict[str, str]
    tabs: tuple[Tab, ...]
    include: Include
    text: str

    @property
    def masks(self) -> list[str]:
        return self.attributes.get("data-mask", "").split()

    @property
    def role(self) -> str:
        return self.attributes.get("data-role", "")

    @property
    def name(self) -> str:
        """What it is called on its page: its number, and what it is."""
        return f"block {self.number} ({self._what()})"

    def error(self, message: str, kind: type[ReaderError] = ReaderError) -> ReaderError:
        """An error that says where this block is."""
        tabs = "".join(f", in the tab {tab.label!r}" for tab in self.tabs)
        return kind(f"{self.page}:{self.line}: block {self.number} ({self._what()}{tabs}): {message}")

    def _what(self) -> str:
        return ", ".join([self.language or "no language", *([self.title] if self.title else []), str(self.include)])


@dataclass(frozen=True)
class Page:
    """A page: its file and what is in it, front matter, blocks in order, generated texts that it shows (file, section).

    It is all as it was when the page was read: its files may be edited meanwhile.
    """

    path: Path
    name: str
    text: str
    meta: dict[str, Any]
    blocks: list[Block]
    generated: list[tuple[str, str | None]]


@dataclass
class _Fence:
    """A fence as superfences hands it over."""

    lines: range
    source: str
    language: str
    options: dict[str, str]
    classes: tuple[str, ...]
    attributes: dict[str, str]

    @property
    def header(self) -> tuple:
        return self.language, self.options, self.classes, self.attributes


@dataclass
class _Recorder:
    """Stands in for the highlighter: keeps each fence, leaves a numbered `<pre>` in its place."""

    lines: range = range(0)
    fences: list[_Fence] = field(default_factory=list)

    def format(self, source: str, language: str, _class: str, options: dict, _md: object, **more: Any) -> str:
        """A formatter of superfences."""
        classes, attributes = more.get("classes") or (), more.get("attrs") or {}
        self.fences.append(_Fence(self.lines, source, language or "", dict(options), tuple(classes), dict(attributes)))
        return f'<pre data-block="{len(self.fences)}"></pre>'

    def watch(self, preprocessor: Any) -> None:
        """Have superfences tell on which lines each fence stands (it does not tell its formatters)."""
        process = preprocessor.process_nested_block

        def process_nested_block(ws: str, content: Any, start: int, end: int) -> None:
            self.lines = range(start, end)
            process(ws, content, start, end)

        preprocessor.process_nested_block = process_nested_block


class _Complaints(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def load_site(config_file: Path) -> Site:
    """Read mkdocs.yml. Raises ReaderError if MkDocs refuses it or the includes could not be trusted."""
    complaints = _Complaints()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(complaints)
    try:
        config = load_config(str(config_file))
    except MkDocsException as error:
        reasons = complaints.messages or [str(error)]
        raise ReaderError(f"{config_file}: MkDocs refuses it: {'; '.join(reasons)}") from error
    finally:
        logger.removeHandler(complaints)
    root = config_file.resolve().parent
    extensions = list(config["markdown_extensions"])
    settings = {name: dict(value or {}) for name, value in config["mdx_configs"].items()}
    for name in (SNIPPETS, SUPERFENCES, "attr_list"):
        if name not in extensions:
            raise ReaderError(
                f"{config_file}: add '{name}' to markdown_extensions: the reader test reads pages with it"
            )
    if TABBED in extensions and not settings.get(TABBED, {}).get("alternate_style"):
        raise ReaderError(f"{config_file}: set 'alternate_style: true' for {TABBED}: the reader test knows these tabs")
    snippets = settings.setdefault(SNIPPETS, {})
    if not snippets.get("check_paths"):
        raise ReaderError(f"{config_file}: set 'check_paths: true' for {SNIPPETS}: a missing file must not go unseen")
    folders = snippets.get("base_path", ["."])
    folders = [folders] if isinstance(folders, str | os.PathLike) else folders
    snippets["base_path"] = [str(root / os.fspath(folder)) for folder in folders]
    return Site(root, Path(config["docs_dir"]).resolve(), extensions, settings)


def read_page(site: Site, path: Path) -> Page:
    """Read one page.

    In: the site and the page's file. Out: the page with its blocks in order.
    Raises ReaderError, with page and line, for whatever could not be tested: text in a fence that is no include, a
    missing file or section, an include outside a fence, a fence that Markdown does not take for one, other `<pre>`.
    """
    name = site.name(path)
    if not path.is_file():
        raise ReaderError(f"{name}: no such page")
    try:
        return _read(site, path, name)
    except SnippetMissingError as error:
        raise ReaderError(f"{name}: inside an included file: {error}") from error
    except UnicodeDecodeError as error:
        raise ReaderError(f"{name}: it is no text in UTF-8: {error}") from error
    except OSError as error:  # one of its files is gone by now, as happens while someone works on them
        raise ReaderError(f"{name}: {error.filename}: {error.strerror}") from error


def _read(site: Site, path: Path, name: str) -> Page:
    source = path.read_text()
    text, front_matter = meta.get_data(source)
    if unknown := sorted(set(front_matter) - FRONT_MATTER):
        raise ReaderError(
            f"{name}:1: unknown front matter: {', '.join(unknown)} (known: {', '.join(sorted(FRONT_MATTER))})"
        )
    # Lines of front matter, as empty lines, so that line numbers are those of the file.
    text = "\n" * (source.count("\n") - text.count("\n")) + text

    generated = [(found["file"], found["section"]) for found in GENERATED.finditer(text)]
    text = GENERATED.sub("", text)

    collapsed, written = _converter(site, expand=False)
    lines = text.split("\n")
    for preprocessor in collapsed.preprocessors:  # one of them finds the fences; the rest would take as long again
        lines = preprocessor.run(lines)
    _refuse_strays(name, text, written)
    expanded, shown = _converter(site, expand=True)
    snippets = expanded.preprocessors["snippet"]
    includes = [_include(snippets, fence, f"{name}:{fence.lines.start + 1}") for fence in written]
    html = expanded.convert(text)
    try:
        rendered = Rendered(html)
    except ValueError as error:
        raise ReaderError(f"{name}: {error}") from error

    blocks = []
    for number, (before, include) in enumerate(zip(written, includes, strict=True), start=1):
        where = f"{name}:{before.lines.start + 1}"
        after = shown[number - 1] if number <= len(shown) else None
        size = len(snippets.run([before.source]))
        if after is None or before.header != after.header or len(after.source.split("\n")) != size:
            raise ReaderError(
                f"{where}: {include} holds a line that ends this fence or an earlier one: use a longer fence"
            )
        if number not in rendered.blocks:
            raise ReaderError(f"{where}: readers do not see this block (is it in a comment, or indented?)")
        blocks.append(_block(name, number, before, include, rendered.blocks[number], after.source))
    if rendered.others:
        raise ReaderError(
            f"{name}: a code block that is no fence (indented code or a raw <pre>): use a fence{_near(text)}"
        )
    if len(shown) > len(written):
        raise ReaderError(f"{name}: an included file holds a fence of its own: use a longer fence around it")
    return Page(path, name, source, front_matter, blocks, generated)


known_site = cache(load_site)
"""A site as it was when this process first asked for it."""


known: dict[tuple[Site, Path], Page] = {}
"""What `known_page` has read."""


def known_page(site: Site, path: Path) -> Page:
    """A page as it was when this process first asked for it. Raises UnreadableError."""
    try:
        return known.get((site, path)) or known.setdefault((site, path), read_page(site, path))
    except ReaderError as error:
        raise UnreadableError(site.name(path), str(error)) from error


def _converter(site: Site, expand: bool) -> tuple[markdown.Markdown, list[_Fence]]:
    """Markdown as the site sets it up, and the list into which it puts the fences instead of highlighting them."""
    recorder = _Recorder()
    settings = {name: dict(value) for name, value in site.settings.items()}
    fences = settings.setdefault(SUPERFENCES, {})
    custom = [fence | {"format": recorder.format} for fence in fences.get("custom_fences", [])]
    # "*" takes over every other fence, by the very rules that the default highlighter accepts them.
    anything = {"name": "*", "class": "", "validator": highlight_validator, "format": recorder.format}
    fences["custom_fences"] = [*custom, anything]
    extensions = [extension for extension in site.extensions if expand or extension != SNIPPETS]
    converter = markdown.Markdown(extensions=extensions, extension_configs=settings)
    recorder.watch(converter.preprocessors["fenced_code_block"])
    return converter, recorder.fences


def _refuse_strays(name: str, text: str, fences: list[_Fence]) -> None:
    """Refuse includes and fences in places where Markdown does not take them for a fence."""
    inside = {number for fence in fences for number in fence.lines}
    for number, line in enumerate(text.split("\n")):
        where = f"{name}:{number + 1}"
        if number in inside:
            continue
        include = SnippetPreprocessor.RE_ALL_SNIPPETS.match(line)
        if include and not include["escape"]:
            raise ReaderError(f"{where}: an include outside a fence: put it into a fence, so that something runs it")
        if FENCE.match(line):
            raise ReaderError(
                f"{where}: Markdown does not take this for a fence: close it with as many backticks, at the same "
                'indentation; attributes other than title need braces, as in ``` { .console data-mask="date" }'
            )


def _include(snippets: SnippetPreprocessor, fence: _Fence, where: str) -> Include:
    """The one include line that a fence of this site consists of."""
    found = SnippetPreprocessor.RE_ALL_SNIPPETS.match(fence.source)
    if not found or not found["inline_marker"] or found["escape"]:
        raise ReaderError(
            f"{where}: a fence holds one include line and nothing else: "
            '--8<-- "folder/file" or --8<-- "folder/file:section"'
        )
    target = INCLUDED.fullmatch(found["snippet"][1:-1].strip())
    if not target:
        raise ReaderError(
            f"{where}: an include names a file or a section of it, never line numbers: {found['snippet']}"
        )
    name, section = target["path"], target["section"]
    file = snippets.get_snippet_path(name)
    if file is None or not Path(file).is_file():
        folders = dict.fromkeys(str(folder) for folder in snippets.base_path)
        raise ReaderError(f"{where}: no file {name!r} under {' or '.join(folders)}")
    try:
        text = Path(file).read_text()
        sections = find_sections(text)
    except ValueError as error:
        raise ReaderError(f"{where}: {name}: {error}") from error
    if not text.strip():
        raise ReaderError(f"{where}: {name} is empty")
    if section and section not in sections:
        known = ", ".join(sections) or "none"
        raise ReaderError(f"{where}: no section {section!r} in {name} (it has: {known})")
    return Include(name, Path(file), section, sections[section][0] + 1 if section else 1)


def _block(page: str, number: int, fence: _Fence, include: Include, tabs: tuple[Tab, ...], source: str) -> Block:
    """A block from a fence. Refuses attributes without a meaning: a typing mistake would switch off a check."""
    title = fence.options.get("title", "")
    text = source if source.endswith("\n") else source + "\n"
    block = Block(
        page, number, fence.lines.start + 1, fence.language, title, fence.classes, fence.attributes, tabs, include, text
    )
    if "hl_lines" in fence.options:
        raise block.error("hl_lines counts lines, and nothing would notice when they move: leave it out")
    if unknown := sorted(set(fence.attributes) - ATTRIBUTES):
        raise block.error(f"unknown attribute {', '.join(unknown)} (known: {', '.join(sorted(ATTRIBUTES))})")
    if unknown := sorted(set(fence.classes) - CLASSES):
        raise block.error(f"unknown class {', '.join(unknown)} (known: {', '.join(sorted(CLASSES))})")
    return block


def _near(text: str) -> str:
    """A hint at the first line that may be such a code block."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "<pre" in line or re.match(r" {4}\S", line):
            return f" (perhaps line {number})"
    return ""
