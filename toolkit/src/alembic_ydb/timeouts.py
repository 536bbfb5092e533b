"""A time limit for each statement. YDB's SDK gives up after ten minutes, and the build of an index may take longer.

In env.py: `connectable.connect().execution_options(**options(os.environ))`. Of alembic-ydb 0.2.
"""

import re
from collections.abc import Mapping
from typing import Any

import ydb
from alembic.util import CommandError

VARIABLE = "ALEMBIC_STATEMENT_SECONDS"
SECONDS = 7200  # what YDB allows by default from 25.2 on, by its changelog; asking for more has no effect


class TimeoutsError(CommandError):
    """The setting is nonsense."""


def options(environ: Mapping[str, str]) -> dict[str, Any]:
    """The execution options of a connection whose statements may take so long. Raises TimeoutsError.

    In: the environment; ALEMBIC_STATEMENT_SECONDS is a whole number up to 86400, 7200 where it is not set. At the limit
    the client stops waiting, and the command fails; what YDB does with the statement is another matter.
    """
    text = environ.get(VARIABLE, str(SECONDS))
    if not re.fullmatch("[1-9][0-9]{0,4}", text) or int(text) > 86400:
        raise TimeoutsError(f"{VARIABLE} has to be a whole number from 1 to 86400, not {text!r}")
    return {"ydb_request_settings": ydb.BaseRequestSettings().with_timeout(int(text))}
