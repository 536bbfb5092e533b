"""The mutants of a site: each shown line of an included file, and each page, changed in all the ways of `kinds`."""

import ast
import configparser
import itertools
import os
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide.reader.matching import MASKS
from guide.reader.page import Block, Page, Site, read_page
from guide.reader.roles import COMPARED, database_file, role_of
from guide.reader.snippets import MARKER, find_sections

from .kinds import kinds_of

# The general rules by which a mutant may survive: what is recorded there is for a reader's other values; it is only a
# comment, or the like; a mask is missing that today's values do not need.
MASKED, NOT_RUN, STRICTER = RULES = ("a mask hides it", "nothing runs it", "stricter")

LISTS = "cases"  # a folder of docs/


@dataclass(frozen=True)
class Mutant:
    """A file with one change.

    file: its path in the repository. line: the first line that is another, from 1. before, after: the lines that
    differ. text: all of the mutated file. pages: the pages that show the file. harmless: the general rule by which it
    may survive, if any.
    """

    file: str
    line: int
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: str = field(repr=False)
    pages: frozenset[str]
    harmless: str | None = None

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def diff(self) -> str:
        return "\n".join([*(f"- {line}" for line in self.before), *(f"+ {line}" for line in self.after)])


@dataclass
class Shown:
    """A file as pages show it: the lines that are shown, counted from 0, the pages, the masks of its blocks.

    compared: whether it is compared with what happens, character for character, rather than used.
    """

    lines: set[int] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    masks: set[str] = field(default_factory=set)
    compared: bool = False


def read_pages(site: Site) -> list[Page]:
    """The pages of a site. Those that list cases are left out: tests write them whole, and compare them whole."""
    return [read_page(site, path) for path in sorted(site.docs.rglob("*.md")) if site.docs / LISTS not in path.parents]


def mutants(site: Site, names: Container[str] | None = None) -> list[Mutant]:
    """All mutants of a site, or those of files with these names, in the order of files and lines.

    Raises ReaderError for a page that cannot be read.
    """
    pages = read_pages(site)
    files = {page.path: Shown(pages={page.name}) for page in pages}
    for path in files:
        files[path].lines = set(range(len(path.read_text().splitlines())))
    for page in pages:
        for block in page.blocks:
            _show(files, pages, page, block)
    chosen = [path for path in sorted(files) if names is None or site.name(path) in names]
    return [mutant for path in chosen for mutant in _mutants(site.name(path), path.read_text(), files[path])]


def _show(files: dict[Path, Shown], pages: list[Page], page: Page, block: Block) -> None:
    """Add what a block shows, and what is recorded of the database after it."""
    record = database_file(block)
    names = {other.name for other in pages if page.path in _foundations(other, pages)}
    for path in [block.include.file.resolve(), *([record.resolve()] if record.is_file() else [])]:
        shown = files.setdefault(path, Shown())
        lines = path.read_text().splitlines()
        section = block.include.section if path != record.resolve() else None
        span = range(*find_sections(path.read_text())[section]) if section else range(len(lines))
        shown.lines |= {number for number in span if not MARKER.match(lines[number])}
        shown.pages |= names
        shown.masks |= set(block.masks)
        shown.compared |= path == record.resolve() or role_of(block) in COMPARED


def _foundations(page: Page, pages: list[Page]) -> set[Path]:
    """A page, and the pages that it builds on."""
    found: set[Path] = set()
    path: Path | None = page.path
    while path and path not in found:
        found.add(path)
        foundation = next((other.meta.get("builds_on") for other in pages if other.path == path), None)
        path = (path.parent / str(foundation)).resolve() if foundation else None
    return found


def _mutants(name: str, text: str, shown: Shown) -> Iterator[Mutant]:
    found: dict[str, Mutant] = {}
    lines = text.splitlines()
    for kind, mutate in kinds_of(name).items():
        for changed in mutate(text):
            start, before, after = _difference(lines, changed.splitlines())
            if changed in found or not (before or after) or not set(range(start, start + len(before))) <= shown.lines:
                continue
            harmless = _harmless(name, text, changed, before, after, shown)
            found[changed] = Mutant(name, start + 1, kind, before, after, changed, frozenset(shown.pages), harmless)
    yield from sorted(found.values(), key=lambda mutant: mutant.line)


def _difference(before: list[str], after: list[str]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Where two texts begin to differ, and their lines from there on that differ."""
    start = len(os.path.commonprefix([before, after]))
    same = len(os.path.commonprefix([before[start:][::-1], after[start:][::-1]]))
    return start, tuple(before[start : len(before) - same]), tuple(after[start : len(after) - same])


def _harmless(
    name: str, text: str, changed: str, before: tuple[str, ...], after: tuple[str, ...], shown: Shown
) -> str | None:
    """The general rule by which a mutant may survive, one of `RULES`."""
    if [re.sub(' data-mask="[^"]*"', "", line) for line in before] == list(after):
        return STRICTER
    if _masked(before, shown.masks) == _masked(after, shown.masks):
        return MASKED
    if not shown.compared and _meaning(name, text) == _meaning(name, changed) is not None:
        return NOT_RUN
    return None


def _masked(lines: tuple[str, ...], masks: set[str]) -> list[str]:
    return [re.sub("|".join(MASKS[mask] for mask in sorted(masks)) or "(?!)", "<masked>", line) for line in lines]


def _meaning(name: str, text: str) -> object:
    """What Python and settings say apart from their comments. None where that is not known."""
    suffix = name.rpartition(".")[2]
    try:
        if suffix == "py":
            return _code(text)
        if suffix in ("ini", "cfg"):
            parser = configparser.RawConfigParser()
            parser.read_string(text if re.search(r"(?m)^\[", text) else "[section]\n" + text)
            return {section: dict(parser[section]) for section in parser.sections()}
    except (SyntaxError, configparser.Error):
        pass
    return None


def _says_nothing(node: ast.stmt) -> bool:
    """`branch_labels = None`, which Alembic writes into each revision: any other empty value is the same to it."""
    match node:
        case ast.Assign(targets=[ast.Name(id="branch_labels")], value=ast.Constant(value=value)):
            return not value
    return False


def _code(text: str) -> str | None:
    """Python without comments, docstrings and return types, and with the imports of a group in order."""
    if "#>" in text:
        return None  # printed output stands in comments and strings
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not _says_nothing(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            ast.get_docstring(node) is not None
        ):
            node.body[0] = ast.Pass()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
    groups = itertools.groupby(tree.body, lambda node: isinstance(node, ast.Import | ast.ImportFrom))
    dumped = [(imports, [ast.dump(node) for node in nodes]) for imports, nodes in groups]
    return str([sorted(group) if imports else group for imports, group in dumped])
