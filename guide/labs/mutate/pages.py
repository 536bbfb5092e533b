"""The mutants of a site: each page, and each line that pages show and that something uses."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide.paths import pages_in
from guide.reader.page import Block, Page, Site, known_page
from guide.reader.roles import Role, role_of
from guide.reader.snippets import find_sections

from .kinds import PROSE, kinds_of
from .mutant import Mutant, difference

LISTS = "cases"  # a folder of docs/: tests write its pages whole, and compare them whole
RECORDED = {Role.GENERATED, Role.SENT}
ANSWERS = {Role.YQL: "-->", Role.EXAMPLE: "#>", Role.OPERATION: "#>"}
"""How recorded lines begin where they stand beside what is run."""
COMMENT = re.compile(r"\s*(#\s.*)?$")


@dataclass(frozen=True)
class PageMutant(Mutant):
    """A page or a snippet with one change. text: all of it. pages: those that show it, which are to be walked."""

    text: str = field(repr=False)
    pages: frozenset[str]

    @property
    def is_prose(self) -> bool:
        """Whether no walk looks at what is changed."""
        return self.kind == PROSE


@dataclass
class Shown:
    """A file as pages show it: the lines that are used, counted from 0, and the pages."""

    lines: set[int] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)


def read_pages(site: Site) -> list[Page]:
    """The pages of a site that are not lists. Raises ReaderError for one that cannot be read."""
    return [known_page(site, path) for path in pages_in(site.docs) if site.docs / LISTS not in path.parents]


def mutants(site: Site, wanted: Callable[[str, set[str]], bool] = lambda name, pages: True) -> list[PageMutant]:
    """The mutants of a site, in the order of files and lines.

    In: the site; whether a file with this name, that these pages show, is wanted. Raises ReaderError for a page that
    cannot be read.
    """
    pages = read_pages(site)
    files = {page.path: Shown(pages={page.name}) for page in pages}
    for path in files:
        files[path].lines = set(range(len(path.read_text().splitlines())))
    for page in pages:
        names_of = {other.name for other in pages if page.path in _foundations(other, pages)}
        for block in page.blocks:
            shown = files.setdefault(block.include.file.resolve(), Shown())
            shown.lines |= set(_used(block))
            shown.pages |= names_of
    chosen = [path for path in sorted(files) if wanted(site.name(path), files[path].pages)]
    return [mutant for path in chosen for mutant in _mutants(site.name(path), path.read_text(), files[path])]


def _used(block: Block) -> Iterator[int]:
    """The lines of a block's file that something is done with, counted from 0: the others are recorded."""
    role = role_of(block)
    if role in RECORDED:
        return
    text = block.include.file.read_text()
    lines = text.splitlines()
    section = block.include.section
    for number in range(*find_sections(text)[section]) if section else range(len(lines)):
        if not lines[number].lstrip().startswith(ANSWERS.get(role, "--8<--")):
            yield number


def _foundations(page: Page, pages: list[Page]) -> set[Path]:
    """A page, and the pages that it builds on."""
    found: set[Path] = set()
    path: Path | None = page.path
    while path and path not in found:
        found.add(path)
        foundation = next((other.meta.get("builds_on") for other in pages if other.path == path), None)
        path = (path.parent / str(foundation)).resolve() if foundation else None
    return found


def _mutants(name: str, text: str, shown: Shown) -> Iterator[PageMutant]:
    found: dict[str, PageMutant] = {}
    lines, meaning = text.splitlines(), _meaning(name, text)
    for kind, mutate in kinds_of(name).items():
        for changed in mutate(text):
            start, before, after = difference(lines, changed.splitlines())
            is_shown = set(range(start, start + len(before))) <= shown.lines
            if changed in found or not is_shown or not (before or after):
                continue
            if meaning is not None and meaning == _meaning(name, changed):
                continue  # a change of comments, docstrings or the like, which nothing runs
            found[changed] = PageMutant(name, start + 1, kind, before, after, changed, frozenset(shown.pages))
    yield from sorted(found.values(), key=lambda mutant: mutant.line)


def _meaning(name: str, text: str) -> object:
    """What Python, a change of it and settings say apart from comments. None where that is not known."""
    suffix = name.rpartition(".")[2]
    if name.endswith(".py.diff"):
        lines = [(line[:1], said) for line in text.splitlines() if (said := COMMENT.sub("", line[1:]))]
        return [[said for sign, said in lines if sign != other] for other in "+-"]
    try:
        if suffix == "py":
            return _code(text)
        if suffix == "ini":
            parser = configparser.RawConfigParser()
            parser.read_string(text if text.lstrip().startswith("[") else "[section]\n" + text)
            return {section: dict(parser[section]) for section in parser.sections()}
    except (SyntaxError, configparser.Error):
        pass
    return None


def _code(text: str) -> str:
    """Python without comments, docstrings, return types, empty `branch_labels`, and the order of names at its top."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [statement for statement in body if not _is_text(statement)] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
    names = [node for node in tree.body if _names(node)]
    others = [ast.dump(node) for node in tree.body if not _names(node)]
    return str([sorted(dumped for dumped in map(ast.dump, names) if "id='branch_labels'" not in dumped), others])


def _names(node: ast.stmt) -> bool:
    """Whether it imports, or gives a name to a constant."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_text(node: ast.stmt) -> bool:
    """Whether it is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
