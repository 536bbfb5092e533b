"""Send a YQL script to YDB, each statement as a request of its own: python run_sql.py FILE.

For what `alembic upgrade --sql` writes, and for any other script. YDB refuses a request that changes both schema and
rows. It stops at the first statement that fails, and says how to go on from there.

Of alembic-ydb 0.2. If you copied run_sql.py from the guide before, replace it: it stopped at a chunk of
comments, and cut a text that has a `;` at the end of a line. A copy of alembic-ydb 0.2 that has no `pragmas` in it sent
a PRAGMA with one statement alone, and the others to other tables; one that has no `max_retries` in it let the driver
send a change of rows twice where the connection broke. Replace these, too.
"""

import argparse
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import ydb

TOKEN = re.compile(
    r"""
      (?P<blank>  \s+ | --[^\r\n]* | /\*.*?\*/ )
    | (?P<quoted> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `(?:[^`\\]|\\.)*` | @@.*?@@ )
    | (?P<open>   ['"`] | @@ | /\* )
    | (?P<word>   \$?\w+ )
    | (?P<sign>   . )
    """,
    re.DOTALL | re.VERBOSE,
)
PREFIXES = ("PRAGMA", "DECLARE", "DEFINE", "IMPORT", "$")
"""What begins so holds for the statements after it in the same request, and goes with the next one. A PRAGMA goes with
each: without it, a statement would run all the same, and perhaps in another directory."""

OPENING = {("DEFINE", "ACTION"), ("DEFINE", "SUBQUERY"), ("DO", "BEGIN")}
CLOSING = {("END", "DEFINE"), ("END", "DO")}


@dataclass(frozen=True)
class Statement:
    """A statement with what goes before it, the line that it begins in, and each PRAGMA of the statements before."""

    text: str
    line: int
    pragmas: tuple[str, ...] = ()

    @property
    def request(self) -> str:
        """What is sent."""
        return "\n;\n".join([*self.pragmas, self.text])

    @property
    def title(self) -> str:
        """Its first line that is no comment."""
        lines = re.sub(r"(?s)/\*.*?\*/", "", self.text).splitlines()
        return next((line for line in lines if line.strip() and not line.lstrip().startswith("--")), lines[0])


def split(script: str) -> list[Statement]:
    """The statements of a script, without the `;` between them.

    A `;` in a text, a name, a comment, a lambda, an action or a block of DO is none between statements. Raises
    ValueError where a quotation mark or a comment is not closed, and for a script that is not to be read as YQL.
    """
    if _is_another_language(script):
        raise ValueError("ansi_lexer and syntax_pg are not known here: other signs end a text there")
    found: list[Statement] = []
    start, says = 0, False  # where the next statement begins, and whether there is more than comments so far
    begin = 0  # of what ends now: a statement, or what goes before it
    pragmas: list[str] = []
    before: tuple[str, ...] = ()  # those of the statements that have ended
    for end, first in _ends(script):
        says = says or bool(first)
        if first == "PRAGMA":
            pragmas.append(script[begin:end].strip())
        begin = end + 1
        if first.startswith(PREFIXES) and end < len(script):
            continue
        if says:
            text = script[start:end]
            line = script.count("\n", 0, start + len(text) - len(text.lstrip())) + 1
            found.append(Statement(text.strip(), line, before))
            before = tuple(pragmas)
        start, says = end + 1, False
    return found


def _is_another_language(script: str) -> bool:
    """Whether a comment before the first statement has YDB read the script by other rules."""
    for line in map(str.strip, script.splitlines()):
        if line and not line.startswith("--"):
            return False
        if re.fullmatch(r"--!\s*(ansi_lexer|syntax_pg)", line):
            return True
    return False


def _ends(script: str) -> Iterator[tuple[int, str]]:
    """Where each statement ends, and its first word or sign in capitals: empty if it has none."""
    depth, first, before = 0, "", ""
    for token in TOKEN.finditer(script):
        text = token[0].upper()
        if token.lastgroup == "blank":
            continue
        if token.lastgroup == "open":
            line = script.count("\n", 0, token.start()) + 1
            raise ValueError(f"line {line}: the {token[0]} is not closed")
        if text == ";" and not depth:
            yield token.start(), first
            first, before = "", ""
            continue
        if token.lastgroup == "sign" and text in "{}":
            depth += 1 if text == "{" else -1
        elif (before, text) in OPENING:
            depth += 1
        elif (before, text) in CLOSING:
            depth -= 1
        first, before = first or text, text
    yield len(script), first


def parsed(url: str) -> sa.URL:
    """The address, for the engine. Raises ValueError where it is none, without its text: it may have a password."""
    try:
        address = sa.make_url(url)
    except ValueError:
        raise ValueError("the port in the address of YDB is no number") from None
    return address.set(drivername=address.drivername.removesuffix("_async"))  # as the application may have it


def main(arguments: list[str] | None = None, **engine_options: Any) -> None:
    """Send the statements of a file. Ends the process with a sentence where something is wrong.

    In: its arguments, and options for `create_engine`, such as `connect_args` with credentials.
    """
    parser = argparse.ArgumentParser(description="Send a YQL script, each statement as a request of its own.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default=os.environ.get("YDB_URL"), help="for SQLAlchemy; without it, YDB_URL")
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="N", help="begin at the Nth statement")
    options = parser.parse_args(arguments)
    if not options.url:
        parser.error("which YDB? Give --url yql+ydb://host:port/database, or set YDB_URL")
    try:
        statements = split(options.file.read_bytes().decode("utf-8-sig"))  # line ends of a text are kept
    except (OSError, ValueError) as error:
        parser.error(f"{options.file}: {error}")
    if not 1 <= options.first <= max(len(statements), 1):
        parser.error(f"--from {options.first}: the file has {len(statements)} statements")
    # Where a connection breaks, the driver would send a statement again that may have changed rows already.
    once = {"ydb_retry_settings": ydb.RetrySettings(max_retries=0)}
    try:
        engine = sa.create_engine(parsed(options.url), poolclass=sa.NullPool, **engine_options)
        with engine.execution_options(**once).connect() as connection:
            for number, statement in enumerate(statements[options.first - 1 :], options.first):
                print(f"{number}/{len(statements)} {statement.title}", flush=True)
                try:
                    connection.execute(sa.DDL(statement.request.replace("%", "%%")))
                except sa.exc.DBAPIError as error:
                    again = f"To continue here, fix line {statement.line} and add --from {number}."
                    if isinstance(error, sa.exc.OperationalError):  # such as a broken connection: nobody knows
                        again = f"It may have taken effect: check, then continue with --from {number} or {number + 1}."
                    raise SystemExit(f"{error.orig}\nNothing after it was sent. {again}") from None
    except (sa.exc.SQLAlchemyError, ImportError, TypeError, ValueError) as error:  # of the URL, or while connecting
        raise SystemExit(f"no connection to YDB: {getattr(error, 'orig', error)}") from None


if __name__ == "__main__":
    main()
