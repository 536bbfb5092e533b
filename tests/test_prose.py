"""Every sentence's proof, name and version number is real: pages are read without the blocks, which the reader runs.

`pytest --update` writes the definitions of the proofs that a page refers to at its end.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from guide import phrases, prose
from guide.pages import pages
from guide.paths import PAGES, ROOT
from guide.site import claims, reach, real
from ydb_emulator import releases

HAND_WRITTEN = [path for path in PAGES if path != reach.PAGE]
NAMES = [path.relative_to(ROOT).as_posix() for path in HAND_WRITTEN]

each_page = pytest.mark.parametrize("path", HAND_WRITTEN, ids=NAMES)


TOLD = ["README.md", "docs/versions.md", "docs/operate/ci.md"]


@pytest.mark.parametrize("name", TOLD)
def test_pages_say_whether_a_run_on_a_real_ydb_is_on_record(name: str) -> None:
    """A workflow that is set to run there is no run."""
    said = re.findall(r"no such run is on record", " ".join((ROOT / name).read_text().split()), re.IGNORECASE)
    assert len(said) == (0 if real.load() else 1)


@each_page
def test_every_reference_has_a_proof(path: Path, pytestconfig: pytest.Config, updated: set[Path]) -> None:
    text, proofs = path.read_text(), claims.proofs()
    known = {*proofs, *prose.definitions(text)}
    _report(
        path,
        (
            (line, f"no case and no entry of docs/cases/claims.md is called {label!r}{_similar(label, known)}")
            for line, label in prose.references(text)
            if label not in known
        ),
    )
    expected = prose.with_definitions(text, path, proofs)
    if pytestconfig.getoption("--update") and text != expected:
        path.write_text(expected)
        updated.add(path)
    assert path.read_text() == expected, "pytest --update writes the definitions of proofs at the end of the page"


GUIDE = [path for path in HAND_WRITTEN if path.name != "contributing.md"]
"""Pages whose names are those of YDB, Alembic and files. The contributor's page has placeholders and the words of the
tests' own reader."""


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_name_is_real(path: Path) -> None:
    """A typing error in a code span is in no block, no file, no case."""
    _report(
        path,
        (
            (line, f"{span!r} is in no block, snippet, case, claim or file name{_similar(span, _words())}")
            for line, span in prose.spans(path.read_text())
            if not prose.occurs(span, _material())
        ),
    )


def test_next_steps_are_cards() -> None:
    pages = [path.relative_to(ROOT).as_posix() for path in GUIDE if "\n## Next steps\n" in path.read_text()]
    assert pages == []


MARKUP = re.compile(r"(?m)^(?:[!?]{3} .*|\| \| \|$|#.* \{.*\}$)|\*\*[\w ]+\*\*\{\.\w+\}")
"""What pages are written with, beside blocks: boxes, folds, classes."""


def test_every_name_for_contributors_is_real() -> None:
    """What they write is known to the tests' own reader, or to make; the name of their page is theirs."""
    path, example = ROOT / "docs" / "contributing.md", ROOT / "docs" / "preparation.md"
    sources = [*sorted((ROOT / "guide" / "reader").glob("*.py")), ROOT / "tests" / "conftest.py"]
    known = "\n".join([_material(), " ".join(example.read_text().split()), *(source.read_text() for source in sources)])
    known += "\n".join(line for page in PAGES for line in MARKUP.findall(page.read_text()))
    spans = (
        (line, re.sub(r"^\.venv/bin/python -m | NAME=recipes/my-task| docs/recipes/my-task\.md| other\.md", "", span))
        for line, span in prose.spans(path.read_text())
    )
    _report(
        path,
        (
            (line, f"{span!r} is nowhere in what reads the pages")
            for line, span in spans
            if not prose.occurs(span, known)
        ),
    )


@pytest.mark.parametrize("path", [*HAND_WRITTEN, ROOT / "README.md"], ids=[*NAMES, "README.md"])
def test_every_version_comes_from_data(path: Path) -> None:
    _report(path, _wrong_versions(path.read_text()))


def _wrong_versions(text: str) -> Iterator[tuple[int, str]]:
    yield from _wrong_labels(text)
    known = _versions()
    for line, version, before in prose.versions(text):
        named = prose.mentioned(known, before)
        # The name right before the number, or any that the paragraph has mentioned.
        direct = [name for name in named[-1:] if re.search(rf"{re.escape(name)}[`*\]]* $", before.lower())]
        allowed = {number: name for name in direct or named for number in known[name]}
        if not named:
            yield line, f"which program's version is {version}? Name it before, in the same paragraph"
        elif version not in allowed:
            those = ", ".join(f"{name} {number}" for number, name in sorted(allowed.items()))
            yield line, f"{version} is in no data: pyproject.toml and docs/cases/claims.md know {those}"


def _wrong_labels(text: str) -> Iterator[tuple[int, str]]:
    """Versions in the words of a link whose label names another one."""
    for found in re.finditer(r"\[([^\[\]]+)\]\[[\w-]*?-(\d+(?:-\d+)+)\]", prose.prose(text)):
        number = found[2].replace("-", ".")
        for version in prose.VERSION.findall(found[1]):
            if version != number:
                yield prose.line(text, found.start()), f"{version} links to a proof about {number}"


STEPS = re.compile(r"^\| step \|.*\n\| --- .*\n((?:\|.*\n)+)", re.MULTILINE)


def test_steps_are_counted() -> None:
    tables = [table for path in HAND_WRITTEN for table in STEPS.findall(path.read_text())]
    steps = [re.findall(r"^\| \[?(\d*)", table, re.MULTILINE) for table in tables]
    assert steps
    assert steps == [[str(number + 1) for number in range(len(rows))] for rows in steps]


@pytest.mark.parametrize("claim", claims.load(), ids=lambda claim: claim.id)
def test_claim(claim: claims.Claim) -> None:
    assert claims.fault(claim) is None


def test_ids_of_proofs_are_unique() -> None:
    ids = Counter([case.id for case in reach.load()] + [claim.id for claim in claims.load()])
    assert [id for id, count in ids.items() if count > 1] == []


def test_every_claim_is_referred_to() -> None:
    used = {label for path in HAND_WRITTEN for _, label in prose.references(path.read_text())}
    assert [claim.id for claim in claims.load() if claim.id not in used] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One `a  b`,\n``c ` d`` and [`e`](f.md)", [(1, "a b"), (2, "c ` d"), (2, "e")]),
        ('---\ntitle: `no`\n---\n```python title="`no`"\n`no`\n```\n`yes`', [(7, "yes")]),
        ("no \\`span, <!-- `no` --> and `one\n\ntwo`", []),
    ],
)
def test_spans_are_found(text: str, found: list[tuple[int, str]]) -> None:
    assert list(prose.spans(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a][x], and\n[over\ntwo lines][y], [same][]", [(1, "x"), (2, "y"), (3, "same")]),
        ("`[no][x]`, [no](x), \\[no][x]\n\n[no]: x", []),
        ("- [with `code`][x]\n\n```\n[no][x]\n```", [(1, "x")]),
    ],
)
def test_references_are_found(text: str, found: list[tuple[int, str]]) -> None:
    assert list(prose.references(text)) == found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("You need Python 3.11 or newer", None),
        ("You need Python 3.12 or newer", "3.12 is in no data"),
        ("`alembic` 0.1.24, not `ydb-sqlalchemy`", "0.1.24 is in no data"),
        ("With `ydb-sqlalchemy` on YDB, since\n0.1.23", None),
        ("`alembic`\n\nSince 1.14", "which program's version is 1.14?"),
        ("YDB 25.1, `ydb 9.9` and [YDB 26.2](9.9.md)", None),
        ("YDB 24.3", "24.3 is in no data"),
        ("[Since `ydb-sqlalchemy` 0.1.23][ydb-sqlalchemy-0-1-23]", None),
        ("[Since `ydb-sqlalchemy` 0.1.24][ydb-sqlalchemy-0-1-23]", "0.1.24 links to a proof about 0.1.23"),
        ("Python 3,11: 100 rows on 2026-11-23, the 2nd. YDB 26.2.", None),
        ("Python 3x11", "3x11 is in no data"),
    ],
)
def test_versions_are_compared(text: str, fault: str | None) -> None:
    faults = [message for _, message in _wrong_versions(text)]
    assert [message for message in faults if fault is None or fault not in message] == []
    assert bool(faults) == bool(fault)


@pytest.mark.parametrize(
    ("span", "is_real"),
    [
        ("alembic upgrade --sql", True),
        ("alembic --sql upgrade", False),
        ("alembic.ini", True),
        ("alembic.in", False),
        ("lembic.ini", False),
        ("docs/", True),
        ("Cannot update primary key column: id", True),
        ("Cannot update a primary key column", False),
    ],
)
def test_names_are_looked_up(span: str, is_real: bool) -> None:
    assert (
        prose.occurs(span, "$ alembic upgrade head --sql\nalembic.ini\ndocs/\nCannot update primary key column: id")
        is is_real
    )


def test_definitions_follow_the_references() -> None:
    page, proofs = ROOT / "docs" / "a" / "b.md", {"x": ROOT / "docs" / "cases" / "c.md", "y": claims.PAGE}
    text = "[one][x] [two][own]\n\n[own]: https://example.org\n[y]: ../cases/claims.md#y\n"
    expected = "[one][x] [two][own]\n\n[own]: https://example.org\n\n[x]: ../cases/c.md#x\n"
    assert prose.with_definitions(text, page, proofs) == expected
    assert prose.with_definitions(expected, page, proofs) == expected


@pytest.mark.parametrize(
    ("kind", "target", "text", "fault"),
    [
        ("test", "tests/test_prose.py::test_gone", "", "no test 'test_gone' in tests/test_prose.py"),
        ("test", "tests/gone.py::test_gone", "", "no test 'test_gone' in tests/gone.py"),
        ("source", "alembic:alembic/op.py", "not a word of it", "alembic/op.py of alembic"),
        ("source", "alembic:gone.py", "", "has no file gone.py"),
        ("source", "no-such-package:gone.py", "", "the package no-such-package is not installed"),
        ("url", "docs", "", "no address"),
        ("guess", "", "", "unknown kind 'guess'"),
    ],
)
def test_a_claim_that_does_not_hold(kind: str, target: str, text: str, fault: str) -> None:
    assert fault in (claims.fault(claims.Claim("id", kind, target, text)) or "it holds")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("### a\n\nText.\n\n- Test: `a.py::test_a`\n", None),
        ("### a\n\nText.\n\n- Proof: `a.py::test_a`\n", "page.md:3: an entry is an id"),
        ("### a\n\n- Test: `a.py::test_a`\n", "page.md:3: an entry is an id"),
        ("### A claim\n\nText.\n\n- Page: <https://example.org>\n", "page.md:3: an entry is an id"),
        ("### a\n\nText.\n\n- Source: `a:a.py`\n", "page.md:3: the words of a source stand in a code span"),
    ],
)
def test_entries_of_claims_are_read(tmp_path: Path, entry: str, fault: str | None) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{entry}")
    if fault is None:
        assert claims.load(page) == [claims.Claim("a", "test", "a.py::test_a", "Text.")]
        return
    with pytest.raises(ValueError, match=fault):
        claims.load(page)


# --- data --------------------------------------------------------------------------------------------------------


@cache
def _material() -> str:
    """All that a name in prose may come from, but prose: blocks, their headers, files, cases, claims, file names."""
    shown = [f"{block.title} {block.text}" for page in pages() for block in page.blocks]
    shown += [text.replace("\\'", "'") for text in shown]  # as YDB's texts read where the client does not escape them
    headers = [header for path in PAGES for header in re.findall(r"(?m)^ *```.*|^-+8<-+.*", path.read_text())]
    cases = [part for case in reach.load() for part in (case.id, *case.setup, case.statement, case.expected, case.text)]
    cases += [part for case in reach.load() for part in (case.line, case.note, *case.sources)]
    said = [part for claim in claims.load() for part in (claim.id, claim.text, claim.target)]
    files = [path for folder in ("example", "snippets") for path in _tree(ROOT / folder) if path.suffix != ".pyc"]
    texts = [
        path.read_text() for path in (ROOT / "pyproject.toml", ROOT / "toolkit" / "README.md", *files) if path.is_file()
    ]
    targets = [f"make {target}" for target in re.findall(r"(?m)^([\w-]+):.* ## ", (ROOT / "Makefile").read_text())]
    # Folders with the slash that prose writes behind them.
    tops = [path for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "site"]
    names = [path for top in tops for path in (top, *_tree(top))]
    tree = [f"{path.relative_to(ROOT).as_posix()}{'/' if path.is_dir() else ''}" for path in names]
    return "\n".join([*shown, *headers, *cases, *said, *texts, *targets, *tree])


def _tree(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if "__pycache__" not in path.parts]


@cache
def _words() -> set[str]:
    return set(re.findall(r"[\w./+-]+", _material()))


@cache
def _versions() -> dict[str, set[str]]:
    """The versions that prose may give for a program: lower bounds, what claims hold, YDB's release lines."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    licence, _, number = project["license"].rpartition("-")
    found = {"python": _bounds(f"python{project['requires-python']}"), licence.lower(): {number}}
    found["ydb"] = {*releases.NAMES, *releases.IMAGES.values()}
    for dependency in project["dependencies"]:
        name = Requirement(dependency).name
        found[name] = found.get(name, set()) | _bounds(dependency)
    for claim in claims.load():
        said = re.sub(r"\b[0-9a-f]{40}\b", "", f"{claim.target} {claim.text}")  # a commit is no version
        for name in prose.mentioned(found, said):
            found[name] |= {number[0] for number in prose.VERSION.finditer(said)}
    return found


def _bounds(requirement: str) -> set[str]:
    return {part.version for part in Requirement(requirement).specifier if part.operator in (">=", "==")}


def _report(path: Path, faults: Iterator[tuple[int, str]]) -> None:
    """Fail with page and line of every fault."""
    name = path.relative_to(ROOT).as_posix()
    if found := [f"{name}:{line}: {fault}" for line, fault in faults]:
        pytest.fail("\n".join(found), pytrace=False)


def _similar(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(word, known, n=3)
    return f"; known is {', '.join(close)}" if close else ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Make the table anew,\nas one that is there.", [(1, "anew"), (2, "that is there")]),
        ("A YDB server, `a YDB`, and a YDB.", [(1, "a YDB")]),
        ("```text\nIn vain.\n```\nThere is a way that is there to see.", []),
    ],
)
def test_words_that_read_as_translated_are_found(text: str, found: list[tuple[int, str]]) -> None:
    assert [(number, words) for number, words, _ in phrases.finds(text)] == found
