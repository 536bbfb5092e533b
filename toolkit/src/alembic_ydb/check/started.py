"""`python -m alembic_ydb.check.started REQUEST ANSWER`: worker.py, where processes are not forked, as on macOS.

In: a file with a Request as JSON. Out: a file with an Answer.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

from .request import Request

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the working directory, where a folder of the project may be a package that is named alembic
    worker = import_module("alembic_ydb.check.worker")
    sys.path.insert(0, os.getcwd())
    worker.work(Request.from_json(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
