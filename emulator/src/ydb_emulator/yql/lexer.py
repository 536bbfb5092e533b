"""The words of a YQL text: tokens with their positions, and what they mean.

Source: ydb/docs/en/core/yql/reference/syntax/lexer.md, yql/essentials/ast/yql_ast_escaping.cpp.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import Issue, Position, Status, YdbError, unsupported

END = "$END"

_TOKEN = re.compile(
    r"""
      (?P<space> [ \r\t\f\n]+ | --[^\r\n]*(?:\r\n?|\n)? )
    | (?P<comment> /\* )
    | (?P<BLOB> [xX]'[0-9a-fA-F]+' )
    | (?P<word> [A-Za-z_][A-Za-z0-9_]* )
    | (?P<REAL> (?: [0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)? | [0-9]+[eE][-+]?[0-9]+ ) (?: [fF] | [pP](?:[fF][48]|[nN])? )? )
    | (?P<INTEGER> (?: 0[xX][0-9a-fA-F]+ | 0[oO][0-8]+ | 0[bB][01]+ | [0-9]+ ) [pPuU]?[lLsStTiIbBnN]? )
    | (?P<STRING> (?: '[^'\\]*(?:\\.[^'\\]*)*' | "[^"\\]*(?:\\.[^"\\]*)*" | (?:@@.*?@@)+@? )
                  (?: [sSuUyYjJ] | [pP][tTbBvV]? )? )
    | (?P<NAME> `[^`\\]*(?:(?:\\.|``)[^`\\]*)*` )
    | (?P<sign> \|<< | \|\| | \|> | <\| | << | <= | <> | >= | == | != | :: | -> | [=<>&|+\-~*/%;.,()?:@${}^\[\]] )
    | (?P<error> ['"`].* | !.? | . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Lexeme(NamedTuple):
    """One token of the text; `start` and `end` are offsets, `row` counts from 1 and `column` from 0.

    `kind` is NAME, STRING, INTEGER, REAL, BLOB, `$END`, `error` for what is no token, else a keyword or sign itself.
    """

    kind: str
    text: str
    start: int
    row: int
    column: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def position(self) -> Position:
        """Where YDB's translator says the token is: columns count from 1."""
        return Position(self.row, self.column + 1)


def read(text: str) -> list[Lexeme]:
    """All tokens of a text, without spaces and comments; the last one is `$END`."""
    lexemes = []
    at, row, line_start = 0, 1, 0
    last_comment_end = text.rfind("*/")
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None and match.lastgroup is not None  # whatever is no token is an "error"
        group, token = match.lastgroup, match[0]
        if group == "comment":
            if at + 2 <= last_comment_end:
                group, token = "space", text[at : text.index("*/", at + 2) + 2]
            else:
                group, token = "sign", "/"
        if group != "space":
            kind = group
            if group == "word":
                upper = token.upper()
                kind = upper if upper in CLASS_BY_WORD else "NAME"
            elif group == "sign":
                kind = token
            lexemes.append(Lexeme(kind, token, at, row, at - line_start))
        if "\n" in token:
            row += token.count("\n")
            line_start = at + token.rindex("\n") + 1
        at += len(token)
    lexemes.append(Lexeme(END, "", at, row, at - line_start))
    return lexemes


# --- keywords --------------------------------------------------------------------------------------------------

WORDS = {
    # May be an alias without AS, and any other name.
    "WORD_ALIAS": """
        ABORT ACTION ADD AFTER ALTER ANALYZE AND ANSI ARRAY ASC ASYNC AT ATTACH ATTRIBUTES AUTOINCREMENT
        BACKUP BATCH BEFORE BEGIN BERNOULLI BY CASCADE CHANGEFEED CHECK CLASSIFIER COLLECTION COMMIT
        COMPRESSION CONDITIONAL CONFLICT CONNECT CONSTRAINT CONSUMER COVER CREATE CURRENT DATA DATABASE
        DECIMAL DECLARE DEFAULT DEFERRABLE DEFERRED DELETE DESC DESCRIBE DETACH DIRECTORY DISABLE DISCARD DROP
        DYNAMICLINEAR EACH ELSE EMPTY ENCRYPTED END ERROR ESCAPE EVALUATE EXCLUDE EXCLUSIVE EXPLAIN EXPORT
        EXTERNAL FAIL FAMILY FILTER FIRST FLATTEN FOLLOWING FOR FOREIGN FUNCTION GLOB GLOBAL GRANT GROUP
        GROUPING HASH IF IGNORE ILIKE IMMEDIATE IMPORT IN INCREMENT INCREMENTAL INDEX INDEXED INHERITS INITIAL
        INITIALLY INSERT INSTEAD INTO IS LAST LEGACY LIKE LINEAR LOCAL LOGIN MANAGE MATCH MATCHES
        MATCH_RECOGNIZE MEASURES MICROSECONDS MILLISECONDS MODIFY NANOSECONDS NEXT NO NOLOGIN NULLS OBJECT OF
        OFFSET OMIT ONE ONLY OPTION OR ORDER OTHERS OWNER PARALLEL PARTITION PASSING PASSWORD PAST PATTERN PER
        PERMUTE PLAN POOL PRAGMA PRECEDING PRIMARY PRIVILEGES QUERY QUEUE RAISE REFERENCES REGEXP REINDEX
        RELEASE REMOVE RENAME REPLACE REPLICATION RESET RESPECT RESTART RESTORE RESTRICT REVERT REVOKE RLIKE
        ROLLBACK ROW SAVEPOINT SECONDS SECRET SEEK SEQUENCE SETS SHOW SKIP SOURCE START STREAMING SUBQUERY
        SUBSET SYMBOLS SYNC SYSTEM TABLE TABLES TABLESAMPLE TABLESTORE TEMP TEMPORARY THEN TIES TO TOPIC
        TRANSACTION TRANSFER TRIGGER TRUNCATE TYPE UNCONDITIONAL UNIQUE UNKNOWN UNMATCHED UPDATE UPSERT USE
        USER VACUUM VALUES VIRTUAL WATERMARK WRAPPER XOR
    """,
    # May be any name but an alias without AS.
    "WORD": """
        COLLATE CROSS DEFINE DO EXCLUSION INNER ISNULL JOIN KEY LEFT NATURAL NOTNULL ON OUTER OVER PRESORT
        RESULT RIGHT SAMPLE SEMI USING VIEW WITH COLUMNS SCHEMA
    """,
    # Nor the name of a window.
    "WORD_FRAME": "GROUPS RANGE ROWS",
    # The rest may be a name only where that can't be misread.
    "WORD_RESERVED": """
        ASYMMETRIC BETWEEN BITCAST CASE CAST CUBE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP EMPTY_ACTION
        EXISTS FROM FULL HOP JSON_EXISTS JSON_QUERY JSON_VALUE NOT NULL PROCESS REDUCE RETURN RETURNING ROLLUP
        SELECT SYMMETRIC UNBOUNDED WHEN WHERE ALL AS ASSUME DISTINCT EXCEPT HAVING INTERSECT LIMIT UNION
        WINDOW WITHOUT
    """,
    "WORD_TABLE": "ANY ERASE STREAM",
    "WORD_ALTER": "COLUMN",
    "WORD_IN": "COMPACT",
    "WORD_TYPE": "CALLABLE DICT ENUM FLOW LIST OPTIONAL RESOURCE SET STRUCT TAGGED TUPLE VARIANT",
    # Never a name.
    "": "AUTOMAP FALSE REPEATABLE TRUE",
}
CLASS_BY_WORD = {word: kind for kind, words in WORDS.items() for word in words.split()}
"""Every keyword, with the terminal that it is where it stands for a name (empty: nowhere)."""


# --- what tokens mean ------------------------------------------------------------------------------------------

_BASES = {"0x": 16, "0o": 8, "0b": 2}
_INTEGER_SUFFIXES = ("", "u", "l", "ul", "t", "ut", "s", "us")


def refuse(message: str, position: Position) -> YdbError:
    """A refusal by YDB's translator of what its grammar took."""
    return YdbError(Status.GENERIC_ERROR, Issue(message, position=position))


def integer(text: str, position: Position) -> tuple[int, str]:
    """The value of an integer literal, and its suffix in lower case. Raises YdbError where it is out of range.

    A hexadecimal number that ends with B has that B for a suffix, as in YDB.
    """
    if len(text) < 20 and text.isdecimal():  # as most are
        return int(text), ""
    lower = text.lower()
    base = _BASES.get(lower[:2], 10) if len(lower) > 2 else 10
    found = re.search("[pu]?[lstibn]?$", lower)
    suffix = found[0] if found is not None and len(lower) > 1 else ""
    digits = lower[0 if base == 10 else 2 : len(lower) - len(suffix)]
    failure = f"Failed to parse number from string: {text}, "
    wrong = next((digit for digit in digits if int(digit, 16) >= base), None)
    if wrong:
        raise refuse(f"{failure}char: '{wrong}' is out of base: {base}", position)
    if len(digits.lstrip("0")) > 64 or int(digits or "0", base) >= 2**64:
        raise refuse(f"{failure}number limit overflow", position)
    if suffix.startswith("p"):
        raise unsupported("PostgreSQL literals", position)
    if suffix not in _INTEGER_SUFFIXES:
        raise refuse(f"{failure}invalid suffix: {suffix}", position)
    return int(digits or "0", base), suffix


def real(text: str, position: Position) -> tuple[str, str]:
    """The digits of a literal with a point or exponent, and its suffix in lower case."""
    if "p" in text.lower():
        raise unsupported("PostgreSQL literals", position)
    return (text[:-1], "f") if text[-1] in "fF" else (text, "")


def string(text: str, position: Position) -> tuple[bytes, str]:
    """The bytes of a string literal, and its suffix in lower case. Raises YdbError for a wrong escape."""
    end = max(text.rfind(quote) for quote in "'\"@") + 1
    body, suffix = text[:end], text[end:].lower()
    if suffix.startswith("p"):
        raise unsupported("PostgreSQL literals", position)
    if body.startswith("@@"):
        return body[2:-2].replace("@@@@", "@@").encode(errors="surrogatepass"), suffix
    content, failure = _unescape(body)
    if failure:
        raise refuse("Failed to parse string literal: {} near byte {}".format(*failure), position)
    return content, suffix


def name(text: str, position: Position) -> str:
    """The name that a word or a text in backticks means. Raises YdbError for a wrong escape, and for no UTF-8."""
    if not text.startswith("`"):
        return text
    content, failure = _unescape(text)
    if failure:
        raise refuse(f"Cannot parse broken identifier: {failure[0]}", position)
    return name_of(content, position)


def name_of(content: bytes, position: Position) -> str:
    """The name that bytes are. Raises UNSUPPORTED where they are no UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise unsupported("a name that is not UTF-8", position) from None


_ESCAPES = re.compile(
    rb"\\(?:(?P<control>[tnrbfav])|x(?P<hexadecimal>[0-9a-fA-F]{2})|(?P<octal>[0-3][0-7]{2})"
    rb"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<wrong>[xuU0-3])|(?P<itself>.))|``",
    re.DOTALL,
)
_CONTROLS = dict(zip(b"tnrbfav", b"\t\n\r\b\f\a\v", strict=True))


def _unescape(quoted: str) -> tuple[bytes, tuple[str, int] | None]:
    """The bytes between quotes, or what is wrong with an escape and after how many bytes."""
    body = quoted[1:-1].encode(errors="surrogatepass")
    if b"\\" not in body and b"``" not in body:
        return body, None
    failure: tuple[str, int] | None = None

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal failure
        kind, digits = match.lastgroup, match[match.lastgroup] if match.lastgroup else b""
        if kind is None:
            return b"`" if quoted[0] == "`" else match[0]
        if kind == "itself":
            return digits
        if kind == "control":
            return bytes([_CONTROLS[digits[0]]])
        if kind in ("hexadecimal", "octal"):
            return bytes([int(digits, 8 if kind == "octal" else 16)])
        if kind in ("short", "long"):
            code = int(digits, 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code).encode()
        what = {b"x": "hexadecimal", b"u": "unicode", b"U": "unicode"}.get(match[0][1:2], "octal")
        failure = failure or (f"Invalid {what} value", match.end())
        return b""

    return _ESCAPES.sub(replace, body), failure
