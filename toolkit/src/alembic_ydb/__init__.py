"""What Alembic needs on YDB besides the dialect. Each module stands alone: import it, or copy its file.

PYTEST_DONT_REWRITE: the plugin is one of its packages, and the assertions of the others are no tests'.
"""

import sys
from importlib import import_module

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:  # `python -m alembic_ydb.ready`, in the folder of a project
    folder = sys.path.pop(0)
    import_module("alembic")  # and not a package of the project that has this name
    sys.path.insert(0, folder)
