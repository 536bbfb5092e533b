"""What the guide says of YDB, Alembic and the dialect, and what proves it.

A claim in prose is a reference link whose label is the id of its proof: `YDB [never updates a primary key
column][e-upd-pk].` A proof is a conformance case, or a row of guide/site/claims.tsv. This module knows the proofs and
writes the page of those that are no cases; test_prose.py checks them.
"""

from __future__ import annotations

import ast
import csv
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from guide.lock import locked
from guide.markdown import code, escape
from guide.paths import CASES, ROOT

from . import reach

TABLE = Path(__file__).with_name("claims.tsv")
PAGE = CASES / "claims.md"

TEMPLATE = """\
---
search:
  exclude: true
---

# What else is proven

What the guide says of YDB, Alembic and the dialect, where a [case](../emulator.md) cannot prove it.

## By a test of this guide

{test}

## By the source of a package

The tests look the words up in the package that is installed.

{source}

## By a page elsewhere

The tests do not open these pages.

{url}
"""


@dataclass(frozen=True)
class Claim:
    """One row of the table.

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
def load(table: Path = TABLE) -> list[Claim]:
    with table.open(newline="", encoding="utf-8") as file:
        return [Claim(**row) for row in csv.DictReader(file, delimiter="\t")]


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
        source = found.read_text(file) or Path(found.locate_file(file)).read_text()
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


def render() -> str:
    """The page of claims."""
    listed = {
        kind: "\n\n".join(_listed(claim) for claim in sorted(load(), key=lambda claim: claim.id) if claim.kind == kind)
        for kind in ("test", "source", "url")
    }
    return TEMPLATE.format(**{kind: text or "None." for kind, text in listed.items()})


def _listed(claim: Claim) -> str:
    first, second = claim.parts
    match claim.kind:
        case "test":
            where = f"{code(second)} in {code(first)}"
        case "source":
            where = f"{code(second)} of {escape(locked(first).replace('==', ' '))}"
        case _:
            where = f"<{claim.target}>"
    text = code(claim.text) if claim.kind == "source" else escape(claim.text)
    return f"**[{claim.id}](#{claim.id}){{ #{claim.id} }}**\n\n- {text}\n- {where}"
