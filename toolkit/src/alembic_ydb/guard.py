"""A guard against downgrades: they lose data, and run only when `-x allow-downgrade=yes` asks for it.

In env.py, before anything connects: `check(context)`. Of alembic-ydb 0.2.

If your env.py still tests `"allow-downgrade" not in context.get_x_argument(...)`, as this guide showed before 0.2, put
this module in its place: that line let a downgrade through when it was told `no`.
"""

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any

from alembic.runtime.migration import RevisionStep
from alembic.util import CommandError

OPTION = "allow-downgrade"

log = logging.getLogger("alembic.guard")


class DowngradeRefused(CommandError):
    """Nobody has asked for this downgrade."""


def check(context: Any) -> None:
    """Refuse a downgrade unless `-x allow-downgrade=yes` asks for it. Other commands pass.

    In: the module `alembic.context`, or an EnvironmentContext. A downgrade is also noticed where Python calls
    `command.downgrade`; such a program asks with `Config(cmd_opts=Namespace(x=["allow-downgrade=yes"]))`. Where it has
    an EnvironmentContext with a function of its own, the steps that this function gives are looked at before the first
    one runs. Raises DowngradeRefused for any other value, for two that differ, and without the option.
    """
    given = [value for name, _, value in (x.partition("=") for x in context.get_x_argument()) if name == OPTION]
    is_asked_for = bool(given) and set(given) == {"yes"}
    said = f" Not -x {OPTION}={given[-1]}." if given else ""
    refused = DowngradeRefused(
        f"Downgrades lose data. Write a revision that goes forward, or say -x {OPTION}=yes before the command.{said}"
    )
    if is_downgrade(context):
        if not is_asked_for:
            raise refused
        log.info("Downgrade allowed by -x %s=yes", OPTION)
    options = getattr(context, "_proxy", context).context_opts
    if "fn" in options and not is_asked_for:
        options["fn"] = _forward(options["fn"], refused)


def _forward(function: Callable[..., Iterable[Any]], refused: DowngradeRefused) -> Callable[..., list[Any]]:
    """The function that gives the steps of a command. It raises if one of them undoes a revision; a stamp does not."""

    @functools.wraps(function)
    def checked(*arguments: Any) -> list[Any]:
        steps = list(function(*arguments))
        if any(isinstance(step, RevisionStep) and step.is_downgrade for step in steps):
            raise refused
        return steps

    return checked


def is_downgrade(context: Any) -> bool:
    """Whether the command that runs env.py is `downgrade`, from the command line or from Python.

    Alembic passes the command's function to the environment as `fn`; the command line also names it in `cmd_opts`.
    """
    environment = getattr(context, "_proxy", context)
    function = environment.context_opts.get("fn")
    command = getattr(context.config.cmd_opts, "cmd", None) or [None]
    return "downgrade" in (getattr(function, "__name__", ""), getattr(command[0], "__name__", ""))
