"""Regular expressions of RE2, as far as Python reads them alike or can be told what they mean.

Source: ydb/docs/en/core/yql/reference/udf/list/re2.md; the options in yql/essentials/udfs/common/re2/re2_udf.cpp, with
which the syntax is that of https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import functools
import re

from ..errors import Position, unsupported

_SPACE = r"\t\n\f\r "
_TOKEN = re.compile(
    r"""(?P<flags>\(\?(?:[ims]+\)|[is]+:)) | (?P<open>\((?:\?:|\?P<\w+>|(?!\?)))
    | (?P<space>\\[sS]) | (?P<escape>\\(?:[dDwWbB]|[afnrtv]|x[0-9a-fA-F]{2}|[!-/:-@\[-^`{-~]))
    | (?P<repeat>(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?![*+?]|\{[0-9]))
    | (?P<end>\$) | (?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\]) | (?P<plain>[^\\(\[*+?$])""",
    re.DOTALL | re.VERBOSE,
)
_IN_SET = re.compile(r"\\(?:[dDwW]|[afnrtv]|x[0-9a-fA-F]{2}|[!-/:-@\[-^`{-~])|[^\\]", re.DOTALL)
_NOT_ALIKE = re.compile(r"[*+?}|]\)+[*+{]|\(\||\{,")
"""What may repeat nothing, and what is a number of repeats for Python alone."""
_SETS_OF_SETS = re.compile(r"\[[:.=]|--|&&|\|\||~~")
MAX_REPEAT = 1000


@functools.lru_cache(maxsize=256)
def regular_expression(written: str, position: Position) -> re.Pattern[str]:
    """A regular expression of RE2, compiled. Raises UNSUPPORTED for what is not known to mean the same to Python."""
    try:
        return re.compile(_translated(written), re.ASCII)
    except (re.error, RecursionError, OverflowError, ValueError):
        raise unsupported("this regular expression", position) from None


def _translated(written: str) -> str:
    """In RE2 `$` is the end of the text, not the place before a last end of a line, and `\\s` is no vertical tab.
    Raises ValueError where it is not known how to say it."""
    if _NOT_ALIKE.search(written):
        raise ValueError(written)
    parts, at, flags = [], 0, ""
    while at < len(written):
        token = _TOKEN.match(written, at)
        if token is None or any(int(n) > MAX_REPEAT for n in re.findall("[0-9]+", token["repeat"] or "")):
            raise ValueError(written)
        text, at = token[0], token.end()
        flags += token["flags"] or ""
        if token["space"]:
            text = f"[{_SPACE}]" if text[1] == "s" else f"[^{_SPACE}]"
        elif token["set"]:
            text = _translated_set(text)
        elif token["end"] and "m" not in flags:
            text = r"\Z"
        parts.append(text)
    if "i" in flags and not written.isascii():  # RE2 knows the cases of every alphabet, Python with re.ASCII does not
        raise ValueError(written)
    return "".join(parts)


def _translated_set(text: str) -> str:
    inside = re.sub(r"\\(.)", lambda escape: _SPACE if escape[1] == "s" else escape[0], text, flags=re.DOTALL)
    if _SETS_OF_SETS.search(inside, 1) or _IN_SET.sub("", inside):
        raise ValueError(text)
    return inside
