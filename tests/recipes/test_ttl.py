"""A column that holds the moment at which a row expires needs no further interval: YDB adds the interval to it."""

import re

from guide.paths import SNIPPETS

TTL = re.compile(r"""TTL = Interval\(["'](?P<interval>\w+)["']\) ON (?P<column>\w+)""")


def test_a_row_expires_when_its_column_says_so() -> None:
    """Source: "TTL = Interval("PT0S") ON expire_at", ydb/docs/en/core/yql/reference/recipes/ttl.md."""
    files = (file for kind in ("py", "sql") for file in SNIPPETS.rglob(f"*.{kind}"))
    found = [(file, each) for file in files for each in TTL.finditer(file.read_text())]
    expiring = [(file, each) for file, each in found if "expire" in each["column"]]
    assert expiring
    assert [file.name for file, each in expiring if each["interval"] != "PT0S"] == []
