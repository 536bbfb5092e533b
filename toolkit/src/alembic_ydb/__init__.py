"""What Alembic needs on YDB besides the dialect. Each module stands alone: import it, or copy its file.

PYTEST_DONT_REWRITE: with this word, pytest does not warn of a plugin's package that is imported before its plugins are.
"""

import sys
from importlib import import_module

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:  # `python -m alembic_ydb.ready`, in the folder of a project
    folder = sys.path.pop(0)
    import_module("alembic")  # and not a package of the project that has this name
    sys.path.insert(0, folder)
