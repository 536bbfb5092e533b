"""What the guide says of YDB, Alembic and the dialect, and what proves it.

A claim in prose is a reference link whose label is the id of its proof: `YDB [never updates a primary key
column][e-upd-pk].` A proof is a conformance case, or an entry of docs/cases/claims.md. This module reads them;
test_prose.py checks them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from guide.paths import CASES, ROOT

from . import reach

PAGE = CASES / "claims.md"
KINDS = {"Test": "test", "Source": "source", "Page": "url"}
ENTRY = re.compile(
    r"### (?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\n\n(?P<text>\S.*(?:\n\S.*)*)\n\n"
    rf"- (?P<kind>{'|'.join(KINDS)}): (?:`(?P<code>[^`\n]+)`|<(?P<address>[^>\n]+)>)\n"
)


@dataclass(frozen=True)
class Claim:
    """An entry of the page.

    `kind` is `test`: `target` is a test as pytest names it, `text` says what it shows; `source`: `target` is a file of
    an installed package, as `package:file`, `text` is in it; or, as a last resort, `url`: `text` is on that page.
    """

    id: str
    kind: str
    target: str
    text: str

    @property
    def parts(self) -> tuple[str, str]:
        """A test's file and name, a package and its file."""
        first, _, second = self.target.partition("::" if self.kind == "test" else ":")
        return first, second


@cache
def load(page: Path = PAGE) -> list[Claim]:
    """The claims of the page. Raises ValueError, with its line, for an entry that is none."""
    text = page.read_text(encoding="utf-8")
    return [_claim(page, text, heading.start()) for heading in re.finditer("^### ", text, re.MULTILINE)]


def _claim(page: Path, text: str, start: int) -> Claim:
    found = ENTRY.match(text, start)
    if not found:
        line = text.count("\n", 0, start) + 1
        raise ValueError(
            f"{page.name}:{line}: an entry is an id, what it says, and `- Test:`, `- Source:` or `- Page:`"
        )
    kind, said = KINDS[found["kind"]], " ".join(found["text"].split("\n"))
    if kind == "source" and not (said := _uncoded(said)):
        raise ValueError(f"{page.name}:{text.count(chr(10), 0, start) + 1}: the words of a source stand in a code span")
    return Claim(found["id"], kind, found["code"] or found["address"], said)


def _uncoded(span: str) -> str:
    """The text of a code span, or nothing."""
    found = re.fullmatch(r"(?P<fence>`+)( ?)(?P<text>.+)\2(?P=fence)", span)
    return found["text"] if found else ""


@cache
def proofs() -> dict[str, Path]:
    """All proofs by id, with the page that shows each under an anchor of its id."""
    pages = {case.id: reach.page_of(case.area) for case in reach.load()}
    return pages | {claim.id: PAGE for claim in load()}


def fault(claim: Claim) -> str | None:
    """Why a claim does not hold, or None where it does."""
    first, second = claim.parts
    match claim.kind:
        case "test":
            return None if second in _tests(ROOT / first) else f"no test {second!r} in {first}"
        case "source":
            return _source_fault(first, second, claim.text)
        case "url":
            return None if claim.target.startswith("https://") else f"no address: {claim.target!r}"
    return f"unknown kind {claim.kind!r} (known: test, source, url)"


def _source_fault(package: str, file: str, text: str) -> str | None:
    try:
        found = distribution(package)
        source = found.read_text(file) or Path(str(found.locate_file(file))).read_text()
    except PackageNotFoundError:
        return f"the package {package} is not installed"
    except OSError:
        return f"{package} {found.version} has no file {file}"
    return None if text in source else f"{file} of {package} {found.version} lacks {text!r}"


def _tests(file: Path) -> set[str]:
    """The names of a file's test functions."""
    if not file.is_file():
        return set()
    parsed = ast.parse(file.read_text()).body
    return {item.name for item in parsed if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")}
