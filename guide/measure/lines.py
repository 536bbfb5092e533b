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


GROUNDS = {
    "m": "measured on an image of this line by another project: the statement, or the flag that decides on it",
    "c": "YDB's changelog or documentation says so of this line",
    "s": "YDB's sources or tests say so, and name no line",
    "l": "concluded from the lines beside it",
    "?": "not known, or the sources disagree",
}
"""What a cell of the page rests on."""


@dataclass(frozen=True)
class Probe:
    """What a statement is about, the statement (on TABLE), for each line a letter of GROUNDS, and the features of
    `releases.SINCE` that decide on it."""

    what: str
    statement: str
    grounds: str
    features: tuple[str, ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        """Those of its features that an administrator can switch."""
        return tuple(feature for feature in self.features if feature in releases.FLAGS)


PROBES = (
    Probe("add a column", "ALTER TABLE t ADD COLUMN c Int32", "mssssml"),
    Probe(
        "add a column with a default",
        "ALTER TABLE t ADD COLUMN c Int32 DEFAULT 5",
        "mmmmmml",
        ("EnableAddColumsWithDefaults", "early check of columns with defaults"),
    ),
    Probe(
        "add a column that is not null, with a default",
        "ALTER TABLE t ADD COLUMN c Int32 NOT NULL DEFAULT 5",
        "ssssssl",
        ("EnableAddColumsWithDefaults", "check of DEFAULT before NOT NULL"),
    ),
    Probe("add a column that is not null", "ALTER TABLE t ADD COLUMN c Int32 NOT NULL", "ssssssl"),
    Probe(
        "set a default",
        "ALTER TABLE t ALTER COLUMN b SET DEFAULT 2",
        "mmmmmml",
        ("EnableSetDropDefaultValue", "SET and DROP DEFAULT"),
    ),
    Probe("drop a default", "ALTER TABLE t ALTER COLUMN b DROP DEFAULT", "mmmmmml", ("EnableSetDropDefaultValue",)),
    Probe("drop NOT NULL", "ALTER TABLE t ALTER COLUMN n DROP NOT NULL", "csssssl"),
    Probe("set NOT NULL", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ssmmmm?", ("EnableSetColumnConstraint",)),
    Probe(
        "a default that is computed",
        "CREATE TABLE u (id Int64, c Timestamp DEFAULT CurrentUtcTimestamp(), PRIMARY KEY (id))",
        "ssssss?",
    ),
    Probe(
        "a default of a small integer",
        "CREATE TABLE u (id Int64, c Int16 DEFAULT 1, PRIMARY KEY (id))",
        "mmmmmml",
        ("DEFAULT of Int16 and Uint16",),
    ),
    Probe(
        "a default of a JsonDocument",
        "CREATE TABLE u (id Int64, c JsonDocument DEFAULT JsonDocument('{}'), PRIMARY KEY (id))",
        "mmmmmml",
        ("DEFAULT of JsonDocument and DyNumber",),
    ),
    Probe(
        "a Decimal other than (22, 9)",
        "CREATE TABLE u (id Int64, c Decimal(10, 2), PRIMARY KEY (id))",
        "mmmmmml",
        ("EnableParameterizedDecimal",),
    ),
    Probe(
        "dates before 1970",
        "CREATE TABLE u (id Int64, c Timestamp64, PRIMARY KEY (id))",
        "mmmmmml",
        ("EnableTableDatetime64",),
    ),
    Probe("add an index", "ALTER TABLE t ADD INDEX i GLOBAL ON (b)", "mssssml"),
    Probe(
        "a unique index with the table",
        "CREATE TABLE u (id Int64, a Utf8, INDEX i GLOBAL UNIQUE ON (a), PRIMARY KEY (id))",
        "mmmmmml",
    ),
    Probe(
        "add a unique index",
        "ALTER TABLE t ADD INDEX i GLOBAL UNIQUE ON (a)",
        "mmmmmm?",
        ("EnableAddUniqueIndex", "early check of unique indexes"),
    ),
    Probe("rename an index", "ALTER TABLE t RENAME INDEX by_a TO of_a", "mmmmmml", ("EnableMoveIndex",)),
    Probe(
        "make a table of a query's rows",
        "CREATE TABLE u (PRIMARY KEY (id)) AS SELECT id, a FROM t",
        "l?ssss?",
        ("EnableDataShardCreateTableAs", "refusal of CREATE TABLE AS into row tables"),
    ),
    Probe("rename a table", "ALTER TABLE t RENAME TO u", "ssssssl"),
    Probe("rows back from a change", "UPDATE t SET a = 'x'u WHERE id = 1 RETURNING id", "mmmmmml"),
    Probe("change a large table in batches", "BATCH UPDATE t SET a = 'x'u", "cllcssl", ("EnableBatchUpdates",)),
    Probe("truncate a table", "TRUNCATE TABLE t", "llllmml", ("EnableTruncateTable", "TRUNCATE")),
    Probe("the statement that makes a table", "SHOW CREATE TABLE t", "llmmmml", ("EnableShowCreate", "SHOW CREATE")),
    Probe(
        "a changefeed that tells of schema changes",
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON', SCHEMA_CHANGES = TRUE)",
        "mmmmmml",
        ("SCHEMA_CHANGES",),
    ),
)

UNKNOWN = "with a refusal whose words nobody has recorded"
"""What the page says where the emulator only knows that a line refuses."""

NOT_OF_MIGRATIONS = {
    "RETURNING beside unique indexes",
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
    "failures of builds",
    "families of row tables alone",
    "options of a column in any order",
    "MIN_MAX indexes",
    "directories of CREATE TABLE AS",
    "names of scheme operations",
    "failure of UPSERT beside unique indexes",
    "EXCEPT and INTERSECT",
    "hidden reasons of failed logins",
    "indexes by who may alter the table",
    "refusal of DEFAULT NULL",
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
    sections = {"statements": _statements(), "grounds": _grounds(), "refusals": _refusals(), "flags": _flags()}
    return in_sections(sections)


def _statements() -> Iterator[str]:
    yield f"| to | {' | '.join(releases.NAMES)} | flag |"
    yield f"| --- | {' | '.join('---' for _ in releases.NAMES)} | --- |"
    for entry in PROBES:
        told = (_told(entry, name) for name in releases.NAMES)
        anchor = re.sub(r"\W+", "-", entry.what.lower())
        flags = " ".join(f"`{flag}`" for flag in entry.flags) or "–"
        what = f"[{entry.what}](#{anchor}){{ #{anchor} }}<br>`{entry.statement}`"
        yield f"| {what} | {' | '.join(told)} | {flags} |"


def _grounds() -> Iterator[str]:
    yield from (f"- *{letter}*: {text}" for letter, text in GROUNDS.items() if letter != "?")


def is_known(entry: Probe, name: str) -> bool:
    """Whether something says how a line takes an entry."""
    return entry.grounds[releases.NAMES.index(name)] != "?"


def _told(entry: Probe, name: str) -> str:
    if not is_known(entry, name):
        return "?"
    answer = "no" if answers()[entry.what, name] else "yes"
    return f"{answer} *{entry.grounds[releases.NAMES.index(name)]}*"


def _refusals() -> Iterator[str]:
    yield "| to | on | YDB answers |"
    yield "| --- | --- | --- |"
    for entry in PROBES:
        by_text: dict[str, list[str]] = {}
        for name in releases.NAMES:
            if (text := answers()[entry.what, name]) and is_known(entry, name):
                by_text.setdefault(UNKNOWN if "emulator" in text else f"`` {text} ``", []).append(name)
        for text, names in by_text.items():
            on = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            yield f"| {entry.what} | {on} | {text} |"


_SHOWN = {"0": "off", "1": "on", "-": "–"}


def _flags() -> Iterator[str]:
    yield f"| flag | {' | '.join(releases.IMAGES)} | with it, one can |"
    yield f"| --- | {' | '.join('---' for _ in releases.IMAGES)} | --- |"
    for flag in releases.FLAGS:
        entries = [entry for entry in PROBES if flag in entry.features]
        if entries:
            listed = " | ".join(_SHOWN[mark] for mark in releases.LISTED[flag].split())
            yield f"| `{flag}` | {listed} | {', '.join(entry.what for entry in entries)} |"
