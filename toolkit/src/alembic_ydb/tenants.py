"""One command for many databases, one after the other. Those that fail are named at the end. Of alembic-ydb 0.2.

In env.py: `run(context, urls, migrate)`, where `migrate(url)` does what env.py does for one database.

If your env.py has the loop that this guide showed before 0.2, put this module in its place: an error that the loop did
not expect ended it, and `revision --autogenerate` ran on all tenants at once.
"""

import logging
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic.util import CommandError

OPTION = "tenant"

log = logging.getLogger("alembic.tenants")


class TenantsFailed(CommandError):
    """What the command could not do for some tenants."""


def directories(url: str, names: Iterable[str]) -> dict[str, str]:
    """The URLs of tenants that are directories of one database. In: its URL, such as that of YDB_URL; their names.

    Raises CommandError for a name that is no name of a directory, or has a blank, a comma, a quotation mark or the
    like: such a text is rather a list of names, and the driver writes the name into YQL as it is.
    """
    if isinstance(names, str):
        raise CommandError(f"the tenants are a list of names, not the text {names!r}")
    try:
        database = sa.make_url(url)
    except ValueError:  # its text may be a part of the password
        raise CommandError("the port in the URL of the tenants is no number") from None
    if not database.database:
        raise CommandError("the URL of the tenants names no database")
    if "ydb_table_path_prefix" in database.query:
        raise CommandError("the URL of the tenants has a ydb_table_path_prefix, which is where each tenant's goes")
    urls = {}
    for name in names:
        if name in (".", "..") or not re.fullmatch(r"""[^\s/\\"'`,;]+""", name):
            raise CommandError(f"not the name of a tenant's directory: {name!r}")
        prefix = posixpath.join("/", database.database, name)
        urls[name] = database.update_query_dict({"ydb_table_path_prefix": prefix}).render_as_string(hide_password=False)
    return urls


def run(context: Any, urls: Mapping[str, str], migrate: Callable[[str], None], *, stop: bool = False) -> None:
    """Run the command for the tenant that `-x tenant=NAME` names, or for each, in their order.

    In: the module `alembic.context`, the URL of each tenant by its name, what to do with a URL; `stop=True` lets the
    first failure end it. Whatever a tenant raises is logged with its traceback. Raises TenantsFailed at the end if any
    failed. Raises CommandError, before anything is done, for no tenants, for a name that is none, and for a command
    that compares the models with one database: `revision --autogenerate` and `check` need `-x tenant=NAME`.
    """
    names = chosen(context, urls)
    failed = []
    for name in names:
        log.info("Tenant %s", name)
        try:
            migrate(urls[name])
        except (Exception, SystemExit):  # also a revision that exits
            log.error("Tenant %s failed", name, exc_info=True)
            failed.append(name)
            if stop:
                break
    if failed:
        left = len(names) - names.index(failed[-1]) - 1 if stop else 0
        others = f"; not begun: {left}" if left else ""
        raise TenantsFailed(f"failed for {', '.join(failed)}: {len(failed)} of {len(names)} tenants{others}")


def chosen(context: Any, urls: Mapping[str, str]) -> list[str]:
    """The tenants of the command. Raises CommandError."""
    if not urls:
        raise CommandError("there are no tenants")
    given = [value for name, _, value in (x.partition("=") for x in context.get_x_argument()) if name == OPTION]
    if len(set(given)) > 1:
        raise CommandError(f"more than one tenant: {', '.join(given)}. Choose one, or leave out -x {OPTION} for all")
    if given and given[0] not in urls:
        raise CommandError(f"no such tenant: {given[0] or 'an empty name'}")
    if not given and compares(context):
        raise CommandError(f"this command compares the models with one database: choose it with -x {OPTION}=NAME")
    return given[:1] or list(urls)


def compares(context: Any) -> bool:
    """Whether env.py runs for `revision` or `check`, from the command line or from Python.

    Alembic passes the function of these two to the environment as `fn`, and calls it retrieve_migrations.
    """
    environment = getattr(context, "_proxy", context)
    return getattr(environment.context_opts.get("fn"), "__name__", "") == "retrieve_migrations"
