"""How to log in to YDB, from the environment: one way is named, or the command ends. Of alembic-ydb 0.2.

In env.py: `create_engine(..., connect_args={"credentials": credentials(os.environ)})`.

If your env.py has the function of that name that this guide showed before 0.2, put this module in its place: without a
variable it fell to the metadata service, and took the machine's account where there was one.
"""

import logging
import re
from collections.abc import Callable, Mapping

import ydb
import ydb.iam
from alembic.util import CommandError

log = logging.getLogger("alembic.login")


class LoginError(CommandError):
    """The environment does not say how to log in, or says it twice, or what it says cannot be used."""


def token(text: str) -> ydb.Credentials:
    if not re.fullmatch("[!-~]+", text):
        raise ValueError("the token has a blank, a line end or a letter that is not ASCII")
    return ydb.AccessTokenCredentials(text)


def exchange(file: str) -> ydb.Credentials:
    from ydb.oauth2_token_exchange import Oauth2TokenExchangeCredentials  # with an HTTP client: most do without

    return Oauth2TokenExchangeCredentials.from_file(file)


# The variables of YDB's SDK: what is made of the value of each.
WAYS: dict[str, Callable[[str], ydb.Credentials]] = {
    "YDB_ACCESS_TOKEN_CREDENTIALS": token,
    "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": lambda file: ydb.iam.ServiceAccountCredentials.from_file(file),
    "YDB_OAUTH2_KEY_FILE": exchange,
    "YDB_METADATA_CREDENTIALS": lambda _: ydb.iam.MetadataUrlCredentials(),
    "YDB_ANONYMOUS_CREDENTIALS": lambda _: ydb.AnonymousCredentials(),
}
SWITCHES = {"YDB_METADATA_CREDENTIALS", "YDB_ANONYMOUS_CREDENTIALS"}  # 1 is on, 0 is off


def credentials(environ: Mapping[str, str]) -> ydb.Credentials:
    """The credentials that the environment names: YDB_USER with YDB_PASSWORD, or one of the variables in WAYS.

    An empty variable is as one that is not set. Nothing is sent to YDB. Raises LoginError if no variable is set, or
    more than one, or if no credentials can be made of it; it names the variables, never their values: where a file is
    wanted, somebody may have given what is in it.
    """
    given = [name for name in ("YDB_USER", *WAYS) if is_set(name, environ.get(name, ""))]
    choices = f"YDB_USER and YDB_PASSWORD, {', '.join(list(WAYS)[:-1])} or {list(WAYS)[-1]}"
    if not given:
        raise LoginError(f"How to log in to YDB? Set {choices}; the last two to 1.")
    if len(given) > 1:
        raise LoginError(f"More than one way to log in to YDB: {', '.join(given)}. Unset all but one.")
    [name] = given
    if name != "YDB_USER" and environ.get("YDB_PASSWORD"):
        raise LoginError(f"YDB_PASSWORD needs YDB_USER, which is not set. Unset it to log in with {name}.")
    value = environ[name]
    if name == "YDB_USER":
        if "YDB_PASSWORD" not in environ:
            raise LoginError("YDB_USER needs YDB_PASSWORD, which is not set. It may be empty.")
        log.info("Log in as %s", value)
        return ydb.StaticCredentials.from_user_password(value, environ["YDB_PASSWORD"])
    log.info("Log in with %s", name)
    try:
        return WAYS[name](value)
    except OSError as error:  # its text names the file
        raise LoginError(f"{name} cannot be used: {type(error).__name__}: {error.strerror}") from None
    except Exception as error:  # a file that is wrong, a package that is not installed
        raise LoginError(f"{name} cannot be used: {type(error).__name__}: {error}") from error


def is_set(name: str, value: str) -> bool:
    """Whether a variable names a way to log in. Raises LoginError for a switch that is neither on nor off."""
    if name in SWITCHES:
        if value not in ("", "0", "1"):
            raise LoginError(f"{name} has to be 1 or 0")
        return value == "1"
    return value != ""
