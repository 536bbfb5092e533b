"""Regular expressions of RE2, as far as Python reads them alike.

Source: ydb/docs/en/core/yql/reference/udf/list/re2.md.
"""

from __future__ import annotations

import functools
import re

from ..errors import Position, unsupported

_NOT_RE2 = re.compile(r"\\[1-9]|\(\?(?:[=!(]|<[=!])|\\[AZ]|[*+?}][+]|[*+}]\)+[*+{]")


@functools.lru_cache(maxsize=256)
def regular_expression(written: str, position: Position) -> re.Pattern:
    """A regular expression of RE2. What RE2 and Python read differently isn't supported."""
    try:
        if _NOT_RE2.search(written):
            raise unsupported("this regular expression", position)
        return re.compile(written, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        raise unsupported("this regular expression", position) from None
