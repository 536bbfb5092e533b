"""Index builds in YDB: list them, wait for them, cancel or forget one.

    python builds.py            # all that YDB remembers
    python builds.py wait       # for all that go on now
    python builds.py wait ID    # for one, as the list names it; --seconds is the longest to wait
    python builds.py cancel ID
    python builds.py forget ID

A build goes on in YDB when the upgrade that began it is gone. YDB calls it an operation, and so is the build of a new
column with a default. Of alembic-ydb 0.2.

YDB_URL says where YDB is, or sqlalchemy.url in alembic.ini. YDB_USER and YDB_PASSWORD say how to log in, or one of the
variables of YDB's SDK; YDB_ROOT_CERTIFICATES names the file of a certificate authority of your own.

YDB's SDK for Python can cancel and forget an operation, but it has no call that lists them, or reads what a build
says. So this module sends these two requests itself.
"""

import argparse
import configparser
import logging
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import ydb
import ydb.iam
from alembic.config import Config
from alembic.util import CommandError
from ydb._grpc.common import ydb_operation_v1_pb2_grpc as operation_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_operation_pb2 as operation_pb2
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb2

PAGE = 100  # the most that YDB lists at once
PREFIX = "ydb://buildindex/"  # of the ID of a build: other operations, such as a backup, are none of this program's
SETTINGS = ydb.BaseRequestSettings().with_timeout(30)  # of one request; the SDK's own limit is ten minutes
STATES = {
    **{1: "preparing", 2: "transferring data", 3: "applying", 4: "done"},
    **{5: "being cancelled", 6: "cancelled", 7: "being rejected", 8: "rejected"},
}
"""IndexBuildState of YDB's protocol, in words."""
ENDED = {"done", "cancelled", "rejected"}
LOGINS: dict[str, Callable[[str], ydb.Credentials]] = {
    "YDB_USER": lambda user: ydb.StaticCredentials.from_user_password(user, os.environ.get("YDB_PASSWORD", "")),
    "YDB_ACCESS_TOKEN_CREDENTIALS": ydb.AccessTokenCredentials,
    "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": lambda file: ydb.iam.ServiceAccountCredentials.from_file(file),
    "YDB_OAUTH2_KEY_FILE": lambda file: exchange(file),
    "YDB_METADATA_CREDENTIALS": lambda _: ydb.iam.MetadataUrlCredentials(),
    "YDB_ANONYMOUS_CREDENTIALS": lambda _: ydb.AnonymousCredentials(),
}
"""The variables that say how to log in, as the module `login` has them. One that is empty or 0 is not set."""
ERRORS = (CommandError, sa.exc.SQLAlchemyError, ydb.issues.Error, OSError, ImportError, TypeError, ValueError)

log = logging.getLogger("alembic.builds")


class BuildError(CommandError):
    """An operation that is not there, or a build that did not come to its end, in one sentence."""


def exchange(file: str) -> ydb.Credentials:
    from ydb.oauth2_token_exchange import Oauth2TokenExchangeCredentials  # with an HTTP client: most do without

    return Oauth2TokenExchangeCredentials.from_file(file)


@dataclass(frozen=True)
class Build:
    """A build as YDB tells it. `index` is empty for a column, `progress` is in percent, `why` says why it failed."""

    id: str
    table: str
    index: str
    state: str
    progress: float
    why: str = ""

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    def __str__(self) -> str:
        what = f"index {self.index} of {self.table}" if self.index else f"column of {self.table}"
        share = "" if self.is_over else f", {self.progress:.0f} %"
        return f"{self.id} {what}: {self.state}{share}{f', {self.why}' if self.why else ''}"


def builds(driver: ydb.Driver) -> list[Build]:
    """All builds that YDB remembers: the newest first, on a YDB of May 2025 or later. Raises the errors of the SDK."""
    found: list[Build] = []
    token = ""
    while token != "0":  # the token of the page after the last one
        request = operation_pb2.ListOperationsRequest(kind="buildindex", page_size=PAGE, page_token=token)
        page = _ask(driver, "ListOperations", request)
        found += map(_read, page.operations)
        token = page.next_page_token or "0"
    return found


def get(driver: ydb.Driver, id: str) -> Build:
    """One build. Raises BuildError where YDB does not know it, and the errors of the SDK."""
    _check(id)
    try:
        return _read(_ask(driver, "GetOperation", operation_pb2.GetOperationRequest(id=id)).operation)
    except (ydb.issues.BadRequest, ydb.issues.NotFound, ydb.issues.PreconditionFailed):
        raise BuildError(f"YDB knows no build {id!r}") from None


def cancel(driver: ydb.Driver, id: str) -> None:
    """Ask YDB to end a build; the index, or the column, is dropped. Raises BuildError where there is nothing to end."""
    _change(ydb.OperationClient(driver).cancel, id)


def forget(driver: ydb.Driver, id: str) -> None:
    """Remove a build that is over from the list; its index stays. Raises BuildError where it goes on, or is unknown."""
    _change(ydb.OperationClient(driver).forget, id)


def wait(
    driver: ydb.Driver,
    ids: Sequence[str] = (),
    *,
    seconds: float = math.inf,
    pause: float = 5,
    tell: Callable[[str], object] = print,
) -> None:
    """Wait until builds are over: those of `ids`, or all that go on now. Tell how far they are, once each `pause`.

    Raises BuildError for one that YDB does not know, for one that was cancelled or rejected, and where they take more
    than `seconds`; they go on then. A request that gets no answer is sent again.
    """
    end = time.monotonic() + seconds
    waited = list(ids) or [build.id for build in builds(driver) if not build.is_over]
    if not waited:
        tell("no build goes on")
    while True:
        now = [get(driver, id) for id in waited]
        for build in now:
            tell(str(build))
        if all(build.is_over for build in now):
            break
        left = end - time.monotonic()
        if left <= 0:
            raise BuildError(f"not over after {seconds:g} s, and it goes on: {next(b for b in now if not b.is_over)}")
        time.sleep(min(pause, left))
    failed = [build for build in now if build.state != "done"]
    if failed:
        raise BuildError(f"not built: {failed[0]}")


def _ask(driver: ydb.Driver, method: str, request: Any) -> Any:
    """Send a request of the operation service, again where it gets no answer. Raises the errors of the SDK."""

    def send() -> Any:
        response = driver(request, operation_v1_pb2_grpc.OperationServiceStub, method, settings=SETTINGS)
        told = response.operation if method == "GetOperation" else response
        if told is response or not told.HasField("metadata"):  # else its status is that of the build
            ydb.issues._process_response(told)
        return response

    return ydb.retry_operation_sync(send, ydb.RetrySettings(idempotent=True))


def _check(id: str) -> None:
    """Raises BuildError for the ID of another operation, which nobody means to cancel here, or of none."""
    if not id.startswith(PREFIX):
        raise BuildError(f"{id!r} is not the ID of a build, which begins with {PREFIX}")


def _change(send: Callable[..., object], id: str) -> None:
    _check(id)
    try:
        send(id, SETTINGS)
    except (ydb.issues.BadRequest, ydb.issues.NotFound, ydb.issues.PreconditionFailed) as error:
        raise BuildError(f"{id}: {words(error)}") from error


def _read(operation: Any) -> Build:
    """A build out of YDB's answer."""
    told = table_pb2.IndexBuildMetadata()
    operation.metadata.Unpack(told)
    state = STATES.get(told.state, f"in state {told.state}")
    why = "; ".join(issue.message for issue in operation.issues) if state != "done" else ""
    return Build(operation.id, told.description.path, told.description.index.name, state, told.progress, why)


def number(text: str) -> float:
    """A number of seconds, from the command line. Raises ValueError."""
    value = float(text)
    if not 0 < value < math.inf:
        raise ValueError
    return value


number.__name__ = "number of seconds"  # as argparse names it


def main(arguments: Sequence[str] | None = None, **engine_options: Any) -> None:
    """The program. In: its arguments, and options for `create_engine`, such as `connect_args` with credentials; without
    `connect_args`, the environment says how to log in.

    Ends with 1 and one sentence where a build came to nothing or YDB cannot be asked, with 2 for a wrong argument.
    """
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, allow_abbrev=False, description="Index builds of YDB: list, wait, cancel, forget."
    )
    parser.add_argument("what", nargs="?", choices=["list", "wait", "cancel", "forget"], default="list")
    parser.add_argument("ids", nargs="*", metavar="ID", help="builds; without any, wait waits for all that go on")
    parser.add_argument("--seconds", type=number, default=math.inf, help="the longest to wait")
    parser.add_argument("--pause", type=number, default=5, help="seconds between two looks (5)")
    usual = os.environ.get("ALEMBIC_CONFIG", "alembic.ini")
    parser.add_argument("-c", "--config", default=usual, help="has sqlalchemy.url, for where YDB_URL is not set")
    given = parser.parse_args(arguments)
    if given.what in ("cancel", "forget") and not given.ids:
        parser.error(f"{given.what} needs the ID of a build, as list prints it")
    if given.what == "list" and given.ids:
        parser.error("list takes no ID")
    logging.getLogger("ydb").addHandler(logging.NullHandler())  # else the SDK writes more than the one sentence
    try:
        url = url_of(given.config)
        engine_options.setdefault("connect_args", login(os.environ))
        with sa.create_engine(url, poolclass=sa.NullPool, **engine_options).connect() as connection:
            dbapi: Any = connection.connection.driver_connection
            run(dbapi._driver, given)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except ERRORS as error:
        log.debug("Stopped", exc_info=True)
        raise SystemExit(f"{parser.prog}: {words(getattr(error, 'orig', None) or error)}") from None


def run(driver: ydb.Driver, given: argparse.Namespace) -> None:
    """What the command line asks for."""
    if given.what == "wait":
        wait(driver, given.ids, seconds=given.seconds, pause=given.pause)
    elif given.what == "list":
        found = builds(driver)
        for build in found:
            print(build)
        if not found:
            print("YDB knows of no builds")
    for id in given.ids if given.what in ("cancel", "forget") else ():
        (cancel if given.what == "cancel" else forget)(driver, id)


def url_of(config: str) -> sa.URL:
    """The address of YDB: YDB_URL, or that of Alembic's configuration. Raises BuildError without a word of it."""
    ini = "alembic.ini" if os.path.basename(config) == "pyproject.toml" else config  # which has no sqlalchemy.url
    text = os.environ.get("YDB_URL")
    if not text and os.path.isfile(ini):
        try:
            text = Config(ini).get_main_option("sqlalchemy.url")
        except configparser.Error:
            raise BuildError(f"the sqlalchemy.url of {ini} cannot be read") from None
    if not text:
        raise BuildError(f"no address of YDB: set YDB_URL, or sqlalchemy.url in {ini}")
    try:
        url = sa.make_url(text)
    except ValueError:  # of the port; its text may be a part of the password
        raise BuildError("the port in the address of YDB is no number") from None
    if url.drivername.partition("+")[0] not in ("yql", "ydb", "ydb_async"):
        raise BuildError(f"the address is one of {url.drivername}, not of YDB: that begins with yql+ydb://")
    return url.set(drivername="yql+ydb")  # also where the application has yql+ydb_async


def login(environ: Mapping[str, str]) -> dict[str, Any]:
    """The `connect_args` that the environment asks for; empty where it says nothing. Raises BuildError without a value
    of a variable: where a file is wanted, somebody may have given what is in it."""
    given = [name for name in LOGINS if environ.get(name, "") not in ("", "0")]
    if len(given) > 1:
        raise BuildError(f"more than one way to log in to YDB: {', '.join(given)}")
    arguments: dict[str, Any] = {}
    for name in given:
        try:
            arguments["credentials"] = LOGINS[name](environ[name])
        except Exception as error:  # a file that is wrong or not there, a package that is not installed
            raise BuildError(f"{name} cannot be used: {type(error).__name__}") from error
    if file := environ.get("YDB_ROOT_CERTIFICATES"):
        if not os.path.isfile(file):
            raise BuildError(f"YDB_ROOT_CERTIFICATES: there is no file {file}")
        arguments["root_certificates_path"] = file
    return arguments


def words(error: BaseException) -> str:
    """An error in one line: the innermost of YDB's issues, or else its text."""
    found = list(getattr(error, "issues", None) or ())
    while any(issue.issues for issue in found):
        found = [inner for issue in found for inner in issue.issues or (issue,)]
    return "; ".join(" ".join(issue.message.split()) for issue in found) or " ".join(str(error).split())


if __name__ == "__main__":
    main()
