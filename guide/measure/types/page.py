"""The generated file of the page: a section for each of its tables, with the details of each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.markdown import code
from guide.paths import ROOT
from guide.reader.snippets import in_sections
from ydb_emulator import releases

from .advice import is_silently_different, traps
from .column import Column, columns
from .measuring import Measured, measured

PAGE = ROOT / "snippets" / "reference" / "types.md"


def _lines_of(one: Measured) -> str:
    """From which line on a type is stored, as words; nothing if all have it."""
    since = [line for line in releases.RELEASED if line in one.stored]
    return "" if len(since) == len(releases.RELEASED) else f" since YDB {since[0]}"


def _autogenerate(one: Measured) -> str:
    if one.type is None:
        return ""
    if not one.crash and not one.difference:
        return "**right**{.works}"
    plain = "**crash**{.refused}" if one.crash else "**false alarm**{.silent}"
    return plain if one.with_hooks else f"{plain} without hooks"


def _verdict(one: Measured, known: list[str]) -> str:
    """The badge of a type, with what to know about it."""
    if one.type is None:
        return "**refused**{.refused}"
    badge = "**works**{.works}"
    if one.values[0].refused:
        badge = "**refused**{.refused}"
    elif is_silently_different(one):
        badge = "**silently different**{.silent}"
    return f"{badge}: {'; '.join(known)}" if known else badge


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _overview(found: list[Measured]) -> Iterator[str]:
    yield _row("in the model", "in YDB", "what becomes of it", "autogenerate")
    yield _row("---", "---", "---", "---")
    for one in found:
        kept = code(one.type) + _lines_of(one) if one.type else ""
        link = f"[{code(one.entry.written)}](#{one.entry.anchor})"
        yield _row(link, kept, _verdict(one, traps(one)), _autogenerate(one))


def _details(one: Measured) -> Iterator[str]:
    name = code(one.entry.written)
    yield f"**[{name}](#{one.entry.anchor}){{ #{one.entry.anchor} }}**"
    yield ""
    yield f"- in YQL: {code(one.rendered)}"
    for why in dict.fromkeys(one.refused.values()):
        on = [line for line in releases.RELEASED if one.refused.get(line) == why]
        where = "YDB refuses it" if len(on) == len(releases.RELEASED) else f"YDB {', '.join(on)} refuses it"
        yield f"- {where}: {code(why)}"
    if one.type:
        yield f"- stored as {code(one.type)}{_lines_of(one)}"
    for value in one.values:
        if value.read is None:
            yield f"- {code(value.written)} is refused: {code(value.refused)}"
        else:
            became = "comes back" if value.is_kept else f"comes back as {code(value.read)}"
            yield f"- {code(value.written)} {became}"
    if one.reflected:
        yield f"- reflected as {code(one.reflected)}"
    if one.crash:
        yield f"- autogenerate crashes: {code(one.crash)}"
    elif one.difference:
        yield f"- autogenerate would change {code(one.difference)}"


def _columns(found: list[Column]) -> Iterator[str]:
    yield _row("in YDB", "in the model", "what becomes of it", "autogenerate")
    yield _row("---", "---", "---", "---")
    for column in found:
        anchor = "column-" + re.sub(r"\W+", "-", column.name).strip("-")
        name = f"[{code(column.name)}](#{anchor}){{ #{anchor} }}"
        if column.since is None:
            yield _row(name, "no column", f"**refused**{{.refused}}: {code(column.refused)}", "")
            continue
        known = [] if column.since == releases.RELEASED[0] else [f"since YDB {column.since}"]
        if column.name.endswith("Serial"):
            known.append(f"stored as {code(column.stored)}")
        known += [] if column.is_key else ["no key"]
        best = column.best
        assert best is not None, f"there is nothing to write for {column.name}"
        known += traps(best)
        link = f"[{code(best.entry.written)}](#{best.entry.anchor})"
        yield _row(name, link, _verdict(best, known), _autogenerate(best))


def render() -> str:
    """snippets/reference/types.md: a section for each table of the page."""
    sections = {name: list(_overview(found)) for name, found in measured().items()}
    sections |= {
        f"{name}-details": [line for one in found for line in ["", *_details(one)]]
        for name, found in measured().items()
    }
    sections["columns"] = list(_columns(columns()))
    return in_sections(sections)
