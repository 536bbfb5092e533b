"""What each release line of YDB takes: statements, run on the emulator as each line. The page counts nothing by hand.

`python -m pytest --update -k generated` writes `snippets/reference/lines.md` from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ydb

from guide.paths import ROOT
from guide.reader.snippets import in_sections
from guide.reader.yql import innermost
from ydb_emulator import Emulator, releases
from ydb_emulator.conformance import client
from ydb_emulator.releases import Line

PAGE = ROOT / "snippets" / "reference" / "lines.md"
TABLE = (
    "CREATE TABLE t (id Int64 NOT NULL, a Utf8, b Int32 DEFAULT 1, n Int32 NOT NULL, "
    "INDEX by_a GLOBAL ON (a), PRIMARY KEY (id))"
)


@dataclass(frozen=True)
class Probe:
    """What a statement is about, the statement (on TABLE), and the features of `releases.SINCE` that decide on it."""

    what: str
    statement: str
    features: tuple[str, ...] = ()


PROBES = (
    Probe("add a column", "ALTER TABLE t ADD COLUMN c Int32"),
    Probe(
        "add a column with a default",
        "ALTER TABLE t ADD COLUMN c Int32 DEFAULT 5",
        ("EnableAddColumsWithDefaults", "early check of columns with defaults"),
    ),
    Probe(
        "add a column that is not null, with a default",
        "ALTER TABLE t ADD COLUMN c Int32 NOT NULL DEFAULT 5",
        ("EnableAddColumsWithDefaults", "check of DEFAULT before NOT NULL"),
    ),
    Probe("add a column that is not null", "ALTER TABLE t ADD COLUMN c Int32 NOT NULL"),
    Probe(
        "set a default",
        "ALTER TABLE t ALTER COLUMN b SET DEFAULT 2",
        ("EnableSetDropDefaultValue", "SET and DROP DEFAULT"),
    ),
    Probe("drop a default", "ALTER TABLE t ALTER COLUMN b DROP DEFAULT", ("EnableSetDropDefaultValue",)),
    Probe("drop NOT NULL", "ALTER TABLE t ALTER COLUMN n DROP NOT NULL"),
    Probe("set NOT NULL", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", ("EnableSetColumnConstraint",)),
    Probe(
        "a default that is computed",
        "CREATE TABLE u (id Int64, c Timestamp DEFAULT CurrentUtcTimestamp(), PRIMARY KEY (id))",
    ),
    Probe(
        "a default of a small integer",
        "CREATE TABLE u (id Int64, c Int16 DEFAULT 1, PRIMARY KEY (id))",
        ("DEFAULT of Int16 and Uint16",),
    ),
    Probe(
        "a default of a JsonDocument",
        "CREATE TABLE u (id Int64, c JsonDocument DEFAULT JsonDocument('{}'), PRIMARY KEY (id))",
        ("DEFAULT of JsonDocument and DyNumber",),
    ),
    Probe(
        "a Decimal other than (22, 9)",
        "CREATE TABLE u (id Int64, c Decimal(10, 2), PRIMARY KEY (id))",
        ("EnableParameterizedDecimal",),
    ),
    Probe(
        "dates before 1970", "CREATE TABLE u (id Int64, c Timestamp64, PRIMARY KEY (id))", ("EnableTableDatetime64",)
    ),
    Probe("add an index", "ALTER TABLE t ADD INDEX i GLOBAL ON (b)"),
    Probe(
        "a unique index with the table",
        "CREATE TABLE u (id Int64, a Utf8, INDEX i GLOBAL UNIQUE ON (a), PRIMARY KEY (id))",
    ),
    Probe(
        "add a unique index",
        "ALTER TABLE t ADD INDEX i GLOBAL UNIQUE ON (a)",
        ("EnableAddUniqueIndex", "early check of unique indexes"),
    ),
    Probe("rename an index", "ALTER TABLE t RENAME INDEX by_a TO of_a", ("EnableMoveIndex",)),
    Probe(
        "make a table of a query's rows",
        "CREATE TABLE u (PRIMARY KEY (id)) AS SELECT id, a FROM t",
        ("EnableDataShardCreateTableAs", "refusal of CREATE TABLE AS into row tables"),
    ),
    Probe("rename a table", "ALTER TABLE t RENAME TO u"),
    Probe("rows back from a change", "UPDATE t SET a = 'x'u WHERE id = 1 RETURNING id", ("RETURNING",)),
    Probe("change a large table in batches", "BATCH UPDATE t SET a = 'x'u", ("BATCH",)),
    Probe("truncate a table", "TRUNCATE TABLE t", ("TRUNCATE",)),
    Probe("the statement that makes a table", "SHOW CREATE TABLE t", ("SHOW CREATE",)),
    Probe(
        "a changefeed that tells of schema changes",
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON', SCHEMA_CHANGES = TRUE)",
        ("SCHEMA_CHANGES",),
    ),
)

UNKNOWN = "that it does not know this, in words that we have not seen"
"""What the page says where the emulator only knows that a line refuses."""

NOT_OF_MIGRATIONS = {
    "EnableDefaultFromExpression",
    "EnableVectorIndex",
    "EnableFulltextIndex",
    "EnableTopicAutopartitioningForCDC",
    "EnableTableCacheModes",
    "CACHE_MODE",
    "DISCARD",
    "USER_SIDS",
    "words about column tables",
    "RENAME of column tables",
    "COMPRESSION of columns",
    "families of row tables alone",
    "MIN_MAX indexes",
    "directories of CREATE TABLE AS",
    "hidden reasons of failed logins",
    "GRANT ON a name",
    "TRACE_IDS",
    "newer YQL",
    "checks of vector index settings",
    "full-text and bloom indexes",
    "full-text indexes behind their flag",
    "vectors of bits",
    "EnableLocalBloomFilterIndex",
    "EnableAccessToIndexImplTables",
}
"""Features of `releases.SINCE` without an entry here: the emulator knows how YDB refuses them, or no migration asks."""


_OPEN = {flag for unknown in releases.UNKNOWN.values() for flag in unknown}


@cache
def answers() -> dict[tuple[str, str], str]:
    """What each line answers to each entry, by (what, line): empty where it takes it, or the status and the cause."""
    return {(entry.what, name): answer for name in releases.NAMES for entry, answer in _run(Line(name), PROBES)}


def with_flag(entry: Probe, flag: str) -> str:
    """What the default line answers to an entry where a flag is on."""
    [(_, answer)] = _run(Line(flags={flag: True}), (entry,))
    return answer


def _run(line: Line, entries: tuple[Probe, ...]) -> Iterator[tuple[Probe, str]]:
    with Emulator(line=line.name, flags=line.flags) as emulator:
        driver = client(f"127.0.0.1:{emulator.port}", emulator.database.path)
        with ydb.QuerySessionPool(driver) as pool:
            for entry in entries:
                emulator.database.clear()
                pool.execute_with_retries(TABLE)
                try:
                    pool.execute_with_retries(entry.statement)
                    yield entry, ""
                except ydb.issues.Error as error:
                    yield entry, f"{error.status.name}: {innermost(error.issues)}"
        driver.stop(timeout=1)


def render() -> str:
    """The generated part of the page, in sections."""
    return in_sections({"statements": _statements(), "refusals": _refusals(), "flags": _flags()})


def _statements() -> Iterator[str]:
    yield f"| to | {' | '.join(releases.NAMES)} |"
    yield f"| --- | {' | '.join('---' for _ in releases.NAMES)} |"
    for entry in PROBES:
        told = (_told(entry, name) for name in releases.NAMES)
        anchor = re.sub(r"\W+", "-", entry.what.lower())
        yield f"| [{entry.what}](#{anchor}){{ #{anchor} }}<br>`{entry.statement}` | {' | '.join(told)} |"


def is_known(entry: Probe, name: str) -> bool:
    """Whether something says how a line takes an entry."""
    return name not in releases.UNKNOWN or "emulator" not in answers()[entry.what, name]


def _told(entry: Probe, name: str) -> str:
    if not is_known(entry, name):
        return "?"
    return "no" if answers()[entry.what, name] else "yes"


def _refusals() -> Iterator[str]:
    yield "| to | on | YDB answers |"
    yield "| --- | --- | --- |"
    for entry in PROBES:
        by_text: dict[str, list[str]] = {}
        for name in releases.NAMES:
            if (text := answers()[entry.what, name]) and is_known(entry, name):
                by_text.setdefault(text, []).append(name)
        for text, names in by_text.items():
            on = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            yield f"| {entry.what} | {on} | {UNKNOWN if 'emulator' in text else f'`` {text} ``'} |"


def _flags() -> Iterator[str]:
    yield "| flag | on by default | with it, one can |"
    yield "| --- | --- | --- |"
    for flag in releases.FLAGS:
        entries = [entry for entry in PROBES if flag in entry.features]
        if entries:
            none = "on no line" if flag not in _OPEN else f"on no line to {releases.DEFAULT}"
            since = f"from {releases.SINCE[flag]}" if releases.SINCE[flag] else none
            yield f"| `{flag}` | {since} | {', '.join(entry.what for entry in entries)} |"
