"""Release lines of YDB: what each has switched on, as data.

A feature is a flag of YDB's own (`EnableAddUniqueIndex`), or, without one, a word for what the line's grammar or code
brought. Sources: ydb/docs/en/core/changelog-server.md; ydb/core/protos/feature_flags.proto; the defaults of every line
as stokaro/ptah recorded them from its image (internal/ydbflags/testdata; LISTED), which also quotes what a line without
a feature answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import unsupported

RELEASED = ("25.1", "25.2", "25.3", "25.4", "26.1", "26.2")
NAMES = (*RELEASED, "26.3")
"""The lines, of whose last one there is a release candidate: 26.3.1.16."""
DEFAULT = "26.2"

SINCE: dict[str, str | None] = {
    # Flags: the line that switched them on, or None where they are off by default to this day.
    "EnableParameterizedDecimal": "25.2",
    "EnableTableDatetime64": "25.2",
    "EnableVectorIndex": "25.2",
    "EnableTopicAutopartitioningForCDC": "25.2",
    "EnableTableCacheModes": "25.4",
    "EnableAddColumsWithDefaults": "26.1",  # YDB's own spelling
    "EnableSetDropDefaultValue": "26.2",
    "EnableFulltextIndex": "26.2",
    "EnableLocalBloomFilterIndex": "26.2",
    "EnableAccessToIndexImplTables": "25.2",
    "EnableShowCreate": "26.1",
    "EnableTruncateTable": "26.2",
    "EnableMoveIndex": "25.1",
    "EnableAddUniqueIndex": None,
    "EnableSetColumnConstraint": None,
    "EnableDefaultFromExpression": None,
    "EnableDataShardCreateTableAs": None,  # of table_service_config, as the next one
    "EnableBatchUpdates": "25.4",
    # What has no flag.
    "full-text and bloom indexes": "25.2",
    "full-text indexes behind their flag": "26.1",
    "checks of vector index settings": "25.3",
    "vectors of bits": "26.1",
    "DEFAULT of Int16 and Uint16": "25.2",
    "DEFAULT of JsonDocument and DyNumber": "25.3",
    "CACHE_MODE": "25.3",
    "RETURNING beside unique indexes": "25.3",
    "DISCARD": "26.2",
    "SCHEMA_CHANGES": "25.3",
    "refusal of CREATE TABLE AS into row tables": "25.3",
    "early check of columns with defaults": "25.3",
    "early check of unique indexes": "25.3",
    "failures of builds": "25.3",
    "check of DEFAULT before NOT NULL": "26.1",
    "options of a column in any order": "26.1",
    "SET and DROP DEFAULT": "26.1",
    "refusal of DEFAULT NULL": "26.1",  # pull request 34915 of ydb, which names no words
    "SHOW CREATE": "25.3",
    "TRUNCATE": "26.1",
    "GRANT ON a name": "26.1",
    "hidden reasons of failed logins": "26.1",
    "USER_SIDS": "26.1",
    "words about column tables": "26.1",
    "RENAME of column tables": "26.1",
    "COMPRESSION of columns": "25.3",
    "indexes by who may alter the table": "25.3",
    "families of row tables alone": "26.2",
    "MIN_MAX indexes": "26.2",
    "failure of UPSERT beside unique indexes": "26.2",
    "directories of CREATE TABLE AS": "26.2",
    "names of scheme operations": "26.2",
    "EXCEPT and INTERSECT": "26.2",  # YQL 2025.03, released by then: yql/essentials/public/langver/yql_langver.cpp
    "TRACE_IDS": "26.3",
    "newer YQL": "26.3",
}


UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "25.1": ("failures of builds",),
    "25.2": (
        "failures of builds",
        "early check of columns with defaults",
        "early check of unique indexes",
        "failure of UPSERT beside unique indexes",
    ),
    "25.3": ("failure of UPSERT beside unique indexes",),
    "25.4": ("failure of UPSERT beside unique indexes",),
    "26.1": ("failure of UPSERT beside unique indexes",),
    "26.3": (
        "failure of UPSERT beside unique indexes",
        "EnableAddUniqueIndex",
        "EnableSetColumnConstraint",
        "EnableDefaultFromExpression",
        "EnableDataShardCreateTableAs",
    ),
}
"""Features by line of which nothing says whether it has them. The failure of UPSERT was seen on 25.1 and 26.2 alone.

The changelog of 26.2 says of unique indexes on existing tables that the next line switches them on, that of 26.3 is
silent; the other flags are in neither. 25.2 has the flag for a new column with a DEFAULT off, and none for a unique
index on an existing table: it refuses both, in words that nobody has recorded. Before a change of June 2025
(github.com/ydb-platform/ydb/pull/20268) a statement succeeded although its build had failed. 25.3 has what was built on
that change; of the lines before nothing is known."""

IMAGES = {
    "25.1": "25.1.4.7",
    "25.2": "25.2.1.24",
    "25.3": "25.3.1.25",
    "25.4": "25.4.1.15",
    "26.1": "26.1.1.22",
    "26.2": "26.2.1.14",
}
"""The versions of YDB whose lists of flags were recorded, by line."""

LISTED: dict[str, str] = {
    "EnableParameterizedDecimal": "0 1 1 1 1 1",
    "EnableTableDatetime64": "0 1 1 1 1 1",
    "EnableVectorIndex": "0 1 1 1 1 1",
    "EnableTopicAutopartitioningForCDC": "0 1 1 1 1 1",
    "EnableTableCacheModes": "- - 0 1 1 1",
    "EnableAddColumsWithDefaults": "0 0 0 0 1 1",
    "EnableSetDropDefaultValue": "- - - - 0 1",
    "EnableFulltextIndex": "- - 0 0 0 1",
    "EnableLocalBloomFilterIndex": "- - - - 0 1",
    "EnableAccessToIndexImplTables": "0 1 1 1 1 1",
    "EnableShowCreate": "- - 0 0 1 1",
    "EnableTruncateTable": "- - - - 0 1",
    "EnableMoveIndex": "1 1 1 1 1 1",
    "EnableAddUniqueIndex": "- - 0 0 0 0",
    "EnableSetColumnConstraint": "- - 0 0 0 0",
    "EnableDefaultFromExpression": "- - - - - -",
    "EnableDataShardCreateTableAs": "- - - - - -",
    "EnableBatchUpdates": "- - - - - -",
}
"""What the image of each line lists for a flag: on (1) or off (0) by default, or not at all (-).

Source: the answers of /viewer/json/feature_flags, recorded by stokaro/ptah (internal/ydbflags/testdata, commits 16eed74
and 548fb72). Settings of table_service_config are in no such list.
"""


@dataclass(frozen=True)
class Line:
    """A release line, with flags that differ from its defaults."""

    name: str = DEFAULT
    flags: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ValueError for a line or a flag that is not known."""
        if self.name not in NAMES:
            raise ValueError(f"{self.name!r} is not a release line: use one of {', '.join(NAMES)}")
        for flag in self.flags:
            if flag not in FLAGS:
                raise ValueError(f"{flag!r} is not a feature flag: use one of {', '.join(FLAGS)}")

    def has(self, feature: str) -> bool:
        """Whether a feature is there and on.

        Raises KeyError for a name that is not in `SINCE`, and YdbError where it is not known of the line.
        """
        since = SINCE[feature]
        if feature in UNKNOWN.get(self.name, ()) and feature not in self.flags:
            raise unsupported(f"what {feature} decides on YDB {self.name}, of which it does not know whether it is on")
        return self.flags.get(feature, since is not None and NAMES.index(since) <= NAMES.index(self.name))


FLAGS = tuple(feature for feature in SINCE if feature.startswith("Enable"))
"""The flags that can be set by themselves, as in `flags={"EnableAddUniqueIndex": True}`."""
